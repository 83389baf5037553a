"""Java's samples (``schemas``, ``Samples.java``) from typed events, under the names of their golden files."""

from __future__ import annotations

import math
from array import array

from gradwatch.events import (
    AdviceApplied,
    Body,
    CheckpointSaved,
    ClipMode,
    EvaluationCompleted,
    Heartbeat,
    Log2Histogram,
    NormStage,
    RunEnded,
    RunOutcome,
    RunStarted,
    StepCompleted,
    TrainingEvent,
)

FLOAT_MIN, FLOAT_MAX = math.ldexp(1, -149), 3.4028234663852886e38
DOUBLE_MIN, DOUBLE_MAX = 5e-324, 1.7976931348623157e308


def event(rank: int | None, body: Body) -> TrainingEvent:
    return TrainingEvent("run-é", 2, 1 << 53, 1_800_000_000_000, rank, body)


def as_in_java() -> dict[str, TrainingEvent]:
    return {
        "TrainingEvent-RunStarted": event(
            None,
            RunStarted(
                owner="ada",
                framework="pytorch 2.4",
                layer_names=["embed", "层.0", ""],
                world_size=8,
                planned_steps=100_000,
                clip_mode=ClipMode.GLOBAL_NORM,
                clip_threshold=1.0,
                norm_stage=NormStage.POST_CLIP,
                norm_scaled=True,
                tags={"host": "gpu-7"},
            ),
        ),
        "TrainingEvent-StepCompleted": event(
            3,
            StepCompleted(
                loss=math.nan,
                grad_norm=math.inf,
                learning_rate=DOUBLE_MIN,
                clip_threshold=1.0,
                loss_scale=65536.0,
                update_skipped=True,
                nonfinite_count=3.0,
                batch_size=DOUBLE_MAX,
                grad_abs_max=-math.inf,
                layer_grad_norms=array("f", [0.0, -0.0, FLOAT_MIN, FLOAT_MAX, math.nan, math.inf]),
                layer_weight_norms=[],
                layer_update_norms=None,
                layer_zero_fractions=[1.0],
                histogram=Log2Histogram(-24, [0, 1, (1 << 63) - 1], zeros=7, nonfinite=0),
                metrics={"router load": math.nan},
            ),
        ),
        "TrainingEvent-StepCompleted-empty": event(0, StepCompleted()),
        "TrainingEvent-EvaluationCompleted": event(None, EvaluationCompleted(0.75, {"accuracy": 0.5})),
        "TrainingEvent-CheckpointSaved": event(None, CheckpointSaved("s3://bucket/c", 40)),
        "TrainingEvent-AdviceApplied": event(None, AdviceApplied(1.5, None, 41)),
        "TrainingEvent-RunEnded": event(None, RunEnded(RunOutcome.PREEMPTED)),
        "TrainingEvent-Heartbeat": event(1_048_575, Heartbeat()),
    }


def of_python() -> dict[str, TrainingEvent]:
    """What Java's golden files do not have: many layers, text of four bytes, integers where numbers are asked for."""
    return {
        "python-StepCompleted": TrainingEvent(
            "лёгкая-🚀",
            0,
            0,
            0,
            None,
            StepCompleted(
                loss=2,
                grad_norm=0.1,
                update_skipped=False,
                layer_grad_norms=array("f", [i / 8 for i in range(1_000)]),
                histogram=Log2Histogram(-1, [], zeros=0, nonfinite=1),
                metrics={"a": 1, "b": -math.inf},
            ),
        ),
        "python-RunStarted": TrainingEvent("r", 2_147_483_647, 1, 1, 0, RunStarted()),
        "python-EvaluationCompleted": TrainingEvent("r", 0, 1, 1, 0, EvaluationCompleted()),
        "python-CheckpointSaved": TrainingEvent("r", 0, 1, 1, 0, CheckpointSaved()),
        "python-AdviceApplied": TrainingEvent("r", 0, 1, 1, 0, AdviceApplied()),
    }
