"""The callback in Hugging Face's own Trainer; what it tells is compared with the same training by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from gradwatch import Publisher  # noqa: E402
from gradwatch._torch.watch import Watch  # noqa: E402
from gradwatch.transformers import GradwatchCallback  # noqa: E402

CLIP = 0.05
RATE = 0.1


@pytest.fixture(autouse=True)
def _as_a_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Its own warnings are none of ours."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Regression(torch.nn.Module):  # type: ignore[misc]
    """Two layers; its output holds the loss, as those of Hugging Face's models do."""

    def __init__(self, with_loss: bool = True) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.first = torch.nn.Linear(5, 7)
        self.second = torch.nn.Linear(7, 1)
        self._with_loss = with_loss

    def forward(self, x: Any, labels: Any = None) -> dict[str, Any]:
        guess = self.second(torch.tanh(self.first(x)))
        if not self._with_loss:
            return {"logits": guess}
        return {"loss": ((guess - labels) ** 2).mean(), "logits": guess}


def samples(count: int = 8) -> list[dict[str, Any]]:
    torch.manual_seed(11)
    x = torch.randn(count, 5)
    return [{"x": row, "labels": row.sum().reshape(1)} for row in x]


def arguments(folder: Path, **settings: Any) -> Any:
    """Each step takes all samples, in two micro-batches: whatever their order, it is the same step."""
    settings = {
        "output_dir": str(folder / "out"), "max_steps": 6, "per_device_train_batch_size": 4,
        "gradient_accumulation_steps": 2, "max_grad_norm": CLIP, "learning_rate": RATE, "logging_steps": 2,
        "lr_scheduler_type": "constant", "save_strategy": "no", "report_to": [], "disable_tqdm": True,
        "use_cpu": True, "label_names": ["labels"],
    } | settings  # fmt: skip
    return transformers.TrainingArguments(**settings)


class Sgd(transformers.Trainer):  # type: ignore[misc]
    def create_optimizer(self, *_: Any) -> Any:
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=RATE, momentum=0.9)
        return self.optimizer


def trainer(folder: Path, *callbacks: Any, model: Any = None, kind: Any = Sgd, **settings: Any) -> Any:
    return kind(
        model=model or Regression(),
        args=arguments(folder, **settings),
        train_dataset=samples(),
        eval_dataset=samples(),
        callbacks=list(callbacks),
    )


def by_hand(steps: int) -> tuple[list[float], list[list[float]]]:
    """Losses, and norms of both layers before clipping, of the same training in a loop of our own."""
    model, data = Regression(), samples()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, momentum=0.9)
    x, labels = torch.stack([d["x"] for d in data]), torch.stack([d["labels"] for d in data])
    losses, norms = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = model(x, labels)["loss"]
        loss.backward()
        losses.append(loss.item())
        norms.append([
            math.sqrt(sum(float(p.grad.double().pow(2).sum()) for p in layer.parameters()))
            for layer in (model.first, model.second)
        ])  # fmt: skip
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
    return losses, norms


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def steps(path: Path) -> list[dict[str, Any]]:
    return [row for row in rows(path) if "grad_norm" in row]


def events(path: Path) -> list[tuple[str, int, int]]:
    return [(row["event"], row["attempt"], row["step"]) for row in rows(path) if "event" in row]


def test_tells_each_step_as_it_is_before_clipping_and_whatever_is_logged(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback("bert-7", local=path)).train()
    losses, norms = by_hand(6)
    told = steps(path)
    assert [row["step"] for row in told] == [0, 1, 2, 3, 4, 5]
    assert {row["run"] for row in told} == {"bert-7"}
    assert min(math.hypot(*step) for step in norms) > 2 * CLIP
    for row, loss, expected in zip(told, losses, norms, strict=True):
        assert row["loss"] == pytest.approx(loss, rel=1e-4)
        assert row["layer_grad_norms"] == pytest.approx(expected, rel=1e-4)
        assert row["grad_norm"] == pytest.approx(math.hypot(*expected), rel=1e-4)
        assert (row["clip_threshold"], row["learning_rate"]) == (CLIP, RATE)
    assert rows(path)[0]["layer_names"] == ["first", "second"]
    assert events(path) == [("start", 0, 0), ("completed", 0, 5)]


def test_tells_what_the_trainer_is_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(Publisher, "started", lambda _self, step=0, **said: told.append(said | {"step": step}))
    callback = GradwatchCallback(local=tmp_path / "run.jsonl", owner="ana", tags={"shard": "3"})
    trainer(tmp_path, callback).train()
    (said,) = told
    assert (said["step"], said["planned_steps"], said["clip_threshold"]) == (0, 6, CLIP)
    assert said["framework"].startswith(f"transformers {transformers.__version__} (pytorch ")
    assert (said["owner"], said["tags"]) == ("ana", {"shard": "3"})


def test_a_loss_that_the_trainer_computes_itself_is_told(tmp_path: Path) -> None:
    class Own(Sgd):
        def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> Any:
            guess = model(inputs["x"])["logits"]
            return ((guess - inputs["labels"]) ** 2).mean()

    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback(local=path), model=Regression(with_loss=False), kind=Own).train()
    assert [row["loss"] for row in steps(path)] == pytest.approx(by_hand(6)[0], rel=1e-4)


def test_a_callback_that_joins_later_hears_the_same(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    later = trainer(tmp_path)
    later.add_callback(GradwatchCallback(local=path))
    later.train()
    assert [row["loss"] for row in steps(path)] == pytest.approx(by_hand(6)[0], rel=1e-4)


def test_a_loss_that_is_nan_is_told_although_the_trainer_hides_it(tmp_path: Path) -> None:
    class Broken(Regression):
        calls = 0

        def forward(self, x: Any, labels: Any = None) -> dict[str, Any]:
            self.calls += 1
            output = super().forward(x, labels)
            return output | {"loss": output["loss"] * (math.nan if self.calls == 5 else 1.0)}

    path = tmp_path / "run.jsonl"
    run = trainer(tmp_path, GradwatchCallback(local=path), model=Broken(), logging_steps=1)
    run.train()
    assert not any(math.isnan(entry.get("loss", 0.0)) for entry in run.state.log_history[:3])
    told = steps(path)
    assert [math.isnan(float(row["loss"])) for row in told[:3]] == [False, False, True]
    assert math.isnan(float(told[2]["grad_norm"]))


def test_evaluations_and_checkpoints_are_told_at_the_step_they_follow(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    callback = GradwatchCallback(local=path)
    run = trainer(tmp_path, callback, save_strategy="steps", save_steps=3, **evaluate_every(2))
    run.train()
    expected = [(e["step"] - 1, e["eval_loss"]) for e in run.state.log_history if "eval_loss" in e]
    told = [(row["step"], row["eval_loss"]) for row in rows(path) if "eval_loss" in row]
    assert told == expected
    assert [step for step, _ in told] == [1, 3, 5]
    assert not any("eval_runtime" in row for row in rows(path))
    assert [e for e in events(path) if e[0] == "checkpoint"] == [("checkpoint", 0, 2), ("checkpoint", 0, 5)]


def evaluate_every(count: int) -> dict[str, Any]:
    names = {field.name for field in __import__("dataclasses").fields(transformers.TrainingArguments)}
    strategy = "eval_strategy" if "eval_strategy" in names else "evaluation_strategy"
    return {strategy: "steps", "eval_steps": count}


def test_what_else_is_logged_is_a_metric_of_the_next_step(tmp_path: Path) -> None:
    class Rewarded(Sgd):
        def log(self, logs: dict[str, Any], *args: Any) -> None:
            super().log(logs | {"reward": 0.5}, *args)

    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback(local=path), kind=Rewarded).train()
    assert [row.get("metrics") for row in steps(path)] == [None, None, {"reward": 0.5}, None, {"reward": 0.5}, None]


def test_a_resumed_training_is_the_runs_next_attempt(tmp_path: Path) -> None:
    class Stops(transformers.TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step == 5:
                raise RuntimeError("the node is gone")

    path = tmp_path / "run.jsonl"
    saving = {"save_strategy": "steps", "save_steps": 3}
    for _ in range(2):  # the second time from the same checkpoint
        run = trainer(tmp_path, GradwatchCallback("r", local=path), Stops(), **saving)
        with pytest.raises(RuntimeError, match="the node is gone"):
            run.train(resume_from_checkpoint=(tmp_path / "out/checkpoint-3").exists())
    trainer(tmp_path, GradwatchCallback("r", local=path), **saving).train(
        resume_from_checkpoint=str(tmp_path / "out/checkpoint-3")
    )
    assert [(row["attempt"], row["step"]) for row in steps(path)] == [
        (0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 3), (1, 4), (2, 3), (2, 4), (2, 5),
    ]  # fmt: skip
    assert [e for e in events(path) if e[0] != "checkpoint"] == [
        ("start", 0, 0), ("failed", 0, 4), ("start", 1, 3), ("failed", 1, 4), ("start", 2, 3), ("completed", 2, 5),
    ]  # fmt: skip
    losses, _ = by_hand(6)
    assert [row["loss"] for row in steps(path)[-3:]] == pytest.approx(losses[3:], rel=1e-4)


def test_a_resumed_training_that_nobody_named_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    saving = {"save_strategy": "steps", "save_steps": 3}
    trainer(tmp_path, GradwatchCallback(local=path), **saving).train()
    elsewhere = tmp_path / "other.jsonl"
    moved = tmp_path / "moved"
    (tmp_path / "out/checkpoint-3").rename(moved)
    trainer(tmp_path / "new", GradwatchCallback(local=elsewhere), **saving).train(resume_from_checkpoint=str(moved))
    assert {(row["run"], row["attempt"]) for row in steps(elsewhere)} == {("run", 1)}
    assert [row["step"] for row in steps(elsewhere)] == [3, 4, 5]


def test_a_training_that_is_interrupted_is_cancelled(tmp_path: Path) -> None:
    class Interrupted(Sgd):
        def training_step(self, *args: Any, **kwargs: Any) -> Any:
            if self.state.global_step == 2:
                raise KeyboardInterrupt
            return super().training_step(*args, **kwargs)

    path = tmp_path / "run.jsonl"
    run = trainer(tmp_path, GradwatchCallback(local=path), kind=Interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.train()
    assert events(path) == [("start", 0, 0), ("cancelled", 0, 1)]


def test_other_processes_publish_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.jsonl"
    monkeypatch.setattr(transformers.TrainingArguments, "process_index", property(lambda _: 1))
    monkeypatch.setattr(transformers.TrainingArguments, "world_size", property(lambda _: 2))
    run = trainer(tmp_path, GradwatchCallback(local=path), max_steps=1)
    run.train()
    assert run.state.global_step == 1
    assert not path.exists()


def test_settings_that_cannot_be_used_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="run id is"):
        GradwatchCallback("  ")
    with pytest.raises(ValueError, match=r"security\.protocol"):
        GradwatchCallback(bootstrap_servers="kafka.example.com:9092")


def weights_after(run: Any) -> list[Any]:
    run.train()
    return [parameter.detach().clone() for parameter in run.model.parameters()]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Publisher, "__init__"), (Publisher, "started"), (Publisher, "publish"), (Publisher, "evaluation"),
        (Publisher, "checkpoint"), (Publisher, "ended"), (Publisher, "close"), (Watch, "__init__"),
        (Watch, "close"), (Watch, "loss"), (Watch, "_take_gradients"), (Watch, "_tell"),
    ],
)  # fmt: skip
def test_nothing_that_goes_wrong_in_it_reaches_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any, name: str
) -> None:
    settings = {"save_strategy": "steps", "save_steps": 3, **evaluate_every(2)}
    without = weights_after(trainer(tmp_path / "a", **settings))
    callback = GradwatchCallback(local=tmp_path / "run.jsonl")
    broken: list[str] = []

    def breaks(*_: Any, **__: Any) -> Any:
        broken.append(name)
        raise OSError("no more")

    monkeypatch.setattr(kind, name, breaks)
    with_it = weights_after(trainer(tmp_path / "b", callback, **settings))
    assert broken
    assert all(torch.equal(a, b) for a, b in zip(without, with_it, strict=True))
