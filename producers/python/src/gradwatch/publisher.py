"""Publishes the events of one training run without ever slowing or ending the training."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import sys
import threading
import time
import weakref
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from gradwatch import limits
from gradwatch._log import SparseLog
from gradwatch._queue import EventQueue
from gradwatch._sinks import FileSink, KafkaSink, Sink, Told
from gradwatch.context import RunContext
from gradwatch.events import (
    AdviceApplied,
    Body,
    CheckpointSaved,
    ClipMode,
    EvaluationCompleted,
    Floats,
    Heartbeat,
    Log2Histogram,
    NormStage,
    Number,
    RunEnded,
    RunOutcome,
    RunStarted,
    StepCompleted,
    TrainingEvent,
    float_array,
)
from gradwatch.settings import kafka_settings

QUEUE_EVENTS = 8_192
"""Events that may wait for the sender."""

QUEUE_BYTES = 64 * 1024 * 1024
"""Bytes of layer values that may wait for it."""

_REST_SECONDS = 0.02
_RECONNECT_SECONDS = 5.0
_REPEAT_STARTED_SECONDS = 300.0
_EXIT_SECONDS = 5.0
_OUT_OF_TIME = "the time to close ran out"

_KAFKA_DEFAULTS: dict[str, object] = {
    "client.id": "gradwatch-publisher",
    "acks": "all",
    "enable.idempotence": True,
    "compression.type": "lz4",
    "linger.ms": 50,
    "batch.size": 64 * 1024,
    "queue.buffering.max.kbytes": 16 * 1024,
    "message.timeout.ms": 120_000,
    # As Java's clients place keys: librdkafka's own default would tear a run's records apart.
    "partitioner": "murmur2_random",
    "log.connection.close": False,
}


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


class Publisher:
    """Events of one run, to Kafka or to a file.

    Made for the training loop: once made, no method raises and none but ``close`` waits. A call puts an event into a
    bounded queue; a daemon thread encodes and sends. What cannot be kept is dropped and counted (``stats``), and said
    at most once a minute on the logger ``gradwatch``. Nothing is connected, and no thread started, before the first
    event.

    Ends by itself: at the interpreter's end and at SIGTERM (where nobody else handles it) it sends what is queued for
    5 s at most, and the end of a run that was started and not ended: FAILED after an exception, PREEMPTED at SIGTERM,
    else UNKNOWN. ``os._exit`` and SIGKILL lose the last 0.1 s. In a child of
    ``os.fork`` it starts anew, with an empty queue.

    As a context manager it closes, and says how the run ended: COMPLETED, FAILED after an exception, CANCELLED after
    Ctrl-C.

    Example:
        >>> with Publisher("bert-7", local="events.jsonl") as run:
        ...     run.started(layers=["embed", "head"])
        ...     run.step(0, loss=10.8, grad_norm=3.1, layer_grad_norms=[3.0, 0.78])

    """

    def __init__(
        self,
        run_id: str | None = None,
        *,
        bootstrap_servers: str | None = None,
        project: str | None = None,
        attempt: int | None = None,
        rank: int | None = None,
        all_ranks: bool = False,
        local: str | os.PathLike[str] | None = None,
        client_properties: Mapping[str, object] | None = None,
        client_file: str | os.PathLike[str] | None = None,
        allow_plaintext: bool | None = None,
        queue_events: int = QUEUE_EVENTS,
        handle_sigterm: bool = True,
        context: RunContext | None = None,
    ) -> None:
        """Set up; Kafka is not asked yet.

        Args:
            run_id: the training; None: as the environment says (``RunContext``), else the name of the local file.
            bootstrap_servers: Kafka's ``host:port,...``; None: the client file's, ``GRADWATCH_BOOTSTRAP_SERVERS``,
                else ``localhost:9092``.
            project: the team, 1 to 64 lower-case letters, digits and dashes; None: ``GRADWATCH_PROJECT``, ``default``.
            attempt: 0 for the first start, one more at every resume; None: as the environment says.
            rank: which rank speaks; None: the run as a whole. Of several processes (``WORLD_SIZE``) only rank 0
                publishes then, and the others' publishers do nothing.
            all_ranks: each process publishes as its own rank.
            local: write JSON lines to this file instead, for ``gradwatch backtest`` and ``pipe``.
            client_properties: settings of Kafka's client, librdkafka's names or Java's; they win over ours.
            client_file: the same from a properties file, as Kafka's tools take it; None: ``GRADWATCH_CLIENT_FILE``.
            allow_plaintext: talk to Kafka on other machines without TLS; None: ``GRADWATCH_ALLOW_PLAINTEXT=1``.
            queue_events: how many events may wait.
            handle_sigterm: flush at SIGTERM, where its handler is Python's own default.
            context: instead of the environment.

        Raises:
            ValueError: a name or setting that cannot be used. ``GRADWATCH=off`` switches everything off but this.

        """
        context = context or RunContext.of()
        if run_id is None:
            run_id = Path(local).stem if local is not None and context.made_up else context.run_id
        self.run_id = limits.check_run_id(run_id)
        self.project = limits.check_project(project if project is not None else context.project)
        self.attempt = _at_least("attempt", context.attempt if attempt is None else attempt, 0)
        self.rank = context.rank if rank is None and all_ranks else rank
        if self.rank is not None:
            _at_least("rank", self.rank, 0)
        self.context = context
        self._queue_events = _at_least("queue_events", queue_events, 1)
        self._log = SparseLog()
        self._started: RunStarted | None = None
        self._started_at = 0.0
        self._last_step = 0
        self._ended = False
        self._before_close: list[Callable[[], None]] = []
        self._closed = not (_enabled() and (self.rank is not None or context.rank == 0))
        self._connect = self._connection(
            local, bootstrap_servers, client_properties, client_file, _plaintext(allow_plaintext)
        )
        self._begin()
        if not self._closed:
            _open.add(self)
            if handle_sigterm:
                _handle_sigterm()

    def _connection(
        self,
        local: str | os.PathLike[str] | None,
        servers: str | None,
        properties: Mapping[str, object] | None,
        file: str | os.PathLike[str] | None,
        allow_plaintext: bool,
    ) -> Callable[[Told], Sink]:
        if local is not None:
            path = local
            return lambda told: FileSink(path, told, self._log)
        if self._closed:
            return lambda told: FileSink(os.devnull, told, self._log)
        settings = kafka_settings(_KAFKA_DEFAULTS, servers, properties, file, allow_plaintext)
        topic = limits.events_topic(self.project)
        return lambda told: KafkaSink(topic, settings, self._log, told)

    def _begin(self) -> None:
        """What does not survive a fork."""
        self._counts = _Counts()
        self._queue = EventQueue(self._queue_events, QUEUE_BYTES)
        self._starting = threading.RLock()  # SIGTERM's handler may meet its own thread inside
        self._dropping = threading.RLock()
        self._closing = threading.Event()
        self._deadline = 0.0
        self._sender: _Sender | None = None

    # What a training says.

    def started(
        self,
        first_step: int = 0,
        *,
        layers: Sequence[str] = (),
        owner: str = "",
        framework: str = "",
        world_size: int | None = None,
        planned_steps: int | None = None,
        clip_mode: ClipMode = ClipMode.UNKNOWN,
        clip_threshold: float | None = None,
        norm_stage: NormStage = NormStage.PRE_CLIP,
        norm_scaled: bool = False,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """The run (this attempt of it) starts; repeated every 5 minutes by itself.

        Args:
            first_step: first step of the attempt.
            layers: names in forward order, at most 16,384 of 256 bytes; longer ones are cut.
            owner: who to ask about the run.
            framework: name and version.
            world_size: number of ranks; None: as the environment says.
            planned_steps: optimizer steps the run is meant to take.
            clip_mode: how the trainer clips; GLOBAL_NORM where only a threshold is given.
            clip_threshold: its own threshold, in units of the gradient norm (VALUE: of one component).
            norm_stage: whether norms are taken before or after clipping.
            norm_scaled: norms are still multiplied by the loss scale.
            tags: host, cluster, data shard...; host and job are added where the environment says them.

        """
        try:
            if clip_mode is ClipMode.UNKNOWN and clip_threshold is not None:
                clip_mode = ClipMode.GLOBAL_NORM
            self._started = RunStarted(
                owner=limits.cut(owner, limits.MAX_TEXT_BYTES),
                framework=limits.cut(framework, limits.MAX_TEXT_BYTES),
                layer_names=[limits.cut(name, limits.MAX_NAME_BYTES) for name in layers[: limits.MAX_LAYERS]],
                world_size=world_size or self.context.world_size,
                planned_steps=planned_steps,
                clip_mode=clip_mode,
                clip_threshold=clip_threshold,
                norm_stage=norm_stage,
                norm_scaled=norm_scaled,
                tags=_tags({**self.context.tags, **(tags or {})}),
            )
        except Exception as e:  # a bug or a wrong type must not end a training
            self._drop("INVALID", e)
            return
        self._started_at = time.monotonic()
        self._ended = False
        self._put(first_step, self._started)

    def step(
        self,
        step: int,
        *,
        loss: Number | None = None,
        grad_norm: Number | None = None,
        learning_rate: Number | None = None,
        clip_threshold: Number | None = None,
        loss_scale: Number | None = None,
        update_skipped: bool | None = None,
        nonfinite_count: Number | None = None,
        batch_size: Number | None = None,
        grad_abs_max: Number | None = None,
        layer_grad_norms: Floats | None = None,
        layer_weight_norms: Floats | None = None,
        layer_update_norms: Floats | None = None,
        layer_zero_fractions: Floats | None = None,
        histogram: Log2Histogram | None = None,
        metrics: Mapping[str, Number] | None = None,
    ) -> None:
        """An optimizer step was taken, or skipped by the loss scaler.

        Numbers may be tensors of one element: one on a GPU is copied there and read by the sender, so that the
        training does not wait for it.

        Args:
            step: 0 to 2**53.
            loss: training loss, in its own unit.
            grad_norm: global L2 norm of the gradient, before clipping unless ``started`` said otherwise.
            learning_rate: of the first parameter group.
            clip_threshold: applied at this step; None when not clipped.
            loss_scale: of mixed precision, above 0.
            update_skipped: True when the loss scaler skipped the update.
            nonfinite_count: NaN or infinite gradient components.
            batch_size: samples in the global batch.
            grad_abs_max: largest absolute gradient component.
            layer_grad_norms: L2 norm of each layer's gradient, in the order of ``started``'s layers. Copied.
            layer_weight_norms: of its weights after the step.
            layer_update_norms: of the change the step made to them.
            layer_zero_fractions: share of its gradient components that are exactly 0.
            histogram: of the gradient components.
            metrics: any other series; at most 256.

        """
        try:
            body = StepCompleted(
                _now(loss), _now(grad_norm), _now(learning_rate), _now(clip_threshold), _now(loss_scale),
                update_skipped, _now(nonfinite_count), _now(batch_size), _now(grad_abs_max),
                _copied(layer_grad_norms), _copied(layer_weight_norms),
                _copied(layer_update_norms), _copied(layer_zero_fractions),
                histogram, {name: _now(value) for name, value in metrics.items()} if metrics else {},
            )  # fmt: skip
        except Exception as e:  # a bug or a wrong type must not end a training
            self._drop("INVALID", e)
            return
        self.publish(step, body)

    def evaluation(self, step: int, loss: Number | None = None, metrics: Mapping[str, Number] | None = None) -> None:
        """An evaluation on held-out data after a step."""
        try:
            body = EvaluationCompleted(_now(loss), {name: _now(value) for name, value in (metrics or {}).items()})
        except Exception as e:  # as in step
            self._drop("INVALID", e)
            return
        self.publish(step, body)

    def checkpoint(self, step: int, uri: str = "") -> None:
        """A checkpoint with the state after a step was saved; at most 4,096 bytes of URI."""
        try:
            body = CheckpointSaved(limits.cut(str(uri), limits.MAX_URI_BYTES), None)
        except Exception as e:  # as in step
            self._drop("INVALID", e)
            return
        self.publish(step, body)

    def advice_applied(self, step: int, advised: float | None, applied: float | None, made_at_step: int | None) -> None:
        """What was done with a recommendation."""
        self.publish(step, AdviceApplied(advised, applied, made_at_step))

    def heartbeat(self, step: int) -> None:
        """The trainer lives although no step completes."""
        self.publish(step, Heartbeat())

    def ended(self, step: int | None = None, outcome: RunOutcome = RunOutcome.COMPLETED) -> None:
        """The run (this attempt of it) ended; ``step`` None: at the last one told."""
        self._ended = True
        self._put(self._last_step if step is None else step, RunEnded(outcome))

    @property
    def is_silent(self) -> bool:
        """Whether it publishes nothing: switched off, closed, or not the rank that speaks."""
        return self._closed

    def publish(self, step: int, body: Body, emitted_at: int | None = None) -> None:
        """Publish any body at a step (milliseconds since 1970; None: now). It belongs to the publisher from now on."""
        started = self._started
        if started is not None and time.monotonic() - self._started_at >= _REPEAT_STARTED_SECONDS:
            self._started_at = time.monotonic()
            self._put(step, started)
        self._put(step, body, emitted_at)

    def publish_event(self, event: TrainingEvent) -> None:
        """Publish an event as it is, of whatever run: for replays."""
        try:
            self._offer(event)
        except Exception as e:  # as in step
            self._drop("INVALID", e)

    def stats(self) -> PublisherStats:
        """What became of the events so far."""
        counts, queue = self._counts, self._queue
        return PublisherStats(queue.accepted, counts.published, counts.failed, dict(counts.dropped), len(queue))

    def wait_for_room(self) -> None:
        """Wait until half of the queue is free: for replays, never for a training."""
        while len(self._queue) > self._queue_events // 2 and not self._closed:
            time.sleep(_REST_SECONDS)

    def leave_end_unsaid(self) -> None:
        """Say nothing of the run's end when this closes: its events may say so themselves."""
        self._ended = True

    def before_close(self, call: Callable[[], None]) -> None:
        """Call this once when the publisher begins to close: for what is still to be told."""
        self._before_close.append(call)

    def close(self, timeout: float = 10.0) -> None:
        """Take no more events, send what is queued, at most so many seconds. Closing twice does nothing."""
        self._say_before_close()
        self._closed = True
        if not self._queue.close():
            return
        _open.discard(self)
        self._deadline = time.monotonic() + max(0.0, timeout)
        self._closing.set()
        with self._starting:
            sender = self._sender
        if sender is not None and sender is not threading.current_thread() and sender.is_alive():
            sender.join(max(0.0, timeout) + 1.0)
        while self._queue.take() is not None:
            self._drop("CLOSED", _OUT_OF_TIME)

    def __enter__(self) -> Publisher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._ended:
            outcome = RunOutcome.COMPLETED
            if kind is not None:
                cancelled = issubclass(kind, KeyboardInterrupt)
                outcome = RunOutcome.CANCELLED if cancelled else RunOutcome.FAILED
                if issubclass(kind, SystemExit) and getattr(error, "code", 1) in (None, 0):
                    outcome = RunOutcome.COMPLETED
            self.ended(outcome=outcome)
        self.close()

    # Inside.

    def _say_before_close(self) -> None:
        while self._before_close:
            call = self._before_close.pop()
            try:
                call()
            except Exception as e:  # a bug of ours must not end a training
                self._log.tell("closing", e)

    def _put(self, step: int, body: Body, emitted_at: int | None = None) -> None:
        try:
            number = int(step)
            self._last_step = number
            self._offer(
                TrainingEvent(
                    self.run_id, self.attempt, number, emitted_at or time.time_ns() // 1_000_000, self.rank, body
                )
            )
        except Exception as e:  # as in step
            self._drop("INVALID", e)

    def _offer(self, event: TrainingEvent) -> None:
        refused = "CLOSED" if self._closed else self._queue.offer(event)
        if refused:
            waiting = f"{len(self._queue)} events wait; is Kafka away, or too slow?"
            self._drop(refused, waiting if refused == "QUEUE_FULL" else "")
        elif self._sender is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._sender is not None or self._closed:
                return
            self._sender = _Sender(self)
            try:
                self._sender.start()
            except RuntimeError as e:  # no more threads, or the interpreter ends: tried again at the next event
                self._sender = None
                self._log.tell("cannot publish now", e)

    def _drop(self, cause: str, detail: object) -> None:
        with self._dropping:
            self._counts.dropped[cause] += 1
        if cause != "CLOSED" or detail:
            self._log.tell(f"event dropped ({cause})", detail)

    def _told(self, taken: bool) -> None:
        if taken:
            self._counts.published += 1
        else:
            self._counts.failed += 1

    def _after_fork(self) -> None:
        if self._sender is not None:
            _leak(self._sender)  # its client's threads are not here, and to end it would wait for them
        self._ended = True  # of the run's end the parent speaks
        self._before_close.clear()
        self._begin()
        # The run's end is the parent's to tell, unless the child starts it again.
        self._ended = True
        self._before_close = []


class _Sender(threading.Thread):
    """Takes events from the queue, encodes and hands them over: everything that can wait or fail happens here."""

    def __init__(self, publisher: Publisher) -> None:
        super().__init__(name="gradwatch-publisher", daemon=True)
        self._of = publisher
        self.sink: Sink | None = None

    def run(self) -> None:
        of = self._of
        sink = self._connected()
        if sink is None:
            return
        try:
            while not of._closing.wait(_REST_SECONDS):
                self._drain(sink)
            self._drain(sink)
            sink.flush(of._deadline - time.monotonic())
        finally:
            sink.close()

    def _connected(self) -> Sink | None:
        of = self._of
        while True:
            try:
                self.sink = of._connect(of._told)
                return self.sink
            except Exception as e:  # Kafka's for a setting, the file system's: told, and tried again
                of._log.tell(f"cannot publish, trying again in {_RECONNECT_SECONDS:.0f} s", e)
            if of._closing.wait(_RECONNECT_SECONDS):
                return None

    def _drain(self, sink: Sink) -> None:
        of = self._of
        while not self._is_late() and (event := of._queue.take()) is not None:
            try:
                if not self._handed_over(sink, event):
                    of._drop("CLOSED", _OUT_OF_TIME)
                    return
            except Exception as e:  # whatever the event does to its encoder, the next one is sent
                of._drop("INVALID", e)
            time.sleep(0)  # who trains may have the interpreter in between
        sink.poll()

    def _is_late(self) -> bool:
        return self._of._closing.is_set() and time.monotonic() >= self._of._deadline

    def _handed_over(self, sink: Sink, event: TrainingEvent) -> bool:
        """False where there was no room before the time to close ran out."""
        while not sink.send(event):
            if self._is_late():
                return False
            sink.poll()
            time.sleep(_REST_SECONDS)
        return True


def _at_least(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} is {value!r}, must be an integer of at least {least}")
    return value


def _enabled() -> bool:
    return os.environ.get("GRADWATCH", "").strip().lower() not in ("off", "0", "false", "disabled")


def _plaintext(allowed: bool | None) -> bool:
    return os.environ.get("GRADWATCH_ALLOW_PLAINTEXT") == "1" if allowed is None else allowed


def _tags(tags: Mapping[str, object]) -> dict[str, str]:
    kept = list(tags.items())[: limits.MAX_TAGS]
    return {limits.cut(str(k), limits.MAX_NAME_BYTES): limits.cut(str(v), limits.MAX_TEXT_BYTES) for k, v in kept}


def _now(value: Any) -> Any:
    """The number as it is now: who trains may change a tensor before the sender comes to it."""
    if value is None or isinstance(value, (float, int)):
        return value
    if getattr(value, "is_cuda", False):
        return value.detach().clone()
    detach = getattr(value, "detach", None)
    return float(value if detach is None else detach())


def _copied(values: Floats | None) -> array[float] | None:
    return None if values is None else float_array(values)


# Publishers end with their process, and begin anew in a forked one.

_open: weakref.WeakSet[Publisher] = weakref.WeakSet()
_sigterm_handled = False


def _close_all(outcome: RunOutcome) -> None:
    deadline = time.monotonic() + _EXIT_SECONDS
    for publisher in list(_open):
        if publisher._started is not None and not publisher._ended:
            publisher._say_before_close()
            publisher.ended(outcome=outcome)
        publisher.close(max(0.0, deadline - time.monotonic()))


def _at_exit() -> None:
    """The end of a run that nobody told: an exception that ended the interpreter is a failure."""
    _close_all(RunOutcome.FAILED if getattr(sys, "last_type", None) is not None else RunOutcome.UNKNOWN)


def _handle_sigterm() -> None:
    global _sigterm_handled  # noqa: PLW0603 - a process has one handler
    on_main = threading.current_thread() is threading.main_thread()
    if _sigterm_handled or not on_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return
    signal.signal(signal.SIGTERM, _on_sigterm)
    _sigterm_handled = True


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    try:
        _close_all(RunOutcome.PREEMPTED)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)


def _leak(sender: object) -> None:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(sender))


def _after_fork() -> None:
    for publisher in list(_open):
        publisher._after_fork()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

__all__ = ["Publisher", "PublisherStats"]
