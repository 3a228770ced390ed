"""The two moons: the demo of micrograd 0.1.0, run again on 0.1.0 itself and on this package.

A network 2 → 16 → 16 → 1 of relu neurons learns to tell apart two interlocking half circles. One program
is run by both packages, with the same data, the same initial weights and the same steps, so every loss
can be laid beside the other's, and every second too.

    python -m demos.moons                      # 100 steps here, 20 of them beside 0.1.0
    python -m demos.moons --parent-steps 100   # all of them beside 0.1.0: two minutes
"""

import random
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

import micrograd.nn
from benchmarks import peers
from micrograd import no_grad

BUILD = Path(__file__).parent.parent / "build" / "moons"
SEED = 1337
STEPS = 100
RED, BLUE = "#c8553d", "#33658a"

Points = list[list[float]]


class Step(NamedTuple):
    """What one step of the training came to."""

    loss: float
    accuracy: float
    seconds: float


def two_moons(n: int = 100, noise: float = 0.1) -> tuple[Points, list[int]]:
    """Points on an upper and a lower half circle, shuffled, with noise, and their labels, −1 and 1.

    NumPy's legacy generator and this order of operations give the bits of scikit-learn's
    `make_moons(n, noise=noise)` after `np.random.seed(1337)`, which is what 0.1.0 trained on.
    """
    rng = np.random.RandomState(SEED)
    upper, lower = np.linspace(0, np.pi, n // 2), np.linspace(0, np.pi, n - n // 2)
    xs = np.concatenate([np.cos(upper), 1 - np.cos(lower)])
    ys = np.concatenate([np.sin(upper), 1 - np.sin(lower) - 0.5])
    labels = np.repeat([-1, 1], [len(upper), len(lower)])
    order = np.arange(n)
    rng.shuffle(order)
    points = np.column_stack([xs, ys])[order] + rng.normal(scale=noise, size=(n, 2))
    return points.tolist(), labels[order].tolist()


def network(package: Any) -> Any:
    """The untrained network, with the same weights in either package."""
    random.seed(SEED)
    return package.nn.MLP(2, [16, 16, 1])


def train(package: Any, model: Any, points: Points, labels: list[int], steps: int) -> Iterator[Step]:
    """Gradient descent on the hinge loss and L2, in the words of 0.1.0."""
    for k in range(steps):
        start = process_time()
        inputs = [list(map(package.engine.Value, point)) for point in points]
        scores = list(map(model, inputs))
        losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        right = sum((label > 0) == (score.data > 0) for label, score in zip(labels, scores, strict=True))
        yield Step(total.data, right / len(labels), process_time() - start)


def relative_difference(a: float, b: float) -> float:
    return abs(a - b) / abs(b)


def load_parent() -> Any:
    """micrograd 0.1.0, which would otherwise be hidden by this package of the same name."""
    try:
        return peers.load("micrograd", "engine", "nn")
    except ModuleNotFoundError as error:
        sys.exit(f"This demo runs beside micrograd 0.1.0: {error}")


def plot_regions(axes: Any, model: Any, points: Points, labels: list[int]) -> None:
    """What the network answers everywhere, and the points from which it knows."""
    xs, ys = np.linspace(-1.6, 2.6, 85), np.linspace(-1.1, 1.6, 55)
    with no_grad():
        scores = [[model([x, y]).data for x in xs] for y in ys]
    axes.contourf(xs, ys, scores, levels=[-np.inf, 0.0, np.inf], colors=[RED, BLUE], alpha=0.3)
    axes.contour(xs, ys, scores, levels=[0.0], colors="black", linewidths=1)
    colours = [BLUE if label > 0 else RED for label in labels]
    axes.scatter(*zip(*points, strict=True), c=colours, edgecolors="white", s=45)
    axes.set(xlabel="first coordinate", ylabel="second coordinate", title="Decision regions after training")


def plot_losses(axes: Any, ours: list[Step], parents: list[Step]) -> None:
    axes.semilogy([step.loss for step in ours], color=BLUE, linewidth=2, label="this package")
    axes.semilogy([step.loss for step in parents], "o", color=RED, fillstyle="none", label="micrograd 0.1.0")
    axes.set(xlabel="step", ylabel="loss", title="Loss, step by step")
    axes.grid(alpha=0.3)
    axes.legend()


def plot(
    path: Path, model: Any, points: Points, labels: list[int], ours: list[Step], parents: list[Step]
) -> None:
    """The picture: regions on the left, both losses on the right."""
    figure = Figure(figsize=(12, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    plot_regions(left, model, points, labels)
    plot_losses(right, ours, parents)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(prog="python -m demos.moons", description="The two moons beside 0.1.0.")
    possible, text = range(1, STEPS + 1), f"how many of the {STEPS} steps 0.1.0 runs too"
    parser.add_argument("--parent-steps", type=int, default=20, choices=possible, metavar="N", help=text)
    parent_steps = parser.parse_args(arguments).parent_steps
    parent = load_parent()
    points, labels = two_moons()
    model = network(micrograd)

    print(f"This package, {STEPS} steps:")
    ours = list(train(micrograd, model, points, labels, STEPS))
    for k in [*range(0, STEPS, 10), STEPS - 1]:
        print(f"  step {k:2}   loss {ours[k].loss:.6f}   accuracy {ours[k].accuracy:4.0%}")

    print(f"\nmicrograd 0.1.0, the first {parent_steps} steps of the same program:")
    print("              loss of 0.1.0    loss of this package    relative difference")
    parents = []
    for k, step in enumerate(train(parent, network(parent), points, labels, parent_steps)):
        parents.append(step)
        apart = relative_difference(ours[k].loss, step.loss)
        print(f"  step {k:2}   {step.loss:.15f}       {ours[k].loss:.15f}   {apart:20.1e}", flush=True)

    largest = max(relative_difference(a.loss, b.loss) for a, b in zip(ours, parents, strict=False))
    slow, fast = median(step.seconds for step in parents), median(step.seconds for step in ours)
    print(f"\nLargest relative difference of the losses: {largest:.1e}. (0.1.0 keeps operands in sets, whose")
    print("order differs from run to run, and so do the last digits of its sums.)")
    print(f"CPU time of a step: {slow:.2f} s in 0.1.0, {fast * 1e3:.1f} ms here; ratio {slow / fast:.0f}")
    plot(BUILD / "moons.png", model, points, labels, ours, parents)
    print(f"Picture: {BUILD / 'moons.png'}")


if __name__ == "__main__":
    main()
