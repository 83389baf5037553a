"""What telling a step costs the thread that trains: ``python bench/publisher_cost.py --help``.

Each setting runs in a process of its own: p50, p99 and p99.9 of the calls in microseconds, and how much resident
memory the run added. ``away`` sends to a port where nobody listens; ``kafka`` to ``--bootstrap-server``.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from typing import Any

AWAY = "127.0.0.1:1"


def measure(layers: int, steps: int, pace: int, servers: str) -> dict[str, Any]:
    """Tell so many steps, so many a second (0: flat out)."""
    import numpy as np  # noqa: PLC0415 - only the measured process needs them

    from gradwatch import Publisher  # noqa: PLC0415

    logging.disable()
    norms = np.random.default_rng(1).random(layers).astype(np.float32)
    publisher = Publisher("publisher-cost", bootstrap_servers=servers, handle_sigterm=False)
    publisher.started(layers=[f"layer.{i}" for i in range(layers)])
    for step in range(100):  # the first calls import, connect and begin the thread
        publisher.step(step, loss=1.5, grad_norm=2.5, learning_rate=1e-3, layer_grad_norms=norms)
    time.sleep(1)
    before, costs = _resident_bytes(), []
    due = time.perf_counter_ns()
    for step in range(100, 100 + steps):
        if pace:
            due += 1_000_000_000 // pace
            time.sleep(max(0, due - time.perf_counter_ns()) / 1e9)
        begun = time.perf_counter_ns()
        publisher.step(step, loss=1.5, grad_norm=2.5, learning_rate=1e-3, layer_grad_norms=norms)
        costs.append(time.perf_counter_ns() - begun)
    grown = _resident_bytes() - before
    publisher.close(2)
    stats = publisher.stats()
    costs.sort()
    quantiles = {name: costs[int(share * (steps - 1))] / 1_000 for name, share in _QUANTILES.items()}
    lost = stats.failed + sum(stats.dropped.values())
    return {"layers": layers, **quantiles, "grown_mib": grown / (1 << 20), "lost_share": lost / (steps + 101)}


_QUANTILES = {"p50_us": 0.5, "p99_us": 0.99, "p999_us": 0.999}


def _resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap-server", help="Kafka, as of gradwatch up; without it only away is measured")
    parser.add_argument("--layers", default="10,100,1000")
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="one JSON line a setting")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(**json.loads(options.one))))
        return
    if not options.json:
        print(f"{'kafka':6} {'steps/s':>8} {'layers':>7} {'p50':>8} {'p99':>8} {'p99.9':>8} {'memory':>9} {'lost':>6}")
    places = {"there": options.bootstrap_server, "away": AWAY}
    for place, servers in places.items():
        for pace in (1_000, 0) if servers else ():
            for layers in map(int, options.layers.split(",")):
                one = json.dumps({"layers": layers, "steps": options.steps, "pace": pace, "servers": servers})
                done = subprocess.run([sys.executable, __file__, "--one", one], capture_output=True, check=True)
                row = {"kafka": place, "pace": pace} | json.loads(done.stdout)
                print(json.dumps(row) if options.json else _line(row), flush=True)


def _line(row: dict[str, Any]) -> str:
    times = " ".join(f"{row[name]:8.1f}" for name in _QUANTILES)
    pace = row["pace"] or "flat out"
    return f"{row['kafka']:6} {pace:>8} {row['layers']:7} {times} {row['grown_mib']:6.1f} MiB {row['lost_share']:6.1%}"


if __name__ == "__main__":
    main()
