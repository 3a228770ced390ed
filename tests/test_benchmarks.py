"""The tools of the benchmarks; how fast anything is, no test says."""

import json
import sys
from types import SimpleNamespace

import pytest

import micrograd
import micrograd.nn
from benchmarks import engine, peers, programs, report
from benchmarks.timing import Figure, interleaved, speedup

WHERE = {
    "cpu": "Abacus", "cores": 10, "os": "wood", "python": "3.11",
    "commit": "c0ffee", "dirty": True, "date": "now",
}  # fmt: skip


def snapshot():
    return dict(sys.modules), list(sys.path), list(sys.meta_path)


@pytest.fixture
def fake_peers(tmp_path):
    package = tmp_path / "micrograd" / "micrograd"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "engine.py").write_text("class Value:\n    peer = True\n")
    (package / "nn.py").write_text("from micrograd.engine import Value\n")
    return tmp_path


def test_a_peer_of_our_name_is_loaded_beside_us(fake_peers):
    before = snapshot()
    peer = peers.load("micrograd", "engine", "nn", directory=fake_peers)
    assert peer.nn.Value is peer.engine.Value
    assert peer.engine.Value.peer
    assert snapshot() == before


def test_a_peer_runs_on_a_module_of_ours(fake_peers):
    ported = peers.load("micrograd", "nn", given={"micrograd.engine": micrograd.engine}, directory=fake_peers)
    assert ported.nn.Value is micrograd.Value
    assert ported.nn is not micrograd.nn


def test_a_peer_that_fails_leaves_us_as_we_were(fake_peers):
    before = snapshot()
    with pytest.raises(ModuleNotFoundError, match=r"micrograd\.optim"):
        peers.load("micrograd", "engine", "optim", directory=fake_peers)
    assert snapshot() == before


def test_a_missing_peer_names_the_target_that_installs_it(tmp_path):
    with pytest.raises(ModuleNotFoundError, match="make build/peers/installed"):
        peers.load("micrograd", directory=tmp_path)


def test_sides_take_turns():
    turns = []
    sides = {"peer": (lambda: turns.append("p"), 2), "ours": (lambda: turns.append("o"), 3)}
    seconds = interleaved(2, sides)
    assert "".join(turns) == "pppoooopppoooo"  # one of each turn is not timed
    assert {side: len(rounds) for side, rounds in seconds.items()} == {"peer": 2, "ours": 2}


def test_a_speedup_is_the_median_of_the_ratios_of_each_round():
    figure = speedup("f", 3.0, peer=[8.0, 3.0, 0.01], ours=[1.0, 3.0, 0.005])
    assert figure.rounds == [8.0, 1.0, 2.0]
    assert figure.measured == 2.0
    assert not figure.met
    assert figure.note == "peer 3 s, ours 1 s"


@pytest.mark.parametrize(("bound", "met"), [("≥", [False, True, True]), ("≤", [True, True, False])])
def test_a_figure_is_judged_by_its_bound(bound, met):
    assert [Figure("f", "×", bound, 2.0, [measured]).met for measured in (1.9, 2.0, 2.1)] == met


def test_the_report_holds_the_circumstances_and_every_round(tmp_path):
    path = tmp_path / "new" / "report.json"
    report.write(path, WHERE, [Figure("f", "ns", "≤", 2.0, [3.0, 1.0, 2.0], "why", {"ours": [1.0]})])
    figure = {
        "name": "f", "unit": "ns", "bound": "≤", "target": 2.0, "rounds": [3.0, 1.0, 2.0], "note": "why",
        "seconds": {"ours": [1.0]}, "measured": 2.0, "met": True,
    }  # fmt: skip
    assert json.loads(path.read_text("utf-8")) == {**WHERE, "figures": [figure]}


def test_the_table_has_the_target_beside_the_measured():
    heading = report.heading(WHERE)
    assert heading.splitlines()[0] == "c0ffee and changes, now, Abacus, 10 cores, wood, Python 3.11"
    assert heading.split()[-3:] == ["target", "measured", "rounds"]
    row = report.row(Figure("x + y", "ns", "≤", 2.0, [3.0, 1.0, 2.5], "why"))
    assert " ".join(row.split()) == "x + y ≤ 2 ns 2.5 ns ✗ 1 … 3 why"


def test_networks_that_disagree_are_no_benchmark():
    one, other = SimpleNamespace(losses=[1.0, 0.5]), SimpleNamespace(losses=[1.0, 0.5000001, 0.25])
    programs.check_agreement(one, one)
    with pytest.raises(ArithmeticError, match="step 1"):
        programs.check_agreement(one, other)


def test_all_of_it_runs(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(peers, "load", lambda *names, **given: micrograd)  # we are our own peer
    monkeypatch.setattr(report, "circumstances", lambda: WHERE)
    engine.main(["--quick", "--out", str(tmp_path)])
    figures = json.loads((tmp_path / "engine.json").read_text("utf-8"))["figures"]
    table = capsys.readouterr().out
    assert len(figures) == 6
    assert all(figure["name"] in table for figure in figures)
