"""The events of one training run: what ``TrainingEvent.avsc`` says, typed.

A value that is None is not reported, which is different from 0; NaN and infinities are reported as such.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, SupportsFloat

if TYPE_CHECKING:
    from typing import TypeAlias

Number: TypeAlias = "SupportsFloat"
"""Anything ``float()`` takes: numbers, tensors of one element."""

Floats: TypeAlias = "array[float] | Iterable[SupportsFloat]"
"""One number a layer: an ``array('f')``, a float32 buffer (a NumPy array), or any numbers."""

_FLOAT32 = "<f4" if sys.byteorder == "little" else ">f4"
_FLOAT_MAX = 3.4028234663852886e38


class ClipMode(str, Enum):
    """How a trainer clips gradients."""

    UNKNOWN = "UNKNOWN"
    NONE = "NONE"
    GLOBAL_NORM = "GLOBAL_NORM"
    LAYER_NORM = "LAYER_NORM"
    VALUE = "VALUE"


class NormStage(str, Enum):
    """Whether norms are taken before or after clipping."""

    PRE_CLIP = "PRE_CLIP"
    POST_CLIP = "POST_CLIP"


class RunOutcome(str, Enum):
    """How a run (this attempt of it) ended."""

    UNKNOWN = "UNKNOWN"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    PREEMPTED = "PREEMPTED"


@dataclass(frozen=True, slots=True)
class Log2Histogram:
    """Counts of the gradient's components by power of two.

    ``counts[i]`` holds the components with ``2**(min_exponent+i) <= |g| < 2**(min_exponent+i+1)``; at most 256.
    """

    min_exponent: int
    counts: Sequence[int]
    zeros: int = 0
    nonfinite: int = 0


@dataclass(frozen=True, slots=True)
class RunStarted:
    """Who the run is; sent at the start, after a resume (attempt + 1) and every few minutes."""

    owner: str = ""
    framework: str = ""
    layer_names: Sequence[str] = ()
    world_size: int = 1
    planned_steps: int | None = None
    clip_mode: ClipMode = ClipMode.UNKNOWN
    clip_threshold: float | None = None
    norm_stage: NormStage = NormStage.PRE_CLIP
    norm_scaled: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class StepCompleted:
    """One optimizer step; ``layer_`` arrays follow the order of ``RunStarted.layer_names``."""

    loss: Number | None = None
    grad_norm: Number | None = None
    learning_rate: Number | None = None
    clip_threshold: Number | None = None
    loss_scale: Number | None = None
    update_skipped: bool | None = None
    nonfinite_count: Number | None = None
    batch_size: Number | None = None
    grad_abs_max: Number | None = None
    layer_grad_norms: Floats | None = None
    layer_weight_norms: Floats | None = None
    layer_update_norms: Floats | None = None
    layer_zero_fractions: Floats | None = None
    histogram: Log2Histogram | None = None
    metrics: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvaluationCompleted:
    """An evaluation on held-out data after the step of the envelope."""

    loss: Number | None = None
    metrics: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """A checkpoint one can roll back to; ``checkpoint_step`` None: the step of the envelope."""

    uri: str = ""
    checkpoint_step: int | None = None


@dataclass(frozen=True, slots=True)
class AdviceApplied:
    """What a trainer did with a recommendation."""

    advised: float | None = None
    applied: float | None = None
    made_at_step: int | None = None


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run (this attempt of it) stopped."""

    outcome: RunOutcome = RunOutcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The trainer lives although no step completed."""


Body: TypeAlias = (
    "RunStarted | StepCompleted | EvaluationCompleted | CheckpointSaved | AdviceApplied | RunEnded | Heartbeat"
)


@dataclass(slots=True)
class TrainingEvent:
    """An event: envelope and body.

    ``step`` is 0 to 2**53, ``emitted_at`` in milliseconds since 1970-01-01 UTC, ``rank`` None speaks for the run.
    """

    run_id: str
    attempt: int
    step: int
    emitted_at: int
    rank: int | None
    body: Body


def float_array(values: Floats) -> array[float]:
    """Copy of one number a layer as 32-bit floats; a finite number stays finite.

    Takes a float32 buffer as it is, which costs a few hundred nanoseconds, and anything else number by number.
    """
    dtype = getattr(values, "dtype", None)
    if dtype is not None and getattr(dtype, "str", "") == _FLOAT32 and getattr(values, "ndim", 0) == 1:
        return array("f", values.tobytes())  # type: ignore[union-attr]  # NumPy's own way takes the least
    if isinstance(values, array):
        return values[:] if values.typecode == "f" else array("f", map(_to_float32, values))
    try:
        view = memoryview(values)  # type: ignore[arg-type]
    except (TypeError, ValueError):  # ValueError: NumPy's float16 in a foreign byte order
        view = None
    if view is not None and view.format == "f" and view.contiguous and view.ndim == 1:
        return array("f", view.tobytes())
    tolist = getattr(values, "tolist", None)
    return array("f", map(_to_float32, values if tolist is None else tolist()))


def _to_float32(value: Any) -> float:
    number = float(value)
    if number > _FLOAT_MAX and number != float("inf"):
        return _FLOAT_MAX
    if number < -_FLOAT_MAX and number != float("-inf"):
        return -_FLOAT_MAX
    return number
