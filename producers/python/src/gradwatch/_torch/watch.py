"""Watches one model and its optimizer."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from gradwatch._log import SparseLog
from gradwatch._torch import hooks, readback
from gradwatch._torch.gradients import Gradients, Taken
from gradwatch._torch.histogram import histogram_of
from gradwatch._torch.hooks import Clipping
from gradwatch._torch.layers import Grouping, Layers
from gradwatch._torch.losses import Losses
from gradwatch._torch.norms import precise
from gradwatch._torch.report import StepReport
from gradwatch.events import ClipMode, Number, RunOutcome, StepCompleted
from gradwatch.publisher import Publisher

_COUNT_AFTER_NONFINITE_STEPS = 20
_NAMES_OF_NONFINITE = 8


class Watch:
    """Publishes every step of an optimizer: norms of the gradients before clipping, rate, threshold, loss.

    Made by ``gradwatch.torch.watch``. No method raises, and none waits for the device: what it has not told yet is
    published a step later. Gradients are taken when PyTorch's functions clip them (before they do), else when the
    optimizer's step begins; a loop that clips by other means calls ``gradients`` before.
    """

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        publisher: Publisher,
        *,
        scaler: Any = None,
        criterion: Any = None,
        grouping: Grouping = "module",
        layers: bool = True,
        details_every: int = 50,
        first_step: int | None = None,
        owner: str = "",
        planned_steps: int | None = None,
        clip_threshold: float | None = None,
        framework: str = "",
        tags: Mapping[str, str] | None = None,
        owns_publisher: bool = False,
    ) -> None:
        """See ``gradwatch.torch.watch``."""
        self.publisher = publisher
        self._optimizer = getattr(optimizer, "optimizer", optimizer)  # Accelerate's stands before the real one
        self._model = model
        self._layers = Layers.of(model.named_parameters(), grouping)
        _check(self._layers, details_every, first_step)
        self._per_layer = layers
        self._gradients = Gradients(self._layers, layers)
        self._details_every = details_every
        self._owns_publisher = owns_publisher
        self._readback = readback.Readback()
        self._log = SparseLog()
        self._scaler = scaler if scaler is not None and getattr(scaler, "is_enabled", lambda: True)() else None
        # Sums over shards need every rank; else the ranks that publish nothing do nothing.
        self._works = self._gradients.are_sharded or not publisher.is_silent
        self.step = _resumed_at(self._optimizer) if first_step is None else first_step
        self._clear()
        self._count_until = -1
        self._compared: tuple[int, int, int] | None = None
        self._others: list[Any] | None = None
        self._removes: list[Callable[[], None]] = []
        if self._works:
            hooks.quietly(self._hook, criterion)
            publisher.before_close(self._deliver_all)
        else:
            hooks.quietly(self._count_only)
        publisher.started(
            self.step,
            layers=self._layers.names if layers else (),
            owner=owner,
            framework=framework or f"pytorch {torch.__version__}",
            planned_steps=planned_steps,
            clip_mode=ClipMode.UNKNOWN,
            clip_threshold=None if clip_threshold is None else float(clip_threshold),
            tags=tags,
        )

    def _hook(self, criterion: Any) -> None:
        self._removes.append(hooks.on_step(self._optimizer, self._before_step, self._after_step))
        self._removes.append(hooks.on_zero_grad(self._optimizer, self._before_zero_grad))
        hooks.on_clip(self._layers.parameters, self)
        for module, method in ((self._model, "output_of_model"), (criterion, "output_of_criterion")):
            if isinstance(module, torch.nn.Module):
                self._removes.append(hooks.on_output(module, self, method))
        if self._scaler is not None:
            self._removes.append(hooks.on_update(self._scaler, self._after_scaler))

    def _count_only(self) -> None:
        """Of a rank that publishes nothing: its ``step`` is that of the others."""

        def count() -> None:
            self.step += 1

        self._removes.append(hooks.on_step(self._optimizer, lambda _closure: None, count))

    def _clear(self) -> None:
        """What is known of the step to come."""
        self._losses = Losses()
        self._taken: Taken | None = None
        self._weights_before: list[Any] | None = None
        self._clip_threshold: Any = None
        self._clipped_before: tuple[int, int, int] | None = None
        self._began = False
        self._scale: Any = None
        self._found_inf: Any = None
        self._metrics: dict[str, Any] = {}

    # What a loop may say.

    def loss(self, value: Any, *, divided: bool = False) -> Any:
        """Tell the loss of a (micro-)batch; the mean of those told since the last step is the step's.

        What is told here stands before what the model's or the criterion's output says.

        Args:
            value: a number or a tensor.
            divided: it is the micro-batch's part of the step's loss: their sum is, not their mean.

        Returns:
            The value, so that ``watch.loss(loss).backward()`` says it on the way.
        """
        hooks.quietly(self._losses.tell, value, divided)
        return value

    def metric(self, name: str, value: Number) -> None:
        """Tell any other series of the step to come."""
        self._metrics[name] = value

    def gradients(self) -> None:
        """Take the gradients now: for loops that clip by other means than PyTorch's functions, before they do."""
        if self._works:
            hooks.quietly(self._take_gradients)

    def evaluation(self, loss: Number | None = None, metrics: Mapping[str, Number] | None = None) -> None:
        """Tell an evaluation after the last step."""
        self.publisher.evaluation(max(0, self.step - 1), loss, metrics)

    def checkpoint(self, uri: str = "") -> None:
        """Tell that the state after the last step was saved."""
        self.publisher.checkpoint(max(0, self.step - 1), uri)

    def state_dict(self) -> dict[str, int]:
        """What a checkpoint may carry, so that a resumed training is the run's next attempt."""
        return {"step": self.step, "attempt": self.publisher.attempt}

    def close(self, outcome: RunOutcome = RunOutcome.COMPLETED) -> None:
        """Take the hooks away, publish what is on its way and say how the run ended."""
        for remove in self._removes:
            hooks.quietly(remove)
        self._removes = []
        self._deliver_all()
        self.publisher.ended(max(0, self.step - 1), outcome)
        if self._owns_publisher:
            self.publisher.close()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        if kind is None:
            self.close()
        else:
            self.close(RunOutcome.CANCELLED if issubclass(kind, KeyboardInterrupt) else RunOutcome.FAILED)

    def _deliver_all(self) -> None:
        hooks.quietly(self._readback.deliver, True)

    # What hooks say.

    def before_clip(self, clipping: Clipping) -> None:
        """PyTorch is about to clip gradients."""
        if not self._removes:
            return  # closed
        limit = clipping.max_norm
        takes_the_norm_only = isinstance(limit, float) and limit == math.inf  # asks no device
        if self._clip_threshold is None and not takes_the_norm_only:
            self._clip_threshold = limit
        ends = _ends(clipping.parameters)
        # The same parameters once more: of gradients that go on adding up the last are the step's. Others: of a model
        # that is clipped part by part all were taken before the first.
        if self._taken is not None and ends != self._clipped_before:
            return
        self._clipped_before = ends
        whole_is_enough = not self._per_layer and not self._is_detailed()
        self._taken = None
        if not (whole_is_enough and clipping.tells_norm and self._is_all(clipping.parameters)):
            self._take_gradients()

    def after_clip(self, clipping: Clipping, norm: Any) -> None:
        """It has: where only the whole norm is asked for, it is at hand now."""
        if self._removes and self._taken is None and not hasattr(norm, "device_mesh"):
            whole = precise(norm.detach()).reshape(1)
            scale = self._scale_of_gradients()
            self._taken = Taken(whole if scale is None else whole / scale.to(whole.device))

    def _is_all(self, parameters: Sequence[Any]) -> bool:
        """Whether these are all that is watched and, of those with gradients, nothing else."""
        ends = _ends(parameters)
        if ends != self._compared:
            ours = {id(parameter) for parameter in self._layers.parameters}
            theirs = {id(parameter) for parameter in parameters}
            self._others = [p for p in parameters if id(p) not in ours] if ours <= theirs else None
            self._compared = ends
        return self._others is not None and all(parameter.grad is None for parameter in self._others)

    def output_of_model(self, module: Any, output: Any) -> None:
        """The model has answered."""
        if module.training and torch.is_grad_enabled():
            loss = output.get("loss") if isinstance(output, Mapping) else getattr(output, "loss", None)
            if isinstance(loss, torch.Tensor):
                self._losses.see(loss)

    def output_of_criterion(self, _module: Any, output: Any) -> None:
        """The criterion has."""
        if self._model.training and torch.is_grad_enabled() and isinstance(output, torch.Tensor):
            self._losses.see(output)

    def _before_zero_grad(self) -> None:
        """Gradients that were clipped are thrown away without a step: the loop has left this update out itself."""
        if self._taken is not None and not self._began:
            self._tell(True)

    def _before_step(self, closure: bool) -> None:
        self._began = True
        self._scale = getattr(self._optimizer, "grad_scale", None)  # a fused optimizer divides by it itself
        self._found_inf = getattr(self._optimizer, "found_inf", None)
        if not closure and self._taken is None:  # else gradients come within the step
            self._take_gradients(self._scale)
        if self._is_detailed() and self._per_layer:
            self._weights_before = self._gradients.copy_of_weights()

    def _after_step(self) -> None:
        self._tell(None)

    def _after_scaler(self) -> None:
        """The scaler's update: where the optimizer's step did not begin since the last one, it was skipped."""
        if self._taken is not None or self._losses:
            self._tell(True)

    # What is taken and told.

    def _is_detailed(self) -> bool:
        return self._details_every > 0 and self.step % self._details_every == 0

    def _take_gradients(self, scale: Any = None) -> Taken:
        scale = self._scale_of_gradients() if scale is None else scale
        self._taken = self._gradients.take(scale, self.step <= self._count_until, self._is_detailed())
        return self._taken

    def _scale_of_gradients(self) -> Any:
        """The loss scale where gradients still have it: they are taken before the scaler has divided by it."""
        states = getattr(self._scaler, "_per_optimizer_states", None)
        if self._scaler is None or states is None or self._began:
            return None
        stage = states[id(self._optimizer)]["stage"]
        return getattr(self._scaler, "_scale", None) if getattr(stage, "name", "") == "READY" else None

    def _tell(self, skipped: bool | None) -> None:
        try:
            self._report(self._taken or self._take_gradients(), skipped)
        finally:  # what fails of one step is not the next one's
            self._clear()
            self.step += 1

    def _report(self, taken: Taken, skipped: bool | None) -> None:
        step, emitted_at = self.step, time.time_ns() // 1_000_000
        body = StepCompleted(
            learning_rate=_rate(self._optimizer),
            clip_threshold=_number(self._clip_threshold),
            update_skipped=skipped,
            metrics=dict(self._metrics),
        )
        report = StepReport(body, taken.norms.device)
        self._report_gradients(report, step, body, taken)
        self._report_loss(report, body)
        if self._is_detailed() and self._per_layer and skipped is None:
            report.layers("layer_weight_norms", self._gradients.weight_norms())
            if self._weights_before is not None:
                report.layers("layer_update_norms", self._gradients.update_norms(self._weights_before))

        def publish() -> None:
            if not math.isfinite(float(body.grad_norm or 0)):
                self._count_until = self.step + _COUNT_AFTER_NONFINITE_STEPS
            self.publisher.publish(step, body, emitted_at)

        def fill_and_publish(vector: Any) -> None:
            report.fill(vector)
            publish()

        if readback.at_hand(taken.norms):
            report.fill_at_once()
            publish()
        else:
            self._readback.deliver()
            self._readback.read(report.vector(), fill_and_publish)

    def _report_gradients(self, report: StepReport, step: int, body: StepCompleted, taken: Taken) -> None:
        report.number("grad_norm", taken.norms[-1])
        if self._per_layer:
            report.layers("layer_grad_norms", taken.norms[:-1])
        if taken.nonfinite is not None:
            numbers, counts = taken.nonfinite
            report.then(counts, lambda found: self._name_nonfinite(step, body, numbers, found))
        if taken.histogram is not None:
            report.then(taken.histogram, lambda c: setattr(body, "histogram", histogram_of(c.long().tolist())))
            report.number("grad_abs_max", taken.largest)
        if taken.zero_fractions is not None:
            report.layers("layer_zero_fractions", taken.zero_fractions)

    def _report_loss(self, report: StepReport, body: StepCompleted) -> None:
        if self._losses:
            report.number("loss", self._losses.of_step())
        scale = getattr(self._scaler, "_scale", None) if self._scaler is not None else self._scale
        if isinstance(scale, torch.Tensor):
            report.number("loss_scale", scale)
        if isinstance(self._found_inf, torch.Tensor) and body.update_skipped is None:
            report.then(self._found_inf, lambda found: setattr(body, "update_skipped", bool(found.item())))

    def _name_nonfinite(self, step: int, body: StepCompleted, numbers: Sequence[int], counts: Any) -> None:
        names = self._layers.parameter_names
        found = {names[i]: count for i, count in zip(numbers, counts.tolist(), strict=True) if count}
        body.nonfinite_count = sum(found.values())
        if found:
            worst = sorted(found.items(), key=lambda item: -item[1])[:_NAMES_OF_NONFINITE]
            body.metrics = {**body.metrics, **{f"nonfinite/{name}": count for name, count in worst}}
            self._log.tell(
                "gradients that are NaN or infinite",
                f"step {step}: {body.nonfinite_count:.0f} components in {len(found)} of {len(numbers)} tensors, such as"
                f" {', '.join(name for name, _ in worst)}",
            )


def _check(layers: Layers, details_every: int, first_step: int | None) -> None:
    if not layers.parameters:
        raise ValueError("the model has no parameter that is trained (requires_grad), must have one")
    for name, value in (("details_every", details_every), ("first_step", first_step or 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(f"{name} is {value!r}, must be an integer of at least 0")


def _ends(parameters: Sequence[Any]) -> tuple[int, int, int]:
    """Tells lists of parameters apart at a cost that does not grow with them."""
    return len(parameters), id(parameters[0]), id(parameters[-1])


def _rate(optimizer: Any) -> float | None:
    groups = getattr(optimizer, "param_groups", None)
    rate = groups[0].get("lr") if groups else None
    return _number(rate)


def _number(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return None if value.is_cuda else value.item()
    return value


def _resumed_at(optimizer: Any) -> int:
    """The steps that a restored optimizer has taken; 0 for a new one."""
    for state in optimizer.state.values():
        step = state.get("step") if isinstance(state, dict) else None
        if step is not None:
            return int(step)
    return 0
