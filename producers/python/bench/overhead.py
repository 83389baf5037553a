"""What watching costs a training: the same model with and without, step by step in turns.

    python producers/python/bench/overhead.py [--bootstrap-server HOST:PORT] [--json]

Each variant has its own copy of the model and optimizer and takes one step of each round, in an order that rotates, so
that whatever else the machine does falls on all alike. Two figures a variant: the median of its step's time over the
plain loop's in the same round, which strays by a percent or so, and the time spent inside the watch's own calls over
the step's, which does not.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

import gradwatch.torch
from gradwatch import Publisher
from gradwatch._torch.watch import Watch

NOWHERE = "localhost:1"


class Language(torch.nn.Module):
    """A small causal transformer."""

    def __init__(self, width: int, depth: int, vocabulary: int = 2_000) -> None:
        super().__init__()
        self.embed = torch.nn.Embedding(vocabulary, width)
        block = torch.nn.TransformerEncoderLayer(width, 4, 4 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.blocks = torch.nn.TransformerEncoder(block, depth, enable_nested_tensor=False)
        self.head = torch.nn.Linear(width, vocabulary)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        mask = torch.triu(torch.full((tokens.shape[1],) * 2, float("-inf"), device=tokens.device), diagonal=1)
        return self.head(self.blocks(self.embed(tokens), mask))


class Variant:
    """A loop, watched or not, that knows how long its last step took and how much of it was the watch's."""

    def __init__(self, name: str, model: torch.nn.Module, watch: Callable[[Any, Any], Any] | None, clip: bool) -> None:
        self.name, self.clip = name, clip
        self.model = copy.deepcopy(model)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        self.times: list[float] = []
        self.inside: list[float] = []
        self._spent = 0.0
        self.watch = None if watch is None else watch(self.model, self.optimizer)

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return call(*args, **kwargs)
            finally:
                self._spent += time.perf_counter() - began

        return wrapped

    def step(self, tokens: torch.Tensor) -> None:
        self._spent = 0.0
        began = time.perf_counter()
        self.optimizer.zero_grad(set_to_none=True)
        out = self.model(tokens[:, :-1])
        loss = torch.nn.functional.cross_entropy(out.flatten(0, 1), tokens[:, 1:].flatten())
        if self.watch is not None:
            self.watch.loss(loss)
        loss.backward()
        if self.clip:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        if tokens.is_cuda:
            torch.cuda.synchronize()
        self.times.append(time.perf_counter() - began)
        self.inside.append(self._spent)


def main() -> None:
    """Measure, and print a table or JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--warm-up", type=int, default=8)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--length", type=int, default=129)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--bootstrap-server", help="a Kafka that is there, for the variants that want one")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each variant")
    options = parser.parse_args()

    torch.manual_seed(0)
    model = Language(options.width, options.depth).to(options.device)
    folder = Path(tempfile.mkdtemp(prefix="gradwatch-overhead"))

    def watch(**settings: Any) -> Callable[[Any, Any], Watch]:
        servers = settings.pop("servers", None)

        def make(model: Any, optimizer: Any) -> Watch:
            local = None if servers else folder / f"{len(list(folder.iterdir()))}.jsonl"
            publisher = Publisher("overhead", local=local, bootstrap_servers=servers)
            return gradwatch.torch.watch(model, optimizer, publisher=publisher, **settings)

        return make

    there = {"servers": options.bootstrap_server} if options.bootstrap_server else {}
    variants = [
        Variant("plain", model, None, True),
        Variant("layers and details every 50", model, watch(**there), True),
        Variant("layers", model, watch(details_every=0, **there), True),
        Variant("global only", model, watch(layers=False, details_every=0, **there), True),
        Variant("layers, broker down", model, watch(details_every=0, servers=NOWHERE), True),
        Variant("global only, broker down", model, watch(layers=False, details_every=0, servers=NOWHERE), True),
    ]
    for variant in variants[1:]:
        time_calls(variant)
    for round_ in range(options.warm_up + options.rounds):
        tokens = torch.randint(0, 2_000, (options.batch, options.length), device=options.device)
        for i in range(len(variants)):
            variants[(round_ + i) % len(variants)].step(tokens)
        if sys.stderr.isatty():
            print(f"\r{round_ + 1} of {options.warm_up + options.rounds}", end="", file=sys.stderr)
    rows = [row(variant, variants[0], options.warm_up) for variant in variants]
    parameters = list(model.parameters())
    about = {
        "device": torch.cuda.get_device_name()
        if options.device == "cuda"
        else f"cpu, {torch.get_num_threads()} threads",
        "torch": torch.__version__,
        "parameters": sum(p.numel() for p in parameters),
        "tensors": len(parameters),
    }
    if options.json:
        for line in rows:
            print(json.dumps(about | line))
        return
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(
        "| variant | a step, median | over the plain loop's | inside the watch | of the step |\n|---|---|---|---|---|"
    )
    for line in rows:
        print(
            f"| {line['variant']} | {line['step_ms']:.2f} ms | {line['ratio']:.4f} | {line['inside_us']:.0f} µs"
            f" | {100 * line['share']:.2f} % |"
        )


def time_calls(variant: Variant) -> None:
    """Count the time of every call that a training's thread makes into the watch."""
    watch = variant.watch
    assert watch is not None
    for hook in ("before_clip", "after_clip", "loss"):
        setattr(watch, hook, variant.timed(getattr(watch, hook)))
    for remove in watch._removes:
        remove()
    for hook in ("_before_step", "_after_step"):
        setattr(watch, hook, variant.timed(getattr(watch, hook)))
    watch._removes = []
    watch._hook(None)


def row(variant: Variant, plain: Variant, warm_up: int) -> dict[str, Any]:
    """Figures of a variant."""
    times, bases = variant.times[warm_up:], plain.times[warm_up:]
    step = statistics.median(times)
    inside = statistics.fmean(variant.inside[warm_up:])
    return {
        "variant": variant.name,
        "step_ms": 1e3 * step,
        "ratio": statistics.median(mine / base for mine, base in zip(times, bases, strict=True)),
        "inside_us": 1e6 * inside,
        "share": inside / statistics.fmean(times),
    }


if __name__ == "__main__":
    main()
