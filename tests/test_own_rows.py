"""A user's own rows get all that ours have."""

import copy
import math
import pickle

import pytest

from micrograd import Primitive, Value, gradient, ieee
from micrograd import primitives as table
from micrograd.domains import NONZERO, POSITIVE

INF = math.inf


swish = Primitive(
    "swish", lambda x: x * table.sigmoid(x), (lambda z, x: table.sigmoid(x) + z * table.sigmoid(-x),)
)
inverse = Primitive("inverse", lambda x: 1 / x, (lambda z, x: -z * z,), domain=NONZERO)
root = Primitive("root", lambda x: x**0.5, (lambda z, x: 0.5 / z,), domain=POSITIVE)
hyperbola = Primitive("hyperbola", lambda x: math.log(x) / math.exp(x), (lambda z, x: 1.0 / x,))
product = Primitive(
    "product",
    lambda xs: math.prod(xs),
    lambda z, xs: tuple(table.exp(table.sum([table.log(x) for x in xs]) - table.log(x)) for x in xs),
    domain=POSITIVE,
)
step = Primitive("step", lambda x: 1.0 if x > 0 else 0.0, (None,))
scaled = Primitive("scaled", lambda n, x: n * x, (None, lambda z, n, x: n))


def test_a_users_row_gets_everything():
    assert swish(2) == pytest.approx(2 / (1 + math.exp(-2)))
    x = Value(2.0)
    (first,) = gradient(swish(x), [x])
    (second,) = gradient(first, [x])
    s = table.sigmoid(2.0)
    assert first.data == pytest.approx(s + 2 * s * (1 - s))
    assert second.data == pytest.approx(s * (1 - s) * (2 + 2 * (1 - 2 * s)))
    assert swish(x)._op == "swish"


def test_a_users_row_has_ieee_answers_too():
    assert (inverse(0.0), hyperbola(0.0), hyperbola(1000.0)) == (INF, -INF, 0.0)
    assert math.isnan(root(-8.0))
    assert root(Value(0.0)).flows[0][1] == INF
    assert type(inverse(ieee.Float(0.0))) is ieee.Float


def test_a_users_row_of_any_arity():
    xs = [Value(2.0), Value(3.0), Value(4.0)]
    assert product([2, 3, 4]) == 24.0
    y = product(xs)
    y.backward()
    assert [x.grad for x in xs] == pytest.approx([12.0, 8.0, 6.0])
    assert [g.data for g in gradient(y, xs)] == pytest.approx([12.0, 8.0, 6.0])


def test_where_no_derivative_flows_none_is_asked():
    x, n = Value(2.0), Value(INF)
    y = step(x) + scaled(n, x)
    y.backward()
    assert (x.grad, n.grad) == (INF, 0.0)
    assert [g.data for g in gradient(y, [n])] == [0.0]
    assert step(x).operands == (x,)


def test_an_error_in_a_users_row_comes_out_as_it_is():
    broken = Primitive("broken", lambda x: {}[x], (lambda z, x: 1.0,))
    with pytest.raises(KeyError):
        broken(1.0)
    with pytest.raises(KeyError):
        broken(Value(1.0))
    captured = Value(1.0)
    leak = Primitive("leak", lambda x: x * captured, (lambda z, x: 1.0,))
    with pytest.raises(TypeError, match="would drop the gradient"):
        leak(2.0)


def test_rows_are_pickled_and_copied_by_name():
    for row in (table.tanh, swish):
        assert pickle.loads(pickle.dumps(row)) is row
        assert copy.deepcopy(row) is row
    again = pickle.loads(pickle.dumps(swish(Value(2.0))))
    again.backward()
    assert again.operands[0].grad == swish(Value(2.0)).flows[0][1]
