"""Rows of the table: calling them, IEEE arithmetic, kinks and poles, and rows of a user's own."""

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import micrograd
from micrograd import Interval, OperandError, ShapeError, Value, dot, gradient, ieee
from micrograd import primitives as table
from micrograd.domains import NONZERO, POSITIVE, REAL
from micrograd.primitives import TABLE

INF, NAN = math.inf, math.nan


def same(a, b):
    return a == b or (a != a and b != b)


def slope(f, *point):
    """The partial derivatives of f at a point: as recorded, and as a graph."""
    operands = [Value(x) for x in point]
    y = f(*operands)
    y.backward()
    recorded = [x.grad for x in operands]
    assert all(same(a, b.data) for a, b in zip(recorded, gradient(y, operands), strict=True))
    return recorded


def test_every_row_is_a_function_and_those_of_one_operand_are_methods():
    for name, row in TABLE.items():
        assert getattr(micrograd, name) is row
        assert row.name == name
        if row.arity == 1:
            x = next(x for x in (0.5, 1.5) if x in row.domain[0])
            assert type(row(x)) is float
            assert row(Value(x)).data == getattr(Value(x), name)().data == row(x)


def test_numbers_in_numbers_out_values_in_values_out():
    assert micrograd.tanh(0) == 0.0
    assert type(micrograd.tanh(True)) is float
    assert isinstance(micrograd.maximum(1.0, Value(2.0)), Value)
    assert micrograd.sum([1, 2.5]) == 3.5
    assert micrograd.sum([]) == 0.0
    assert micrograd.sum(x for x in (1.0, Value(2.0))).data == 3.0
    assert dot([1, 2], (3, 4)) == 11.0
    assert dot(iter([1, 2]), iter([3, 4]), bias=Value(1.0)).data == 12.0
    assert dot([], [], 3.0) == 3.0


def test_wrong_calls_name_the_operation():
    with pytest.raises(OperandError, match="tanh takes 1 operand, not 2"):
        micrograd.tanh(1.0, 2.0)
    with pytest.raises(OperandError, match="maximum takes 2 operands, not 1"):
        micrograd.maximum(1.0)
    with pytest.raises(OperandError, match="sum takes one list, not 2"):
        micrograd.sum(1.0, 2.0)
    with pytest.raises(ShapeError, match=r"dot of 2 and 1 operands: \(1.0, 2.0\), \(3.0,\)"):
        dot([1.0, 2.0], [3.0])
    with pytest.raises(OperandError, match=r"^sum\(.*'x' is a str"):
        micrograd.sum([Value(1.0), "x"])
    with pytest.raises(OperandError, match=r"^log\('x'\)"):
        micrograd.log("x")


@pytest.mark.parametrize(
    ("f", "point", "value", "partials"),
    [
        (lambda x: 1 / x, (0.0,), INF, (-INF,)),
        (lambda x: 1 / x, (-0.0,), -INF, (-INF,)),
        (lambda x, y: x / y, (0.0, 0.0), NAN, (INF, 0.0)),
        (lambda x, y: x / y, (-1.0, 0.0), -INF, (INF, INF)),
        (lambda x: x.log(), (0.0,), -INF, (INF,)),
        (lambda x: x.log(), (-1.0,), NAN, (-1.0,)),
        (lambda x: x.log1p(), (-1.0,), -INF, (INF,)),
        (lambda x: x.log1p(), (-2.0,), NAN, (-1.0,)),
        (lambda x: x.sqrt(), (0.0,), 0.0, (INF,)),
        (lambda x: x.sqrt(), (-1.0,), NAN, (NAN,)),
        (lambda x: x.exp(), (1000.0,), INF, (INF,)),
        (lambda x: x.expm1(), (1000.0,), INF, (INF,)),
        (lambda x: x.exp(), (-INF,), 0.0, (0.0,)),
        (lambda x: x.sinh(), (-1000.0,), -INF, (INF,)),
        (lambda x: x.cosh(), (-1000.0,), INF, (-INF,)),
        (lambda x: x.sin(), (INF,), NAN, (NAN,)),
        (lambda x: x.cos(), (INF,), NAN, (NAN,)),
        (lambda x: x.tan(), (-INF,), NAN, (NAN,)),
        (lambda x: x.tanh(), (INF,), 1.0, (0.0,)),
        (lambda x: x.sigmoid(), (-INF,), 0.0, (0.0,)),
        (lambda x: x.softplus(), (INF,), INF, (1.0,)),
        (lambda x: x.log_sigmoid(), (-INF,), -INF, (1.0,)),
        (lambda x: x**0.5, (-8.0,), NAN, (NAN,)),
        (lambda x: x.cbrt(), (0.0,), 0.0, (INF,)),
        (lambda x: x.asin(), (2.0,), NAN, (NAN,)),
        (lambda x: x.acos(), (1.0,), 0.0, (-INF,)),
        (lambda x: x.acosh(), (1.0,), 0.0, (INF,)),
        (lambda x: x.acosh(), (0.0,), NAN, (NAN,)),
        (lambda x: x.atanh(), (1.0,), INF, (INF,)),
        (lambda x: x.atanh(), (-2.0,), NAN, (-1 / 3,)),
        (lambda x: x.log2(), (0.0,), -INF, (INF,)),
        (lambda x: x.log10(), (-1.0,), NAN, (-1 / math.log(10.0),)),
        (lambda x: x.exp2(), (2000.0,), INF, (INF,)),
        (lambda x: x.logit(), (0.0,), -INF, (INF,)),
        (lambda x: x.floor(), (INF,), INF, (0.0,)),
        (lambda x: x.elu(), (-INF,), -1.0, (0.0,)),
        (lambda x: x**-1, (0.0,), INF, (-INF,)),
        (lambda x: x**-3, (-0.0,), -INF, (-INF,)),
        (lambda x: x**3, (-1e200,), -INF, (INF,)),
        (lambda x: 10.0**x, (400.0,), INF, (INF,)),
        (lambda x, y: x * y, (INF, 0.0), NAN, (0.0, INF)),
    ],
)  # fmt: skip
def test_poles_overflow_and_domain_errors_answer_as_ieee_says(f, point, value, partials):
    assert same(f(*map(Value, point)).data, value)
    assert all(same(a, b) for a, b in zip(slope(f, *point), partials, strict=True))


@pytest.mark.parametrize("row", [row for row in TABLE.values() if row.arity == 1], ids=repr)
def test_nan_is_never_hidden(row):
    assert math.isnan(row(NAN))
    assert math.isnan(row(Value(NAN)).data)


def test_nan_is_never_hidden_among_several_operands():
    for row in (table.add, table.mul, table.div, table.maximum, table.minimum):
        assert math.isnan(row(NAN, 1.0))
        assert math.isnan(row(1.0, NAN))
    for row in (table.maximum, table.minimum):
        assert math.isnan(row(INF, NAN))
    assert math.isnan(micrograd.sum([1.0, NAN]))
    assert math.isnan(dot([1.0], [NAN]))


@pytest.mark.parametrize(
    ("f", "point", "partials", "seconds"),
    [
        (lambda x: x.relu(), (0.0,), (0.0,), (0.0,)),
        (lambda x: x.leaky_relu(), (0.0,), (0.01,), (0.0,)),
        (lambda x: abs(x), (0.0,), (0.0,), (0.0,)),
        (lambda x, y: table.maximum(x, y), (2.0, 2.0), (0.5, 0.5), (0.0, 0.0)),
        (lambda x, y: table.minimum(x, y), (2.0, 2.0), (0.5, 0.5), (0.0, 0.0)),
        (lambda x: x.elu(), (0.0,), (1.0,), (0.5,)),
        (lambda x: x.sign(), (0.0,), (0.0,), (0.0,)),
        (lambda x: x.floor(), (2.0,), (0.0,), (0.0,)),
        (lambda x: table.clip(x, -1.0, 1.0), (1.0,), (0.0,), (0.0,)),
        (lambda x: x**2, (0.0,), (0.0,), (2.0,)),
        (lambda x: x**1, (0.0,), (1.0,), (0.0,)),
        (lambda x: x**0, (0.0,), (0.0,), (0.0,)),
        (lambda x: x**2, (-3.0,), (-6.0,), (2.0,)),
        (lambda x, y: x**y, (0.0, 2.0), (0.0, 0.0), (2.0, 0.0)),
        (lambda y: 0.0**y, (2.0,), (0.0,), (0.0,)),
        (lambda x: x.tanh(), (0.0,), (1.0,), (0.0,)),
    ],
)
def test_kinks_and_powers_at_zero(f, point, partials, seconds):
    assert slope(f, *point) == list(partials)
    operands = [Value(x) for x in point]
    slopes = gradient(f(*operands), operands)
    curvatures = [gradient(g, [x])[0].data for g, x in zip(slopes, operands, strict=True)]
    assert curvatures == list(seconds)


def test_the_slope_of_least_norm_at_the_tip_of_a_cone():
    assert slope(table.hypot, 0.0, 0.0) == [0.0, 0.0]


def test_higher_derivatives_of_a_power_at_zero_end_at_zero():
    x = Value(0.0)
    y, found = x**3, []
    for _ in range(5):
        (y,) = gradient(y, [x])
        found.append(y.data)
    assert found == [0.0, 0.0, 6.0, 0.0, 0.0]


def test_a_negative_base_has_no_derivative_by_its_exponent():
    (by_base, by_exponent) = slope(lambda x, y: x**y, -2.0, 2.0)
    assert by_base == -4.0
    assert math.isnan(by_exponent)


def test_sums_are_added_from_left_to_right():
    xs = [1e16, 1.0, -1e16, 1.0]
    assert micrograd.sum(xs) == ((1e16 + 1.0) - 1e16) + 1.0 == 1.0
    assert dot(xs, [1.0] * 4, 1.0) == (((1.0 + 1e16) + 1.0) - 1e16) + 1.0


# Domains.


def test_domains():
    assert 0.0 in REAL
    assert INF not in REAL
    assert 5e-324 in POSITIVE
    assert 0.0 not in POSITIVE
    assert 0.0 not in NONZERO
    assert NAN not in REAL
    assert "1" not in REAL
    assert 1.0 in Interval(-1.0, 1.0, closed=True)
    assert table.pow.domain == (POSITIVE, REAL)
    assert table.mul.domain == (REAL, REAL)
    assert table.sum.domain == REAL


# IEEE floats.


@given(st.floats(), st.floats())
def test_ieee_floats_agree_with_floats_where_those_answer(x, y):
    for operate in (
        operator.add, operator.sub, operator.mul, operator.truediv,
        lambda x, y: -x + y, lambda x, y: abs(x) - y,
    ):  # fmt: skip
        answer = operate(ieee.Float(x), y)
        assert type(answer) is type(operate(x, ieee.Float(y))) is ieee.Float
        try:
            assert same(float(answer), operate(x, y))
        except ZeroDivisionError:
            assert answer in (INF, -INF) or answer != answer


def test_ieee_floats_refuse_what_floats_refuse():
    for operate in (
        lambda x: x + "1",
        lambda x: "1" / x,
        lambda x: x / "1",
        lambda x: x ** "1",
        lambda x: "1" ** x,
    ):
        with pytest.raises(TypeError):
            operate(ieee.Float(1.0))
    assert 2 ** ieee.Float(3.0) == 8.0
    assert 1 / ieee.Float(0.0) == INF
