"""Graphs last: they are run again, grow deep, are copied, and are used by several threads."""

import copy
import gc
import pickle
import threading

import pytest
from graphs import chain, grads

from micrograd import (
    GraphError,
    Value,
    choose,
    dot,
    gradient,
    maximum,
    no_grad,
    tanh,
)
from micrograd.graph import topological_order

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
