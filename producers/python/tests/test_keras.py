"""The callback in Keras' own training; what it tells is compared with losses and weights that were kept otherwise."""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    np = pytest.importorskip("numpy")
    keras = pytest.importorskip("keras", minversion="3.0")
    from gradwatch import ClipMode, Publisher
    from gradwatch import keras as gradwatch_keras
    from gradwatch.keras import GradwatchCallback

BACKEND = keras.backend.backend()
RATE = 0.1
CLIP = 0.05


@pytest.fixture(autouse=True)
def _as_a_user() -> Iterator[None]:
    """Its own warnings are none of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def samples(count: int = 8) -> tuple[Any, Any]:
    x = np.random.default_rng(11).normal(size=(count, 5)).astype("float32")
    return x, x.sum(1, keepdims=True)


def regression(rate: Any = RATE, **optimizer: Any) -> Any:
    """Two layers, the same at each call."""
    keras.utils.set_random_seed(3)
    layers = [
        keras.layers.Input((5,)), keras.layers.Dense(7, activation="tanh", name="first"),
        keras.layers.Dense(1, name="second"),
    ]  # fmt: skip
    model = keras.Sequential(layers)
    sgd = keras.optimizers.SGD(rate, momentum=0.9, global_clipnorm=CLIP, **optimizer)
    model.compile(sgd, "mse", metrics=["mae"])
    return model


def losses_one_by_one(batches: list[slice], epochs: int, **optimizer: Any) -> list[float]:
    """The loss of each batch: one that begins a mean of its own."""
    model = regression(**optimizer)
    x, y = samples()
    losses = []
    for _ in range(epochs):
        for batch in batches:
            model.reset_metrics()
            losses.append(float(model.train_on_batch(x[batch], y[batch], return_dict=True)["loss"]))
    return losses


def weights(model: Any) -> list[Any]:
    return [np.array(weight) for weight in model.get_weights()]


def norms(arrays: list[Any]) -> list[float]:
    """Of the two layers, from their kernels and biases."""
    squares = [float((array.astype("float64") ** 2).sum()) for array in arrays]
    return [math.sqrt(squares[0] + squares[1]), math.sqrt(squares[2] + squares[3])]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def steps(path: Path) -> list[dict[str, Any]]:
    return [row for row in rows(path) if "learning_rate" in row]


def events(path: Path) -> list[tuple[str, int, int]]:
    return [(row["event"], row["attempt"], row["step"]) for row in rows(path) if "event" in row]


def fit(model: Any, *callbacks: Any, batch_size: int = 3, epochs: int = 2, **settings: Any) -> Any:
    settings = {"shuffle": False, "verbose": 0} | settings
    return model.fit(*samples(), batch_size=batch_size, epochs=epochs, callbacks=list(callbacks), **settings)


def test_tells_the_loss_of_each_batch_and_not_the_epochs_mean(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    fit(regression(), GradwatchCallback("mnist", local=path))
    expected = losses_one_by_one([slice(0, 3), slice(3, 6), slice(6, 8)], 2)  # the last of an epoch is smaller
    told = steps(path)
    assert [row["step"] for row in told] == [0, 1, 2, 3, 4, 5]
    assert {row["run"] for row in told} == {"mnist"}
    assert [row["loss"] for row in told] == pytest.approx(expected, rel=1e-4)
    assert [row["learning_rate"] for row in told] == pytest.approx([RATE] * 6)
    assert {row["clip_threshold"] for row in told} == {CLIP}
    assert rows(path)[0]["layer_names"] == ["first", "second"]
    assert events(path) == [("start", 0, 0), ("completed", 0, 5)]


def test_tells_it_to_a_thousandth_of_the_mean_after_a_thousand_batches(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    model = regression(0.0)
    x, y = samples(1000)
    model.fit(x, y, batch_size=1, shuffle=False, verbose=0, callbacks=[GradwatchCallback(local=path)])
    expected = ((model.predict(x, verbose=0) - y) ** 2).reshape(-1)  # it learns nothing
    errors = np.abs(np.array([row["loss"] for row in steps(path)]) - expected)
    assert errors.max() < 1e-3 * expected.mean()


def test_a_version_that_keeps_its_sums_elsewhere_tells_it_from_the_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradwatch_keras, "_position", lambda _variable, _variables: None)
    path = tmp_path / "run.jsonl"
    fit(regression(), GradwatchCallback(local=path, details_every=0), batch_size=4)
    told = [row for row in rows(path) if "loss" in row]
    assert [row["loss"] for row in told] == pytest.approx(losses_one_by_one([slice(0, 4), slice(4, 8)], 2), rel=1e-4)


def test_tells_weights_and_what_a_step_did_to_them(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    fit(regression(), GradwatchCallback(local=path, details_every=2))
    model = regression()
    x, y = samples()
    kept = [weights(model)]
    for _ in range(2):
        for part in (slice(0, 3), slice(3, 6), slice(6, 8)):
            model.train_on_batch(x[part], y[part])
            kept.append(weights(model))
    told = steps(path)
    assert ["layer_weight_norms" in row for row in told] == [True, False, True, False, True, False]
    for step in (0, 2, 4):
        moved = norms([new - old for new, old in zip(kept[step + 1], kept[step], strict=True)])
        assert min(moved) > 0
        assert told[step]["layer_weight_norms"] == pytest.approx(norms(kept[step + 1]), rel=1e-4)
        assert told[step]["layer_update_norms"] == pytest.approx(moved, rel=1e-3)


def test_tells_gradients_before_clipping_only_where_the_backend_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    fit(regression(), GradwatchCallback(local=path), batch_size=8, epochs=1)
    (told,) = steps(path)
    if BACKEND != "torch":
        assert "grad_norm" not in told
        assert "layer_grad_norms" not in told
        return
    model = regression()
    x, y = samples()
    loss = ((model(x) - keras.ops.convert_to_tensor(y)) ** 2).mean()
    loss.backward()
    expected = norms([variable.value.grad.numpy() for variable in model.trainable_variables])
    assert told["layer_grad_norms"] == pytest.approx(expected, rel=1e-4)
    assert told["grad_norm"] == pytest.approx(math.hypot(*expected), rel=1e-4)
    assert told["grad_norm"] > CLIP


def test_accumulated_batches_are_one_step_with_their_mean_loss(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    fit(regression(gradient_accumulation_steps=2), GradwatchCallback(local=path), batch_size=4, epochs=3)
    halves = losses_one_by_one([slice(0, 4), slice(4, 8)], 3, gradient_accumulation_steps=2)
    expected = [(one + two) / 2 for one, two in zip(halves[::2], halves[1::2], strict=True)]
    assert [row["step"] for row in steps(path)] == [0, 1, 2]
    assert [row["loss"] for row in steps(path)] == pytest.approx(expected, rel=1e-3)


def test_tells_the_rate_of_a_schedule(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)
    fit(regression(schedule), GradwatchCallback(local=path), epochs=1)
    assert [row["learning_rate"] for row in steps(path)] == pytest.approx([0.1, 0.05, 0.025])


def test_tells_what_the_training_is_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(Publisher, "started", lambda _self, step=0, **said: told.append(said | {"step": step}))
    fit(regression(), GradwatchCallback(local=tmp_path / "run.jsonl", owner="ana", tags={"shard": "3"}))
    (said,) = told
    assert (said["step"], said["planned_steps"]) == (0, 6)
    assert (said["clip_mode"], said["clip_threshold"]) == (ClipMode.GLOBAL_NORM, CLIP)
    assert said["framework"] == f"keras {keras.__version__} ({BACKEND})"
    assert (said["owner"], said["tags"]) == ("ana", {"shard": "3"})


def test_validations_are_told_at_the_step_they_follow(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    history = fit(regression(), GradwatchCallback(local=path), validation_data=samples(4)).history
    told = [row for row in rows(path) if "eval_loss" in row]
    assert [row["step"] for row in told] == [2, 5]
    assert [row["eval_loss"] for row in told] == pytest.approx(history["val_loss"])
    assert [row["eval_mae"] for row in told] == pytest.approx(history["val_mae"])


def test_a_loss_that_is_nan_is_told_once_and_the_epochs_hidden_ones_are_not(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    x, y = samples()
    y[3] = math.nan
    model = regression()
    model.fit(x, y, batch_size=3, epochs=2, shuffle=False, verbose=0, callbacks=[GradwatchCallback(local=path)])
    told = [row.get("loss") for row in steps(path)]
    assert math.isfinite(told[0])
    assert [None if loss is None else math.isnan(loss) for loss in told[1:]] == [True, None, True, None, None]


def test_the_next_fit_goes_on_as_the_runs_next_attempt(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    model, callback = regression(), GradwatchCallback(local=path)
    fit(model, callback, epochs=1)
    fit(model, callback, epochs=1)
    assert [(row["attempt"], row["step"]) for row in steps(path)] == [(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (1, 5)]
    assert events(path) == [("start", 0, 0), ("completed", 0, 2), ("start", 1, 3), ("completed", 1, 5)]


def test_a_training_that_is_restored_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    restores = keras.callbacks.BackupAndRestore(tmp_path / "backup")

    class Fails(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                raise RuntimeError("the node is gone")

    with pytest.raises(RuntimeError, match="the node is gone"), GradwatchCallback(local=path) as told:
        fit(regression(), told, restores, Fails())
    fit(regression(), GradwatchCallback(local=path, attempt=1), keras.callbacks.BackupAndRestore(tmp_path / "backup"))
    assert [(row["attempt"], row["step"]) for row in steps(path)] == [(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (1, 5)]
    assert events(path) == [("start", 0, 0), ("failed", 0, 2), ("start", 1, 3), ("completed", 1, 5)]


def test_settings_that_cannot_be_used_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="run id is"):
        GradwatchCallback("  ")


def weights_after(*callbacks: Any) -> list[Any]:
    model = regression()
    fit(model, *callbacks, validation_data=samples(4))
    return weights(model)


@pytest.fixture(scope="module")
def weights_without() -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return weights_after()


def test_weights_are_bit_for_bit_those_without_it(tmp_path: Path, weights_without: list[Any]) -> None:
    with_it = weights_after(GradwatchCallback(local=tmp_path / "run.jsonl", details_every=1))
    assert all(np.array_equal(a, b) for a, b in zip(weights_without, with_it, strict=True))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Publisher, "__init__"), (Publisher, "started"), (Publisher, "publish"), (Publisher, "evaluation"),
        (Publisher, "ended"), (Publisher, "close"), (gradwatch_keras._Fit, "__init__"),
        (gradwatch_keras._Fit, "after_batch"), (gradwatch_keras._Fit, "_norms"), (gradwatch_keras._Loss, "add"),
    ],
)  # fmt: skip
def test_nothing_that_goes_wrong_in_it_reaches_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights_without: list[Any], kind: Any, name: str
) -> None:
    callback = GradwatchCallback(local=tmp_path / "run.jsonl", details_every=1)
    broken: list[str] = []

    def breaks(*_: Any, **__: Any) -> Any:
        broken.append(name)
        raise OSError("no more")

    monkeypatch.setattr(kind, name, breaks)
    with_it = weights_after(callback)
    assert broken
    assert all(np.array_equal(a, b) for a, b in zip(weights_without, with_it, strict=True))
