"""Timing: sides measured in turn, and the figures that come of it.

On a shared machine a second is worth more or less from one minute to the next. Sides that take turns
have the same minutes, so the ratio of each round is steady where the seconds are not.
"""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import process_time
from typing import Literal

Call = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """What was measured in each round, and what the median of the rounds ought to be."""

    name: str
    unit: str
    bound: Literal["≥", "≤"]
    target: float
    rounds: Sequence[float]
    note: str = ""
    seconds: Mapping[str, Sequence[float]] = field(default_factory=dict)  # of each side, if it is a ratio

    @property
    def measured(self) -> float:
        return median(self.rounds)

    @property
    def met(self) -> bool:
        return self.measured >= self.target if self.bound == "≥" else self.measured <= self.target


def interleaved(rounds: int, sides: Mapping[str, tuple[Call, int]]) -> dict[str, list[float]]:
    """CPU seconds per call; in every round each side is called as many times in a row as it says."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, (call, times) in sides.items():
            # The cyclic garbage of one side is not billed to the next. Between the calls of a side
            # nothing is collected by hand: what the collector costs there, it costs every user.
            gc.collect()
            call()  # untimed: right after a collection the collector has less to do than in a long run
            start = process_time()
            for _ in range(times):
                last = call()
            seconds[side].append((process_time() - start) / times)
            del last  # after the clock has stopped
    return seconds


def speedup(name: str, target: float, peer: Sequence[float], ours: Sequence[float]) -> Figure:
    """How many times the peer's seconds are ours, round by round."""
    ratios = [theirs / own for theirs, own in zip(peer, ours, strict=True)]
    note = f"peer {_duration(median(peer))}, ours {_duration(median(ours))}"
    return Figure(name, "×", "≥", target, ratios, note, {"peer": peer, "ours": ours})


def _duration(seconds: float) -> str:
    unit, size = ("s", 1.0) if seconds >= 1.0 else ("ms", 1e-3) if seconds >= 1e-3 else ("µs", 1e-6)
    return f"{seconds / size:.3g} {unit}"
