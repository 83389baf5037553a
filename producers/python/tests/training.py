"""A small training on NumPy: a network of three layers that a few corrupt batches drive out of its mind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LAYERS = ["first", "second", "third"]
STEPS = 300
CORRUPT = frozenset(range(150, 300, 15))
LEARNING_RATE = 0.02


class Training:
    """Regression on noise-free targets of a random network; the same for the same seed, whatever is clipped."""

    def __init__(self, seed: int = 1) -> None:
        self._rng = np.random.default_rng(seed)
        sizes = [8, 32, 32, 1]
        pairs = list(pairwise(sizes))
        self._target = [self._rng.normal(0, (2 / n) ** 0.5, (n, m)) for n, m in pairs]
        self.weights = [self._rng.normal(0, (2 / n) ** 0.5, (n, m)) for n, m in pairs]
        self._held_out = self._rng.normal(size=(256, 8))
        self.first_loss = self.evaluate()

    def evaluate(self) -> float:
        """Mean squared error on held-out data."""
        with np.errstate(all="ignore"):
            error = _forward(self.weights, self._held_out)[-1] - _forward(self._target, self._held_out)[-1]
            return float((error**2).mean())

    def step(self, step: int, clip: Callable[[int, float], float]) -> tuple[float, float, list[float]]:
        """Loss, global gradient norm and the layers'; ``clip`` gives the factor for a norm."""
        x = self._rng.normal(size=(32, 8))
        y = _forward(self._target, x)[-1]
        if step in CORRUPT:
            x, y = 30 * x, -30 * y
        with np.errstate(all="ignore"):
            activations = _forward(self.weights, x)
            error = activations[-1] - y
            gradients = _backward(self.weights, activations, 2 * error / len(x))
            norms = [float(np.sqrt((gradient**2).sum())) for gradient in gradients]
            norm = float(np.sqrt(sum(n**2 for n in norms)))
            factor = clip(step, norm)
            for i, gradient in enumerate(gradients):
                self.weights[i] = self.weights[i] - LEARNING_RATE * factor * gradient
            return float((error**2).mean()), norm, norms


def _forward(weights: list[Array], x: Array) -> list[Array]:
    activations = [x]
    for i, weight in enumerate(weights):
        x = x @ weight
        if i < len(weights) - 1:
            x = np.maximum(x, 0)
        activations.append(x)
    return activations


def _backward(weights: list[Array], activations: list[Array], error: Array) -> list[Array]:
    gradients = []
    for i in reversed(range(len(weights))):
        gradients.append(activations[i].T @ error)
        error = (error @ weights[i].T) * (activations[i] > 0)
    return gradients[::-1]
