"""Numbers from the device, read when they have arrived: nobody waits for them."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable
from typing import Any

import torch

_PENDING = 16
"""Steps that a training may be ahead of its device before one is passed over."""


def at_hand(tensor: Any) -> bool:
    """Whether numbers can be taken from it without waiting for a device."""
    return bool(tensor.device.type == "cpu")


class Readback:
    """Copies vectors to the host asynchronously and hands them over, in order, at a later call."""

    def __init__(self) -> None:
        self._pending: deque[tuple[Any, Any, Callable[[Any], None]]] = deque()
        self._buffers: dict[int, list[Any]] = {}
        self.passed_over = 0

    def read(self, vector: Any, then: Callable[[Any], None]) -> None:
        """Read a vector; ``then`` hears a tensor on the host, at once where it is not on a GPU of CUDA."""
        if not vector.is_cuda:
            then(vector.cpu())  # waits for it: only CUDA's copies tell when they have arrived
            return
        if len(self._pending) >= _PENDING:
            self.passed_over += 1
            return
        buffers = self._buffers.setdefault(vector.numel(), [])
        host = buffers.pop() if buffers else torch.empty(vector.numel(), dtype=vector.dtype, pin_memory=True)
        host.copy_(vector, non_blocking=True)
        arrived = torch.cuda.Event()
        arrived.record(torch.cuda.current_stream(vector.device))
        self._pending.append((arrived, host, then))

    def deliver(self, wait: bool = False) -> None:
        """Hand over what has arrived; ``wait``: everything, at the end of a training."""
        while self._pending:
            arrived, host, then = self._pending[0]
            if wait:
                arrived.synchronize()
            elif not arrived.query():
                return
            self._pending.popleft()
            then(host)
            self._buffers[host.numel()].append(host)


def floats(vector: Any) -> array[float]:
    """The numbers of a tensor on the host, in single precision."""
    try:
        return array("f", vector.float().numpy().tobytes())
    except RuntimeError:  # a PyTorch without NumPy
        return array("f", vector.float().tolist())
