"""Module: what has parameters, and says where the nodes that it records come from.

While a module runs, its nodes carry its path in their `scope`; the same paths name the parameters:
`layers[0].neurons[1].w[0]`.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from threading import local
from typing import Any
from weakref import ref

from .. import recording
from ..engine import CONSTANT, Value
from ..errors import OperandError, StateError
from ..primitive import number


class _Here(local):
    """What is so in one thread alone."""

    module: Any = None  # the one that runs


_here = _Here()


def _in_scope(call: Callable[..., Any]) -> Callable[..., Any]:
    """The `__call__` of a module, made to say where it runs: 9 % of recording a small network."""

    @wraps(call)
    def run(self: Any, *operands: Any, **keywords: Any) -> Any:
        caller, scope = _here.module, recording.scope
        if caller is self:  # super().__call__
            return call(self, *operands, **keywords)
        if caller is None:
            path = ""
        else:
            place = self._called_at
            if place is None or place[0]() is not caller or place[1] != scope:
                place = self._called_at = _place(self, caller, scope)
            path = place[2]
        _here.module, recording.scope = self, path
        try:
            return call(self, *operands, **keywords)
        finally:
            _here.module = caller
            recording.scope = scope if caller is not None else ""

    return run


def _place(module: Any, caller: Any, scope: str) -> tuple[Callable[[], Any], str, str]:
    """Where a module is called: by whom, at which path, and what its own path is."""
    own, _ = _parts(caller, "", {}).get(id(module), (type(module).__name__, None))
    return ref(caller), scope, f"{scope}.{own}" if scope else own


class Module:
    """Anything with parameters: the leaf Values in its attributes, and in their lists, dicts and modules.

    What was computed under `no_grad`, and bare numbers, are no parameters.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offsets = Value(2.0), [Value(1.0)]
    ...
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offsets[0]
    >>> line = Line()
    >>> line(3.0).data, line.state_dict()
    (7.0, {'slope': 2.0, 'offsets[0]': 1.0})
    """

    _called_at: Any = None  # where it was called last, kept for the next call

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__call__" in cls.__dict__:
            cls.__call__ = _in_scope(cls.__dict__["__call__"])  # type: ignore[method-assign]

    def named_parameters(self) -> dict[str, Value]:
        """The parameters by path, in the order in which the attributes were made; a shared one once."""
        found = [(path, thing) for path, thing in _parts(self, "", {}).values() if isinstance(thing, Value)]
        named = dict(found)
        if len(named) < len(found):
            raise StateError(
                f"two parameters of {type(self).__name__} have one path: keys need different reprs"
            )
        return named

    def parameters(self) -> list[Value]:
        """The parameters, in the order of `named_parameters`."""
        return [thing for _, thing in _parts(self, "", {}).values() if isinstance(thing, Value)]

    def zero_grad(self) -> None:
        """Set the grad of every parameter to 0.0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, float]:
        """The numbers of all parameters by path."""
        return {path: parameter.data for path, parameter in self.named_parameters().items()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Set all parameters to the numbers of a `state_dict` of a module of the same shape.

        Raises:   StateError: names are missing, unknown or hold no number; then nothing has changed.
        """
        parameters = self.named_parameters()
        wrong = {
            "missing": [path for path in parameters if path not in state],
            "unknown": [path for path in state if path not in parameters],
        }
        numbers = {}
        for path in parameters.keys() & state.keys():
            try:
                numbers[path] = number(state[path])
            except OperandError as error:
                wrong.setdefault("not a number", []).append(f"{path} ({error})")
        complaints = [f"{what}: {', '.join(sorted(paths)):.300}" for what, paths in wrong.items() if paths]
        if complaints:
            raise StateError(f"this state does not fit {type(self).__name__}: {'; '.join(complaints)}")
        for path, x in numbers.items():
            parameters[path].data = x

    def __getstate__(self) -> dict[str, Any]:
        return {name: thing for name, thing in vars(self).items() if name != "_called_at"}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters())} parameters)"


def _parts(thing: Any, path: str, found: dict[int, tuple[str, Any]]) -> dict[int, tuple[str, Any]]:
    """The modules and the leaf Values at and below a thing, with their paths; each once, by its id."""
    if isinstance(thing, Value):
        if thing.primitive != CONSTANT and not thing.arguments:
            found.setdefault(id(thing), (path, thing))
    elif isinstance(thing, Module):
        if id(thing) not in found:
            found[id(thing)] = path, thing
            for name, part in vars(thing).items():
                _parts(part, f"{path}.{name}" if path else name, found)
    elif isinstance(thing, list | tuple):
        for i, part in enumerate(thing):
            _parts(part, f"{path}[{i}]", found)
    elif isinstance(thing, dict):
        for key, part in thing.items():
            _parts(part, f"{path}[{key!r}]", found)
    return found
