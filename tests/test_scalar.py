"""Value as a number of Python and of NumPy: what works, and the daily traps."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from micrograd import OperandError, Value, tanh


@pytest.mark.parametrize("other", [2, 2.0, True, np.float64(2), np.int64(2), np.float32(2), np.bool_(True)])
def test_equality_with_a_number_raises(other):
    for compare in (lambda: Value(2.0) == other, lambda: Value(2.0) != other):
        with pytest.raises(TypeError, match=r"== between Values is identity: compare y\.data =="):
            compare()


def test_equality_with_approx_raises():
    with pytest.raises(TypeError, match="identity"):
        assert Value(2.0) == pytest.approx(2.0)


def test_equality_is_identity_between_values_and_false_with_all_else():
    a, b = Value(2.0), Value(2.0)
    assert a == a
    assert a != b
    assert a != "2"
    assert a is not None
    assert a != None  # noqa: E711
    assert len({a, b, a}) == 2
    assert {a: 1}[a] == 1


def test_order_truth_and_printing_follow_the_data():
    a, b = Value(2.0), Value(3.0)
    assert a < b <= 3
    assert 2.5 < b  # noqa: SIM300
    assert b > a
    assert a >= 2
    assert sorted([b, a]) == [a, b]
    assert max(a, b) is b
    assert not Value(0.0)
    assert Value(-1.0)
    assert f"{b:.3f} {b}" == "3.000 Value(data=3.0, grad=0.0)"
    assert (round(Value(2.567), 1), round(Value(2.567))) == (2.6, 3)
    with pytest.raises(TypeError):
        a < "b"


def test_a_float_of_a_value_would_drop_the_gradient():
    for use in (float, math.sin, math.exp):
        with pytest.raises(TypeError, match=r"would drop the gradient: use the method"):
            use(Value(1.0))


@pytest.mark.parametrize("bad", ["2", None, 2j, Decimal(2), Fraction(1, 2), [2.0], 10**400, object()])
def test_an_operand_of_a_wrong_type_is_named_with_the_operation(bad):
    a = Value(1.5)
    for operate, name in (
        (lambda: a + bad, "add"), (lambda: bad * a, "mul"), (lambda: a / bad, "div"), (lambda: a**bad, "pow"),
    ):  # fmt: skip
        with pytest.raises(OperandError, match=rf"^{name}\(.*Value\(data=1.5"):
            operate()
    with pytest.raises(OperandError, match=r"^tanh\("):
        tanh(bad)


def test_numpy_scalars_and_arrays_from_both_sides():
    v = Value(3.0)
    for number in (np.float64(2), np.float32(2), np.int64(2), np.array(2.0), np.array(2)):
        for y in (number * v, v * number, number + v, v - number, v / number, number / v, v**number):
            assert isinstance(y, Value)
    array = np.array([1.0, 2.0])
    for y in (v * array, array * v, array - v, v / array, array**v):
        assert y.shape == (2,)
        assert all(isinstance(x, Value) for x in y)
    (v * array)[1].backward()
    assert v.grad == 2.0


def test_numpy_functions_of_object_arrays():
    a, b = Value(1.0), Value(2.0)
    values = np.array([a, b])
    np.mean(values).backward()
    assert (a.grad, b.grad) == (0.5, 0.5)
    y = np.exp(values)
    assert [x.data for x in y] == [math.exp(1.0), math.exp(2.0)]
    assert [x.data for x in np.tanh(values)] == [math.tanh(1.0), math.tanh(2.0)]
    assert np.dot(values, np.array([3.0, 4.0])).data == 11.0
    assert np.conjugate(values)[0] is a
    assert [x.data for x in np.arctan(values)] == [math.atan(1.0), math.atan(2.0)]
    assert [x.data for x in np.arcsinh(values)] == [math.asinh(1.0), math.asinh(2.0)]
    assert (values @ values).data == 5.0


def test_arrays_are_no_numbers():
    with pytest.raises(OperandError):
        Value(np.array([1.0, 2.0]))
    with pytest.raises(OperandError):
        Value(np.complex128(1j))
    assert Value(np.array(2)).data == 2.0
