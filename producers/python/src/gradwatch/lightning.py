"""One line for Lightning.

>>> from gradwatch.lightning import GradwatchCallback
>>> trainer = Trainer(callbacks=[GradwatchCallback()])     # doctest: +SKIP

Every optimizer step tells the norms of each layer's gradient, unscaled and before Lightning clips, and its loss.
"""

from __future__ import annotations

import dataclasses
import math
import os
import sys
from collections.abc import Mapping
from typing import Any

import torch

from gradwatch._attempts import Attempt, last_of
from gradwatch._callbacks import check_settings, outcome_of, quiet
from gradwatch._log import SparseLog
from gradwatch._torch.layers import Grouping
from gradwatch._torch.watch import Watch
from gradwatch.context import RunContext
from gradwatch.events import RunOutcome
from gradwatch.publisher import Publisher

if "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules:
    import pytorch_lightning as pl  # the one that the training has chosen
else:
    try:
        import lightning.pytorch as pl
    except ModuleNotFoundError:
        import pytorch_lightning as pl

__all__ = ["GradwatchCallback"]

_VALIDATION = ("val_", "val/", "valid_", "valid/", "validation_", "validation/", "eval_", "eval/")
_LOG = SparseLog()


class GradwatchCallback(pl.Callback):
    """Publishes the steps of ``Trainer.fit``, its validations and checkpoints, and how it ended.

    Global rank 0 publishes. No method raises. Of several optimizers the first is watched: a step is a step of it. With
    manual optimization its loss is the mean of those that went backward since its last step.

    Checkpoints carry run id, attempt and step: a training that is resumed from one is the next attempt of its run and
    keeps its name where nobody names it. ``gradwatch.json`` beside the checkpoint it was resumed from says so to
    those that are resumed from there later.

    With DeepSpeed, and where FSDP flattens the parameters (``FSDPStrategy``), gradients are out of reach: loss and
    rate alone are told.
    """

    def __init__(
        self,
        run_id: str | None = None,
        *,
        monitor: str = "val_loss",
        layers: bool = True,
        grouping: Grouping = "module",
        details_every: int = 50,
        owner: str = "",
        tags: Mapping[str, str] | None = None,
        **publisher: Any,
    ) -> None:
        """Set up; nothing is published before the training begins.

        Args:
            run_id: the training; None: as the environment says, or the checkpoint one resumes from.
            monitor: the logged metric that is the loss of a validation; others whose names begin with ``val`` or
                ``eval`` are told as its metrics.
            layers: norms of each layer; False: of the whole gradient only.
            grouping: what a layer is; as for ``gradwatch.torch.watch``.
            details_every: in every so many steps also weights, updates and a histogram; as for the same.
            owner: who to ask about the run.
            tags: cluster, data shard...
            publisher: settings of ``Publisher``, such as ``bootstrap_servers`` or ``local``.

        Raises:
            ValueError: a name or setting that cannot be used. Nothing raises afterwards.
        """
        super().__init__()
        self._run_id = run_id
        self._monitor = monitor
        self._watching: dict[str, Any] = {
            "layers": layers, "grouping": grouping, "details_every": details_every, "owner": owner
        }  # fmt: skip
        self._tags = dict(tags or {})
        self._settings = publisher
        check_settings(lambda: Publisher(run_id, **publisher))
        self._watch: Watch | None = None
        self._lossy: Publisher | None = None
        self._state: dict[str, Any] = {}
        self._restored = False
        self._loss: Any = None
        self._saved = False

    # What Lightning calls.

    @quiet
    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begin to watch the module and its first optimizer: restored, if they are."""
        self._end(RunOutcome.UNKNOWN)
        publisher = self._publisher(trainer)
        told: dict[str, Any] = {
            "first_step": int(self._state["step"]) if self._restored else trainer.global_step,
            "planned_steps": _planned_steps(trainer),
            "clip_threshold": _clip_threshold(trainer),
            "framework": f"lightning {pl.__version__} (pytorch {torch.__version__})",
            "tags": self._tags,
        }
        self._restored = False
        self._state = {"run_id": publisher.run_id, "attempt": publisher.attempt, "step": told["first_step"]}
        if _is_out_of_reach(trainer, pl_module):
            self._lossy = publisher
            publisher.started(told.pop("first_step"), owner=self._watching["owner"], **told)
            _LOG.tell("gradients are out of reach", "DeepSpeed or FSDP 1: telling loss and rate alone")
            return
        self._watch = Watch(
            pl_module,
            trainer.optimizers[0],
            publisher,
            scaler=_scaler(trainer),
            owns_publisher=True,
            **self._watching,
            **told,
        )

    @quiet
    def on_before_backward(self, trainer: Any, pl_module: Any, loss: Any) -> None:
        """Hear the loss of a micro-batch, which Lightning has divided by their number and multiplied with the scale."""
        value = loss.detach()
        if pl_module.automatic_optimization:
            value = value * trainer.accumulate_grad_batches
        scale = getattr(_scaler(trainer), "_scale", None)
        if scale is not None:
            value = value / scale.to(value.device)
        self._loss = value
        if self._watch is not None:
            self._watch.loss(value)

    @quiet
    def on_before_optimizer_step(self, trainer: Any, pl_module: Any, optimizer: Any) -> None:
        """Take the gradients: they are unscaled, and not clipped yet."""
        if self._watch is not None and optimizer is trainer.optimizers[0]:
            self._watch.gradients()

    @quiet
    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, batch_idx: int) -> None:
        """Tell a checkpoint that was saved since the last batch."""
        self._tell_saved(trainer)

    @quiet
    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Tell the step where gradients are out of reach."""
        step = trainer.global_step - 1
        if self._lossy is not None and step >= self._state["step"]:
            rate = trainer.optimizers[0].param_groups[0].get("lr") if trainer.optimizers else None
            self._lossy.step(step, loss=self._loss, learning_rate=rate)
            self._state["step"] = step + 1

    @quiet
    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Tell a validation, but for the one that looks whether it works."""
        publisher = self._speaks()
        if publisher is None or trainer.sanity_checking:
            return
        numbers = {name: float(value) for name, value in trainer.callback_metrics.items() if _is_number(value)}
        loss = numbers.pop(self._monitor, None)
        others = {
            name.removeprefix(prefix): value
            for name, value in numbers.items()
            for prefix in _VALIDATION
            if name.startswith(prefix)
        }
        if loss is not None or others:
            publisher.evaluation(max(0, self._step() - 1), loss, others)

    @quiet
    def on_save_checkpoint(self, trainer: Any, pl_module: Any, checkpoint: Any) -> None:
        """Remember to tell the checkpoint: it is not written yet."""
        self._saved = True

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint carries: run id, attempt and next step."""
        return {**self._state, "step": self._step()} if self._state else {}

    @quiet
    def load_state_dict(self, state_dict: Any) -> None:
        """Learn from a checkpoint."""
        self._state = {name: state_dict[name] for name in ("run_id", "attempt", "step")}
        self._restored = True

    @quiet
    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        """Tell that the training is complete, once the checkpoints of its end are saved."""
        self._tell_saved(trainer)
        self._end(RunOutcome.COMPLETED)

    @quiet
    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Tell that the training failed, or was cancelled by Ctrl-C."""
        self._tell_saved(trainer)
        self._end(outcome_of(exception))

    # Inside.

    def _speaks(self) -> Publisher | None:
        return self._watch.publisher if self._watch is not None else self._lossy

    def _step(self) -> int:
        """The next step."""
        return self._watch.step if self._watch is not None else int(self._state.get("step", 0))

    def _publisher(self, trainer: Any) -> Publisher:
        """Of the run's next attempt, for the process that the trainer says this is."""
        context = self._settings.get("context") or dataclasses.replace(
            RunContext.of(), rank=trainer.global_rank, world_size=trainer.world_size
        )
        carried = Attempt(self._state["run_id"], self._state["attempt"]) if "run_id" in self._state else None
        run_id = self._run_id
        if run_id is None and context.made_up and carried is not None:
            run_id = carried.run_id
        publisher = Publisher(run_id, **{"context": context, **self._settings})
        folder = os.path.dirname(str(trainer.ckpt_path)) if getattr(trainer, "ckpt_path", None) else None
        if "attempt" not in self._settings:
            known = [carried, last_of([folder], publisher.run_id) if folder else None]
            attempts = [one.attempt + 1 for one in known if one is not None and one.run_id == publisher.run_id]
            publisher.attempt = max([publisher.attempt, *attempts])
        if folder and os.path.isdir(folder) and trainer.is_global_zero:
            quiet(Attempt(publisher.run_id, publisher.attempt).write)(folder)
        return publisher

    def _tell_saved(self, trainer: Any) -> None:
        publisher = self._speaks()
        if publisher is None or not self._saved:
            return
        self._saved = False
        last = [getattr(callback, "_last_checkpoint_saved", "") for callback in trainer.checkpoint_callbacks]
        publisher.checkpoint(max(0, self._step() - 1), next((str(path) for path in last if path), ""))

    @quiet
    def _end(self, outcome: RunOutcome) -> None:
        watch, self._watch = self._watch, None
        lossy, self._lossy = self._lossy, None
        if watch is not None:
            self._state["step"] = watch.step
            watch.close(outcome)
        if lossy is not None:
            lossy.ended(outcome=outcome)
            lossy.close()


def _scaler(trainer: Any) -> Any:
    return getattr(trainer.precision_plugin, "scaler", None)


def _planned_steps(trainer: Any) -> int | None:
    steps = trainer.max_steps if trainer.max_steps > 0 else trainer.estimated_stepping_batches
    return int(steps) if math.isfinite(steps) else None


def _clip_threshold(trainer: Any) -> float | None:
    by_norm = getattr(trainer.gradient_clip_algorithm, "value", "norm") == "norm"
    return float(trainer.gradient_clip_val) if by_norm and trainer.gradient_clip_val else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, torch.Tensor) and value.numel() == 1)


def _is_out_of_reach(trainer: Any, module: Any) -> bool:
    return "DeepSpeed" in type(trainer.strategy).__name__ or any(
        getattr(parameter, "_is_flat_param", False) for parameter in module.parameters()
    )
