"""One line for any PyTorch loop.

>>> import gradwatch.torch
>>> watch = gradwatch.torch.watch(model, optimizer)     # doctest: +SKIP

From then on every ``optimizer.step()`` publishes the norms of each layer's gradient before clipping.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch

from gradwatch._torch import hooks
from gradwatch._torch.layers import Grouping
from gradwatch._torch.watch import Watch
from gradwatch.advisor import Advisor
from gradwatch.publisher import Publisher

__all__ = ["Watch", "clip_grad_norm_", "watch"]


def watch(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    run_id: str | None = None,
    *,
    publisher: Publisher | None = None,
    bootstrap_servers: str | None = None,
    local: str | os.PathLike[str] | None = None,
    scaler: Any = None,
    criterion: torch.nn.Module | None = None,
    layers: bool = True,
    grouping: Grouping = "module",
    details_every: int = 50,
    first_step: int | None = None,
    attempt: int | None = None,
    owner: str = "",
    planned_steps: int | None = None,
    clip_threshold: float | None = None,
    framework: str = "",
    tags: Mapping[str, str] | None = None,
) -> Watch:
    """Publish every step that an optimizer takes.

    In a training of several processes call it in all of them: rank 0 publishes. With DDP the others do nothing; with
    FSDP2 they take part in one small sum a step, so that norms are those of the whole gradient.

    Args:
        model: whose trainable parameters are watched, as they are now.
        optimizer: whose steps are counted.
        run_id: the training; None: as the environment says (``RunContext``).
        publisher: instead of one made from the environment; stays the caller's to close.
        bootstrap_servers: Kafka's ``host:port,...``; as for ``Publisher``.
        local: write to this file instead of Kafka.
        scaler: the GradScaler of a mixed-precision training: its scale and the updates it skips are told.
        criterion: a module whose output is the loss. Without it the loss is what ``Watch.loss`` is told, or the
            ``loss`` in the model's own output.
        layers: norms of each layer; False: of the whole gradient only.
        grouping: what a layer is: ``"module"``, ``"parameter"``, or a function from a parameter's name to a layer's.
        details_every: in every so many steps also the norms of weights and of what the step did to them (while the
            weights are not more than 134 million: they are copied for it), zeros, the largest component and a
            histogram. 0: never.
        first_step: number of the next step; None: as many as the optimizer's state says it has taken.
        attempt: 0 for the first start, one more at every resume; None: as the environment says.
        owner: who to ask about the run.
        planned_steps: optimizer steps it is meant to take.
        clip_threshold: the loop's own clip threshold; what PyTorch's functions clip to is seen by itself.
        framework: name and version; None: PyTorch's.
        tags: host, cluster, data shard...

    Raises:
        ValueError: a name or setting that cannot be used, no parameter that is trained, or parameters on several device
            meshes, before training
            begins. Nothing raises afterwards.
    """
    ours = publisher is None
    if publisher is None:
        publisher = Publisher(run_id, bootstrap_servers=bootstrap_servers, local=local, attempt=attempt)
    return Watch(
        model,
        optimizer,
        publisher,
        scaler=scaler,
        criterion=criterion,
        grouping=grouping,
        layers=layers,
        details_every=details_every,
        first_step=first_step,
        owner=owner,
        planned_steps=planned_steps,
        clip_threshold=clip_threshold,
        framework=framework,
        tags=tags,
        owns_publisher=ours,
    )


def clip_grad_norm_(
    parameters: torch.Tensor | Iterable[torch.Tensor],
    advisor: Advisor,
    default: float | None = None,
    *,
    step: int | None = None,
) -> torch.Tensor:
    """Clip the global norm of gradients as an advisor says.

    Where ``torch.distributed`` is at work, every rank has to call this: rank 0 asks its advisor and tells the others,
    as advice reaches ranks at different steps, and replicas that clip otherwise drift apart. That waits for the device.

    Args:
        parameters: whose gradients are clipped, in place.
        advisor: of the run.
        default: the training's own threshold, applied where there is no advice.
        step: the step about to be taken; None: the one after the last.

    Returns:
        The norm before clipping. On a GPU nobody waits for it: the advisor's guard hears of it a step later.
    """
    clipped = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
    threshold = _same_on_all_ranks(advisor.max_norm(default, step=step), clipped)
    norm = torch.nn.utils.clip_grad_norm_(clipped, threshold)
    if advisor not in _late_norms:
        _late_norms[advisor] = _LateNorms()
    hooks.quietly(_late_norms[advisor].tell, advisor, norm)
    return norm


def _same_on_all_ranks(threshold: float, parameters: Sequence[torch.Tensor]) -> float:
    distributed = torch.distributed
    if not (distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1):
        return threshold
    device = parameters[0].device if parameters else torch.device("cpu")
    of_rank_0 = torch.tensor([threshold], dtype=torch.float64, device=device)
    distributed.broadcast(of_rank_0, src=0)
    return float(of_rank_0.item())


class _LateNorms:
    """Tells an advisor of norms, those on a device one step late."""

    def __init__(self) -> None:
        self._waiting: tuple[int, Any, Any] | None = None

    def tell(self, advisor: Advisor, norm: Any) -> None:
        if hasattr(norm, "full_tensor"):  # of sharded gradients; every rank is here
            norm = norm.full_tensor()
        if not norm.is_cuda:
            advisor.observe(norm.item())
            return
        if self._waiting is not None:
            step, host, arrived = self._waiting
            if not arrived.query():
                return  # the device is behind: this norm is passed over
            advisor.observe(host.item(), step=step)
        host = torch.empty((), dtype=norm.dtype, pin_memory=True)
        host.copy_(norm.detach(), non_blocking=True)
        arrived = torch.cuda.Event()
        arrived.record()
        self._waiting = (advisor.last_step, host, arrived)


_late_norms: weakref.WeakKeyDictionary[Advisor, _LateNorms] = weakref.WeakKeyDictionary()
