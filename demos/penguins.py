"""Penguins: a network learns the species of 333 penguins from four measures.

Data: palmerpenguins 0.1.6 (CC0), Gorman, Williams and Fraser 2014, doi 10.1371/journal.pone.0090081.

    make demo-penguins        # or, once that has run: python -m demos.penguins
"""

import csv
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from tqdm import tqdm

from demos.data import package
from micrograd import Value, draw, no_grad
from micrograd.nn import MLP, Layer, cross_entropy
from micrograd.optim import SGD

BUILD = Path(__file__).parent.parent / "build" / "penguins"
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
COLOURS, MARKERS = ("#c8553d", "#e2a93b", "#33658a"), "o^s"  # not colour alone tells the species apart
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
FOLDS, EPOCHS, BATCH = 5, 40, 16


class Penguin(NamedTuple):
    measures: list[float]
    species: int


def read(path: Path) -> list[Penguin]:
    """The penguins whose row is complete."""
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if not {"NA", ""} & set(row.values())]
    return [Penguin([float(row[m]) for m in MEASURES], SPECIES.index(row["species"])) for row in rows]


def standardiser(penguins: Sequence[Penguin]) -> Callable[[Sequence[Penguin]], list[Penguin]]:
    """What brings each measure of these penguins to mean 0 and deviation 1; made for others to use too."""
    columns = list(zip(*(p.measures for p in penguins), strict=True))
    scales = [(fmean(column), pstdev(column)) for column in columns]

    def scaled(p: Penguin) -> Penguin:
        pairs = zip(p.measures, scales, strict=True)
        return Penguin([(x - mean) / deviation for x, (mean, deviation) in pairs], p.species)

    return lambda others: [scaled(p) for p in others]


def folds(penguins: Sequence[Penguin], rng: random.Random) -> Iterator[tuple[list[Penguin], list[Penguin]]]:
    """Training and held-out penguins, five times: shuffled, each species spread evenly."""
    shuffled = sorted(rng.sample(penguins, len(penguins)), key=lambda p: p.species)
    for k in range(FOLDS):
        held_out = shuffled[k::FOLDS]
        yield [p for i, p in enumerate(shuffled) if i % FOLDS != k], held_out


def train(
    model: Any, penguins: Sequence[Penguin], rng: random.Random, tick: Callable[[], object]
) -> list[float]:
    """The mean loss of each epoch of stochastic gradient descent; tick is called after every epoch."""
    optimiser = SGD(lr=0.05, momentum=0.9)
    history = []
    for _ in range(EPOCHS):
        losses = []
        shuffled = rng.sample(penguins, len(penguins))
        for start in range(0, len(shuffled), BATCH):
            batch = shuffled[start : start + BATCH]
            loss = cross_entropy([model(p.measures) for p in batch], [p.species for p in batch])
            model.zero_grad()
            loss.backward()
            optimiser.step(model)
            losses.append(loss.data)
        history.append(fmean(losses))
        tick()
    return history


@no_grad()
def logits(model: Any, measures: Sequence[float]) -> list[float]:
    return [logit.data for logit in model(measures)]


def lead(scores: Sequence[float], species: int) -> float:
    """By how much the logit of this species exceeds the others; 0 on the border of its region."""
    return scores[species] - max(score for i, score in enumerate(scores) if i != species)


def classify(model: Any, measures: Sequence[float]) -> int:
    """The species of the largest logit."""
    scores = logits(model, measures)
    return scores.index(max(scores))


def accuracy(model: Any, penguins: Sequence[Penguin]) -> float:
    return fmean(classify(model, p.measures) == p.species for p in penguins)


def network(inputs: int, rng: random.Random) -> MLP:
    return MLP(inputs, [16, 3], activation="tanh", rng=rng)


def linear(inputs: int, rng: random.Random) -> Layer:
    return Layer(inputs, 3, nonlin=False, rng=rng)


def cross_validate(penguins: Sequence[Penguin]) -> dict[str, list[float]]:
    """The held-out accuracy of network and linear layer on each fold."""
    found: dict[str, list[float]] = {"network": [], "linear": []}
    models = {"network": network, "linear": linear}
    with tqdm(total=FOLDS * len(models) * EPOCHS, unit="epoch") as bar:
        for training, held_out in folds(penguins, random.Random(0)):
            standardise = standardiser(training)
            for name, make in models.items():
                rng = random.Random(0)
                model = make(len(MEASURES), rng)
                train(model, standardise(training), rng, bar.update)
                found[name].append(accuracy(model, standardise(held_out)))
    return found


def plot(penguins: Sequence[Penguin], path: Path) -> None:
    """Train on the two measures of the bill alone; draw the losses, and what the network then says where."""
    bills = [Penguin(p.measures[:2], p.species) for p in penguins]
    standardised = standardiser(bills)(bills)
    models = {"network": network(2, random.Random(1)), "linear layer": linear(2, random.Random(1))}
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    losses, regions = figure.subplots(1, 2, width_ratios=(2, 3))
    for (name, model), style in zip(models.items(), ("-", "--"), strict=True):
        history = train(model, standardised, random.Random(1), lambda: None)
        losses.plot(range(1, EPOCHS + 1), history, style, color="#1b2733", label=name)
    losses.set(title="Training loss", xlabel="epoch", ylabel="cross-entropy, nats", ylim=(0, None))
    losses.legend(frameon=False)
    draw_regions(regions, models["network"], bills)
    figure.savefig(path, dpi=110)


def draw_regions(axes: Any, net: Any, bills: Sequence[Penguin], steps: int = 150) -> None:
    """The plane of bill length and depth, coloured by what the network says, with the penguins on it."""
    standardise = standardiser(bills)
    length, depth = ([p.measures[i] for p in bills] for i in (0, 1))
    xs, ys = (
        [min(m) - 1 + (max(m) - min(m) + 2) * i / (steps - 1) for i in range(steps)] for m in (length, depth)
    )
    rows = [standardise([Penguin([x, y], 0) for x in xs]) for y in ys]
    grid = [[logits(net, p.measures) for p in row] for row in rows]
    for i, (name, colour, marker) in enumerate(zip(SPECIES, COLOURS, MARKERS, strict=True)):
        leads = [[lead(scores, i) for scores in row] for row in grid]
        axes.contourf(xs, ys, leads, levels=[0, inf], colors=[colour], alpha=0.3)
        here = [p.measures for p in bills if p.species == i]
        look = {"marker": marker, "edgecolor": "white", "linewidth": 0.5, "zorder": 2}
        axes.scatter(*zip(*here, strict=True), s=24, color=colour, label=name, **look)
    axes.set(title="Species by the bill alone", xlabel="bill length, mm", ylabel="bill depth, mm")
    axes.legend(frameon=True, loc="lower right")


def picture_of_a_loss(penguin: Penguin, directory: Path) -> None:
    """The graph of one example's loss, in a network small enough to read: 2 → 2 → 3, not yet trained."""
    small = MLP(2, [2, 3], activation="tanh", rng=random.Random(2))
    inputs = [
        Value(x, label=name) for x, name in zip(penguin.measures, ("bill length", "bill depth"), strict=False)
    ]
    logits = small(inputs)
    for path, parameter in small.named_parameters().items():
        parameter.label = path.replace("layers", "L").replace("neurons", "n")
    for logit, name in zip(logits, SPECIES, strict=True):
        logit.label = name
    loss = cross_entropy([logits], [penguin.species])
    loss.label = "loss"
    loss.backward()
    for suffix in ("svg", "png"):
        draw(loss, rankdir="TB").render(outfile=directory / f"loss.{suffix}", cleanup=True)


def main() -> None:
    try:
        penguins = read(package("palmerpenguins") / "data" / "penguins.csv")
    except FileNotFoundError as error:
        sys.exit(f"penguins: {error}")
    BUILD.mkdir(parents=True, exist_ok=True)
    print(f"{len(penguins)} penguins of {len(SPECIES)} species, {len(MEASURES)} measures; {FOLDS} folds")
    for name, scores in cross_validate(penguins).items():
        each = "  ".join(f"{score:.3f}" for score in scores)
        print(f"held-out accuracy, {name:8} {fmean(scores):.3f}   by fold: {each}")
    plot(penguins, BUILD / "training.png")
    picture_of_a_loss(standardiser(penguins)(penguins)[0], BUILD)
    print(f"losses, and regions on the plane of the bill: {BUILD / 'training.png'}")
    print(f"one example's loss in a small network, before training: {BUILD / 'loss.svg'}, loss.png beside it")


if __name__ == "__main__":
    main()
