"""The engine beside micrograd 0.1.0: `python -m benchmarks.engine` prints a table, writes engine.json."""

import subprocess
import sys
import tracemalloc
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any, NamedTuple

import micrograd
import micrograd.nn

from . import peers, report
from .programs import Training, chain, check_agreement, expression, our_loss, parents_loss
from .timing import Figure, interleaved, speedup


class Effort(NamedTuple):
    """How much is measured."""

    rounds: int
    expressions: int  # in a row, in each round
    steps: tuple[int, int, int]  # in a row, in each round, of the peer's network and of our two
    chain: int
    imports: int


FULL = Effort(rounds=7, expressions=10_000, steps=(6, 12, 40), chain=10**6, imports=11)
QUICK = Effort(rounds=1, expressions=20, steps=(1, 1, 1), chain=10**4, imports=1)


def measure(effort: Effort, peer: Any) -> Iterator[Figure]:
    """Every figure, as soon as it is there."""
    yield expressions(effort, peer)
    yield from training_steps(effort, peer)
    yield chain_time(effort, peer)
    yield chain_memory(effort)
    yield import_time(effort)


def expressions(effort: Effort, peer: Any) -> Figure:
    sides = {
        "peer": (lambda: expression(peer.engine.Value), effort.expressions),
        "ours": (lambda: expression(micrograd.Value), effort.expressions),
    }
    return speedup("README expression", 3.0, **interleaved(effort.rounds, sides))


def training_steps(effort: Effort, peer: Any) -> Iterator[Figure]:
    ported = peers.load("micrograd", "nn", given={"micrograd.engine": micrograd.engine})
    trainings = {
        "peer": Training(peer.nn, lambda model: parents_loss(model, peer.engine.Value)),
        "ported": Training(ported.nn, lambda model: parents_loss(model, micrograd.Value)),
        "ours": Training(micrograd.nn, our_loss),
    }
    sides = {side: (trainings[side], n) for side, n in zip(trainings, effort.steps, strict=True)}
    seconds = interleaved(effort.rounds, sides)
    check_agreement(*trainings.values())
    yield speedup("moons step, parent's nn on our Value", 15.0, seconds["peer"], seconds["ported"])
    yield speedup("moons step, micrograd.nn", 60.0, seconds["peer"], seconds["ours"])


def chain_time(effort: Effort, peer: Any) -> Figure:
    n = effort.chain
    try:
        chain(peer.engine.Value, 10_000)
        note = "peer: runs 10,000 nodes"
    except RecursionError:
        note = "peer: RecursionError, from 10,000 nodes already"
    seconds = interleaved(effort.rounds, {"ours": (lambda: chain(micrograd.Value, n), 1)})["ours"]
    return Figure(f"chain of {n:,} nodes", "ns/node", "≤", 1400.0, [s / n * 1e9 for s in seconds], note)


def chain_memory(effort: Effort) -> Figure:
    tracemalloc.start()  # it slows every allocation, so nothing is timed here
    graph = chain(micrograd.Value, effort.chain)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del graph
    note = "tracemalloc, one pass"
    return Figure("its memory after backward", "bytes/node", "≤", 220.0, [size / effort.chain], note)


def import_time(effort: Effort) -> Figure:
    """The time of `import micrograd`.

    Raises:   ImportError: it loads anything but itself and the standard library.
    """
    program = "import sys; before = set(sys.modules); import micrograd; print(*set(sys.modules) - before)"
    loaded = {module.partition(".")[0] for module in _run("-c", program).split()}
    if foreign := loaded - sys.stdlib_module_names - {"micrograd"}:
        raise ImportError(f"import micrograd loads {', '.join(sorted(foreign))}")
    pairs = [(_cpu_seconds("import micrograd"), _cpu_seconds("pass")) for _ in range(effort.imports)]
    rounds = [(ours - bare) * 1e3 for ours, bare in pairs]
    return Figure("import micrograd", "ms", "≤", 15.0, rounds, "more than bare Python, both with -E -S")


def _cpu_seconds(program: str) -> float:
    """CPU time of a new process. It runs without site, because what site has loaded would cost us nothing."""
    before = getrusage(RUSAGE_CHILDREN)
    _run("-E", "-S", "-c", program)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(*arguments: str) -> str:
    """What Python prints, in the root of the checkout, where `micrograd` is importable."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=report.ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(prog="python -m benchmarks.engine", description="Measure the engine.")
    parser.add_argument("--quick", action="store_true", help="one small round, to see that all of it runs")
    parser.add_argument("--out", type=Path, default=report.ROOT / "build" / "bench", help="for engine.json")
    options = parser.parse_args(arguments)
    effort = QUICK if options.quick else FULL
    peer = peers.load("micrograd", "engine", "nn")
    where = report.circumstances() | {"effort": effort._asdict()}
    print(report.heading(where))
    figures = []
    for figure in measure(effort, peer):
        print(report.row(figure), flush=True)
        figures.append(figure)
    report.write(options.out / "engine.json", where, figures)


if __name__ == "__main__":
    main()
