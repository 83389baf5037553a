"""A TensorBoard log, written by the real writer while the agent follows it."""

from __future__ import annotations

import math
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import COMMAND, Gradwatch, command
from gradwatch import wire
from publishing import AMPLE
from test_broker import alarms, records

pytest.importorskip("torch")
from torch.utils.tensorboard import SummaryWriter

pytestmark = pytest.mark.broker

RUN = "tensorboard-live"


@pytest.fixture
def agent(gradwatch: Gradwatch, tmp_path: Path) -> Iterator[Path]:
    """The folder that an agent follows."""
    folder = tmp_path / "logs"
    folder.mkdir()
    process = subprocess.Popen(
        [
            *(COMMAND, "agent", "tensorboard", folder, "--run-id", RUN, "--positions", tmp_path / "positions"),
            *("--bootstrap-server", gradwatch.bootstrap_servers),
        ],
        stdin=subprocess.DEVNULL,
    )
    yield folder
    os.kill(process.pid, signal.SIGTERM)
    process.wait(AMPLE)


def test_a_training_that_logs_to_tensorboard_is_watched_while_it_writes(agent: Path, gradwatch: Gradwatch) -> None:
    topic = "gradwatch.events.v1.default"
    with SummaryWriter(agent) as writer:
        for step in range(300):
            growth = 2.0 ** (max(0, step - 200) / 8)
            writer.add_scalar("train/loss", (2 + 0.02 * math.cos(3.1 * step)) * math.sqrt(growth), step)
            writer.add_scalar("train/grad_norm", (1 + 0.05 * math.sin(7.3 * step)) * growth, step)
            writer.add_scalar("train/learning_rate", 0.1, step)
            if step == 100:
                writer.flush()
                # The steps before the newest are whole, and told while the writer has the file open.
                found = [wire.codec("TrainingEvent").decode(m.value()) for m in records(gradwatch, topic, RUN, 101)]
                steps = [event for event in found if "grad_norm" in event["body"]]
                assert [event["step"] for event in steps] == list(range(100))
                assert steps[0]["body"]["loss"] == pytest.approx(2.02)
                assert steps[50]["body"]["grad_norm"] == pytest.approx(1 + 0.05 * math.sin(365))
                assert steps[50]["body"]["learning_rate"] == pytest.approx(0.1)
    raised = alarms(
        command(
            *("tail", "alarms", "--bootstrap-server", gradwatch.bootstrap_servers, "--from-beginning"),
            *("--run", RUN, "--max", 1),
        )
    )
    assert raised[0]["run_id"] == RUN
    assert 200 <= raised[0]["onset_step"] < 300
