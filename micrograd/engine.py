"""Value: a number that remembers how it was made, and the reverse pass over what it remembers.

A node z = row(x, y) holds the numbers of the moment when it was recorded (recording.py): the value z and
the partial derivatives dz/dx and dz/dy. `backward` multiplies and adds these in reverse topological
order, and knows no rule of its own.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import count
from operator import add, attrgetter
from threading import RLock, get_ident
from typing import TYPE_CHECKING, Any

from .errors import GraphError, OperandError, ShapeError, kind, shown
from .graph import rerun, topological_order
from .primitive import Primitive, as_operands, number
from .scalar import Scalar

CONSTANT = "constant"  # in the place of the primitive, it marks a leaf that was a bare number
_generation = count(1, 2)
_one_pass_at_a_time = RLock()
_running: tuple[int, ...] = ()  # the stamps of passes that run now, each within a closure of the one before
_propagators: dict[int, Callable[[Iterable["Value"]], None]] = {}  # of threads that watch their passes


class Value(Scalar):
    """A number that remembers how it was made, so that `backward()` can find its derivatives.

    Args:     data: int, float, bool, NumPy scalar or 0-d array; kept as a float.
              _children, _op: operands and operator of a node made by hand, as in micrograd 0.1.0.
              label: the name that drawings show.
              grad: where the gradient starts; `backward` adds to it.
    Raises:   OperandError: data, grad or a child of another kind.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> y = a * b + a**2
    >>> y.backward()
    >>> y, a, b
    (Value(data=-2.0, grad=1.0), Value(data=2.0, grad=1.0), Value(data=-3.0, grad=2.0))
    """

    # A node of one or two operands links them in _x and _y, beside its partials _dx and _dy, so that the
    # garbage collector sees one object per node: it is half of a training step. A bare number stays a
    # float: its link is None, and the number stands where its partial would. All other nodes have their
    # _operands, with those through which a gradient flows in _dx and their partials in _dy; or, with None
    # in _dx, the closure that a user assigned to `_backward`. A leaf has neither links nor _operands.
    # _stamp is the last pass that met the node.
    __slots__ = (
        "__dict__", "__weakref__", "_dx", "_dy", "_grad", "_operands", "_primal", "_stamp", "_x", "_y",
        "primitive", "scope",
    )  # fmt: skip

    primitive: Primitive | str | None
    scope: str
    _primal: float
    _grad: float
    _x: "Value | None"
    _y: "Value | None"
    _dx: Any
    _dy: Any
    _operands: "tuple[Value, ...] | None"
    _stamp: int
    label = ""
    _symbol: str | None = None  # an operator that was written over the row's

    def __init__(
        self, data: Any, _children: Iterable["Value"] = (), _op: str = "", label: str = "", *, grad: Any = 0.0
    ) -> None:
        self._primal = data if type(data) is float else number(data, "Value: ")
        self._grad = grad if type(grad) is float else number(grad, "Value: grad ")
        self._x = self._y = self._operands = None
        self._dx = self._dy = ()
        self._stamp = 0
        self.scope = ""
        self.primitive = _op or None
        if _children:
            self._operands = only_values(_children, f"Value({data!r}, …, {_op!r})") or None
        if label:
            self.label = label

    @staticmethod
    def node(data: Any, operands: Sequence["Value"], partials: Sequence[Any], op: str = "") -> "Value":
        """A node made by hand: its value, its operands and the partial derivative by each.

        Raises:   ShapeError: operands and partials differ in number.

        >>> x = Value(3.0)
        >>> y = Value.node(9.0, (x,), (6.0,), op="square")
        >>> y.backward(); x.grad
        6.0
        """
        if len(operands) != len(partials):
            raise ShapeError(f"node {op!r} has {len(operands)} operands and {len(partials)} partials")
        v = Value(data, operands, op)
        v._dx, v._dy = v._operands or (), tuple([number(d, f"node {op!r}: partial ") for d in partials])
        return v

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in cls.__dict__:
            cls.__init__ = _checked(cls.__dict__["__init__"])  # type: ignore[method-assign]

    @property
    def data(self) -> float:
        """The number. Writing it changes neither recorded nodes nor their gradients: see `refresh`."""
        return self._primal

    @data.setter
    def data(self, data: Any) -> None:
        self._primal = data if type(data) is float else number(data, "data: ")

    @property
    def grad(self) -> float:
        """d root / d self after `root.backward()`: a register, which may also be written by hand."""
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = grad if type(grad) is float else number(grad, "grad: ")

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The operands as recorded: Values, and bare numbers as floats."""
        x, y = self._x, self._y
        if y is None:
            if x is None:
                return self._operands or ()
            return (x,) if self.primitive.arity == 1 else (x, self._dy)  # type: ignore[union-attr]
        return (self._dx if x is None else x), y

    @property
    def operands(self) -> tuple["Value", ...]:
        """What the node was made of, in order, duplicates kept; a bare number as a constant leaf."""
        if self._operands is not None:
            return self._operands
        arguments = self.arguments
        if float in map(type, arguments):
            # Kept, so that the constant is the same object at every read.
            arguments = tuple([constant(x) if type(x) is float else x for x in arguments])
            self._operands = arguments
        return arguments

    @operands.setter
    def operands(self, operands: Iterable["Value"]) -> None:
        self._make_by_hand()
        self._operands = only_values(operands, f"operands of {self!r}") or None
        if self._dx is not None:  # a closure stays
            self._dx = self._dy = ()

    _prev = operands

    @property
    def flows(self) -> tuple[tuple["Value", float], ...]:
        """The pairs (operand, partial derivative) along which `backward` goes on."""
        if self._x is None and self._y is None:
            return tuple(zip(self._dx, self._dy, strict=True)) if self._operands and self._dx else ()
        links = [(self._x, "_dx"), (self._y, "_dy")]
        return tuple([(x, getattr(self, slot)) for x, slot in links if x is not None])

    @property
    def is_constant(self) -> bool:
        """Whether it is a leaf that was written as a bare number."""
        return self.primitive == CONSTANT

    @property
    def _op(self) -> str:
        """The operator as in micrograd 0.1.0: '' for a leaf, '+', '**2', 'ReLU', 'tanh' …"""
        row = self.primitive
        if self._symbol is not None:
            return self._symbol
        if not isinstance(row, Primitive):
            return "" if row is None or row == CONSTANT else row
        power = row.symbol == "**" and type(exponent := self.arguments[1]) is float
        return f"**{exponent:g}" if power else row.symbol

    @_op.setter
    def _op(self, op: str) -> None:
        self._symbol = op

    @property
    def _backward(self) -> Callable[[], None]:
        """Called, it adds grad × partial to the grad of each operand; assigned, it replaces that."""
        if self._dx is None:
            return self._dy  # type: ignore[no-any-return]
        flows = self.flows  # those of now: what is assigned may call what it replaces

        def push() -> None:
            for x, partial in flows:
                x._grad += self._grad * partial

        return push

    @_backward.setter
    def _backward(self, closure: Callable[[], None]) -> None:
        self._make_by_hand()
        self._operands = self._operands or ()
        self._dx, self._dy = None, closure

    def _make_by_hand(self) -> None:
        """Take the node from its row: operands, flows and operator stay, and may then be assigned."""
        operands, flows, self.primitive = self.operands, self.flows, self._op
        if self._x is not None or self._y is not None:
            self._x = self._y = None
            self._operands = operands
            self._dx, self._dy = tuple([x for x, _ in flows]), tuple([d for _, d in flows])

    def backward(self, seed: Any = 1.0) -> None:
        """Set the grad of every node below to d self / d node, and add to that of the leaves.

        Args:     seed: the derivative of what comes after by self; a number.
        Guarantees: the values as recorded are differentiated, whatever `.data` says now; a second call
                  doubles the leaves' grads, no others; same program, same bits; if the pass is
                  interrupted or a closure raises, every leaf has the grad it had before.
        Raises:   GraphError: a closure calls it on nodes of the pass that runs the closure.

        >>> x = Value(3.0)
        >>> y = x * x; y.backward(); y.backward(); x.grad
        12.0
        """
        seed = seed if type(seed) is float else number(seed, "backward: seed ")
        global _running
        with _one_pass_at_a_time:  # stamps and grads are shared by all passes over a leaf
            outer = _running
            if outer and any(v._stamp in outer for v in topological_order(self) if v.arguments):
                raise GraphError(f"backward of {self!r} within a backward pass over the same nodes")
            order, leaves = self._sorted()
            before = [leaf._grad for leaf in leaves]
            totals = before.copy()
            # Made here, because in `finally` only a single call into C cannot be torn by a Ctrl-C.
            settle = map(_set_grad, leaves, totals)
            try:
                _running = (*outer, self._stamp)
                for leaf in leaves:
                    leaf._grad = 0.0
                self._grad = seed
                _propagators.get(get_ident(), propagate)(reversed(order))
                totals[:] = map(add, before, map(_get_grad, leaves))
            finally:
                _running = outer
                deque(settle, maxlen=0)

    def _sorted(self) -> tuple[list["Value"], list["Value"]]:
        """The interior nodes, operands first, their grads set to zero, and the leaves.

        The order of `topological_order`, by stamps instead of a set (5–30 % of a pass): entered, done.
        """
        entered = next(_generation)
        done = entered + 1
        order: list[Value] = []
        leaves: list[Value] = []
        unusual = False
        stack = [self]
        push, pop, append = stack.append, stack.pop, order.append
        v = self
        while stack:
            stamp = v._stamp
            if stamp < entered:
                x, y, operands = v._x, v._y, v._operands
                if x is not None:
                    v._stamp = entered
                    v._grad = 0.0
                    push(v)  # again, to be met when its operands are done
                    if y is not None:
                        push(y)
                    v = x
                    continue
                if y is not None:
                    v._stamp = entered
                    v._grad = 0.0
                    push(v)
                    v = y
                    continue
                if operands:
                    if v._dx is not operands:  # by hand, a gate, or there are bare numbers among them
                        by_hand = not isinstance(v.primitive, Primitive)
                        unusual = unusual or by_hand or v.primitive.gated  # type: ignore[union-attr]
                        operands = operands if by_hand else v._dx
                    v._stamp = entered
                    v._grad = 0.0
                    push(v)
                    stack += [x for x in operands if x._stamp < entered][::-1]
                else:
                    v._stamp = done
                    leaves.append(v)
                    if v._dx is None:  # a closure on a leaf
                        append(v)
            elif stamp == entered:
                v._stamp = done
                append(v)
            v = pop()
        if unusual:
            self._reach_all(done)
        return order, leaves

    def _reach_all(self, done: int) -> None:
        """Zero the grads of nodes to which no gradient flows; raise GraphError if there is a cycle."""
        for v in topological_order(self):
            if v._stamp < done and v.arguments:
                v._grad = 0.0

    def refresh(self) -> None:
        """Run the graph again, in place, with the data that its leaves have now; grads stay.

        Raises:   GraphError: a node below was made by hand, so there is no row to run.

        >>> x = Value(2.0)
        >>> y = x * x
        >>> x.data = 5.0; y.refresh(); y.data
        25.0
        """
        fresh: dict[int, float] = {}
        partials: dict[int, tuple[Any, ...]] = {}
        order = [v for v in topological_order(self) if v.arguments]
        for v in order:
            fresh[id(v)], partials[id(v)] = rerun(v, lambda x: fresh.get(id(x), x._primal))
        for v in order:
            v._primal, slopes = fresh[id(v)], partials[id(v)]
            if v._x is not None:
                v._dx = slopes[0]
            if v._y is not None:
                v._dy = slopes[1]
            elif v._x is None:
                v._dy = tuple([d for d in slopes if d is not None])

    def __getstate__(self) -> dict[str, Any]:
        slots = {name for kind in type(self).__mro__ for name in kind.__dict__.get("__slots__", ())}
        kept = sorted(slots - {"__dict__", "__weakref__", "_stamp"})
        return {name: getattr(self, name) for name in kept if hasattr(self, name)} | self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._stamp = 0  # stamps count the passes of one process
        for name, value in state.items():
            object.__setattr__(self, name, value)

    if TYPE_CHECKING:  # what recording.py adds

        @staticmethod
        def record(primitive: Primitive, operands: tuple[Any, ...]) -> "Value": ...
        def __add__(self, other: Any) -> "Value": ...
        def __neg__(self) -> "Value": ...
        def __getattr__(self, name: str) -> Callable[[], "Value"]: ...

        __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __add__
        __pow__ = __rpow__ = __add__
        __abs__ = __neg__


def _checked(init: Callable[..., None]) -> Callable[..., None]:
    """The `__init__` of a subclass, made to say so if it has not called ours."""

    @wraps(init)
    def run(self: Value, *operands: Any, **keywords: Any) -> None:
        init(self, *operands, **keywords)
        if not hasattr(self, "_primal"):
            raise OperandError(f"{type(self).__name__}.__init__ has not called super().__init__(data)")

    return run


def constant(x: float) -> Value:
    """A leaf that stands for a bare number."""
    v = Value(x)
    v.primitive = CONSTANT
    return v


def only_values(xs: Any, what: str) -> tuple[Value, ...]:
    """The Values in a list.

    Raises:   OperandError: it is no list, or holds something else.
    """
    values: tuple[Value, ...] = as_operands(what, xs)
    for x in values:
        if not isinstance(x, Value):
            raise OperandError(f"{what}: {shown(x)} is {kind(x)}, not a Value")
    return values


_get_grad = attrgetter("_grad")
_set_grad = Value._grad.__set__  # type: ignore[attr-defined]


def propagate(nodes: Iterable[Value]) -> None:
    """Add grad × partial to the grad of every operand of each node, in this order."""
    for v in nodes:
        g, x, y = v._grad, v._x, v._y
        if x is not None:
            x._grad += g * v._dx
            if y is not None:
                y._grad += g * v._dy
        elif y is not None:
            y._grad += g * v._dy
        elif v._operands is not None:
            if v._dx is None:
                v._dy()
            else:
                for x, d in zip(v._dx, v._dy, strict=True):
                    x._grad += g * d
