"""The rows of the table in exact arithmetic, written a second time from their mathematical definitions.

Their derivatives are central differences with so many digits and so small a step that rounding and the
neglected term are both far below the 50th digit; those of powers, too steep for that, are written out.
"""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
from mpmath import mp, mpf

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "abs": lambda x: abs(x),
    "choose": lambda x, a, b: a if x > 0 else b,
    "maximum": lambda x, y: max(x, y),
    "minimum": lambda x, y: min(x, y),
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x: x if x > 0 else mpf(0.01) * x,
    "sum": lambda *xs: mpmath.fsum(xs),
    "dot": lambda *xs: mpmath.fdot(xs[: len(xs) // 2], xs[len(xs) // 2 : -1]) + xs[-1],
    "clip": lambda x, low, high: min(max(x, low), high),
    "floor": mpmath.floor,
    "ceil": mpmath.ceil,
    "sign": mpmath.sign,
    "hypot": lambda x, y: mpmath.sqrt(x * x + y * y),
    "atan2": mpmath.atan2,
    "logaddexp": lambda x, y: max(x, y) + mpmath.log1p(mpmath.exp(-abs(x - y))),
    "sqrt": mpmath.sqrt,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.root(abs(x), 3),
    "exp2": lambda x: mpmath.power(2, x),
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log10": lambda x: mpmath.log(x) / mpmath.log(10),
    "logit": lambda x: mpmath.log(x / (1 - x)),
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "erf": mpmath.erf,
    "erfc": lambda x: mpmath.erfc(x) if abs(x) < 1e4 else mpf(2) if x < 0 else mpf(0),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "log_sigmoid": lambda x: -mpmath.log1p(mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "pow": mpmath.power,
    "monomial": lambda c, x, y, n, k: c * mpmath.power(x, y - n) * mpmath.log(x) ** k,
}
WIDE = list(FUNCTIONS)[:20]  # of several operands, which may span 1e-324 … 1e308; or cheap


def derivative(name: str, point: Sequence[float], *by: int) -> Any:
    """The exact derivative of a row at floats, once by each operand index in `by`."""
    with mp.workdps(2500 if name in WIDE else 1400 if name in ("erf", "erfc") else 900):
        operands = list(map(mpf, point))
        if name == "pow":
            return _power(mpf(1), *operands, mpf(0), mpf(0), [i + 1 for i in by])
        if name == "monomial":
            return _power(*operands, by)
        return _difference(FUNCTIONS[name], operands, by)


def _difference(function: Callable[..., Any], point: list[Any], by: Sequence[int]) -> Any:
    if not by:
        return function(*point)
    first, *rest = by
    # A power of two, so that linear functions are differentiated without any rounding.
    step = mpf(2) ** -266 * min([mpf(1), *(abs(x) for x in point if x)])
    ends = [[x + sign * step * (i == first) for i, x in enumerate(point)] for sign in (1, -1)]
    high, low = (_difference(function, end, rest) for end in ends)
    return (high - low) / (2 * step)


def _power(c: Any, x: Any, y: Any, n: Any, k: Any, by: Sequence[int]) -> Any:
    """c xʸ⁻ⁿ logᵏx, differentiated by c, x and y (operands 0, 1, 2), term by term."""
    terms = [(mpf(1), 1, (), n, int(k))]  # factor, power of c, the a of factors (y − a), n, k
    for i in by:
        terms = [each for term in terms for each in _differentiated(*term, i)]
    total = mpf(0)
    for factor, power_of_c, offsets, n, k in terms:
        polynomial = factor * mpmath.fprod([y - a for a in offsets])
        total += polynomial * c**power_of_c * mpmath.power(x, y - n) * mpmath.log(x) ** k
    return total


def _differentiated(factor: Any, power_of_c: int, offsets: tuple, n: Any, k: int, by: int) -> list:
    if by == 0:
        return [(factor, 0, offsets, n, k)] if power_of_c else []
    if by == 1:
        by_log = [(factor * k, power_of_c, offsets, n + 1, k - 1)] if k else []
        return [(factor, power_of_c, (*offsets, n), n + 1, k), *by_log]
    without = [(factor, power_of_c, offsets[:j] + offsets[j + 1 :], n, k) for j in range(len(offsets))]
    return [(factor, power_of_c, offsets, n, k + 1), *without]
