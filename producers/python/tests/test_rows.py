"""JSON lines: what is written can be read, as Java's readers do."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

import samples
from gradwatch import NormStage, Publisher, RunOutcome, StepCompleted, TrainingEvent, wire
from gradwatch.events import AdviceApplied, EvaluationCompleted, Heartbeat, RunEnded, RunStarted
from gradwatch.rows import RowFormatError, RowReader, RowWriter
from publishing import AMPLE, HeldSink, publishing


def read(*lines: str, run_id: str = "run") -> list[TrainingEvent]:
    reader = RowReader(run_id, lambda: 7)
    return [event for line in lines for event in reader.events(line)]


def tell(publisher: Publisher) -> None:
    publisher.started(layers=["a", "b.weight"])
    publisher.step(
        0, loss=math.nan, grad_norm=math.inf, learning_rate=1e-4, clip_threshold=1.0, loss_scale=65536,
        update_skipped=True, nonfinite_count=2, batch_size=32, grad_abs_max=0.5, layer_grad_norms=[0.1, 3e38],
        layer_weight_norms=[1, 2], layer_update_norms=[math.nan, 0], layer_zero_fractions=[0, 1],
        metrics={"accuracy": 0.5, "router load": -math.inf},
    )  # fmt: skip
    publisher.step(1)
    publisher.evaluation(1, 0.25, {"bleu": 30})
    publisher.checkpoint(1, "s3://bucket/c")
    publisher.heartbeat(2)
    publisher.ended(3, RunOutcome.PREEMPTED)


def test_a_local_file_holds_what_goes_to_kafka(tmp_path: Path) -> None:
    local = tmp_path / "run.jsonl"
    publisher = Publisher("run", local=local, attempt=2, rank=0, handle_sigterm=False)
    tell(publisher)
    publisher.close(AMPLE)
    other, sink = publishing(attempt=2, rank=0)
    tell(other)
    other.close(AMPLE)

    published = sink.read()
    written = [_decoded(event) for event in read(*local.read_text("utf-8").splitlines())]
    # What a row has no form for: an empty step, the rest of the start, where the checkpoint is.
    published = [event for event in published if _told(event["body"])]
    for event in published:
        if "uri" in event["body"]:
            event["body"]["uri"] = ""
        if "layer_names" in event["body"]:
            event["body"] |= {"tags": {}, "clip_mode": "UNKNOWN", "clip_threshold": None}
    assert [_same(event) for event in written] == [_same(event) for event in published]


def _decoded(event: TrainingEvent) -> dict[str, Any]:
    return wire.codec("TrainingEvent").decode(wire.encode_event(event))


def _told(body: dict[str, Any]) -> bool:
    return not ("grad_norm" in body and all(value in (None, {}) for value in body.values()))


def _same(event: dict[str, Any]) -> str:
    return repr({name: value for name, value in event.items() if name != "emitted_at"})


def test_times_and_ranks_are_kept() -> None:
    line = RowWriter().line(TrainingEvent("r", 3, 1 << 53, 1_800_000_000_000, 5, StepCompleted(loss=1.0)))

    assert json.loads(line) == {
        "run": "r", "step": 1 << 53, "attempt": 3, "rank": 5, "emitted_at": 1_800_000_000_000, "loss": 1.0,
    }  # fmt: skip
    assert line.endswith("}\n")


@pytest.mark.parametrize("name", samples.of_python())
def test_what_a_row_has_no_form_for_is_left_out(name: str) -> None:
    event = samples.of_python()[name]

    line = RowWriter().line(event)

    assert "histogram" not in line
    assert (line == "") == isinstance(event.body, AdviceApplied)


def test_a_line_tells_a_step() -> None:
    [started, step] = read('{"step": 3, "loss": 1.5, "grad_norm": "NaN", "acc": 0.5, "note": "x", "lr": null}')

    assert started.body == RunStarted(layer_names=[])
    assert (step.run_id, step.step, step.attempt, step.emitted_at, step.rank) == ("run", 3, 0, 7, None)
    assert isinstance(step.body, StepCompleted)
    assert step.body.loss == 1.5
    assert math.isnan(step.body.grad_norm)  # type: ignore[arg-type]
    assert step.body.learning_rate is None
    assert step.body.metrics == {"acc": 0.5}


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ({"nonfinite_grads": 3}, "nonfinite_count", 3),
        ({"global_batch_size": 8}, "batch_size", 8),
        ({"skipped": 1}, "update_skipped", True),
        ({"update_skipped": False}, "update_skipped", False),
        ({"loss": "Infinity"}, "loss", math.inf),
        ({"loss": 1e400}, "loss", math.inf),
        ({"loss": ""}, "loss", None),
    ],
    ids=str,
)
def test_a_field_has_several_names_and_forms(row: dict[str, Any], field: str, value: object) -> None:
    step = read(json.dumps({"step": 1, "x": 0} | row))[-1]

    assert getattr(step.body, field) == value


def test_layers_come_as_columns_or_as_arrays() -> None:
    columns = read('{"step": 0, "grad_norm/a": 1, "grad_norm/b": 2, "weight_norm/a": 3, "weight_norm/b": 4}')
    arrays = read('{"step": 0, "layer_names": ["a", "b"], "layer_grad_norms": [1, 2], "layer_weight_norms": [3, 4]}')

    assert [event.body for event in columns] == [event.body for event in arrays]
    assert isinstance(columns[0].body, RunStarted)
    assert columns[0].body.layer_names == ["a", "b"]


def test_a_higher_attempt_or_a_resume_starts_anew() -> None:
    events = read(
        '{"step": 5, "loss": 1}', '{"step": 3, "loss": 1, "attempt": 2}', '{"step": 2, "event": "resume", "loss": 1}'
    )

    assert [(event.attempt, type(event.body)) for event in events] == [
        (attempt, body) for attempt in (0, 2, 3) for body in (RunStarted, StepCompleted)
    ]


def attempts(*lines: str) -> list[int]:
    reader = RowReader("run", steps_back_resume=True)
    return [event.attempt for line in lines for event in reader.events(line) if isinstance(event.body, RunStarted)]


@pytest.mark.parametrize(
    ("line", "started"),
    [
        ('{"step": 4, "loss": 1}', [0, 1]),
        ('{"step": 4}', [0, 1]),
        ('{"step": 4, "loss": 1, "event": "start"}', [0, 1]),
        ('{"step": 4, "loss": 1, "event": "resume"}', [0, 1]),
        ('{"step": 5, "loss": 1}', [0]),
        ('{"step": 6, "loss": 1}', [0]),
        ('{"step": 4, "loss": 1, "attempt": 0}', [0]),
        ('{"step": 4, "loss": 1, "attempt": 7}', [0, 7]),
        ('{"step": 4, "loss": 1, "rank": 1}', [0]),
        ('{"step": 4, "loss": 1, "rank": 0}', [0, 1]),
        ('{"step": 4, "acc": 1}', [0]),
        ('{"step": 4, "epoch": 1, "eval_loss": 1}', [0]),
        ('{"step": 4, "event": "checkpoint"}', [0]),
    ],
)
def test_a_step_that_goes_back_is_the_next_attempt_where_none_is_said(line: str, started: list[int]) -> None:
    assert attempts('{"step": 5, "loss": 1}', line) == started


def test_steps_of_other_ranks_evaluations_and_events_move_no_run() -> None:
    ahead = ('{"step": 9, "loss": 1, "rank": 1}', '{"step": 9, "eval_loss": 1}', '{"step": 9, "event": "checkpoint"}')

    assert attempts('{"step": 5, "loss": 1}', *ahead, '{"step": 6, "loss": 1}') == [0]


def test_a_run_that_goes_back_twice_has_three_attempts_and_a_late_row_moves_nothing() -> None:
    steps = [f'{{"step": {step}, "loss": 1}}' for step in (1, 5, 3, 4, 2, 3, 4)]

    assert attempts(*steps) == [0, 1, 2]
    assert attempts(steps[1], '{"step": 3, "acc": 1}', steps[3]) == [0, 1]


def test_a_row_that_is_refused_begins_no_attempt() -> None:
    reader = RowReader("run", steps_back_resume=True)
    list(reader.events('{"step": 5, "loss": 1}'))
    for broken in ('{"step": 4, "loss": "x"}', '{"step": 4, "loss": 1, "metrics": 1}', '{"step": 4, "eval_loss": []}'):
        with pytest.raises(RowFormatError):
            list(reader.events(broken))

    assert [type(event.body) for event in reader.events('{"step": 4, "loss": 1}')] == [RunStarted, StepCompleted]


def test_evaluations_and_ends_have_rows() -> None:
    events = read(
        '{"step": 0, "val_loss": 0.5, "eval_bleu": 3}', '{"step": 1, "event": "heartbeat"}',
        '{"step": 1, "event": "FAILED"}', '{"step": 2, "event": "end"}', '{"step": 2, "event": "lunch"}',
    )  # fmt: skip

    assert [event.body for event in events[1:]] == [
        EvaluationCompleted(0.5, {"bleu": 3.0}), Heartbeat(), RunEnded(RunOutcome.FAILED), RunEnded(),
    ]  # fmt: skip


def test_runs_are_told_apart_and_rank_0_speaks_for_its_run() -> None:
    events = read('{"run": "a", "step": 0, "rank": 3, "loss": 1}', '{"run_id": "b", "step": 0, "loss": 1}')

    assert [(event.run_id, event.rank) for event in events] == [("a", 0), ("a", 3), ("b", None), ("b", None)]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "allowed: a JSON object a line"),
        ("[1]", "allowed: a JSON object a line"),
        ('{"step": 1', "allowed: a JSON object a line"),
        ('{"loss": 1}', "no field 'step'"),
        ('{"step": -1}', "step is -1; allowed: an integer from 0 to 2"),
        ('{"step": 1.5}', "step is 1.5; allowed"),
        ('{"step": "NaN"}', "step is 'NaN'; allowed"),
        ('{"step": NaN}', "step is nan; allowed"),
        ('{"step": Infinity}', "step is inf; allowed"),
        ('{"step": 1, "loss": "high"}', "loss is 'high'; allowed: a number, NaN, an infinity or nothing"),
        ('{"step": 1, "loss": [1]}', r"loss is \[1\]; allowed"),
        ('{"step": 1, "loss": {}}', "loss is {}; allowed"),
        ('{"step": 1, "val_loss": 1, "eval_loss": 2}', "a value stands under two of its names"),
        ('{"step": 1, "layer_names": ["a"], "layer_grad_norms": [1, 2]}', "has 2 values; allowed: 1, one for each"),
        ('{"step": 1, "layer_grad_norms": 3}', "layer_grad_norms is 3; allowed"),
        ('{"step": 1, "layer_names": 3}', "layer_names is 3; allowed"),
        ('{"step": 1, "metrics": [1]}', r"metrics is \[1\]; allowed"),
        ('{"step": 1, "layer_grad_norms": ["a"]}', "layer_grad_norms is 'a'; allowed"),
        ('{"step": 1, "loss": ' + "9" * 5_000 + "}", "allowed"),
        ("[" * 100_000, "allowed"),
    ],
    ids=lambda text: text[:50],
)
def test_a_line_that_is_none_is_told_with_what_is_allowed(line: str, complaint: str) -> None:
    with pytest.raises(RowFormatError, match=complaint):
        read(line)


def test_a_start_of_norms_after_clipping_is_published_as_such() -> None:
    publisher, sink = publishing(sink=HeldSink())
    publisher.started(norm_stage=NormStage.POST_CLIP)
    publisher.close(AMPLE)

    assert sink.read()[0]["body"]["norm_stage"] == "POST_CLIP"
