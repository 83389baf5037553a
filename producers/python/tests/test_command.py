"""``python -m gradwatch publish``, as it is called."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import gradwatch
from conftest import HANGS_SECONDS
from gradwatch import Publisher, TrainingEvent
from gradwatch import __main__ as command
from gradwatch.__main__ import main


def call(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gradwatch", *map(str, arguments)],
        input=stdin, capture_output=True, text=True, check=False, timeout=HANGS_SECONDS,
    )  # fmt: skip


AWAY = ("--bootstrap-server", "127.0.0.1:1")


def test_its_version_is_the_packages() -> None:
    assert call("--version").stdout == f"gradwatch {gradwatch.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "required: command"),
        (("publish",), "required: --jsonl"),
        (("publish", "--jsonl", "/no/such/file"), "gradwatch: [Errno 2] No such file"),
        (("publish", "--jsonl", "/dev/null", "--bootstrap-server", "kafka:9092"), "must be SSL or SASL_SSL"),
        (("publish", "--jsonl", "/dev/null", "--project", "A"), "gradwatch: project is 'A'"),
        (("publish", "--jsonl", "/dev/null", "--run-id", " "), "gradwatch: run id is ' '"),
        (("publish", "--jsonl", "/dev/null", "--command-config", "/no/such/file"), "No such file"),
    ],
    ids=str,
)
def test_a_wrong_call_is_told_in_a_line(arguments: tuple[str, ...], complaint: str) -> None:
    done = call(*arguments)

    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_to_publish_is_no_failure() -> None:
    done = call("publish", "--jsonl", "/dev/null", *AWAY)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"published": 0, "lost": 0, "lines_refused": 0}


def test_lines_that_are_none_are_told_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('\n{"loss": 1}\nx\n', "utf-8")

    done = call("publish", "--jsonl", file, *AWAY)

    assert done.returncode == 1
    assert f"{file}:2: no field 'step'" in done.stderr
    assert f"{file}:3: found 'x" in done.stderr
    assert json.loads(done.stdout)["lines_refused"] == 2


def test_a_line_that_is_no_text_is_refused_and_the_next_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'\xff\xfe\n{"loss": 1}\n')

    done = call("publish", "--jsonl", file, *AWAY)

    assert done.returncode == 1
    assert f"{file}:1: " in done.stderr
    assert "can't decode byte 0xff" in done.stderr
    assert f"{file}:2: no field 'step'" in done.stderr
    assert json.loads(done.stdout)["lines_refused"] == 2


def test_lines_of_stdin_are_read_as_bytes_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gradwatch", "publish", "--jsonl", "-", *AWAY],
        input=b'\xff\n{"loss": 1}', capture_output=True, check=False, timeout=HANGS_SECONDS,
    )  # fmt: skip

    assert done.returncode == 1
    assert json.loads(done.stdout)["lines_refused"] == 2


class Published:
    """What the command gives its publisher, which is none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[TrainingEvent] = []

        def make(run_id: str | None, **_: object) -> Publisher:
            publisher = Publisher(run_id, local=os.devnull, handle_sigterm=False)
            monkeypatch.setattr(publisher, "publish_event", self.events.append)
            return publisher

        monkeypatch.setattr(command, "Publisher", make)

    def of(self, file: Path) -> list[TrainingEvent]:
        self.events.clear()
        assert main(["publish", "--jsonl", str(file)]) == 0
        return self.events


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    return Published(monkeypatch)


@pytest.mark.parametrize(
    ("name", "run_id"),
    [
        ("lr0.1.jsonl", "lr0.1"), ("lr0.2.ndjson", "lr0.2"), ("a.json", "a"), ("a.b.jsonl.gz", "a.b"), ("v1.5", "v1.5"),
        ("a.jsonl.jsonl", "a.jsonl"),
    ],
)  # fmt: skip
def test_the_run_is_the_files_name_without_its_ending(
    name: str, run_id: str, tmp_path: Path, published: Published
) -> None:
    content = b'{"step": 0, "loss": 1}\n'
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)

    assert {event.run_id for event in published.of(tmp_path / name)} == {run_id}


def test_a_step_that_goes_back_begins_the_next_attempt(tmp_path: Path, published: Published) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(f'{{"step": {step}, "loss": 1}}\n' for step in (0, 1, 2, 2, 1, 2)), "utf-8")

    assert [(event.attempt, event.step, type(event.body).__name__) for event in published.of(file)] == [
        (0, 0, "RunStarted"), (0, 0, "StepCompleted"), (0, 1, "StepCompleted"), (0, 2, "StepCompleted"),
        (0, 2, "StepCompleted"), (1, 1, "RunStarted"), (1, 1, "StepCompleted"), (1, 2, "StepCompleted"),
    ]  # fmt: skip


@pytest.mark.parametrize("damage", [lambda data: data[:-12], lambda _: b"{}", lambda data: data[:30] + b"x" * 30])
def test_damaged_gzip_is_told_in_a_line(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(damage(gzip.compress(os.urandom(1_000).hex().encode())))

    done = call("publish", "--jsonl", file, *AWAY)

    assert done.returncode == 2
    assert f"gradwatch: {file}: no gzip data, or damaged: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_gzip_file_cannot_be_followed(tmp_path: Path) -> None:
    done = call("publish", "--jsonl", tmp_path / "a.jsonl.gz", "--follow", *AWAY)

    assert done.returncode == 2
    assert "a.jsonl.gz: a .gz file cannot be followed" in done.stderr


def test_a_reader_that_went_away_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", gone)

    assert main(["publish", "--jsonl", "/dev/null", *AWAY]) == 0
