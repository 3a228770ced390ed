"""Copies and pickles: flat, of any depth, with all that hangs on a Value."""

import copy
import pickle

import pytest

from micrograd import Value, choose, dot, gradient
from micrograd import sum as total


class Weight(Value):
    """A subclass with a constructor of its own, at a place where pickle finds it."""

    def __init__(self, name, data):
        super().__init__(data)
        self.name = name


def copied(thing):
    return [copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))]


def example(a, b):
    return choose(a, a * b + a**2, b) + dot([a, b], [b, 2.0]) - 1.0 / a + total([a, 3.0, a]).tanh()


def test_a_copy_has_the_same_numbers_and_gradients():
    a, b = Value(2.0, label="a"), Value(-3.0)
    y = example(a, b)
    y.backward()
    for again in copied(y):
        (u,) = {id(x): x for x in leaves(again) if x.label == "a"}.values()
        assert (again.data, again._op, u.grad) == (y.data, y._op, a.grad)
        before = u.grad
        again.backward()
        assert u.grad == 2 * before
        assert gradient(again, [u])[0].data == gradient(y, [a])[0].data
        assert a.grad == before


def leaves(root):
    seen, stack = {}, [root]
    while stack:
        v = stack.pop()
        if id(v) not in seen:
            seen[id(v)] = v
            stack += v.operands
    return [v for v in seen.values() if not v.operands]


def test_roots_copied_together_keep_their_leaves_in_common():
    x = Weight("x", 2.0)
    x.m = [0.5]
    for y, z, u in copied([x * 3.0, x.tanh(), x]):
        assert y.operands[0] is z.operands[0] is u
        assert (type(u), u.name, u.m, u.data) == (Weight, "x", [0.5], 2.0)
        assert u.m is not x.m


def test_attributes_of_interior_nodes_and_grads_are_kept():
    x = Value(2.0)
    y = x * x
    y.colour, y.label, y.grad = "red", "y", 7.0
    for again in (*copied(y), copy.copy(y)):
        assert (again.colour, again.label, again.grad) == ("red", "y", 7.0)
    assert copy.copy(y).operands[0] is x


def test_nodes_made_by_hand_are_kept():
    x = Value(2.0)
    for y in (Value.node(4.0, (x,), (4.0,), "square"), Value(4.0, (x,), "square")):
        for again in copied(y * 1.0):
            assert again.operands[0]._op == "square"
            assert len(again.operands[0].flows) == len(y.flows)


def test_a_deep_graph_is_copied_and_pickled():
    x = Value(1e-6)
    y = x
    for _ in range(100_000):
        y = y + x
    for again in copied(y):
        again.backward()
        assert again.operands[1].grad == 100_001.0
        assert again.data == y.data


def test_a_closure_cannot_be_pickled_and_says_so():
    y = Value(2.0) * 3.0
    y._backward = lambda: None
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(y)
