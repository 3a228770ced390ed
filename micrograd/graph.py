"""Reading a recorded graph: its topological order, and its value under another arithmetic.

A node here is anything with `primitive`, `data` and `arguments` (its operands, bare numbers as floats).
"""

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from .errors import GraphError, StaleGraphError
from .primitive import Primitive
from .primitives import TABLE

# The operators of Python that a row of the table stands behind.
OPERATORS = {
    **{f"__{name}__": TABLE[name] for name in ("add", "sub", "mul", "pow", "neg", "abs")},
    "__truediv__": TABLE["div"],
}


def reflected(name: str) -> str:
    """
    >>> reflected("__sub__")
    '__rsub__'
    """
    return f"__r{name[2:]}"


def topological_order(*roots: Any) -> list[Any]:
    """Every node below the roots once, operands first: depth first, the first operand first.

    Guarantees: the order of the recursive textbook algorithm, without its limit on depth.
    Raises:   GraphError: a node whose operands were assigned by hand is below itself.
    """
    order: list[Any] = []
    done: dict[int, bool] = {}  # False from when a node is entered until its operands are done
    stack: list[tuple[Any, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, operands_done = stack.pop()
        if operands_done:
            done[id(node)] = True
            order.append(node)
        elif id(node) not in done:
            done[id(node)] = False
            stack.append((node, True))
            stack.extend([(x, False) for x in reversed(node.arguments) if not isinstance(x, float)])
        elif not done[id(node)]:
            raise GraphError(f"{node!r} is made of itself: operands assigned by hand form a cycle")
    return order


def row_of(node: Any) -> Primitive:
    """The row of an interior node.

    Raises:   GraphError: the node was made by hand, so there is no row.
    """
    if not isinstance(node.primitive, Primitive):
        raise GraphError(f"{node!r} was made by hand as {node.primitive or ''!r}: no row tells what it is")
    return node.primitive


def rerun(node: Any, data: Callable[[Any], float]) -> tuple[float, tuple[Any, ...]]:
    """What the node's row gives at other data: the value, and the partial by each operand with a flow.

    Raises:   GraphError: the node was made by hand, so there is no row.
    """
    row = row_of(node)
    floats = tuple([x if isinstance(x, float) else data(x) for x in node.arguments])
    z = row.evaluate(floats)
    flowing = {id(x) for x, _ in node.flows}
    return z, row.differentiate(z, floats, [id(x) in flowing for x in node.arguments])


def check_fresh(node: Any) -> None:
    """Raise StaleGraphError unless the node's data and partials are what its row gives now."""
    z, partials = rerun(node, lambda x: x.data)
    recorded = (node.data, *[partial for _, partial in node.flows])
    now = (z, *[partial for partial in partials if partial is not None])
    if not all(a == b or (a != a and b != b) for a, b in zip(recorded, now, strict=True)):
        leaves = {id(x): repr(x) for x in node.operands if not x.operands}
        raise StaleGraphError(
            f"{node.primitive.name} was recorded as {node.data!r} and gives {z!r} now; "
            f"leaves: {', '.join(leaves.values()) or 'none of its operands'}. "
            "Call refresh() on the root to run the graph again."
        )


class _Number:
    """A number of a target. A row that the target does not spell is run on its own definition."""

    __slots__ = ("spellings", "value")

    def __init__(self, value: Any, spellings: Mapping[str, Callable[..., Any]]) -> None:
        self.value, self.spellings = value, spellings

    def record(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        spelling = self.spellings.get(primitive.name)
        if spelling is not None:
            plain = [x.value if isinstance(x, _Number) else x for x in operands]
            return _Number(spelling(*primitive.spread(tuple(plain))), self.spellings)
        lifted = tuple([x if isinstance(x, _Number) else _Number(x, self.spellings) for x in operands])
        try:
            if not isinstance(primitive.definition, FunctionType):
                raise TypeError("written in C")
            result = primitive.definition(*primitive.spread(lifted))
        except TypeError as error:
            raise GraphError(f"this target does not spell {primitive.name}, which is no formula") from error
        return result if isinstance(result, _Number) else _Number(result, self.spellings)


for _name, _row in OPERATORS.items():
    setattr(_Number, _name, lambda *operands, row=_row: row.apply(operands))
    if _row.arity == 2:
        setattr(_Number, reflected(_name), lambda x, y, row=_row: row.apply((y, x)))


def evaluate(
    root: Any, spellings: Mapping[str, Callable[..., Any]], number: Callable[[float], Any] = float
) -> Any:
    """The value of a graph in another arithmetic: 50 digits, intervals, symbols.

    Args:     root: a node; spellings: by row name, the function of the target for each row that is not
              a formula over other rows (those of any arity take one list); number: from a float to a
              number of the target.
    Raises:   GraphError: for a row without spelling or formula, or a node made by hand.

    >>> from fractions import Fraction
    >>> from operator import add, mul, truediv
    >>> from micrograd import Value
    >>> x = Value(3.0)
    >>> evaluate((x + 0.5) / (x * x), {"add": add, "mul": mul, "div": truediv}, Fraction)
    Fraction(7, 18)
    """
    values: dict[int, _Number] = {}
    for node in topological_order(root):
        if not node.arguments:
            values[id(node)] = _Number(number(node.data), spellings)
            continue
        operands = tuple(
            _Number(number(x), spellings) if isinstance(x, float) else values[id(x)] for x in node.arguments
        )
        values[id(node)] = operands[0].record(row_of(node), operands)
    return values[id(root)].value
