"""One line for Hugging Face's Trainer.

>>> from gradwatch.transformers import GradwatchCallback
>>> trainer = Trainer(model, args, train_dataset=data, callbacks=[GradwatchCallback()])    # doctest: +SKIP

Every optimizer step tells the norms of each layer's gradient before the Trainer clips, and the loss as it was
backpropagated, whatever ``logging_steps`` and ``logging_nan_inf_filter`` are.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Mapping
from typing import Any

import torch
import transformers

from gradwatch._attempts import Attempt, last_of
from gradwatch._callbacks import check_settings, outcome_of, quiet
from gradwatch._log import SparseLog
from gradwatch._torch.layers import Grouping
from gradwatch._torch.watch import Watch
from gradwatch.context import RunContext
from gradwatch.events import RunOutcome
from gradwatch.publisher import Publisher

__all__ = ["GradwatchCallback"]

_TOLD_OTHERWISE = {"loss", "grad_norm", "learning_rate", "epoch", "total_flos", "step"}
_OF_THE_CLOCK = ("epoch", "_runtime", "_per_second", "_compilation_time")
_OF_OTHERS = ("eval_", "train_", "test_")
_LOG = SparseLog()


class GradwatchCallback(transformers.TrainerCallback):
    """Publishes a Trainer's steps, evaluations and checkpoints, and how the training ended.

    Process 0 publishes. No method raises. Beside the checkpoints, and in each, it leaves ``gradwatch.json`` (run id
    and attempt): a training that starts again in the same ``output_dir``, resumed or not, is the next attempt of its
    run, and where nobody names the run, a resumed one keeps its name.

    What the Trainer's own ``on_log`` tells besides (a reward, a KL divergence) is told as metrics of the step after.
    With DeepSpeed, and where FSDP flattens the parameters (``fsdp_version`` 1), gradients are out of reach: loss, norm
    and rate are then those that the Trainer logs, every ``logging_steps``.
    """

    def __init__(
        self,
        run_id: str | None = None,
        *,
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
            layers: norms of each layer; False: of the whole gradient only.
            grouping: what a layer is; as for ``gradwatch.torch.watch``.
            details_every: in every so many steps also weights, updates and a histogram; as for the same.
            owner: who to ask about the run.
            tags: cluster, data shard...
            publisher: settings of ``Publisher``, such as ``bootstrap_servers`` or ``local``.

        Raises:
            ValueError: a name or setting that cannot be used. Nothing raises afterwards.
        """
        self._run_id = run_id
        self._watching: dict[str, Any] = {
            "layers": layers,
            "grouping": grouping,
            "details_every": details_every,
            "owner": owner,
        }
        self._tags = dict(tags or {})
        self._settings = publisher
        check_settings(lambda: Publisher(run_id, **publisher))
        self._trainer: Any = None
        self._resumed_from: Any = None
        self._attempt: Attempt | None = None
        self._watch: Watch | None = None
        self._logged: Publisher | None = None
        self._restore: Any = None

    # What the Trainer calls.

    @quiet
    def on_init_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Learn of the Trainer, to hear how its training ends."""
        self._meet(_calling_trainer())

    @quiet
    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Begin to watch the model and its optimizer."""
        self._end(RunOutcome.UNKNOWN)
        self._meet(_calling_trainer())
        publisher = self._publisher(args, state)
        model, optimizer = kwargs["model"], kwargs["optimizer"]
        told: dict[str, Any] = {
            "first_step": state.global_step,
            "planned_steps": state.max_steps,
            "clip_threshold": args.max_grad_norm or None,
            "framework": f"transformers {transformers.__version__} (pytorch {torch.__version__})",
            "tags": self._tags,
        }
        if _is_out_of_reach(model, args):
            self._logged = publisher
            publisher.started(told.pop("first_step"), owner=self._watching["owner"], **told)
            _LOG.tell("gradients are out of reach", "DeepSpeed or FSDP 1: telling what the Trainer logs")
            return
        self._watch = Watch(model, optimizer, publisher, owns_publisher=True, **self._watching, **told)
        self._hear_losses()

    @quiet
    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """Tell what else is logged."""
        numbers = {name: float(value) for name, value in (logs or {}).items() if isinstance(value, (int, float))}
        others = {
            name: value
            for name, value in numbers.items()
            if name not in _TOLD_OTHERWISE and not name.startswith(_OF_OTHERS)
        }
        if self._watch is not None:
            for name, value in others.items():
                self._watch.metric(name, value)
        if self._logged is not None and "loss" in numbers:
            self._logged.step(
                max(0, state.global_step - 1),
                loss=numbers["loss"],
                grad_norm=numbers.get("grad_norm"),
                learning_rate=numbers.get("learning_rate"),
                metrics=others,
            )

    @quiet
    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **_: Any) -> None:
        """Tell an evaluation."""
        numbers = {
            name.removeprefix("eval_"): value
            for name, value in (metrics or {}).items()
            if isinstance(value, (int, float)) and not name.endswith(_OF_THE_CLOCK)
        }
        publisher = self._speaks()
        if publisher is not None:
            publisher.evaluation(max(0, state.global_step - 1), numbers.pop("loss", None), numbers)

    @quiet
    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Tell a checkpoint, and leave the attempt in it."""
        folder = f"{self._folder(args, state)}/checkpoint-{state.global_step}"
        publisher = self._speaks()
        if publisher is not None:
            publisher.checkpoint(max(0, state.global_step - 1), folder)
        if self._attempt is not None and state.is_world_process_zero:
            self._attempt.write(folder)

    @quiet
    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Tell that the training is complete."""
        self._end(RunOutcome.COMPLETED)

    # Inside.

    def _speaks(self) -> Publisher | None:
        """The publisher of the training under way."""
        return self._watch.publisher if self._watch is not None else self._logged

    def _publisher(self, args: Any, state: Any) -> Publisher:
        """Of the run's next attempt, for the process that the Trainer says this is."""
        context = self._settings.get("context") or dataclasses.replace(
            RunContext.of(), rank=args.process_index, world_size=args.world_size
        )
        folders = [folder for folder in (args.output_dir, self._resumed_from) if isinstance(folder, str)]
        run_id = self._run_id
        if run_id is None:
            resumed = last_of(folders, None) if context.made_up and state.global_step else None
            run_id = resumed.run_id if resumed is not None else None
        settings = {"context": context, **self._settings}
        publisher = Publisher(run_id, **settings)
        if "attempt" not in self._settings:
            last = last_of(folders, publisher.run_id)
            if self._attempt is not None and self._attempt.run_id == publisher.run_id:
                last = max(last or self._attempt, self._attempt, key=lambda attempt: attempt.attempt)
            if last is not None:
                publisher.attempt = max(publisher.attempt, last.attempt + 1)
        self._attempt = Attempt(publisher.run_id, publisher.attempt)
        if state.is_world_process_zero:
            _leave(self._attempt, args.output_dir)
        return publisher

    def _folder(self, args: Any, state: Any) -> str:
        trainer = self._trainer
        if trainer is not None and hasattr(trainer, "_get_output_dir"):
            return str(trainer._get_output_dir(trial=getattr(trainer, "_trial", None)))
        return str(args.output_dir)

    def _meet(self, trainer: Any) -> None:
        """Hear of exceptions that end its training: no callback is told of them."""
        if trainer is None or trainer is self._trainer:
            return
        self._trainer = trainer
        train = trainer.train

        @functools.wraps(train)
        def watched(resume_from_checkpoint: Any = None, *args: Any, **kwargs: Any) -> Any:
            self._resumed_from = resume_from_checkpoint
            try:
                return train(resume_from_checkpoint, *args, **kwargs)
            except BaseException as e:
                self._end(outcome_of(e))
                raise

        trainer.train = watched

    def _hear_losses(self) -> None:
        """Losses from the Trainer's micro-batches: each is the part of the step's loss that is backpropagated.

        Where no Trainer is found they are those of the model's output.
        """
        if self._trainer is None or self._watch is None:
            return
        trainer, watch = self._trainer, self._watch
        training_step, tell = trainer.training_step, quiet(watch.loss)

        @functools.wraps(training_step)
        def watched(*args: Any, **kwargs: Any) -> Any:
            # The optimizer steps after this returns.
            loss = training_step(*args, **kwargs)
            tell(loss, divided=True)
            return loss

        trainer.training_step = watched

        self._restore = functools.partial(setattr, trainer, "training_step", training_step)

    @quiet
    def _end(self, outcome: RunOutcome) -> None:
        watch, self._watch = self._watch, None
        logged, self._logged = self._logged, None
        restore, self._restore = self._restore, None
        if restore is not None:
            restore()
        if watch is not None:
            watch.close(outcome)
        if logged is not None:
            logged.ended(outcome=outcome)
            logged.close()


def _calling_trainer() -> Any:
    """The Trainer that calls back: it does not say who it is."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        caller = frame.f_locals.get("self")
        if isinstance(caller, transformers.Trainer):
            return caller
        frame = frame.f_back
    return None


def _is_out_of_reach(model: Any, args: Any) -> bool:
    return bool(getattr(args, "deepspeed", None)) or any(
        getattr(parameter, "_is_flat_param", False) for parameter in model.parameters()
    )


@quiet
def _leave(attempt: Attempt, folder: str) -> None:
    attempt.write(folder)
