"""IEEE 754 arithmetic, where Python raises: 1/0 is inf, log(-1) is nan, exp(1000) is inf.

A row of the table runs on plain floats. When Python raises, it runs once more here, on `Float`
operands and with `MATH` in the place of the math module; so the fast path pays nothing.

>>> run(lambda x, y: x / y, 1.0, 0.0), run(math.log, 0.0), run(lambda x: math.exp(x) - 1.0, 1000.0)
(inf, -inf, inf)
"""

import math
from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any


class Float(float):
    """A float whose operators answer as IEEE 754 says, with Floats.

    >>> Float(1.0) / 0.0, Float(-8.0) ** 0.5, 0.0 ** Float(-1.0)
    (inf, nan, inf)
    """

    __slots__ = ()

    def __truediv__(self, other: Any) -> Any:
        return _divide(self, other) if isinstance(other, float | int) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return _divide(other, self) if isinstance(other, float | int) else NotImplemented

    def __pow__(self, other: Any, _modulus: None = None) -> Any:
        return MATH.pow(self, other) if isinstance(other, float | int) else NotImplemented

    def __rpow__(self, other: Any, _modulus: None = None) -> Any:
        return MATH.pow(other, self) if isinstance(other, float | int) else NotImplemented


def _contagious(name: str) -> Callable[..., Any]:
    """float's operator of that name, which never raises, made to answer with a Float."""
    operator = getattr(float, name)

    def method(self: Float, *others: Any) -> Any:
        result = operator(self, *others)
        return result if result is NotImplemented else Float(result)

    return method


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "neg", "pos", "abs"):
    setattr(Float, f"__{_name}__", _contagious(f"__{_name}__"))


def _divide(x: float, y: float) -> Float:
    if y != 0.0:
        return Float(float(x) / float(y))
    return Float(math.nan if x == 0.0 or x != x else math.copysign(math.inf, x) * math.copysign(1.0, y))


def _power_at_limit(x: float, y: float) -> float:
    if x < 0.0 and not y.is_integer():
        return math.nan
    odd = math.fmod(y, 2.0) != 0.0
    return math.copysign(math.inf, x) if odd else math.inf


# What math's functions answer where they raise: at a pole, past overflow, outside their domain.
_AT_LIMIT: dict[str, Callable[..., float]] = {
    **dict.fromkeys(("exp", "exp2", "expm1", "cosh"), lambda x: math.inf),
    **dict.fromkeys(("sin", "cos", "tan", "sqrt", "asin", "acos", "acosh"), lambda x: math.nan),
    "atanh": lambda x: math.copysign(math.inf, x) if abs(x) == 1.0 else math.nan,
    "fmod": lambda x, y: math.nan,
    **dict.fromkeys(("log", "log2", "log10"), lambda x, *_base: -math.inf if x == 0.0 else math.nan),
    "log1p": lambda x: -math.inf if x == -1.0 else math.nan,
    "sinh": lambda x: math.copysign(math.inf, x),
    "ldexp": lambda x, _exponent: math.copysign(math.inf, x),
    "pow": _power_at_limit,
}


def _total(name: str) -> Callable[..., Float]:
    """math's function of that name, defined on every float."""
    function, at_limit = getattr(math, name), _AT_LIMIT[name]

    def answer(*operands: Any) -> Float:
        try:
            return Float(function(*operands))
        except (ValueError, OverflowError):
            return Float(at_limit(*operands))

    return answer


MATH = SimpleNamespace(**{**vars(math), **{name: _total(name) for name in _AT_LIMIT}})
_SPELLINGS = {math: MATH, **{getattr(math, name): getattr(MATH, name) for name in _AT_LIMIT}}


def _spell(thing: Any) -> Any:
    """The IEEE form of the math module and of its functions; of all else, itself."""
    try:
        return _SPELLINGS.get(thing, thing)
    except TypeError:  # unhashable, so none of ours
        return thing


def run(function: Callable[..., Any], *operands: Any) -> Any:
    """The result of `function` under IEEE arithmetic, as a float or, for n-ary rows, a tuple of them.

    Args:     function: a row's definition or partial; operands: floats, or tuples of floats.
    Raises:   whatever the function raises for another reason than arithmetic.
    """
    if isinstance(function, FunctionType):
        names = {name: _spell(thing) for name, thing in function.__globals__.items()}
        run_on = FunctionType(function.__code__, names, None, function.__defaults__, function.__closure__)
        run_on.__kwdefaults__ = function.__kwdefaults__
        function = run_on
    else:
        function = _spell(function)
    result = function(*[tuple(map(Float, x)) if isinstance(x, tuple) else Float(x) for x in operands])
    return tuple(map(float, result)) if isinstance(result, tuple | list) else float(result)
