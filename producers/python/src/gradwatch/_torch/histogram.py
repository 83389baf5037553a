"""Gradients by powers of two, without waiting for the device and without much memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from gradwatch.events import Log2Histogram

LOWEST = -60
BUCKETS = 100
_SLICE = 1 << 22  # elements at once: some 50 MB of scratch, however large an embedding is


def log2_counts(tensors: Sequence[Any]) -> Any:
    """Counts of the components' sizes, then of zeros, then of NaN and infinities: BUCKETS + 2 integers.

    Below the lowest bucket (2**-60) counts as in it, above the highest likewise.
    """
    first = tensors[0]
    out = torch.zeros(BUCKETS + 2, dtype=torch.int64, device=first.device)
    for tensor in tensors:
        whole = (tensor.coalesce().values() if tensor.is_sparse else tensor).detach().reshape(-1)
        if hasattr(whole, "to_local"):
            whole = whole.to_local()
        for begin in range(0, whole.numel(), _SLICE):
            part = whole[begin : begin + _SLICE].float()
            # frexp gives 0.5 <= m < 1, so that 2^(e-1) <= |g| < 2^e.
            bucket = (torch.frexp(part)[1].long() - 1 - LOWEST).clamp_(0, BUCKETS - 1)
            bucket = torch.where(part == 0, BUCKETS, bucket)
            bucket = torch.where(torch.isfinite(part), bucket, BUCKETS + 1)
            counts = torch.zeros_like(out)
            counts.scatter_add_(0, bucket.to(out.device), torch.ones_like(bucket, device=out.device))
            out += counts
    return out


def histogram_of(counts: Sequence[int]) -> Log2Histogram | None:
    """The histogram, without the empty buckets at both ends; None where there is nothing in it."""
    buckets, zeros, nonfinite = list(counts[:BUCKETS]), int(counts[BUCKETS]), int(counts[BUCKETS + 1])
    filled = [i for i, count in enumerate(buckets) if count]
    if not filled:
        return Log2Histogram(0, (), zeros, nonfinite) if zeros or nonfinite else None
    low, high = filled[0], filled[-1] + 1
    return Log2Histogram(LOWEST + low, [int(count) for count in buckets[low:high]], zeros, nonfinite)
