"""What several tests need: a clean environment, and a Kafka with the job."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = REPOSITORY / "deploy/bin/gradwatch"
HANGS_SECONDS = 120  # what takes a moment elsewhere
START_SECONDS = 600  # it may have to be built first

_LAUNCHERS = ("GRADWATCH_", "SLURM", "TORCHELASTIC_", "OMPI_", "PMI_", "WANDB_")
_NAMES = ("GRADWATCH", "RANK", "WORLD_SIZE", "RUN_ID")
_KEPT = ("GRADWATCH_NO_BUILD", "GRADWATCH_JAVA_OPTS")


_MUST_RUN = os.environ.get("GRADWATCH_TESTS_COMPLETE") == "1"


def _must_run(report: Any) -> None:
    """Make a failure of a skip, where none may be."""
    if _MUST_RUN and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"GRADWATCH_TESTS_COMPLETE is 1, and this did not run: {reason}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    _must_run((yield).get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    _must_run((yield).get_result())


@pytest.fixture(autouse=True)
def _no_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test says itself what its environment is."""
    for name in list(os.environ):
        if (name.startswith(_LAUNCHERS) or name in _NAMES) and name not in _KEPT:
            monkeypatch.delenv(name)


class Gradwatch:
    """``gradwatch up``: a broker and the job in one process."""

    def __init__(self, data: Path, port: int = 0) -> None:
        self.bootstrap_servers = ""
        self._output: list[str] = []
        self._is_up = threading.Event()
        self._process = subprocess.Popen(
            [COMMAND, "up", "--port", str(port), "--data", data],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._is_up.wait(START_SECONDS) or not self.bootstrap_servers:
            self.stop()
            log = data / "gradwatch.log"
            tail = log.read_text("utf-8")[-4000:] if log.exists() else ""
            pytest.fail(f"gradwatch up is not up: {''.join(self._output)}{tail}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._output.append(line)
            if line.startswith("kafka "):
                self.bootstrap_servers = line.split()[1]
            if line.startswith("Up until"):
                self._is_up.set()
        self._is_up.set()  # or it ended

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="session")
def gradwatch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradwatch]:
    """Kafka and the job, once for all tests; each takes a run or a project of its own."""
    service = Gradwatch(tmp_path_factory.mktemp("gradwatch"))
    yield service
    service.stop()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for what becomes true by itself."""
    end = time.monotonic() + HANGS_SECONDS
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {HANGS_SECONDS} s"
        threading.Event().wait(0.01)


def command(*arguments: object, stdin: Path = Path(os.devnull), timeout: float = 600) -> str:
    """What a ``gradwatch`` command says on standard output; fails with what it says otherwise."""
    with stdin.open("rb") as source:
        done = subprocess.run(
            [str(argument) for argument in (COMMAND, *arguments)],
            capture_output=True, text=True, timeout=timeout, check=False, stdin=source,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
