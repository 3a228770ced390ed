"""The article demo: its derivatives, its two chains, its proof, and what learning means."""

from random import Random

import pytest

from demos import article
from micrograd import Value


@pytest.fixture(scope="module")
def shown():
    return article.example()


def test_the_loss_is_what_the_formulas_say(shown):
    _, signals, loss = shown
    assert signals.z3.data == pytest.approx(1.5 * signals.a1.data - 2.0 * signals.a2.data + 0.25)
    assert loss.data == pytest.approx(signals.y.data**2 / 2.0)


def test_every_derivative_is_a_difference_quotient(shown):
    network, *_ = article.example()
    state = network.state_dict()

    def loss(changed):
        network.load_state_dict(state | changed)
        return network([1.0], [1.0]).y.data ** 2 / 2.0

    for name, p in network.named_parameters().items():
        x, h = state[name], 1e-5
        quotient = (loss({name: x + h}) - loss({name: x - h})) / (2.0 * h)
        assert p.grad == pytest.approx(quotient, rel=1e-7)


def test_the_articles_chain_gives_0_and_the_one_through_z3_the_gradient(shown):
    printed, right = article.chains(*shown)
    assert article.product(printed) == [0.0, 0.0]
    gradient = [w.grad for w in shown[0].W3]
    assert article.product(right) == pytest.approx(gradient, rel=1e-15)
    assert gradient == pytest.approx([0.0797407579453695, 0.0535514718913545], rel=1e-12)


def test_factors_are_jacobians(shown):
    printed, right = article.chains(*shown)
    assert [factor.shape for factor in printed.values()] == [(1, 1), (1, 2), (2, 2)]
    assert [factor.shape for factor in right.values()] == [(1, 1), (1, 1), (1, 2)]


def test_a_jacobian_has_a_row_for_each_output():
    x, y = Value(2.0), Value(3.0)
    assert article.jacobian([x * y, x + y], [x, y]).tolist() == [[3.0, 2.0], [1.0, 1.0]]


@pytest.mark.parametrize("seed", range(20))
def test_the_diagonals_of_a_literal_network_have_one_sum(seed):
    rng = Random(seed)
    network = article.Network(1, rng)
    for p in network.parameters():
        p.data = rng.gauss(0.0, 5.0)
    left, right = article.diagonal_sums(network)
    assert left == pytest.approx(right, abs=1e-13)


@pytest.mark.parametrize(
    ("outputs", "success"),
    [
        ([0.1, 0.9, 0.9, 0.1], True),
        ([0.49, 0.51, 0.51, 0.49], True),
        ([0.1, 0.9, 0.9, 0.9], False),
        ([0.5, 0.5, 0.5, 0.5], False),
    ],
)
def test_learned_is_four_right_sides(outputs, success):
    assert article.learned(outputs) is success


def test_the_vector_reading_learns_what_the_literal_cannot():
    losses, success = article.train("literal", seed=0, steps=400)
    assert not success
    assert losses[-1] == pytest.approx(0.125, abs=1e-3)
    losses, success = article.train("vector", seed=0, steps=400)
    assert success
    assert losses[-1] < 0.01


def test_everything_is_printed_and_drawn(shown, tmp_path, capsys):
    article.show_example(*shown, tmp_path)
    article.show_chains(*shown)
    article.show_proof()
    readings = {reading: [article.train(reading, 0, steps=3)] for reading in article.READINGS}
    article.show_runs(readings)
    article.plot(readings, tmp_path / "xor.png")
    printed = capsys.readouterr().out
    assert "∂L/∂W3[0]   0.000000000000   0.079740757945   0.079740757945" in printed
    assert "literal  0 of 1 seeds learn XOR" in printed
    svg = (tmp_path / "network.svg").read_text("utf-8")
    assert all(f">{name}<" in svg for name in ("W1[0]", "x1", "a1", "z3", "t", "L"))
    for name in ("network.png", "xor.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
