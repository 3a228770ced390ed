"""Trainings written for micrograd 0.1.0 give here, loss by loss, the numbers that they give there."""

import math
import random

import pytest

import micrograd
import micrograd.nn
from benchmarks import peers
from demos import moons

SAME = 1e-9


@pytest.fixture(scope="module")
def parent():
    try:
        return peers.load("micrograd", "engine", "nn")
    except ModuleNotFoundError:
        pytest.skip("micrograd 0.1.0 is not here to compare with: run `make build/peers/installed`")


# The two moons. --------------------------------------------------------------------------------------


def moons_losses(package):
    points, labels = moons.two_moons(4)  # 0.1.0 takes a second for each step of all 100
    return [step.loss for step in moons.train(package, moons.network(package), points, labels, 100)]


def test_the_moons_through_our_nn_and_through_the_parents(parent):
    ported = peers.load("micrograd", "engine", "nn", given={"micrograd.engine": micrograd.engine})
    assert ported.nn.Value is micrograd.Value
    theirs = moons_losses(parent)
    assert theirs[-1] < theirs[0] / 3.0
    assert moons_losses(micrograd) == pytest.approx(theirs, rel=SAME)
    assert moons_losses(ported) == pytest.approx(theirs, rel=SAME)


# A transformer. It is written with what 0.1.0 has, and with an exp and a log as its users add them. ----

TEXT = [0, 1, 2, 3, 1, 4, 2, 5, 0, 3, 4, 1, 5, 2, 0, 4]
VOCABULARY, CONTEXT, WIDTH, HEADS = 6, 4, 6, 2
STEPS, LEARNING_RATE = 20, 0.1


def closures(leaf):
    """exp and log from outside of the class, each with a closure for its node."""

    def exp(x):
        out = leaf(math.exp(x.data), (x,), "exp")

        def _backward():
            x.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(x):
        out = leaf(math.log(x.data), (x,), "log")

        def _backward():
            x.grad += out.grad / x.data

        out._backward = _backward
        return out

    return exp, log


def weighted_sum(weights, x):
    return sum(w * xi for w, xi in zip(weights, x, strict=True))


def linear(matrix, x):
    return [weighted_sum(weights, x) for weights in matrix]


def plus(x, y):
    return [xi + yi for xi, yi in zip(x, y, strict=True)]


def rmsnorm(x):
    scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


class Transformer:
    """One layer: heads of causal attention, then a relu network, each added to what goes into it."""

    def __init__(self, leaf, exp, log):
        rng = random.Random(1337)

        def matrix(rows, columns):
            return [[leaf(rng.gauss(0.0, 0.3)) for _ in range(columns)] for _ in range(rows)]

        self.exp, self.log = exp, log
        self.tokens, self.positions = matrix(VOCABULARY, WIDTH), matrix(CONTEXT, WIDTH)
        self.query, self.key, self.value, self.out = (matrix(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = matrix(2 * WIDTH, WIDTH), matrix(WIDTH, 2 * WIDTH)
        self.head = matrix(VOCABULARY, WIDTH)

    def parameters(self):
        matrices = [thing for thing in vars(self).values() if isinstance(thing, list)]
        return [p for matrix in matrices for row in matrix for p in row]

    def softmax(self, scores):
        largest = max(score.data for score in scores)
        powers = [self.exp(score - largest) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    def attend(self, queries, keys, values):
        """What one head sees at the last position."""
        weights = self.softmax([weighted_sum(queries, key) * len(key) ** -0.5 for key in keys])
        return [weighted_sum(weights, column) for column in zip(*values, strict=True)]

    def attention(self, xs):
        """For each position, what the heads see there and before."""
        queries, keys, values = ([linear(m, x) for x in xs] for m in (self.query, self.key, self.value))
        size = WIDTH // HEADS
        seen = []
        for last in range(len(xs)):
            together = []
            for part in (slice(i, i + size) for i in range(0, WIDTH, size)):
                past = [[x[part] for x in each[: last + 1]] for each in (keys, values)]
                together += self.attend(queries[last][part], *past)
            seen.append(linear(self.out, together))
        return seen

    def __call__(self, tokens):
        """For each position, the probabilities of the next token."""
        xs = [plus(self.tokens[token], self.positions[i]) for i, token in enumerate(tokens)]
        seen = self.attention([rmsnorm(x) for x in xs])
        xs = list(map(plus, xs, seen))
        hidden = [linear(self.down, [h.relu() for h in linear(self.up, rmsnorm(x))]) for x in xs]
        xs = list(map(plus, xs, hidden))
        return [self.softmax(linear(self.head, rmsnorm(x))) for x in xs]

    def loss(self, tokens, following):
        predictions = self(tokens)
        surprises = [-self.log(p[t]) for p, t in zip(predictions, following, strict=True)]
        return sum(surprises) * (1.0 / len(surprises))


def transformer_losses(leaf, exp, log):
    model = Transformer(leaf, exp, log)
    losses = []
    for step in range(STEPS):
        start = step % (len(TEXT) - CONTEXT)
        loss = model.loss(TEXT[start : start + CONTEXT], TEXT[start + 1 : start + CONTEXT + 1])
        for p in model.parameters():
            p.grad = 0
        loss.backward()
        for p in model.parameters():
            p.data -= LEARNING_RATE * p.grad
        losses.append(loss.data)
    return losses


@pytest.fixture(scope="module")
def with_closures():
    return transformer_losses(micrograd.Value, *closures(micrograd.Value))


def test_a_transformer_with_closures_trains_as_in_the_parent(parent, with_closures):
    theirs = transformer_losses(parent.engine.Value, *closures(parent.engine.Value))
    assert with_closures == pytest.approx(theirs, rel=SAME)


def test_exp_and_log_of_the_table_do_what_closures_do(with_closures):
    losses = transformer_losses(micrograd.Value, micrograd.Value.exp, micrograd.Value.log)
    assert losses == pytest.approx(with_closures, rel=SAME)
