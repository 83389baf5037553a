"""Where a publisher's events go: Kafka, or a file. Used by the sender thread only."""

from __future__ import annotations

import io
import logging
import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from gradwatch import wire
from gradwatch._log import SparseLog
from gradwatch.events import TrainingEvent
from gradwatch.rows import RowWriter

Told = Callable[[bool], None]
"""Hears of each event handed over: whether it was taken."""


_PURGE_SECONDS = 0.5
_AGAIN_SECONDS = 0.5
_TOPIC_TO_COME = ("UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION")
_WRITE_BYTES = 64 * 1024


class SinkLostError(Exception):
    """A sink that takes nothing more; another one may."""


class Sink(Protocol):
    """Takes events, and says later what became of them."""

    def send(self, event: TrainingEvent) -> bool:
        """Hand an event over; False where there is no room now.

        Raises:
            ValueError: the event is invalid.
            SinkLostError: no event will be taken any more.
        """

    def poll(self) -> None:
        """Do what is due; at once."""

    def flush(self, seconds: float) -> None:
        """Wait until all is acknowledged, at most so long."""

    def close(self) -> None:
        """Give up what is open. What was not acknowledged counts as lost."""


class _FromLibrdkafka(logging.Handler):
    """librdkafka's own lines, sparsely: it writes several a second where a broker is away."""

    def __init__(self, log: SparseLog) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.tell("kafka", record.getMessage())


def librdkafka_logger(log: SparseLog) -> logging.Logger:
    """A logger for one of its clients."""
    logger = logging.Logger("gradwatch.librdkafka")
    logger.addHandler(_FromLibrdkafka(log))
    return logger


def check_kafka(settings: Mapping[str, object], log: SparseLog) -> None:
    """Raise ValueError for settings that librdkafka refuses; connects nowhere."""
    from confluent_kafka import KafkaException, Producer  # noqa: PLC0415 - as below

    nowhere = {name: value for name, value in settings.items() if name != "bootstrap.servers"}
    try:
        Producer({**nowhere, "logger": librdkafka_logger(log)})
    except (KafkaException, TypeError) as e:
        detail = e.args[0].str() if isinstance(e, KafkaException) else e
        raise ValueError(f"Kafka's client refuses its settings: {detail}") from e


class KafkaSink:
    """Events to a project's topic, keyed by run id as Kafka's own partitioner does."""

    def __init__(self, topic: str, settings: Mapping[str, object], log: SparseLog, told: Told) -> None:
        """Make the client, which connects by itself. Raises KafkaException for settings it does not know."""
        from confluent_kafka import KafkaException, Producer  # noqa: PLC0415 - a file needs no Kafka client

        self._refused: type[Exception] = KafkaException
        self._topic = topic
        self._told = told
        self._log = log
        self._again: deque[tuple[bytes, bytes]] = deque()
        self._again_at = 0.0
        self._producer: Any = Producer(
            {**settings, "logger": librdkafka_logger(log), "error_cb": lambda e: log.tell("kafka", e)}
        )

    def send(self, event: TrainingEvent) -> bool:
        """See Sink."""
        value = wire.encode_event(event)
        return not self._again and self._produced(value, event.run_id.encode())

    def _produced(self, value: bytes, key: bytes) -> bool:
        try:
            self._producer.produce(self._topic, value, key, on_delivery=self._delivered)
        except BufferError:
            return False
        except self._refused as e:
            if _is_fatal(e):
                raise SinkLostError(str(e)) from e
            raise
        return True

    def _delivered(self, error: Any, message: Any) -> None:
        if error is None:
            self._told(True)
        elif error.name() in _TOPIC_TO_COME:
            # A broker that has just come knows its topics a moment later. Those after wait behind: order is kept.
            self._log.tell("the topic is not there yet", error)
            self._again.append((message.value(), message.key()))
            self._again_at = time.monotonic() + _AGAIN_SECONDS
        else:
            self._log.tell("event lost", error)
            self._told(False)

    def poll(self) -> None:
        """See Sink."""
        self._producer.poll(0)
        if self._again and time.monotonic() >= self._again_at:
            while self._again and self._produced(*self._again[0]):
                self._again.popleft()

    def flush(self, seconds: float) -> None:
        """See Sink."""
        end = time.monotonic() + seconds
        while True:
            self._producer.flush(max(0.0, min(_AGAIN_SECONDS, end - time.monotonic())))
            if time.monotonic() >= end or not (len(self._producer) or self._again):
                return
            self.poll()

    def close(self) -> None:
        """See Sink."""
        self._producer.purge()
        self._producer.flush(_PURGE_SECONDS)  # hears of each event that is lost
        for _ in self._again:
            self._told(False)


def _is_fatal(error: Exception) -> bool:
    """An idempotent producer that cannot keep its promise any more refuses everything from then on."""
    fatal = getattr(error.args[0] if error.args else None, "fatal", None)
    return bool(fatal and fatal())


class FileSink:
    """Events as JSON lines, as ``gradwatch backtest`` and ``pipe`` read them."""

    def __init__(self, path: str | os.PathLike[str], told: Told, log: SparseLog) -> None:
        """Open the file, to append to it. Raises OSError."""
        # Whole lines at a time, so that those of a forked child stand between ours.
        self._file = Path(path).open("ab", buffering=0)  # noqa: SIM115 - closed by close
        self._rows = RowWriter()
        self._told = told
        self._log = log
        self._lines: list[bytes] = []
        self._waiting_bytes = 0

    def send(self, event: TrainingEvent) -> bool:
        """See Sink."""
        wire.encode_event(event)  # the same events are invalid as on Kafka
        line = self._rows.line(event).encode()
        self._lines.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= _WRITE_BYTES:
            self.poll()
        return True

    def poll(self) -> None:
        """See Sink."""
        lines, self._lines, self._waiting_bytes = self._lines, [], 0
        taken = True
        try:
            _write(self._file, b"".join(lines))
        except OSError as e:
            taken = False
            self._log.tell("events lost", e)
        for _ in lines:
            self._told(taken)

    def flush(self, seconds: float) -> None:
        """See Sink."""
        self.poll()

    def close(self) -> None:
        """See Sink."""
        self._file.close()


def _write(file: io.FileIO, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) or 0 :]
