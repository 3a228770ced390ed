"""Every row of the table on its whole domain, at orders 0, 1 and 2, against exact arithmetic.

The bound: |error| ≤ 4 ε (|f| + Σ |xᵢ ∂f/∂xᵢ|) for a value, 8 for a first partial, n more for a row of
any arity at n operands, with ε = 2⁻⁵², and 2 (4) units of the last subnormal place. At order 2 the error
is absolute, against the sum of the magnitudes of the terms that were added: so far can rounding carry.
"""

import itertools
import math
import random
import sys

import oracle
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from micrograd import Value, gradient
from micrograd.graph import evaluate
from micrograd.primitives import TABLE, Primitive

EPSILON, TINY, HUGE = 2.0**-52, 5e-324, sys.float_info.max
MAGNITUDES = [
    TINY, 1e-320, 2.0**-1022, 1e-300, 1e-160, 1e-20, 1e-8, 0.1, 0.3, 0.5, 1.0 - 2.0**-53, 1.0, 1.0 + EPSILON,
    1.5, math.pi / 2, 2.0, 3.0, 10.0, 19.5, 37.0, 100.0, 354.0, 700.0, 709.7, 740.0, 745.1, 1000.0, 1e5,
    1e16, 1e160, 1e300, HUGE,
]  # fmt: skip
HARD = [0.0, *MAGNITUDES, *[-x for x in MAGNITUDES]]
N_ARY = {"sum": (1, 2, 5), "dot": (1, 3, 7)}
# c·xʸ⁻ⁿ serves the table, with whole n; where c·(y−n) is subnormal, its own derivative loses digits.
MODERATE = [x for x in HARD if 1e-200 < abs(x) < 1e200]
PLACES = {"monomial": (MODERATE, None, MODERATE, [0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0])}


def domains(row: Primitive, size: int | None) -> tuple:
    return row.domain if row.arity is not None else (row.domain,) * size


def hard_points(row: Primitive, size: int | None = None, most: int = 40) -> list[tuple[float, ...]]:
    """The hard points of each operand that are in the domain, combined; a fixed sample if there are many."""
    places = PLACES.get(row.name, (None,) * (row.arity or size))
    axes = [
        place or [x for x in HARD if x in domain]
        for domain, place in zip(domains(row, size), places, strict=True)
    ]
    if math.prod(map(len, axes)) <= most:
        points = list(itertools.product(*axes))
    else:
        rng = random.Random(row.name)
        points = [tuple(rng.choice(axis) for axis in axes) for _ in range(most)]
    return [point for point in points if in_order(row, point)]


def in_order(row: Primitive, point: tuple[float, ...]) -> bool:
    return row.name != "clip" or point[1] < point[2]


def call(row: Primitive, point: list[Value]) -> Value:
    return row.apply(tuple(point))


def no_derivative(row: Primitive, point: tuple[float, ...]) -> bool:
    """Whether the point is at a kink, at an end of the domain, or where the slope is infinite."""
    at_kink = any((k(*point) if callable(k) else k - point[0]) == 0.0 for k in row.kinks)
    ends = [x in (d.low, d.high) for x, d in zip(point, domains(row, len(point)), strict=True)]
    return at_kink or any(ends) or (row.name == "cbrt" and point[0] == 0.0)


def check(what: str, got: float, exact, bound) -> None:
    if abs(exact) > HUGE:
        limit = mpf(HUGE) * (1 + 16 * EPSILON)
        assert math.isinf(got) or (abs(exact) < limit and abs(got) > HUGE / 2), (
            f"{what}: {got}, overflow expected"
        )
        return
    near_overflow = abs(exact) > mpf(HUGE) * (1 - 64 * EPSILON)
    assert math.isfinite(got) or near_overflow, f"{what}: {got}, exact {mp.nstr(exact, 17)}"
    error = abs(mpf(got) - exact)
    bound += mpf(TINY) / 1000  # the oracle's own error, where the exact derivative is 0
    assert near_overflow or error <= bound, (
        f"{what}: {got!r}, exact {mp.nstr(exact, 20)}, error {mp.nstr(error, 3)}, bound {mp.nstr(bound, 3)}"
    )


def conditioned(row: Primitive, point: tuple[float, ...], *by: int):
    """The derivative by `by` and |f| + Σ |xᵢ ∂f/∂xᵢ| of it."""
    f = oracle.derivative(row.name, point, *by)
    by_each = range(3) if row.name == "monomial" else range(len(point))
    slopes = [abs(point[i] * oracle.derivative(row.name, point, *by, i)) for i in by_each if point[i]]
    return f, abs(f) + sum(slopes)


def check_order_1(row: Primitive, point: tuple[float, ...]) -> None:
    extra = len(point) if row.arity is None else 0
    operands = [Value(x) for x in point]
    z = call(row, operands)
    exact, size = conditioned(row, point)
    if row.arity is None and size > HUGE:
        return  # from left to right, a sum may overflow on the way to a finite result
    check(f"{row.name}{point}", z.data, exact, (4 + extra) * EPSILON * size + 2 * TINY)
    if no_derivative(row, point):
        return
    for i, x in enumerate(operands):
        for partial in [d for operand, d in z.flows if operand is x]:
            exact, size = conditioned(row, point, i)
            what = f"∂{row.name}/∂x{i} at {point}"
            check(what, partial, exact, (8 + extra) * EPSILON * size + 4 * TINY)


class Magnitude:
    """A number with the sum of the magnitudes of the terms that it was made of."""

    def __init__(self, value: float, size: float) -> None:
        self.value, self.size = value, size

    @staticmethod
    def of(row: Primitive):
        def apply(*operands):
            operands = operands[0] if row.arity is None else operands
            floats = tuple(x.value for x in operands)
            z = row.evaluate(floats)
            partials = row.differentiate(z, floats, [True] * len(floats))
            terms = [abs(d) * x.size for d, x in zip(partials, operands, strict=True) if d]
            return Magnitude(z, max(abs(z), sys.float_info.min) + sum(terms))

        return apply


MAGNITUDE = {name: Magnitude.of(row) for name, row in TABLE.items()}


def check_order_2(row: Primitive, point: tuple[float, ...]) -> None:
    operands = [Value(x) for x in point]
    z = call(row, operands)
    flowing = [i for i, x in enumerate(operands) if any(x is operand for operand, _ in z.flows)]
    slopes = gradient(z, [operands[i] for i in flowing])
    for i, slope in zip(flowing, slopes, strict=True):
        for j, second in zip(flowing, gradient(slope, [operands[j] for j in flowing]), strict=True):
            size = evaluate(second, MAGNITUDE, lambda x: Magnitude(x, abs(x))).size
            if math.isfinite(size):
                exact = oracle.derivative(row.name, point, i, j)
                check(f"∂²{row.name}/∂x{i}∂x{j} at {point}", second.data, exact, 16 * EPSILON * size)


ROWS = [(row, size) for name, row in TABLE.items() for size in N_ARY.get(name, (None,))]
NAMES = [row.name + (f" of {size}" if size else "") for row, size in ROWS]


@pytest.mark.parametrize(("row", "size"), ROWS, ids=NAMES)
def test_first_partials_at_hard_points(row, size):
    for point in hard_points(row, size):
        check_order_1(row, point)


@pytest.mark.parametrize(("row", "size"), ROWS, ids=NAMES)
def test_second_partials_at_hard_points(row, size):
    for point in hard_points(row, size, most=15):
        if not no_derivative(row, point):
            check_order_2(row, point)


def floats_in(domain) -> st.SearchStrategy[float]:
    return st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: x in domain)


EVERYWHERE = [(row, size) for row, size in ROWS if row.name != "monomial"]


@pytest.mark.parametrize(("row", "size"), EVERYWHERE, ids=[name for name in NAMES if name != "monomial"])
def test_everywhere(row, size):
    @settings(max_examples=settings.default.max_examples // 2)
    @given(st.tuples(*[floats_in(domain) for domain in domains(row, size)]))
    def run(point):
        assume(in_order(row, point))
        check_order_1(row, point)
        if not no_derivative(row, point):
            check_order_2(row, point)

    run()


def test_the_oracle_covers_the_table():
    assert oracle.FUNCTIONS.keys() == TABLE.keys()
