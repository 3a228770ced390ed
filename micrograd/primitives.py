"""The table: one row per primitive, and everything that this package knows about it.

A row has six columns: name, definition, partials, symbol, domain, kinks. Definition and partials are
written with plain operators and other rows, so the same line runs on floats, where it gives numbers,
and on Values, where it gives a graph: derivatives of every order come from this one place.

In every partial, z is the result and x, y, … are the operands. A gate is `choose(x, a, b)`, a where
x > 0 and b elsewhere, never an `if`: an `if` would be taken once, when the graph is recorded.
"""

# mypy: disable-error-code="has-type"
# (rows name each other, and themselves, before mypy has seen what they are)

import math
import operator
import sys
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, NamedTuple

from . import ieee, special
from .errors import OperandError, ShapeError

Function = Callable[..., Any]


class Interval(NamedTuple):
    """The numbers between two ends, which belong to it when `closed`, less some excluded points."""

    low: float = -math.inf
    high: float = math.inf
    closed: bool = False
    without: tuple[float, ...] = ()

    def __contains__(self, x: object) -> bool:
        """
        >>> 0.0 in POSITIVE, 5e-324 in POSITIVE, math.inf in REAL
        (False, True, False)
        """
        if not isinstance(x, float | int) or x in self.without:
            return False
        return self.low < x < self.high or (self.closed and self.low <= x <= self.high)

    def __str__(self) -> str:
        """
        >>> print(POSITIVE, NONZERO, Interval(-1.0, 1.0, closed=True))
        (0, ∞) (-∞, ∞) without 0 [-1, 1]
        """
        left, right = "[]" if self.closed else "()"
        ends = f"{left}{self.low:g}, {self.high:g}{right}".replace("inf", "∞")
        return ends + "".join(f" without {x:g}" for x in self.without)


REAL = Interval()
POSITIVE = Interval(low=0.0)
NONNEGATIVE = Interval(low=0.0, high=sys.float_info.max, closed=True)
NONZERO = Interval(without=(0.0,))
ABOVE_MINUS_ONE = Interval(low=-1.0)


def number(x: Any) -> float:
    """A plain float from an int, float, bool, NumPy scalar or 0-d NumPy array.

    Raises:   OperandError: for anything else (Fraction, Decimal, complex, str, None …), and for
              integers beyond the range of floats.
    """
    if not isinstance(x, float | int) and type(x).__module__ == "numpy" and getattr(x, "ndim", None) == 0:
        x = x.item()
    if isinstance(x, float | int):
        try:
            return float(x)
        except OverflowError:
            raise OperandError(f"an integer of {len(f'{x:x}')} hexadecimal digits is no float") from None
    raise OperandError(f"{x!r:.60} is a {type(x).__name__}, not a number")


class Primitive:
    """One row of the table; called, it is the function itself, on numbers or on Values.

    Args:     name: how functions, methods and messages call it.
              definition: a function of floats, or a formula over other rows.
              partials: a tuple with one function (z, *operands) per operand, None where no derivative
                ever flows; or, for a row of any number of operands, one function (z, operands) that
                gives them all as a tuple, and definition(operands) alike.
              symbol: what drawings and `_op` show; the name unless given.
              domain: one Interval per operand, or one for all; the reals unless given.
              kinks: where the derivative jumps: points of the one operand, or functions of several
                that are zero there. At a kink the partial is the subgradient of least norm.
    Guarantees: nan and inf come out where IEEE 754 says so; no arithmetic raises.

    >>> cube = Primitive("cube", lambda x: x * x * x, (lambda z, x: 3.0 * x * x,))
    >>> cube(2.0), cube
    (8.0, <primitive cube>)
    """

    def __init__(
        self,
        name: str,
        definition: Function,
        partials: tuple[Function | None, ...] | Function,
        symbol: str | None = None,
        domain: tuple[Interval, ...] | Interval = REAL,
        kinks: tuple[float | Function, ...] = (),
    ) -> None:
        self.name, self.definition, self.partials = name, definition, partials
        self.symbol = name if symbol is None else symbol
        self.arity = len(partials) if isinstance(partials, tuple) else None
        self.gated = isinstance(partials, tuple) and None in partials
        one_for_all = isinstance(domain, Interval) and self.arity is not None
        self.domain = (domain,) * self.arity if one_for_all else domain  # type: ignore[operator]
        self.kinks = kinks
        self.__module__ = sys._getframe(1).f_globals["__name__"]
        # On floats. The table binds its own rows faster (see the end of the file).
        self.value: Function = lambda *operands: float(definition(*operands))
        self.slopes = tuple(self._as_float(partial) for partial in self._each_partial())

    def _each_partial(self) -> tuple[Function | None, ...]:
        return self.partials if isinstance(self.partials, tuple) else (self.partials,)

    def _as_float(self, partial: Function | None) -> Function | None:
        if partial is None:
            return None
        if self.arity is None:
            return lambda z, operands: tuple(map(float, partial(z, operands)))
        return lambda *operands: float(partial(*operands))

    def evaluate(self, *operands: Any) -> float:
        """The value at floats (for a row of any arity: at one tuple of floats), with IEEE's answers."""
        try:
            return self.value(*operands)  # type: ignore[no-any-return]
        except Exception:
            return ieee.run(self.definition, *operands)  # type: ignore[no-any-return]

    def differentiate(self, z: float, operands: tuple[float, ...], wanted: Iterable[bool]) -> tuple[Any, ...]:
        """The partials at floats, with IEEE's answers; None where unwanted or where none flows."""
        if self.arity is None:
            return self._slope(0, z, operands)  # type: ignore[no-any-return]
        return tuple(
            self._slope(i, z, *operands) if want and self.slopes[i] is not None else None
            for i, want in enumerate(wanted)
        )

    def _slope(self, index: int, *operands: Any) -> Any:
        try:
            return self.slopes[index](*operands)  # type: ignore[misc]
        except Exception:
            return ieee.run(self._each_partial()[index], *operands)  # type: ignore[arg-type]

    def derive(self, z: Any, operands: tuple[Any, ...], wanted: Iterable[bool]) -> tuple[Any, ...]:
        """The partials over Values, as graphs; None where unwanted or where none flows."""
        if isinstance(self.partials, tuple):
            asked = zip(self.partials, wanted, strict=True)
            return tuple(p(z, *operands) if want and p is not None else None for p, want in asked)
        return tuple(p if want else None for p, want in zip(self.partials(z, operands), wanted, strict=True))

    def __call__(self, *operands: Any) -> Any:
        """The value at the operands: a number if all are numbers, a Value if one is."""
        if len(operands) != self.arity:
            if self.arity is not None or len(operands) != 1:
                takes = "one list" if self.arity is None else f"{self.arity} operand{'s' * (self.arity != 1)}"
                raise OperandError(f"{self.name} takes {takes}, not {len(operands)}")
            operands = tuple(operands[0])
        return self.apply(operands)

    def apply(self, operands: tuple[Any, ...]) -> Any:
        """The value at a flat tuple of operands: whoever among them can record, records."""
        for x in operands:
            record = getattr(x, "record", None)
            if record is not None:
                return record(self, operands)
        floats = tuple([x if isinstance(x, float) else self.operand(x, operands) for x in operands])
        if any(isinstance(x, ieee.Float) for x in floats):
            return ieee.Float(ieee.run(self.definition, *([floats] if self.arity is None else floats)))
        return self.evaluate(floats) if self.arity is None else self.evaluate(*map(float, floats))

    def operand(self, x: Any, operands: tuple[Any, ...]) -> float:
        """x as a float, or an error that names the operation and all its operands."""
        try:
            return number(x)
        except OperandError as error:
            shown = ", ".join(f"{x!r:.60}" for x in operands)
            raise OperandError(f"{self.name}({shown}): {error}") from None

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str:
        return self.name  # pickle finds it as this name in its module, as it does a function


class _Dot(Primitive):
    """The row that is called with two lists: their operands are x₀ … xₙ, y₀ … yₙ, bias."""

    def __call__(self, xs: Iterable[Any], ys: Iterable[Any], bias: Any = 0.0) -> Any:
        xs, ys = tuple(xs), tuple(ys)
        if len(xs) != len(ys):
            raise ShapeError(f"dot of {len(xs)} and {len(ys)} operands: {xs!r:.60}, {ys!r:.60}")
        return self.apply((*xs, *ys, bias))


def _sum(operands: tuple[float, ...]) -> float:
    total = 0.0  # left to right, not builtin sum: from Python 3.12 on that compensates, with other bits
    for x in operands:
        total = total + x
    return total


def _dot(operands: tuple[float, ...]) -> float:
    half = len(operands) // 2
    total = operands[-1]
    for product in map(operator.mul, operands, operands[half:-1]):  # as many as the shorter has
        total = total + product
    return total


def _dot_partials(_z: Any, operands: tuple[Any, ...]) -> tuple[Any, ...]:
    half = len(operands) // 2
    return operands[half:-1] + operands[:half] + (1.0,)


# The two that gates are made of, and arithmetic. ------------------------------------------------------

choose = Primitive(
    "choose",
    lambda x, a, b: a if x > 0.0 else b,
    (None, lambda z, x, a, b: choose(x, 1.0, 0.0), lambda z, x, a, b: choose(x, 0.0, 1.0)),
    kinks=(lambda x, a, b: x,),
)
abs = Primitive("abs", abs, (lambda z, x: choose(x, 1.0, 0.0) - choose(-x, 1.0, 0.0),), kinks=(0.0,))
add = Primitive("add", operator.add, (lambda z, x, y: 1.0, lambda z, x, y: 1.0), "+")
sub = Primitive("sub", operator.sub, (lambda z, x, y: 1.0, lambda z, x, y: -1.0), "-")
mul = Primitive("mul", operator.mul, (lambda z, x, y: y, lambda z, x, y: x), "*")
neg = Primitive("neg", operator.neg, (lambda z, x: -1.0,))


def _by_divisor(x: Any, y: Any) -> Any:
    # A subnormal numerator loses its last bits in x / y, and a second division would show the loss.
    lift = choose(abs(x) - sys.float_info.min, 1.0, 2.0**54)
    return -(x * lift / y) / (y * lift)


div = Primitive(
    "div",
    operator.truediv,
    (lambda z, x, y: 1.0 / y, lambda z, x, y: _by_divisor(x, y)),
    "/",
    (REAL, NONZERO),
)

# Powers. monomial(c, x, y, n) is c·xʸ⁻ⁿ: closed under differentiation, where y·x**(y−1) overflows. ----

monomial = Primitive(
    "monomial",
    special.monomial,
    (
        lambda z, c, x, y, n: monomial(1.0, x, y, n),
        lambda z, c, x, y, n: monomial(c * (y - n), x, y, n + 1.0),
        lambda z, c, x, y, n: monomial(c * log(choose(abs(x), x, 1.0)), x, y, n),
        None,
    ),
    domain=(REAL, POSITIVE, REAL, REAL),
)
pow = Primitive(
    "pow",
    math.pow,
    (
        lambda z, x, y: monomial(y, x, y, 1.0),
        lambda z, x, y: monomial(log(choose(abs(x), x, 1.0)), x, y, 0.0),  # 0 at x = 0, where y > 0
    ),
    "**",
    (POSITIVE, REAL),
)
sqrt = Primitive("sqrt", math.sqrt, (lambda z, x: 0.5 / z,), domain=NONNEGATIVE)

# Exponentials and logarithms. -------------------------------------------------------------------------

exp = Primitive("exp", math.exp, (lambda z, x: z,))
expm1 = Primitive("expm1", math.expm1, (lambda z, x: exp(x),))
log = Primitive("log", math.log, (lambda z, x: 1.0 / x,), domain=POSITIVE)
log1p = Primitive("log1p", math.log1p, (lambda z, x: 1.0 / (1.0 + x),), domain=ABOVE_MINUS_ONE)

# Circular and hyperbolic functions. -------------------------------------------------------------------

sin = Primitive("sin", math.sin, (lambda z, x: cos(x),))
cos = Primitive("cos", math.cos, (lambda z, x: -sin(x),))
tan = Primitive("tan", math.tan, (lambda z, x: 1.0 + z * z,))
sinh = Primitive("sinh", math.sinh, (lambda z, x: cosh(x),))
cosh = Primitive("cosh", math.cosh, (lambda z, x: sinh(x),))
# 1 − z² would be wrong by 100 % past x = 19, where z rounds to 1.
tanh = Primitive("tanh", math.tanh, (lambda z, x: 4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x),))

# Activations: e⁻|ˣ| never overflows. ------------------------------------------------------------------


def _sigmoid(x: Any) -> Any:
    small = exp(-abs(x))
    return choose(x, 1.0, small) / (1.0 + small)


sigmoid = Primitive("sigmoid", _sigmoid, (lambda z, x: z * sigmoid(-x),))
softplus = Primitive("softplus", lambda x: maximum(x, 0.0) + log1p(exp(-abs(x))), (lambda z, x: sigmoid(x),))
log_sigmoid = Primitive("log_sigmoid", lambda x: -softplus(-x), (lambda z, x: sigmoid(-x),))
# choose(x, x, 0) would turn nan into 0.
relu = Primitive(
    "relu", lambda x: choose(-x, 0.0, x), (lambda z, x: choose(x, 1.0, 0.0),), "ReLU", kinks=(0.0,)
)
leaky_relu = Primitive(
    "leaky_relu", lambda x: choose(x, x, 0.01 * x), (lambda z, x: choose(x, 1.0, 0.01),), kinks=(0.0,)
)

# Of two operands: ties share the derivative, nan passes. ----------------------------------------------


def _where_larger(x: Any, y: Any) -> Any:
    return choose(x - y, 1.0, choose(y - x, 0.0, 0.5))


maximum = Primitive(
    "maximum",
    lambda x, y: x if x > y or x != x else y,
    (lambda z, x, y: _where_larger(x, y), lambda z, x, y: _where_larger(y, x)),
    kinks=(lambda x, y: x - y,),
)
minimum = Primitive(
    "minimum",
    lambda x, y: -maximum(-x, -y),
    (lambda z, x, y: _where_larger(y, x), lambda z, x, y: _where_larger(x, y)),
    kinks=(lambda x, y: x - y,),
)

# Of any number of operands, added from left to right. -------------------------------------------------

sum = Primitive("sum", _sum, lambda z, operands: (1.0,) * len(operands))
dot = _Dot("dot", _dot, _dot_partials)

TABLE: dict[str, Primitive] = {name: row for name, row in globals().items() if isinstance(row, Primitive)}


def _bind() -> None:
    """Resolve, once, the row names in the table's own functions to plain functions of floats.

    Going through `Primitive.__call__` instead costs 12 % of a small graph (`make bench`).
    """
    floats: dict[str, Any] = {**globals()}

    def bound(function: Any) -> Any:
        ours = isinstance(function, FunctionType)
        return FunctionType(function.__code__, floats, function.__name__) if ours else function

    for name, row in TABLE.items():
        floats[name] = row.value = bound(row.definition)
        row.slopes = tuple(bound(partial) for partial in row._each_partial())
    for name, helper in globals().items():
        if isinstance(helper, FunctionType) and helper.__name__.startswith("_"):
            floats[name] = bound(helper)


_bind()
