"""Recording: every operation on a Value makes a node that holds its operands and its partials.

There is one body for rows of one operand, one for two and one for all others; from them each row of the
table gets its method, and the operators of Python theirs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from .engine import Value, constant
from .graph import OPERATORS, reflected
from .primitive import Primitive
from .primitives import TABLE

_new = object.__new__
_modes: dict[int, list[Callable[[Value], Value]]] = {}  # by thread; empty is the fast case
scope = ""  # the path of the module that runs; nn sets it


def record(primitive: Primitive, operands: tuple[Any, ...]) -> Value:
    """The node of a row at operands of which at least one is a Value; called by the row itself."""
    if primitive.arity is None or primitive.arity > 2 or primitive.gated:
        return _many(primitive, operands)
    if primitive.arity == 1:
        return _unary(primitive, operands[0])
    a, b = (x._primal if isinstance(x, Value) else primitive.operand(x, operands) for x in operands)
    x, y = (x if isinstance(x, Value) else None for x in operands)
    return _binary(primitive, x, y, a, b)


def _unary(row: Primitive, x: Value) -> Value:
    a = x._primal
    v = _new(Value)
    try:
        z = row.value(a)
        v._dx = row.slopes[0](z, a)  # type: ignore[misc]
    except Exception:  # a pole, overflow, outside the domain: IEEE 754 has an answer
        z = row.evaluate((a,))
        (v._dx,) = row.differentiate(z, (a,), (True,))
    v._primal = z
    v._grad = 0.0
    v.primitive = row
    v._x = x
    v._y = v._operands = None
    v._stamp = 0
    v.scope = scope
    return _through_modes(v) if _modes else v


def _binary(row: Primitive, x: Value | None, y: Value | None, a: float, b: float) -> Value:
    """z = row(a, b), where x and y are the Values that hold a and b, or None for a bare number."""
    v = _new(Value)
    try:
        z = row.value(a, b)
        v._dx = a if x is None else row.slopes[0](z, a, b)  # type: ignore[misc]
        v._dy = b if y is None else row.slopes[1](z, a, b)  # type: ignore[misc]
    except Exception:
        z = row.evaluate((a, b))
        dx, dy = row.differentiate(z, (a, b), (x is not None, y is not None))
        v._dx = a if x is None else dx
        v._dy = b if y is None else dy
    v._primal = z
    v._grad = 0.0
    v.primitive = row
    v._x = x
    v._y = y
    v._operands = None
    v._stamp = 0
    v.scope = scope
    return _through_modes(v) if _modes else v


def _many(row: Primitive, operands: tuple[Any, ...]) -> Value:
    """z = row(operands), for rows of any number of operands, and for those whose derivative partly flows."""
    values = operands
    try:
        data = tuple([x._primal for x in operands])  # all are Values: asking first costs a fifth of `dot`
    except AttributeError:
        values = tuple([x if isinstance(x, Value) else constant(row.operand(x, operands)) for x in operands])
        data = tuple([x._primal for x in values])
    try:
        z = row.value(data) if row.arity is None else row.value(*data)
        at_once = row.arity is None and values is operands  # all partials, and all of them flow
        flowing, partials = values, row.slopes[0](z, data) if at_once else None  # type: ignore[misc]
    except Exception:
        z = row.evaluate(data)
        partials = None
    if partials is None:
        every = row.differentiate(z, data, [isinstance(x, Value) for x in operands])
        flows = [(x, d) for x, d in zip(values, every, strict=True) if d is not None]
        flowing, partials = tuple([x for x, _ in flows]), tuple([d for _, d in flows])
    v = _new(Value)
    v._primal = z
    v._grad = 0.0
    v.primitive = row
    v._x = v._y = None
    v._operands, v._dx, v._dy = values, flowing, partials
    v._stamp = 0
    v.scope = scope
    return _through_modes(v) if _modes else v


def _operand(row: Primitive, x: Any, *operands: Any) -> Any:
    """The bare operand x as a float; NotImplemented for an array, which goes on element by element."""
    if type(x) is int and -(2**53) < x < 2**53:  # the usual case first: 4 % of a small graph
        return float(x)
    if hasattr(x, "__array__") and getattr(x, "ndim", 0) > 0:
        return NotImplemented
    return row.operand(x, operands)


def _methods(row: Primitive) -> tuple[Callable[..., Any], ...]:
    """The row as a method; for two operands, also its reflected form."""
    if row.gated:
        return (lambda *operands: _many(row, operands),)

    def unary(self: Value) -> Value:
        return _unary(row, self)

    def binary(self: Value, other: Any) -> Value:
        if isinstance(other, Value):
            return _binary(row, self, other, self._primal, other._primal)
        b = other if type(other) is float else _operand(row, other, self, other)
        return b if b is NotImplemented else _binary(row, self, None, self._primal, b)

    def reflected(self: Value, other: Any) -> Value:
        a = other if type(other) is float else _operand(row, other, other, self)
        return a if a is NotImplemented else _binary(row, None, self, a, self._primal)

    methods = (unary,) if row.arity == 1 else (binary, reflected)
    for method in methods:  # tracebacks and profiles name the row
        method.__code__ = method.__code__.replace(co_name=row.name)
        method.__name__, method.__qualname__ = row.name, f"Value.{row.name}"
        method.__doc__ = f"{row.name} as a method; help(micrograd.{row.name}) has formula and derivative."
    return methods


def _through_modes(v: Value) -> Value:
    results = [change(v) for change in _modes.get(get_ident(), ())]
    return next((result for result in results if result is not v), v)


@contextmanager
def mode(change: Callable[[Value], Value]) -> Iterator[None]:
    """Within the block, what this thread records is given to `change`, whose result takes its place."""
    thread = get_ident()
    _modes.setdefault(thread, []).append(change)
    try:
        yield
    finally:
        _modes[thread].remove(change)
        if not _modes[thread]:
            del _modes[thread]


@contextmanager
def no_grad() -> Iterator[None]:
    """Within the block, or the decorated function, this thread's operations give leaves and record nothing.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.operands
    ()
    """
    with mode(lambda v: constant(v._primal)):
        yield


Value.record = staticmethod(record)  # type: ignore[method-assign]
for _name, _row in OPERATORS.items():
    for _each, _method in zip((_name, reflected(_name)), _methods(_row), strict=False):
        setattr(Value, _each, _method)
for _row in TABLE.values():
    if _row.arity == 1:
        setattr(Value, _row.name, _methods(_row)[0])
for _name in ("sin", "cos", "tan", "sinh", "cosh", "tanh"):  # as NumPy calls them on arrays of objects
    setattr(Value, f"arc{_name}", getattr(Value, f"a{_name}"))
