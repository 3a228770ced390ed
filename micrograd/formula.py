"""Formulas in writing: a row run on symbols, for `help(tanh)` and for whoever wants to read a derivative.

>>> from micrograd import tanh
>>> print(tanh.__doc__)
tanh(x)
<BLANKLINE>
    ∂/∂x = 4·sigmoid(2·x)·sigmoid(-2·x)
<BLANKLINE>
z is the result. Defined for x in (-∞, ∞). No kinks.
On numbers and Values; also as a method: x.tanh().
"""

from typing import Any

from .graph import OPERATORS, reflected
from .primitive import Primitive
from .primitives import TABLE

# How strongly an operator binds what stands beside it, and how it is written.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_OPERATORS = {"add": (" + ", _SUM), "sub": (" - ", _SUM), "mul": ("·", _PRODUCT), "div": (" / ", _PRODUCT)}


class Symbol:
    """A formula that is being written.

    >>> from micrograd import tanh
    >>> x, y = Symbol("x"), Symbol("y")
    >>> -(x + 2.0) * y / tanh(x - y)
    -(x + 2)·y / tanh(x - y)
    """

    def __init__(self, text: str, binding: int = _ATOM) -> None:
        self.text, self.binding = text, binding

    def record(self, primitive: Primitive, operands: tuple[Any, ...]) -> "Symbol":
        """What the row is called, with its operands in writing; called by the row itself."""
        symbols = [x if isinstance(x, Symbol) else _number(x) for x in operands]
        if primitive.name in _OPERATORS:
            text, binding = _OPERATORS[primitive.name]
            x, y = symbols
            return Symbol(f"{x.within(binding)}{text}{y.within(binding + 1)}", binding)
        if primitive.name == "neg":
            return Symbol(f"-{symbols[0].within(_POWER)}", _SIGN)
        if primitive.name == "pow":
            x, y = symbols
            return Symbol(f"{x.within(_ATOM)}**{y.within(_ATOM)}", _POWER)
        return Symbol(f"{primitive.name}({', '.join(x.text for x in symbols)})")

    def within(self, binding: int) -> str:
        """The text, in parentheses if what stands beside it binds more strongly."""
        return self.text if self.binding >= binding else f"({self.text})"

    def __repr__(self) -> str:
        return self.text


def _number(x: float) -> Symbol:
    return Symbol(f"{x:g}", _SIGN if x < 0.0 else _ATOM)


for _name, _row in OPERATORS.items():
    setattr(Symbol, _name, lambda *operands, row=_row: row.apply(operands))
    if _row.arity == 2:
        setattr(Symbol, reflected(_name), lambda x, y, row=_row: row.apply((y, x)))


def describe(row: Primitive) -> str:
    """A row in words: its call, its formula if it has one, its derivatives, domain and kinks."""
    names = _operand_names(row)
    operands = [Symbol(name) for name in names]
    try:
        formula = row.definition(*row.spread(tuple(operands)))
        formula = f" = {formula}"
    except Exception:  # an atom: it takes floats alone, and says so as it likes
        formula = ""
    try:
        slopes = row.derive(Symbol("z"), tuple(operands), [True] * len(operands))
    except Exception:
        slopes = (Symbol("in code that takes no symbols"),) * len(operands)
    call = row.written or f"{row.name}({', '.join(names)})"
    lines = [
        f"    ∂/∂{name} = {slope if isinstance(slope, Symbol) else _number(slope)}"
        for name, slope in zip(names, slopes, strict=True)
        if slope is not None
    ]
    domains = row.domain if isinstance(row.domain[0], tuple) else [row.domain] * len(names)
    places = ", ".join(f"{name} in {domain}" for name, domain in zip(names, domains, strict=True))
    kinks = ", ".join(f"{k(*operands)} = 0" if callable(k) else f"{names[0]} = {k:g}" for k in row.kinks)
    gates = any("choose" in line for line in [formula, *lines])
    method = f"; also as a method: x.{row.name}()" if row.arity == 1 and row.name in TABLE else ""
    return "\n".join(
        [
            f"{call}{formula}",
            "",
            *lines,
            "",
            f"z is the result. Defined for {places}. {f'Kinks where {kinks}.' if kinks else 'No kinks.'}",
            f"On numbers and Values{method}.",
            *(["choose(x, a, b) is a where x > 0, b elsewhere."] if gates else []),
        ]
    )


def _operand_names(row: Primitive) -> list[str]:
    """The names by which the row's own partials call its operands."""
    if row.arity is None:
        return "".join(c if c.isalnum() else " " for c in row.written).split()[1:]
    codes = [code for p in row.each_partial if (code := getattr(p, "__code__", None))]
    names = list(codes[0].co_varnames[1 : codes[0].co_argcount]) if codes else []
    return names if len(names) == row.arity else [f"x{i}" for i in range(row.arity)]


class _RowDoc:
    """The docstring of Primitive; that of a row is its description."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __get__(self, row: Primitive | None, owner: type) -> str:
        return self.text if row is None else describe(row)


for _kind in {Primitive, *map(type, TABLE.values())}:
    _kind.__doc__ = _RowDoc(Primitive.__doc__ or "")  # type: ignore[assignment]
