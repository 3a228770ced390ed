"""A function at a point, as transforms.py needs it: its value, and its derivative as a sparse linear map."""

from collections.abc import Callable, Iterable
from typing import Any

from .engine import Value, constant
from .errors import GraphError, OperandError, ShapeError, shown
from .gradients import times
from .graph import check_fresh, row_of, topological_order
from .nn.module import Module
from .primitive import number
from .primitives import mul

Function = Callable[..., Any]
Row = list[tuple[int, Any]]


class Linearization:
    """A function at a point: its value, and its derivative there as the rows of `_read`."""

    def __init__(
        self, name: str, f: Function, args: Any, argnums: int | tuple[int, ...], has_aux: bool = False
    ) -> None:
        self.name, self.many = name, isinstance(argnums, tuple)
        wanted = argnums if isinstance(argnums, tuple) else (argnums,)
        positions = [i % len(args) for i in wanted if -len(args) <= i < len(args)]
        if len(set(positions)) < len(wanted):
            raise ShapeError(f"{name}: argnums {argnums!r} of {len(args)} positional arguments")
        if not mul(Value(0.0), 1.0).arguments:
            raise GraphError(f"{name}: nothing is recorded within no_grad()")
        primals: list[Value] = []
        origins: list[tuple[Value, Value]] = []

        def enter(path: str, x: Any) -> Any:
            if isinstance(x, Module):
                primals.extend(x.parameters())
                return x
            x = _number(path, x)
            origin = mul(x, 1.0) if isinstance(x, Value) else constant(x)
            primals.append(Value(origin.data))
            origins.append((primals[-1], origin))
            return primals[-1]

        arguments, layout = list(args), []
        for i in positions:
            leaves = _flatten(f"{name}: argument {i}", args[i])
            arguments[i] = rebuild(args[i], [enter(*leaf) for leaf in leaves])
            parts = [x.named_parameters() if isinstance(x, Module) else x for _, x in leaves]
            layout.append(rebuild(args[i], parts))
        if len({id(primal) for primal in primals}) < len(primals):
            raise OperandError(f"{name}: the arguments have a parameter of a Module twice")
        self.layout = tuple(layout)
        self.given = [isinstance(x, Value) for _, x in _flatten("", layout)]

        result, aux = f(*arguments), None
        if has_aux:
            if not (isinstance(result, tuple) and len(result) == 2):
                raise OperandError(f"{name}: with has_aux, f gives a pair, not {shown(result)}")
            result, aux = result
        results = [_number(*leaf) for leaf in _flatten(f"{name}: result", result)]
        others = [x for _, x in _flatten("", aux)]
        # A primal is a leaf while f runs, so that a transform within sees a Value from outside, and no
        # walk goes on below it. Then it becomes what was given: a number, or a node x * 1.0.
        for primal, origin in origins:
            if origin.is_constant:
                primal.primitive = origin.primitive
        self.rows, indices, outside = _read(primals, results + others)
        for primal, origin in origins:
            primal.__setstate__(origin.__getstate__())
        self.outputs = [indices.get(id(x), -1) for x in results]
        seen = [x.data if isinstance(x, Value) and id(x) not in outside else x for x in results + others]
        self.lifted = [any(self.given)] * len(results)
        self.value = rebuild(result, _lifted(seen[: len(results)], self.lifted))
        self.aux = rebuild(aux, seen[len(results) :])

    def slope(self) -> Any:
        if isinstance(self.value, dict | list | tuple):
            raise OperandError(f"{self.name}: f gave {_shape(self.value)}, not one number; see jacobian")
        return self.pull(1.0)

    def pull(self, cotangent: Any) -> Any:
        leaves = _flatten(f"{self.name}: cotangent", self.value, cotangent)
        seeds = [(i, _number(path, x)) for i, (path, _, x) in zip(self.outputs, leaves, strict=True)]
        return self.gradients([seeds])[0]

    def gradients(self, seedings: list[Row]) -> list[Any]:
        """For each list of pairs (index, cotangent): the cotangents of the arguments."""
        visits: list[list[int]] = [[] for _ in seedings]
        reached = [0] * len(self.rows)  # by which seedings: bit k for the k-th
        for k, seeds in enumerate(seedings):
            for i, _ in seeds:
                reached[i] |= 1 << k
        for i in range(len(reached) - 1, -1, -1):
            bits = reached[i] if self.rows[i] else 0
            for j, _ in self.rows[i] if bits else ():
                reached[j] |= bits
            while bits:
                visits[bits.bit_length() - 1].append(i)
                bits ^= 1 << bits.bit_length() - 1
        gradients, count = [], len(self.given)
        plain = all(type(d) is float for row in self.rows for _, d in row)
        adjoints: list[Any] = [0.0] * len(self.rows)
        for seeds, visit in zip(seedings, visits, strict=True):
            for i, x in seeds:
                adjoints[i] = _plus(adjoints[i], x)
            for i in visit:
                g, adjoints[i] = adjoints[i], 0.0
                if plain and type(g) is float:  # 35 ns for each partial, where graphs take 250 ns or more
                    for j, d in self.rows[i]:
                        adjoints[j] += g * d
                else:
                    for j, d in self.rows[i]:
                        adjoints[j] = _plus(adjoints[j], times(g, d))
            found = rebuild(self.layout, _lifted(adjoints[:count], self.given))
            gradients.append(found if self.many else found[0])
            adjoints[:count], adjoints[-1] = [0.0] * count, 0.0
        return gradients

    def push(self, tangents: Any) -> Any:
        leaves = _flatten(f"{self.name}: tangents", self.layout, tangents)
        along = [_number(path, x) for path, _, x in leaves]
        for row in self.rows[len(along) :]:
            total: Any = 0.0
            for j, d in row:
                x = along[j]
                total = total + x * d if type(x) is type(d) is float else _plus(total, times(x, d))
            along.append(total)
        return rebuild(self.value, _lifted([along[i] for i in self.outputs], self.lifted))


def _read(primals: list[Value], roots: list[Any]) -> tuple[list[Row], dict[int, int], set[int]]:
    """Of all below the roots: the rows, the index of each node, those that depend on a Value from outside.

    The row of a node is pairs (index of an operand, partial by it), for operands that depend on a primal;
    a node without has index −1. The partial is the recorded number or, of a node from outside, a graph.
    The order is that of `topological_order`; slots are read, as `arguments` takes three times as long.
    """
    indices = {id(None): -1} | {id(primal): i for i, primal in enumerate(primals)}
    rows: list[Row] = [[] for _ in primals]
    outside = {id(primal) for primal in primals if not primal.is_constant}
    roots = [root for root in roots if isinstance(root, Value)]
    entered: set[int] = set()
    by_hand: list[Value] = []
    stack = roots[::-1]
    while stack:
        v = stack.pop()
        me, x, y = id(v), v._x, v._y
        if me in indices:
            continue
        linked = x is not None or y is not None
        if me not in entered:
            entered.add(me)
            stack.append(v)
            if linked:
                if y is not None:
                    stack.append(y)
                if x is not None:
                    stack.append(x)
            elif v._operands:
                stack += [x for x in reversed(v._operands) if id(x) not in indices]
                if isinstance(v.primitive, str) and not by_hand:
                    by_hand = topological_order(*roots)  # raises if operands assigned by hand form a cycle
            else:
                stack.pop()
                indices[me] = -1
                if not v.is_constant:
                    outside.add(me)
            continue
        if linked:
            row = [] if (i := indices[id(x)]) < 0 else [(i, v._dx)]
            if (i := indices[id(y)]) >= 0:
                row.append((i, v._dy))
            seen = id(x) in outside or id(y) in outside
        else:
            row = [(i, d) for x, d in v.flows if (i := indices[id(x)]) >= 0]
            seen = not outside.isdisjoint(map(id, v._operands))
            if not v.flows and any(indices[id(x)] >= 0 for x in v._operands):
                row_of(v)  # raises for a node made by hand that has no partials
        if seen:
            outside.add(me)
            row = row and _graphs(v, row, indices, outside)
        indices[me] = len(rows) if row else -1
        if row:
            rows.append(row)
    return [*rows, []], indices, outside


def _graphs(v: Value, row: Row, indices: dict[int, int], outside: set[int]) -> Row:
    """The row with graphs as partials; what does not depend on a Value from outside enters as numbers."""
    primitive, arguments = row_of(v), v.arguments
    floats = tuple([x if type(x) is float else x.data for x in arguments])
    operands = tuple([x if id(x) in outside else a for x, a in zip(arguments, floats, strict=True)])
    depends = [indices.get(id(x), -1) for x in arguments]
    partials = primitive.derive(v, operands, [i >= 0 for i in depends])
    graphs = [(i, d) for i, d in zip(depends, partials, strict=True) if d is not None]
    # What check_fresh compares, as far as it is at hand: it alone would take a third of a hvp.
    now = [(i, d.data if isinstance(d, Value) else d) for i, d in graphs]
    if primitive.evaluate(floats) != v.data or row != now:
        check_fresh(v)
    return graphs


def _plus(x: Any, y: Any) -> Any:
    """x + y; a term 0.0 is dropped where that saves a node."""
    return y if type(x) is float and x == 0.0 and type(y) is not float else x + y


def _lifted(xs: list[Any], as_values: list[bool]) -> list[Any]:
    """Where Values were given, a number becomes one."""
    return [constant(x) if lift and type(x) is float else x for x, lift in zip(xs, as_values, strict=True)]


def _flatten(path: str, tree: Any, *others: Any) -> list[tuple[Any, ...]]:
    """(path, leaf, *others) for each leaf of a tree; the other trees have the same structure."""
    for other in others:
        if _shape(other) != _shape(tree):
            raise ShapeError(f"{path} is {_shape(other)}, not {_shape(tree)}: {shown(other)}")
    if not isinstance(tree, dict | list | tuple):
        return [(path, tree, *others)]
    keys = tree if isinstance(tree, dict) else range(len(tree))
    below = [_flatten(f"{path}[{key!r}]", *[x[key] for x in (tree, *others)]) for key in keys]
    return [leaf for leaves in below for leaf in leaves]


def rebuild(tree: Any, leaves: Iterable[Any]) -> Any:
    """A tree of the same structure with other leaves."""
    leaves = iter(leaves)
    if isinstance(tree, dict):
        return tree | {key: rebuild(x, leaves) for key, x in tree.items()}
    if not isinstance(tree, list | tuple):
        return next(leaves)
    parts = [rebuild(x, leaves) for x in tree]
    return parts if isinstance(tree, list) else tree._make(parts) if hasattr(tree, "_make") else tuple(parts)


def _shape(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict of {', '.join(sorted(map(repr, tree)))}"
    return f"a {type(tree).__name__} of {len(tree)}" if isinstance(tree, list | tuple) else "a number"


def _number(path: str, x: Any) -> Any:
    return x if isinstance(x, Value) else number(x, f"{path}: ")
