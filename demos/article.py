"""A textbook network, built from its formulas: what it cannot learn as written, and which chain is right.

The article from which this project grew explains back-propagation on a network with two hidden units:

    a1 = σ(W1·x1 + b1)    a2 = σ(W2·x2 + b2)    y = σ(W3·[a1, a2] + b3)    L = 1/(2n) Σ (y − t)²

Built from Values, these lines can be drawn, differentiated and trained, and so be held to account:

1. Its chain for ∂L/∂W3 leads through [a1, a2], which does not depend on W3: that product is 0. The right
   chain leads through the pre-activation z3 = W3·[a1, a2] + b3.
2. With x1 and x2 one number each, it cannot learn XOR; with both the whole input vector, it can.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from micrograd import Value, dot, draw, gradient, sigmoid
from micrograd.nn import Module, half_mean_squared_error
from micrograd.optim import SGD

BUILD = Path(__file__).parent.parent / "build" / "article"
INPUTS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
XOR = [0.0, 1.0, 1.0, 0.0]
SEEDS = range(25)
STEPS, RATE, MOMENTUM, SCALE = 2000, 4.0, 0.9, 0.5

Runs = list[tuple[list[float], bool]]  # for each seed, the loss at every step, and whether XOR was learned
# What the formulas call x1 and x2, for an input of two numbers.
READINGS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "literal": lambda x: ([x[0]], [x[1]]),
    "vector": lambda x: (x, x),
}


class Signals(NamedTuple):
    """The nodes of a forward pass: what the formulas name, and the pre-activations z, which they do not."""

    z1: Value
    a1: Value
    z2: Value
    a2: Value
    z3: Value
    y: Value


class Network(Module):
    """The formulas, for hidden units that see `width` numbers each."""

    def __init__(self, width: int, rng: Random) -> None:
        sizes = (width, width, 2)
        self.W1, self.W2, self.W3 = ([Value(SCALE * rng.uniform(-1, 1)) for _ in range(n)] for n in sizes)
        self.b1, self.b2, self.b3 = Value(0.0), Value(0.0), Value(0.0)

    def __call__(self, x1: Sequence[Any], x2: Sequence[Any]) -> Signals:
        a1 = sigmoid(z1 := dot(self.W1, x1, self.b1))
        a2 = sigmoid(z2 := dot(self.W2, x2, self.b2))
        y = sigmoid(z3 := dot(self.W3, [a1, a2], self.b3))
        return Signals(z1, a1, z2, a2, z3, y)


def example() -> tuple[Network, Signals, Value]:
    """The literal network at x1 = 1, x2 = 1, t = 0, and its loss; all have names, after `backward`."""
    network = Network(1, Random(0))
    weights = {"W1[0]": 0.5, "W2[0]": -1.0, "W3[0]": 1.5, "W3[1]": -2.0}
    network.load_state_dict(weights | {"b1": -0.25, "b2": 0.5, "b3": 0.25})
    x1, x2, t = Value(1.0, label="x1"), Value(1.0, label="x2"), Value(0.0, label="t")
    signals = network([x1], [x2])
    loss = (signals.y - t) ** 2 / 2
    for name, node in (network.named_parameters() | signals._asdict() | {"L": loss}).items():
        node.label = name
    loss.backward()
    return network, signals, loss


def show_example(network: Network, signals: Signals, loss: Value, directory: Path) -> None:
    """Print the derivative of the loss by every parameter; draw the graph."""
    print("At x1 = 1, x2 = 1, t = 0:", *[f"{node.label} = {node:.4f}" for node in [*signals, loss]], sep="  ")
    for p in network.parameters():
        print(f"  {p.label:5} = {p:7.4f}    ∂L/∂{p.label:5} = {p.grad:8.5f}")
    for kind in ("svg", "png"):
        print(f"  picture: {draw(loss).render(outfile=directory / f'network.{kind}', cleanup=True)}")


def jacobian(outputs: Sequence[Value], inputs: Sequence[Value]) -> Any:
    """The derivative of each output (a row) by each input (a column); both may be inside of a graph."""
    return np.array([[slope.data for slope in gradient(output, inputs)] for output in outputs])


def chains(network: Network, signals: Signals, loss: Value) -> tuple[dict[str, Any], dict[str, Any]]:
    """The factors of ∂L/∂W3 by name: those that the article prints, and the right ones."""
    _, a1, _, a2, z3, y = signals
    first = {"∂L/∂y": jacobian([loss], [y])}
    printed = {"∂y/∂[a1,a2]": jacobian([y], [a1, a2]), "∂[a1,a2]/∂W3": jacobian([a1, a2], network.W3)}
    right = {"∂y/∂z3": jacobian([y], [z3]), "∂z3/∂W3": jacobian([z3], network.W3)}
    return first | printed, first | right


def product(chain: dict[str, Any]) -> list[float]:
    """The derivative by each weight that the factors give."""
    return reduce(np.matmul, chain.values())[0].tolist()  # type: ignore[no-any-return]


def show_chains(network: Network, signals: Signals, loss: Value) -> None:
    """Print both chains factor by factor, and their products beside what `backward` found."""
    printed, right = chains(network, signals, loss)
    for title, chain in {"The article's chain": printed, "The chain through z3": right}.items():
        print(f"\n{title}: ∂L/∂W3 = {' · '.join(chain)}")
        for name, factor in chain.items():
            print(f"  {name:12} = {factor.round(5).tolist()}")
    print("\n          the article's    through z3       backward()")
    for w, x, y in zip(network.W3, product(printed), product(right), strict=True):
        print(f"  ∂L/∂{w.label}   {x:.12f}   {y:.12f}   {w.grad:.12f}")
    print("W3 enters z3 beside [a1, a2], and does nothing to [a1, a2]; so it is for b3.")


def diagonal_sums(network: Network) -> tuple[float, float]:
    """z3(0,0) + z3(1,1) and z3(0,1) + z3(1,0) of a literal network."""
    z3 = [network(*READINGS["literal"](x)).z3.data for x in INPUTS]
    return z3[0] + z3[3], z3[1] + z3[2]


def show_proof() -> None:
    """Print why the literal reading cannot learn XOR, and the equality at random weights."""
    left, right = diagonal_sums(Network(1, Random(0)))
    print("\nThe literal network, y = σ(z3) with z3 = g(x1) + h(x2) + c, cannot learn XOR, in two lines:")
    print("  z3(0,0) + z3(1,1) = g(0) + g(1) + h(0) + h(1) + 2c = z3(0,1) + z3(1,0),")
    print("  but XOR wants both z3 on the left below a threshold, and both on the right above it.")
    print(f"At random weights: {left:.12f} = {right:.12f}")


def learned(outputs: Sequence[float]) -> bool:
    """Whether all four outputs are on the right side of 0.5."""
    return all((y > 0.5) == (t > 0.5) for y, t in zip(outputs, XOR, strict=True))


def train(reading: str, seed: int, steps: int = STEPS) -> tuple[list[float], bool]:
    """The loss at every step of gradient descent with momentum, and whether XOR was learned."""
    examples = [READINGS[reading](x) for x in INPUTS]
    network, optimiser, losses = Network(len(examples[0][0]), Random(seed)), SGD(RATE, MOMENTUM), []
    for _ in range(steps):
        loss = half_mean_squared_error([network(*x).y for x in examples], XOR)
        network.zero_grad()
        loss.backward()
        optimiser.step(network)
        losses.append(loss.data)
    return losses, learned([network(*x).y.data for x in examples])


def count(runs: Runs) -> str:
    return f"{sum(success for _, success in runs)} of {len(runs)} seeds learn XOR"


def show_runs(readings: dict[str, Runs]) -> None:
    """Print how many seeds of each reading have learned XOR, and where the losses end."""
    print(f"\nTraining from seeds {SEEDS[0]} … {SEEDS[-1]}, weights uniform in ±{SCALE}, biases 0;")
    print(f"{STEPS} steps on all four examples, with learning rate {RATE:g} and momentum {MOMENTUM}:")
    for reading, runs in readings.items():
        final = sorted(losses[-1] for losses, _ in runs)
        print(f"  {reading:7}  {count(runs)}; losses end at {final[0]:.6f} … {final[-1]:.6f}")
    print(
        "Whoever answers 0.5 to everything has a loss of 0.125 by 1/(2n) Σ (y − t)², 0.25 by 1/n Σ (y − t)²:"
    )
    print("the literal network learns no better. 0.0625 is two right answers and two of 0.5.")


def plot(readings: dict[str, Runs], path: Path) -> None:
    """The loss at every step: a panel for each reading, a line for each seed, red if it fails."""
    figure = Figure(figsize=(12, 4.6), layout="constrained")
    panels = figure.subplots(1, len(readings), sharey=True)
    for axes, (reading, runs) in zip(panels, readings.items(), strict=True):
        for losses, success in runs:
            axes.semilogy(losses, color="#33658a" if success else "#c8553d", linewidth=1, alpha=0.6)
        axes.axhline(0.125, color="black", linestyle=":", linewidth=1)
        axes.text(len(losses), 0.16, "0.125: answering 0.5 to everything", ha="right")
        axes.set(xlabel="step", title=f"{reading.capitalize()} reading: {count(runs)}", ylim=(1e-5, 1.0))
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("loss, 1/(2n) Σ (y − t)²")
    figure.savefig(path, dpi=120)


def main() -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    shown = example()
    show_example(*shown, BUILD)
    show_chains(*shown)
    show_proof()
    readings = {reading: [train(reading, seed) for seed in SEEDS] for reading in READINGS}
    show_runs(readings)
    plot(readings, BUILD / "xor.png")
    print(f"  picture: {BUILD / 'xor.png'}")


if __name__ == "__main__":
    main()
