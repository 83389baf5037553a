"""``python -m gradwatch publish``: JSON lines to Kafka, for any trainer that writes or prints them."""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from gradwatch import Publisher, __version__
from gradwatch.rows import RowFormatError, RowReader

_ROOM_SECONDS = 0.05
_ENDING = re.compile(r"(\.(jsonl|ndjson|json))?(\.gz)?\Z")
_EXIT_BAD_LINES = 1
_EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0, or 1 where lines were refused or events lost, or 2 where it was called wrongly."""
    parser = argparse.ArgumentParser(prog="python -m gradwatch", description=__doc__)
    parser.add_argument("--version", action="version", version=f"gradwatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    publish = commands.add_parser("publish", help="publish the steps of a file of JSON lines, or of stdin")
    publish.add_argument("--jsonl", required=True, metavar="FILE", help="the file, which may be a .gz; - for stdin")
    publish.add_argument("--run-id", help="for lines without 'run'; default: the file's name, else the environment's")
    publish.add_argument("--follow", action="store_true", help="wait for more lines at the file's end")
    publish.add_argument("--bootstrap-server", help="Kafka's host:port,...; default: as for Publisher")
    publish.add_argument("--command-config", metavar="FILE", help="properties of Kafka's client")
    publish.add_argument("--project", help="default: GRADWATCH_PROJECT, else default")
    publish.add_argument("--allow-plaintext", action="store_true", help="without TLS to other machines, too")
    options = parser.parse_args(arguments)
    try:
        return _publish(options)
    except BrokenPipeError:
        return 0
    except (OSError, ValueError) as e:
        print(f"gradwatch: {e}", file=sys.stderr)
        return _EXIT_USAGE
    except KeyboardInterrupt:
        return 130


def _publish(options: argparse.Namespace) -> int:
    name = options.jsonl
    if options.follow and name.endswith(".gz"):
        raise ValueError(f"{name}: a .gz file cannot be followed")
    run_id = options.run_id or (None if name == "-" else _ENDING.sub("", Path(name).name, count=1))
    refused = 0
    with (
        _opened(name) as source,
        Publisher(
            run_id,
            bootstrap_servers=options.bootstrap_server,
            project=options.project,
            client_file=options.command_config,
            allow_plaintext=options.allow_plaintext or None,
        ) as publisher,
    ):
        publisher.leave_end_unsaid()
        reader = RowReader(publisher.run_id, lambda: time.time_ns() // 1_000_000, steps_back_resume=True)
        try:
            for number, line in enumerate(_lines(source, name, options.follow), 1):
                if not line.strip():
                    continue
                try:
                    for event in reader.events(line.decode()):
                        publisher.wait_for_room()
                        publisher.publish_event(event)
                except (RowFormatError, UnicodeDecodeError) as e:
                    refused += 1
                    print(f"{name}:{number}: {e}", file=sys.stderr)
        finally:
            publisher.close(60.0)
        stats = publisher.stats()
    lost = stats.failed + sum(stats.dropped.values())
    print(json.dumps({"published": stats.published, "lost": lost, "lines_refused": refused}))
    return _EXIT_BAD_LINES if refused or lost else 0


def _opened(name: str) -> IO[bytes] | gzip.GzipFile:
    if name == "-":
        return sys.stdin.buffer
    return gzip.open(name) if name.endswith(".gz") else Path(name).open("rb")


def _lines(source: IO[bytes] | gzip.GzipFile, name: str, follow: bool) -> Iterator[bytes]:
    cut = b""
    while True:
        try:
            line = source.readline()
        except (EOFError, gzip.BadGzipFile, zlib.error) as e:
            raise ValueError(f"{name}: no gzip data, or damaged: {e}") from None
        if line.endswith(b"\n") or (line and not follow):
            yield cut + line
            cut = b""
        elif line:
            cut += line
        elif follow:
            time.sleep(_ROOM_SECONDS)
        else:
            return


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.exit(code)
