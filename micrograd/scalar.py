"""How a Value behaves as a number of Python: what it compares, prints, rounds to, and what it refuses."""

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import shown


class Scalar:
    """The number that `data` holds, as Python's protocols see it."""

    __slots__ = ()

    if TYPE_CHECKING:
        label: str

        @property
        def data(self) -> float: ...
        @property
        def grad(self) -> float: ...
        def __lt__(self, other: Any) -> bool: ...

        __le__ = __gt__ = __ge__ = __lt__

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self.data!r}, grad={self.grad!r}{label})"

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else str(self)

    def __round__(self, digits: int | None = None) -> float:
        return round(self.data, digits)

    def __bool__(self) -> bool:
        return self.data != 0.0

    def __float__(self) -> float:
        raise TypeError(
            "float(Value) would drop the gradient: "
            "use the method (v.sin(), v.exp() …), or v.data for the number"
        )

    def __int__(self) -> int:
        raise TypeError("int(Value) would drop the gradient: use v.data for the number")

    __trunc__ = __int__

    def __eq__(self, other: object) -> Any:
        kind = type(other).__module__.partition(".")[0]
        numpy_scalar = kind == "numpy" and getattr(other, "shape", None) == ()
        if isinstance(other, int | float) or numpy_scalar or kind == "_pytest":
            raise TypeError(f"== between Values is identity: compare y.data == {shown(other)}")
        return NotImplemented

    __hash__ = object.__hash__

    def __pos__(self) -> Any:
        return self

    def conjugate(self) -> Any:
        """Itself, as NumPy asks of a real number."""
        return self


def _comparison(name: str) -> Callable[[Scalar, Any], Any]:
    compare = getattr(operator, name)

    def method(self: Scalar, other: Any) -> Any:
        if isinstance(other, Scalar):
            return compare(self.data, other.data)
        return compare(self.data, other) if isinstance(other, int | float) else NotImplemented

    return method


for _name in ("__lt__", "__le__", "__gt__", "__ge__"):
    setattr(Scalar, _name, _comparison(_name))
