"""Forks, signals and ends of real processes: nothing hangs, and what was told is in the file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import HANGS_SECONDS

BEGIN = """
import atexit, multiprocessing, os, signal, sys, threading, time
from gradwatch import Publisher
run = Publisher("run", {where})
"""
TO_FILE = "local=sys.argv[1]"
TO_NOWHERE = "bootstrap_servers='127.0.0.1:1'"


@contextmanager
def script(body: str, path: Path, where: str = TO_FILE) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", BEGIN.format(where=where) + body, path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONFAULTHANDLER": "1"}, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()


def run(body: str, path: Path, where: str = TO_FILE, code: int = 0) -> str:
    """What the script printed; it must end by itself, with this code and without complaint."""
    with script(body, path, where) as process:
        out, err = process.communicate(timeout=HANGS_SECONDS)
        assert process.returncode == code, err
        if code == 0:
            assert err == ""
        return out


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def steps(path: Path) -> list[int]:
    return [row["step"] for row in rows(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def test_what_was_told_is_written_at_the_end_of_a_program_that_closes_nothing(path: Path) -> None:
    run("for i in range(5_000): run.step(i, loss=1.0)", path)

    assert steps(path) == list(range(5_000))


def test_it_is_written_where_the_program_ends_by_an_exception_or_by_sys_exit(path: Path) -> None:
    run("run.step(0, loss=1.0)\nraise ValueError('x')", path, code=1)
    run("run.step(1, loss=1.0)\nsys.exit(3)", path, code=3)

    assert steps(path) == [0, 1]


def test_it_is_written_where_another_thread_is_the_last_to_run(path: Path) -> None:
    run(
        """
def work():
    threading.main_thread().join()
    run.step(0, loss=1.0)
threading.Thread(target=work).start()
""",
        path,
    )

    assert steps(path) == [0]


def test_os_exit_ends_at_once(path: Path) -> None:
    run("run.step(0, loss=1.0)\nos._exit(7)", path, code=7)


def test_publishing_while_the_interpreter_ends_harms_nothing(path: Path) -> None:
    run(
        """
import gradwatch._process as module
atexit.unregister(module._at_exit)
atexit.register(lambda: run.step(1, loss=1.0))   # runs second: closed by then
atexit.register(module._at_exit)
run.step(0, loss=1.0)
""",
        path,
    )

    assert steps(path) == [0]


def test_the_first_event_may_come_while_the_interpreter_ends(path: Path) -> None:
    """Python 3.12 and newer start no thread then."""
    run("atexit.register(lambda: run.step(1, loss=1.0))", path)

    assert steps(path) in ([], [1])


def test_a_forked_child_publishes_its_own_events_and_the_parent_its(path: Path) -> None:
    run(
        """
for i in range(100): run.step(i, loss=1.0)
child = os.fork()
if child == 0:
    assert run.stats().accepted == run.stats().queued == 0
    for i in range(1000, 1100): run.step(i, loss=1.0)
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
for i in range(100, 200): run.step(i, loss=1.0)
run.close(60)
assert run.stats().published == 200, run.stats()
""",
        path,
    )

    assert sorted(steps(path)) == [*range(200), *range(1_000, 1_100)]


def test_a_forked_child_may_close_and_may_end_without_any_word(path: Path) -> None:
    run(
        """
run.step(0, loss=1.0)
for end in (lambda: os._exit(0), lambda: sys.exit(0), lambda: (run.close(60), os._exit(0))):
    child = os.fork()
    if child == 0:
        end()
    assert os.waitpid(child, 0)[1] == 0
run.step(1, loss=1.0)
""",
        path,
    )

    assert steps(path) == [0, 1]


@pytest.mark.parametrize("where", [TO_FILE, TO_NOWHERE])
def test_forks_while_threads_publish_hang_nobody(path: Path, where: str) -> None:
    """A lock that another thread held at the fork would never be free in the child."""
    run(
        """
import logging
logging.disable()
on = True
def work():
    i = 0
    while on:
        run.step(i, loss=1.0, layer_grad_norms=[1.0] * 100)
        i += 1
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for _ in range(30):
    child = os.fork()
    if child == 0:
        run.step(7, loss=1.0)
        run.stats()
        run.close(0)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
on = False
for thread in threads: thread.join()
run.close(0)
""",
        path,
        where,
    )


def test_workers_of_a_loader_come_and_go(path: Path) -> None:
    run(
        """
def work(inbox, outbox):
    for item in iter(inbox.get, None):
        outbox.put(item + 1)
def speak(first):
    for i in range(first, first + 10): run.step(i, loss=1.0)
    run.close(60)
fork = multiprocessing.get_context("fork")
run.started()
for epoch in range(3):
    inboxes, outbox = [fork.SimpleQueue() for _ in range(4)], fork.SimpleQueue()
    workers = [fork.Process(target=work, args=(inbox, outbox), daemon=True) for inbox in inboxes]
    for worker in workers: worker.start()
    for i in range(100):
        inboxes[i % 4].put(i)
        run.step(100 * epoch + i, loss=float(outbox.get()))
    for worker in workers[:2]: worker.terminate()
    for inbox in inboxes[2:]: inbox.put(None)
    for worker in workers: worker.join()
    assert [worker.exitcode for worker in workers] == [-signal.SIGTERM] * 2 + [0] * 2
speaker = fork.Process(target=speak, args=(10_000,))
speaker.start()
speaker.join()
assert speaker.exitcode == 0
run.close(60)
assert run.stats().published == 301, run.stats()
""",
        path,
    )

    assert [row["event"] for row in rows(path) if "event" in row] == ["start"]
    assert sorted(row["step"] for row in rows(path) if "loss" in row) == [*range(300), *range(10_000, 10_010)]


@pytest.mark.parametrize("where", [TO_FILE, TO_NOWHERE])
def test_sigterm_ends_the_process_as_it_does_without_us(path: Path, where: str) -> None:
    body = """
import logging
logging.disable()
run.started()
run.step(41, loss=1.0)
print("ready", flush=True)
signal.pause()
"""
    with script(body, path, where) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(HANGS_SECONDS) == -signal.SIGTERM

    if where == TO_FILE:
        assert [row.get("event") for row in rows(path)] == ["start", None, "preempted"]
        assert rows(path)[-1]["step"] == 41


def test_sigterm_in_the_middle_of_publishing_ends_the_process(path: Path) -> None:
    body = """
print("ready", flush=True)
i = 0
while True:
    run.step(i, loss=1.0, layer_grad_norms=[1.0] * 50)
    i += 1
"""
    with script(body, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(HANGS_SECONDS) == -signal.SIGTERM


def terminated(body: str, path: Path, times: int = 1) -> str:
    """What a script said that was terminated so many times, each when it said it is ready; it must die of SIGTERM."""
    with script(body, path) as process:
        assert process.stdout is not None
        for _ in range(times):
            assert process.stdout.readline() == "ready\n"
            process.terminate()
        out, _ = process.communicate(timeout=HANGS_SECONDS)
        assert process.returncode == -signal.SIGTERM
        return out


STUCK = """
import ctypes
run.started()
run.step(41, loss=1.0)
def stuck():   # in native code, for ever: a lock that its own thread holds
    libc, lock = ctypes.CDLL(None), ctypes.create_string_buffer(256)
    libc.pthread_mutex_lock(lock)
    print("ready", flush=True)
    libc.pthread_mutex_lock(lock)
"""


def test_sigterm_ends_a_process_whose_main_thread_is_stuck_in_native_code(path: Path) -> None:
    terminated(STUCK + "stuck()", path)

    assert [row.get("event") for row in rows(path)] == ["start", None, "preempted"]
    assert rows(path)[-1]["step"] == 41


def test_sigterm_ends_a_process_where_what_is_still_to_be_told_hangs(path: Path) -> None:
    terminated(STUCK + "run.before_close(lambda: time.sleep(1e6))\nprint('ready', flush=True)\nsignal.pause()", path)
    terminated(STUCK + "run.before_close(lambda: time.sleep(1e6))\nstuck()", path)

    assert [row.get("event") for row in rows(path)] == ["start", None] * 2


def test_sigterm_of_a_child_is_not_taken_for_the_parents_though_both_ring_the_same_bell(path: Path) -> None:
    run(
        """
from gradwatch import _sigterm
bell = _sigterm._Bell()
child = os.fork()
if child == 0:
    bell._rung.send(bytes([signal.SIGTERM]))
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
bell._rung.send(bytes([signal.SIGINT]))
bell._rung.send(bytes([signal.SIGTERM]))
bell.wait()
bell._heard.setblocking(False)
try:
    bell._heard.recv(1)
except BlockingIOError:
    bell.close()
else:
    raise AssertionError("rung by the child")
""",
        path,
    )


def test_a_forked_child_dies_of_sigterm_at_once_even_in_native_code(path: Path) -> None:
    run(
        STUCK
        + """
ready, told = os.pipe()
child = os.fork()
if child == 0:
    print = lambda *args, **named: os.write(told, b"x")
    stuck()
os.read(ready, 1)
os.kill(child, signal.SIGTERM)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
run.ended()
""",
        path,
    )

    assert [row.get("event") for row in rows(path)] == ["start", None, "completed"]


def test_a_forked_child_that_publishes_is_flushed_at_sigterm(path: Path) -> None:
    run(
        """
ready, told = os.pipe()
child = os.fork()
if child == 0:
    run.started(5)
    os.write(told, b"x")
    while True: signal.pause()
os.read(ready, 1)
os.kill(child, signal.SIGTERM)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
""",
        path,
    )

    assert [row.get("event") for row in rows(path)] == ["start", "preempted"]


SLOW = """
from gradwatch._sinks import FileSink
flush = FileSink.flush
def slow(self, seconds):
    print("ready", flush=True)
    time.sleep(1)
    flush(self, seconds)
FileSink.flush, FileSink.poll, poll = slow, lambda self: None, FileSink.poll
flush = lambda self, seconds: poll(self)
run.started()
"""


def test_a_second_sigterm_does_not_cut_the_flush_short(path: Path) -> None:
    terminated(SLOW + "print('ready', flush=True)\nsignal.pause()", path, times=2)

    assert [row.get("event") for row in rows(path)] == ["start", "preempted"]


def test_sigterm_does_not_cut_a_close_short(path: Path) -> None:
    terminated(SLOW + "run.ended()\nrun.close()\nsignal.pause()", path)

    assert [row.get("event") for row in rows(path)] == ["start", "completed"]


def test_someone_elses_wakeup_descriptor_is_left_alone(path: Path) -> None:
    run(
        """
ours, theirs = os.pipe()
os.set_blocking(theirs, False)
before = signal.set_wakeup_fd(theirs)
assert before != -1
signal.set_wakeup_fd(-1)
child = os.fork()
if child == 0:
    signal.set_wakeup_fd(theirs)
    run.step(0, loss=1.0)
    assert signal.set_wakeup_fd(-1) == theirs
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
""",
        path,
    )


@pytest.mark.parametrize(
    ("end", "code", "outcome"),
    [
        ("raise KeyboardInterrupt", -signal.SIGINT, "cancelled"),
        ("raise ValueError", 1, "failed"),
        ("sys.exit(0)", 0, "end"),
    ],
)
def test_a_run_ends_as_its_process_did(end: str, code: int, outcome: str, path: Path) -> None:
    run("run.started()\n" + end, path, code=code)

    assert [row.get("event") for row in rows(path)] == ["start", outcome]


def test_a_publisher_that_nobody_holds_is_sent_at_the_end(path: Path) -> None:
    run("run.started()\nfor i in range(5_000): run.step(i, loss=1.0)\ndel run", path)

    assert len(rows(path)) == 5_002
    assert rows(path)[-1]["event"] == "end"


def test_a_fork_beside_a_publisher_that_nobody_holds_hangs_nobody(path: Path) -> None:
    run(
        """
import logging
logging.disable()
run.started()
del run
child = os.fork()
if child == 0:
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
""",
        path,
        TO_NOWHERE,
    )


def test_a_handler_of_the_trainers_own_is_left_alone(path: Path) -> None:
    body = """
mine = lambda number, frame: sys.exit(5)
signal.signal(signal.SIGTERM, mine)
other = Publisher("other", local=sys.argv[1])
assert signal.getsignal(signal.SIGTERM) is mine
run.step(0, loss=1.0)
print("ready", flush=True)
while True: time.sleep(60)
"""
    with script(body, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(HANGS_SECONDS) == 5

    assert steps(path) == [0]


def test_no_handler_is_set_where_nobody_wants_one(path: Path) -> None:
    run("assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL", path, TO_FILE + ", handle_sigterm=False")
    run("assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL", path)


def test_a_publisher_may_be_made_in_another_thread(path: Path) -> None:
    run(
        """
def work():
    with Publisher("other", local=sys.argv[1]) as other:
        other.step(0, loss=1.0)
thread = threading.Thread(target=work)
thread.start()
thread.join()
""",
        path,
    )

    assert [row.get("event") for row in rows(path)] == [None, "completed"]


def test_an_end_with_kafka_away_loses_the_events_and_nothing_else(path: Path) -> None:
    run(
        """
import logging
logging.disable()
for i in range(20_000): run.step(i, loss=1.0)
run.close(1)
run._outbox.sender.join()   # which a slow machine does not wait for
stats = run.stats()
assert stats.published == stats.queued == 0, stats
assert stats.accepted == stats.failed + stats.dropped["CLOSED"], stats
assert stats.accepted + stats.dropped["QUEUE_FULL"] == 20_000, stats
""",
        path,
        TO_NOWHERE,
    )


def test_a_program_that_closes_nothing_ends_with_kafka_away(path: Path) -> None:
    run("import logging; logging.disable()\nrun.step(0, loss=1.0)", path, TO_NOWHERE)


def test_a_broken_file_costs_events_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "goes"
    folder.mkdir()
    run(
        """
import logging
logging.disable()
os.rmdir(os.path.dirname(sys.argv[1]))
for i in range(100): run.step(i, loss=1.0)
run.close(0.1)
assert run.stats().published == 0
""",
        folder / "events.jsonl",
    )


ADVISED = """
import logging
logging.disable()
from gradwatch import Advisor
advisor = Advisor(floor=0.1, ceiling=10, bootstrap_servers="127.0.0.1:1", feedback=run)
for i in range(50): run.step(i, loss=1.0, clip_threshold=advisor.clip_threshold(i, 2.0))
"""


def test_a_program_that_closes_no_advisor_ends(path: Path) -> None:
    run(ADVISED, path)

    assert steps(path) == list(range(50))


def test_a_forked_child_goes_on_by_the_guard_and_may_close_the_advisor(path: Path) -> None:
    run(
        ADVISED
        + """
child = os.fork()
if child == 0:
    assert advisor.clip_threshold(50, 3.0) == 2.0
    advisor.close()
    assert advisor.clip_threshold(51, 3.0) == 10
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert advisor.clip_threshold(50, 3.0) == 2.0
advisor.close()
assert not advisor._reader.is_alive()
""",
        path,
    )
