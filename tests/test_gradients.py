"""Gradients as graphs, and graphs read again."""

import math
from fractions import Fraction
from operator import add, mul, neg, truediv

import mpmath
import pytest
from graphs import random_program
from hypothesis import given
from hypothesis import strategies as st

from micrograd import GraphError, OperandError, Primitive, StaleGraphError, Value, dot, gradient, tanh
from micrograd import sum as total
from micrograd.graph import evaluate, topological_order


@given(st.integers(0, 10**6))
def test_gradient_gives_the_numbers_of_backward(seed):
    nodes, leaves = random_program(seed, Value)
    root = nodes[-1]
    root.backward()
    assert [g.data for g in gradient(root, leaves)] == [leaf.grad for leaf in leaves]


def test_no_grad_is_read_or_written():
    x = Value(3.0, grad=5.0)
    y = x * x
    y.grad = 7.0
    gradient(y, [x])
    assert (x.grad, y.grad) == (5.0, 7.0)


def test_interior_nodes_duplicates_and_strangers_in_wrt():
    x, stranger = Value(3.0), Value(1.0)
    h = x * x
    y = h * h + x
    by_h, by_x, by_stranger, by_y, again = gradient(y, [h, x, stranger, y, x])
    assert [g.data for g in (by_h, by_x, by_stranger, by_y, again)] == [18.0, 109.0, 0.0, 1.0, 109.0]
    assert all(isinstance(g, Value) for g in (by_stranger, by_y))


def test_order_6_of_three_functions():
    for f, exact in (
        (lambda x: x.tanh(), mpmath.tanh),
        (lambda x: x.sin().exp(), lambda x: mpmath.exp(mpmath.sin(x))),
        (lambda x: x**x, lambda x: x**x),
    ):
        x = Value(0.7)
        y = f(x)
        for order in range(1, 7):
            (y,) = gradient(y, [x])
            with mpmath.workdps(60):
                expected = float(mpmath.diff(exact, mpmath.mpf(0.7), order))
            assert y.data == pytest.approx(expected, rel=1e-11)


def test_a_gradient_can_be_differentiated_backwards():
    x = Value(0.5)
    (slope,) = gradient(tanh(x) * x, [x])
    slope.backward()
    t = math.tanh(0.5)
    assert x.grad == pytest.approx(2 * (1 - t * t) - 2 * 0.5 * t * (1 - t * t))


def test_gradients_through_rows_of_any_arity():
    w, x = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
    y = dot(w, x, 5.0) ** 2 + total([*w, 1.0]) ** 2
    gradients = gradient(y, [*w, *x])
    assert [g.data for g in gradients] == [104.0, 136.0, 32.0, 64.0]
    assert [g.data for g in gradient(gradients[0], [*w, *x])] == [20.0, 26.0, 38.0, 12.0]


def test_a_stale_graph_is_refused_and_refresh_mends_it():
    x, b = Value(2.0, label="x"), Value(1.0)
    y = (x * x + b).tanh()
    x.data = 3.0
    with pytest.raises(
        StaleGraphError, match=r"mul was recorded as 4.0 and gives 9.0.*label='x'.*refresh\(\)"
    ):
        gradient(y, [x])
    y.refresh()
    assert gradient(y, [x])[0].data == pytest.approx(6 * (1 - math.tanh(10.0) ** 2), rel=1e-6)


def test_a_stale_graph_whose_data_did_not_change_is_refused_all_the_same():
    x = Value(2.0)
    y = x**2
    x.data = -2.0
    with pytest.raises(StaleGraphError):
        gradient(y, [x])


def test_nan_is_no_staleness():
    x = Value(-1.0)
    (slope,) = gradient(x.sqrt(), [x])
    assert math.isnan(slope.data)


def test_nodes_made_by_hand_are_refused_only_where_the_gradient_goes():
    x, other = Value(2.0), Value(3.0)
    mystery = Value.node(4.0, (x,), (4.0,), op="mystery")
    y = mystery + other
    assert gradient(y, [other])[0].data == 1.0
    with pytest.raises(GraphError, match="made by hand as 'mystery'"):
        gradient(y, [x])
    closed = x * x
    closed._backward = lambda: None
    with pytest.raises(GraphError, match="made by hand"):
        gradient(closed, [x])


def test_what_is_no_value_is_refused():
    x = Value(1.0)
    with pytest.raises(OperandError, match=r"gradient of a root: 3\.0 is a float"):
        gradient(3.0, [x])
    with pytest.raises(OperandError, match=r"2\.0 is a float, not a Value"):
        gradient(x, [x, 2.0])


def test_one_value_stands_for_a_list_of_one():
    x = Value(3.0)
    assert gradient(x * x, x)[0].data == 6.0


def test_topological_order_has_operands_first_and_each_node_once():
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d = c + a
    assert topological_order(d) == [a, b, c, d]
    assert topological_order(c, d) == [a, b, c, d]
    assert topological_order(d * 2.0, a)[:-1] == [a, b, c, d]


EXACT = {"add": add, "mul": mul, "div": truediv, "neg": neg}
square = Primitive("square", lambda x: x * x, (lambda z, x: 2.0 * x,))
weird = Primitive("weird", math.erf, (lambda z, x: 1.0,))


def test_a_graph_is_evaluated_in_another_arithmetic():
    x = Value(3.0)
    assert (
        evaluate(square((x + 0.5) / (x * x)) - 1, {**EXACT, "sub": lambda x, y: x - y}, Fraction)
        == Fraction(49, 324) - 1
    )
    assert evaluate(dot([x, x], [x, 2.0], 1.0) + total([x, x]), EXACT, Fraction) == 22
    assert evaluate(total([x, 1.0]), {"sum": lambda xs: len(xs)}) == 2
    assert evaluate(2.0 * -x, EXACT, Fraction) == -6
    assert evaluate(x, EXACT, Fraction) == 3


def test_a_target_must_spell_what_is_no_formula():
    with pytest.raises(GraphError, match="does not spell weird"):
        evaluate(weird(Value(1.0)), EXACT)
    with pytest.raises(GraphError, match="made by hand"):
        evaluate(Value.node(1.0, (Value(1.0),), (1.0,), "mystery"), EXACT)
