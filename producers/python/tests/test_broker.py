"""Trainer, Kafka and job together."""

from __future__ import annotations

import json
import math
import socket
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from conftest import Gradwatch, command, until
from gradwatch import Advisor, Publisher, RunOutcome, clip_factor, limits, wire
from publishing import AMPLE
from training import CORRUPT, LAYERS, LEARNING_RATE, STEPS, Training

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
    """Alarms as a command prints them, one a line."""
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

    openings = tmp_path / "alarms.jsonl"
    command("backtest", local, "--alarms", openings)
    piped = [alarm for line in command("pipe", stdin=local).splitlines() for alarm in json.loads(line)["alarms"]]
    published = command(
        "tail", "alarms", "--bootstrap-server", gradwatch.bootstrap_servers,
        "--from-beginning", "--run", "python-2", "--max", len(piped),
    )  # fmt: skip

    assert ("DIVERGENCE", "CRITICAL") in [(alarm["kind"], alarm["severity"]) for alarm in piped]
    assert [_told(alarm) for alarm in alarms(published)] == [_told(alarm) for alarm in piped]
    opened = [_told(alarm) for alarm in piped if alarm["state"] == "OPEN"]
    assert [_told(alarm) for alarm in alarms(openings.read_text("utf-8"))] == opened


def _told(alarm: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in alarm.items() if name != "emitted_at"}


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


def test_java_and_python_place_a_run_in_the_same_partition(gradwatch: Gradwatch) -> None:
    """The job's records have the partition of Java's partitioner; an advisor looks for its advice in ours."""
    runs = [f"places-{i}" for i in range(8)]
    for run in runs:
        with Publisher(run, bootstrap_servers=gradwatch.bootstrap_servers, handle_sigterm=False) as publisher:
            publisher.started()
            publisher.step(0, loss=1.0, grad_norm=1.0)
    places = {run: records(gradwatch, "gradwatch.statistics.v1.default", run, 1)[0].partition() for run in runs}

    assert places == {run: wire.partition(run.encode(), 12) for run in runs}
    assert len(set(places.values())) > 2


def test_a_training_that_corrupt_batches_end_survives_them_by_advice(gradwatch: Gradwatch) -> None:
    alone = Training()
    for step in range(STEPS):
        alone.step(step, lambda _step, _norm: 1.0)
    assert not alone.evaluate() < alone.first_loss, "it has to be lost without advice"

    servers = gradwatch.bootstrap_servers
    with (
        Publisher("closed-loop", bootstrap_servers=servers, handle_sigterm=False) as publisher,
        Advisor(floor=0.01, ceiling=100, bootstrap_servers=servers, feedback=publisher) as advisor,
    ):
        applied: dict[int, float] = {}

        def clip(step: int, norm: float) -> float:
            applied[step] = advisor.clip_threshold(step, norm)
            return clip_factor(norm, applied[step])

        advised = Training()
        publisher.started(layers=LAYERS)
        for step in range(STEPS):
            if step in CORRUPT:  # as late as it likes: a training takes longer than this one
                until(advisor.recommendation, f"advice in force at step {step - 1}")
            loss, norm, norms = advised.step(step, clip)
            publisher.step(
                step, loss=loss, grad_norm=norm, learning_rate=LEARNING_RATE, clip_threshold=applied[step],
                layer_grad_norms=norms,
            )  # fmt: skip
        stats = advisor.stats()
        publisher.ended()
        publisher.close(AMPLE)

    assert advised.evaluate() < 0.2 * advised.first_loss
    assert stats.advice.clipped >= len(CORRUPT)
    assert publisher.stats().failed == sum(publisher.stats().dropped.values()) == 0
    told = records(gradwatch, "gradwatch.events.v1.default", "closed-loop", publisher.stats().published)
    bodies = [wire.codec("TrainingEvent").decode(message.value())["body"] for message in told]
    feedback = [body for body in bodies if "made_at_step" in body]
    assert feedback
    assert feedback[0]["applied"] == feedback[0]["advised"]


def test_events_wait_for_a_kafka_that_comes_and_go_to_one_that_comes_back_empty(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    publisher = Publisher("waits", bootstrap_servers=f"127.0.0.1:{port}", handle_sigterm=False)

    def all_heard_of() -> bool:
        stats = publisher.stats()
        return stats.published + stats.failed == stats.accepted

    try:
        for step in range(100):
            publisher.step(step, loss=1.0)
        first = Gradwatch(tmp_path / "first", port)
        try:
            until(all_heard_of, "what waited is published")
            assert publisher.stats().published == 100
        finally:
            first.stop()
        for step in range(100, 200):
            publisher.step(step, loss=1.0)
        second = Gradwatch(tmp_path / "second", port)
        try:
            until(all_heard_of, "Kafka is back")  # it is another one: what was on its way to the first may be lost
            before = publisher.stats().published
            for step in range(200, 300):
                publisher.step(step, loss=1.0)
            until(all_heard_of, "what came since is published")
            assert publisher.stats().published == before + 100
        finally:
            second.stop()
    finally:
        publisher.close(0)
