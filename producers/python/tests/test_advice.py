"""Which record is kept, the guard, feedback, and forged advice. As Java's tests of the same names."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from advising import (
    CEILING,
    FLOOR,
    LAYERS,
    LEARNING_RATE_FLOOR,
    ODD,
    VALUES,
    AdvisedTrainer,
    advice,
    encoded,
    of_all_kinds,
)
from gradwatch import Publisher, clip_factor
from gradwatch._advice import AdviceTerms, NewestAdvice
from gradwatch._guard import RECENT_NORMS, LocalGuard
from gradwatch._log import SparseLog
from publishing import AMPLE, HeldSink, publishing


class Newest:
    def __init__(self) -> None:
        self.advice = NewestAdvice(AdviceTerms("default", "run", 1, 1_000), SparseLog())

    def accept(self, *arguments: Any, **fields: Any) -> None:
        self.advice.accept(encoded(advice(*arguments, **fields)))

    def at(self, step: int) -> float | None:
        known = self.advice.at(step)
        return None if known is None else known["clip_threshold"]


@pytest.fixture
def newest() -> Newest:
    return Newest()


def test_the_newest_is_kept(newest: Newest) -> None:
    newest.at(160)
    for threshold, made in ((0.5, 100), (0.6, 150), (0.5, 100), (0.6, 150)):
        newest.accept(threshold, 1, made)

    assert newest.at(160) == 0.6
    assert (newest.advice.accepted, newest.advice.outdated) == (2, 2)


def test_the_last_of_those_read_before_the_first_step_is_kept(newest: Newest) -> None:
    newest.accept(0.5, 1, 100)
    newest.accept(0.6, 1, 150)
    newest.accept(0.6, 1, 150)

    assert newest.advice.in_force() is None
    assert newest.at(149) is None
    assert newest.at(150) == 0.6
    assert newest.advice.in_force() is not None
    assert newest.advice.outdated == 1, "the repetition"


def test_advice_from_a_step_to_come_waits_for_it(newest: Newest) -> None:
    newest.at(120)
    newest.accept(0.5, 1, 100)
    newest.accept(0.6, 1, 130)

    assert newest.at(129) == 0.5
    newest.accept(0.7, 1, 129)
    assert newest.at(129) == 0.7
    assert newest.at(130) == 0.6
    newest.accept(0.8, 1, 125)
    assert newest.at(130) == 0.6, "older"
    newest.accept(0.9, 1, 140)
    assert newest.at(139) == 0.6
    assert newest.at(140) == 0.9


def test_nothing_from_later_steps_is_used_once_the_trainer_has_gone_back(newest: Newest) -> None:
    newest.at(120)
    newest.accept(0.5, 1, 100)

    assert newest.at(99) is None
    assert newest.at(100) == 0.5


def test_other_attempts_are_passed_over(newest: Newest) -> None:
    newest.accept(0.5, 0, 100)
    newest.accept(0.5, 2, 100)

    assert newest.at(100) is None
    assert (newest.advice.accepted, newest.advice.outdated, newest.advice.refused) == (0, 1, 1)


def test_steps_that_cannot_be_are_refused(newest: Newest) -> None:
    newest.accept(0.5, 1, -1)
    newest.accept(0.5, 1, -(1 << 62))

    assert newest.at(0) is None
    assert newest.advice.refused == 2


@pytest.mark.parametrize("threshold", ODD)
def test_thresholds_that_cannot_be_are_refused(newest: Newest, threshold: float) -> None:
    newest.accept(0.5, 1, 100)
    newest.accept(threshold, 1, 150)

    assert newest.at(100) == 0.5
    assert newest.advice.refused == 1


def test_what_is_for_others_or_no_recommendation_is_refused(newest: Newest) -> None:
    newest.accept(0.5, run_id="another")
    newest.accept(0.5, project="another")
    newest.advice.accept(b"")
    newest.advice.accept(b"\x01\x02\x03")

    assert newest.at(100) is None
    assert newest.advice.refused == 4


def test_all_is_forgotten_at_a_tombstone(newest: Newest) -> None:
    newest.accept(0.5)
    newest.advice.accept(None)

    assert newest.at(100) is None


def test_the_guard_knows_nothing_before_the_first_norm() -> None:
    guard = LocalGuard()

    assert math.isnan(guard.threshold(0))
    assert guard.observe(0, 5)
    assert math.isnan(guard.threshold(0)), "scored before it is learned"
    assert guard.threshold(1) == 5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_guard_is_the_least_of_the_first_norms_and_the_lower_median_of_the_newest_afterwards(seed: int) -> None:
    rng, guard, norms = random.Random(seed), LocalGuard(), []
    for step in range(1_000):
        norms.append(math.exp(round(5 * rng.gauss(0, 1))))  # many are equal
        guard.observe(step, norms[-1])
        recent = sorted(norms[-RECENT_NORMS:])
        assert guard.threshold(step + 1) == (min(norms) if len(norms) < 20 else recent[(len(recent) - 1) // 2])


def test_the_guard_follows_a_growth_once_it_has_lasted_half_of_what_it_keeps() -> None:
    guard = LocalGuard()
    for step in range(RECENT_NORMS + RECENT_NORMS // 2):
        guard.observe(step, 1.0 if step < RECENT_NORMS else 1e6)
    last = RECENT_NORMS + RECENT_NORMS // 2

    assert guard.threshold(last) == 1
    guard.observe(last, 1e6)
    assert guard.threshold(last + 1) == 1e6


def test_the_guard_takes_a_step_once_and_one_that_is_taken_back_again() -> None:
    guard = LocalGuard()
    guard.observe(5, 1)

    assert not guard.observe(5, 0.1), "repeated"
    assert guard.threshold(6) == 1
    assert guard.observe(3, 0.5), "rewound"
    assert guard.threshold(3) == 1
    assert guard.threshold(4) == 0.5


def test_the_guard_takes_a_step_that_was_repeated_because_its_norm_was_none() -> None:
    guard = LocalGuard()

    assert not guard.observe(5, math.nan)
    assert guard.observe(5, 2)
    assert guard.threshold(6) == 2


class Told:
    """A trainer with feedback, and what it told."""

    def __init__(self, **settings: Any) -> None:
        self.publisher, self.sink = publishing(attempt=1)
        self.trainer = AdvisedTrainer(feedback=self.publisher, **settings)

    def steps(self, first: int, end: int) -> None:
        for step in range(first, end):
            self.trainer.takes(step, 2.0)

    def told(self) -> list[tuple[int, float | None, float | None, int | None]]:
        self.publisher.close(AMPLE)
        self.trainer.advisor.close()
        assert {name for name, _ in self.sink.bodies()} <= {"AdviceApplied"}
        return [
            (event["step"], event["body"]["advised"], event["body"]["applied"], event["body"]["made_at_step"])
            for event in self.sink.read()
        ]


def test_feedback_tells_when_advice_begins_changes_and_ends() -> None:
    told = Told()
    told.steps(0, 100)
    told.trainer.receives(advice(0.5, made_at_step=99))
    told.steps(100, 120)
    told.trainer.receives(advice(50.0, made_at_step=119))
    told.steps(120, 300)

    assert told.told() == [(100, 0.5, 0.5, 99), (120, 50.0, CEILING, 119), (220, None, 2.0, None)]


def test_feedback_tells_nothing_where_there_was_no_advice() -> None:
    told = Told()
    told.steps(0, 100)
    told.trainer.advisor.disable()
    told.steps(100, 200)

    assert told.told() == []


def test_feedback_tells_nothing_where_advice_is_only_renewed() -> None:
    told = Told()
    for made in range(100):
        told.trainer.receives(advice(0.5, made_at_step=made))
        told.steps(made, made + 1)

    assert told.told() == [(0, 0.5, 0.5, 0)]


def test_feedback_tells_no_more_than_once_in_ten_steps() -> None:
    told = Told()
    for made in range(100):
        told.trainer.receives(advice(0.5 + made / 100, made_at_step=made))
        told.steps(made, made + 1)

    assert [step for step, *_ in told.told()] == list(range(0, 100, 10))


def test_feedback_tells_that_it_was_switched_off() -> None:
    told = Told()
    told.trainer.receives(advice(0.5, made_at_step=0))
    told.steps(0, 50)
    told.trainer.advisor.disable()
    told.steps(50, 60)
    told.trainer.threshold(60, math.inf)
    told.trainer.advisor.enable()
    told.steps(61, 100)

    assert told.told() == [(0, 0.5, 0.5, 0), (50, None, CEILING, None), (61, 0.5, 0.5, 0)]


def test_feedback_tells_nothing_in_shadow() -> None:
    told = Told(shadow=True)
    told.trainer.receives(advice(0.5, made_at_step=0))
    told.steps(0, 1)

    assert told.told() == []


def test_feedback_tells_what_the_own_rule_applies_where_advice_ends() -> None:
    told = Told()
    told.trainer.receives(advice(0.5, made_at_step=0))
    told.steps(0, 1)
    told.trainer.threshold(101, math.inf)

    assert told.told()[-1] == (101, None, None, None)


def test_feedback_waits_for_nothing() -> None:
    sink = HeldSink(held=True)
    full, _ = publishing(sink=sink, attempt=1, queue_events=1)
    full.heartbeat(0)
    assert sink.asked.wait(AMPLE)
    full.heartbeat(1)
    trainer = AdvisedTrainer(feedback=full)
    trainer.receives(advice(0.5, made_at_step=0))

    assert trainer.threshold(0) == 0.5
    assert full.stats().dropped["QUEUE_FULL"] == 1
    sink.let_go()
    full.close(0)
    trainer.receives(advice(0.25, made_at_step=10))
    assert trainer.threshold(10) == 0.25, "closed"
    trainer.advisor.close()


def test_the_publisher_of_another_project_run_or_attempt_is_refused() -> None:
    for other in ({"attempt": 2}, {"run_id": "another", "attempt": 1}, {"project": "another", "attempt": 1}):
        publisher, _ = publishing(**other)
        with pytest.raises(ValueError, match="is not of project 'default', run 'run', attempt 1: build it with"):
            AdvisedTrainer(feedback=publisher, project="default")


def test_who_is_asked_about_follows_from_the_publisher() -> None:
    from gradwatch import Advisor

    publisher, _ = publishing(run_id="run-7", attempt=3, project="vision")
    advisor = Advisor(floor=1, ceiling=2, feedback=publisher, consumer=lambda: None)

    assert (advisor.run_id, advisor.attempt, advisor.project) == ("run-7", 3, "vision")
    advisor.close()


NUMBERS = (*ODD, 5e-324, 1.7976931348623157e308)
STEPS = (-(1 << 63), -1, 0, 1, 1 << 53, (1 << 63) - 2, (1 << 63) - 1)


def number(rng: random.Random) -> float:
    return rng.choice(NUMBERS) if rng.randrange(6) == 0 else math.exp(10 * rng.gauss(0, 1))


def signed(rng: random.Random) -> float:
    return -number(rng) if rng.randrange(4) == 0 else number(rng)


def near(rng: random.Random, step: int) -> int:
    return rng.choice(STEPS) if rng.randrange(8) == 0 else step + rng.randrange(21) - 10


def float32(value: float) -> float:
    return max(-3e38, min(3e38, value)) if math.isfinite(value) else value


def forged(rng: random.Random, step: int) -> dict[str, Any]:
    def maybe(value: Any) -> Any:
        return None if rng.randrange(8) == 0 else value

    return advice(
        maybe(number(rng)),
        rng.randrange(-(1 << 31), 1 << 31) if rng.randrange(5) == 0 else 1,
        near(rng, step),
        valid_until_step=near(rng, step + 50),
        learning_rate_factor=maybe(signed(rng)),
        rollback_step=maybe(near(rng, step)),
        layer_clip_thresholds=maybe([float32(signed(rng)) for _ in range(rng.randrange(4))]),
        clip_value=maybe(signed(rng)),
        run_id="another" if rng.randrange(10) == 0 else "run",
    )


@pytest.mark.parametrize("seed", range(20))
def test_forged_advice_never_leads_out_of_the_trainers_bounds(seed: int) -> None:
    rng = random.Random(seed)
    trainer = AdvisedTrainer(shadow=seed % 4 == 0)
    advisor = trainer.advisor
    for i in range(2_000):
        act = rng.randrange(12)
        if act == 0:
            trainer.receives(None)
        elif act == 1:
            trainer.receives(rng.randbytes(rng.randrange(64)))
        elif act == 2:
            advisor.disable()
        elif act == 3:
            advisor.enable()
        else:
            trainer.receives(forged(rng, i))
        step = rng.choice(STEPS) if rng.randrange(10) == 0 else i
        norm = number(rng)

        threshold = advisor.clip_threshold(step, norm)

        assert FLOOR <= threshold <= CEILING
        assert 0 < clip_factor(norm, threshold) <= 1
        assert LEARNING_RATE_FLOOR <= advisor.learning_rate_factor(step) <= 1
        assert LAYERS[0] <= advisor.layer_threshold(step, rng.randrange(-1, 5)) <= LAYERS[1]
        assert VALUES[0] <= advisor.clip_value(step) <= VALUES[1]
        back = advisor.rollback_step(step)
        assert back is None or 0 <= back <= step
    stats = advisor.stats()
    assert min(stats.accepted, stats.refused, stats.outdated, stats.advice.steps) > 0, "the test forges well"
    assert 0 <= stats.advice.mean_factor <= 1
    assert 0 <= stats.guard.mean_factor <= 1
    advisor.close()


def test_forged_advice_keeps_honest_advice_out_for_no_more_than_its_own_steps() -> None:
    trainer = AdvisedTrainer()
    trainer.takes(100, 2)
    trainer.receives(advice(0.2, made_at_step=(1 << 63) - 201))
    trainer.receives(advice(0.3, made_at_step=1 << 53))
    trainer.receives(advice(0.4, attempt=(1 << 31) - 1))
    trainer.receives(advice(0.5))

    assert trainer.threshold(101, norm=2) == 0.5
    assert trainer.advisor.stats().refused == 1, "a later attempt"
    trainer.advisor.close()


def test_bounds_hold_where_threads_ask_at_once_while_advice_comes() -> None:
    trainer = AdvisedTrainer()
    over = threading.Event()
    failures: list[str] = []

    def write() -> None:
        rng = random.Random(1)
        i = 0
        while not over.is_set():
            trainer.receives(forged(rng, i % 2_000))
            i += 1

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        for step in range(2_000):
            threshold = trainer.advisor.clip_threshold(step, number(rng))
            if not FLOOR <= threshold <= CEILING:
                failures.append(f"{threshold} at {step}")

    writer = threading.Thread(target=write)
    askers = [threading.Thread(target=ask, args=(seed,)) for seed in range(3)]
    for thread in (writer, *askers):
        thread.start()
    for thread in askers:
        thread.join()
    over.set()
    writer.join()

    assert failures == []
    trainer.advisor.close()


@pytest.fixture(autouse=True)
def _no_publisher_left() -> Iterator[None]:
    yield
    from gradwatch import _process

    for publisher in list(_process.open_publishers):
        assert isinstance(publisher, Publisher)
        publisher.close(0)


class Raises:
    def __float__(self) -> float:
        raise RuntimeError("lost")

    def __index__(self) -> int:
        raise RuntimeError("lost")

    def __str__(self) -> str:
        raise RuntimeError("lost")

    __repr__ = __str__


@pytest.mark.parametrize("odd", ["x", "7", 1.5, math.nan, math.inf, [], np.array([1, 2]), Raises()], ids=type)
def test_a_step_that_is_none_counts_as_the_one_after_the_last(odd: Any, caplog: pytest.LogCaptureFixture) -> None:
    trainer = AdvisedTrainer()
    trainer.receives(advice(0.5))
    trainer.advisor.max_norm(step=100)

    assert [trainer.advisor.max_norm(step=odd), trainer.advisor.max_norm()] == [0.5, 0.5]
    assert trainer.advisor.last_step == 102
    told = [record.message for record in caplog.records if "a step is no integer" in record.message]
    assert len(told) == (0 if isinstance(odd, Raises) else 1)
    trainer.advisor.close()


def test_a_step_that_is_none_counts_as_the_last_where_norms_and_other_advice_are_asked() -> None:
    trainer = AdvisedTrainer()
    trainer.receives(of_all_kinds())
    trainer.advisor.max_norm(step=100)
    odd: Any = "x"

    trainer.advisor.observe(1.0, step=odd)

    assert trainer.advisor.stats().advice.steps == 1
    assert trainer.advisor.layer_threshold(odd, 0) == 0.25
    assert trainer.advisor.clip_value(odd) == 0.125
    assert trainer.advisor.learning_rate_factor(odd) == 0.5
    assert trainer.advisor.rollback_step(odd) == 90
    assert trainer.advisor.last_step == 100
    trainer.advisor.close()


@pytest.mark.parametrize("whole", [100.0, np.int64(100), np.float32(100)], ids=repr)
def test_a_whole_number_of_any_type_is_a_step(whole: Any) -> None:
    trainer = AdvisedTrainer()
    trainer.receives(advice(0.5))

    assert trainer.advisor.max_norm(step=whole) == 0.5
    assert (trainer.advisor.last_step, type(trainer.advisor.last_step)) == (100, int)
    trainer.advisor.close()


@pytest.mark.parametrize("seed", range(10))
def test_no_call_raises_whatever_it_is_given_and_thresholds_stay_numbers(seed: int) -> None:
    rng = random.Random(seed)
    odd: list[Any] = [
        None, 0, -1, 1.5, math.nan, math.inf, 10**400, "", "x", "\ud800", b"b", [], [1.0], {}, object(), Raises(),
        Raises, np.zeros(3), np.zeros((2, 2)), np.array(["a"]), True, (1, 2), lambda: 1, 1 << 70, 100, 101.0,
        np.int64(102),
    ]  # fmt: skip
    publisher, sink = publishing(run_id="run", attempt=1)
    trainer = AdvisedTrainer(feedback=publisher)
    advisor = trainer.advisor
    trainer.receives(of_all_kinds())
    any_of = lambda: rng.choice(odd)  # noqa: E731
    thresholds: list[Any] = [
        lambda: advisor.max_norm(any_of(), step=any_of()),
        lambda: advisor.clip_threshold(any_of(), any_of(), any_of()),
        lambda: advisor.layer_threshold(any_of(), any_of(), any_of()),
        lambda: advisor.clip_value(any_of(), any_of()),
        lambda: advisor.learning_rate_factor(any_of()),
    ]
    calls: list[Any] = [
        lambda: advisor.observe(any_of(), step=any_of()), lambda: advisor.rollback_step(any_of()),
        lambda: advisor.wait_until_read(rng.choice(["x", None, [], Raises(), math.nan, -1, -math.inf, 0.0])),
        advisor.recommendation, advisor.stats,
        advisor.disable, advisor.enable,
    ]  # fmt: skip
    for _ in range(300):
        rng.choice(calls)()
        assert not math.isnan(rng.choice(thresholds)())
    advisor.enable()

    assert trainer.threshold(100) == 0.5
    advisor.close()
    publisher.close(AMPLE)
    assert sink.read()
