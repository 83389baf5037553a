"""Norms of many tensors in one fused pass, without waiting for the device.

Sums of squares of layers are taken in double precision: in single they overflow at a norm of 1.8e19. Tensors of half
precision are summed in single precision, in which no norm of 65504 becomes infinite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import torch

_FOREACH_HAS_DTYPE = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2]) >= (2, 5)
_SLICE = 1 << 24  # elements at once: what takes scratch takes some 16 MB of it, however large an embedding is
_HALF = (torch.float16, torch.bfloat16)


def precise(tensor: Any) -> Any:
    """The tensor in double precision; in single on Apple's devices, which have no double."""
    return tensor.to(torch.float32 if tensor.device.type == "mps" else torch.float64)


class LayerNorms:
    """L2 norms of layers from their parameters' tensors."""

    def __init__(self, index: Sequence[int], layers: int, mesh: Any = None) -> None:
        """``index`` has the layer of each parameter; ``mesh`` is that of distributed ones, whose ranks all sum."""
        self._mesh = mesh
        self._index = list(index)
        self._layers = layers
        self._single = self._index == list(range(layers))
        self._on_device: dict[Any, Any] = {}
        self._alike: bool | None = None

    def of(self, tensors: Sequence[Any]) -> Any:
        """The norms of all layers and, last, of everything; double, on the first tensor's device.

        Args:
            tensors: one a parameter, None where it has none, which counts as 0. Shards of distributed tensors are
                put together with one collective, in which every rank has to take part.
        """
        with torch.no_grad():
            squares = self._of_alike(tensors)
            if squares is not None:
                return _with_whole(self._by_layer(range(len(tensors)), squares))
            present = [(i, tensor.detach()) for i, tensor in enumerate(tensors) if tensor is not None]
            if present:
                local, repeats = _local([tensor for _, tensor in present], self._mesh)
                squares = precise(parameter_norms(local)).square()
                if repeats is not None:
                    squares /= torch.tensor(repeats, dtype=squares.dtype, device=squares.device)
                layers = self._by_layer([i for i, _ in present], squares)
            else:
                device = None if self._mesh is None else self._mesh.device_type
                layers = torch.zeros(self._layers, dtype=torch.float64, device=device)
            # Every rank takes part in the sum, also one that has no gradients: the others wait for it.
            return _with_whole(layers if self._mesh is None else _summed(layers, self._mesh))

    def _of_alike(self, tensors: Sequence[Any]) -> Any:
        """Squares of the norms of tensors that are all there and of one kind, which is looked at only once.

        Hundreds of small tensors cost what looking at each costs. Kinds hardly ever change; where they do, PyTorch
        refuses to stack them or the result is of half precision, and the general way is gone from then on.
        """
        if self._mesh is None and self._alike is None and all(tensor is not None for tensor in tensors):
            first = tensors[0]
            self._alike = all(
                (tensor.device, tensor.dtype, tensor.layout) == (first.device, first.dtype, torch.strided)
                and type(tensor) is type(first)
                for tensor in tensors
            )
        if not self._alike or any(tensor is None for tensor in tensors):
            return None
        try:
            norms = torch.stack(torch._foreach_norm(tensors, 2.0))
        except (RuntimeError, TypeError):
            self._alike = False
            return None
        self._alike = norms.dtype not in _HALF
        return precise(norms).square() if self._alike else None

    def _by_layer(self, numbers: Sequence[int], squares: Any) -> Any:
        """Sums of the squares of the parameters of each layer."""
        if self._single and len(numbers) == self._layers:
            return squares
        layers = torch.zeros(self._layers, dtype=squares.dtype, device=squares.device)
        return layers.index_add_(0, self._layers_of(numbers, squares.device), squares)

    def _layers_of(self, numbers: Sequence[int], device: Any) -> Any:
        whole = len(numbers) == len(self._index)
        known = self._on_device.get(device) if whole else None
        if known is None:
            known = torch.tensor([self._index[i] for i in numbers], dtype=torch.int64, device=device)
            if whole:
                self._on_device[device] = known
        return known


def _with_whole(squares: Any) -> Any:
    return torch.cat((squares, squares.sum().reshape(1))).sqrt_()


def parameter_norms(tensors: Sequence[Any]) -> Any:
    """The L2 norm of each tensor, on the first one's device."""
    tensors = [_dense(tensor) for tensor in tensors]
    first = tensors[0]
    if all(tensor.device == first.device for tensor in tensors):
        return torch.stack(_foreach_norm(tensors))
    by_device: dict[Any, list[int]] = {}
    for i, tensor in enumerate(tensors):
        by_device.setdefault(tensor.device, []).append(i)
    out = torch.empty(len(tensors), dtype=torch.float32, device=first.device)
    for numbers in by_device.values():
        norms = torch.stack(_foreach_norm([tensors[i] for i in numbers]))
        out[torch.tensor(numbers, device=first.device)] = norms.to(first.device, torch.float32, non_blocking=True)
    return out


def _foreach_norm(tensors: list[Any]) -> list[Any]:
    if any(tensor.dtype in _HALF for tensor in tensors):
        if _FOREACH_HAS_DTYPE:
            return list(torch._foreach_norm(tensors, 2, dtype=torch.float32))
        return [torch.linalg.vector_norm(tensor, 2, dtype=torch.float32) for tensor in tensors]
    norms = list(torch._foreach_norm(tensors, 2))
    if any(norm.dtype != norms[0].dtype for norm in norms):
        norms = [precise(norm) for norm in norms]
    return norms


def _dense(tensor: Any) -> Any:
    return tensor.coalesce().values() if tensor.is_sparse else tensor


def nonfinite_counts(tensors: Sequence[Any]) -> Any:
    """How many components of each tensor are NaN or infinite; integers, on the first one's device."""
    flat = [_dense(tensor.detach()).reshape(-1) for tensor in tensors]
    device = flat[0].device
    return torch.stack([_sum(_nonfinite(part).to(device) for part in whole.split(_SLICE)) for whole in flat])


def _nonfinite(part: Any) -> Any:
    return part.numel() - torch.count_nonzero(torch.isfinite(part))


def _sum(parts: Iterable[Any]) -> Any:
    return torch.stack(list(parts)).sum()


def largest_component(tensors: Sequence[Any]) -> Any:
    """The largest size of any component; infinite or NaN where one is."""
    norms = [torch.linalg.vector_norm(_dense(tensor.detach()), math.inf) for tensor in tensors if tensor.numel()]
    return torch.stack([precise(norm.to(norms[0].device)) for norm in norms]).max() if norms else torch.zeros(())


# Distributed tensors (FSDP2): each rank holds a shard of each gradient.


def mesh_of(tensors: Iterable[Any]) -> Any:
    """The device mesh of distributed tensors; None where there are none.

    Raises:
        ValueError: they lie on several meshes, as with expert parallelism: their norms cannot be summed over one.
    """
    meshes = {tensor.device_mesh for tensor in tensors if _is_distributed(tensor)}
    if len(meshes) > 1:
        raise ValueError(f"parameters lie on {len(meshes)} device meshes, must lie on one")
    return next(iter(meshes), None)


def _local(tensors: list[Any], mesh: Any) -> tuple[list[Any], list[int] | None]:
    """The parts of the tensors on this rank, and how many ranks hold the same part of each (None: no matter)."""
    if mesh is None:
        return tensors, None
    local, repeats = [], []
    for tensor in tensors:
        if not _is_distributed(tensor):
            local.append(tensor)
            repeats.append(mesh.size())
            continue
        if any(placement.is_partial() for placement in tensor.placements):
            tensor = tensor.redistribute(placements=[_replicate(p) for p in tensor.placements])  # noqa: PLW2901
        local.append(tensor.to_local())
        sizes = (mesh.size(i) for i, placement in enumerate(tensor.placements) if placement.is_replicate())
        repeats.append(math.prod(sizes))
    return local, repeats


def _is_distributed(tensor: Any) -> bool:
    return hasattr(tensor, "device_mesh") and hasattr(tensor, "placements")


def _replicate(placement: Any) -> Any:
    from torch.distributed.tensor import Replicate  # noqa: PLC0415 - newer than the oldest PyTorch we support

    return Replicate() if placement.is_partial() else placement


def _summed(squares: Any, mesh: Any) -> Any:
    """Over all ranks of a mesh: one collective a dimension."""
    import torch.distributed as dist  # noqa: PLC0415 - not built into every PyTorch

    for dimension in range(mesh.ndim):
        dist.all_reduce(squares, group=mesh.get_group(dimension))
    return squares
