"""The multi-layer perceptron: a Neuron is one `dot` node and its activation."""

import random
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from ..engine import Value, constant
from ..errors import OperandError, ShapeError
from ..primitive import Primitive, as_operands, number
from ..primitives import TABLE, dot
from .module import Module


class Neuron(Module):
    """activation(w · x + b).

    Args:     nin: the number of inputs; nonlin: False leaves the activation out.
              activation: a row of one operand, or its name.
              rng: draws the weights from [-1, 1), in order; the bias starts at 0.

    >>> neuron = Neuron(2, activation="tanh")
    >>> neuron.w = [Value(1.0), Value(2.0)]
    >>> neuron([0.5, -0.25]), neuron
    (Value(data=0.0, grad=0.0), tanhNeuron(2))
    """

    def __init__(
        self, nin: int, nonlin: bool = True, *, activation: str | Primitive = "relu", rng: Any = random
    ) -> None:
        self.w = [Value(rng.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin
        self.activation = _activation(activation)

    def __call__(self, x: Iterable[Any]) -> Value:
        x = x if isinstance(x, list) else as_operands("Neuron", x)
        if len(x) != len(self.w):
            raise ShapeError(f"{self!r} takes {len(self.w)} inputs, not {len(x)}: {tuple(x)!r:.100}")
        z: Value = dot.apply((*self.w, *x, self.b))
        return self.activation.apply((z,)) if self.nonlin else z

    def __repr__(self) -> str:
        return f"{self.activation.symbol if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons side by side; called, a list of their outputs, or the one output bare.

    Args:     nin, nout: inputs, neurons; keywords: of every Neuron.
    """

    def __init__(self, nin: int, nout: int, **keywords: Any) -> None:
        self.neurons = [Neuron(nin, **keywords) for _ in range(nout)]

    def __call__(self, x: Iterable[Any]) -> Any:
        x = as_operands("Layer", x)
        x = [v if isinstance(v, Value) else constant(number(v, "Layer: ")) for v in x]  # once for all neurons
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        alike = [(text, len(list(group))) for text, group in groupby(map(repr, self.neurons))]
        return f"Layer of [{', '.join(text if n == 1 else f'{n} × {text}' for text, n in alike)}]"


class MLP(Module):
    """Layers one after the other; the last is linear.

    Args:     nin: inputs; nouts: neurons of each layer; keywords: of every Neuron.
    Guarantees: the weights of micrograd 0.1.0 for the same seed of `random`.

    >>> MLP(2, [16, 16, 1])
    MLP of [Layer of [16 × ReLUNeuron(2)], Layer of [16 × ReLUNeuron(16)], Layer of [LinearNeuron(16)]]
    """

    def __init__(self, nin: int, nouts: list[int], **keywords: Any) -> None:
        sizes = [nin, *as_operands("MLP", nouts)]
        last = len(nouts) - 1
        self.layers = [Layer(sizes[i], sizes[i + 1], nonlin=i != last, **keywords) for i in range(len(nouts))]

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"


def _activation(wanted: str | Primitive) -> Primitive:
    rows = {name: row for name, row in TABLE.items() if row.arity == 1}
    row = rows.get(wanted) if isinstance(wanted, str) else wanted
    if not isinstance(row, Primitive) or row.arity != 1:
        near = get_close_matches(str(wanted), rows) or list(rows)
        raise OperandError(f"activation {wanted!r} is no operation of one operand; perhaps {', '.join(near)}")
    return row
