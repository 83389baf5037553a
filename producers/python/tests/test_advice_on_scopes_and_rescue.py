"""The rows of the contract on layers, components, the learning rate and going back. As Java's ScopesAndRescueTest."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from advising import LAYERS, ODD, VALUES, AdvisedTrainer, advice, of_all_kinds
from gradwatch import Advisor

OWN = 7.0


@pytest.fixture
def trainer() -> Iterator[AdvisedTrainer]:
    trainer = AdvisedTrainer()
    yield trainer
    trainer.advisor.close()


def assert_no_advice(advisor: Advisor, step: int) -> None:
    assert advisor.layer_threshold(step, 0, OWN) == OWN
    assert advisor.layer_threshold(step, 0, math.inf) == math.inf
    assert advisor.layer_threshold(step, 0) == LAYERS[1]
    assert advisor.clip_value(step, OWN) == OWN
    assert advisor.clip_value(step, math.nan) == VALUES[1]
    assert advisor.learning_rate_factor(step) == 1
    assert advisor.rollback_step(step) is None


def test_advice_of_every_kind_is_given_while_it_is_in_force(trainer: AdvisedTrainer) -> None:
    trainer.receives(of_all_kinds())
    advisor = trainer.advisor

    assert advisor.layer_threshold(100, 0, OWN) == 0.25
    assert advisor.layer_threshold(100, 2, OWN) == 4
    assert advisor.clip_value(100, OWN) == 0.125
    assert advisor.learning_rate_factor(100) == 0.5
    assert advisor.rollback_step(100) == 90
    assert advisor.rollback_step(200) == 90, "the last step it holds for"


@pytest.mark.parametrize("step", [99, 201])
def test_none_is_given_before_it_was_made_and_after_the_step_it_holds_for(trainer: AdvisedTrainer, step: int) -> None:
    trainer.receives(of_all_kinds())

    assert_no_advice(trainer.advisor, step)


def test_none_is_given_older_than_the_trainers_own_limit(trainer: AdvisedTrainer) -> None:
    trainer.receives(of_all_kinds(valid_until_step=(1 << 63) - 1))

    assert trainer.advisor.learning_rate_factor(1_100) == 0.5
    assert_no_advice(trainer.advisor, 1_101)


def test_none_is_given_where_none_has_come_or_it_was_withdrawn(trainer: AdvisedTrainer) -> None:
    assert_no_advice(trainer.advisor, 100)
    trainer.receives(of_all_kinds())
    trainer.receives(None)

    assert_no_advice(trainer.advisor, 100)


def test_none_is_given_where_advice_is_on_the_threshold_only(trainer: AdvisedTrainer) -> None:
    trainer.receives(advice(0.5))

    assert_no_advice(trainer.advisor, 100)


def test_none_is_given_when_switched_off_or_closed(trainer: AdvisedTrainer) -> None:
    trainer.receives(of_all_kinds())

    trainer.advisor.disable()
    assert_no_advice(trainer.advisor, 100)
    trainer.advisor.enable()
    assert trainer.advisor.learning_rate_factor(100) == 0.5
    trainer.advisor.close()
    assert_no_advice(trainer.advisor, 100)


@pytest.mark.parametrize("variable", ["shadow", "off"])
def test_none_is_given_where_advice_may_not_be_followed(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWATCH_ADVICE", variable)
    other = AdvisedTrainer()
    other.receives(of_all_kinds())
    other.advisor.enable()

    assert_no_advice(other.advisor, 100)
    other.advisor.close()


def test_no_thresholds_of_layers_and_components_are_given_without_bounds_for_them() -> None:
    other = AdvisedTrainer(layer_bounds=None, value_bounds=None)
    other.receives(of_all_kinds())

    assert other.advisor.layer_threshold(100, 0, OWN) == OWN
    assert other.advisor.layer_threshold(100, 0) == math.inf
    assert other.advisor.clip_value(100, OWN) == OWN
    assert other.advisor.clip_value(100) == math.inf
    assert other.threshold(100) == 0.5
    other.advisor.close()


@pytest.mark.parametrize(("advised", "layer", "value"), [(1e-9, 0.01, 0.001), (0.25, 0.25, 0.25), (1e30, 5, 0.5)])
def test_thresholds_stay_within_the_bounds_of_their_kind(
    trainer: AdvisedTrainer, advised: float, layer: float, value: float
) -> None:
    trainer.receives(of_all_kinds(layer_clip_thresholds=[advised], clip_value=advised))

    assert trainer.advisor.layer_threshold(100, 0, OWN) == layer
    assert trainer.advisor.clip_value(100, OWN) == value


@pytest.mark.parametrize("advised", ODD)
def test_a_threshold_that_cannot_be_is_none(trainer: AdvisedTrainer, advised: float) -> None:
    trainer.receives(of_all_kinds(layer_clip_thresholds=[advised, 0.5], clip_value=advised))

    assert trainer.advisor.layer_threshold(100, 0, OWN) == OWN
    assert trainer.advisor.layer_threshold(100, 1, OWN) == 0.5, "its neighbour"
    assert trainer.advisor.clip_value(100, OWN) == OWN
    assert trainer.threshold(100) == 0.5, "the rest of it"


@pytest.mark.parametrize("layer", [-(1 << 31), -1, 3, (1 << 31) - 1])
def test_there_is_no_advice_on_a_layer_that_is_none(trainer: AdvisedTrainer, layer: int) -> None:
    trainer.receives(of_all_kinds())

    assert trainer.advisor.layer_threshold(100, layer, OWN) == OWN


@pytest.mark.parametrize(
    ("advised", "factor"),
    [
        *[(0, 0.25), (1e-9, 0.25), (0.25, 0.25), (0.75, 0.75), (1, 1), (1.5, 1), (1e300, 1)],
        *[(math.nan, 1), (math.inf, 1), (-math.inf, 1), (-0.5, 1)],
    ],
)
def test_the_learning_rate_is_lowered_to_its_floor_and_never_raised(
    trainer: AdvisedTrainer, advised: float, factor: float
) -> None:
    trainer.receives(of_all_kinds(learning_rate_factor=advised))

    assert trainer.advisor.learning_rate_factor(100) == factor


@pytest.mark.parametrize(
    ("advised", "step"),
    [(0, 0), (100, 100), (101, None), (150, None), ((1 << 63) - 1, None), (-1, None), (-(1 << 63), None)],
)
def test_going_back_is_to_a_step_not_after_the_one_it_was_advised_at(
    trainer: AdvisedTrainer, advised: int, step: int | None
) -> None:
    trainer.receives(of_all_kinds(rollback_step=advised))

    assert trainer.advisor.rollback_step(150) == step
