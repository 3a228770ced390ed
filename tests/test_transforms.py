"""Functions of functions: values against closed forms, no confusion of derivatives, every message."""

import math

import mpmath
import numpy as np
import pytest
from graphs import random_program
from hypothesis import given
from hypothesis import strategies as st

from micrograd import (
    Value,
    dot,
    exp,
    maximum,
    sin,
    tanh,
)
from micrograd import sum as total
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
