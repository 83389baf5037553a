"""The tracker in Accelerate's own Accelerator."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
accelerate = pytest.importorskip("accelerate")

import gradwatch.torch  # noqa: E402
from gradwatch import Publisher  # noqa: E402
from gradwatch.accelerate import GradwatchTracker  # noqa: E402

STEPS = 4


@pytest.fixture(autouse=True)
def _as_a_user() -> Iterator[None]:
    """Its own warnings are none of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def train(accelerator: Any, told: list[dict[str, float]] | None = None, watch: Path | None = None) -> list[Any]:
    """A few steps that log what they take; their weights in the end."""
    torch.manual_seed(3)
    model = torch.nn.Sequential(torch.nn.Linear(5, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model, optimizer = accelerator.prepare(model, optimizer)
    seen = gradwatch.torch.watch(model, optimizer, local=watch) if watch else None
    x = torch.randn(8, 5)
    for step in range(STEPS):
        loss = ((model(x) - x.sum(1, keepdim=True)) ** 2).mean()
        accelerator.backward(seen.loss(loss) if seen else loss)
        norm = accelerator.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        optimizer.zero_grad()
        if told is not None:
            told.append({"loss": loss.item(), "grad_norm": float(norm)})
        accelerator.log({"train_loss": loss.detach(), "grad_norm": norm, "lr": 0.1, "note": "fine"}, step=step)
    if seen:
        seen.close()
    return [parameter.detach().clone() for parameter in model.parameters()]


def accelerator(tracker: Any = None, **config: Any) -> Any:
    made = accelerate.Accelerator(log_with=tracker, cpu=True)
    if tracker is not None:
        made.init_trackers("any", config=config or None)
    return made


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def steps(path: Path) -> list[dict[str, Any]]:
    return [row for row in rows(path) if "loss" in row]


def events(path: Path) -> list[tuple[str, int, int]]:
    return [(row["event"], row["attempt"], row["step"]) for row in rows(path) if "event" in row]


def test_tells_what_is_logged_under_the_steps_own_names(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    logging = accelerator(GradwatchTracker("bert-7", local=path))
    expected: list[dict[str, float]] = []
    train(logging, expected)
    logging.end_training()
    assert [{name: row[name] for name in ("loss", "grad_norm")} for row in steps(path)] == [
        pytest.approx(one) for one in expected
    ]
    assert {(row["run"], row["learning_rate"], "metrics" in row) for row in steps(path)} == {("bert-7", 0.1, False)}
    assert [row["step"] for row in steps(path)] == [0, 1, 2, 3]
    assert events(path) == [("start", 0, 0), ("completed", 0, 3)]


def test_names_of_training_evaluation_and_others_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    logging = accelerator(GradwatchTracker(local=path))
    logging.log({"train/loss": 2.0, "train/lr": 0.5, "reward": 3.0, "epoch": 1, "done": True}, step=7)
    logging.log({"eval_loss": 4.0, "eval/accuracy": 0.25}, step=7)
    logging.end_training()
    _, step, evaluation, _ = rows(path)
    assert {name: step[name] for name in ("step", "loss", "learning_rate", "metrics")} == {
        "step": 7, "loss": 2.0, "learning_rate": 0.5, "metrics": {"reward": 3.0},
    }  # fmt: skip
    assert {name: value for name, value in evaluation.items() if name.startswith(("step", "eval"))} == {
        "step": 7, "eval_loss": 4.0, "eval_accuracy": 0.25,
    }  # fmt: skip


def test_values_that_are_logged_apart_are_one_step(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    logging = accelerator(GradwatchTracker(local=path))
    for step in (3, 4):
        logging.log({"lr": 0.5}, step=step)
        logging.log({"loss": 2.0}, step=step)
    logging.end_training()
    assert [(row["step"], row["loss"], row["learning_rate"]) for row in steps(path)] == [(3, 2.0, 0.5), (4, 2.0, 0.5)]
    assert len(rows(path)) == 4


def test_steps_that_nobody_numbers_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    logging = accelerator(GradwatchTracker(local=path))
    for loss in (2.0, math.nan, 1.0):
        logging.log({"loss": loss})
    logging.log({"val_loss": 4.0})
    logging.end_training()
    assert [row["step"] for row in steps(path)] == [0, 1, 2]
    assert math.isnan(float(steps(path)[1]["loss"]))
    assert [row["step"] for row in rows(path) if "eval_loss" in row] == [2]


def test_tells_what_the_training_is_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(Publisher, "started", lambda _self, step=0, **said: told.append(said | {"step": step}))
    tracker = GradwatchTracker(local=tmp_path / "run.jsonl", owner="ana", tags={"shard": "3"})
    accelerator(tracker, max_train_steps=100, max_grad_norm=0.5, model="bert").log({"loss": 1.0}, step=5)
    (said,) = told
    assert (said["step"], said["planned_steps"], said["clip_threshold"], said["owner"]) == (5, 100, 0.5, "ana")
    assert said["framework"] == f"accelerate {accelerate.__version__}"
    assert said["tags"] == {"max_train_steps": "100", "max_grad_norm": "0.5", "model": "bert", "shard": "3"}


def test_a_training_that_loads_its_state_is_the_runs_next_attempt(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "run.jsonl", tmp_path / "other.jsonl"
    for file in (path, elsewhere):
        tracker = GradwatchTracker(local=file)
        logging = accelerator(tracker)
        logging.register_for_checkpointing(tracker)
        if file is elsewhere:
            logging.load_state(str(tmp_path / "saved"))
        logging.log({"loss": 1.0})
        logging.log({"loss": 2.0})
        logging.save_state(str(tmp_path / "saved"))
        logging.end_training()
    told = [(row["run"], row["attempt"], row["step"]) for row in steps(path) + steps(elsewhere)]
    assert told == [("run", 0, 0), ("run", 0, 1), ("run", 1, 2), ("run", 1, 3)]


def test_an_end_in_an_exception_is_a_failure(tmp_path: Path) -> None:
    def fails(logging: Any) -> None:
        try:
            logging.log({"loss": 1.0})
            raise RuntimeError("the node is gone")
        finally:
            logging.end_training()

    path = tmp_path / "run.jsonl"
    with pytest.raises(RuntimeError, match="the node is gone"):
        fails(accelerator(GradwatchTracker(local=path)))
    assert events(path) == [("start", 0, 0), ("failed", 0, 0)]


def test_a_watch_takes_what_accelerate_has_prepared(tmp_path: Path) -> None:
    expected: list[dict[str, float]] = []
    train(accelerator(), expected, tmp_path / "run.jsonl")
    told = steps(tmp_path / "run.jsonl")
    assert [{name: row[name] for name in ("loss", "grad_norm")} for row in told] == [
        pytest.approx(one, rel=1e-5) for one in expected
    ]
    assert {row["clip_threshold"] for row in told} == {0.5}
    assert all(len(row["layer_grad_norms"]) == 1 for row in told)


def test_settings_that_cannot_be_used_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="run id is"):
        GradwatchTracker("  ")


@pytest.mark.parametrize("name", ["__init__", "started", "step", "publish", "ended", "close"])
def test_nothing_that_goes_wrong_in_it_reaches_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    without = train(accelerator())
    tracker = GradwatchTracker(local=tmp_path / "run.jsonl")
    broken: list[str] = []

    def breaks(*_: Any, **__: Any) -> Any:
        broken.append(name)
        raise OSError("no more")

    monkeypatch.setattr(Publisher, name, breaks)
    logging = accelerator(tracker)
    with_it = train(logging)
    logging.end_training()
    assert broken
    assert all(torch.equal(a, b) for a, b in zip(without, with_it, strict=True))
