"""The moons demo: its data, and its training beside micrograd 0.1.0's engine."""

import pytest

import micrograd.nn
from demos import moons


def test_the_points_are_those_of_scikit_learn():
    points, labels = moons.two_moons()  # recorded from scikit-learn 1.9.1
    assert points[0] == pytest.approx([1.1221146075409685, 0.08147717341718697], rel=1e-12)
    assert points[1] == pytest.approx([-0.8188294130836691, 0.058790063907949996], rel=1e-12)
    assert points[-1] == pytest.approx([0.12108297264758441, 1.0655522522437006], rel=1e-12)
    assert labels[:10] == [-1, -1, 1, -1, 1, 1, 1, 1, 1, -1]
    assert len(points) == len(labels) == 100
    assert sum(labels) == 0


def test_an_odd_number_of_points():
    points, labels = moons.two_moons(7)
    assert len(points) == 7
    assert sum(labels) == 1


def test_the_first_steps_are_those_of_the_notebook():
    points, labels = moons.two_moons()
    steps = list(moons.train(micrograd, moons.network(micrograd), points, labels, 2))
    assert [step.loss for step in steps] == pytest.approx([0.8958441028683222, 1.7235905336972022], rel=1e-12)
    assert steps[0].accuracy == 0.5
    assert all(step.seconds > 0.0 for step in steps)


def test_the_loss_falls():
    points, labels = moons.two_moons(20)
    steps = list(moons.train(micrograd, moons.network(micrograd), points, labels, 40))
    assert steps[-1].loss < steps[0].loss / 3.0
    assert steps[-1].accuracy >= 0.9


def test_the_picture_is_written(tmp_path):
    points, labels = moons.two_moons(8)
    model = moons.network(micrograd)
    steps = list(moons.train(micrograd, model, points, labels, 3))
    moons.plot(tmp_path / "moons" / "moons.png", model, points, labels, steps, steps[:2])
    assert (tmp_path / "moons" / "moons.png").read_bytes().startswith(b"\x89PNG")


def test_without_the_parent_it_says_what_installs_it(monkeypatch):
    def missing(*names):
        raise ModuleNotFoundError("no micrograd: run `make build/peers/installed`")

    monkeypatch.setattr(moons.peers, "load", missing)
    with pytest.raises(SystemExit, match="make build/peers/installed"):
        moons.main([])
