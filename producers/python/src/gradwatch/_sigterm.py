"""SIGTERM ends the process as it does without us, once what is queued is sent.

Python calls a handler only when its main thread is back from native code, which may be never: a collective whose peers
are gone. Where no byte code runs, a thread hears of the signal by ``signal.set_wakeup_fd`` and does the same. It
cannot help where native code holds the interpreter's lock, nor where someone else has taken the wakeup descriptor, as
asyncio does for its own handlers.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
import threading
import time
from types import FrameType

from gradwatch import _process
from gradwatch.events import RunOutcome

_HANDLER_SECONDS = 0.5
_GRACE_SECONDS = 2.0
_SCM_CREDENTIALS = 2  # of Linux; the socket module of some builds lacks it
_CREDENTIALS = struct.Struct("iII")  # struct ucred: process, user, group


class _Bell:
    """Rings for the signals of this process; a child's, which has the same socket, bear the child's id."""

    def __init__(self) -> None:
        self._heard, self._rung = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._rung.setblocking(False)
        self._heard.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        # Open until the process is gone: at its end nobody is left who may close them.
        for end in (self._heard, self._rung):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(end))

    def hang(self) -> bool:
        """Have it rung; False where another one hangs there."""
        other = signal.set_wakeup_fd(self._rung.fileno(), warn_on_full_buffer=False)
        if other == -1:
            return True
        signal.set_wakeup_fd(other)
        return False

    def take_down(self) -> None:
        """Have it rung no more."""
        other = signal.set_wakeup_fd(-1)
        if other not in (-1, self._rung.fileno()):
            signal.set_wakeup_fd(other)
        self.close()

    def close(self) -> None:
        self._heard.close()
        self._rung.close()

    def wait(self) -> None:
        """Until SIGTERM comes to this process and is ours to handle."""
        while True:
            told, ancillary, _, _ = self._heard.recvmsg(16, socket.CMSG_SPACE(_CREDENTIALS.size))
            ids = [
                _CREDENTIALS.unpack(data)[0]
                for level, kind, data in ancillary
                if (level, kind) == (socket.SOL_SOCKET, _SCM_CREDENTIALS)
            ]
            if signal.SIGTERM in told and ids == [os.getpid()] and signal.getsignal(signal.SIGTERM) is _on_sigterm:
                return


_bell: _Bell | None = None
_ending = threading.Lock()
"""Held from the moment when somebody ends the process: never waited for."""


def handle() -> None:
    """Flush at SIGTERM, where nobody handles it and this is the thread that may. Twice does nothing."""
    global _bell  # noqa: PLW0603 - a process has one
    on_main = threading.current_thread() is threading.main_thread()
    if not on_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return
    try:
        signal.signal(signal.SIGTERM, _on_sigterm)
        if sys.platform == "linux" and _bell is None:
            bell = _Bell()
            if bell.hang():
                _bell = bell
                threading.Thread(target=_watch, args=(bell,), name="gradwatch-sigterm", daemon=True).start()
            else:
                bell.close()
    except (OSError, RuntimeError, ValueError):  # no descriptors, no threads, not the main interpreter
        return


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    if not _ending.acquire(blocking=False):
        return  # the first one is at it, below us or in the thread
    try:
        _process.end_all(RunOutcome.PREEMPTED)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(bell: _Bell) -> None:
    bell.wait()
    time.sleep(_HANDLER_SECONDS)  # the handler has the first go
    if _ending.acquire(blocking=False):
        ends = threading.Thread(target=_process.end_all, args=(RunOutcome.PREEMPTED,), daemon=True)
        try:
            ends.start()
            ends.join(_process.EXIT_SECONDS + _GRACE_SECONDS)  # what is stuck may hold what it needs
        except RuntimeError:  # no more threads
            pass
    else:
        time.sleep(_process.EXIT_SECONDS + _GRACE_SECONDS)
    # signal.signal is of the main thread only.
    ctypes.pythonapi.PyOS_setsig(ctypes.c_int(signal.SIGTERM), ctypes.c_void_p(signal.SIG_DFL))
    os.kill(os.getpid(), signal.SIGTERM)


def _after_fork() -> None:
    """A child dies of SIGTERM at once, as without us, until it tells an event of its own."""
    global _bell, _ending  # noqa: PLW0603 - as above
    _ending = threading.Lock()
    try:
        if signal.getsignal(signal.SIGTERM) is _on_sigterm:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if _bell is not None:
            _bell.take_down()
    except (OSError, ValueError):  # not the main interpreter
        return
    finally:
        _bell = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
