"""Functions of functions: values against closed forms, no confusion of derivatives, every message."""

import math
import random
from collections import OrderedDict, namedtuple

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine import random_program

from micrograd import (
    GraphError,
    OperandError,
    Primitive,
    ShapeError,
    StaleGraphError,
    Value,
    choose,
    dot,
    exp,
    gradient,
    maximum,
    no_grad,
    relu,
    sin,
    tanh,
)
from micrograd import sum as total
from micrograd.nn import MLP, Module
from micrograd.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp


def by_jvp(f):
    """The derivative of a function of one number, forward."""
    return lambda x: jvp(f, (x,), (1.0,))[1]


def by_vjp(f):
    return lambda x: vjp(f, x)[1](1.0)[0]


MODES = [grad, by_jvp, by_vjp, jacobian]
PAIRS = [(outer, inner) for outer in MODES for inner in MODES]
numbers = st.floats(-2.0, 2.0)
vectors = st.lists(numbers, min_size=3, max_size=3)


def smooth(p):
    """From three numbers, three: through rows of one, two and many operands, and a gate."""
    x, y, z = p
    h = tanh(x * y + z)
    return [h * exp(-z) + x, maximum(x, y) * dot([x, y], [z, 2.0], h), sin(total([x, y, h])) ** 2]


def scalar(p):
    return dot(smooth(p), [1.0, -0.5, 2.0])


# Numbers.


def test_the_first_examples():
    assert grad(lambda x: x**3)(2.0) == grad(grad(lambda x: x**3))(2.0) == 12.0
    assert grad(tanh)(0.5) == pytest.approx(0.7864477329659, rel=1e-13)
    assert grad(grad(tanh))(0.5) == pytest.approx(-0.72686198138358, rel=1e-13)
    assert hessian(lambda p: p[0] ** 2 * p[1])([1.0, 2.0]) == [[4.0, 2.0], [2.0, 0.0]]
    assert grad(lambda x: x * x)(3) == 6.0
    assert type(grad(lambda x: x * x)(np.float64(3))) is float


@pytest.mark.parametrize("mode", [grad, by_jvp])
@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (lambda x: tanh(x), mpmath.tanh),
        (lambda x: exp(sin(x)), lambda x: mpmath.exp(mpmath.sin(x))),
        (lambda x: x**x, lambda x: x**x),
    ],
)
def test_order_6(mode, f, exact):
    for order in range(1, 7):
        f = mode(f)
        with mpmath.workdps(60):
            expected = float(mpmath.diff(exact, mpmath.mpf(0.7), order))
        assert f(0.7) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_any_mode_of_any_mode(outer, inner):
    f = outer(inner(lambda x: sin(x * x)))
    assert f(0.7) == pytest.approx(2 * math.cos(0.49) - 4 * 0.49 * math.sin(0.49), rel=1e-13)
    g = grad(outer(inner(lambda x: x**5)))
    assert g(2.0) == pytest.approx(240.0, rel=1e-14)


@given(st.integers(0, 10**6))
def test_grad_gives_the_bits_of_backward(seed):
    nodes, leaves = random_program(seed, Value)
    nodes[-1].backward()

    def f(primals):
        it = iter(primals)
        return random_program(seed, lambda *_, **__: next(it))[0][-1]

    data = [leaf.data for leaf in leaves]
    value, gradients = value_and_grad(f)(data)
    assert (value, gradients) == (nodes[-1].data, [leaf.grad for leaf in leaves])
    assert all(type(g) is float for g in gradients)
    _, tangent = jvp(f, (data,), ([1.0] * len(data),))
    assert tangent == pytest.approx(math.fsum(gradients), rel=1e-6, abs=1e-6 * max(map(abs, gradients)))


@given(vectors, vectors, vectors)
def test_the_pullback_is_the_adjoint_of_the_push(p, u, v):
    value, pullback = vjp(smooth, p)
    again, tangent = jvp(smooth, (p,), (v,))
    (cotangent,) = pullback(u)
    assert value == again
    left = math.fsum(a * b for a, b in zip(u, tangent, strict=True))
    right = math.fsum(a * b for a, b in zip(cotangent, v, strict=True))
    assert left == pytest.approx(right, rel=1e-9, abs=1e-9)
    rows = jacobian(smooth)(p)
    assert tangent == pytest.approx([math.fsum(a * b for a, b in zip(row, v, strict=True)) for row in rows])
    assert pullback([0.0, 1.0, 0.0])[0] == pytest.approx(rows[1])


@given(vectors, vectors)
def test_the_hessian_is_symmetric_and_hvp_its_product(p, v):
    h = np.array(hessian(scalar)(p))
    assert h == pytest.approx(h.T, rel=1e-9, abs=1e-9)
    assert hvp(scalar, (p,), (v,)) == pytest.approx(list(h @ v), rel=1e-9, abs=1e-9)
    reverse_over_forward = grad(lambda q: jvp(scalar, (q,), (v,))[1])(p)
    reverse_over_reverse = grad(lambda q: dot(grad(scalar)(q), v))(p)
    assert reverse_over_forward == pytest.approx(list(h @ v), rel=1e-9, abs=1e-9)
    assert reverse_over_reverse == pytest.approx(list(h @ v), rel=1e-9, abs=1e-9)


# No perturbation confusion.


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_siskind_and_pearlmutter(outer, inner):
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x * y)(1.0))(1.0) == 2.0
    assert outer(lambda x: x * inner(lambda y: x * y)(x))(3.0) == 6.0
    assert outer(lambda x: inner(lambda y: x * y * y)(x))(3.0) == 12.0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_the_amazing_bug(outer, inner):
    # Manzyuk et al. 2019, section 3: the derivative at 0 of s → (g → (x → g(x + s))), twice, of exp.
    def shifted(mode):
        return lambda g: lambda x: mode(lambda s: g(x + s))(0.0)

    assert shifted(outer)(shifted(inner)(exp))(1.0) == pytest.approx(math.e, rel=1e-15)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_function_that_ignores_its_input_and_uses_another(outer, inner):
    assert outer(lambda x: inner(lambda y: x * 2.0)(3.0))(3.0) == 0.0
    assert outer(lambda x: inner(lambda y: x * 2.0)(x) + x)(3.0) == 1.0
    assert outer(lambda x: inner(lambda y: y)(x) * x)(3.0) == 1.0


@pytest.mark.parametrize("mode", MODES)
def test_three_levels_with_closures(mode):
    f = grad(lambda x: mode(lambda y: jvp(lambda z: x * y * z * z, (y,), (x,))[1])(x))
    assert f(2.0) == pytest.approx(48.0)  # d/dx of d/dy [2·x²·y²] at y = x is d/dx 4·x³


@pytest.mark.parametrize("mode", MODES)
def test_a_tangent_or_cotangent_may_depend_on_the_outer_variable(mode):
    assert mode(lambda v: jvp(lambda x: x**3, (2.0,), (v,))[1])(5.0) == 12.0
    assert mode(lambda u: vjp(lambda x: x**3, 2.0)[1](u)[0])(5.0) == 12.0
    assert mode(lambda u: vjp(lambda x: [x, x], u)[1]([u, u * u])[0])(5.0) == 11.0


def test_a_pullback_may_be_called_later_and_twice():
    def f(x):
        _, pullback = vjp(lambda y: x * y * y, x)
        return pullback(1.0)[0] * pullback(x)[0]

    assert grad(f)(2.0) == pytest.approx(20 * 16)  # 4·x⁵
    _, pullback = vjp(lambda x: [x * x, 3.0, x * x], 2.0)
    assert pullback([1.0, 5.0, 2.0]) == pullback([1.0, 5.0, 2.0]) == (12.0,)
    y = Value(2.0)
    _, pullback = vjp(lambda x: [y, y], 2.0)
    assert pullback([1.0, 1.0]) == (0.0,)


def test_gradient_descent_is_differentiated_by_its_rate():
    def trained(rate):
        w = rate * 0.0 + 3.0
        for _ in range(50):
            w = w - rate * grad(lambda u: (u - 1.0) ** 2)(w)
        return w

    assert grad(trained)(0.01) == pytest.approx(-200.0 * 0.98**49, rel=1e-12)


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


# Cost and depth.


def chain(x, n=50_000):
    y = x
    for _ in range(n):
        y = y * 1.00001 + 1e-9  # two nodes
    return y


def test_deep_functions():
    slope = grad(chain)(1.0)
    assert slope == pytest.approx(1.00001**50_000)
    assert vjp(chain, 1.0)[1](1.0) == (slope,)
    assert jvp(chain, (1.0,), (1.0,))[1] == pytest.approx(slope)
    assert grad(chain)(Value(1.0)).data == slope


def test_no_walk_goes_below_a_value_that_was_given():
    # Otherwise a loop of gradient steps, itself to be differentiated, would take quadratic time.
    x = Value(1.0)
    below = Value.node(3.0, (x,), (1.0,))
    below.operands = (below,)
    with pytest.raises(GraphError, match="made of itself"):
        grad(lambda y: y * below)(2.0)
    assert grad(lambda y: y * y)(below).data == 6.0
    assert hvp(lambda y: y**3, (below,), (1.0,)).data == 18.0


def test_a_jacobian_runs_its_function_once():
    calls = []

    def f(p):
        calls.append(1)
        h = [tanh(x) for x in p]
        return [dot(h, p) * x for x in h]

    p = [i / 10 for i in range(10)]
    rows = jacobian(f)(p)
    assert len(calls) == 1
    leaves = [Value(x) for x in p]
    for y, row in zip(f(leaves), rows, strict=True):
        for leaf in leaves:
            leaf.grad = 0.0
        y.backward()
        assert row == pytest.approx([leaf.grad for leaf in leaves], rel=1e-14)


# Messages.

square = Primitive("square", lambda x: x * x, (lambda z, x: 2.0 * x,))
TREE = {"name": [1.0, "abc"]}


def identity(x):
    return x


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: grad(identity)([1.0, 2.0]),
            OperandError,
            "grad(identity): f gave a list of 2, not one number; see jacobian",
        ),
        (
            lambda: value_and_grad(identity)({"a": 1.0}),
            OperandError,
            "value_and_grad(identity): f gave a dict of 'a', not one number",
        ),
        (
            lambda: grad(lambda x: "abc")(1.0),
            OperandError,
            "grad(<lambda>): result: 'abc' is a str, not a number",
        ),
        (
            lambda: grad(lambda x: None)(1.0),
            OperandError,
            "grad(<lambda>): result: None is a NoneType, not a number",
        ),
        (
            lambda: jvp(lambda x: [x, {"z": 1j}], (1.0,), (1.0,)),
            OperandError,
            "jvp(<lambda>): result[1]['z']: 1j is a complex",
        ),
        (
            lambda: grad(identity)(TREE),
            OperandError,
            "grad(identity): argument 0['name'][1]: 'abc' is a str, not a number",
        ),
        (
            lambda: grad(square)(None),
            OperandError,
            "grad(square): argument 0: None is a NoneType, not a number",
        ),
        (lambda: grad(grad(square))("x"), OperandError, "grad(grad(square)): argument 0: 'x' is a str"),
        (
            lambda: grad(identity)(np.array([1.0])),
            OperandError,
            "grad(identity): argument 0: array([1.]) is a ndarray",
        ),
        (lambda: vjp(identity, 1j), OperandError, "vjp(identity): argument 0: 1j is a complex"),
        (lambda: grad(identity, 1)(1.0), ShapeError, "grad(identity): argnums 1 of 1 positional arguments"),
        (lambda: grad(identity, -2)(1.0), ShapeError, "grad(identity): argnums -2 of 1 positional arguments"),
        (
            lambda: grad(identity, (0, -1))(1.0),
            ShapeError,
            "grad(identity): argnums (0, -1) of 1 positional arguments",
        ),
        (lambda: grad(identity)(x=1.0), ShapeError, "grad(identity): argnums 0 of 0 positional arguments"),
        (
            lambda: grad(identity, "x"),
            OperandError,
            "grad(identity): argnums are an int or a tuple of them, not 'x'",
        ),
        (
            lambda: jacobian(identity, (0, 1.0)),
            OperandError,
            "jacobian(identity): argnums are an int or a tuple of them, not (0, 1.0)",
        ),
        (
            lambda: grad(identity, True),
            OperandError,
            "grad(identity): argnums are an int or a tuple of them, not True",
        ),
        (lambda: grad(3.0), OperandError, "grad(float): 3.0 is no function"),
        (
            lambda: grad(identity, has_aux=True)(3.0),
            OperandError,
            "grad(identity): with has_aux, f gives a pair, not Value",
        ),
        (
            lambda: jvp(identity, 1.0, 1.0),
            ShapeError,
            "jvp(identity): primals are a tuple, one for each argument, not 1.0",
        ),
        (
            lambda: jvp(identity, (1.0,), 1.0),
            ShapeError,
            "jvp(identity): tangents is a number, not a tuple of 1: 1.0",
        ),
        (
            lambda: jvp(identity, (1.0,), (1.0, 2.0)),
            ShapeError,
            "jvp(identity): tangents is a tuple of 2, not a tuple of 1: (1.0, 2.0)",
        ),
        (
            lambda: jvp(identity, ([1.0, 2.0],), ([1.0],)),
            ShapeError,
            "jvp(identity): tangents[0] is a list of 1, not a list of 2: [1.0]",
        ),
        (
            lambda: jvp(identity, ({"a": [1.0]},), ({"a": 1.0},)),
            ShapeError,
            "jvp(identity): tangents[0]['a'] is a number, not a list of 1: 1.0",
        ),
        (
            lambda: jvp(identity, ({"a": 1.0},), ({"b": 1.0},)),
            ShapeError,
            "jvp(identity): tangents[0] is a dict of 'b', not a dict of 'a'",
        ),
        (
            lambda: jvp(identity, (1.0,), ("1",)),
            OperandError,
            "jvp(identity): tangents[0]: '1' is a str, not a number",
        ),
        (
            lambda: hvp(square, (1.0,), ([1.0],)),
            ShapeError,
            "jvp(grad(square)): tangents[0] is a list of 1, not a number: [1.0]",
        ),
        (
            lambda: vjp(lambda x: [x, x], 1.0)[1](1.0),
            ShapeError,
            "vjp(<lambda>): cotangent is a number, not a list of 2: 1.0",
        ),
        (
            lambda: vjp(lambda x: [x, x], 1.0)[1]([1.0, None]),
            OperandError,
            "vjp(<lambda>): cotangent[1]: None is a NoneType",
        ),
        (
            lambda: grad(lambda a, b: a(1.0), (0, 1))(*[Line()] * 2),
            OperandError,
            "grad(<lambda>): the arguments have a parameter of a Module twice",
        ),
    ],
)
def test_messages(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_derived_functions_have_names():
    assert grad(grad(tanh)).__name__ == "grad(grad(tanh))"
    assert hessian(identity).__name__ == "jacobian(grad(identity))"
