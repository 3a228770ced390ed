"""Neural networks on Values: modules in the shape of micrograd 0.1.0, and losses."""

from .losses import binary_cross_entropy, cross_entropy, half_mean_squared_error, mean_squared_error
from .mlp import MLP, Layer, Neuron
from .module import Module

__all__ = [
    "Module",
    "Neuron",
    "Layer",
    "MLP",
    "mean_squared_error",
    "half_mean_squared_error",
    "binary_cross_entropy",
    "cross_entropy",
]
