"""Primitive: one row of the table, and what can be done with a row on plain floats.

A row runs as fast as Python can on floats; where Python raises, it runs again under IEEE 754.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from . import ieee
from .domains import REAL, Interval
from .errors import OperandError, ShapeError, kind, shown

Function = Callable[..., Any]


def number(x: Any, what: str = "") -> float:
    """A plain float from an int, float, bool, NumPy scalar or 0-d NumPy array; `what` is for the message.

    Raises:   OperandError: for anything else (Fraction, Decimal, complex, str, None …), and for
              integers beyond the range of floats.
    """
    if not isinstance(x, float | int) and type(x).__module__ == "numpy" and getattr(x, "ndim", None) == 0:
        x = x.item()
    if isinstance(x, float | int):
        try:
            return float(x)
        except OverflowError:
            raise OperandError(f"{what}{shown(x)} is beyond the range of floats") from None
    raise OperandError(f"{what}{shown(x)} is {kind(x)}, not a number")


def as_operands(name: str, xs: Any) -> tuple[Any, ...]:
    """The operands in a list.

    Raises:   OperandError: it is no list.
    """
    try:
        return tuple(xs)
    except TypeError:
        raise OperandError(f"{name}({shown(xs)}): {kind(xs)} is no list") from None


class Primitive:
    """One row of the table; called, it is the function itself, on numbers or on Values.

    Args:     name: how functions, methods and messages call it.
              definition: a function of floats, or a formula over other rows.
              partials: a tuple with one function (z, *operands) per operand, None where no derivative
                ever flows; or, for a row of any number of operands, one function (z, operands) that
                gives them all as a tuple, and definition(operands) alike.
              symbol: what drawings and `_op` show; the name unless given.
              domain: one Interval per operand, or one for all; the reals unless given.
              kinks: where the derivative jumps: points of the one operand, or functions of several
                that are zero there. At a kink the partial is the subgradient of least norm.
    Guarantees: nan and inf come out where IEEE 754 says so; no arithmetic raises.

    >>> cube = Primitive("cube", lambda x: x * x * x, (lambda z, x: 3.0 * x * x,))
    >>> cube(2.0), cube
    (8.0, <primitive cube>)
    """

    def __init__(
        self,
        name: str,
        definition: Function,
        partials: tuple[Function | None, ...] | Function,
        symbol: str | None = None,
        domain: tuple[Interval, ...] | Interval = REAL,
        kinks: tuple[float | Function, ...] = (),
    ) -> None:
        self.each_partial = partials if isinstance(partials, tuple) else (partials,)
        functions = (definition, *(p for p in self.each_partial if p is not None))
        if partials is None or not all(map(callable, functions)):
            raise OperandError(
                f"Primitive {name!r}: the definition is a function, the partials are a tuple of functions "
                "(mind the comma) or, for a row of any number of operands, one function"
            )
        self.name, self.definition, self.partials = name, definition, partials
        self.symbol = name if symbol is None else symbol
        self.arity = len(partials) if isinstance(partials, tuple) else None
        self.gated = isinstance(partials, tuple) and None in partials
        one_for_all = isinstance(domain, Interval) and self.arity is not None
        self.domain = (domain,) * self.arity if one_for_all else domain  # type: ignore[operator]
        self.kinks = kinks
        self.written = "" if self.arity is not None else f"{name}([x0, x1, …])"  # as a call, for help
        self.__module__ = sys._getframe(1).f_globals.get("__name__", "__main__")
        # On floats; at the end of its file the table binds its own rows to faster functions.
        self.value: Function = lambda *operands: float(definition(*operands))
        self.slopes = tuple(self._as_float(partial) for partial in self.each_partial)

    def _as_float(self, partial: Function | None) -> Function | None:
        if partial is None:
            return None
        if self.arity is None:
            return lambda z, operands: self._counted(tuple(map(float, partial(z, operands))), operands)
        return lambda *operands: float(partial(*operands))

    def _counted(self, partials: tuple[Any, ...], operands: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(partials) != len(operands):
            raise ShapeError(f"{self.name} gives {len(partials)} partials for {len(operands)} operands")
        return partials

    def spread(self, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        """The operands as the row takes them: one by one, or all in one tuple if they are any number."""
        return (operands,) if self.arity is None else operands

    def evaluate(self, operands: tuple[float, ...]) -> float:
        """The value at floats, with IEEE's answers."""
        try:
            return self.value(*self.spread(operands))  # type: ignore[no-any-return]
        except Exception:
            return ieee.run(self.definition, *self.spread(operands))  # type: ignore[no-any-return]

    def differentiate(self, z: float, operands: tuple[float, ...], wanted: Iterable[bool]) -> tuple[Any, ...]:
        """The partials at floats, with IEEE's answers; None where unwanted or where none flows."""
        if self.arity is None:
            every = self._counted(self._slope(0, z, operands), operands)
            return tuple(d if want else None for d, want in zip(every, wanted, strict=True))
        return tuple(
            self._slope(i, z, *operands) if want and self.slopes[i] is not None else None
            for i, want in enumerate(wanted)
        )

    def _slope(self, index: int, *operands: Any) -> Any:
        try:
            return self.slopes[index](*operands)  # type: ignore[misc]
        except Exception:
            return ieee.run(self.each_partial[index], *operands)  # type: ignore[arg-type]

    def derive(self, z: Any, operands: tuple[Any, ...], wanted: Iterable[bool]) -> tuple[Any, ...]:
        """The partials over Values, as graphs; None where unwanted or where none flows."""
        operands = tuple([ieee.Float(x) if type(x) is float else x for x in operands])
        if isinstance(self.partials, tuple):
            asked = zip(self.partials, wanted, strict=True)
            partials = tuple(p(z, *operands) if want and p is not None else None for p, want in asked)
        else:
            every = self._counted(tuple(self.partials(z, operands)), operands)
            partials = tuple(p if want else None for p, want in zip(every, wanted, strict=True))
        return tuple(float(p) if isinstance(p, ieee.Float) else p for p in partials)

    def __call__(self, *operands: Any) -> Any:
        """The value at the operands: a number if all are numbers, a Value if one is."""
        if len(operands) != self.arity:
            if self.arity is not None or len(operands) != 1:
                takes = "one list" if self.arity is None else f"{self.arity} operand{'s' * (self.arity != 1)}"
                raise OperandError(f"{self.name} takes {takes}, not {len(operands)}")
            operands = as_operands(self.name, operands[0])
        return self.apply(operands)

    def apply(self, operands: tuple[Any, ...]) -> Any:
        """The value at a flat tuple of operands: whoever among them can record, records."""
        for x in operands:
            record = getattr(x, "record", None)
            if record is not None:
                return record(self, operands)
        floats = tuple([x if type(x) is float else self.operand(x, operands) for x in operands])
        if any(isinstance(x, ieee.Float) for x in operands):
            return ieee.Float(ieee.run(self.definition, *self.spread(floats)))
        return self.evaluate(floats)

    def operand(self, x: Any, operands: tuple[Any, ...]) -> float:
        """x as a float, or an error that names the operation and all its operands."""
        try:
            return number(x)
        except OperandError as error:
            raise OperandError(f"{self.name}({', '.join(map(shown, operands))}): {error}") from None

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str:
        return self.name  # pickle finds it as this name in its module, as it does a function
