"""Optimisers: each is one formula over numbers, from a parameter and its gradient to the next parameter."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from .engine import Value, only_values
from .nn.module import Module


class Optimiser(ABC):
    """One update rule for every parameter on its own.

    A subclass says what a parameter's state is at first (`initial`), and what follows from a parameter,
    its gradient and its state: `update(parameter, gradient, state) -> (parameter, state)`.
    """

    initial: Any = None

    def __init__(self) -> None:
        self.states: dict[int, tuple[Value, Any]] = {}  # by id, with the parameter, which so stays alive

    @abstractmethod
    def update(self, parameter: Any, gradient: Any, state: Any) -> tuple[Any, Any]:
        """The parameter and the state after one step; numbers in, numbers out."""

    def step(self, parameters: Module | Iterable[Value]) -> None:
        """Update all parameters by the gradients that `backward()` left in their `.grad`; each once.

        Raises:   OperandError: one of them is no Value; then nothing has changed.
        """
        if isinstance(parameters, Module):
            parameters = parameters.parameters()
        for p in {id(p): p for p in only_values(parameters, "step")}.values():
            _, state = self.states.get(id(p), (p, self.initial))
            p.data, state = self.update(p.data, p.grad, state)
            self.states[id(p)] = p, state


class SGD(Optimiser):
    """Gradient descent, W ← W − lr·v with v ← momentum·v + ∂L/∂W.

    Args:     lr: the learning rate, > 0; momentum: in [0, 1), 0 for plain gradient descent.
    Source:   Polyak 1964 for the momentum, in the form that deep learning uses (lr outside of v).

    >>> SGD(lr=0.1).update(1.0, 2.0, 0.0)
    (0.8, 2.0)
    """

    initial = 0.0

    def __init__(self, lr: float = 0.01, momentum: float = 0.0) -> None:
        super().__init__()
        self.lr, self.momentum = lr, momentum

    def update(self, parameter: Any, gradient: Any, state: Any) -> tuple[Any, Any]:
        velocity = self.momentum * state + gradient
        return parameter - self.lr * velocity, velocity
