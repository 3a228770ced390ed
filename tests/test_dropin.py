"""Code written for micrograd 0.1.0 and its lectures runs as it stands."""

import math

import pytest
from graphs import grads

from micrograd import (
    GraphError,
    OperandError,
    Value,
)
from micrograd.graph import topological_order

# _backward, as the lecture uses it.


def test_walking_node_by_node_in_the_users_own_order():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    d = c + a
    d.grad = 1.0
    for v in (d, c, a, b):
        v._backward()
    assert (c.grad, a.grad, b.grad) == (1.0, 4.0, 2.0)


def test_a_closure_assigned_to_backward_is_called_exactly_once():
    x = Value(0.5)
    calls = []
    out = Value(math.exp(x.data), (x,), "myexp")

    def closure():
        calls.append(out.grad)
        x.grad += out.data * out.grad

    out._backward = closure
    y = out * out + x
    y.backward()
    assert calls == [2 * out.data]
    assert x.grad == pytest.approx(2 * math.exp(1.0) + 1)
    assert out._backward is closure
    assert out._op == "myexp"


def test_a_closure_takes_the_place_of_a_rows_own_rule():
    x = Value(3.0)
    y = x**2 + 1.0
    square = y.operands[0]
    square._backward = lambda: setattr(x, "grad", x.grad + 100.0)
    assert (square.operands[0], square._op) == (x, "**2")
    assert grads(y, x) == (100.0,)


def test_a_closure_on_a_leaf_is_called():
    x = Value(1.0)
    seen = []
    x._backward = lambda: seen.append(x.grad)
    (x * 4.0).backward()
    assert seen == [4.0]


# What code written for 0.1.0 and its lectures does besides.


def test_operands_operator_and_closure_may_be_assigned_in_any_order():
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        a, b = Value(2.0), Value(3.0)
        out = Value(6.0)

        def closure(a=a, b=b, out=out):
            a.grad += b.data * out.grad
            b.grad += a.data * out.grad

        steps = [("_prev", [a, b]), ("_op", "times"), ("_backward", closure)]
        for i in order:
            setattr(out, *steps[i])
        y = out * 2.0
        y.backward()
        assert (out._prev, out._op, a.grad, b.grad) == ((a, b), "times", 6.0, 4.0)


def test_a_new_operator_name_leaves_a_node_its_flows_and_a_leaf_a_leaf():
    a, b = Value(2.0, label="a"), Value(3.0)
    c = a * b
    c._op = "times"
    a._op = "input"
    for _ in range(2):
        c.backward()
    assert (c._op, c.flows, a.grad, a._op) == ("times", ((a, 3.0), (b, 2.0)), 6.0, "input")
    d = 3.0 - a
    d._op = "from three"
    d.backward()
    assert (a.grad, d.operands[1]) == (5.0, a)


def test_a_cycle_made_by_hand_is_named():
    a = Value(2.0, label="a")
    b = a * 3.0
    a._prev = (b,)
    for root in (a, b, b + 1.0):
        with pytest.raises(GraphError, match="is made of itself"):
            root.backward()
        with pytest.raises(GraphError, match="is made of itself"):
            topological_order(root)


def test_a_subclass_that_forgets_our_constructor_is_told():
    class Weight(Value):
        def __init__(self, name):
            self.name = name

    with pytest.raises(OperandError, match=r"Weight.__init__ has not called super\(\).__init__\(data\)"):
        Weight("w")


def test_the_lectures_trace_and_walk():
    a, b, c, f = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c"), Value(-2.0, label="f")
    e = a * b
    e.label = "e"
    d = e + c
    big_l = d * f
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(big_l)
    assert (len(nodes), len(edges)) == (7, 6)
    topo, visited = [], set()

    def build_topo(v):
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)

    build_topo(big_l)
    big_l.grad = 1.0
    for node in reversed(topo):
        node._backward()
    assert [v.grad for v in (d, f, c, e, a, b)] == [-2.0, 4.0, -2.0, -2.0, 6.0, -4.0]
    for p in (a, b, c, f):
        p.data += 0.01 * p.grad
    assert ((a * b + c) * f).data == pytest.approx(-7.286496)


def test_a_closure_may_run_backward_on_a_graph_of_its_own_only():
    w = Value(2.0, grad=1.0)
    h = w * 3.0
    out = Value(6.0, (h,), "checkpoint")

    def on_the_same_nodes():
        (h * 5.0).backward()

    def on_its_own():
        h.grad += out.grad
        (w * 7.0).backward(0.0)

    out._backward = on_the_same_nodes
    with pytest.raises(GraphError, match="within a backward pass over the same nodes"):
        out.backward()
    assert w.grad == 1.0
    out._backward = on_its_own
    out.backward()
    assert w.grad == 4.0
    h.backward()
    assert w.grad == 7.0
