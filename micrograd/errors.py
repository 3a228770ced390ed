"""The exceptions of this package: each names the operation and the values that it met."""

from typing import Any


def shown(x: Any, width: int = 60) -> str:
    """The repr of a value, cut for a message.

    >>> shown("a" * 100, 10), shown(10**5000)
    ("'aaaaaaaaa", 'a huge int')
    """
    try:
        return f"{x!r:.{width}}"
    except ValueError:  # Python refuses to write out integers of thousands of digits
        return f"a huge {type(x).__name__}"


def kind(x: Any) -> str:
    """
    >>> kind(1), kind("a")
    ('an int', 'a str')
    """
    name = type(x).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


class MicrogradError(Exception):
    """The root of every exception that this package raises of its own."""


class OperandError(MicrogradError, TypeError):
    """An operand that is neither a number nor a Value."""


class ShapeError(MicrogradError, ValueError):
    """Lists whose lengths do not fit each other."""


class GraphError(MicrogradError, ValueError):
    """A graph that cannot be read again: a node made by hand, or no graph at all."""


class StaleGraphError(GraphError):
    """A graph whose numbers were changed after it was recorded; `refresh()` runs it again."""


class NotFiniteError(MicrogradError, ArithmeticError):
    """Under `anomaly()`: the operation that first made a nan or an inf."""


class StateError(MicrogradError, ValueError):
    """A state dictionary whose names or values do not fit the module."""


class MissingExtraError(MicrogradError, ImportError):
    """An optional package or program that is not installed; the message names the extra."""
