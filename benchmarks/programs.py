"""The programs to measure. `leaf` is the class Value of whichever engine is to run them."""

import random
from collections.abc import Callable
from math import cos, isclose, pi, sin
from typing import Any

import micrograd


def expression(leaf: Any) -> Any:
    """The example of the README of micrograd 0.1.0: 39 nodes there, 27 here, where bare numbers are none."""
    a, b = leaf(-4.0), leaf(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return g


def chain(leaf: Any, length: int) -> Any:
    """A graph as deep as it is large."""
    x = leaf(1e-6)
    y = x
    for _ in range(length):
        y = y + x
    y.backward()
    return y


def two_moons(n: int = 100) -> tuple[list[list[float]], list[int]]:
    """Points on two interlocking half circles, with noise, and their labels, 1 and −1."""
    rng = random.Random(1337)
    points, labels = [], []
    for i in range(n):
        angle, upper = pi * i / n, i % 2 == 0
        x, y = (cos(angle), sin(angle)) if upper else (1 - cos(angle), 0.5 - sin(angle))
        points.append([rng.gauss(x, 0.1), rng.gauss(y, 0.1)])
        labels.append(1 if upper else -1)
    return points, labels


POINTS, LABELS = two_moons()


def parents_loss(model: Any, leaf: Any) -> Any:
    """Hinge loss and L2, as written in the demo notebook of micrograd 0.1.0."""
    inputs = [list(map(leaf, point)) for point in POINTS]
    scores = list(map(model, inputs))
    losses = [(1 + -label * score).relu() for label, score in zip(LABELS, scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())


def our_loss(model: Any) -> Any:
    """The same as a user of this package writes it: bare numbers go in, sums are one node."""
    losses = [(1 - label * model(point)).relu() for point, label in zip(POINTS, LABELS, strict=True)]
    weights = model.parameters()
    return micrograd.sum(losses) / len(losses) + 1e-4 * micrograd.dot(weights, weights)


class Training:
    """Gradient descent on the two moons, as in the demo notebook; called, one step."""

    def __init__(self, nn: Any, loss: Callable[[Any], Any]) -> None:
        random.seed(1337)
        self.model = nn.MLP(2, [16, 16, 1])
        self.loss = loss
        self.losses: list[float] = []

    def __call__(self) -> None:
        total = self.loss(self.model)
        self.model.zero_grad()
        total.backward()
        rate = max(0.1, 1.0 - 0.9 * len(self.losses) / 100)
        for p in self.model.parameters():
            p.data -= rate * p.grad
        self.losses.append(total.data)


def check_agreement(*trainings: Training) -> None:
    """Raise an ArithmeticError unless the losses are the same, step by step, as far as all have come."""
    for step, losses in enumerate(zip(*(training.losses for training in trainings), strict=False)):
        if not all(isclose(loss, losses[0], rel_tol=1e-9) for loss in losses):
            raise ArithmeticError(f"at step {step} the networks' losses differ: {losses}")
