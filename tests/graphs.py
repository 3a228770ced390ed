"""Graphs that several tests use."""

import operator
import random

from micrograd import Value

OPERATIONS = [operator.add, operator.mul, operator.sub, lambda x, y: (x * 0.5).tanh()]


def grads(root, *leaves):
    for leaf in leaves:
        leaf.grad = 0.0
    root.backward()
    return tuple(leaf.grad for leaf in leaves)


def chain(length):
    x = Value(1e-6)
    y = x
    for _ in range(length):
        y = y + x
    return x, y


def random_program(seed, leaf):
    """The same random graph for any class of leaves."""
    rng = random.Random(seed)
    nodes = [leaf(rng.uniform(-2, 2)) for _ in range(4)]
    leaves = list(nodes)
    for _ in range(30):
        x, y = rng.choice(nodes), rng.choice(nodes)
        nodes.append(rng.choice(OPERATIONS)(x, y))
    return nodes, leaves
