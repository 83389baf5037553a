"""Events that wait for their sender: bounded in number and bytes, and counted to the last one."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from gradwatch.events import Log2Histogram, StepCompleted, TrainingEvent

_EVENT_BYTES = 512  # of one that waits, but for what follows
_SLOT_BYTES = 100  # of a Python number or a name in a dictionary


class EventQueue:
    """Any thread offers and never waits for the one that takes; no event is counted twice."""

    def __init__(self, most_events: int, most_bytes: int) -> None:
        self._most_events = most_events
        self._most_bytes = most_bytes
        self._events: deque[tuple[TrainingEvent, int]] = deque()
        # Of those who offer only. SIGTERM's handler may meet its own thread inside.
        self._offering = threading.RLock()
        self._bytes_in = 0
        self._bytes_out = 0
        self._closed = False
        self.accepted = 0

    def __len__(self) -> int:
        return len(self._events)

    @property
    def waiting_bytes(self) -> int:
        """About what waits."""
        return self._bytes_in - self._bytes_out

    def offer(self, event: TrainingEvent) -> str:
        """Take an event; else why not: QUEUE_FULL or CLOSED."""
        size = _size(event.body)
        with self._offering:
            if self._closed:
                return "CLOSED"
            if len(self._events) >= self._most_events or self.waiting_bytes + size > self._most_bytes:
                return "QUEUE_FULL"
            self._bytes_in += size
            self.accepted += 1
            self._events.append((event, size))
        return ""

    def close(self) -> None:
        """Take no more."""
        with self._offering:
            self._closed = True

    def take(self) -> TrainingEvent | None:
        """The oldest, which is the caller's from now on; None where none waits."""
        try:
            event, size = self._events.popleft()
        except IndexError:
            return None
        self._bytes_out += size
        return event


def _size(body: Any) -> int:
    size = _EVENT_BYTES
    if isinstance(body, StepCompleted):
        for values in (
            body.layer_grad_norms, body.layer_weight_norms, body.layer_update_norms, body.layer_zero_fractions,
        ):  # fmt: skip
            if values is not None:
                size += len(values) * getattr(values, "itemsize", _SLOT_BYTES)  # type: ignore[arg-type]
        size += _SLOT_BYTES * len(body.metrics)
        if isinstance(body.histogram, Log2Histogram):
            size += _SLOT_BYTES * len(body.histogram.counts)
    return size
