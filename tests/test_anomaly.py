"""Anomaly mode names the operation that first made a nan or an inf."""

import math
import threading

import pytest

from micrograd import NotFiniteError, Primitive, Value, anomaly, choose, dot, no_grad

HERE = r"test_anomaly\.py:\d+"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Value(-1.0).log(), rf"^log\(-1\.0\) = nan at .*{HERE}; try log1p"),
        (lambda: 1.0 / Value(0.0), rf"^div\(1\.0, 0\.0\) = inf at .*{HERE}; try choose a safe divisor"),
        (lambda: Value(1000.0).exp(), rf"^exp\(1000\.0\) = inf at .*{HERE}; try subtract"),
        (lambda: Value(-8.0) ** 0.5, r"^pow\(-8\.0, 0\.5\) = nan"),
        (lambda: Value(1e308) * 10.0, r"^mul\(1e\+308, 10\.0\) = inf at .*:\d+$"),
        (lambda: dot([Value(1e308)], [100.0]), r"^dot\(1e\+308, 100\.0, 0\.0\) = inf"),
    ],
)
def test_forward(make, message):
    make()
    with anomaly(), pytest.raises(NotFiniteError, match=message):
        make()


def test_what_comes_in_is_not_made():
    with anomaly():
        y = Value(math.inf) * 2.0
        z = Value(math.nan).exp()
    assert y.data == math.inf
    assert math.isnan(z.data)


def test_backward_names_the_node_and_leaves_the_grads():
    x, b = Value(0.0, grad=5.0), Value(1.0, grad=6.0)
    with anomaly():
        y = x.sqrt() * b
        with pytest.raises(
            NotFiniteError, match=rf"^backward through sqrt\(0\.0\) at .*{HERE}: gradient 1\.0 × partial inf"
        ):
            y.backward()
    assert (x.grad, b.grad) == (5.0, 6.0)
    y.backward()
    assert x.grad == math.inf


def test_a_graph_recorded_outside_is_watched_too():
    x = Value(0.0)
    y = choose(x, x, x.sqrt())
    with anomaly(), pytest.raises(NotFiniteError, match="a line outside of anomaly"):
        y.backward()


def test_nothing_changes_where_all_is_finite():
    x = Value(2.0)
    y = (x * x).tanh()
    y.backward()
    plain, x.grad = x.grad, 0.0
    with anomaly(), anomaly():
        z = (x * x).tanh()
        z.backward()
    assert (z.data, x.grad) == (y.data, plain)
    assert (x * 3.0).operands[0] is x


def test_it_ends_with_the_block_and_concerns_its_thread():
    with pytest.raises(NotFiniteError), anomaly():
        Value(-1.0).log()
    assert math.isnan(Value(-1.0).log().data)
    found = []
    with anomaly():
        thread = threading.Thread(target=lambda: found.append(Value(-1.0).log().data))
        thread.start()
        thread.join()
    assert math.isnan(found[0])


def test_it_works_with_no_grad_and_with_rows_of_ones_own():
    inverse = Primitive("inverse", lambda x: 1 / x, (lambda z, x: -z * z,))
    with anomaly(), no_grad(), pytest.raises(NotFiniteError, match=r"inverse\(0\.0\) = inf"):
        inverse(Value(0.0))
    with no_grad(), anomaly():
        assert (Value(2.0) * 2.0).operands == ()
