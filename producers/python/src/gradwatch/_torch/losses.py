"""The loss of a step from those of its (micro-)batches."""

from __future__ import annotations

import math
from typing import Any

import torch

from gradwatch._torch import readback
from gradwatch._torch.norms import precise

_MOST = 1_024


class Losses:
    """Losses of the batches since the last step. What the loop told stands before what outputs were seen to hold."""

    def __init__(self) -> None:
        self._told: list[Any] = []
        self._seen: list[Any] = []
        self._are_parts = False

    def tell(self, value: Any, divided: bool) -> None:
        """Take what the loop says; ``divided``: it is the batch's part of the step's loss."""
        self._are_parts = divided
        _take(value, self._told)

    def see(self, value: Any) -> None:
        """Take what an output holds."""
        _take(value, self._seen)

    def __bool__(self) -> bool:
        return bool(self._told or self._seen)

    def of_step(self) -> Any:
        """The step's: the mean of the batches', the sum of parts. A number, or a tensor on a device."""
        losses = self._told or self._seen
        device = next((loss.device for loss in losses if isinstance(loss, torch.Tensor)), None)
        if device is None:
            total = math.fsum(losses) if all(map(math.isfinite, losses)) else sum(losses)
        else:
            total = sum(precise(torch.as_tensor(loss, device=device)) for loss in losses)
        return total if self._told and self._are_parts else total / len(losses)


def _take(value: Any, losses: list[Any]) -> None:
    """On the host a number at once, which is cheaper than what a tensor takes on its way."""
    if len(losses) >= _MOST:
        return
    if not isinstance(value, torch.Tensor):
        losses.append(float(value))
        return
    if value.numel() != 1:
        value = precise(value.detach()).mean()  # of a criterion without reduction, or one a device
    losses.append(value.item() if readback.at_hand(value) else value.detach().reshape(()).clone())
