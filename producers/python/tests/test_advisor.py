"""How recommendations are read, and settings that cannot be. As Java's AdvisorTest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from advising import advice, encoded, of_all_kinds
from gradwatch import Advisor, Publisher, wire
from gradwatch import advisor as module
from publishing import AMPLE

TOPIC = "gradwatch.recommendations.v1.default"
OWN = 123.0


@dataclass
class Message:
    its_key: bytes | None = None
    its_value: bytes | None = None
    its_error: KafkaError | None = None

    def key(self) -> bytes | None:
        return self.its_key

    def value(self) -> bytes | None:
        return self.its_value

    def error(self) -> KafkaError | None:
        return self.its_error


END = Message(its_error=KafkaError(KafkaError._PARTITION_EOF))


def of(record: dict[str, Any], key: str = "run") -> Message:
    return Message(key.encode(), encoded(record))


class FakeConsumer:
    """A topic whose partition of the run holds these messages; an exception among them is raised."""

    def __init__(self, *messages: Message | Exception, partitions: int = 12, topic: str = TOPIC) -> None:
        self._left = [*messages, END]
        self._partitions = partitions
        self._topic = topic
        self.assigned: list[Any] = []
        self.closed = False

    def list_topics(self, topic: str, timeout: float) -> Any:
        @dataclass
        class Topic:
            error: object
            partitions: dict[int, object]

        @dataclass
        class Cluster:
            topics: dict[str, Topic]

        known = Topic(None, {number: object() for number in range(self._partitions)})
        return Cluster({topic: known} if topic == self._topic else {})

    def assign(self, partitions: list[Any]) -> None:
        self.assigned = partitions

    def poll(self, timeout: float) -> Message | None:
        if not self._left:
            return None
        message = self._left.pop(0)
        if isinstance(message, Exception):
            raise message
        return message

    def close(self) -> None:
        self.closed = True


Make = Callable[..., Advisor]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Advisor] = []

    def make(*consumers: Any, **settings: Any) -> Advisor:
        left = list(consumers)

        def connect() -> Any:
            following = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(following, Exception):
                raise following
            return following

        given = {"run_id": "run", "attempt": 1, "floor": 0.1, "ceiling": 10, "reconnect_seconds": 0.0} | settings
        made.append(Advisor(consumer=connect, **given))
        return made[-1]

    yield make
    for advisor in made:
        advisor.close()
        assert not advisor._reader.is_alive()


def test_what_is_read_is_followed(make: Make) -> None:
    consumer = FakeConsumer(of(advice(0.5)))
    advisor = make(consumer)

    assert advisor.wait_until_read(AMPLE)
    assert advisor.clip_threshold(100, 1) == 0.5
    assert advisor.recommendation() is not None
    [at] = consumer.assigned
    assert (at.topic, at.partition) == (TOPIC, wire.partition(b"run", 12))
    advisor.close()
    assert consumer.closed


@pytest.mark.parametrize("variable", ["shadow", "Shadow", " SHADOW "])
def test_shadow_reads_but_does_not_follow(make: Make, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWATCH_ADVICE", variable)
    advisor = make(FakeConsumer(of(advice(0.5))))
    assert advisor.wait_until_read(AMPLE)

    advisor.enable()

    assert advisor.stats().accepted == 1
    assert advisor.clip_threshold(100, 1, OWN) == OWN
    assert advisor.stats().advice.steps == 1


@pytest.mark.parametrize("variable", ["off", " OFF ", "0", "false", "offf"])
def test_what_the_kill_switch_says_and_is_not_known_is_off(
    make: Make, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADWATCH_ADVICE", variable)
    advisor = make(FakeConsumer(of(advice(0.5))), shadow=True)

    advisor.enable()

    assert advisor.clip_threshold(100, 1, OWN) == OWN
    assert advisor.clip_threshold(101, 1) == 10
    assert advisor.stats().advice.steps == 0
    assert not advisor._reader.is_alive()


@pytest.mark.parametrize("variable", ["", "on", " ON "])
def test_advice_is_followed_where_the_environment_allows_it(
    make: Make, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADWATCH_ADVICE", variable)
    advisor = make(FakeConsumer(of(advice(0.5))))
    assert advisor.wait_until_read(AMPLE)

    assert advisor.clip_threshold(100, 1, OWN) == 0.5


def test_advice_gets_no_older_than_the_trainer_wants(make: Make) -> None:
    advisor = make(FakeConsumer(of(advice(0.5))), stale_after_steps=1)
    assert advisor.wait_until_read(AMPLE)

    assert advisor.clip_threshold(101, 1, OWN) == 0.5
    assert advisor.clip_threshold(102, 1, OWN) == OWN


def test_only_records_of_the_run_are_read(make: Make) -> None:
    advisor = make(FakeConsumer(of(advice(0.25), key="another"), of(advice(0.5))))
    assert advisor.wait_until_read(AMPLE)

    assert advisor.clip_threshold(100, 1) == 0.5
    assert (advisor.stats().accepted, advisor.stats().refused) == (1, 0)


@pytest.mark.parametrize("failure", [KafkaException("gone"), RuntimeError("gone")], ids=repr)
def test_a_failure_is_followed_by_another_try(make: Make, failure: Exception) -> None:
    failing = FakeConsumer(failure)
    advisor = make(failing, FakeConsumer(of(advice(0.75))))

    assert advisor.wait_until_read(AMPLE)
    assert failing.closed
    assert advisor.clip_threshold(100, 1) == 0.75


def test_a_client_that_cannot_be_made_is_tried_again(make: Make) -> None:
    advisor = make(RuntimeError("no"), RuntimeError("no"), FakeConsumer(of(advice(0.75))))

    assert advisor.wait_until_read(AMPLE)
    assert advisor.clip_threshold(100, 1) == 0.75


def test_a_topic_that_is_not_there_yet_is_waited_for(make: Make) -> None:
    advisor = make(FakeConsumer(topic="another"), FakeConsumer(partitions=0), FakeConsumer(of(advice(0.75))))

    assert advisor.wait_until_read(AMPLE)
    assert advisor.clip_threshold(100, 1) == 0.75


def test_an_error_that_the_client_tells_ends_nothing(make: Make) -> None:
    error = Message(its_error=KafkaError(KafkaError._TRANSPORT))
    advisor = make(FakeConsumer(error, of(advice(0.75))))

    assert advisor.wait_until_read(AMPLE)
    assert advisor.clip_threshold(100, 1) == 0.75


def test_a_topic_without_records_is_read_to_its_end(make: Make) -> None:
    assert make(FakeConsumer()).wait_until_read(AMPLE)


def test_the_guard_applies_where_there_is_nothing_to_read(make: Make) -> None:
    advisor = make(KafkaException("no resolvable bootstrap servers"), reconnect_seconds=3_600)
    advisor.clip_threshold(0, 3)

    assert advisor.clip_threshold(1, 1) == 3
    assert advisor.clip_threshold(1, 1, OWN) == OWN
    assert not advisor.stats().read_to_end
    assert not advisor.wait_until_read(0)


def test_other_advice_is_taken_within_the_bounds_it_was_made_with(make: Make) -> None:
    advisor = make(
        FakeConsumer(of(of_all_kinds())), layer_bounds=(0.5, 2), value_bounds=(0.25, 3), learning_rate_floor=0.75
    )
    assert advisor.wait_until_read(AMPLE)

    assert advisor.learning_rate_factor(100) == 0.75
    assert advisor.layer_threshold(100, 0, OWN) == 0.5
    assert advisor.clip_value(100, OWN) == 0.25
    assert advisor.rollback_step(100) == 90


def test_the_learning_rate_falls_to_a_tenth_and_no_scope_is_advised_unless_made_so(make: Make) -> None:
    advisor = make(FakeConsumer(of(of_all_kinds(learning_rate_factor=0.0))))
    assert advisor.wait_until_read(AMPLE)

    assert advisor.learning_rate_factor(100) == 0.1
    assert advisor.layer_threshold(100, 0, OWN) == OWN
    assert advisor.clip_value(100, OWN) == OWN


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"floor": 0, "ceiling": 1}, "floor is 0 and ceiling is 1, must be 0 < floor <= ceiling < infinity"),
        ({"floor": 2, "ceiling": 1}, "must be 0 < floor <= ceiling < infinity"),
        ({"floor": float("nan")}, "must be 0 < floor"),
        ({"ceiling": float("inf")}, "must be 0 < floor"),
        ({"layer_bounds": (0, 1)}, "must be 0 < floor"),
        ({"value_bounds": (2, 1)}, "must be 0 < floor"),
        ({"run_id": " "}, "run id is ' ', must be 1 to 256 bytes that show"),
        ({"project": "A"}, "project is 'A'"),
        ({"stale_after_steps": 0}, "stale_after_steps is 0, must be at least 1"),
        *[
            ({"learning_rate_floor": floor}, "learning_rate_floor is .*, must be above 0 and at most 1")
            for floor in (0, -0.1, 1.01, float("nan"), float("inf"))
        ],
    ],
    ids=str,
)
def test_settings_that_cannot_be_are_refused(make: Make, settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make(FakeConsumer(), **settings)


def test_servers_elsewhere_want_tls() -> None:
    with pytest.raises(ValueError, match="must be SSL or SASL_SSL"):
        Advisor("run", floor=1, ceiling=2, bootstrap_servers="kafka:9092")


def test_the_reader_is_a_daemon_and_ends_with_close(make: Make) -> None:
    advisor = make(FakeConsumer())
    assert advisor.wait_until_read(AMPLE)
    [thread] = [thread for thread in threading.enumerate() if thread.name == "gradwatch-advisor"]

    assert thread.daemon
    advisor.close()
    advisor.close()
    thread.join(AMPLE)
    assert not thread.is_alive()


def test_the_advisor_reads_where_its_publisher_publishes_unless_it_is_told_otherwise() -> None:
    publisher = Publisher("r", bootstrap_servers="localhost:1", handle_sigterm=False)
    for said, expected in ((None, "localhost:1"), ("localhost:2", "localhost:2")):
        asked: list[object] = []

        def consumers(settings: dict[str, object], _log: object, asked: list[object] = asked) -> Any:
            asked.append(settings["bootstrap.servers"])
            return no_broker

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_consumers", consumers)
            Advisor(floor=1, ceiling=2, bootstrap_servers=said, feedback=publisher).close()
        assert asked == [expected]
    publisher.close(0)


def no_broker() -> Any:
    raise ConnectionError("nobody is asked here")
