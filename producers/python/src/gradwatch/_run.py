"""One attempt of a run as its publisher tells it."""

from __future__ import annotations

import time

from gradwatch._outbox import Outbox
from gradwatch.events import Body, RunEnded, RunOutcome, RunStarted, TrainingEvent

_ABANDONED_SECONDS = 5.0


class Run:
    """What it takes to tell of a run; knows no publisher, so that it can tell the end when nobody holds that any more.

    No method raises.
    """

    def __init__(self, run_id: str, attempt: int, rank: int | None, outbox: Outbox, *, silent: bool) -> None:
        """A run that was not started."""
        self.run_id = run_id
        self.attempt = attempt
        self.rank = rank
        self.outbox = outbox
        self.closed = silent
        self.started: RunStarted | None = None
        self.ended = False
        self._last_step = 0

    @property
    def lacks_end(self) -> bool:
        """It was started, and nobody told its end."""
        return self.started is not None and not self.ended

    def put(self, step: int, body: Body, emitted_at: int | None = None) -> None:
        """Tell a body at a step (milliseconds since 1970; None: now)."""
        try:
            number = int(step)
            self._last_step = number
            at = emitted_at or time.time_ns() // 1_000_000
            self.offer(TrainingEvent(self.run_id, self.attempt, number, at, self.rank, body))
        except Exception as e:  # a bug or a wrong type must not end a training
            self.outbox.drop("INVALID", e)

    def offer(self, event: TrainingEvent) -> None:
        """Tell an event as it is."""
        if self.closed:
            self.outbox.drop("CLOSED", "")
        else:
            self.outbox.offer(event)

    def end(self, step: int | None, outcome: RunOutcome) -> None:
        """Tell the end; ``step`` None: at the last one told."""
        self.ended = True
        self.put(self._last_step if step is None else step, RunEnded(outcome))

    def abandon(self) -> None:
        """Nobody holds the publisher any more: tell what is queued and the end, without waiting.

        May be called by the garbage collector, in any thread at any moment: takes no lock that is not reentrant.
        """
        if self.lacks_end:
            self.end(None, RunOutcome.UNKNOWN)
        self.closed = True
        self.outbox.leave(_ABANDONED_SECONDS)

    def begin_anew(self) -> None:
        """Begin as a forked child does: the run's end is the parent's to tell, unless the child starts it again."""
        self.outbox = self.outbox.anew()
        self.ended = True
