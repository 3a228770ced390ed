"""Losses: means over examples, of numbers or Values; classification takes logits, so nothing saturates."""

from collections.abc import Sequence
from functools import reduce
from operator import index
from typing import Any

from ..errors import OperandError, ShapeError, shown
from ..primitives import exp, log, maximum, pow, softplus
from ..primitives import sum as total


def mean_squared_error(predictions: Sequence[Any], targets: Sequence[Any]) -> Any:
    """The mean of (y − t)², 1/n Σ.

    Args:     predictions, targets: of one length n > 0.
    Raises:   ShapeError: the lengths differ, or are 0.

    >>> mean_squared_error([1.0, 2.0], [0.0, 4.0])
    2.5
    """
    _check_lengths("mean_squared_error", predictions, targets)
    return _mean([pow(y - t, 2.0) for y, t in zip(predictions, targets, strict=True)])


def half_mean_squared_error(predictions: Sequence[Any], targets: Sequence[Any]) -> Any:
    """1/(2n) Σ (y − t)²: half of `mean_squared_error`, so that its derivative by y is (y − t)/n.

    >>> half_mean_squared_error([1.0, 2.0], [0.0, 4.0])
    1.25
    """
    return mean_squared_error(predictions, targets) / 2.0


def binary_cross_entropy(logits: Sequence[Any], targets: Sequence[Any]) -> Any:
    """The mean of −t log σ(z) − (1 − t) log(1 − σ(z)), in nats.

    Args:     logits: z, one for each example, any real; targets: t in [0, 1].
    Raises:   ShapeError: the lengths differ, or are 0. OperandError: t is not in [0, 1].
    Guarantees: right for every finite z: log σ(z) is taken as −softplus(−z), which neither overflows nor
              rounds to log 0.

    >>> binary_cross_entropy([0.0, 800.0], [1.0, 0.0])
    400.34657359027995
    """
    _check_lengths("binary_cross_entropy", logits, targets)
    for t in targets:
        if not 0.0 <= t <= 1.0:
            raise OperandError(f"binary_cross_entropy: target {shown(t)} is not in [0, 1]")
    pairs = zip(logits, targets, strict=True)
    return _mean([t * softplus(-z) + (1.0 - t) * softplus(z) for z, t in pairs])


def cross_entropy(logits: Sequence[Sequence[Any]], targets: Sequence[int]) -> Any:
    """The mean of −log softmax(z)[t], in nats.

    Args:     logits: for each example, one z for each class; targets: the index t of each example's class.
    Guarantees: right for every finite z: an example's loss is softplus(log Σ_{j≠t} exp z_j − z_t).
    Raises:   ShapeError: the lengths differ, or are 0. OperandError: t is no index of a class.

    >>> cross_entropy([[0.0, 0.0, 0.0], [900.0, 0.0, 0.0]], [0, 1])
    450.5493061443341
    """
    _check_lengths("cross_entropy", logits, targets)
    return _mean([_surprise(list(row), t) for row, t in zip(logits, targets, strict=True)])


def _surprise(logits: list[Any], target: Any) -> Any:
    try:
        target = index(target)
    except TypeError:
        target = -1
    if not 0 <= target < len(logits):
        raise OperandError(f"cross_entropy: no class {shown(target)} among {len(logits)}")
    others = logits[:target] + logits[target + 1 :]
    if not others:
        return 0.0 * logits[target]
    # Any shift is right; the largest keeps exp within 1, and as part of the graph also after refresh().
    largest = reduce(maximum, others)
    return softplus(log(total([exp(z - largest) for z in others])) + largest - logits[target])


def _mean(terms: list[Any]) -> Any:
    return total(terms) / len(terms) if len(terms) > 1 else terms[0]


def _check_lengths(loss: str, predictions: Sequence[Any], targets: Sequence[Any]) -> None:
    if len(predictions) != len(targets) or not len(targets):
        raise ShapeError(f"{loss} of {len(predictions)} predictions and {len(targets)} targets")
