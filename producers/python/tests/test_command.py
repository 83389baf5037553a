"""``python -m gradwatch publish``, as it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import gradwatch
from conftest import HANGS_SECONDS
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


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\xff\xfe\n")

    done = call("publish", "--jsonl", file, *AWAY)

    assert done.returncode == 2
    assert "can't decode byte 0xff" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_went_away_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", gone)

    assert main(["publish", "--jsonl", "/dev/null", *AWAY]) == 0
