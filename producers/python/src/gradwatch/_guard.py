"""The threshold of a trainer that nobody advises."""

from __future__ import annotations

import bisect
import math
from collections import deque

RECENT_NORMS = 128
"""So many norms are kept: a growth has to last half of them before the guard follows it."""

FIRST_NORMS = 20
"""From so many norms on it is the median: few enough to lose little while norms are even."""


class LocalGuard:
    """Least of the norms of the steps so far, from 20 on the median (the lower of two) of the last 128.

    The same rule as Java's ``LocalGuard``, whose README shows why it is the least at first: a run that explodes does
    so mostly in its first steps, when most norms known are of the explosion already.
    """

    def __init__(self) -> None:
        self._by_age: deque[float] = deque()
        self._by_size: list[float] = []
        self._last_step: int | None = None
        self._before_last = math.nan
        self._threshold = math.nan

    def threshold(self, step: int) -> float:
        """The guard from the norms of the steps before this one; NaN where there are none."""
        return self._before_last if step == self._last_step else self._threshold

    def observe(self, step: int, norm: float) -> bool:
        """Take the norm of a step; False where it is not finite and above 0, or the step was taken just before."""
        if not 0 < norm < math.inf or step == self._last_step:
            return False
        if len(self._by_age) == RECENT_NORMS:
            del self._by_size[bisect.bisect_left(self._by_size, self._by_age.popleft())]
        bisect.insort(self._by_size, norm)
        self._by_age.append(norm)
        # In this order: who sees the new step must find the threshold from before it.
        self._before_last = self._threshold
        self._last_step = step
        count = len(self._by_size)
        self._threshold = self._by_size[0 if count < FIRST_NORMS else (count - 1) // 2]
        return True
