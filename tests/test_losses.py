"""Losses against 50 digits, and optimisers."""

import math
import random

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd import OperandError, ShapeError, Value
from micrograd.nn import (
    MLP,
    binary_cross_entropy,
    cross_entropy,
    half_mean_squared_error,
    mean_squared_error,
)
from micrograd.optim import SGD

logit = st.floats(-1e3, 1e3)


def test_squared_errors_and_their_gradients():
    y = [Value(1.0), Value(2.0), Value(4.0)]
    loss = mean_squared_error(y, [0.0, 4.0, 4.0])
    loss.backward()
    assert loss.data == pytest.approx(5 / 3)
    assert [v.grad for v in y] == pytest.approx([2 / 3, -4 / 3, 0.0])
    half = half_mean_squared_error(y, [0.0, 4.0, 4.0])
    assert half.data == pytest.approx(5 / 6)
    y[0].grad = 0.0
    half.backward()
    assert y[0].grad == pytest.approx(1 / 3)


@given(st.lists(st.tuples(logit, st.floats(0, 1)), min_size=1, max_size=4))
def test_binary_cross_entropy_against_50_digits(pairs):
    z = [Value(x) for x, _ in pairs]
    loss = binary_cross_entropy(z, [t for _, t in pairs])
    loss.backward()
    with mpmath.workdps(500):
        terms = [
            -t * mpmath.log(1 / (1 + mpmath.exp(-mpmath.mpf(x))))
            - (1 - mpmath.mpf(t)) * mpmath.log(1 / (1 + mpmath.exp(mpmath.mpf(x))))
            for x, t in pairs
        ]
        assert loss.data == pytest.approx(float(mpmath.fsum(terms) / len(terms)), rel=1e-14)
        for v, (x, t) in zip(z, pairs, strict=True):
            slope = (1 / (1 + mpmath.exp(-mpmath.mpf(x))) - t) / len(pairs)
            assert v.grad == pytest.approx(float(slope), rel=1e-10, abs=1e-16)


@given(st.lists(logit, min_size=1, max_size=5), st.data())
def test_cross_entropy_against_50_digits(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    z = [Value(x) for x in logits]
    loss = cross_entropy([z], [target])
    loss.backward()
    with mpmath.workdps(1500):
        powers = [mpmath.exp(mpmath.mpf(x)) for x in logits]
        softmax = [p / mpmath.fsum(powers) for p in powers]
        assert loss.data == pytest.approx(float(-mpmath.log(softmax[target])), rel=1e-13, abs=1e-320)
        for i, v in enumerate(z):
            assert v.grad == pytest.approx(float(softmax[i] - (i == target)), rel=1e-11, abs=1e-300)


def test_losses_of_numbers_are_numbers():
    assert cross_entropy([[1.0, 1.0]], [0]) == pytest.approx(math.log(2))
    assert type(mean_squared_error([1, 2], [0, 0])) is float


def test_losses_refuse_what_does_not_fit():
    for loss in (mean_squared_error, half_mean_squared_error, binary_cross_entropy, cross_entropy):
        for predictions, targets in (([1.0], [1.0, 2.0]), ([], [])):
            message = f"of {len(predictions)} predictions and {len(targets)} targets"
            with pytest.raises(ShapeError, match=message):
                loss(predictions, targets)
    for target in (2, -1, 0.0, "0", None):
        with pytest.raises(OperandError, match=r"no class .* among 2"):
            cross_entropy([[1.0, 2.0]], [target])


# Optimisers.


def test_sgd_is_the_formula_of_the_lecture():
    p = Value(1.0)
    optimiser = SGD(lr=0.1)
    for _ in range(3):
        p.grad = 0.0
        ((p - 3.0) ** 2).backward()
        expected = p.data - 0.1 * p.grad
        optimiser.step([p])
        assert p.data == expected


def test_momentum_keeps_its_state_for_each_parameter():
    a, b = Value(0.0, grad=1.0), Value(0.0, grad=-2.0)
    optimiser = SGD(lr=1.0, momentum=0.5)
    optimiser.step([a, b])
    optimiser.step([a])
    assert (a.data, b.data) == (-1.0 - 1.5, 2.0)


def test_a_network_learns_and_a_module_stands_for_its_parameters():
    random.seed(3)
    net = MLP(2, [8, 1], activation="tanh")
    optimiser = SGD(lr=0.2, momentum=0.9)
    points, targets = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)], [0.0, 1.0, 1.0, 0.0]
    for _ in range(150):
        loss = binary_cross_entropy([net(x) for x in points], targets)
        net.zero_grad()
        loss.backward()
        optimiser.step(net)
    assert loss.data < 0.05
    assert [net(x).data > 0 for x in points] == [False, True, True, False]
