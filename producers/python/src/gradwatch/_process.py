"""Publishers end with their process, and begin anew in a forked one."""

from __future__ import annotations

import atexit
import os
import sys
import time
import weakref
from typing import Protocol

from gradwatch import _outbox
from gradwatch.events import RunOutcome

EXIT_SECONDS = 5.0


class Ending(Protocol):
    """What ends with the process."""

    def end(self, outcome: RunOutcome, seconds: float) -> None:
        """Tell the end of a run that nobody told, and close within so many seconds."""

    def begin_anew(self) -> None:
        """Begin as a forked child does: nothing of its parent's is its own to send."""


open_publishers: weakref.WeakSet[Ending] = weakref.WeakSet()


def end_all(outcome: RunOutcome) -> None:
    """End all publishers within 5 s, and those that nobody holds any more."""
    deadline = time.monotonic() + EXIT_SECONDS
    for publisher in list(open_publishers):
        publisher.end(outcome, max(0.0, deadline - time.monotonic()))
    for outbox in list(_outbox.leaving):
        outbox.close(max(0.0, deadline - time.monotonic()))


def _at_exit() -> None:
    """What ended the interpreter: Ctrl-C, another exception, or nothing that says how the run went."""
    error = getattr(sys, "last_type", None)
    if error is None:
        end_all(RunOutcome.UNKNOWN)
    else:
        end_all(RunOutcome.CANCELLED if issubclass(error, KeyboardInterrupt) else RunOutcome.FAILED)


def _after_fork() -> None:
    for outbox in list(_outbox.leaving):
        outbox.anew()
    _outbox.leaving.clear()
    for publisher in list(open_publishers):
        publisher.begin_anew()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
