"""Every row of the contract in ``producers/java/README.md``: situation, what is applied. As Java AdviceContractTest."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from advising import CEILING, ODD, AdvisedTrainer, advice
from gradwatch import ClipEngagement, clip_factor

GUARD, OWN = 2.0, 7.0
EVER = (1 << 63) - 1


@pytest.fixture
def trainer() -> Iterator[AdvisedTrainer]:
    trainer = AdvisedTrainer()
    yield trainer
    trainer.advisor.close()


@pytest.fixture(params=["shadow", "off", "shadow by the environment"])
def not_following(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[AdvisedTrainer]:
    if request.param != "shadow":
        monkeypatch.setenv("GRADWATCH_ADVICE", request.param.split()[0])
    trainer = AdvisedTrainer(shadow=request.param == "shadow")
    yield trainer
    trainer.advisor.close()


def test_the_ceiling_applies_before_the_first_norm(trainer: AdvisedTrainer) -> None:
    assert trainer.threshold(0, norm=1e6) == CEILING


def test_the_least_of_the_first_norms_before_guards(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, 4, 3, 1e9)

    assert trainer.threshold(3, norm=1) == 3
    assert trainer.threshold(3, norm=1) == 3, "asked again"
    assert trainer.threshold(4, norm=5) == 1


def test_the_median_of_the_norms_before_guards_from_the_twentieth_on(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, 1, 2, *[5.0] * 17)

    assert trainer.threshold(19, norm=1e9) == 1, "least of 19"
    assert trainer.threshold(20, norm=1e9) == 5, "median of 20"
    assert trainer.threshold(20, norm=1e9) == 5, "asked again"


@pytest.mark.parametrize(("norm", "applied"), [(1e-6, 0.1), (0.1, 0.1), (3, 3), (10, 10), (1e6, 10)])
def test_the_guard_stays_within_the_bounds(trainer: AdvisedTrainer, norm: float, applied: float) -> None:
    trainer.takes(0, norm)

    assert trainer.threshold(1) == applied


def test_the_trainers_own_rule_applies_instead_of_the_guard(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, GUARD)

    assert trainer.threshold(1, OWN) == OWN
    assert trainer.threshold(1, 1e9) == 1e9, "as it is"
    assert trainer.threshold(1, math.inf) == math.inf
    assert trainer.threshold(1, math.nan) == GUARD, "none"
    assert trainer.threshold(1, None) == GUARD, "none"


@pytest.mark.parametrize(("advised", "applied"), [(1e-9, 0.1), (0.1, 0.1), (0.5, 0.5), (10, 10), (1e300, 10)])
def test_advice_applies_within_the_bounds(trainer: AdvisedTrainer, advised: float, applied: float) -> None:
    trainer.receives(advice(advised))

    assert trainer.threshold(100) == applied
    assert trainer.threshold(100, OWN) == applied
    known = trainer.advisor.recommendation()
    assert known is not None
    assert known["clip_threshold"] == advised


def test_advice_applies_until_the_step_it_holds_for(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(0.5))

    assert trainer.threshold(99) == GUARD, "made at a step to come"
    assert trainer.threshold(100) == 0.5
    assert trainer.threshold(200) == 0.5
    assert trainer.advisor.recommendation() is not None
    assert trainer.threshold(201) == 1
    assert trainer.advisor.recommendation() is None


def test_no_advice_older_than_the_trainers_own_limit_applies(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(0.5, valid_until_step=EVER))

    assert trainer.threshold(1_100) == 0.5
    assert trainer.threshold(1_101) == 1
    assert trainer.threshold(EVER) == 1


def test_recent_norms_guard_where_advice_that_was_followed_ends(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, 1e3, 1e3, 1e3)
    trainer.receives(advice(0.5, made_at_step=3))
    assert {trainer.threshold(step, norm=0.4) for step in range(3, 104)} == {0.5}

    assert trainer.threshold(104, norm=0.4) == 0.4


@pytest.mark.parametrize("advised", ODD)
def test_no_threshold_applies_that_cannot_be(trainer: AdvisedTrainer, advised: float) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(advised))

    assert trainer.threshold(100) == GUARD
    assert trainer.threshold(100, OWN) == OWN


@pytest.mark.parametrize(
    "other", [{"run_id": "another"}, {"project": "another"}, {"attempt": 0}, {"attempt": 2}], ids=str
)
def test_no_advice_for_others_applies(trainer: AdvisedTrainer, other: dict[str, object]) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(0.5, **other))  # type: ignore[arg-type]

    assert trainer.threshold(100) == GUARD


def test_the_guard_applies_where_advice_is_not_on_the_threshold(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(None))

    assert trainer.threshold(100) == GUARD
    assert trainer.advisor.recommendation() is not None, "for its other advice"


def test_the_guard_applies_where_advice_is_withdrawn(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(0.5))
    trainer.receives(None)

    assert trainer.threshold(100) == GUARD


@pytest.mark.parametrize("norm", [math.nan, math.inf, -math.inf, 0.0, -1.0])
def test_nothing_is_learned_from_norms_that_are_none(trainer: AdvisedTrainer, norm: float) -> None:
    trainer.takes(0, GUARD)

    assert trainer.threshold(1, norm=norm) == GUARD
    assert trainer.threshold(2) == GUARD
    assert clip_factor(norm, GUARD) == 1


def test_the_ceiling_or_the_own_rule_applies_when_switched_off(trainer: AdvisedTrainer) -> None:
    trainer.takes(0, GUARD)
    trainer.receives(advice(0.5))

    trainer.advisor.disable()
    assert trainer.threshold(100) == CEILING
    assert trainer.threshold(100, OWN) == OWN
    assert trainer.advisor.recommendation() is None
    trainer.advisor.enable()
    assert trainer.threshold(100) == 0.5
    trainer.advisor.close()
    trainer.advisor.enable()
    assert trainer.threshold(100) == CEILING, "closed"


def test_the_ceiling_or_the_own_rule_applies_where_advice_may_not_be_followed(not_following: AdvisedTrainer) -> None:
    not_following.takes(0, GUARD)
    not_following.receives(advice(0.5))
    not_following.advisor.enable()

    assert not_following.threshold(100) == CEILING
    assert not_following.threshold(100, OWN) == OWN
    assert not_following.advisor.recommendation() is None


def test_shadow_counts_what_would_have_been_clipped() -> None:
    shadow = AdvisedTrainer(shadow=True)
    shadow.takes(0, 4, 8, 4, math.nan)
    shadow.receives(advice(0.5))
    shadow.takes(100, 0.25, 0.5, 1, 2, math.nan)
    shadow.threshold(105, OWN)
    shadow.advisor.disable()
    shadow.takes(106, 1e9)

    stats = shadow.advisor.stats()
    assert stats.guard == ClipEngagement(3, 1, (1 + 0.5 + 1) / 3)
    assert (stats.advice.steps, stats.advice.clipped) == (5, 3)
    assert stats.advice.mean_factor == pytest.approx((1 + 1 + 0.5 + 0.25 + 0.5) / 5, abs=1e-15)
    shadow.advisor.close()


def test_what_is_clipped_is_counted_the_same_way(trainer: AdvisedTrainer) -> None:
    trainer.receives(advice(0.5))
    trainer.takes(100, 0.25, 1)
    trainer.takes(101, 1)

    assert trainer.advisor.stats().advice == ClipEngagement(2, 1, 0.75), "a step asked for twice counts once"
    assert math.isnan(trainer.advisor.stats().guard.mean_factor)


def test_no_guard_is_counted_where_the_own_rule_applies(trainer: AdvisedTrainer) -> None:
    trainer.threshold(0, OWN, norm=100)

    assert trainer.advisor.stats().guard.steps == 0


def test_a_trainer_that_learns_its_norm_later_is_advised_alike(trainer: AdvisedTrainer) -> None:
    """``max_norm`` before ``clip_grad_norm_``, ``observe`` after it, steps counted by the advisor."""
    seen = []
    for norm in (4.0, 3.0, 1e9, 1.0):
        seen.append(trainer.advisor.max_norm())
        trainer.advisor.observe(norm)

    assert seen == [CEILING, 4, 3, 3]
    assert trainer.advisor.last_step == 3
    trainer.receives(advice(0.5, made_at_step=4))
    assert trainer.advisor.max_norm(OWN) == 0.5


@pytest.mark.parametrize(
    ("norm", "threshold", "factor"),
    [
        (4, 1, 0.25),
        (1, 1, 1),
        (0.5, 1, 1),
        (0, 1, 1),
        (math.nan, 1, 1),
        (math.inf, 1, 1),
        (4, math.inf, 1),
        (4, math.nan, 1),
        (4, 0, 1),
        (4, -1, 1),
        (1e308, 1e-308, 5e-324),
    ],
)
def test_norms_above_the_threshold_are_scaled_down_to_it(norm: float, threshold: float, factor: float) -> None:
    assert clip_factor(norm, threshold) == factor


@pytest.mark.parametrize("odd", ["x", None, [], 10**400, object()])
def test_no_question_raises_whatever_it_is_asked_with(trainer: AdvisedTrainer, odd: object) -> None:
    """A tensor on a lost device, or a number in a string: the trainer goes on without advice."""
    trainer.receives(advice(0.5))
    advisor = trainer.advisor

    assert advisor.max_norm(odd, step=100) >= 0.1  # type: ignore[arg-type]
    advisor.observe(odd)
    advisor.observe(odd, step=odd)  # type: ignore[arg-type]
    assert advisor.max_norm(step=100) == 0.5
    assert clip_factor(2.0, 1.0) == 0.5
