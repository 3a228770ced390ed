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
from collections.abc import Iterable
from types import FunctionType
from typing import Any

from . import special
from .domains import ABOVE_MINUS_ONE, NONNEGATIVE, NONZERO, POSITIVE, REAL, UNIT, Interval
from .errors import ShapeError, shown
from .primitive import Primitive, as_operands


class _Dot(Primitive):  # called with two lists; the operands are x₀ … xₙ, y₀ … yₙ, bias
    def __call__(self, xs: Iterable[Any], ys: Iterable[Any], bias: Any = 0.0) -> Any:
        xs, ys = as_operands("dot", xs), as_operands("dot", ys)
        if len(xs) != len(ys):
            raise ShapeError(f"dot of {len(xs)} and {len(ys)} operands: {shown(xs)}, {shown(ys)}")
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
div = Primitive(
    "div",
    operator.truediv,
    # −z/y would inherit the rounding of a subnormal z; −x·y⁻² does not.
    (lambda z, x, y: 1.0 / y, lambda z, x, y: monomial(-x, y, 0.0, 2.0, 0.0)),
    "/",
    (REAL, NONZERO),
)

# Powers. monomial(c, x, y, n, k) is c·xʸ⁻ⁿ·logᵏx: closed under differentiation, where y·x**(y−1) overflows.


def _monomial_by_base(c: Any, x: Any, y: Any, n: float, k: float) -> Any:
    by_power = monomial(c * (y - n), x, y, n + 1.0, k)
    return by_power + monomial(c * k, x, y, n + 1.0, k - 1.0) if k else by_power


monomial = Primitive(
    "monomial",
    special.monomial,
    (
        lambda z, c, x, y, n, k: monomial(1.0, x, y, n, k),
        lambda z, c, x, y, n, k: _monomial_by_base(c, x, y, n, k),
        lambda z, c, x, y, n, k: monomial(c, x, y, n, k + 1.0),
        None,  # n and k count; they are no operands to differentiate by
        None,
    ),
    domain=(REAL, POSITIVE, REAL, REAL, REAL),
)
pow = Primitive(
    "pow",
    math.pow,
    (lambda z, x, y: monomial(y, x, y, 1.0, 0.0), lambda z, x, y: monomial(1.0, x, y, 0.0, 1.0)),
    "**",
    (POSITIVE, REAL),
)
sqrt = Primitive("sqrt", math.sqrt, (lambda z, x: 0.5 / z,), domain=NONNEGATIVE)
cbrt = Primitive("cbrt", math.cbrt, (lambda z, x: 1.0 / (3.0 * z * z),))

# Exponentials and logarithms. -------------------------------------------------------------------------

LOG_2, QUARTER_LOG_10 = math.log(2.0), 0.25 * math.log(10.0)  # 1 / x overflows before 1 / (x log 10) does
exp = Primitive("exp", math.exp, (lambda z, x: z,))
exp2 = Primitive("exp2", math.exp2, (lambda z, x: z * LOG_2,))
expm1 = Primitive("expm1", math.expm1, (lambda z, x: exp(x),))
log = Primitive("log", math.log, (lambda z, x: 1.0 / x,), domain=POSITIVE)
log2 = Primitive("log2", math.log2, (lambda z, x: 1.0 / x / LOG_2,), domain=POSITIVE)
log10 = Primitive("log10", math.log10, (lambda z, x: 0.25 / x / QUARTER_LOG_10,), domain=POSITIVE)
log1p = Primitive("log1p", math.log1p, (lambda z, x: 1.0 / (1.0 + x),), domain=ABOVE_MINUS_ONE)
logit = Primitive(
    "logit", lambda x: log(x) - log1p(-x), (lambda z, x: 1.0 / x / (1.0 - x),), domain=Interval(0.0, 1.0)
)

# Circular and hyperbolic functions. -------------------------------------------------------------------

sin = Primitive("sin", math.sin, (lambda z, x: cos(x),))
cos = Primitive("cos", math.cos, (lambda z, x: -sin(x),))
tan = Primitive("tan", math.tan, (lambda z, x: 1.0 + z * z,))
asin = Primitive("asin", math.asin, (lambda z, x: 1.0 / sqrt((1.0 - x) * (1.0 + x)),), domain=UNIT)
acos = Primitive("acos", math.acos, (lambda z, x: -1.0 / sqrt((1.0 - x) * (1.0 + x)),), domain=UNIT)
atan = Primitive("atan", math.atan, (lambda z, x: 1.0 / hypot(1.0, x) / hypot(1.0, x),))
sinh = Primitive("sinh", math.sinh, (lambda z, x: cosh(x),))
cosh = Primitive("cosh", math.cosh, (lambda z, x: sinh(x),))
# 1 − z² would be wrong by 100 % past x = 19, where z rounds to 1.
tanh = Primitive("tanh", math.tanh, (lambda z, x: 4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x),))
asinh = Primitive("asinh", math.asinh, (lambda z, x: 1.0 / hypot(1.0, x),))
acosh = Primitive(
    "acosh",
    math.acosh,
    (lambda z, x: 1.0 / sqrt(x - 1.0) / sqrt(x + 1.0),),
    domain=Interval(1.0, closed=True),
)
atanh = Primitive(
    "atanh", math.atanh, (lambda z, x: 1.0 / (1.0 - x) / (1.0 + x),), domain=Interval(-1.0, 1.0)
)

# Of the plane. hypot may be subnormal, and have lost digits, or overflow: divisions by it are scaled. ----


def _scale(x: Any, y: Any) -> Any:
    size = maximum(abs(x), abs(y))
    return choose(size - 2.0**-960, choose(size - 2.0**960, 2.0**-54, 1.0), 2.0**54)


def _cosine(x: Any, y: Any) -> Any:
    scale = _scale(x, y)
    length = hypot(x * scale, y * scale)
    return x * scale / choose(length, length, 1.0)  # 0 at the origin


def _by_square(x: Any, y: Any) -> Any:
    scale = _scale(x, y)
    return _cosine(x, y) / hypot(x * scale, y * scale) * scale


hypot = Primitive(
    "hypot",
    math.hypot,
    (lambda z, x, y: _cosine(x, y), lambda z, x, y: _cosine(y, x)),
    kinks=(lambda x, y: maximum(abs(x), abs(y)),),
)
atan2 = Primitive(
    "atan2",
    math.atan2,
    (lambda z, y, x: _by_square(x, y), lambda z, y, x: -_by_square(y, x)),
    kinks=(lambda y, x: maximum(abs(x), abs(y)),),
)

# The error function. ----------------------------------------------------------------------------------

TWO_OVER_SQRT_PI = 2.0 / math.sqrt(math.pi)
erf = Primitive("erf", math.erf, (lambda z, x: TWO_OVER_SQRT_PI * exp(-x * x),))
erfc = Primitive("erfc", math.erfc, (lambda z, x: -TWO_OVER_SQRT_PI * exp(-x * x),))

# Activations: e⁻|ˣ| never overflows. ------------------------------------------------------------------


def _sigmoid(x: Any) -> Any:
    small = exp(-abs(x))
    return choose(x, 1.0, small) / (1.0 + small)


def _weighted_sigmoid(weight: Any, x: Any) -> Any:
    half = exp(0.5 * minimum(x, 0.0))  # twice, so that a large weight meets no subnormal
    return weight * half / (1.0 + exp(-abs(x))) * half


sigmoid = Primitive("sigmoid", _sigmoid, (lambda z, x: z * sigmoid(-x),))
softplus = Primitive("softplus", lambda x: maximum(x, 0.0) + log1p(exp(-abs(x))), (lambda z, x: sigmoid(x),))
log_sigmoid = Primitive("log_sigmoid", lambda x: -softplus(-x), (lambda z, x: sigmoid(-x),))
silu = Primitive(
    "silu",
    lambda x: _weighted_sigmoid(x, x),
    (lambda z, x: _weighted_sigmoid(1.0 + x * sigmoid(-x), x),),
)
# choose(x, x, 0) would turn nan into 0.
relu = Primitive(
    "relu", lambda x: choose(-x, 0.0, x), (lambda z, x: choose(x, 1.0, 0.0),), "ReLU", kinks=(0.0,)
)
leaky_relu = Primitive(
    "leaky_relu", lambda x: choose(x, x, 0.01 * x), (lambda z, x: choose(x, 1.0, 0.01),), kinks=(0.0,)
)
elu = Primitive(
    "elu",
    lambda x: choose(x, x, expm1(minimum(x, 0.0))),
    (lambda z, x: choose(x, 1.0, exp(minimum(x, 0.0))),),
    kinks=(0.0,),
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

clip = Primitive(
    "clip",
    lambda x, low, high: minimum(maximum(x, low), high),
    (
        lambda z, x, low, high: choose(x - low, 1.0, 0.0) * choose(high - x, 1.0, 0.0),
        lambda z, x, low, high: choose(low - x, 1.0, 0.0),
        lambda z, x, low, high: choose(x - high, 1.0, 0.0),
    ),
    kinks=(lambda x, low, high: x - low, lambda x, low, high: x - high),
)
logaddexp = Primitive(
    "logaddexp",
    lambda x, y: maximum(x, y) + log1p(exp(-abs(x - y))),
    (lambda z, x, y: sigmoid(x - y), lambda z, x, y: sigmoid(y - x)),
)

# Steps: their derivative is 0 wherever they have one. ---------------------------------------------------

floor = Primitive("floor", special.floor, (lambda z, x: 0.0,), kinks=(lambda x: x - floor(x),))
ceil = Primitive("ceil", lambda x: -floor(-x), (lambda z, x: 0.0,), kinks=(lambda x: x - floor(x),))
sign = Primitive("sign", lambda x: choose(x, 1.0, choose(-x, -1.0, x)), (lambda z, x: 0.0,), kinks=(0.0,))

# Of any number of operands, added from left to right. -------------------------------------------------

sum = Primitive("sum", _sum, lambda z, operands: (1.0,) * len(operands))
dot = _Dot("dot", _dot, _dot_partials)
dot.written = "dot([x0, x1, …], [y0, y1, …], bias)"

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
        row.slopes = tuple(bound(partial) for partial in row.each_partial)
    for name, helper in globals().items():
        if isinstance(helper, FunctionType) and helper.__name__.startswith("_"):
            floats[name] = bound(helper)


_bind()
