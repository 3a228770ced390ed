"""The demos' own functions, on small data."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from demos import penguins
from demos.data import package
from demos.penguins import SPECIES, Penguin
from micrograd import Value

ROOT = Path(__file__).parent.parent
HEADER = "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n"


def blobs(n=30, seed=0):
    rng = random.Random(seed)
    centres = [(-2.0, 0.0, 1.0, 0.0), (2.0, 0.0, -1.0, 0.0), (0.0, 3.0, 0.0, 1.0)]
    return [Penguin([rng.gauss(x, 0.3) for x in centres[i % 3]], i % 3) for i in range(n)]


def test_missing_data_names_the_make_target(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no palmerpenguins in .*: run `make build/data/installed`"):
        package("palmerpenguins", tmp_path)
    (tmp_path / "palmerpenguins").mkdir()
    assert package("palmerpenguins", tmp_path) == tmp_path / "palmerpenguins"


def test_a_demo_without_its_data_ends_with_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(penguins, "package", lambda name: package(name, tmp_path))
    with pytest.raises(SystemExit, match=r"^penguins: no palmerpenguins in"):
        penguins.main()


def test_incomplete_rows_are_left_out(tmp_path):
    path = tmp_path / "penguins.csv"
    path.write_text(
        HEADER
        + "Adelie,Torgersen,39.1,18.7,181,3750,male,2007\nAdelie,Torgersen,NA,NA,NA,NA,NA,2007\n"
        + "Gentoo,Biscoe,46.1,13.2,211,4500,,2007\nGentoo,Biscoe,50,16.3,230,5700,male,2007\n"
    )
    found = penguins.read(path)
    assert found == [Penguin([39.1, 18.7, 181.0, 3750.0], 0), Penguin([50.0, 16.3, 230.0, 5700.0], 2)]


def test_folds_are_stratified_disjoint_and_cover_all():
    data = blobs(60)
    held_outs = []
    for training, held_out in penguins.folds(data, random.Random(1)):
        assert [sum(p.species == s for p in held_out) for s in range(3)] == [4, 4, 4]
        assert sorted(training + held_out) == sorted(data)
        held_outs += held_out
    assert sorted(held_outs) == sorted(data)


def test_the_scale_is_that_of_the_training_data():
    standardise = penguins.standardiser([Penguin([0.0], 0), Penguin([2.0], 0)])
    assert standardise([Penguin([5.0], 1)]) == [Penguin([4.0], 1)]


def test_the_held_out_penguins_do_not_set_the_scale(monkeypatch):
    scaled = []
    standardiser = penguins.standardiser
    monkeypatch.setattr(penguins, "standardiser", lambda data: scaled.append(data) or standardiser(data))
    monkeypatch.setattr(penguins, "EPOCHS", 1)
    data = blobs()
    penguins.cross_validate(data)
    assert scaled == [training for training, _ in penguins.folds(data, random.Random(0))]


def test_the_leading_species_is_the_class():
    assert [penguins.lead([3.0, 1.0, 2.5], i) for i in range(3)] == [0.5, -2.0, -0.5]
    assert penguins.classify(lambda measures: [Value(x) for x in measures], [1.0, 3.0, 2.5]) == 1


@pytest.mark.parametrize("make", [penguins.network, penguins.linear])
def test_both_models_learn_three_blobs(make, monkeypatch):
    monkeypatch.setattr(penguins, "EPOCHS", 8)
    ticks = []
    model = make(4, random.Random(0))
    history = penguins.train(model, blobs(), random.Random(0), lambda: ticks.append(1))
    assert len(ticks) == len(history) == 8
    assert history[-1] < history[0] / 2
    assert penguins.accuracy(model, blobs(seed=1)) > 0.95


def test_cross_validation_scores_every_fold(monkeypatch, capsys):
    monkeypatch.setattr(penguins, "EPOCHS", 3)
    scores = penguins.cross_validate(blobs())
    assert {name: len(each) for name, each in scores.items()} == {"network": 5, "linear": 5}
    assert "epoch" in capsys.readouterr().err


def test_the_pictures_are_written(monkeypatch, tmp_path):
    monkeypatch.setattr(penguins, "EPOCHS", 2)
    penguins.plot(blobs(), tmp_path / "training.png")
    penguins.picture_of_a_loss(blobs()[0], tmp_path)
    assert (tmp_path / "training.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    drawn = (tmp_path / "loss.svg").read_text()
    assert all(name in drawn for name in (*SPECIES, "bill length", "softplus", "L[0].n[1].w[0]"))


def test_a_demo_is_run_by_the_command_line_too():
    run = subprocess.run(
        [sys.executable, "-m", "micrograd", "demo", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == "micrograd: no demo 'nonsense'; there are article, moons, penguins\n"
