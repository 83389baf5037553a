"""One line for Keras 3.

>>> from gradwatch.keras import GradwatchCallback
>>> model.fit(x, y, callbacks=[GradwatchCallback()])     # doctest: +SKIP

Keras shows a callback no gradients: every step tells its loss and rate, every 50th the norms of each layer's weights
and of what the step did to them. With PyTorch as the backend every step tells the norms of each layer's gradient too.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import keras

from gradwatch._callbacks import check_settings, outcome_of, quiet
from gradwatch.context import RunContext
from gradwatch.events import ClipMode, RunOutcome, StepCompleted
from gradwatch.publisher import Publisher

__all__ = ["GradwatchCallback"]

_COPY_ELEMENTS = 1 << 27
"""Weights of which a copy is taken to see how far a step moves them, as for PyTorch."""


class GradwatchCallback(keras.callbacks.Callback):
    """Publishes the steps of ``Model.fit``, the validations at its epochs' ends, and that it is complete.

    The main process publishes. No method raises. Each ``fit`` is an attempt of the run; its steps go on where the
    optimizer's ``iterations`` are, restored ones too.

    Keras says a mean over the epoch so far; the loss of a step is what it adds to that mean's sum, in single
    precision: in the n-th batch of an epoch to about n / 8,000,000 of the epoch's mean. Once the sum is not finite it
    hides the losses of the rest of the epoch: the first is told, the rest are not.

    Keras tells no callback of an exception. It is told as the failure of the run when the process ends by it, when the
    next ``fit`` begins, or at once where the callback is a context manager::

        with GradwatchCallback() as told:
            model.fit(x, y, callbacks=[told])
    """

    def __init__(
        self,
        run_id: str | None = None,
        *,
        details_every: int = 50,
        owner: str = "",
        tags: Mapping[str, str] | None = None,
        **publisher: Any,
    ) -> None:
        """Set up; nothing is published before the training begins.

        Args:
            run_id: the training; None: as the environment says.
            details_every: in every so many steps also norms of weights and (while they are not more than 134 million)
                of updates. 0: never.
            owner: who to ask about the run.
            tags: cluster, data shard...
            publisher: settings of ``Publisher``, such as ``bootstrap_servers``, ``local`` or ``attempt`` (of a
                training that is restored in a new process).

        Raises:
            ValueError: a name or setting that cannot be used. Nothing raises afterwards.
        """
        super().__init__()
        self._run_id = run_id
        self._details_every = details_every
        self._owner = owner
        self._run_tags = dict(tags or {})
        self._settings = publisher
        check_settings(lambda: Publisher(run_id, **publisher))
        self._attempts = 0
        self._publisher: Publisher | None = None
        self._fit: _Fit | None = None

    # What Keras calls.

    @quiet
    def on_train_begin(self, logs: Any = None) -> None:
        """Prepare to begin: other callbacks may still restore the model."""
        self._end(RunOutcome.FAILED)

    @quiet
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin, before the first epoch; the mean of the losses begins anew."""
        if self._publisher is None:
            self._begin(epoch)
        if self._fit is not None:
            self._fit.loss.begin()

    @quiet
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Tell the step that is complete with this batch."""
        if self._fit is not None and self._publisher is not None:
            told = self._fit.after_batch(logs or {})
            if told is not None:
                self._publisher.publish(self._fit.step - 1, told)

    @quiet
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Tell the validation."""
        if self._fit is None or self._publisher is None:
            return
        self._fit.count()
        numbers = {name[4:]: float(value) for name, value in (logs or {}).items() if name.startswith("val_")}
        if numbers:
            self._publisher.evaluation(max(0, self._fit.step - 1), numbers.pop("loss", None), numbers)

    @quiet
    def on_train_end(self, logs: Any = None) -> None:
        """Tell that the training is complete."""
        self._end(RunOutcome.COMPLETED)

    def __enter__(self) -> GradwatchCallback:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(RunOutcome.COMPLETED if error is None else outcome_of(error))

    # Inside.

    def _begin(self, epoch: int) -> None:
        # Not self.model: with JAX to ask for it makes Keras take its state out of the training.
        fit = self._fit = _Fit(self._model, self._details_every)
        self._publisher = publisher = Publisher(self._run_id, **{"context": _context(), **self._settings})
        publisher.attempt += self._attempts
        self._attempts += 1
        batches = (self.params or {}).get("steps")
        epochs = (self.params or {}).get("epochs")
        planned = fit.step + (epochs - epoch) * batches // fit.batches_a_step if batches and epochs else None
        mode, threshold = fit.clipping()
        publisher.started(
            fit.step,
            layers=fit.layers,
            owner=self._owner,
            framework=f"keras {keras.__version__} ({keras.backend.backend()})",
            planned_steps=planned,
            clip_mode=mode,
            clip_threshold=threshold,
            tags=self._run_tags,
        )

    @quiet
    def _end(self, outcome: RunOutcome) -> None:
        fit, self._fit = self._fit, None
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            publisher.ended(max(0, fit.step - 1) if fit is not None else None, outcome)
            publisher.close()


class _Fit:
    """One call of ``fit``: what its batches say of its steps."""

    def __init__(self, model: Any, details_every: int) -> None:
        self._model = model
        optimizer = self._optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
        self._details_every = details_every
        self.batches_a_step = optimizer.gradient_accumulation_steps or 1
        self._batches_a_call = getattr(model, "steps_per_execution", 1) or 1
        self._batches = 0
        self.count()
        self.loss = _Loss(model)
        variables = model.trainable_variables
        names = [_layer_of(variable, model.name) for variable in variables]
        self.layers = list(dict.fromkeys(names))
        self._index = [self.layers.index(name) for name in names]
        size = sum(math.prod(variable.shape) for variable in variables)
        self._copies = size <= _COPY_ELEMENTS and self._batches_a_call == 1 and self.batches_a_step == 1
        self._before = self._copied()
        self._rate = _position(optimizer._learning_rate, model.optimizer.variables)
        self._gradients = _TorchGradients(variables, self._index) if self._shows_gradients() else None

    @property
    def step(self) -> int:
        """The next step."""
        return self._batches // self.batches_a_step

    def count(self) -> None:
        """Learn from the optimizer how many batches it has seen."""
        self._batches = int(self._optimizer._iterations.value)

    def after_batch(self, logs: Mapping[str, Any]) -> StepCompleted | None:
        """What is to be told of the step that is complete; None: it goes on."""
        before = self.step
        self._batches += self._batches_a_call
        self.loss.add(logs, self._batches_a_call)
        if self.step == before:
            return None
        step = self.step - 1
        mode, threshold = self.clipping()
        body = StepCompleted(
            loss=self.loss.take(),
            learning_rate=self._learning_rate(step),
            clip_threshold=threshold if mode is ClipMode.GLOBAL_NORM else None,
        )
        if self._gradients is not None:
            body.layer_grad_norms, body.grad_norm = self._gradients.norms()
        if self._details_every > 0 and step % self._details_every == 0:
            weights = self._weights()
            body.layer_weight_norms = self._norms(weights)
            if self._before is not None:
                body.layer_update_norms = self._norms(
                    [new - old for new, old in zip(weights, self._before, strict=True)]
                )
        self._before = self._copied()
        return body

    def clipping(self) -> tuple[ClipMode, float | None]:
        """How the optimizer clips."""
        optimizer = self._optimizer
        for mode, threshold in (
            (ClipMode.GLOBAL_NORM, optimizer.global_clipnorm),
            (ClipMode.LAYER_NORM, optimizer.clipnorm),
            (ClipMode.VALUE, optimizer.clipvalue),
        ):
            if threshold is not None:
                return mode, float(threshold)
        return ClipMode.NONE, None

    def _shows_gradients(self) -> bool:
        return keras.backend.backend() == "torch" and self.batches_a_step == 1

    def _weights(self) -> list[Any]:
        values = _state(self._model, "trainable_variables", self._model.trainable_variables)
        return [keras.ops.stop_gradient(keras.ops.convert_to_tensor(value)) for value in values]

    def _copied(self) -> list[Any] | None:
        """The weights before a step that tells what it does to them: its own buffers are gone afterwards."""
        if not self._copies or self._details_every <= 0 or self.step % self._details_every:
            return None
        return [keras.ops.copy(weight) for weight in self._weights()]

    def _norms(self, tensors: Sequence[Any]) -> list[float]:
        """L2 norm of each layer's tensors, which are not more than a number each on their way to the host."""
        ops = keras.ops
        squares = ops.stack([ops.sum(ops.square(ops.cast(tensor, "float32"))) for tensor in tensors])
        sums = [0.0] * len(self.layers)
        for layer, square in zip(self._index, ops.convert_to_numpy(squares).tolist(), strict=True):
            sums[layer] += square
        return [math.sqrt(total) for total in sums]

    def _learning_rate(self, step: int) -> float | None:
        rate = self._optimizer._learning_rate
        if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            return float(rate(step * self.batches_a_step))
        if self._rate is None:
            return None
        return float(_state(self._model, "optimizer_variables", self._model.optimizer.variables)[self._rate])


class _Loss:
    """The loss of each step, from the mean that Keras keeps over an epoch."""

    def __init__(self, model: Any) -> None:
        self._model = model
        tracker = getattr(model, "_loss_tracker", None)
        total, count = (_position(getattr(tracker, name, None), model.metrics_variables) for name in ("total", "count"))
        self._places = None if total is None or count is None else (total, count)
        self._parts: list[tuple[float, float]] = []
        self.begin()

    def begin(self) -> None:
        """An epoch begins."""
        self._total = 0.0
        self._count = 0.0

    def add(self, logs: Mapping[str, Any], batches: int) -> None:
        """Hear of the batches since the last call."""
        if self._places is not None:  # each batch counts with its samples
            variables = _state(self._model, "metrics_variables", self._model.metrics_variables)
            total, count = (float(variables[place]) for place in self._places)
        elif "loss" in logs:  # each counts as one
            count = self._count + batches
            total = float(logs["loss"]) * count
        else:
            return
        if math.isfinite(self._total) and count > self._count:
            self._parts.append((total - self._total, count - self._count))
        self._total, self._count = total, count

    def take(self) -> float | None:
        """The mean over the batches that were added since the last time; None: it is not known."""
        parts, self._parts = self._parts, []
        count = sum(part[1] for part in parts)
        return sum(part[0] for part in parts) / count if count else None


class _TorchGradients:
    """Gradients before clipping, where PyTorch keeps them until the next batch."""

    def __init__(self, variables: Sequence[Any], index: list[int]) -> None:
        from gradwatch._torch.norms import LayerNorms  # noqa: PLC0415 - not with other backends

        self._variables = list(variables)
        self._norms = LayerNorms(index, max(index, default=0) + 1)

    def norms(self) -> tuple[list[float], float]:
        """Of each layer, and of all."""
        *layers, whole = self._norms.of([variable.value.grad for variable in self._variables]).tolist()
        return layers, whole


def _state(model: Any, kind: str, variables: Sequence[Any]) -> Sequence[Any]:
    """The variables' values. With JAX they are not in the model during an epoch."""
    state = getattr(model, "_jax_state", None)
    if state and not getattr(model, "_jax_state_synced", True):
        values: Sequence[Any] = state[kind]
        return values
    return [variable.value for variable in variables]


def _position(variable: Any, variables: Sequence[Any]) -> int | None:
    return next((i for i, one in enumerate(variables) if one is variable), None)


def _layer_of(variable: Any, model: str) -> str:
    path = str(variable.path).removeprefix(f"{model}/")
    return path.rpartition("/")[0] or path


def _context() -> RunContext:
    """Of the environment; with JAX on several machines, of the process that JAX says this is."""
    context = RunContext.of()
    if keras.backend.backend() == "jax":
        import jax  # noqa: PLC0415 - not with other backends

        if jax.process_count() > 1:
            return dataclasses.replace(context, rank=jax.process_index(), world_size=jax.process_count())
    return context
