"""One step's event while its numbers are still on the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from gradwatch._torch.norms import precise
from gradwatch._torch.readback import floats
from gradwatch.events import StepCompleted


class StepReport:
    """Lays what belongs to an event end to end in one vector, and fills the event once the vector has been read.

    What is on the host already is filled in as it is.
    """

    def __init__(self, body: StepCompleted, device: Any) -> None:
        self._body = body
        self.device = device
        self._parts: list[Any] = []
        self._fills: list[Callable[[Any], None]] = []

    def then(self, tensor: Any, fill: Callable[[Any], None]) -> None:
        """``fill`` hears the tensor's numbers, double, on the host."""
        self._parts.append(precise(tensor.to(self.device)).reshape(-1))
        self._fills.append(fill)

    def number(self, field: str, tensor: Any) -> None:
        """A field that is a number."""
        if isinstance(tensor, float):
            setattr(self._body, field, tensor)
            return
        self.then(tensor, lambda values: setattr(self._body, field, values.item()))

    def layers(self, field: str, tensor: Any) -> None:
        """A field that has a number for each layer."""
        self.then(tensor, lambda values: setattr(self._body, field, floats(values)))

    def vector(self) -> Any:
        """All numbers, on the device."""
        return torch.cat(self._parts)

    def fill_at_once(self) -> None:
        """Fill the event without a vector, where everything is on the host."""
        for fill, part in zip(self._fills, self._parts, strict=True):
            fill(part)

    def fill(self, vector: Any) -> None:
        """Fill the event from the vector, which is on the host now."""
        parts = torch.split(vector, [part.numel() for part in self._parts])
        for fill, part in zip(self._fills, parts, strict=True):
            fill(part)
