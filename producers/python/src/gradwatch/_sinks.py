"""Where a publisher's events go: Kafka, or a file. Used by the sender thread only."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from gradwatch import wire
from gradwatch._log import SparseLog
from gradwatch.events import TrainingEvent
from gradwatch.rows import RowWriter

Told = Callable[[bool], None]
"""Hears of each event handed over: whether it was taken."""


class Sink(Protocol):
    """Takes events, and says later what became of them."""

    def send(self, event: TrainingEvent) -> bool:
        """Hand an event over; False where there is no room now. Raises ValueError for one that is invalid."""

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


class KafkaSink:
    """Events to a project's topic, keyed by run id as Kafka's own partitioner does."""

    def __init__(self, topic: str, settings: Mapping[str, object], log: SparseLog, told: Told) -> None:
        """Make the client, which connects by itself. Raises KafkaException for settings it does not know."""
        from confluent_kafka import Producer  # noqa: PLC0415 - a file needs no Kafka client

        self._topic = topic
        self._codec = wire.codec("TrainingEvent")
        self._told = told
        self._producer: Any = Producer(
            {**settings, "logger": librdkafka_logger(log), "error_cb": lambda e: log.tell("kafka", e)}
        )

    def send(self, event: TrainingEvent) -> bool:
        """See Sink."""
        value = self._codec.encode(wire.event_datum(event))
        try:
            self._producer.produce(self._topic, value, event.run_id.encode(), on_delivery=self._delivered)
        except BufferError:
            return False
        return True

    def _delivered(self, error: object, _message: object) -> None:
        self._told(error is None)

    def poll(self) -> None:
        """See Sink."""
        self._producer.poll(0)

    def flush(self, seconds: float) -> None:
        """See Sink."""
        self._producer.flush(max(0.0, seconds))

    def close(self) -> None:
        """See Sink."""
        self._producer.purge()
        self._producer.poll(0)


class FileSink:
    """Events as JSON lines, as ``gradwatch backtest`` and ``pipe`` read them."""

    def __init__(self, path: str | os.PathLike[str], told: Told) -> None:
        """Open the file, to append to it. Raises OSError."""
        self._file = Path(path).open("a", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed by close
        self._rows = RowWriter()
        self._told = told
        self._flushed_at = time.monotonic()

    def send(self, event: TrainingEvent) -> bool:
        """See Sink."""
        wire.event_datum(event)  # the same events are invalid as on Kafka
        line = self._rows.line(event)
        if line:
            try:
                self._file.write(line)
            except OSError:
                self._told(False)
                raise
        self._told(True)
        return True

    def poll(self) -> None:
        """See Sink."""
        self._file.flush()

    def flush(self, seconds: float) -> None:
        """See Sink."""
        self._file.flush()

    def close(self) -> None:
        """See Sink."""
        self._file.close()
