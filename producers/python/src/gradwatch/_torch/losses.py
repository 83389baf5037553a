"""The loss of a step from those of its (micro-)batches."""

from __future__ import annotations

from typing import Any

import torch

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

    def of_step(self, device: Any) -> Any:
        """The step's: the mean of the batches', the sum of parts. On the device, double."""
        each = torch.stack([precise(loss.to(device)) for loss in self._told or self._seen])
        return each.sum() if self._told and self._are_parts else each.mean()


def _take(value: Any, losses: list[Any]) -> None:
    if len(losses) < _MOST:
        taken = value.detach() if isinstance(value, torch.Tensor) else torch.tensor(float(value))
        if taken.numel() != 1:
            taken = precise(taken).mean()  # of a criterion without reduction, or one a device
        losses.append(taken.reshape(()).clone())
