"""Modules: parameters, scopes, state."""

import copy
import math
import pickle
import random

import pytest

from micrograd import OperandError, Primitive, ShapeError, StateError, Value, sigmoid
from micrograd import sum as total
from micrograd.nn import (
    MLP,
    Layer,
    Module,
    Neuron,
)

# Modules.


def test_the_weights_of_micrograd_0_1_0_for_the_same_seed():
    random.seed(1337)
    model = MLP(3, [4, 4, 1])
    random.seed(1337)
    for layer, nin in zip(model.layers, (3, 4, 4), strict=True):
        for neuron in layer.neurons:
            assert [w.data for w in neuron.w] == [random.uniform(-1, 1) for _ in range(nin)]
            assert neuron.b.data == 0.0
    assert len(model.parameters()) == 41
    assert [w.data for w in MLP(3, [4, 4, 1], rng=random.Random(1337)).parameters()] == [
        w.data for w in model.parameters()
    ]


def test_weights_come_before_the_bias():
    neuron = Neuron(2)
    assert neuron.parameters() == [*neuron.w, neuron.b]
    assert list(Layer(2, 2).named_parameters()) == [
        "neurons[0].w[0]", "neurons[0].w[1]", "neurons[0].b",
        "neurons[1].w[0]", "neurons[1].w[1]", "neurons[1].b",
    ]  # fmt: skip


def test_a_neuron_is_one_dot_node_and_its_activation():
    neuron = Neuron(2)
    neuron.w, neuron.b = [Value(2.0), Value(-1.0)], Value(0.5)
    x = [Value(1.0), Value(1.0)]
    y = neuron(x)
    (z,) = y.operands
    assert (y._op, z._op, z.operands) == ("ReLU", "dot", (*neuron.w, *x, neuron.b))
    assert (y.data, neuron([-1.0, 0.0]).data) == (1.5, 0.0)
    neuron.w[0] = Value(10.0)
    assert neuron(x).data == 9.5
    assert Neuron(2, nonlin=False)(x)._op == "dot"


def test_layers_and_networks():
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert len(Layer(2, 3)([1.0, 2.0])) == 3
    net = MLP(2, [3, 1])
    assert net([1.0, 2.0])._op == "dot"
    assert [layer.neurons[0].nonlin for layer in net.layers] == [True, False]
    assert repr(MLP(2, [3, 1])) == "MLP of [Layer of [3 × ReLUNeuron(2)], Layer of [LinearNeuron(3)]]"


def test_bare_inputs_become_leaves_once_in_a_layer():
    y = total(Layer(2, 3)([0.5, 0.25]))
    y.backward()
    inputs = {x for relu in y.operands for x in relu.operands[0].operands if x.is_constant}
    assert sorted(x.data for x in inputs) == [0.25, 0.5]


@pytest.mark.parametrize(("activation", "op"), [("tanh", "tanh"), (sigmoid, "sigmoid"), ("relu", "ReLU")])
def test_activations_by_name_or_row(activation, op):
    assert MLP(2, [3, 1], activation=activation).layers[0].neurons[0]([1.0, 2.0])._op == op


def test_an_activation_of_a_users_own():
    double = Primitive("double", lambda x: 2.0 * x, (lambda z, x: 2.0,))
    assert Neuron(1, activation=double)([1.0])._op == "double"


@pytest.mark.parametrize("bad", ["tahn", "maximum", 3, None, math.tanh])
def test_an_unknown_activation_is_refused_with_the_nearest_names(bad):
    with pytest.raises(OperandError, match=r"activation .* is no operation of one operand; perhaps .*tanh"):
        Neuron(2, activation=bad)


def test_a_wrong_number_of_inputs():
    with pytest.raises(ShapeError, match=r"ReLUNeuron\(3\) takes 3 inputs, not 2: \(1.0, 2.0\)"):
        Neuron(3)([1.0, 2.0])
    with pytest.raises(OperandError):
        MLP(2, [2])([1.0, "2"])


class Custom(Module):
    def __init__(self):
        self.table = {"a": Value(1.0), 3: [Value(2.0)]}
        self.pair = (Value(3.0), Neuron(1, rng=random.Random(0)))
        self.shared = self.pair[0]
        self.cache = self.table["a"] * 2.0
        self.name, self.parent = "custom", self

    def __call__(self, x):
        return self.pair[1]([x]) * self.shared


def test_parameters_of_a_module_of_ones_own():
    module = Custom()
    paths = ["table['a']", "table[3][0]", "pair[0]", "pair[1].w[0]", "pair[1].b"]
    assert list(module.named_parameters()) == paths
    assert repr(module) == "Custom(5 parameters)"
    for p in module.parameters():
        p.grad = 1.0
    module.zero_grad()
    assert [p.grad for p in module.parameters()] == [0.0] * 5


def test_the_overridden_parameters_of_older_code_are_used():
    class Line(Module):
        def __init__(self):
            self.hidden, self.w = Value(1.0, grad=1.0), Value(2.0, grad=2.0)

        def parameters(self):
            return [self.w]

    line = Line()
    line.zero_grad()
    assert (line.hidden.grad, line.w.grad) == (1.0, 0.0)


def test_scopes_are_the_paths_of_the_parameters():
    net = MLP(2, [3, 2])
    for _ in range(2):
        y = net([1.0, 2.0])[1]
        assert y.scope == "layers[1].neurons[1]"
        assert y.operands[3].scope == "layers[0].neurons[0]"
        assert (y * 2.0).scope == ""

    class Twice(Module):
        def __init__(self):
            self.net, self.scale = net, Value(2.0)

        def __call__(self, x):
            return self.net(x)[0] * self.scale

    class Named(Twice):
        def __call__(self, x):
            return super().__call__(x) + 1.0

    y = Named()([1.0, 2.0])
    assert (y.scope, y.operands[0].scope) == ("", "")
    assert y.operands[0].operands[0].scope == "net.layers[1].neurons[0]"
    assert net([1.0, 2.0])[0].scope == "layers[1].neurons[0]"
    copied = copy.deepcopy(net)
    assert copied([1.0, 2.0])[0].scope == "layers[1].neurons[0]"


def test_a_module_that_is_no_part_of_its_caller_is_named_by_its_class():
    stranger = Neuron(1)

    class Outer(Module):
        def __call__(self, x):
            return stranger([x])

    assert Outer()(1.0).scope == "Neuron"


def test_a_scope_ends_with_an_exception():
    net = MLP(2, [3, 1])
    with pytest.raises(ShapeError):
        net([1.0])
    assert (Value(1.0) * 2.0).scope == ""


def test_modules_are_copied_and_pickled():
    net = MLP(2, [3, 1])
    y = net([1.0, 2.0])
    for again in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert again([1.0, 2.0]).data == y.data
        assert again.state_dict() == net.state_dict()
        assert not set(again.parameters()) & set(net.parameters())


# State.


def test_a_state_goes_from_one_module_to_another():
    first, second = MLP(2, [3, 1]), MLP(2, [3, 1])
    second.load_state_dict(first.state_dict())
    assert second.state_dict() == first.state_dict()
    assert next(iter(first.state_dict())) == "layers[0].neurons[0].w[0]"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("w[0]"), r"does not fit Neuron: missing: w\[0\]"),
        (lambda s: s.update(extra=1.0), "unknown: extra"),
        (lambda s: s.update(b=[1.0]), r"not a number: b \(\[1.0\] is a list"),
        (lambda s: (s.pop("b"), s.update({"c": 1.0, "w[1]": "x"})), "missing: b; unknown: c; not a number"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, message):
    neuron = Neuron(2)
    before = neuron.state_dict()
    state = {name: x + 1.0 for name, x in before.items()}
    change(state)
    with pytest.raises(StateError, match=message):
        neuron.load_state_dict(state)
    assert neuron.state_dict() == before
