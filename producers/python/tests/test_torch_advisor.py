"""Clipping as an advisor says."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import gradwatch.torch as gt  # noqa: E402
from gradwatch import Advisor  # noqa: E402


class NoBroker:
    def __init__(self) -> None:
        raise ConnectionError("nobody is asked here")


@pytest.fixture
def advisor() -> Any:
    with Advisor("clipped", floor=0.1, ceiling=10.0, consumer=NoBroker) as advisor:
        yield advisor


def gradients(norm: float) -> list[Any]:
    parameter = torch.nn.Parameter(torch.zeros(4))
    parameter.grad = torch.full((4,), norm / 2)
    return [parameter]


def test_without_advice_the_guard_clips_to_the_least_of_the_first_norms(advisor: Advisor) -> None:
    clipped = []
    for norm in (20.0, 3.0, 4.0, 50.0):
        parameters = gradients(norm)
        assert float(gt.clip_grad_norm_(parameters, advisor)) == pytest.approx(norm)
        clipped.append(float(parameters[0].grad.norm()))
    assert clipped == pytest.approx([10, 3, 3, 3], rel=1e-4)


def test_without_advice_the_own_threshold_is_applied_as_it_is(advisor: Advisor) -> None:
    parameters = gradients(200.0)
    gt.clip_grad_norm_(iter(parameters), advisor, default=25.0)
    assert float(parameters[0].grad.norm()) == pytest.approx(25, rel=1e-4)


def test_the_steps_are_counted_or_told(advisor: Advisor) -> None:
    gt.clip_grad_norm_(gradients(1.0), advisor)
    assert advisor.last_step == 0
    gt.clip_grad_norm_(gradients(1.0), advisor, step=70)
    gt.clip_grad_norm_(gradients(1.0), advisor)
    assert advisor.last_step == 71


def test_a_norm_that_is_not_finite_teaches_the_guard_nothing(advisor: Advisor) -> None:
    for norm in (2.0, math.nan, math.inf):
        gt.clip_grad_norm_(gradients(norm), advisor)
    assert advisor.max_norm() == 2
