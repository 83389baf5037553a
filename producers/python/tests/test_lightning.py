"""The callback in Lightning's own Trainer; what it tells is compared with the same training by hand."""

from __future__ import annotations

import contextlib
import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
    warnings.simplefilter("ignore")
    if not hasattr(torch, "_UntypedStorage"):
        # Debian's 1.13.0a0 counts as older than 1.13.0.
        patch.setattr(torch, "_UntypedStorage", torch.UntypedStorage, raising=False)
    pl = pytest.importorskip("pytorch_lightning")
    from gradwatch import Publisher
    from gradwatch._torch.watch import Watch
    from gradwatch.lightning import GradwatchCallback

CLIP = 0.05
RATE = 0.1


@pytest.fixture(autouse=True)
def _as_a_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Its own warnings are none of ours, and PyTorch 1.13 cannot load its shards with Python 3.11."""
    name = "_register_sharded_tensor_state_dict_hooks_if_available"
    if hasattr(pl.LightningModule, name):
        monkeypatch.setattr(pl.LightningModule, name, lambda _: None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Regression(pl.LightningModule):  # type: ignore[misc]
    """Two layers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.first = torch.nn.Linear(5, 7)
        self.second = torch.nn.Linear(7, 1)

    def forward(self, x: Any) -> Any:
        return self.second(torch.tanh(self.first(x)))

    def training_step(self, batch: Any, _: int) -> Any:
        x, y = batch
        return ((self(x) - y) ** 2).mean()

    def validation_step(self, batch: Any, _: int) -> None:
        x, y = batch
        self.log("val_loss", ((self(x) - y) ** 2).mean())
        self.log("val_error", (self(x) - y).abs().mean())
        self.log("other", torch.ones(()))

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), lr=RATE, momentum=0.9)


def samples() -> Any:
    torch.manual_seed(11)
    x = torch.randn(8, 5)
    return torch.utils.data.TensorDataset(x, x.sum(1, keepdim=True))


def batches(size: int = 4) -> Any:
    return torch.utils.data.DataLoader(samples(), batch_size=size)


def trainer(folder: Path, *callbacks: Any, **settings: Any) -> Any:
    """Each step takes all samples, in two micro-batches."""
    settings = {
        "max_steps": 6, "max_epochs": 100, "accumulate_grad_batches": 2, "gradient_clip_val": CLIP, "logger": False,
        "enable_progress_bar": False, "enable_model_summary": False, "enable_checkpointing": False,
        "accelerator": "cpu", "default_root_dir": str(folder), "log_every_n_steps": 1, "limit_val_batches": 0,
    } | settings  # fmt: skip
    return pl.Trainer(callbacks=list(callbacks), **settings)


def saves_every(count: int, folder: Path) -> Any:
    return pl.callbacks.ModelCheckpoint(folder, "{step}", every_n_train_steps=count, save_top_k=-1)


def by_hand(steps: int) -> tuple[list[float], list[list[float]]]:
    """Losses, and norms of both layers before clipping, of the same training in a loop of our own."""
    model = Regression()
    x, y = samples().tensors
    optimizer = model.configure_optimizers()
    losses, norms = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
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


def test_tells_each_step_as_it_is_before_clipping(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback("bert-7", local=path)).fit(Regression(), batches())
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


def test_tells_norms_before_a_module_clips_by_its_own_means(tmp_path: Path) -> None:
    class Own(Regression):
        def configure_gradient_clipping(self, *_: Any, **__: Any) -> None:
            norm = math.sqrt(sum(float(p.grad.double().pow(2).sum()) for p in self.parameters()))
            for p in self.parameters():
                p.grad.mul_(CLIP / norm)

    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback(local=path)).fit(Own(), batches())
    assert [row["layer_grad_norms"] for row in steps(path)] == [pytest.approx(n, rel=1e-4) for n in by_hand(6)[1]]


def test_tells_what_a_step_did_to_the_weights(tmp_path: Path) -> None:
    model, before = Regression(), Regression()
    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback(local=path, details_every=1), max_steps=1).fit(model, batches())
    moved = [
        math.hypot(float((new.weight - old.weight).double().norm()), float((new.bias - old.bias).double().norm()))
        for new, old in ((model.first, before.first), (model.second, before.second))
    ]
    (told,) = steps(path)
    assert min(moved) > 0
    assert told["layer_update_norms"] == pytest.approx(moved, rel=1e-3)


def test_tells_what_the_trainer_is_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(Publisher, "started", lambda _self, step=0, **said: told.append(said | {"step": step}))
    callback = GradwatchCallback(local=tmp_path / "run.jsonl", owner="ana", tags={"shard": "3"})
    trainer(tmp_path, callback).fit(Regression(), batches())
    (said,) = told
    assert (said["step"], said["planned_steps"], said["clip_threshold"]) == (0, 6, CLIP)
    assert said["framework"].startswith(f"lightning {pl.__version__} (pytorch ")
    assert (said["owner"], said["tags"]) == ("ana", {"shard": "3"})


def test_a_step_of_fewer_batches_tells_their_mean_loss(tmp_path: Path) -> None:
    heard: list[float] = []

    class Hears(Regression):
        def training_step(self, batch: Any, index: int) -> Any:
            loss = super().training_step(batch, index)
            heard.append(loss.item())
            return loss

    path = tmp_path / "run.jsonl"
    trainer(tmp_path, GradwatchCallback(local=path), max_steps=2).fit(Hears(), batches(3))  # 3, 3 and 2 samples
    assert [row["loss"] for row in steps(path)] == pytest.approx([(heard[0] + heard[1]) / 2, heard[2]], rel=1e-6)


def test_validations_and_checkpoints_are_told_at_the_step_they_follow(tmp_path: Path) -> None:
    seen: list[float] = []

    class Sees(pl.Callback):  # type: ignore[misc]
        def on_validation_end(self, trainer: Any, _: Any) -> None:
            if not trainer.sanity_checking:
                seen.append(float(trainer.callback_metrics["val_loss"]))

    path = tmp_path / "run.jsonl"
    callbacks = [GradwatchCallback(local=path), Sees(), saves_every(3, tmp_path / "saved")]
    run = trainer(tmp_path, *callbacks, limit_val_batches=2, check_val_every_n_epoch=2, enable_checkpointing=True)
    run.fit(Regression(), batches(), batches())
    told = [row for row in rows(path) if "eval_loss" in row]
    assert [(row["step"], row["eval_loss"]) for row in told] == list(zip([1, 3, 5], seen, strict=True))
    assert {name for row in told for name in row if name.startswith("eval")} == {"eval_loss", "eval_error"}
    assert [e for e in events(path) if e[0] == "checkpoint"] == [("checkpoint", 0, 2), ("checkpoint", 0, 5)]


def test_a_checkpoint_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(Publisher, "checkpoint", lambda _self, step, uri="": told.append((step, uri)))
    callbacks = [GradwatchCallback(local=tmp_path / "run.jsonl"), saves_every(3, tmp_path / "saved")]
    trainer(tmp_path, *callbacks, enable_checkpointing=True).fit(Regression(), batches())
    assert told == [(2, str(tmp_path / "saved/step=3.ckpt")), (5, str(tmp_path / "saved/step=6.ckpt"))]


class Fails(pl.Callback):  # type: ignore[misc]
    def __init__(self, step: int, error: BaseException) -> None:
        super().__init__()
        self._step = step
        self._error = error

    def on_train_batch_end(self, trainer: Any, *_: Any) -> None:
        if trainer.global_step == self._step:
            raise self._error


def test_a_resumed_training_is_the_runs_next_attempt(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    saved = tmp_path / "saved/step=3.ckpt"
    for _ in range(2):  # the second time from the same checkpoint
        callbacks = [
            GradwatchCallback(local=path), Fails(5, RuntimeError("the node is gone")), saves_every(3, saved.parent)
        ]  # fmt: skip
        run = trainer(tmp_path, *callbacks, enable_checkpointing=True, accumulate_grad_batches=1)
        with pytest.raises(RuntimeError, match="the node is gone"):
            run.fit(Regression(), batches(8), ckpt_path=str(saved) if saved.exists() else None)
    elsewhere = tmp_path / "other.jsonl"
    run = trainer(tmp_path, GradwatchCallback(local=elsewhere), accumulate_grad_batches=1)
    run.fit(Regression(), batches(8), ckpt_path=str(saved))
    told = steps(path) + steps(elsewhere)
    assert [(row["attempt"], row["step"]) for row in told] == [
        (0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 3), (1, 4), (2, 3), (2, 4), (2, 5),
    ]  # fmt: skip
    assert {row["run"] for row in told} == {"run"}
    assert [e for e in events(path) + events(elsewhere) if e[0] != "checkpoint"] == [
        ("start", 0, 0), ("failed", 0, 4), ("start", 1, 3), ("failed", 1, 4), ("start", 2, 3), ("completed", 2, 5),
    ]  # fmt: skip
    losses, _ = by_hand(6)
    assert [row["loss"] for row in told[-3:]] == pytest.approx(losses[3:], rel=1e-4)


def test_a_training_that_is_interrupted_is_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    run = trainer(tmp_path, GradwatchCallback(local=path), Fails(2, KeyboardInterrupt()))
    with contextlib.suppress(SystemExit):  # newer versions exit
        run.fit(Regression(), batches())
    assert events(path) == [("start", 0, 0), ("cancelled", 0, 1)]


def test_with_two_optimizers_a_step_is_one_of_the_first(tmp_path: Path) -> None:
    losses: list[float] = []
    norms: list[float] = []

    class Two(Regression):
        automatic_optimization = False

        def configure_optimizers(self) -> Any:
            return [torch.optim.SGD(layer.parameters(), lr=RATE) for layer in (self.first, self.second)]

        def training_step(self, batch: Any, index: int) -> None:
            loss = super().training_step(batch, index)
            losses.append(loss.item())
            one, two = self.optimizers()
            one.zero_grad()
            two.zero_grad()
            self.manual_backward(loss)
            norms.append(math.sqrt(sum(float(p.grad.double().pow(2).sum()) for p in self.parameters())))
            one.step()
            two.step()

    path = tmp_path / "run.jsonl"
    settings = {"accumulate_grad_batches": 1, "gradient_clip_val": None}
    trainer(tmp_path, GradwatchCallback(local=path), **settings).fit(Two(), batches())
    assert len(losses) == 3  # max_steps counts both optimizers' steps
    assert [row["loss"] for row in steps(path)] == pytest.approx(losses, rel=1e-6)
    assert [row["grad_norm"] for row in steps(path)] == pytest.approx(norms, rel=1e-5)
    assert [row["step"] for row in steps(path)] == [0, 1, 2]


def test_other_ranks_publish_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.jsonl"
    monkeypatch.setattr(pl.Trainer, "global_rank", property(lambda _: 1))
    monkeypatch.setattr(pl.Trainer, "world_size", property(lambda _: 2))
    run = trainer(tmp_path, GradwatchCallback(local=path), max_steps=1)
    run.fit(Regression(), batches())
    assert run.global_step == 1
    assert not path.exists()


def test_settings_that_cannot_be_used_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="run id is"):
        GradwatchCallback("  ")


def weights_after(folder: Path, *callbacks: Any) -> list[Any]:
    model = Regression()
    callbacks = (*callbacks, saves_every(3, folder))
    trainer(folder, *callbacks, limit_val_batches=2, enable_checkpointing=True).fit(model, batches(), batches())
    return [parameter.detach().clone() for parameter in model.parameters()]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Publisher, "__init__"), (Publisher, "started"), (Publisher, "publish"), (Publisher, "evaluation"),
        (Publisher, "checkpoint"), (Publisher, "ended"), (Publisher, "close"), (Watch, "__init__"),
        (Watch, "close"), (Watch, "loss"), (Watch, "gradients"), (Watch, "_take_gradients"), (Watch, "_tell"),
    ],
)  # fmt: skip
def test_nothing_that_goes_wrong_in_it_reaches_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any, name: str
) -> None:
    without = weights_after(tmp_path / "a")
    callback = GradwatchCallback(local=tmp_path / "run.jsonl")
    broken: list[str] = []

    def breaks(*_: Any, **__: Any) -> Any:
        broken.append(name)
        raise OSError("no more")

    monkeypatch.setattr(kind, name, breaks)
    with_it = weights_after(tmp_path / "b", callback)
    assert broken
    assert all(torch.equal(a, b) for a, b in zip(without, with_it, strict=True))
