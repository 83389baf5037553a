"""What a threshold does to a norm, and within what bounds it may stand."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """A trainer's own bounds of one kind of threshold, which always win: 0 < floor <= ceiling < infinity."""

    floor: float
    ceiling: float

    def __post_init__(self) -> None:
        if not 0 < self.floor <= self.ceiling < math.inf:
            raise ValueError(
                f"floor is {self.floor} and ceiling is {self.ceiling}, must be 0 < floor <= ceiling < infinity"
            )

    def clamp(self, threshold: float) -> float:
        """The nearest threshold within the bounds."""
        return min(self.ceiling, max(self.floor, threshold))


@dataclass(frozen=True, slots=True)
class ClipEngagement:
    """What a rule clips: steps counted, steps clipped, mean factor (NaN without steps)."""

    steps: int
    clipped: int
    mean_factor: float


class Engagement:
    """Counts what a rule clips."""

    def __init__(self) -> None:
        self._steps = self._clipped = 0
        self._factors = 0.0

    def count(self, norm: float, threshold: float) -> None:
        """Count a step whose norm was this."""
        self._steps += 1
        self._clipped += norm > threshold
        self._factors += clip_factor(norm, threshold)

    def snapshot(self) -> ClipEngagement:
        """The counts so far."""
        mean = self._factors / self._steps if self._steps else math.nan
        return ClipEngagement(self._steps, self._clipped, mean)


def clip_factor(grad_norm: float, threshold: float) -> float:
    """What to multiply gradients with so that their norm is at most a threshold: above 0, at most 1."""
    if threshold > 0 and threshold < grad_norm < math.inf:
        return max(5e-324, threshold / grad_norm)
    return 1.0
