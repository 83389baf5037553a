"""The way of events from the thread that trains to where they go."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gradwatch._log import SparseLog
from gradwatch._queue import EventQueue
from gradwatch._sinks import Sink, SinkLostError, Told
from gradwatch.events import TrainingEvent

_REST_SECONDS = 0.02
_RECONNECT_SECONDS = 5.0
_OUT_OF_TIME = "the time to close ran out"


@dataclass(frozen=True, slots=True)
class PublisherStats:
    """Events of one publisher since it was made.

    Attributes:
        accepted: taken into the queue.
        published: acknowledged by Kafka, or written to the file.
        failed: handed over and refused, or not acknowledged within two minutes.
        dropped: never handed over, by cause: QUEUE_FULL, INVALID (breaks the wire contract), CLOSED.
        queued: waiting now.
    """

    accepted: int
    published: int
    failed: int
    dropped: Mapping[str, int]
    queued: int


@dataclass(slots=True)
class _Counts:
    published: int = 0
    failed: int = 0
    dropped: dict[str, int] = field(default_factory=lambda: {"QUEUE_FULL": 0, "INVALID": 0, "CLOSED": 0})


class Outbox:
    """A bounded queue and the daemon thread that empties it; what has no room is dropped and counted.

    No method raises. None but ``close`` and ``wait_for_room`` waits. The thread starts with the first event.
    """

    def __init__(
        self,
        connect: Callable[[Told], Sink],
        queue_events: int,
        queue_bytes: int,
        log: SparseLog,
        on_start: Callable[[], None] = lambda: None,
    ) -> None:
        """``connect`` makes the sink, in the thread, and may raise: it is tried again then.

        ``on_start`` is called by who offers the first event.
        """
        self.connect = connect
        self._on_start = on_start
        self.log = log
        self._bounds = (queue_events, queue_bytes)
        self._counts = _Counts()
        self.queue = EventQueue(queue_events, queue_bytes)
        # No Event: its lock is not reentrant, and a signal's handler or the garbage collector may close.
        self.closing = False
        self.deadline = 0.0
        self._lost_before: int | None = None
        self._starting = threading.RLock()  # SIGTERM's handler may meet its own thread inside
        self._dropping = threading.RLock()
        self.sender: Sender | None = None

    def anew(self) -> Outbox:
        """The same for a forked child, which has no thread and must not touch its parent's connection."""
        if self.sender is not None:
            # Its client's threads are not here, and to end it would wait for them: it is never to be freed.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self.sender))
        return Outbox(self.connect, *self._bounds, self.log, self._on_start)

    def offer(self, event: TrainingEvent) -> None:
        """Take an event, or drop and count it."""
        refused = self.queue.offer(event)
        if refused:
            waiting = f"{len(self.queue)} events wait; is Kafka away, or too slow?"
            self.drop(refused, waiting if refused == "QUEUE_FULL" else "")
        elif self.sender is None:
            self._start()

    def drop(self, cause: str, detail: object) -> None:
        """Count an event that is not handed over."""
        with self._dropping:
            self._counts.dropped[cause] += 1
        if cause != "CLOSED" or detail:
            self.log.tell(f"event dropped ({cause})", detail)

    def told(self, taken: bool) -> None:
        """Count an event that was handed over; of the sender's thread."""
        if taken:
            self._counts.published += 1
        else:
            self._counts.failed += 1

    def stats(self) -> PublisherStats:
        """What became of the events so far."""
        counts, queue = self._counts, self.queue
        return PublisherStats(queue.accepted, counts.published, counts.failed, dict(counts.dropped), len(queue))

    def wait_for_room(self) -> None:
        """Wait until half of the queue is free."""
        while len(self.queue) > self._bounds[0] // 2 and not self.closing:
            time.sleep(_REST_SECONDS)

    def close(self, timeout: float) -> None:
        """Take no more, send what is queued, at most so many seconds. Where that goes on already, wait for it."""
        self._begin_to_close(timeout)
        with self._starting:
            sender = self.sender
        if sender is not None and sender is not threading.current_thread() and sender.is_alive():
            sender.join(max(0.0, timeout) + 1.0)
        self.finish()

    def leave(self, timeout: float) -> None:
        """The same without waiting, but for the process's end."""
        leaving.add(self)
        self._begin_to_close(timeout)
        if self.sender is None or not self.sender.is_alive():
            leaving.discard(self)

    def _begin_to_close(self, timeout: float) -> None:
        if not self.closing:
            self._lost_before = self._counts.dropped["CLOSED"]  # which were told to one that was silent
            self.deadline = time.monotonic() + max(0.0, timeout)
            self.closing = True
        self.queue.close()

    def finish(self) -> None:
        """Nothing more is sent: count what is left, and say once how many events were lost."""
        while self.queue.take() is not None:
            self.drop("CLOSED", _OUT_OF_TIME)
        before, self._lost_before = self._lost_before, None
        if before is not None:
            lost = self._counts.failed + sum(self._counts.dropped.values()) - before
            if lost:
                self.log.tell("closed", f"{lost} events were lost in all, {self._counts.published} published")
        leaving.discard(self)

    def _start(self) -> None:
        with self._starting:
            if self.sender is not None or self.closing:
                return
            self._on_start()
            self.sender = Sender(self)
            try:
                self.sender.start()
            except RuntimeError as e:  # no more threads, or the interpreter ends: tried again at the next event
                self.sender = None
                self.log.tell("cannot publish now", e)


leaving: set[Outbox] = set()
"""Those whose publisher is gone, and that are not done."""


class Sender(threading.Thread):
    """Takes events from the queue, encodes and hands them over: everything that can wait or fail happens here."""

    def __init__(self, outbox: Outbox) -> None:
        """See ``Outbox``."""
        super().__init__(name="gradwatch-publisher", daemon=True)
        self._of = outbox
        self.sink: Sink | None = None

    def run(self) -> None:
        """Serve until the outbox closes."""
        while (sink := self._connected()) is not None:
            try:
                self._serve(sink)
                break
            except SinkLostError as e:
                self._of.log.tell("connecting anew, as the client has given up", e)
            finally:
                sink.close()
        self._of.finish()

    def _serve(self, sink: Sink) -> None:
        of = self._of
        while not of.closing:
            self._drain(sink)
            time.sleep(_REST_SECONDS)
        self._drain(sink)
        sink.flush(of.deadline - time.monotonic())

    def _connected(self) -> Sink | None:
        of = self._of
        while True:
            try:
                self.sink = of.connect(of.told)
                return self.sink
            except Exception as e:  # Kafka's for a setting, the file system's: told, and tried again
                of.log.tell(f"cannot publish, trying again in {_RECONNECT_SECONDS:.0f} s", e)
            again_at = time.monotonic() + _RECONNECT_SECONDS
            while not of.closing and time.monotonic() < again_at:
                time.sleep(_REST_SECONDS)
            if of.closing:
                return None

    def _drain(self, sink: Sink) -> None:
        of = self._of
        while not self._is_late() and (event := of.queue.take()) is not None:
            try:
                if not self._handed_over(sink, event):
                    of.drop("CLOSED", _OUT_OF_TIME)
                    return
            except SinkLostError:
                of.told(False)
                raise
            except Exception as e:  # whatever the event does to its encoder, the next one is sent
                of.drop("INVALID", e)
            time.sleep(0)  # who trains may have the interpreter in between
        sink.poll()

    def _is_late(self) -> bool:
        return self._of.closing and time.monotonic() >= self._of.deadline

    def _handed_over(self, sink: Sink, event: TrainingEvent) -> bool:
        """False where there was no room before the time to close ran out."""
        while not sink.send(event):
            if self._is_late():
                return False
            sink.poll()
            time.sleep(_REST_SECONDS)
        return True
