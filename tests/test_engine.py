"""Value and its reverse pass: every promise is a test."""

import copy
import gc
import math
import operator
import pickle
import random
import subprocess
import sys
import threading
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd import (
    GraphError,
    OperandError,
    ShapeError,
    Value,
    choose,
    dot,
    gradient,
    maximum,
    no_grad,
    tanh,
)
from micrograd import sum as total
from micrograd.graph import topological_order


def grads(root, *leaves):
    for leaf in leaves:
        leaf.grad = 0.0
    root.backward()
    return tuple(leaf.grad for leaf in leaves)


# The constructor and what it holds.


def test_data_becomes_a_float():
    for given_data in (3, True, 3.0):
        assert type(Value(given_data).data) is float
    assert repr(Value(2, label="a")) == "Value(data=2.0, grad=0.0, label='a')"
    assert Value(1.0, grad=2).grad == 2.0


@pytest.mark.parametrize("bad", ["1", None, 1j, Decimal(1), Fraction(1, 2), [1.0], Value(1.0), 10**400])
def test_data_of_another_kind_is_refused_and_nothing_changes(bad):
    with pytest.raises(OperandError):
        Value(bad)
    v = Value(1.5, grad=2.5)
    for name in ("data", "grad"):
        with pytest.raises(OperandError):
            setattr(v, name, bad)
    assert (v.data, v.grad) == (1.5, 2.5)


def test_a_node_made_by_hand_in_the_old_way_survives_a_backward():
    a, b = Value(1.0), Value(2.0)
    out = Value(3.0, (a, b), "+")
    out.backward()
    assert (out.grad, a.grad, b.grad, out._op, out._prev) == (1.0, 0.0, 0.0, "+", (a, b))
    with pytest.raises(OperandError, match=r"Value\(3.0, …, '\+'\): 2.0 is a float, not a Value"):
        Value(3.0, (a, 2.0), "+")


def test_a_node_made_by_hand_with_partials():
    x, y = Value(2.0), Value(5.0)
    z = Value.node(10.0, (x, y), (5.0, 2.0), op="times")
    assert grads(z * 3.0, x, y) == (15.0, 6.0)
    assert z.flows == ((x, 5.0), (y, 2.0))
    with pytest.raises(ShapeError, match="'times' has 2 operands and 1 partials"):
        Value.node(10.0, (x, y), (5.0,), op="times")


# Operands.


def test_operands_keep_order_and_duplicates():
    a, b = Value(2.0), Value(3.0)
    assert (a - b).operands == (a, b) == (a - b)._prev
    assert (a + a).operands == (a, a)
    assert dot([a, b], [b, a], a).operands == (a, b, b, a, a)
    assert a.operands == ()


@pytest.mark.parametrize(
    "make", [lambda a: a + 2.0, lambda a: 2.0 - a, lambda a: a**2, lambda a: total([a, 2.0])]
)
def test_a_bare_number_becomes_the_same_constant_leaf_at_every_read(make):
    y = make(Value(3.0))
    first, second = y.operands, y.operands
    assert all(x is again for x, again in zip(first, second, strict=True))
    constants = [x for x in first if x.is_constant]
    assert [c.data for c in constants] == [2.0]
    assert not y.is_constant
    y.backward()
    assert [x.data for x in y.operands if x.is_constant] == [2.0]


@pytest.mark.parametrize(
    ("make", "op"),
    [
        (lambda a, b: a, ""), (lambda a, b: a + b, "+"), (lambda a, b: a - b, "-"), (lambda a, b: 2 * a, "*"),
        (lambda a, b: a / b, "/"), (lambda a, b: -a, "neg"), (lambda a, b: a**2, "**2"),
        (lambda a, b: a**0.5, "**0.5"), (lambda a, b: a**b, "**"), (lambda a, b: 2**a, "**"),
        (lambda a, b: a.relu(), "ReLU"), (lambda a, b: a.tanh(), "tanh"), (lambda a, b: a.exp(), "exp"),
        (lambda a, b: a.log(), "log"), (lambda a, b: (a + 1).operands[1], ""),
        (lambda a, b: total([a]), "sum"),
    ],
)  # fmt: skip
def test_op(make, op):
    assert make(Value(2.0), Value(3.0))._op == op


# Every operator, in both orders, with numbers and Values.


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda a, b: a + b, (1.0, 1.0)),
        (lambda a, b: a - b, (1.0, -1.0)),
        (lambda a, b: a * b, (3.0, 2.0)),
        (lambda a, b: a / b, (1 / 3, -2 / 9)),
        (lambda a, b: a**b, (12.0, 8 * math.log(2.0))),
        (lambda a, b: 5 + a - 1 * b, (1.0, -1.0)),
        (lambda a, b: 5.0 - a / 4, (-0.25, 0.0)),
        (lambda a, b: 6 / a + True * b, (-1.5, 1.0)),
        (lambda a, b: 2**a * b, (4 * math.log(2) * 3, 4.0)),
        (lambda a, b: abs(-a) + (+b), (1.0, 1.0)),
        (lambda a, b: sum([a, b, a]), (2.0, 1.0)),
        (lambda a, b: max(a, b) * min(a, b), (3.0, 2.0)),
        (lambda a, b: pow(a, 3), (12.0, 0.0)),
        (lambda a, b: maximum(a, 2.0) + maximum(b, b), (0.5, 1.0)),
        (lambda a, b: choose(a, a * b, b), (3.0, 2.0)),
        (lambda a, b: choose(-a, a * b, b), (0.0, 1.0)),
        (lambda a, b: a, (1.0, 0.0)),
    ],
)
def test_gradients_of_operators(make, expected):
    a, b = Value(2.0), Value(3.0)
    assert grads(make(a, b), a, b) == pytest.approx(expected, rel=1e-15)


def test_a_constant_base_or_exponent_is_never_asked_for_its_derivative():
    x = Value(-3.0)
    y = x**2
    assert grads(y, x) == (-6.0,)
    assert y.flows == ((x, -6.0),)


# Backward's promises.


def test_interiors_are_fresh_and_leaves_accumulate():
    x = Value(3.0)
    h = x * x
    y = h * 2.0
    y.backward()
    y.backward()
    assert (x.grad, h.grad, y.grad) == (24.0, 2.0, 1.0)


def test_the_seed_and_a_leaf_as_root():
    x = Value(3.0)
    (x * 2.0).backward(seed=10)
    assert x.grad == 20.0
    x.backward(0.5)
    assert x.grad == 20.5
    with pytest.raises(OperandError):
        x.backward("1")
    assert x.grad == 20.5


def test_every_node_of_the_graph_carries_its_gradient():
    a, b = Value(2.0), Value(3.0)
    lonely = Value(9.0)
    c = a * b
    d = c + a
    y = d.tanh()
    y.backward()
    slope = 1 - math.tanh(8.0) ** 2
    assert (y.grad, d.grad, c.grad, a.grad) == pytest.approx((1.0, slope, slope, 4 * slope))
    assert lonely.grad == 0.0


def test_recorded_values_are_differentiated_whatever_data_says_later():
    x = Value(2.0)
    y = x * x
    x.data = 100.0
    assert (y.data, grads(y, x)) == (4.0, (4.0,))


def test_an_exception_on_the_way_leaves_every_leaf_as_it_was():
    a, b = Value(2.0, grad=7.0), Value(3.0, grad=8.0)
    bad = a * b
    bad._backward = lambda: 1 / 0
    y = (a + bad) * b
    with pytest.raises(ZeroDivisionError):
        y.backward()
    assert (a.grad, b.grad) == (7.0, 8.0)


def test_an_interrupted_backward_leaves_leaves_whole_or_untouched():
    # In a process of its own: an interrupt inside of a coverage tracer would lock that for ever.
    program = Path(__file__).with_name("interrupted.py")
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True, timeout=60)
    interrupted, torn = map(int, run.stdout.split())
    assert interrupted > 10
    assert torn == 0


OPERATIONS = [operator.add, operator.mul, operator.sub, lambda x, y: (x * 0.5).tanh()]


def random_program(seed, leaf):
    """The same random graph for any class of leaves."""
    rng = random.Random(seed)
    nodes = [leaf(rng.uniform(-2, 2)) for _ in range(4)]
    leaves = list(nodes)
    for _ in range(30):
        x, y = rng.choice(nodes), rng.choice(nodes)
        nodes.append(rng.choice(OPERATIONS)(x, y))
    return nodes, leaves


class Recursive:
    """The reverse pass as the textbook writes it: recursive, one operand after the other."""

    def __init__(self, data, operands=(), partials=()):
        self.data, self.operands, self.partials, self.grad = data, operands, partials, 0.0

    def __add__(self, other):
        return Recursive(self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other):
        return Recursive(self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other):
        if isinstance(other, float):
            return Recursive(self.data * other, (self,), (other,))
        return Recursive(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        z = tanh(self.data)
        return Recursive(z, (self,), (tanh.differentiate(z, (self.data,), (True,))))

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for x in v.operands:
                    visit(x)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            for x, d in zip(v.operands, v.partials, strict=True):
                x.grad += v.grad * d


@given(st.integers(0, 10**6))
def test_the_same_bits_as_the_recursive_textbook_pass(seed):
    ours, _ = random_program(seed, Value)
    theirs, _ = random_program(seed, Recursive)
    ours[-1].backward()
    theirs[-1].backward()
    reached = {id(v) for v in topological_order(ours[-1])}
    for mine, its in zip(ours, theirs, strict=True):
        if id(mine) in reached:
            assert (mine.data, mine.grad) == (its.data, its.grad)


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


# Refresh.


def test_refresh_runs_the_graph_again_in_place():
    a, b = Value(2.0), Value(-3.0)
    y = choose(a, a * b + a**2, b) + dot([a, b], [b, 2.0]) + maximum(1.0, b) - 1.0 / a
    y.backward()
    before = a.grad
    a.data = 5.0
    y.refresh()
    assert a.grad == before
    c, d = Value(5.0), Value(-3.0)
    z = choose(c, c * d + c**2, d) + dot([c, d], [d, 2.0]) + maximum(1.0, d) - 1.0 / c
    assert y.data == z.data
    assert grads(y, a, b) == grads(z, c, d)


def test_refresh_refuses_a_node_made_by_hand_before_it_changes_anything():
    x = Value(2.0)
    y = Value.node(7.0, (x * x,), (1.0,), op="mystery") + x
    x.data = 3.0
    with pytest.raises(GraphError, match="mystery"):
        y.refresh()
    assert (y.data, y.operands[0].operands[0].data) == (9.0, 4.0)


# Depth, memory, durability.


def chain(length):
    x = Value(1e-6)
    y = x
    for _ in range(length):
        y = y + x
    return x, y


def test_a_chain_of_a_million_nodes_is_recorded_differentiated_and_freed():
    x, y = chain(10**6)
    y.backward()
    assert x.grad == 10**6 + 1
    del y


def test_a_deep_graph_is_sorted_run_again_and_differentiated_as_a_graph():
    x, y = chain(10**5)
    assert len(topological_order(y)) == 10**5 + 1
    x.data = 2e-6
    y.refresh()
    assert y.data == pytest.approx(0.2, rel=1e-4)
    assert gradient(y, [x])[0].data == 10**5 + 1


def test_a_graph_leaves_nothing_to_the_cycle_collector():
    gc.collect()
    x = [Value(0.1 * i) for i in range(5)]
    y = (dot(x, x, 1.0).tanh() + sum(x) * 2.0) ** 2
    y.backward()
    assert y.operands
    del x, y
    assert gc.collect() == 0


def test_copies_keep_type_attributes_and_gradients_and_can_be_differentiated():
    class Weight(Value):
        def __init__(self, name, data):
            super().__init__(data)
            self.name = name

    w = Weight("w", 3.0)
    w.m = 0.5
    y = w * w
    y.backward()
    for again in (copy.deepcopy(y), copy.copy(y)):
        u = again.operands[0]
        assert (type(u), u.name, u.m, u.data) == (Weight, "w", 0.5, 3.0)
        assert grads(again, u) == (6.0,)
    for v in (Value(2.0, label="v"), Value(2.0) ** 2):
        again = pickle.loads(pickle.dumps(v))
        assert repr(again) == repr(v)


def test_a_graph_unpickled_in_another_process_counts_its_own_passes():
    y = Value(2.0) * 3.0
    for _ in range(5):
        y.backward()
    state = pickle.dumps(y)
    import micrograd.engine as engine

    passes, engine._generation = engine._generation, iter(range(1, 100, 2))  # as in a new process
    try:
        again = pickle.loads(state)
        again.backward()
        assert again.operands[0].grad == 5 * 3.0 + 3.0
    finally:
        engine._generation = passes


# no_grad and threads.


def test_no_grad_records_nothing_and_ends_with_the_block():
    x = Value(2.0)
    with no_grad():
        with no_grad():
            pass
        for y in (x + x, 3.0 * x, x.tanh(), tanh(x), dot([x], [x]), choose(x, x, x)):
            assert y.operands == ()
            assert y.flows == ()
    assert (x * x).operands == (x, x)

    @no_grad()
    def inference():
        return x * x

    assert inference().operands == ()
    with pytest.raises(ZeroDivisionError), no_grad():
        1 / 0
    assert (x * x).operands == (x, x)


def test_no_grad_concerns_its_own_thread_only():
    x, inside, done = Value(2.0), threading.Event(), threading.Event()

    def evaluate():
        with no_grad():
            inside.set()
            done.wait(5)

    thread = threading.Thread(target=evaluate)
    thread.start()
    inside.wait(5)
    assert (x * x).operands == (x, x)
    done.set()
    thread.join()


def test_threads_that_share_leaves_add_up():
    w = Value(2.0)

    def work():
        for _ in range(200):
            (w * 3.0 + w).backward()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert w.grad == 4 * 200 * 4.0


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
