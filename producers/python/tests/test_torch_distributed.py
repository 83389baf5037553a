"""Two processes that train together: DDP, and FSDP2 where this PyTorch has it."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

VERSION = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
# Sharded gradients need a newer PyTorch than distributions have; without GPUs FSDP2 itself needs 2.8.
KINDS = ["ddp", *(["dtensor"] if VERSION >= (2, 5) else []), *(["fsdp2"] if VERSION >= (2, 8) else [])]

TRAINING = """
import sys
import torch
import torch.distributed as dist
import gradwatch.torch
kind, events, out = sys.argv[1:]
dist.init_process_group("gloo")
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
if kind == "ddp":
    model = torch.nn.parallel.DistributedDataParallel(model)
elif kind == "dtensor":  # one layer in shards, the other on both ranks
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Replicate, Shard, distribute_module, distribute_tensor
    mesh = init_device_mesh("cpu", (2,))

    def place(name, module, mesh):
        for key, parameter in list(module.named_parameters(recurse=False)):
            where = [Shard(0) if name == "0" else Replicate()]
            module.register_parameter(key, torch.nn.Parameter(distribute_tensor(parameter, mesh, where)))

    distribute_module(model, mesh, place, lambda m, i, mesh: (distribute_tensor(i[0], mesh, [Replicate()]),),
                      lambda m, o, mesh: o.full_tensor())
else:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard
    mesh = init_device_mesh("cpu", (2,))
    fully_shard(model[0], mesh=mesh)
    fully_shard(model, mesh=mesh)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
watch = gradwatch.torch.watch(model, optimizer, "two", local=events, details_every=2)
norms = []
for step in range(3):
    torch.manual_seed(100 * step + dist.get_rank())
    optimizer.zero_grad()
    watch.loss(model(torch.randn(4, 5)).pow(2).mean()).backward()
    whole = [p.grad.full_tensor() if hasattr(p.grad, "full_tensor") else p.grad for p in model.parameters()]
    squares = [float(g.double().pow(2).sum()) for g in whole]
    norms.append([(squares[0] + squares[1]) ** 0.5, (squares[2] + squares[3]) ** 0.5])
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
watch.close()
if dist.get_rank() == 0:
    import json
    json.dump(norms, open(out, "w"))
dist.destroy_process_group()
"""


def run_on_two_ranks(script: str, *arguments: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script, *arguments],
            env=os.environ
            | {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
            | {"OMP_NUM_THREADS": "1"},
        )
        for rank in range(2)
    ]
    try:
        assert [process.wait(240) for process in processes] == [0, 0]
    finally:
        for process in processes:
            process.kill()


def trained(kind: str, folder: Path) -> tuple[list[dict[str, Any]], list[list[float]]]:
    events, norms = folder / "events.jsonl", folder / "norms.json"
    run_on_two_ranks(TRAINING, kind, str(events), str(norms))
    rows = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
    return rows, json.loads(norms.read_text("utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_norms_are_those_of_the_whole_gradient_and_told_once(kind: str, tmp_path: Path) -> None:
    rows, norms = trained(kind, tmp_path)
    steps = [row for row in rows if "event" not in row]
    assert [row["step"] for row in steps] == [0, 1, 2]
    assert next(row for row in rows if row.get("event") == "start")["layer_names"] == ["0", "2"]
    for row, expected in zip(steps, norms, strict=True):
        assert row["layer_grad_norms"] == pytest.approx(expected, rel=1e-5)
        assert row["grad_norm"] == pytest.approx(math.hypot(*expected), rel=1e-5)
        assert row["clip_threshold"] == 0.5
        assert "rank" not in row
    assert "layer_weight_norms" in steps[2]
    assert "layer_weight_norms" not in steps[1]


CLIPPING = """
import sys
import torch
import torch.distributed as dist
import gradwatch.torch
from gradwatch import Advisor

def no_broker():
    raise ConnectionError

dist.init_process_group("gloo")
rank = dist.get_rank()
parameter = torch.nn.Parameter(torch.zeros(1))
with Advisor("clipped", floor=0.1, ceiling=1.0 + 4 * rank, consumer=no_broker) as advisor:
    parameter.grad = torch.full((1,), 100.0)
    gradwatch.torch.clip_grad_norm_([parameter], advisor)
print(f"{float(parameter.grad):.3f}", file=open(sys.argv[1] + str(rank), "w"))
"""


def test_all_ranks_clip_as_rank_0_is_advised(tmp_path: Path) -> None:
    run_on_two_ranks(CLIPPING, str(tmp_path / "clipped"))
    assert [(tmp_path / f"clipped{rank}").read_text("utf-8") for rank in range(2)] == ["1.000\n", "1.000\n"]
