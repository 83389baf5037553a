"""What readers refuse for its form: not sent, so that a trainer hears of it and not only who reads dead letters.

The bounds are those of ``io.gradwatch.schemas.Limits``. Values are for the reader to refuse: a norm below 0 is one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from gradwatch import limits
from gradwatch.events import (
    AdviceApplied,
    Body,
    CheckpointSaved,
    EvaluationCompleted,
    Log2Histogram,
    RunStarted,
    StepCompleted,
    TrainingEvent,
)

_LAYERS = ("layer_grad_norms", "layer_weight_norms", "layer_update_norms", "layer_zero_fractions")


def check_event(event: TrainingEvent) -> None:
    """Raise ValueError where the envelope or the body breaks the wire contract: which field, value, bound."""
    _check_run_id(event.run_id)
    _between("step", event.step, 0, limits.MAX_STEP)
    _between("attempt", event.attempt, 0, limits.MAX_ATTEMPT)
    if event.rank is not None:
        _between("rank", event.rank, 0, limits.MAX_RANK)
    _check_body(event.body)


def _check_body(body: Body) -> None:
    if isinstance(body, StepCompleted):
        _check_step(body)
    elif isinstance(body, EvaluationCompleted):
        _check_metrics(body.metrics)
    elif isinstance(body, RunStarted):
        _between("world_size", body.world_size, 1, limits.MAX_RANK + 1)
        _at_most("layers", len(body.layer_names), limits.MAX_LAYERS)
        _at_most("tags", len(body.tags), limits.MAX_TAGS)
        _texts("a name", (*body.layer_names, *body.tags), limits.MAX_NAME_BYTES)
        _texts("a text", (body.owner, body.framework, *body.tags.values()), limits.MAX_TEXT_BYTES)
    elif isinstance(body, CheckpointSaved):
        _texts("the URI", (body.uri,), limits.MAX_URI_BYTES)
        _step_or_none("checkpoint_step", body.checkpoint_step)
    elif isinstance(body, AdviceApplied):
        _step_or_none("made_at_step", body.made_at_step)


def _check_step(body: StepCompleted) -> None:
    length = 0
    for name in _LAYERS:
        series: Any = getattr(body, name)
        if series is None or len(series) == 0:
            continue
        _at_most(name, len(series), limits.MAX_LAYERS)
        if length and len(series) != length:
            raise ValueError(f"{name} has {len(series)} values, must have {length} as the series before")
        length = len(series)
    _check_metrics(body.metrics)
    if body.histogram is not None:
        _check_histogram(body.histogram)


def _check_metrics(metrics: Any) -> None:
    _at_most("metrics", len(metrics), limits.MAX_METRICS)
    _texts("the name of a metric", metrics, limits.MAX_NAME_BYTES)


def _check_histogram(histogram: Log2Histogram) -> None:
    _at_most("buckets", len(histogram.counts), limits.MAX_HISTOGRAM_BUCKETS)
    exponent = limits.MAX_HISTOGRAM_EXPONENT
    _between("histogram.min_exponent", histogram.min_exponent, -exponent, exponent)
    least = min(histogram.zeros, histogram.nonfinite, *histogram.counts)
    if least < 0:
        raise ValueError(f"the histogram counts {least}, must be at least 0")


def _between(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, must be {least} to {most}")


def _step_or_none(name: str, value: int | None) -> None:
    if value is not None:
        _between(name, value, 0, limits.MAX_STEP)


def _at_most(what: str, count: int, most: int) -> None:
    if count > most:
        raise ValueError(f"{count} {what}, must be at most {most}")


def _texts(what: str, texts: Iterable[str], most: int) -> None:
    for text in texts:
        if 3 * len(text) > most and len(text.encode()) > most:
            raise ValueError(f"{what} takes {len(text.encode())} bytes of UTF-8, must be at most {most}")


# A publisher asks it of every event, mostly of the same run.
_check_run_id = functools.lru_cache(maxsize=64)(limits.check_run_id)
