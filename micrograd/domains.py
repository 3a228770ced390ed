"""Domains: where a primitive is defined, one interval for each operand."""

import math
from typing import NamedTuple


class Interval(NamedTuple):
    """The numbers between two ends, less some points; a finite end belongs to it if it is `closed`."""

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
        return self.low < x < self.high or (self.closed and x in (self.low, self.high) and math.isfinite(x))

    def __str__(self) -> str:
        """
        >>> print(NONNEGATIVE, NONZERO, Interval(-1.0, 1.0, closed=True))
        [0, ∞) (-∞, ∞) without 0 [-1, 1]
        """
        left = "[" if self.closed and math.isfinite(self.low) else "("
        right = "]" if self.closed and math.isfinite(self.high) else ")"
        ends = f"{left}{self.low:g}, {self.high:g}{right}".replace("inf", "∞")
        return ends + "".join(f" without {x:g}" for x in self.without)


REAL = Interval()
POSITIVE = Interval(low=0.0)
NONNEGATIVE = Interval(low=0.0, closed=True)
NONZERO = Interval(without=(0.0,))
UNIT = Interval(-1.0, 1.0, closed=True)
ABOVE_MINUS_ONE = Interval(low=-1.0)
