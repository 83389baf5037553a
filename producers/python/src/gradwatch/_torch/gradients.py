"""What is taken of a model's gradients and weights, on the device they are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from gradwatch._torch.histogram import log2_counts
from gradwatch._torch.layers import Layers
from gradwatch._torch.norms import LayerNorms, largest_component, mesh_of, nonfinite_counts, precise

_COPY_ELEMENTS = 1 << 27
"""Weights of which a copy is taken to see how far a step moves them: half a gigabyte in single precision."""


@dataclass(slots=True)
class Taken:
    """What was taken of the gradients of a step.

    Attributes:
        norms: of the layers (none where only the whole one is wanted), last of everything; before clipping, unscaled.
        nonfinite: numbers of the parameters that have gradients, and how many components of each are not finite.
        histogram: counts by power of two, zeros, not finite.
        largest: the largest component's size.
        zero_fractions: share of each layer's components that are exactly 0.
    """

    norms: Any
    nonfinite: tuple[list[int], Any] | None = None
    histogram: Any = None
    largest: Any = None
    zero_fractions: Any = None


class Gradients:
    """Looks at the gradients and weights of a model's layers; sharded ones on all ranks together."""

    def __init__(self, layers: Layers, per_layer: bool) -> None:
        """Raises ValueError where parameters lie on several device meshes."""
        mesh = mesh_of(layers.parameters)
        self._layers = layers
        self._per_layer = per_layer
        index = layers.index if per_layer else [0] * len(layers.parameters)
        self._norms = LayerNorms(index, max(1, len(layers.names) if per_layer else 0), mesh)
        self.are_sharded = mesh is not None

    def take(self, scale: Any, count_from_step: bool, detailed: bool) -> Taken:
        """Take them as they are now.

        Args:
            scale: the loss scale that they still have; None: none.
            count_from_step: count what is not finite even where it is not known yet whether there is any.
            detailed: histogram, largest component and zeros, too.
        """
        gradients = [parameter.grad for parameter in self._layers.parameters]
        norms = self._norms.of(gradients)
        taken = Taken(norms if scale is None else norms / scale.to(norms.device))
        present = [gradient for gradient in gradients if gradient is not None]
        if self.are_sharded or not present:
            return taken
        # On the host it costs nothing to know whether there are any; a device is not asked.
        if count_from_step if norms.is_cuda else not bool(torch.isfinite(norms[-1])):
            numbers = [i for i, gradient in enumerate(gradients) if gradient is not None]
            taken.nonfinite = (numbers, nonfinite_counts(present))
        if detailed:
            taken.histogram = log2_counts(present)
            taken.largest = largest_component(present)
            if self._per_layer:
                taken.zero_fractions = self._zero_fractions(gradients, norms.device)
        return taken

    def _zero_fractions(self, gradients: Sequence[Any], device: Any) -> Any:
        zeros: list[list[Any]] = [[] for _ in self._layers.names]
        sizes = [0] * len(zeros)
        for layer, gradient in zip(self._layers.index, gradients, strict=True):
            if gradient is not None and not gradient.is_sparse:
                zeros[layer].append((gradient.numel() - torch.count_nonzero(gradient)).to(device))
                sizes[layer] += gradient.numel()
        nothing = precise(torch.ones((), device=device))
        shares = [
            precise(torch.stack(parts).sum()) / size if size else nothing
            for parts, size in zip(zeros, sizes, strict=True)
        ]
        return torch.stack(shares)

    def copy_of_weights(self) -> list[Any] | None:
        """The weights before a step; None where they are too many, or sharded."""
        weights = self._weights()
        if self.are_sharded or sum(weight.numel() for weight in weights) > _COPY_ELEMENTS:
            return None
        return [weight.clone() for weight in weights]

    def weight_norms(self) -> Any:
        """Norms of the layers' weights."""
        return self._norms.of(self._weights())[:-1]

    def update_norms(self, before: list[Any]) -> Any:
        """Norms of what a step did to them; ``before`` is used up."""
        torch._foreach_sub_(before, self._weights())
        return self._norms.of(before)[:-1]

    def _weights(self) -> list[Any]:
        return [parameter.detach() for parameter in self._layers.parameters]
