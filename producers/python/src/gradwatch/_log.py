"""Warnings that a broken broker cannot turn into a flood."""

from __future__ import annotations

import logging
import time

LOG = logging.getLogger("gradwatch")

_EVERY_SECONDS = 60.0


class SparseLog:
    """Says each thing at most once a minute, with the number of times it was not said."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, int]] = {}

    def tell(self, what: str, detail: object = "") -> None:
        """Log a warning; ``what`` is of a closed set, ``detail`` may be anything. Never raises."""
        now = time.monotonic()
        at, passed_over = self._said.get(what, (-_EVERY_SECONDS, 0))
        if now - at < _EVERY_SECONDS:
            self._said[what] = (at, passed_over + 1)
            return
        self._said[what] = (now, 0)
        more = f" ({passed_over} more since the last of these)" if passed_over else ""
        try:
            LOG.warning("%s: %s%s", what, str(detail).replace("\n", " ")[:500], more)
        except Exception:  # a handler's or a __str__'s, in a thread that trains
            return
