"""Transforms of functions of lists, tuples, dicts, modules; what gives numbers, what gives Values."""

import math
import random
from collections import OrderedDict, namedtuple

import pytest

from micrograd import (
    GraphError,
    StaleGraphError,
    Value,
    choose,
    gradient,
    no_grad,
    relu,
    sin,
    tanh,
)
from micrograd.nn import MLP, Module
from micrograd.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

# Structures.

Point = namedtuple("Point", "x y")


def test_a_nested_structure_comes_back():
    tree = {"a": [1.0, (2.0, {"b": 3.0})], 5: Point(4.0, [])}

    def f(t):
        return t["a"][0] * t["a"][1][0] * t["a"][1][1]["b"] * t[5].x

    assert grad(f)(tree) == {"a": [24.0, (12.0, {"b": 8.0})], 5: Point(6.0, [])}
    assert isinstance(grad(f)(tree)[5], Point)
    assert tree["a"][0] == 1.0
    ordered = grad(lambda t: t["b"] * t["a"])(OrderedDict(b=2.0, a=3.0))
    assert ordered == OrderedDict(b=3.0, a=2.0)
    tangent = {5: Point(1.0, []), "a": [0.0, (0.0, {"b": 1.0})]}  # in another order
    assert jvp(f, (tree,), (tangent,)) == (24.0, 14.0)
    value, pullback = vjp(lambda t: {"out": (t["a"][0] * 2.0, [t[5].x])}, tree)
    assert value == {"out": (2.0, [4.0])}
    assert pullback({"out": (1.0, [10.0])}) == ({"a": [2.0, (0.0, {"b": 0.0})], 5: Point(10.0, [])},)
    assert jacobian(lambda t: {"out": (t["a"][0] * 2.0, 1.0)})({"a": [3.0]}) == {
        "out": ({"a": [2.0]}, {"a": [0.0]})
    }
    assert hessian(lambda t: t["a"] * t["b"][0] ** 2)({"a": 2.0, "b": (3.0,)}) == {
        "a": {"a": 0.0, "b": (6.0,)},
        "b": ({"a": 6.0, "b": (4.0,)},),
    }


def test_argnums_and_further_arguments():
    def f(x, name, y, *, scale=1.0):
        assert name == "name"
        return x * y * y * scale

    assert grad(f)(2.0, "name", 3.0) == 9.0
    assert grad(f, 2)(2.0, "name", 3.0, scale=10.0) == grad(f, -1)(2.0, "name", 3.0, scale=10.0) == 120.0
    assert grad(f, (2, 0))(2.0, "name", 3.0) == (12.0, 9.0)
    assert grad(f, (0,))(2.0, "name", 3.0) == (9.0,)
    assert jacobian(lambda x, y: [x * y, y], (0, 1))(2.0, 3.0) == [(3.0, 2.0), (0.0, 1.0)]
    assert hessian(lambda x, y: x * y * y, (0, 1))(2.0, 3.0) == ((0.0, 6.0), (6.0, 4.0))
    assert hvp(lambda x, y: x * y * y, (2.0, 3.0), (1.0, 1.0)) == 6.0


def test_aux():
    def f(x):
        return x * x, {"cube": x**3, "text": "as it is", "none": [None, 1]}

    more = {"cube": 8.0, "text": "as it is", "none": [None, 1]}
    assert grad(f, has_aux=True)(2.0) == (4.0, more)
    assert value_and_grad(f, has_aux=True)(2.0) == ((4.0, more), 4.0)
    assert value_and_grad(lambda x: (x * x, x), has_aux=True)(2.0) == ((4.0, 2.0), 4.0)
    assert grad(lambda x: grad(f, has_aux=True)(x)[1]["cube"])(2.0) == 12.0


class Line(Module):
    def __init__(self):
        self.slope, self.offsets = Value(2.0, grad=7.0), [Value(1.0)]

    def __call__(self, x):
        return self.slope * x + self.offsets[0]


def test_a_module_is_an_argument():
    line = Line()

    def loss(model, x):
        return model(x) ** 2

    value, slopes = value_and_grad(loss)(line, 3.0)
    assert value.data == 49.0
    assert {path: g.data for path, g in slopes.items()} == {"slope": 42.0, "offsets[0]": 14.0}
    assert gradient(slopes["slope"], [line.offsets[0]])[0].data == 6.0
    assert grad(loss, 1)(line, 3.0).data == 28.0  # it depends on parameters from outside
    by_model, by_x = grad(loss, (0, 1))({"net": line}["net"], 3.0)
    assert (by_model["offsets[0]"].data, by_x.data) == (14.0, 28.0)
    _, tangent = jvp(loss, (line, 3.0), ({"slope": 1.0, "offsets[0]": 0.0}, 1.0))
    assert tangent.data == 42.0 + 28.0
    product = hvp(lambda model: loss(model, 3.0), (line,), ({"slope": 1.0, "offsets[0]": 1.0},))
    assert {path: x.data for path, x in product.items()} == {"slope": 24.0, "offsets[0]": 8.0}
    second = hessian(lambda models: loss(models[0], 3.0))([line])
    assert second[0]["slope"][0]["offsets[0]"].data == 6.0
    assert line.slope.grad == 7.0


def test_grad_of_a_network_is_what_backward_gives():
    model = MLP(3, [4, 1], rng=random.Random(1), activation="tanh")
    x = [0.5, -1.0, 2.0]
    slopes = grad(lambda m: (m(x) - 1.0) ** 2)(model)
    by_x = grad(model)(x)
    model.zero_grad()
    ((model(x) - 1.0) ** 2).backward()
    assert {path: g.data for path, g in slopes.items()} == {
        path: p.grad for path, p in model.named_parameters().items()
    }
    inputs = [Value(v) for v in x]
    model(inputs).backward()
    assert [g.data for g in by_x] == [v.grad for v in inputs]


# Numbers in, numbers out; Values in, Values out.


def test_numbers_give_numbers_unless_a_value_from_outside_matters():
    w = Value(3.0)
    value, slope = value_and_grad(lambda x: x * x * w)(2.0)
    assert (value.data, slope.data) == (12.0, 12.0)
    assert gradient(slope, [w])[0].data == 4.0
    value, slope = value_and_grad(lambda x: x * 2.0 + w)(2.0)
    assert (value.data, slope) == (7.0, 2.0)
    assert grad(lambda x: choose(x, x, w) * 2.0)(2.0) == 2.0
    assert grad(lambda p: p[0] * w + p[1] ** 2)([1.0, 2.0])[1] == 4.0
    assert jvp(lambda x: [x * w, x * x, 5.0], (2.0,), (1.0,))[1][1:] == [4.0, 0.0]
    (by_p, zero), second = jacobian(lambda p: [p[0] * w, p[1] ** 2])([1.0, 3.0])
    assert (by_p, zero, second) == (w, 0.0, [0.0, 6.0])


def test_values_give_values():
    x = Value(2.0, grad=5.0)
    value, slope = value_and_grad(lambda x: x**3)(x)
    assert (value.data, slope.data, x.grad) == (8.0, 12.0, 5.0)
    slope.backward()
    assert x.grad == 17.0
    assert value.operands[0].operands[0] is x
    for f in (lambda x: 3.0, lambda x: 3, lambda x: x):
        value, slope = value_and_grad(f)(x)
        assert isinstance(value, Value)
        assert isinstance(slope, Value)
        value, tangent = jvp(f, (x,), (1.0,))
        assert isinstance(tangent, Value)
    assert [g.data for g in grad(lambda p: p[0] * p[1])([x, 5.0]) if isinstance(g, Value)] == [5.0, 2.0]


def test_functions_that_ignore_their_input():
    for f in (lambda x: 3.0, lambda x: 3, lambda x: Value(3.0), lambda x: choose(x, 1.0, 2.0)):
        assert grad(f)(2.0) == 0.0
        assert jvp(f, (2.0,), (1.0,))[1] == 0.0
        assert vjp(f, 2.0)[1](1.0) == (0.0,)
        assert jacobian(f)(2.0) == 0.0
    assert value_and_grad(lambda x: 3)(2.0) == (3.0, 0.0)
    assert grad(relu)(-1.0) == 0.0
    assert math.isnan(grad(lambda x: (x - 1.0).sqrt())(0.0))
    assert grad(lambda x: x.sqrt())(0.0) == math.inf
    assert math.isnan(grad(lambda x: x.sqrt() * 0.0)(0.0))  # as backward: 0 · ∞


def test_the_caller_sees_recorded_arguments_only_while_f_runs():
    kept = []
    assert grad(lambda x: (kept.append(x), x * x)[1])(3.0) == 6.0
    assert kept[0].is_constant
    assert grad(lambda y: y * kept[0])(2.0) == 3.0


def test_no_grad():
    def f(x):
        with no_grad():
            frozen = x * x
        return frozen * x

    assert grad(f)(3.0) == 9.0
    with no_grad(), pytest.raises(GraphError, match=r"grad\(tanh\): nothing is recorded within no_grad\(\)"):
        grad(tanh)(0.5)


def test_stale_and_handmade_graphs_are_refused():
    w = Value(2.0)

    def stale(x):
        y = x * w
        w.data = 5.0
        return y

    with pytest.raises(StaleGraphError):
        grad(stale)(3.0)

    def swapped(x):
        y = sin(x * w)
        y.operands[0].data = -y.operands[0].data  # the cosine is the same
        return y

    with pytest.raises(StaleGraphError):
        grad(swapped)(3.0)

    def by_hand(x):
        return Value.node(9.0, (x,), (6.0,), op="square")

    assert grad(by_hand)(3.0) == 6.0
    with pytest.raises(GraphError, match="made by hand as 'square'"):
        grad(grad(by_hand))(3.0)

    def closure(x):
        y = x * x
        y._backward = lambda: None
        return y

    with pytest.raises(GraphError, match="made by hand"):
        grad(closure)(3.0)

    def cycle(x):
        y = Value(1.0, (x,), "a")
        z = Value(1.0, (y,), "b")
        y.operands = (z, x)
        return z + x

    with pytest.raises(GraphError, match="made of itself"):
        grad(cycle)(3.0)


def test_nan_is_no_staleness():
    w = Value(-1.0)
    assert math.isnan(grad(lambda x: (x * w).sqrt())(1.0).data)


def test_a_number_beside_a_value_from_outside_meets_ieee_arithmetic():
    w = Value(1.0)
    assert grad(lambda p: w * p[1] / p[0])([0.0, 1.0])[1].data == math.inf
