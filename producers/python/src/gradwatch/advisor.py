"""Clip advice for one attempt of a run; the contract is the table in ``producers/java/README.md``."""

from __future__ import annotations

import logging
import math
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from gradwatch import limits
from gradwatch._advice import AdviceReader, AdviceTerms, NewestAdvice, is_threshold
from gradwatch._clipping import Bounds, ClipEngagement, Engagement
from gradwatch._guard import LocalGuard
from gradwatch._log import SparseLog
from gradwatch.context import RunContext
from gradwatch.publisher import Publisher
from gradwatch.registry import SchemaRegistry
from gradwatch.settings import ClientOptions

LOG = logging.getLogger("gradwatch")

KILL_SWITCH = "GRADWATCH_ADVICE"
"""``off`` switches all advice off, ``shadow`` only counts what it would do; any value but these and ``on`` is off."""

FEEDBACK_SPACING_STEPS = 10

_KAFKA_DEFAULTS: dict[str, object] = {
    "client.id": "gradwatch-advisor",
    "enable.auto.commit": False,
    "allow.auto.create.topics": False,
    "auto.offset.reset": "earliest",
    "enable.partition.eof": True,
    "log.connection.close": False,
}


class _Mode(Enum):
    FOLLOW = "on"
    SHADOW = "shadow"
    OFF = "off"

    @staticmethod
    def of(variable: str | None) -> _Mode:
        said = (variable or "on").strip().lower() or "on"
        try:
            return _Mode(said)
        except ValueError:
            # Somebody who pulls a kill switch and misspells it must not be disobeyed.
            LOG.warning("%s is %r, must be on, shadow or off; advice is off", KILL_SWITCH, variable)
            return _Mode.OFF


@dataclass(frozen=True, slots=True)
class AdvisorStats:
    """What was read and done: records accepted, outdated, refused; engagement of the advice and of the guard."""

    accepted: int
    outdated: int
    refused: int
    read_to_end: bool
    advice: ClipEngagement
    guard: ClipEngagement


class Advisor:
    """Thresholds to clip by, from advice that is read in the background.

    No method raises once it is made, and none but ``close`` and ``wait_until_read`` waits. Whatever a recommendation
    says, a threshold stays between the trainer's own floor and ceiling, and without a usable one it is the trainer's
    own rule, or a guard made of the norms of its recent steps. To be asked by one thread.

    Example:
        >>> advisor = Advisor(floor=0.1, ceiling=10, feedback=publisher)        # doctest: +SKIP
        >>> norm = torch.nn.utils.clip_grad_norm_(params, advisor.max_norm())   # doctest: +SKIP
        >>> advisor.observe(norm)                                               # doctest: +SKIP

    """

    def __init__(
        self,
        run_id: str | None = None,
        *,
        floor: float,
        ceiling: float,
        bootstrap_servers: str | None = None,
        project: str | None = None,
        attempt: int | None = None,
        layer_bounds: tuple[float, float] | None = None,
        value_bounds: tuple[float, float] | None = None,
        learning_rate_floor: float = 0.1,
        stale_after_steps: int = 1_000,
        shadow: bool = False,
        feedback: Publisher | None = None,
        client_properties: Mapping[str, object] | None = None,
        client_file: str | os.PathLike[str] | None = None,
        allow_plaintext: bool | None = None,
        registry: SchemaRegistry | None = None,
        consumer: Callable[[], Any] | None = None,
        reconnect_seconds: float = 5.0,
    ) -> None:
        """Begin to read; Kafka is asked in the background.

        Args:
            run_id: the run; None: that of ``feedback``, else as the environment says.
            floor: lowest threshold ever applied, above 0.
            ceiling: highest, finite. Also what the first step is clipped to: choose one the training survives.
            bootstrap_servers: as for Publisher; where nothing says where Kafka is, it is where ``feedback`` publishes.
            project: as for Publisher.
            attempt: the publisher's; advice for any other is passed over.
            layer_bounds: floor and ceiling of ``layer_threshold``; without them it takes no advice.
            value_bounds: the same of ``clip_value``.
            learning_rate_floor: lowest ``learning_rate_factor``; above 0, at most 1.
            stale_after_steps: advice older than so many steps is not used, whatever it says of itself.
            shadow: apply the own rule (the ceiling without one) and only count what advice would have clipped.
            feedback: publishes what is applied, when that changes, at most once in ten steps.
            client_properties: as for Publisher.
            client_file: as for Publisher.
            allow_plaintext: as for Publisher.
            registry: reads Confluent framing, too, for a job that writes it (``gradwatch.registry.write``).
            consumer: makes the consumer instead.
            reconnect_seconds: pause before the next try.

        Raises:
            ValueError: a setting that cannot be used.

        """
        context = feedback.context if feedback is not None else RunContext.of()
        self.run_id = limits.check_run_id(run_id or (feedback.run_id if feedback is not None else context.run_id))
        self.project = limits.check_project(project or (feedback.project if feedback is not None else context.project))
        self.attempt = attempt if attempt is not None else (feedback.attempt if feedback else context.attempt)
        ours = (self.project, self.run_id, self.attempt)
        if feedback is not None and (feedback.project, feedback.run_id, feedback.attempt) != ours:
            raise ValueError(
                f"the publisher given for feedback is not of project {self.project!r}, run {self.run_id!r}, attempt"
                f" {self.attempt}: build it with the same"
            )
        if not 0 < learning_rate_floor <= 1:
            raise ValueError(f"learning_rate_floor is {learning_rate_floor}, must be above 0 and at most 1")
        if stale_after_steps < 1:
            raise ValueError(f"stale_after_steps is {stale_after_steps}, must be at least 1")
        self._bounds = Bounds(floor, ceiling)
        self._layers = None if layer_bounds is None else Bounds(*layer_bounds)
        self._values = None if value_bounds is None else Bounds(*value_bounds)
        self._learning_rate_floor = learning_rate_floor
        allowed = _Mode.of(os.environ.get(KILL_SWITCH))
        self._mode = _Mode.SHADOW if shadow and allowed is _Mode.FOLLOW else allowed
        self._enabled = self._mode is not _Mode.OFF
        self._feedback = None if feedback is None else _Feedback(feedback)
        self._guard = LocalGuard()
        self._advice_engagement, self._guard_engagement = Engagement(), Engagement()
        self._step = -1
        self._asked: tuple[int, float, float, float | None] | None = None  # step, advised, guarded, own
        self._log = log = SparseLog()
        self._advice = NewestAdvice(
            AdviceTerms(self.project, self.run_id, self.attempt, stale_after_steps), log, registry
        )
        if consumer is None:
            client = ClientOptions(bootstrap_servers, client_properties, client_file, allow_plaintext)
            if feedback is not None and client == ClientOptions():
                client = feedback.client
            settings = client.over(_KAFKA_DEFAULTS)
            settings.setdefault("group.id", "gradwatch-advisor")  # librdkafka wants one; nothing joins or commits to it
            consumer = _consumers(settings, log)
        topic = limits.recommendations_topic(self.project)
        self._reader = AdviceReader(topic, self.run_id, consumer, reconnect_seconds, self._advice, log)
        if self._mode is not _Mode.OFF:
            self._reader.start()

    @property
    def last_step(self) -> int:
        """The step last asked for; -1 before the first."""
        return self._step

    def max_norm(self, default: float | None = None, *, step: int | None = None) -> float:
        """Threshold to clip the global norm of the next step to.

        Args:
            default: the trainer's own threshold: applied as it is where there is no advice, when switched off, in
                shadow mode or closed. None: it has none, and a guard made of recent norms takes its place (the
                ceiling when switched off, in shadow mode or closed).
            step: the step about to be taken; None, or what is no integer: the one after that of the
                last call.

        Returns:
            Without ``default`` within floor and ceiling; never NaN.

        """
        own = _rule(default)
        number = None if step is None else self._number(step, "the one after the last")
        self._step = self._step + 1 if number is None else number
        newest = self._advice.at(self._step)
        threshold = newest["clip_threshold"] if self._enabled and newest is not None else None
        advised = math.nan if threshold is None else self._bounds.clamp(threshold)
        guarded = self._guarded(self._step)
        follows_advice = self._follows() and threshold is not None
        if follows_advice:
            applied = advised
        elif own is not None:
            applied = own
        else:
            applied = guarded if self._follows() else self._bounds.ceiling
        self._asked = (self._step, advised, guarded, own)
        if self._feedback is not None:
            self._feedback.tell(self._step, applied, newest if follows_advice else None)
        return applied

    def observe(self, norm: Any, *, step: int | None = None) -> None:
        """Tell the norm of a step before clipping, for the guard and the counts.

        Args:
            norm: global L2 norm; one that is not finite or not above 0 is not learned from.
            step: its step; None, or what is no integer: the one last asked for.

        """
        try:
            number = float(norm)
        except Exception:  # no number, or a device that is lost: nothing to learn from
            return
        asked = self._asked
        at = self._step if step is None else self._or_last(step)
        if self._guard.observe(at, number) and self._enabled and asked is not None and asked[0] == at:
            _, advised, guarded, own = asked
            if not math.isnan(advised):
                self._advice_engagement.count(number, advised)
            elif own is None:
                self._guard_engagement.count(number, guarded)

    def clip_threshold(self, step: int, grad_norm: float, default: float | None = None) -> float:
        """``max_norm`` and ``observe`` in one, where the norm of the step is known before it is clipped."""
        threshold = self.max_norm(default, step=step)
        self.observe(grad_norm, step=self._step)
        return threshold

    def layer_threshold(self, step: int, layer: int, default: float | None = None) -> float:
        """Threshold of one layer's norm, within ``layer_bounds``, which are what lets advice on layers in.

        ``default`` where there is no advice on the layer; without one the ceiling of those bounds, infinity without
        them. Never NaN.
        """
        advice = self._followed(step)
        layers = advice["layer_clip_thresholds"] if advice is not None else None
        index = _whole(layer)
        advised = layers[index] if layers is not None and index is not None and 0 <= index < len(layers) else math.nan
        return _within(self._layers, advised, default)

    def clip_value(self, step: int, default: float | None = None) -> float:
        """What to clip each component to, plus or minus; as ``layer_threshold``, with ``value_bounds``."""
        advice = self._followed(step)
        return _within(self._values, advice["clip_value"] if advice is not None else None, default)

    def learning_rate_factor(self, step: int) -> float:
        """What to multiply the scheduled learning rate of a step with: below 1 while a divergence is open."""
        advice = self._followed(step)
        factor = advice["learning_rate_factor"] if advice is not None else None
        if factor is None or not factor >= 0:
            return 1.0
        return min(1.0, max(self._learning_rate_floor, float(factor)))

    def rollback_step(self, step: int) -> int | None:
        """Step of the checkpoint to go back to while a divergence is open; going back is a new attempt."""
        advice = self._followed(step)
        back = advice["rollback_step"] if advice is not None else None
        return int(back) if advice is not None and back is not None and 0 <= back <= advice["made_at_step"] else None

    def recommendation(self) -> dict[str, Any] | None:
        """The record in force at the newest step told, as published: its numbers are within no bounds."""
        usable = self._advice.in_force() if self._follows() else None
        return None if usable is None else dict(usable)

    def disable(self) -> None:
        """Kill switch: from the next step on every threshold is the trainer's own, or the ceiling."""
        self._enabled = False

    def enable(self) -> None:
        """Use advice again, unless the environment switched it off."""
        self._enabled = self._mode is not _Mode.OFF

    def stats(self) -> AdvisorStats:
        """What was read and done so far."""
        return AdvisorStats(
            self._advice.accepted,
            self._advice.outdated,
            self._advice.refused,
            self._reader.at_end.is_set(),
            self._advice_engagement.snapshot(),
            self._guard_engagement.snapshot(),
        )

    def wait_until_read(self, seconds: float) -> bool:
        """Wait until what the topic held at the beginning has been read; False when time ran out."""
        try:
            return self._reader.at_end.wait(min(float(seconds), threading.TIMEOUT_MAX))
        except Exception:  # no number: no time to wait
            return self._reader.at_end.is_set()

    def close(self) -> None:
        """Stop reading and advising."""
        self._mode, self._enabled = _Mode.OFF, False
        self._reader.stop()
        if self._reader.is_alive():
            self._reader.join(5.0)

    def __enter__(self) -> Advisor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _follows(self) -> bool:
        return self._enabled and self._mode is _Mode.FOLLOW

    def _followed(self, step: int) -> dict[str, Any] | None:
        newest = self._advice.at(self._or_last(step))
        return newest if self._follows() else None

    def _or_last(self, step: object) -> int:
        number = self._number(step, "the last")
        return self._step if number is None else number

    def _number(self, step: object, instead: str) -> int | None:
        number = _whole(step)
        if number is None:
            self._log.tell(f"a step is no integer: taken for {instead}", step)
        return number

    def _guarded(self, step: int) -> float:
        threshold = self._guard.threshold(step)
        return self._bounds.ceiling if math.isnan(threshold) else self._bounds.clamp(threshold)


class _Feedback:
    """Tells the pipeline when advice begins to be applied, changes or ends; not more than once in ten steps."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._told: float | None = None
        self._told_at: int | None = None

    def tell(self, step: int, applied: float, followed: Mapping[str, Any] | None) -> None:
        advised = None if followed is None else followed["clip_threshold"]
        too_soon = self._told_at is not None and 0 <= step - self._told_at < FEEDBACK_SPACING_STEPS
        if advised == self._told or too_soon:
            return
        self._told, self._told_at = advised, step
        made_at = None if followed is None else followed["made_at_step"]
        self._publisher.advice_applied(step, advised, applied if math.isfinite(applied) else None, made_at)


def _whole(value: Any) -> int | None:
    """A whole number of whatever type; None for anything else."""
    try:
        number = int(value)
        return number if number == value else None
    except Exception:  # as in observe
        return None


def _within(bounds: Bounds | None, advised: float | None, default: float | None) -> float:
    if bounds is not None and advised is not None and is_threshold(advised):
        return bounds.clamp(advised)
    own = _rule(default)
    if own is not None:
        return own
    return math.inf if bounds is None else bounds.ceiling


def _rule(default: float | None) -> float | None:
    """The trainer's own rule; None where it has none, or one that is no number."""
    try:
        number = None if default is None else float(default)
    except Exception:  # as in observe
        return None
    return None if number is None or math.isnan(number) else number


def _consumers(settings: Mapping[str, object], log: SparseLog) -> Callable[[], Any]:
    def consumer() -> Any:
        from confluent_kafka import Consumer  # noqa: PLC0415 - as in KafkaSink

        from gradwatch._sinks import librdkafka_logger  # noqa: PLC0415

        return Consumer({**settings, "logger": librdkafka_logger(log), "error_cb": lambda e: log.tell("kafka", e)})

    return consumer
