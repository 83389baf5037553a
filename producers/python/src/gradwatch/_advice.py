"""Reads the recommendations of one run and keeps the newest that can be believed."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradwatch import wire
from gradwatch._log import SparseLog
from gradwatch.registry import SchemaRegistry

_POLL_SECONDS = 0.2
_LISTING_SECONDS = 1.0
_LISTING_TRIES = 10


@dataclass(frozen=True, slots=True)
class AdviceTerms:
    """Whose advice a trainer takes, and for how long: not older than ``stale_after_steps``, whatever it says."""

    project: str
    run_id: str
    attempt: int
    stale_after_steps: int

    def in_force(self, advice: Mapping[str, Any], step: int) -> bool:
        """True for a step at which advice may be used."""
        made_at = int(advice["made_at_step"])
        return made_at <= step <= advice["valid_until_step"] and step - made_at <= self.stale_after_steps


def is_threshold(value: object) -> bool:
    """True for a number that gradients can be clipped to."""
    return isinstance(value, (int, float)) and 0 < value < math.inf


class NewestAdvice:
    """Judges records; written by one thread, read by any. As Java's ``NewestAdvice``.

    Advice made at a step that the trainer has not come to waits beside the one that is known: it may be honest where
    the trainer is only starting, and must not displace anything where it is forged.
    """

    def __init__(self, terms: AdviceTerms, log: SparseLog, registry: SchemaRegistry | None = None) -> None:
        self._terms = terms
        self._registry = registry
        self._log = log
        self._codec = wire.codec("ClipRecommendation")
        self._held: tuple[dict[str, Any] | None, dict[str, Any] | None] = (None, None)  # known, waiting
        self._told_step = -1
        self.accepted = 0
        self.outdated = 0
        self.refused = 0

    def at(self, step: int) -> dict[str, Any] | None:
        """Tell the step about to be taken; the advice in force at it."""
        self._told_step = step
        return self.in_force()

    def in_force(self) -> dict[str, Any] | None:
        """The advice in force at the newest step told."""
        newest = self._newest(self._told_step)
        return newest if newest is not None and self._terms.in_force(newest, self._told_step) else None

    def accept(self, value: bytes | None) -> None:
        """Take a record whose key is the run's; None withdraws all advice.

        Raises:
            RegistryError: the registry cannot be asked: the record is to come again.

        """
        if value is None:
            self._held = (None, None)
            return
        try:
            advice = self._codec.decode(value, self._registry)
        except wire.RecordFormatError as e:
            self._refuse(str(e))
            return
        objection = self._objection(advice)
        if objection:
            self._refuse(objection)
        elif advice["attempt"] < self._terms.attempt:
            self.outdated += 1
        else:
            self._keep(advice)

    def _objection(self, advice: Mapping[str, Any]) -> str:
        terms = self._terms
        threshold = advice["clip_threshold"]
        if advice["run_id"] != terms.run_id or advice["project"] != terms.project:
            return f"it is for run {advice['run_id']!r} of project {advice['project']!r}"
        if threshold is not None and not is_threshold(threshold):
            return f"its threshold is {threshold}, must be above 0 and finite"
        if advice["made_at_step"] < 0:
            return f"it was made at step {advice['made_at_step']}, must be at least 0"
        if advice["attempt"] > terms.attempt:
            return f"it is for attempt {advice['attempt']}, ours is {terms.attempt}"
        return ""

    def _keep(self, advice: dict[str, Any]) -> None:
        step = self._told_step
        _, waiting = self._held
        known = self._newest(step)
        made_at = advice["made_at_step"]
        repeats = waiting is not None and waiting["made_at_step"] == made_at
        if repeats or not _newer(advice, known):
            self.outdated += 1
            return
        if made_at <= step:
            still_waits = waiting is not None and waiting["made_at_step"] > step
            self._held = (advice, waiting if still_waits else None)
        else:
            self._held = (known, advice)
        # Counted once it is in force: who sees the count may ask for the advice.
        self.accepted += 1

    def _newest(self, step: int) -> dict[str, Any] | None:
        known, waiting = self._held
        has_come = waiting is not None and waiting["made_at_step"] <= step and _newer(waiting, known)
        return waiting if has_come else known

    def _refuse(self, reason: str) -> None:
        self.refused += 1
        self._log.tell("recommendation refused", reason)


def _newer(advice: Mapping[str, Any], than: Mapping[str, Any] | None) -> bool:
    return than is None or bool(advice["made_at_step"] > than["made_at_step"])


class AdviceReader(threading.Thread):
    """Reads the run's partition of the recommendations topic from its beginning, and stays."""

    def __init__(
        self,
        topic: str,
        run_id: str,
        connect: Callable[[], Any],
        reconnect: float,
        advice: NewestAdvice,
        log: SparseLog,
    ) -> None:
        """``connect`` makes a consumer of ``confluent_kafka``, or raises; tried again after ``reconnect`` seconds."""
        super().__init__(name="gradwatch-advisor", daemon=True)
        self._topic = topic
        self._key = run_id.encode()
        self._connect = connect
        self._reconnect = reconnect
        self._advice = advice
        self._log = log
        self._closing = threading.Event()
        self.at_end = threading.Event()

    def stop(self) -> None:
        """Ends the thread within a second or so."""
        self._closing.set()

    def run(self) -> None:
        while True:
            consumer: Any = None
            try:
                consumer = self._connect()
                self._read(consumer)
            except Exception as e:  # Kafka's, of which there are many
                self._log.tell(f"cannot read recommendations, trying again in {self._reconnect:.0f} s", e)
            finally:
                if consumer is not None:
                    consumer.close()
            if self._closing.wait(self._reconnect):
                return

    def _listed(self, consumer: Any) -> Any:
        """The topic as Kafka tells it; asked for in pieces, so that who closes does not wait for one that is away."""
        for _ in range(_LISTING_TRIES - 1):
            try:
                return consumer.list_topics(self._topic, timeout=_LISTING_SECONDS)
            except Exception:
                if self._closing.is_set():
                    raise
        return consumer.list_topics(self._topic, timeout=_LISTING_SECONDS)

    def _read(self, consumer: Any) -> None:
        from confluent_kafka import OFFSET_BEGINNING, KafkaError, TopicPartition  # noqa: PLC0415 - as in KafkaSink

        known = self._listed(consumer).topics.get(self._topic)
        if known is None or known.error is not None or not known.partitions:
            self._log.tell("no recommendations", f"there is no topic {self._topic} yet")
            return
        number = wire.partition(self._key, len(known.partitions))
        consumer.assign([TopicPartition(self._topic, number, OFFSET_BEGINNING)])
        while not self._closing.is_set():
            message = consumer.poll(_POLL_SECONDS)
            if message is None:
                continue
            error = message.error()
            if error is None and message.key() == self._key:
                self._advice.accept(message.value())
            elif error is not None and error.code() == KafkaError._PARTITION_EOF:
                self.at_end.set()
            elif error is not None:
                self._log.tell("reading recommendations", error)
