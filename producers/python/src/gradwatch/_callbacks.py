"""Calls that a framework makes of us: whatever goes wrong in them, its training goes on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gradwatch._log import SparseLog
from gradwatch.events import RunOutcome

_P = ParamSpec("_P")
_R = TypeVar("_R")
_LOG = SparseLog()


def quiet(call: Callable[_P, _R]) -> Callable[_P, _R | None]:
    """The same, but an exception is logged, at most once a minute, and None returned."""

    @functools.wraps(call)
    def quietly(*args: _P.args, **kwargs: _P.kwargs) -> _R | None:
        try:
            return call(*args, **kwargs)
        except Exception as e:  # also the device's, such as out of memory
            name = getattr(call, "__qualname__", "gradwatch")
            _LOG.tell(f"{name} failed, the training goes on", f"{type(e).__name__}: {e}")
            return None

    return quietly


def check_settings(make: Callable[[], object]) -> None:
    """Make a publisher and throw it away: its settings are checked before a framework has loaded anything.

    Raises:
        ValueError: one of them cannot be used.
    """
    publisher = make()
    close = getattr(publisher, "close", None)
    if close is not None:
        close()


def outcome_of(exception: BaseException) -> RunOutcome:
    """How a training ended that this ended."""
    if isinstance(exception, KeyboardInterrupt):
        return RunOutcome.CANCELLED
    if isinstance(exception, SystemExit) and exception.code in (None, 0):
        return RunOutcome.UNKNOWN
    return RunOutcome.FAILED
