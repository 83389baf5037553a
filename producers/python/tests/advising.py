"""Advisors for tests, to which a test hands its recommendations: nothing here is asynchronous."""

from __future__ import annotations

from typing import Any

from gradwatch import Advisor, wire

FLOOR, CEILING = 0.1, 10.0
LAYERS, VALUES = (0.01, 5.0), (0.001, 0.5)
LEARNING_RATE_FLOOR = 0.25
ODD = (float("nan"), float("inf"), float("-inf"), 0.0, -0.0, -1.0)


def advice(threshold: float | None, attempt: int = 1, made_at_step: int = 100, **fields: Any) -> dict[str, Any]:
    """For run "run" of project "default", valid for 100 steps."""
    record = {
        "project": "default", "run_id": "run", "attempt": attempt, "reason": "BASELINE",
        "made_at_step": made_at_step, "valid_until_step": made_at_step + 100, "clip_threshold": threshold,
    }  # fmt: skip
    return record | fields


def of_all_kinds(**fields: Any) -> dict[str, Any]:
    """Thresholds 0.25, none, 4 for three layers, 0.125 for components, half the learning rate, back to step 90."""
    kinds = {
        "layer_clip_thresholds": [0.25, float("nan"), 4.0],
        "clip_value": 0.125,
        "learning_rate_factor": 0.5,
        "rollback_step": 90,
    }
    return advice(0.5, **(kinds | fields))


def encoded(record: dict[str, Any]) -> bytes:
    return wire.codec("ClipRecommendation").encode(record)


def _unread() -> Any:
    raise ConnectionError("nothing is read")


class AdvisedTrainer:
    """A trainer of run "run", attempt 1, with bounds 0.1 and 10 (others for layers and components)."""

    def __init__(self, **settings: Any) -> None:
        bounds: dict[str, Any] = {
            "layer_bounds": LAYERS, "value_bounds": VALUES, "learning_rate_floor": LEARNING_RATE_FLOOR,
        }  # fmt: skip
        self.advisor = Advisor(
            "run", attempt=1, floor=FLOOR, ceiling=CEILING, consumer=_unread, reconnect_seconds=3_600,
            **(bounds | settings),
        )  # fmt: skip

    def receives(self, record: dict[str, Any] | bytes | None) -> None:
        self.advisor._advice.accept(encoded(record) if isinstance(record, dict) else record)

    def takes(self, first_step: int, *norms: float) -> None:
        """Takes steps with these norms, the first one at a step."""
        for i, norm in enumerate(norms):
            self.advisor.clip_threshold(first_step + i, norm)

    def threshold(self, step: int, own: float | None = None, norm: float = 1.0) -> float:
        return self.advisor.clip_threshold(step, norm, own)
