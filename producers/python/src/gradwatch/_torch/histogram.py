"""Gradients by powers of two, without waiting for the device, without much memory and at a bounded cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from gradwatch.events import Log2Histogram

LOWEST = -60
BUCKETS = 100

SAMPLE = 1 << 22
"""Components that are looked at, at most: of more, every second, third... in order; counts are of as many."""


def log2_counts(tensors: Sequence[Any]) -> Any:
    """Counts of the components' sizes, then of zeros, then of NaN and infinities: BUCKETS + 2 integers.

    Below the lowest bucket (2**-60) counts as in it, above the highest likewise. Many adders to few counters are slow
    on a GPU (milliseconds a million), so of large models only ``SAMPLE`` components are taken.
    """
    flat = [(tensor.coalesce().values() if tensor.is_sparse else tensor).detach().reshape(-1) for tensor in tensors]
    stride = max(1, math.ceil(sum(part.numel() for part in flat) / SAMPLE))
    out = torch.zeros(BUCKETS + 2, dtype=torch.int64, device=flat[0].device)
    for part in flat:
        sampled = part[::stride].float()
        # frexp gives 0.5 <= m < 1, so that 2^(e-1) <= |g| < 2^e.
        bucket = (torch.frexp(sampled)[1].long() - 1 - LOWEST).clamp_(0, BUCKETS - 1)
        bucket = torch.where(sampled == 0, BUCKETS, bucket)
        bucket = torch.where(torch.isfinite(sampled), bucket, BUCKETS + 1).to(out.device)
        out.scatter_add_(0, bucket, torch.full_like(bucket, stride))
    return out


def histogram_of(counts: Sequence[int]) -> Log2Histogram | None:
    """The histogram, without the empty buckets at both ends; None where there is nothing in it."""
    buckets, zeros, nonfinite = list(counts[:BUCKETS]), int(counts[BUCKETS]), int(counts[BUCKETS + 1])
    filled = [i for i, count in enumerate(buckets) if count]
    if not filled:
        return Log2Histogram(0, (), zeros, nonfinite) if zeros or nonfinite else None
    low, high = filled[0], filled[-1] + 1
    return Log2Histogram(LOWEST + low, [int(count) for count in buckets[low:high]], zeros, nonfinite)
