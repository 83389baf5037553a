"""What a publisher takes, drops and counts, and that it never raises."""

from __future__ import annotations

import gc
import math
import random
import threading
import weakref
from array import array
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwatch import ClipMode, NormStage, Publisher, RunOutcome, _outbox
from gradwatch import publisher as module
from gradwatch._outbox import Sender
from gradwatch._sinks import SinkLostError
from gradwatch.events import Heartbeat, Log2Histogram, RunEnded, StepCompleted, TrainingEvent
from publishing import ALONE, AMPLE, HeldSink, publishing


class Raises:
    """Whatever is asked of it fails, as a tensor on a lost device does."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("device lost")

    def __float__(self) -> float:
        raise RuntimeError("device lost")

    def __str__(self) -> str:
        raise RuntimeError("device lost")

    def __iter__(self) -> Any:
        raise RuntimeError("device lost")

    def __int__(self) -> int:
        raise RuntimeError("device lost")


def test_events_arrive_in_their_order_with_what_was_told() -> None:
    publisher, sink = publishing(attempt=2)
    publisher.started(5, layers=["a", "b"], owner="ada", clip_threshold=1.0, norm_stage=NormStage.POST_CLIP)
    publisher.step(5, loss=1.5, grad_norm=math.nan, layer_grad_norms=[1, 2], metrics={"accuracy": 0.5})
    publisher.evaluation(5, 0.75, {"bleu": 30})
    publisher.checkpoint(5, "s3://bucket/c")
    publisher.advice_applied(6, 2.0, 1.0, 5)
    publisher.heartbeat(7)
    publisher.ended(8, RunOutcome.FAILED)
    publisher.close()

    events = sink.read()
    names = ["RunStarted", "StepCompleted", "EvaluationCompleted", "CheckpointSaved", "AdviceApplied", "Heartbeat"]
    assert [name for name, _ in sink.bodies()] == [*names, "RunEnded"]
    assert [event["step"] for event in events] == [5, 5, 5, 5, 6, 7, 8]
    assert {(event["run_id"], event["attempt"], event["rank"]) for event in events} == {("run", 2, None)}
    started, step = events[0]["body"], events[1]["body"]
    assert (started["layer_names"], started["owner"]) == (["a", "b"], "ada")
    assert (started["clip_mode"], started["norm_stage"]) == ("GLOBAL_NORM", "POST_CLIP")
    assert (step["loss"], step["layer_grad_norms"], step["metrics"]) == (1.5, [1, 2], {"accuracy": 0.5})
    assert math.isnan(step["grad_norm"])
    assert step["learning_rate"] is None
    assert events[2]["body"] == {"loss": 0.75, "metrics": {"bleu": 30.0}}
    assert events[4]["body"] == {"advised": 2.0, "applied": 1.0, "made_at_step": 5}
    assert events[6]["body"] == {"outcome": "FAILED"}
    assert publisher.stats().published == 7


def test_times_are_milliseconds_of_now() -> None:
    import time

    publisher, sink = publishing()
    before = time.time_ns() // 1_000_000
    publisher.heartbeat(0)
    after = time.time_ns() // 1_000_000
    publisher.close()

    assert before <= sink.read()[0]["emitted_at"] <= after


def test_no_thread_runs_and_nothing_is_connected_before_the_first_event() -> None:
    publisher, _ = publishing()

    assert publisher._outbox.sender is None
    publisher.close()
    assert publisher._outbox.sender is None


def test_what_does_not_fit_is_dropped_and_counted() -> None:
    publisher, sink = publishing(sink=HeldSink(held=True), queue_events=3)
    publisher.heartbeat(0)
    assert sink.asked.wait(AMPLE)  # the sender has it in hand
    for step in range(1, 10):
        publisher.heartbeat(step)
    stats = publisher.stats()
    sink.let_go()
    publisher.close(AMPLE)

    assert (stats.accepted, stats.dropped["QUEUE_FULL"], stats.queued) == (4, 6, 3)
    assert [event["step"] for event in sink.read()] == [0, 1, 2, 3]
    assert publisher.stats().published == 4
    assert publisher.stats().queued == 0


def test_a_full_queue_takes_events_again_once_there_is_room() -> None:
    publisher, sink = publishing(sink=HeldSink(held=True), queue_events=2)
    publisher.heartbeat(0)
    assert sink.asked.wait(AMPLE)
    for step in range(1, 5):
        publisher.heartbeat(step)
    sink.let_go()
    publisher.wait_for_room()
    publisher.heartbeat(5)
    publisher.close(AMPLE)

    assert [event["step"] for event in sink.read()] == [0, 1, 2, 5]


def test_bytes_of_layers_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_BYTES", 100_000)
    publisher, sink = publishing(sink=HeldSink(held=True))
    layers = array("f", bytes(40_000))  # 10,000 of them
    publisher.step(0, layer_grad_norms=layers)
    assert sink.asked.wait(AMPLE)
    for step in range(1, 5):
        publisher.step(step, layer_grad_norms=layers)
    publisher.heartbeat(5)
    stats = publisher.stats()
    sink.let_go()
    publisher.close(AMPLE)

    assert (stats.accepted, stats.dropped["QUEUE_FULL"]) == (4, 2)
    assert [event["step"] for event in sink.read()] == [0, 1, 2, 5]


@pytest.mark.parametrize(
    "body",
    [
        StepCompleted(metrics={f"metric {i}": 1.0 for i in range(250)}),
        StepCompleted(histogram=Log2Histogram(0, list(range(100_000)))),
        StepCompleted(layer_grad_norms=[0.5] * 16_000),
    ],
    ids=["metrics", "histogram", "list"],
)
def test_whatever_waits_counts_towards_the_bound(body: StepCompleted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_BYTES", 100_000)
    publisher, sink = publishing(sink=HeldSink(held=True))
    for step in range(10):
        publisher.publish(step, body)
    stats = publisher.stats()
    sink.let_go()
    publisher.close(AMPLE)

    assert stats.dropped["QUEUE_FULL"] > 0


def test_the_bound_on_bytes_forgets_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_BYTES", 100_000)
    publisher, sink = publishing()
    for step in range(50):
        publisher.step(step, layer_grad_norms=array("f", bytes(60_000)))
        while publisher.stats().queued:
            publisher._outbox.sender.join(0.001)  # type: ignore[union-attr]
    publisher.close(AMPLE)

    assert publisher.stats().published == 50
    assert len(sink.values) == 50


@pytest.mark.parametrize(
    "values",
    [
        {"loss": "high"},
        {"loss": []},
        {"loss": Raises()},
        {"loss": 10**400},
        {"grad_norm": np.array([1.0, 2.0])},
        {"layer_grad_norms": ["a"]},
        {"layer_grad_norms": 3},
        {"layer_grad_norms": Raises()},
        {"layer_grad_norms": [1.0], "layer_weight_norms": [1.0, 2.0]},
        {"layer_grad_norms": array("f", bytes(4 * 16_385))},
        {"metrics": {"a": None}},
        {"metrics": {"a": "b"}},
        {"metrics": [1]},
        {"metrics": {f"m{i}": 1.0 for i in range(257)}},
        {"metrics": {"m" * 257: 1.0}},
        {"metrics": {"\ud800": 1.0}},
        {"update_skipped": "yes"},
        {"histogram": Log2Histogram(0, [1] * 257)},
        {"histogram": Log2Histogram(0, [-1])},
        {"histogram": Log2Histogram(2_000, [1])},
        {"histogram": Log2Histogram(0, [1 << 63])},
        {"histogram": 3},
    ],
    ids=",".join,
)
def test_a_step_that_readers_would_refuse_is_dropped_and_those_around_it_arrive(values: dict[str, Any]) -> None:
    publisher, sink = publishing()
    publisher.step(0, loss=1.0)
    publisher.step(1, **values)
    publisher.step(2, loss=1.0)
    publisher.close(AMPLE)

    assert [event["step"] for event in sink.read()] == [0, 2]
    stats = publisher.stats()
    assert (stats.published, stats.dropped) == (2, {"QUEUE_FULL": 0, "INVALID": 1, "CLOSED": 0})


@pytest.mark.parametrize("step", [-1, (1 << 53) + 1, "x", None, math.nan, math.inf, []])
def test_an_event_without_a_step_is_dropped(step: Any) -> None:
    publisher, sink = publishing()
    publisher.step(step, loss=1.0)
    publisher.heartbeat(step)
    publisher.close(AMPLE)

    assert sink.values == []
    assert publisher.stats().dropped["INVALID"] == 2


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (math.nan, math.nan),
        (math.inf, math.inf),
        (1, 1.0),
        (True, 1.0),
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3.0),
        (np.array(0.5), 0.5),
        (np.array([0.5]), 0.5),
        (None, None),
    ],
)
def test_a_number_arrives_whatever_holds_it(value: Any, arrives: float | None) -> None:
    publisher, sink = publishing()
    publisher.step(0, loss=value, metrics={} if value is None else {"m": value})
    publisher.close(AMPLE)

    body = sink.read()[0]["body"]
    for found in (body["loss"], body["metrics"].get("m")):
        assert found == arrives or (arrives is not None and math.isnan(arrives) and math.isnan(found))


@pytest.mark.parametrize("skipped", [True, np.True_, np.bool_(True)])
def test_a_skipped_update_may_be_any_truth(skipped: Any) -> None:
    publisher, sink = publishing()
    publisher.step(np.int64(0), update_skipped=skipped)
    publisher.step(np.int64(1), update_skipped=not skipped)
    publisher.close(AMPLE)

    assert [event["body"]["update_skipped"] for event in sink.read()] == [True, False]


def test_integers_of_numpy_describe_a_run() -> None:
    publisher, sink = publishing()
    publisher.started(np.int64(0), world_size=np.int64(8), planned_steps=np.int32(100))  # type: ignore[arg-type]
    publisher.close(AMPLE)

    assert (sink.read()[0]["body"]["world_size"], sink.read()[0]["body"]["planned_steps"]) == (8, 100)


def test_arrays_are_copied_when_they_are_told() -> None:
    publisher, sink = publishing(sink=HeldSink(held=True))
    norms = np.ones(3, np.float32)
    publisher.step(0, layer_grad_norms=norms)
    norms[:] = 7
    sink.let_go()
    publisher.close(AMPLE)

    assert sink.read()[0]["body"]["layer_grad_norms"] == [1, 1, 1]


def test_names_and_text_that_are_too_long_are_cut_so_that_the_run_is_known() -> None:
    publisher, sink = publishing()
    publisher.started(
        layers=["层" * 100, "\ud800"],
        owner="o" * 5_000,
        framework="\udfff",
        tags={"k" * 300: "v" * 2_000, "host": 7},  # type: ignore[dict-item]
    )
    publisher.started(1, layers=["l"] * 20_000, tags={f"t{i}": i for i in range(300)})  # type: ignore[misc]
    publisher.checkpoint(2, "u" * 5_000)
    publisher.close(AMPLE)

    first, second, checkpoint = (event["body"] for event in sink.read())
    assert first["layer_names"] == ["层" * 85, "?"]
    assert (len(first["owner"]), first["framework"]) == (1_024, "?")
    assert first["tags"] == {"k" * 256: "v" * 1_024, "host": "7"}
    assert (len(second["layer_names"]), len(second["tags"])) == (16_384, 256)
    assert len(checkpoint["uri"]) == 4_096
    assert publisher.stats().dropped["INVALID"] == 0


@pytest.mark.parametrize("seed", range(10))
def test_no_call_raises_whatever_it_is_given_and_every_event_is_counted(seed: int) -> None:
    rng = random.Random(seed)
    odd: list[Any] = [
        None, 0, -1, 1.5, math.nan, math.inf, 10**400, "", "x", "\ud800", b"b", [], [1.0], ["a"], {}, {"a": 1}, {1: 2},
        {"a": None}, object(), Raises(), Raises, np.zeros(3), np.zeros((2, 2)), np.array(["a"]), True, (1, 2),
        ClipMode.VALUE, RunOutcome.FAILED, Log2Histogram(0, [1]), Heartbeat(), lambda: 1, 1 << 70, range(3), {3.5},
    ]  # fmt: skip
    publisher, _ = publishing()
    any_of = lambda: rng.choice(odd)  # noqa: E731
    calls: list[Any] = [
        lambda: publisher.started(any_of(), layers=any_of(), owner=any_of(), world_size=any_of(), tags=any_of()),
        lambda: publisher.started(0, clip_mode=any_of(), clip_threshold=any_of(), planned_steps=any_of()),
        lambda: publisher.step(any_of(), loss=any_of(), grad_norm=any_of(), layer_grad_norms=any_of()),
        lambda: publisher.step(0, metrics=any_of(), histogram=any_of(), update_skipped=any_of()),
        lambda: publisher.step(0, batch_size=any_of(), layer_zero_fractions=any_of(), loss_scale=any_of()),
        lambda: publisher.evaluation(any_of(), any_of(), any_of()),
        lambda: publisher.checkpoint(any_of(), any_of()),
        lambda: publisher.advice_applied(any_of(), any_of(), any_of(), any_of()),
        lambda: publisher.heartbeat(any_of()),
        lambda: publisher.ended(any_of(), any_of()),
        lambda: publisher.publish(any_of(), any_of()),
        lambda: publisher.publish_event(any_of()),
        lambda: publisher.publish_event(TrainingEvent(any_of(), any_of(), any_of(), any_of(), any_of(), any_of())),
    ]
    rounds = 300
    for _ in range(rounds):
        rng.choice(calls)()
    publisher.step(7, loss=1.0)
    publisher.close(AMPLE)

    stats = publisher.stats()
    assert stats.published > 0
    assert stats.failed == stats.queued == stats.dropped["QUEUE_FULL"] == stats.dropped["CLOSED"] == 0
    assert stats.published + stats.dropped["INVALID"] == rounds + 1


def test_counts_are_exact_where_many_threads_publish() -> None:
    publisher, sink = publishing(queue_events=500)
    start = threading.Barrier(8)

    def publish(number: int) -> None:
        start.wait()
        for step in range(2_000):
            publisher.step(step, loss=float(number))

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    publisher.close(AMPLE)

    stats = publisher.stats()
    assert stats.accepted + stats.dropped["QUEUE_FULL"] == 16_000
    assert stats.accepted == stats.published == len(sink.values)
    assert publisher._outbox.queue.waiting_bytes == 0


def test_closing_twice_does_nothing_and_what_comes_later_is_counted() -> None:
    publisher, sink = publishing()
    publisher.heartbeat(0)
    publisher.close(AMPLE)
    publisher.close(AMPLE)
    publisher.step(1, loss=1.0)
    publisher.ended()

    assert len(sink.values) == 1
    assert publisher.stats().dropped["CLOSED"] == 2


def test_closing_without_time_counts_what_is_left() -> None:
    publisher, sink = publishing(sink=HeldSink(held=True))
    for step in range(5):
        publisher.heartbeat(step)
    assert sink.asked.wait(AMPLE)
    publisher.close(0)
    stats = publisher.stats()
    sink.let_go()
    publisher._outbox.sender.join(AMPLE)  # type: ignore[union-attr]

    assert stats.queued == 0
    assert stats.dropped["CLOSED"] == 4
    assert not publisher._outbox.sender.is_alive()  # type: ignore[union-attr]
    after = publisher.stats()
    assert after.published + after.failed + after.dropped["CLOSED"] == after.accepted == 5


def test_threads_may_close_at_once_while_others_publish() -> None:
    for _ in range(20):
        publisher, _ = publishing()
        start = threading.Barrier(4)
        failures: list[BaseException] = []

        def run(act: Any, start: threading.Barrier = start, failures: list[BaseException] = failures) -> None:
            start.wait()
            try:
                act()
            except BaseException as e:
                failures.append(e)

        def publish(publisher: Publisher = publisher) -> None:
            for step in range(500):
                publisher.heartbeat(step)

        acts = [publish, publish, lambda p=publisher: p.close(AMPLE), lambda p=publisher: p.close(0)]
        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        stats = publisher.stats()
        assert stats.accepted + stats.dropped["CLOSED"] >= 1_000


def test_a_thread_that_cannot_be_started_costs_events_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, sink = publishing()

    def refuses(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "start", refuses)
        publisher.heartbeat(0)
    publisher.heartbeat(1)
    publisher.close(AMPLE)

    assert [event["step"] for event in sink.read()] == [0, 1]


def test_close_never_raises_where_no_thread_could_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, _ = publishing()

    def refuses(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Sender, "start", refuses)
    publisher.heartbeat(0)
    publisher.close(0)

    stats = publisher.stats()
    assert (stats.accepted, stats.dropped["CLOSED"], stats.queued) == (1, 1, 0)


def test_a_client_that_has_given_up_is_made_anew() -> None:
    class GivesUp(HeldSink):
        def send(self, event: TrainingEvent) -> bool:
            raise SinkLostError("fatal: out of order sequence")

    publisher, second = publishing()
    sinks = iter([GivesUp(), second])

    def connect(told: Any) -> HeldSink:
        return next(sinks)(told)

    publisher._outbox.connect = connect
    for step in range(3):
        publisher.heartbeat(step)
    publisher.close(AMPLE)

    assert [event["step"] for event in second.read()] == [1, 2]
    stats = publisher.stats()
    assert (stats.accepted, stats.failed, stats.published) == (3, 1, 2)


def test_a_sink_that_cannot_be_made_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_outbox, "_RECONNECT_SECONDS", 0.0)
    publisher, sink = publishing()
    tries = []

    def connect(of_told: Any) -> HeldSink:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("not yet")
        return sink(of_told)

    publisher._outbox.connect = connect
    publisher.heartbeat(0)
    assert sink.asked.wait(AMPLE)
    publisher.close(AMPLE)

    assert len(tries) == 3
    assert publisher.stats().published == 1


def test_the_run_is_told_again_so_that_whoever_comes_late_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, sink = publishing()
    publisher.started(layers=["a"])
    publisher.step(0, loss=1.0)
    monkeypatch.setattr(module, "_REPEAT_STARTED_SECONDS", 0.0)
    publisher.step(1, loss=1.0)
    publisher.close(AMPLE)

    assert [name for name, _ in sink.bodies()] == ["RunStarted", "StepCompleted", "RunStarted", "StepCompleted"]
    assert [event["step"] for event in sink.read()] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "COMPLETED"),
        (RuntimeError("x"), "FAILED"),
        (KeyboardInterrupt(), "CANCELLED"),
        (SystemExit(0), "COMPLETED"),
        (SystemExit(None), "COMPLETED"),
        (SystemExit(3), "FAILED"),
    ],
    ids=repr,
)
def test_a_with_statement_says_how_the_run_ended(error: BaseException | None, outcome: str) -> None:
    publisher, sink = publishing()
    try:
        with publisher:
            publisher.step(41, loss=1.0)
            if error is not None:
                raise error
    except BaseException as e:
        assert e is error

    assert sink.read()[-1]["step"] == 41
    assert sink.read()[-1]["body"] == {"outcome": outcome}


def test_a_with_statement_says_the_end_once() -> None:
    publisher, sink = publishing()
    with publisher:
        publisher.step(0, loss=1.0)
        publisher.ended(0, RunOutcome.FAILED)

    assert [name for name, _ in sink.bodies()] == ["StepCompleted", "RunEnded"]


def test_only_rank_0_speaks_for_the_run() -> None:
    publisher, sink = publishing(context=replace(ALONE, rank=3, world_size=8))
    publisher.started()
    publisher.step(0, loss=1.0)
    publisher.close(AMPLE)

    assert sink.values == []
    assert publisher._outbox.sender is None
    assert publisher.stats().accepted == 0


@pytest.mark.parametrize(("settings", "rank"), [({"all_ranks": True}, 3), ({"rank": 5}, 5)])
def test_other_ranks_speak_where_they_are_told_to(settings: dict[str, Any], rank: int) -> None:
    publisher, sink = publishing(context=replace(ALONE, rank=3, world_size=8), **settings)
    publisher.started()
    publisher.close(AMPLE)

    assert sink.read()[0]["rank"] == rank
    assert sink.read()[0]["body"]["world_size"] == 8


@pytest.mark.parametrize("said", ["off", "OFF", "0", "false", " disabled "])
def test_the_environment_switches_everything_off(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWATCH", said)
    publisher, sink = publishing()
    publisher.step(0, loss=1.0)
    publisher.close()

    assert sink.values == []
    assert publisher._outbox.sender is None


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"run_id": " "}, "must be 1 to 256 bytes that show"),
        ({"project": "Vision"}, "must be 1 to 64 lower-case letters"),
        ({"attempt": -1}, "attempt is -1, must be an integer of at least 0"),
        ({"attempt": 1.5}, "attempt is 1.5, must be an integer"),
        ({"queue_events": 0}, "queue_events is 0, must be an integer of at least 1"),
        ({"rank": -1}, "rank is -1"),
        ({"rank": "0"}, "rank is '0'"),
        ({"bootstrap_servers": "kafka:9092"}, "must be SSL or SASL_SSL"),
    ],
    ids=str,
)
def test_settings_that_cannot_be_used_are_refused(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Publisher(settings.pop("run_id", "run"), handle_sigterm=False, **settings)


def test_a_drop_is_said_once_and_not_for_every_event(caplog: pytest.LogCaptureFixture) -> None:
    publisher, _ = publishing()
    for step in range(100):
        publisher.step(step, loss="high")  # type: ignore[arg-type]
    publisher.close()

    assert [record.getMessage() for record in caplog.records if record.name == "gradwatch"] == [
        "event dropped (INVALID): could not convert string to float: 'high'",
        "closed: 100 events were lost in all, 0 published",
    ]


def test_one_that_loses_nothing_or_has_nothing_to_say_closes_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    publisher, _ = publishing()
    publisher.heartbeat(0)
    publisher.close()
    publisher.heartbeat(1)
    silent, _ = publishing(context=replace(ALONE, rank=1))
    silent.heartbeat(0)
    silent.close()

    assert caplog.records == []


def _senders() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if isinstance(thread, Sender)]


def test_publishers_that_nobody_holds_tell_what_they_were_told_and_are_gone() -> None:
    class Listener:
        """Holds its publisher, as a watch does, and is held by it."""

        def __init__(self, publisher: Publisher) -> None:
            self.publisher = publisher
            publisher.before_close(self.tell)

        def tell(self) -> None:
            self.publisher.heartbeat(9)

    before = set(_senders())
    sinks, gone = [], []
    for _ in range(10):
        publisher, sink = publishing()
        Listener(publisher)
        publisher.started(3)
        publisher.step(4, loss=1.0)
        sinks.append(sink)
        gone.append(weakref.ref(publisher))
    del publisher
    gc.collect()

    assert [ref() for ref in gone] == [None] * 10
    for sender in set(_senders()) - before:
        sender.join(AMPLE)
        assert not sender.is_alive()
    for sink in sinks:
        assert [name for name, _ in sink.bodies()] == ["RunStarted", "StepCompleted", "RunEnded"]
        assert sink.bodies()[-1][1] == {"outcome": "UNKNOWN"}
        assert sink.read()[-1]["step"] == 4
    assert not _outbox.leaving


@pytest.mark.parametrize("where", ["local", "kafka"])
def test_what_sends_holds_no_publisher(where: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"local": tmp_path / "e.jsonl"} if where == "local" else {}
    publisher = Publisher("run", context=ALONE, handle_sigterm=False, bootstrap_servers="127.0.0.1:1", **settings)
    publisher.heartbeat(0)
    sender = publisher._outbox.sender
    gone = weakref.ref(publisher)
    del publisher
    gc.collect()

    assert gone() is None
    assert sender is not None
    sender.join(AMPLE)
    assert not sender.is_alive()


def test_a_bound_method_is_called_at_the_close_while_its_object_lives_and_a_function_always() -> None:
    class Listener:
        def __init__(self, name: str) -> None:
            self.name = name

        def tell(self) -> None:
            calls.append(self.name)

    calls: list[str] = []
    publisher, _ = publishing()
    lives, dies = Listener("lives"), Listener("dies")
    publisher.before_close(lives.tell)
    publisher.before_close(dies.tell)
    publisher.before_close(lambda: calls.append("function"))
    del dies
    gc.collect()
    publisher.close()

    assert sorted(calls) == ["function", "lives"]


def test_what_cannot_work_is_refused_when_it_is_made(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"context": ALONE, "handle_sigterm": False}
    with pytest.raises(ValueError, match=r"Kafka's client refuses its settings: .*no\.such\.setting"):
        Publisher("run", client_properties={"no.such.setting": 1}, **settings)
    file = tmp_path / "client.properties"
    file.write_text("linger.ms=soon\n")
    with pytest.raises(ValueError, match=r"Kafka's client refuses its settings: Invalid value"):
        Publisher("run", client_file=file, **settings)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        Publisher("run", local=tmp_path / "none" / "e.jsonl", **settings)
    Publisher("run", client_properties={"linger.ms": 5}, **settings).close()


def test_a_logger_that_fails_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(module.SparseLog.__init__.__globals__["LOG"], "warning", fails)
    publisher, sink = publishing()
    publisher.step(0, loss="high")  # type: ignore[arg-type]
    publisher.step(1, loss=1.0)
    publisher.close(AMPLE)

    assert len(sink.values) == 1


def test_an_event_of_any_run_is_published_as_it_is() -> None:
    publisher, sink = publishing()
    publisher.publish_event(TrainingEvent("another", 3, 9, 7, 2, RunEnded(RunOutcome.CANCELLED)))
    publisher.close(AMPLE)

    [event] = sink.read()
    assert (event["run_id"], event["attempt"], event["step"], event["emitted_at"], event["rank"]) == (
        "another", 3, 9, 7, 2,
    )  # fmt: skip
