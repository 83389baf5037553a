"""Publishers end with their process, and begin anew in a forked one."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time
import weakref
from types import FrameType
from typing import Protocol

from gradwatch.events import RunOutcome

_EXIT_SECONDS = 5.0


class Ending(Protocol):
    """What ends with the process."""

    def end(self, outcome: RunOutcome, seconds: float) -> None:
        """Tell the end of a run that nobody told, and close within so many seconds."""

    def begin_anew(self) -> None:
        """Begin as a forked child does: nothing of its parent's is its own to send."""


open_publishers: weakref.WeakSet[Ending] = weakref.WeakSet()
_sigterm_handled = False


def handle_sigterm() -> None:
    """Flush at SIGTERM, where nobody handles it and this is the thread that may."""
    global _sigterm_handled  # noqa: PLW0603 - a process has one handler
    on_main = threading.current_thread() is threading.main_thread()
    if _sigterm_handled or not on_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return
    signal.signal(signal.SIGTERM, _on_sigterm)
    _sigterm_handled = True


def _end_all(outcome: RunOutcome) -> None:
    deadline = time.monotonic() + _EXIT_SECONDS
    for publisher in list(open_publishers):
        publisher.end(outcome, max(0.0, deadline - time.monotonic()))


def _at_exit() -> None:
    """An exception that ended the interpreter is a failure."""
    _end_all(RunOutcome.FAILED if getattr(sys, "last_type", None) is not None else RunOutcome.UNKNOWN)


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    try:
        _end_all(RunOutcome.PREEMPTED)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)


def _after_fork() -> None:
    for publisher in list(open_publishers):
        publisher.begin_anew()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
