"""Publishes the events of one training run without ever slowing or ending the training."""

from __future__ import annotations

import os
import time
import weakref
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MethodType, TracebackType
from typing import Any

from gradwatch import _process, _sigterm, limits
from gradwatch._log import SparseLog
from gradwatch._outbox import Outbox, PublisherStats
from gradwatch._run import Run
from gradwatch._sinks import FileSink, KafkaSink, Sink, Told, check_kafka
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
    RunOutcome,
    RunStarted,
    StepCompleted,
    TrainingEvent,
    float_array,
)
from gradwatch.settings import ClientOptions

QUEUE_EVENTS = 8_192
"""Events that may wait for the sender."""

QUEUE_BYTES = 64 * 1024 * 1024
"""Bytes of layer values that may wait for it."""

_REPEAT_STARTED_SECONDS = 300.0

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


class Publisher:
    """Events of one run, to Kafka or to a file.

    Made for the training loop: once made, no method raises and none but ``close`` waits. A call puts an event into a
    bounded queue; a daemon thread encodes and sends. What cannot be kept is dropped and counted (``stats``), and said
    at most once a minute on the logger ``gradwatch``. Nothing is connected, and no thread started, before the first
    event.

    Ends by itself: at the interpreter's end and at SIGTERM (where nobody else handles it) it sends what is queued for
    5 s at most, and the end of a run that was started and not ended: FAILED after an exception, CANCELLED after Ctrl-C,
    PREEMPTED at SIGTERM, else UNKNOWN. One that nobody holds any more does so at once. ``os._exit`` and SIGKILL lose
    the last 0.1 s. In a child of ``os.fork`` it starts anew, with an empty queue.

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
            OSError: the local file's folder or the client file is not there.

        """
        context = context or RunContext.of()
        if run_id is None:
            run_id = Path(local).stem if local is not None and context.made_up else context.run_id
        run_id = limits.check_run_id(run_id)
        self.project = limits.check_project(project if project is not None else context.project)
        attempt = _at_least("attempt", context.attempt if attempt is None else attempt, 0)
        rank = context.rank if rank is None and all_ranks else rank
        if rank is not None:
            _at_least("rank", rank, 0)
        self.context = context
        _at_least("queue_events", queue_events, 1)
        self._log = SparseLog()
        self._started_at = 0.0
        self._before_close: list[Callable[[], Callable[[], None] | None]] = []
        silent = not (_enabled() and (rank is not None or context.rank == 0))
        self.client = ClientOptions(bootstrap_servers, client_properties, client_file, allow_plaintext)
        connect = _nowhere if silent else self._connection(local)
        watch_sigterm = _sigterm.handle if handle_sigterm and not silent else _nothing
        outbox = Outbox(connect, queue_events, QUEUE_BYTES, self._log, watch_sigterm)
        self._run = Run(run_id, attempt, rank, outbox, silent=silent)
        self._abandoned = weakref.finalize(self, self._run.abandon)
        self._abandoned.atexit = False  # the process's end is told otherwise, and waited for
        if not silent:
            _process.open_publishers.add(self)
            watch_sigterm()

    def _connection(self, local: str | os.PathLike[str] | None) -> Callable[[Told], Sink]:
        """How to connect, later and by who does not know the publisher; what cannot work is refused now."""
        log = self._log
        if local is not None:
            path = Path(local)
            if not path.parent.is_dir():
                raise FileNotFoundError(f"local is {path}, but there is no folder {path.parent}; make it first")
            return lambda told: FileSink(path, told, log)
        settings = self.client.over(_KAFKA_DEFAULTS)
        if self.client.has_settings:
            check_kafka(settings, log)
        topic = limits.events_topic(self.project)
        return lambda told: KafkaSink(topic, settings, log, told)

    @property
    def run_id(self) -> str:
        """The training."""
        return self._run.run_id

    @property
    def attempt(self) -> int:
        """0 for its first start; may be set until something is told."""
        return self._run.attempt

    @attempt.setter
    def attempt(self, value: int) -> None:
        self._run.attempt = value

    @property
    def rank(self) -> int | None:
        """Which rank speaks; None: the run as a whole."""
        return self._run.rank

    @property
    def _outbox(self) -> Outbox:
        return self._run.outbox

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
            started = RunStarted(
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
            self._outbox.drop("INVALID", e)
            return
        self._started_at = time.monotonic()
        self._run.started = started
        self._run.ended = False
        self._run.put(first_step, started)

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
            self._outbox.drop("INVALID", e)
            return
        self.publish(step, body)

    def evaluation(self, step: int, loss: Number | None = None, metrics: Mapping[str, Number] | None = None) -> None:
        """An evaluation on held-out data after a step."""
        try:
            body = EvaluationCompleted(_now(loss), {name: _now(value) for name, value in (metrics or {}).items()})
        except Exception as e:  # as in step
            self._outbox.drop("INVALID", e)
            return
        self.publish(step, body)

    def checkpoint(self, step: int, uri: str = "") -> None:
        """A checkpoint with the state after a step was saved; at most 4,096 bytes of URI."""
        try:
            body = CheckpointSaved(limits.cut(str(uri), limits.MAX_URI_BYTES), None)
        except Exception as e:  # as in step
            self._outbox.drop("INVALID", e)
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
        self._run.end(step, outcome)

    @property
    def is_silent(self) -> bool:
        """Whether it publishes nothing: switched off, closed, or not the rank that speaks."""
        return self._run.closed

    def publish(self, step: int, body: Body, emitted_at: int | None = None) -> None:
        """Publish any body at a step (milliseconds since 1970; None: now). It belongs to the publisher from now on."""
        started = self._run.started
        if started is not None and time.monotonic() - self._started_at >= _REPEAT_STARTED_SECONDS:
            self._started_at = time.monotonic()
            self._run.put(step, started)
        self._run.put(step, body, emitted_at)

    def publish_event(self, event: TrainingEvent) -> None:
        """Publish an event as it is, of whatever run: for replays."""
        try:
            self._run.offer(event)
        except Exception as e:  # as in step
            self._outbox.drop("INVALID", e)

    def stats(self) -> PublisherStats:
        """What became of the events so far."""
        return self._outbox.stats()

    def wait_for_room(self) -> None:
        """Wait until half of the queue is free: for replays, never for a training."""
        self._outbox.wait_for_room()

    def leave_end_unsaid(self) -> None:
        """Say nothing of the run's end when this closes: its events may say so themselves."""
        self._run.ended = True

    def before_close(self, call: Callable[[], None]) -> None:
        """Call this once when the publisher begins to close: for what is still to be told.

        A bound method does not keep its object alive: with it, the call goes.
        """
        self._before_close.append(weakref.WeakMethod(call) if isinstance(call, MethodType) else lambda: call)

    def close(self, timeout: float = 10.0) -> None:
        """Take no more events, send what is queued, at most so many seconds. Closing twice does nothing."""
        self._say_before_close()
        self._run.closed = True
        self._outbox.close(timeout)
        _process.open_publishers.discard(self)  # last: SIGTERM waits for those that close
        self._abandoned.detach()

    def __enter__(self) -> Publisher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._run.ended:
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
            call = self._before_close.pop()()
            if call is None:
                continue
            try:
                call()
            except Exception as e:  # a bug of ours must not end a training
                self._log.tell("closing", e)

    def end(self, outcome: RunOutcome, seconds: float) -> None:
        """The process ends: tell the end of a run that nobody told, and close within so many seconds."""
        if self._run.lacks_end:
            self._say_before_close()
            self.ended(outcome=outcome)
        self.close(seconds)

    def begin_anew(self) -> None:
        """Begin as a forked child does: nothing of its parent's is its own to send."""
        self._run.begin_anew()
        self._before_close = []


def _nothing() -> None:
    pass


def _nowhere(told: Told) -> Sink:
    return FileSink(os.devnull, told, SparseLog())


def _at_least(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} is {value!r}, must be an integer of at least {least}")
    return value


def _enabled() -> bool:
    return os.environ.get("GRADWATCH", "").strip().lower() not in ("off", "0", "false", "disabled")


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


__all__ = ["Publisher", "PublisherStats"]
