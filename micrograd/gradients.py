"""Gradients that are graphs: the partials of the rows, run on Values instead of floats."""

from collections.abc import Iterable
from typing import Any

from .engine import Value, constant, only_values
from .graph import check_fresh, topological_order


def gradient(root: Value, wrt: Iterable[Value]) -> list[Value]:
    """The derivatives d root / d w, one Value for each w: graphs, which have derivatives of their own.

    Args:     wrt: leaves or interior nodes.
    Guarantees: reads and writes no `.grad`; 0.0 for what the root does not depend on. A derivative may be
              a node that is there already: that of x·w by x is w itself.
    Raises:   StaleGraphError: data below was written after it was recorded; see `Value.refresh`.
              GraphError: a node on the way was made by hand, so its derivative is no graph.

    >>> x = Value(2.0)
    >>> (slope,) = gradient(x**3, [x])
    >>> (curvature,) = gradient(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    (root,) = only_values((root,), "gradient of a root")
    wrt = only_values([wrt] if isinstance(wrt, Value) else wrt, "gradient by a list")
    order = topological_order(root)
    dependent = {id(w) for w in wrt}
    for v in order:
        if not dependent.isdisjoint(map(id, v.arguments)):
            dependent.add(id(v))
    adjoints: dict[int, Any] = {id(root): 1.0}
    for v in reversed(order):
        if id(v) in adjoints and id(v) in dependent and v.arguments:
            check_fresh(v)
            partials = v.primitive.derive(v, v.arguments, [id(x) in dependent for x in v.arguments])
            for x, partial in zip(v.arguments, partials, strict=True):
                if partial is not None:
                    term = times(adjoints[id(v)], partial)
                    adjoints[id(x)] = adjoints[id(x)] + term if id(x) in adjoints else term
    results = [adjoints.get(id(w), 0.0) for w in wrt]
    return [x if isinstance(x, Value) else constant(x) for x in results]


def times(x: Any, y: Any) -> Any:
    """x·y; a factor 1.0 is dropped, which is exact."""
    if type(x) is float and x == 1.0:
        return y
    return x if type(y) is float and y == 1.0 else x * y
