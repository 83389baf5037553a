"""One line for Accelerate.

>>> from gradwatch.accelerate import GradwatchTracker
>>> accelerator = Accelerator(log_with=GradwatchTracker())     # doctest: +SKIP

A tracker hears what the training logs, and no gradients: ``gradwatch.torch.watch(model, optimizer)`` after
``accelerator.prepare`` tells the norms of each layer instead.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from typing import Any

import accelerate
from accelerate.tracking import GeneralTracker

from gradwatch._callbacks import check_settings, outcome_of, quiet
from gradwatch.context import RunContext
from gradwatch.events import RunOutcome
from gradwatch.publisher import Publisher

__all__ = ["GradwatchTracker"]

_NAMES = {
    "loss": "loss", "train_loss": "loss", "training_loss": "loss", "step_loss": "loss",
    "grad_norm": "grad_norm", "gradient_norm": "grad_norm", "total_norm": "grad_norm", "global_grad_norm": "grad_norm",
    "lr": "learning_rate", "learning_rate": "learning_rate",
    "loss_scale": "loss_scale", "clip_threshold": "clip_threshold", "batch_size": "batch_size",
}  # fmt: skip
_OF_TRAINING = ("train/", "training/")
_OF_EVALUATION = ("eval_", "eval/", "val_", "val/", "valid_", "valid/", "validation_", "validation/", "test_", "test/")
_NO_SERIES = ("epoch", "step", "global_step", "steps", "completed_steps")
_PLANNED = ("max_train_steps", "max_steps", "num_training_steps", "total_steps")
_CLIPS_TO = ("max_grad_norm", "clip_grad_norm", "gradient_clip_val", "clip_threshold")


class GradwatchTracker(GeneralTracker):
    """Publishes what ``Accelerator.log`` is told, and the end that ``end_training`` is.

    The main process publishes. No method raises. Of the values that are logged ``loss`` (``train_loss``, ...),
    ``grad_norm``, ``lr`` (``learning_rate``), ``loss_scale``, ``clip_threshold`` and ``batch_size`` are the step's,
    ``train/`` before them or not; those that begin with ``eval_``, ``val_`` (``eval/``, ...) are an evaluation's; other
    numbers are metrics of the step. Values without loss and norm wait for those that have one.

    ``accelerator.register_for_checkpointing(tracker)`` makes a training that loads the state the run's next attempt.
    """

    name = "gradwatch"
    requires_logging_directory = False
    main_process_only = True

    def __init__(
        self,
        run_id: str | None = None,
        *,
        owner: str = "",
        tags: Mapping[str, str] | None = None,
        **publisher: Any,
    ) -> None:
        """Set up; nothing is published before something is logged.

        Args:
            run_id: the training; None: as the environment says, or the state that is loaded.
            owner: who to ask about the run.
            tags: cluster, data shard...; the configuration that ``init_trackers`` is given is added.
            publisher: settings of ``Publisher``, such as ``bootstrap_servers`` or ``local``.

        Raises:
            ValueError: a name or setting that cannot be used. Nothing raises afterwards.
        """
        super().__init__()
        self._run_id = run_id
        self._owner = owner
        self._tags = dict(tags or {})
        self._settings = publisher
        check_settings(lambda: Publisher(run_id, **publisher))
        self._configuration: dict[str, Any] = {}
        self._publisher: Publisher | None = None
        self._last: dict[str, Any] = {}
        self._next_step = 0
        self._waiting: dict[str, float] = {}

    @property
    def tracker(self) -> Publisher | None:
        """The publisher, from the first value on."""
        return self._publisher

    @quiet
    def store_init_configuration(self, values: dict[str, Any]) -> None:
        """Take the steps that are planned, the clip threshold, and tags."""
        self._configuration = dict(values)

    @quiet
    def log(self, values: dict[str, Any], step: int | None = None, **_: Any) -> None:
        """Tell values at a step; None: at the step after the last."""
        number = self._next_step if step is None else int(step)
        publisher = self._publisher or self._begin(number)
        numbers = {name: float(value) for name, value in values.items() if _is_number(value)}
        evaluated: dict[str, float] = {}
        for name, value in numbers.items():
            prefix = next((prefix for prefix in _OF_EVALUATION if name.startswith(prefix)), None)
            if prefix is not None:
                evaluated[name.removeprefix(prefix)] = value
            elif name not in _NO_SERIES:
                self._waiting[name] = value
        if any(_field(name) in ("loss", "grad_norm") for name in self._waiting):
            self._tell_waiting(publisher, number)
        if evaluated:
            # Told at the step that it follows: the step to come has not been taken.
            at = number if step is not None else max(0, self._next_step - 1)
            publisher.evaluation(at, evaluated.pop("loss", None), evaluated)

    @quiet
    def finish(self) -> None:
        """Tell that the training ended: complete, or by the exception that is under way."""
        error = sys.exc_info()[1]
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            if self._waiting:
                self._tell_waiting(publisher, max(0, self._next_step - 1))
            publisher.ended(outcome=RunOutcome.COMPLETED if error is None else outcome_of(error))
            publisher.close()

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint carries: run id, attempt and next step."""
        return {**self._last, "step": self._next_step} if self._last else {}

    @quiet
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Learn from a checkpoint, before anything is logged."""
        self._last = {name: state_dict[name] for name in ("run_id", "attempt")}
        self._next_step = int(state_dict["step"])

    def _begin(self, step: int) -> Publisher:
        state = accelerate.PartialState()
        context = dataclasses.replace(RunContext.of(), rank=state.process_index, world_size=state.num_processes)
        run_id = self._run_id
        if run_id is None and context.made_up:
            run_id = self._last.get("run_id")
        publisher = Publisher(run_id, **{"context": context, **self._settings})
        if publisher.run_id == self._last.get("run_id") and "attempt" not in self._settings:
            publisher.attempt = max(publisher.attempt, self._last["attempt"] + 1)
        self._last = {"run_id": publisher.run_id, "attempt": publisher.attempt}
        self._publisher = publisher
        said = self._configuration
        planned = next((int(said[name]) for name in _PLANNED if _is_number(said.get(name))), None)
        publisher.started(
            step,
            owner=self._owner,
            framework=f"accelerate {accelerate.__version__}",
            planned_steps=planned if planned and planned > 0 else None,
            clip_threshold=next((float(said[name]) for name in _CLIPS_TO if _is_number(said.get(name))), None) or None,
            tags={**{str(name): str(value) for name, value in said.items()}, **self._tags},
        )
        return publisher

    def _tell_waiting(self, publisher: Publisher, step: int) -> None:
        waiting, self._waiting = self._waiting, {}
        fields: dict[str, Any] = {}
        metrics: dict[str, float] = {}
        for name, value in waiting.items():
            field = _field(name)
            if field is None or field in fields:
                metrics[name] = value
            else:
                fields[field] = value
        publisher.step(step, metrics=metrics or None, **fields)
        self._next_step = step + 1


def _field(name: str) -> str | None:
    prefix = next((prefix for prefix in _OF_TRAINING if name.startswith(prefix)), "")
    return _NAMES.get(name.removeprefix(prefix))


def _is_number(value: Any) -> bool:
    if isinstance(value, (int, float)):
        return not isinstance(value, bool)
    numel = getattr(value, "numel", None)  # a tensor's
    elements = numel() if callable(numel) else getattr(value, "size", None)  # an array's
    return bool(elements == 1)
