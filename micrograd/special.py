"""Elementary functions that need more care than one line: stable on their whole domain."""

import math


def monomial(c: float, x: float, y: float, n: float, k: float) -> float:
    """c·xʸ⁻ⁿ·logᵏx, right to a few ulp also where xʸ⁻ⁿ alone overflows, underflows, or y − n rounds.

    Every derivative of xʸ is a sum of such terms. A zero c wins over a pole of the power, so that
    d/dx x⁰ is 0 at 0 too; and at x = 0 the logarithm counts as 0, so that d/dy 0ʸ is 0.

    >>> monomial(3.0, 2.0, 3.0, 1.0, 0.0), monomial(1e-300, 1e-200, -0.5, 1.0, 0.0)
    (12.0, 1.0)
    """
    exponent = y - n
    exact = exponent + n == y
    if k:
        c *= math.log(x) ** k if x else 0.0
    if exact and c != 0.0:
        power = math.pow(x, exponent)
        term = c * power
        if 1e-290 < abs(power) < 1e290 and 1e-290 < abs(term) < 1e290:
            return term
    elif c == 0.0:
        return 0.0
    # Half the exponent keeps the power in range; frexp and ldexp keep the product there.
    root, root_exponent = math.frexp(math.pow(abs(x), exponent / 2.0))
    if root == 0.0:
        return 0.0 * math.copysign(1.0, c)  # also where c, a polynomial in y, has overflowed
    factor, factor_exponent = math.frexp(c)
    fraction = factor * root * root * (math.pow(-1.0, exponent) if x < 0.0 else 1.0)
    if not exact and x != 0.0:
        # Knuth's two-sum gives what y - n lost (TAOCP 2, 4.2.2); x to that power is 1 + lost·log x.
        back = exponent - y
        lost = (y - (exponent - back)) - (n + back)
        fraction *= 1.0 + lost * math.log(abs(x))
    return math.ldexp(fraction, factor_exponent + 2 * root_exponent)


def floor(x: float) -> float:
    """The greatest whole number that is not above x; inf and nan are their own.

    >>> floor(-1.5), floor(math.inf)
    (-2.0, inf)
    """
    return float(math.floor(x)) if math.isfinite(x) else x
