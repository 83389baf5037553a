"""JSON lines: one object a step, as ``gradwatch backtest``, ``pipe``, ``replay`` and the gateway read them.

The names are those of ``producers/traces`` (its README has the table). A value that is null or absent is not
reported; NaN and infinities are bare words or strings.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from gradwatch.events import (
    Body,
    CheckpointSaved,
    ClipMode,
    EvaluationCompleted,
    Heartbeat,
    RunEnded,
    RunOutcome,
    RunStarted,
    StepCompleted,
    TrainingEvent,
)
from gradwatch.wire import body_datum

_SAID_OTHERWISE = ("histogram", "metrics")
_EVENTS = {
    "start": "start", "started": "start",
    "resume": "resume", "resumed": "resume", "restart": "resume",
    "checkpoint": "checkpoint", "heartbeat": "heartbeat",
    "end": "UNKNOWN", "ended": "UNKNOWN",
    "completed": "COMPLETED", "failed": "FAILED", "cancelled": "CANCELLED", "preempted": "PREEMPTED",
}  # fmt: skip
_OTHER_NAMES = {
    "nonfinite_grads": "nonfinite_count",
    "global_batch_size": "batch_size",
    "skipped": "update_skipped",
    "val_loss": "eval_loss",
    "run_id": "run",
}
_STEP_NUMBERS = (
    "loss", "grad_norm", "learning_rate", "clip_threshold", "loss_scale", "nonfinite_count", "batch_size",
    "grad_abs_max",
)  # fmt: skip
_LAYER_ARRAYS = {
    "layer_grad_norms": "grad_norm/",
    "layer_weight_norms": "weight_norm/",
    "layer_update_norms": "update_norm/",
    "layer_zero_fractions": "zero_fraction/",
}
_ENVELOPE = ("step", "attempt", "rank", "emitted_at", "run", "event", "project", "layer_names", "metrics")


class RowFormatError(ValueError):
    """A line that cannot be read: which field, the value found, what is allowed."""


class RowWriter:
    """Lines of one run's events. Histograms and feedback about advice have no form in a row and are left out."""

    def line(self, event: TrainingEvent) -> str:
        """The event's line with its newline; empty where a row has no form for it."""
        said = _row_of(event.body)
        if said is None:
            return ""
        row: dict[str, Any] = {"run": event.run_id, "step": event.step, "attempt": event.attempt}
        if event.rank is not None:
            row["rank"] = event.rank
        row["emitted_at"] = event.emitted_at
        return json.dumps(row | said, separators=(",", ":")) + "\n"


def _row_of(body: Body) -> dict[str, Any] | None:
    row: dict[str, Any] | None = None
    if isinstance(body, StepCompleted):
        datum = body_datum(body)
        row = {name: value for name, value in datum.items() if value is not None and name not in _SAID_OTHERWISE}
        if datum["metrics"]:
            row["metrics"] = datum["metrics"]
    elif isinstance(body, RunStarted):
        row = {"event": "start"}
        if body.layer_names:
            row["layer_names"] = list(body.layer_names)
    elif isinstance(body, EvaluationCompleted):
        datum = body_datum(body)
        row = {} if datum["loss"] is None else {"eval_loss": datum["loss"]}
        row |= {f"eval_{name}": value for name, value in datum["metrics"].items()}
    elif isinstance(body, CheckpointSaved):
        row = {"event": "checkpoint"}
    elif isinstance(body, Heartbeat):
        row = {"event": "heartbeat"}
    elif isinstance(body, RunEnded):
        row = {"event": "end" if body.outcome is RunOutcome.UNKNOWN else body.outcome.value.lower()}
    return row


class RowReader:
    """Events from the lines of one run, or of any number of runs that ``run`` tells apart."""

    def __init__(
        self, run_id: str, now_millis: Callable[[], int] = lambda: 0, *, steps_back_resume: bool = False
    ) -> None:
        """Begin before the first line.

        Args:
            run_id: for lines without ``run``.
            now_millis: for lines without ``emitted_at``.
            steps_back_resume: a step below the run's newest is a training that resumed from a checkpoint: its next
                attempt, where the line says none. As ``gradwatch agent`` reads logs: only rank 0's steps count, and
                neither evaluations and events alone nor series of other names, which may come late. False: it stays
                in its attempt, for which it is a repeated step.

        """
        self._run_id = run_id
        self._now = now_millis
        self._steps_back_resume = steps_back_resume
        self._runs: dict[str, _Run] = {}

    def events(self, line: str) -> Iterator[TrainingEvent]:
        """The events of one line, in their order.

        Raises:
            RowFormatError: it is no JSON object, lacks ``step`` or has a value that its field does not allow.

        """
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as e:
            raise RowFormatError(f"found {line[:80]!r}; allowed: a JSON object a line ({e})") from None
        if not isinstance(found, dict):
            raise RowFormatError(f"found {line[:80]!r}; allowed: a JSON object a line")
        row: dict[str, Any] = {_OTHER_NAMES.get(str(name), str(name)): value for name, value in found.items()}
        if len(row) < len(found):
            raise RowFormatError("a value stands under two of its names; allowed: each under one name only")
        run_id = str(row["run"]) if row.get("run") is not None else self._run_id
        run = self._runs.setdefault(run_id, _Run(self._steps_back_resume))
        step = _integer(row, "step")
        if step is None:
            raise RowFormatError("no field 'step'; allowed: an integer from 0 to 2^53")
        emitted_at = _integer(row, "emitted_at")
        rank = _integer(row, "rank")
        bodies = list(run.bodies(row, step, rank))
        for body in bodies:
            speaker = 0 if rank is not None and isinstance(body, (RunStarted, RunEnded, CheckpointSaved)) else rank
            yield TrainingEvent(
                run_id, run.attempt, step, self._now() if emitted_at is None else emitted_at, speaker, body
            )


class _Run:
    """What the lines before say of a run."""

    def __init__(self, steps_back_resume: bool) -> None:
        self.attempt = 0
        self.layers: list[str] = []
        self._steps_back_resume = steps_back_resume
        self._last_step = -1
        self._seen = False

    def bodies(self, row: Mapping[str, Any], number: int, rank: int | None) -> Iterator[Body]:
        event = _EVENTS.get(str(row.get("event", "")).lower(), "")
        names, arrays = _layers(row)
        values: dict[str, Any] = {name: _number(row, name) for name in _STEP_NUMBERS}
        skipped = _number(row, "update_skipped")
        metrics, eval_metrics = _metrics(row)
        step = StepCompleted(
            **values, **arrays, update_skipped=None if skipped is None else skipped != 0, metrics=metrics
        )
        eval_loss = _number(row, "eval_loss")
        evaluates = eval_loss is not None or bool(eval_metrics)
        own = any(getattr(step, f.name) is not None for f in fields(step) if f.name != "metrics")
        alone = not evaluates and row.get("event") is None
        said = _integer(row, "attempt")
        # From here on nothing is refused any more.
        before = self.attempt
        back = (own or (alone and not metrics)) and not rank and number < self._last_step
        starts = self._starts(said, event, back and self._steps_back_resume)
        if self.attempt > before:
            self._last_step = -1
        if not rank and (own or alone or metrics.keys() - {"epoch"}):
            self._last_step = max(self._last_step, number)
        if names and names != self.layers:
            self.layers, starts = names, True
        if starts:
            self._seen = True
            threshold = values["clip_threshold"]
            yield RunStarted(
                layer_names=self.layers,
                clip_mode=ClipMode.UNKNOWN if threshold is None else ClipMode.GLOBAL_NORM,
                clip_threshold=threshold,
            )
        if own or metrics:
            yield step
        if evaluates:
            yield EvaluationCompleted(eval_loss, eval_metrics)
        if event == "checkpoint":
            yield CheckpointSaved()
        elif event == "heartbeat":
            yield Heartbeat()
        elif event in RunOutcome.__members__:
            yield RunEnded(RunOutcome[event])

    def _starts(self, said: int | None, event: str, goes_back: bool) -> bool:
        first = not self._seen
        if said is not None:
            if said > self.attempt:
                self.attempt, first = said, True
        elif (event == "resume" and not first) or goes_back:
            self.attempt += 1
            first = True
        return first or event in ("start", "resume")


def _layers(row: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    names = [str(name) for name in _of(list, row, "layer_names")]
    arrays: dict[str, Any] = {}
    for field, prefix in _LAYER_ARRAYS.items():
        found = _of(list, row, field) if row.get(field) is not None else None
        if found is None:
            columns = {name[len(prefix) :]: value for name, value in row.items() if name.startswith(prefix)}
            found = list(columns.values()) or None
            names = names or list(columns)
        if found is None or any(value is None for value in found):
            continue
        if names and len(found) != len(names):
            raise RowFormatError(f"{field} has {len(found)} values; allowed: {len(names)}, one for each layer named")
        arrays[field] = array("f", [_float(field, value) for value in found])
    return names, arrays


def _metrics(row: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    steps: dict[str, float] = {}
    evaluations: dict[str, float] = {}
    known = {*_ENVELOPE, *_STEP_NUMBERS, *_LAYER_ARRAYS, "update_skipped", "eval_loss"}
    for name, value in [*row.items(), *_of(dict, row, "metrics").items()]:
        if name in known or name.startswith(tuple(_LAYER_ARRAYS.values())) or isinstance(value, (dict, list)):
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue  # a remark for people
        prefix = next((p for p in ("eval_", "val_") if name.startswith(p)), None)
        if prefix:
            evaluations[name[len(prefix) :]] = number
        else:
            steps[name] = number
    return steps, evaluations


def _of(kind: type[Any], row: Mapping[str, Any], name: str) -> Any:
    """The list or the object of that name; an empty one where there is none."""
    value = row.get(name)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        allowed = "a list" if kind is list else "an object"
        raise RowFormatError(f"{name} is {value!r}; allowed: {allowed}")
    return value


def _integer(row: Mapping[str, Any], name: str) -> int | None:
    number = _number(row, name)
    if number is None:
        return None
    if not 0 <= number <= 1 << 53 or number != int(number):
        raise RowFormatError(f"{name} is {row[name]!r}; allowed: an integer from 0 to 2^53")
    return int(number)


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None or value == "" else _float(name, value)


def _float(name: str, value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise RowFormatError(f"{name} is {value!r}; allowed: a number, NaN, an infinity or nothing") from None
