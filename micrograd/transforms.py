"""Functions of functions: gradients, products with Jacobians, Hessians; of any order, in any nesting.

A transform runs its function once, on Values, and reads the recording as a sparse linear map: cotangents
are pulled back through it, tangents pushed forward, as numbers or as graphs. No `.grad` is touched.

An argument is a number, a Value, a micrograd.nn Module, or lists, tuples and dicts of these. Derivatives
have its structure; those of a Module are a dict by the paths of `named_parameters`. Numbers give numbers,
unless the result depends on a Value that did not come in as an argument: then it is a Value, so that
whoever differentiates outside sees it. Values give Values.

No two derivatives are confused, whatever their modes and nesting: the primals of each call are leaves of
its own while its function runs. Only a Module's parameters are primals themselves, wherever f meets them.
"""

from typing import Any

from .errors import OperandError, ShapeError, shown
from .linearization import Function, Linearization, rebuild

Argnums = int | tuple[int, ...]


def grad(f: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that gives the gradient of f, which gives one number.

    Args:     argnums: the position of the argument by which to differentiate; a tuple of positions gives
              a tuple of gradients. All other arguments and keywords reach f as they are.
              has_aux: f gives a pair (number, more); then the result is (gradient, more).
    Guarantees: 0.0 where f does not depend on the argument; of numbers, the bits of `backward`.
    Raises:   OperandError: f gives no number, or an argument holds what is neither number nor Value.
              ShapeError: argnums are out of range. StaleGraphError, GraphError: as `gradient`.
    Source:   the shapes of all calls in this file are those of https://docs.jax.dev/en/latest/jax.html.

    >>> grad(lambda x: x**3)(2.0), grad(grad(lambda x: x**3))(2.0)
    (12.0, 12.0)
    >>> grad(lambda p: p["a"] * p["b"][0])({"a": 2.0, "b": [3.0]})
    {'a': 3.0, 'b': [2.0]}
    """
    return _derived("grad", f, argnums, lambda at: (at.slope(), at.aux) if has_aux else at.slope(), has_aux)


def value_and_grad(f: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that gives (value, gradient) of f; with has_aux, ((value, more), gradient): see `grad`.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0)
    (6.0, (3.0, 2.0))
    """
    answer: Function = lambda at: ((at.value, at.aux) if has_aux else at.value, at.slope())
    return _derived("value_and_grad", f, argnums, answer, has_aux)


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """The value of f, and its pullback: from a cotangent, a tuple of one cotangent for each primal.

    Raises:   as `grad`, but f may give lists, tuples and dicts; ShapeError: a cotangent does not fit.

    >>> value, pullback = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> value, pullback([1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    at = Linearization(_name("vjp", f), f, primals, tuple(range(len(primals))))
    return at.value, at.pull


def jvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value of f, and its derivative in the direction of the tangents, in the structure of the value.

    Raises:   as `vjp`; ShapeError: the tangents, a tuple, do not have the structure of the primals.

    >>> jvp(lambda x, y: [x * y, x + y], (2.0, 3.0), (1.0, 10.0))
    ([6.0, 5.0], [23.0, 11.0])
    """
    name = _name("jvp", f)
    if not isinstance(primals, tuple):
        raise ShapeError(f"{name}: primals are a tuple, one for each argument, not {shown(primals)}")
    at = Linearization(name, f, primals, tuple(range(len(primals))))
    return at.value, at.push(tangents)


def hvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """The Hessian of f times the tangents, in the structure of the first primal: `jvp` of `grad`.

    >>> hvp(lambda p: p[0] ** 2 * p[1], ([1.0, 2.0],), ([1.0, 0.0],))
    [4.0, 2.0]
    """
    return jvp(grad(f), primals, tangents)[1]


def jacobian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that gives, in the structure of the value of f, a gradient for each number in it.

    Guarantees: f runs once; each gradient costs one pass over what its number depends on.

    >>> jacobian(lambda p: [p[0] * p[1], p[0] + p[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    answer: Function = lambda at: rebuild(at.value, at.gradients([[(i, 1.0)] for i in at.outputs]))
    return _derived("jacobian", f, argnums, answer)


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that gives the second derivatives of f: the `jacobian` of its `grad`.

    >>> hessian(lambda p: p[0] ** 2 * p[1])([1.0, 2.0])
    [[4.0, 2.0], [2.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def _derived(transform: str, f: Function, argnums: Argnums, answer: Function, aux: bool = False) -> Function:
    name = _name(transform, f)
    if not all(type(i) is int for i in (argnums if isinstance(argnums, tuple) else (argnums,))):
        raise OperandError(f"{name}: argnums are an int or a tuple of them, not {shown(argnums)}")

    def derived(*args: Any, **keywords: Any) -> Any:
        return answer(Linearization(name, lambda *given: f(*given, **keywords), args, argnums, aux))

    derived.__name__ = derived.__qualname__ = name
    return derived


def _name(transform: str, f: Any) -> str:
    name = f"{transform}({getattr(f, '__name__', None) or getattr(f, 'name', type(f).__name__)})"
    if not callable(f):
        raise OperandError(f"{name}: {shown(f)} is no function")
    return name
