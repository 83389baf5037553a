"""A forked process, such as a worker that loads data, does not end its parent's run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, signal, sys
from gradwatch import Publisher
run = Publisher("parent", local=sys.argv[1])
run.started()
run.step(0, loss=1.0)
ready, told = os.pipe()
child = os.fork()
if child == 0:
    if sys.argv[2] == "exits":
        sys.exit(0)
    os.write(told, b"x")
    while True:
        signal.pause()
if sys.argv[2] == "terminated":
    os.read(ready, 1)
    os.kill(child, signal.SIGTERM)
os.waitpid(child, 0)
run.step(1, loss=1.0)
run.ended()
"""


@pytest.mark.parametrize("how", ["exits", "terminated"])
def test_a_child_that_ends_does_not_end_the_run(how: str, tmp_path: Path) -> None:
    path = tmp_path / "parent.jsonl"
    subprocess.run([sys.executable, "-c", SCRIPT, str(path), how], check=True, timeout=120)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row.get("event", row["step"]) for row in rows] == ["start", 0, 1, "completed"]
