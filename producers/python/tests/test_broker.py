"""Trainer, Kafka and job together."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from conftest import Gradwatch, command
from gradwatch import Publisher, RunOutcome, limits, wire
from publishing import AMPLE

pytestmark = pytest.mark.broker


def records(gradwatch: Gradwatch, topic: str, run: str, count: int) -> list[Any]:
    """The first records of a run in a topic, from the partition that its key is in."""
    consumer = Consumer({"bootstrap.servers": gradwatch.bootstrap_servers, "group.id": "test"})
    found: list[Any] = []
    try:
        partitions = consumer.list_topics(topic, timeout=AMPLE).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        while len(found) < count:
            message = consumer.poll(AMPLE)
            assert message is not None, f"{len(found)} of {count} records came"
            if message.error() is None and message.key() == run.encode():
                found.append(message)
    finally:
        consumer.close()
    return found


def test_events_are_where_java_looks_for_them_with_what_was_told(gradwatch: Gradwatch) -> None:
    with Publisher("python-1", bootstrap_servers=gradwatch.bootstrap_servers, handle_sigterm=False) as publisher:
        publisher.started(layers=["a", "b"])
        publisher.step(0, loss=1.5, grad_norm=math.inf, layer_grad_norms=[3, 4])

    assert publisher.stats().published == 3
    found = records(gradwatch, "gradwatch.events.v1.default", "python-1", 3)
    assert {message.partition() for message in found} == {wire.partition(b"python-1", 12)}
    events = [wire.codec("TrainingEvent").decode(message.value()) for message in found]
    assert [event["step"] for event in events] == [0, 0, 0]
    assert events[0]["body"]["layer_names"] == ["a", "b"]
    assert (events[1]["body"]["loss"], events[1]["body"]["grad_norm"]) == (1.5, math.inf)
    assert events[1]["body"]["layer_grad_norms"] == [3, 4]
    assert events[2]["body"] == {"outcome": "COMPLETED"}


def diverging(publisher: Publisher) -> None:
    """A run whose norm doubles every eight steps from step 200 on, until it overflows."""
    publisher.started(layers=["a", "b"])
    for step in range(500):
        growth = 2.0 ** (max(0, step - 200) / 8)
        wobble = 1 + 0.05 * math.sin(step * 7.3)
        norm = wobble * growth
        loss = (2.0 + 0.02 * math.cos(step * 3.1)) * min(growth**0.5, 1e30)
        publisher.step(step, loss=loss, grad_norm=norm, learning_rate=0.1, layer_grad_norms=[norm * 0.8, norm * 0.6])
    publisher.ended(499, RunOutcome.FAILED)


def alarms(lines: str) -> list[dict[str, Any]]:
    """What does not depend on where the alarm was raised."""
    return [json.loads(line) for line in lines.splitlines() if line.startswith("{")]


def test_a_run_that_diverges_raises_the_alarms_that_its_local_file_raises(gradwatch: Gradwatch, tmp_path: Path) -> None:
    local = tmp_path / "python-2.jsonl"
    for publisher in (
        Publisher("python-2", local=local, handle_sigterm=False),
        Publisher("python-2", bootstrap_servers=gradwatch.bootstrap_servers, handle_sigterm=False),
    ):
        with publisher:
            diverging(publisher)
            publisher.close(AMPLE)
        assert publisher.stats().published == 502, publisher.stats()

    backtest = tmp_path / "alarms.jsonl"
    command("backtest", local, "--alarms", backtest)
    expected = alarms(backtest.read_text("utf-8"))
    published = alarms(
        command(
            "tail", "alarms", "--bootstrap-server", gradwatch.bootstrap_servers,
            "--from-beginning", "--run", "python-2", "--max", len(expected),
        )
    )  # fmt: skip

    assert any(alarm["severity"] == "CRITICAL" for alarm in expected)
    assert [_told(alarm) for alarm in published] == [_told(alarm) for alarm in expected]


def _told(alarm: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in alarm.items() if name not in ("emitted_at", "event_time")}


def test_a_file_of_json_lines_is_published_by_a_command(gradwatch: Gradwatch, tmp_path: Path) -> None:
    import subprocess
    import sys

    file = tmp_path / "python-3.jsonl"
    file.write_text("".join(f'{{"step": {i}, "loss": {1 + i / 10}}}\n' for i in range(100)), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gradwatch", "publish", "--jsonl", file, "--bootstrap-server",
         gradwatch.bootstrap_servers],
        capture_output=True, text=True, check=False, timeout=AMPLE,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"published": 101, "lost": 0, "lines_refused": 0}
    found = records(gradwatch, limits.events_topic("default"), "python-3", 101)
    steps = [wire.codec("TrainingEvent").decode(message.value()) for message in found[1:]]
    assert [(event["step"], event["body"]["loss"]) for event in steps] == [(i, 1 + i / 10) for i in range(100)]
