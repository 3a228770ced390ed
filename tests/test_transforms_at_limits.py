"""Transforms of deep functions, what they cost, and every message."""

import numpy as np
import pytest
from test_transforms_of_structures import Line

from micrograd import (
    GraphError,
    OperandError,
    Primitive,
    ShapeError,
    Value,
    dot,
    tanh,
)
from micrograd.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

# Cost and depth.


def chain(x, n=50_000):
    y = x
    for _ in range(n):
        y = y * 1.00001 + 1e-9  # two nodes
    return y


def test_deep_functions():
    slope = grad(chain)(1.0)
    assert slope == pytest.approx(1.00001**50_000)
    assert vjp(chain, 1.0)[1](1.0) == (slope,)
    assert jvp(chain, (1.0,), (1.0,))[1] == pytest.approx(slope)
    assert grad(chain)(Value(1.0)).data == slope


def test_no_walk_goes_below_a_value_that_was_given():
    # Otherwise a loop of gradient steps, itself to be differentiated, would take quadratic time.
    x = Value(1.0)
    below = Value.node(3.0, (x,), (1.0,))
    below.operands = (below,)
    with pytest.raises(GraphError, match="made of itself"):
        grad(lambda y: y * below)(2.0)
    assert grad(lambda y: y * y)(below).data == 6.0
    assert hvp(lambda y: y**3, (below,), (1.0,)).data == 18.0


def test_a_jacobian_runs_its_function_once():
    calls = []

    def f(p):
        calls.append(1)
        h = [tanh(x) for x in p]
        return [dot(h, p) * x for x in h]

    p = [i / 10 for i in range(10)]
    rows = jacobian(f)(p)
    assert len(calls) == 1
    leaves = [Value(x) for x in p]
    for y, row in zip(f(leaves), rows, strict=True):
        for leaf in leaves:
            leaf.grad = 0.0
        y.backward()
        assert row == pytest.approx([leaf.grad for leaf in leaves], rel=1e-14)


# Messages.

square = Primitive("square", lambda x: x * x, (lambda z, x: 2.0 * x,))
TREE = {"name": [1.0, "abc"]}


def identity(x):
    return x


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: grad(identity)([1.0, 2.0]),
            OperandError,
            "grad(identity): f gave a list of 2, not one number; see jacobian",
        ),
        (
            lambda: value_and_grad(identity)({"a": 1.0}),
            OperandError,
            "value_and_grad(identity): f gave a dict of 'a', not one number",
        ),
        (
            lambda: grad(lambda x: "abc")(1.0),
            OperandError,
            "grad(<lambda>): result: 'abc' is a str, not a number",
        ),
        (
            lambda: grad(lambda x: None)(1.0),
            OperandError,
            "grad(<lambda>): result: None is a NoneType, not a number",
        ),
        (
            lambda: jvp(lambda x: [x, {"z": 1j}], (1.0,), (1.0,)),
            OperandError,
            "jvp(<lambda>): result[1]['z']: 1j is a complex",
        ),
        (
            lambda: grad(identity)(TREE),
            OperandError,
            "grad(identity): argument 0['name'][1]: 'abc' is a str, not a number",
        ),
        (
            lambda: grad(square)(None),
            OperandError,
            "grad(square): argument 0: None is a NoneType, not a number",
        ),
        (lambda: grad(grad(square))("x"), OperandError, "grad(grad(square)): argument 0: 'x' is a str"),
        (
            lambda: grad(identity)(np.array([1.0])),
            OperandError,
            "grad(identity): argument 0: array([1.]) is a ndarray",
        ),
        (lambda: vjp(identity, 1j), OperandError, "vjp(identity): argument 0: 1j is a complex"),
        (lambda: grad(identity, 1)(1.0), ShapeError, "grad(identity): argnums 1 of 1 positional arguments"),
        (lambda: grad(identity, -2)(1.0), ShapeError, "grad(identity): argnums -2 of 1 positional arguments"),
        (
            lambda: grad(identity, (0, -1))(1.0),
            ShapeError,
            "grad(identity): argnums (0, -1) of 1 positional arguments",
        ),
        (lambda: grad(identity)(x=1.0), ShapeError, "grad(identity): argnums 0 of 0 positional arguments"),
        (
            lambda: grad(identity, "x"),
            OperandError,
            "grad(identity): argnums are an int or a tuple of them, not 'x'",
        ),
        (
            lambda: jacobian(identity, (0, 1.0)),
            OperandError,
            "jacobian(identity): argnums are an int or a tuple of them, not (0, 1.0)",
        ),
        (
            lambda: grad(identity, True),
            OperandError,
            "grad(identity): argnums are an int or a tuple of them, not True",
        ),
        (lambda: grad(3.0), OperandError, "grad(float): 3.0 is no function"),
        (
            lambda: grad(identity, has_aux=True)(3.0),
            OperandError,
            "grad(identity): with has_aux, f gives a pair, not Value",
        ),
        (
            lambda: jvp(identity, 1.0, 1.0),
            ShapeError,
            "jvp(identity): primals are a tuple, one for each argument, not 1.0",
        ),
        (
            lambda: jvp(identity, (1.0,), 1.0),
            ShapeError,
            "jvp(identity): tangents is a number, not a tuple of 1: 1.0",
        ),
        (
            lambda: jvp(identity, (1.0,), (1.0, 2.0)),
            ShapeError,
            "jvp(identity): tangents is a tuple of 2, not a tuple of 1: (1.0, 2.0)",
        ),
        (
            lambda: jvp(identity, ([1.0, 2.0],), ([1.0],)),
            ShapeError,
            "jvp(identity): tangents[0] is a list of 1, not a list of 2: [1.0]",
        ),
        (
            lambda: jvp(identity, ({"a": [1.0]},), ({"a": 1.0},)),
            ShapeError,
            "jvp(identity): tangents[0]['a'] is a number, not a list of 1: 1.0",
        ),
        (
            lambda: jvp(identity, ({"a": 1.0},), ({"b": 1.0},)),
            ShapeError,
            "jvp(identity): tangents[0] is a dict of 'b', not a dict of 'a'",
        ),
        (
            lambda: jvp(identity, (1.0,), ("1",)),
            OperandError,
            "jvp(identity): tangents[0]: '1' is a str, not a number",
        ),
        (
            lambda: hvp(square, (1.0,), ([1.0],)),
            ShapeError,
            "jvp(grad(square)): tangents[0] is a list of 1, not a number: [1.0]",
        ),
        (
            lambda: vjp(lambda x: [x, x], 1.0)[1](1.0),
            ShapeError,
            "vjp(<lambda>): cotangent is a number, not a list of 2: 1.0",
        ),
        (
            lambda: vjp(lambda x: [x, x], 1.0)[1]([1.0, None]),
            OperandError,
            "vjp(<lambda>): cotangent[1]: None is a NoneType",
        ),
        (
            lambda: grad(lambda a, b: a(1.0), (0, 1))(*[Line()] * 2),
            OperandError,
            "grad(<lambda>): the arguments have a parameter of a Module twice",
        ),
    ],
)
def test_messages(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value).startswith(message)


def test_derived_functions_have_names():
    assert grad(grad(tanh)).__name__ == "grad(grad(tanh))"
    assert hessian(identity).__name__ == "jacobian(grad(identity))"
