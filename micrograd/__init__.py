"""A scalar automatic differentiation engine.

>>> from micrograd import Value, tanh
>>> x = Value(0.5)
>>> y = tanh(x) * 2.0
>>> y.backward()
>>> x.grad
1.5728954659318548
"""

import builtins as _builtins
from importlib import import_module as _import_module
from typing import Any as _Any

from . import copies as _copies  # noqa: F401 (lets graphs of any depth be copied and pickled)
from . import formula as _formula  # noqa: F401 (gives rows their help)
from . import recording as _recording  # gives Value its operators
from .anomalies import anomaly
from .domains import Interval
from .engine import Value
from .errors import (
    GraphError,
    MicrogradError,
    MissingExtraError,
    NotFiniteError,
    OperandError,
    ShapeError,
    StaleGraphError,
    StateError,
)
from .gradients import gradient
from .primitive import Primitive
from .primitives import TABLE as _TABLE

no_grad = _recording.no_grad
globals().update(_TABLE)  # every row is a function of this package: micrograd.tanh, micrograd.sum …

# Loaded on first use, so that `import micrograd` loads nothing but the engine.
_LATER = {
    **dict.fromkeys(("grad", "value_and_grad", "vjp", "jvp", "hvp", "jacobian", "hessian"), "transforms"),
    **dict.fromkeys(("draw", "draw_dot"), "drawing"),
    "nn": "nn",
    "optim": "optim",
}

# What `from micrograd import *` gives: it leaves the builtins abs, pow and sum alone.
__all__ = [
    "Value",
    "gradient",
    "no_grad",
    "anomaly",
    "Primitive",
    "Interval",
    "MicrogradError",
    "GraphError",
    "MissingExtraError",
    "NotFiniteError",
    "OperandError",
    "ShapeError",
    "StaleGraphError",
    "StateError",
    *(name for name in _TABLE if not hasattr(_builtins, name)),
]


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module 'micrograd' has no attribute {name!r}")
    module = _import_module(f"micrograd.{_LATER[name]}")
    globals()[name] = thing = module if name == _LATER[name] else getattr(module, name)
    return thing


def __dir__() -> list[str]:
    return sorted({name for name in globals() if not name.startswith("_")} | set(_LATER))
