"""Anomaly mode: the operation that first makes a nan or an inf raises, forward or backward."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import isfinite
from os.path import dirname
from threading import get_ident

from . import engine
from .engine import Value
from .errors import NotFiniteError
from .recording import mode

_PACKAGE = dirname(__file__)
# What has helped others, by the operator that they met it at.
_HINTS = {
    "log": "log1p(x) for log(1 + x), log_sigmoid(x) for log(sigmoid(x)), or keep the operand positive",
    "exp": "subtract the largest exponent first, or use softplus, sigmoid, logaddexp, which do",
    "/": "choose a safe divisor before dividing: a gate after it lets 0 × inf = nan through",
    "sqrt": "its slope is infinite at 0: hypot(x, y) for sqrt(x*x + y*y), or keep the operand positive",
    "**": "a negative base has whole exponents only; 0 has no negative ones",
}


@contextmanager
def anomaly() -> Iterator[None]:
    """Within the block, this thread's first nan or inf raises, at the line that made it.

    Raises:   NotFiniteError: an operation on finite operands gives nan or inf, or, in `backward`, a finite
              gradient becomes one; with the operation, its operands, the line, and a rewrite to try.

    >>> with anomaly():
    ...     Value(-1.0).log()
    Traceback (most recent call last):
    micrograd.errors.NotFiniteError: log(-1.0) = nan at <doctest micrograd.anomalies.anomaly[0]>:2; try ...
    """
    thread = get_ident()
    before = engine._propagators.get(thread)
    engine._propagators[thread] = _propagate_watched
    try:
        with mode(_check):
            yield
    finally:
        if before is None:
            del engine._propagators[thread]
        else:
            engine._propagators[thread] = before


def _check(v: Value) -> Value:
    line = v.__dict__["line"] = _line_outside()
    if not isfinite(v.data) and all(isfinite(x.data) for x in v.operands):
        raise NotFiniteError(f"{_call(v)} = {v.data} at {line}{_hint(v)}")
    return v


def _propagate_watched(nodes: Iterable[Value]) -> None:
    for v in nodes:
        finite = [x for x in v.operands if isfinite(x.grad)]
        engine.propagate((v,))
        for x in finite:
            if not isfinite(x.grad) and isfinite(v.grad):
                partials = ", ".join(f"{partial}" for operand, partial in v.flows if operand is x)
                raise NotFiniteError(
                    f"backward through {_call(v)} at {getattr(v, 'line', 'a line outside of anomaly()')}: "
                    f"gradient {v.grad} × partial {partials} = {x.grad}{_hint(v)}"
                )


def _call(v: Value) -> str:
    return f"{getattr(v.primitive, 'name', v._op)}({', '.join(str(x.data) for x in v.operands)})"


def _hint(v: Value) -> str:
    hint = _HINTS.get(getattr(v.primitive, "symbol", ""))
    return f"; try {hint}" if hint else ""


def _line_outside() -> str:
    """The file and line of the nearest caller that is not in this package."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back is not None:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
