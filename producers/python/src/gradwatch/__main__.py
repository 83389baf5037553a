"""``python -m gradwatch publish``: JSON lines to Kafka, for any trainer that writes or prints them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from gradwatch import Publisher, __version__
from gradwatch.rows import RowFormatError, RowReader

_ROOM_SECONDS = 0.05
_EXIT_BAD_LINES = 1
_EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0, or 1 where lines were refused or events lost, or 2 where it was called wrongly."""
    parser = argparse.ArgumentParser(prog="python -m gradwatch", description=__doc__)
    parser.add_argument("--version", action="version", version=f"gradwatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    publish = commands.add_parser("publish", help="publish the steps of a file of JSON lines, or of stdin")
    publish.add_argument("--jsonl", required=True, metavar="FILE", help="the file; - for stdin")
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
    run_id = options.run_id or (None if name == "-" else Path(name).name.split(".")[0])
    refused = 0
    with (
        sys.stdin if name == "-" else Path(name).open(encoding="utf-8") as source,
        Publisher(
            run_id,
            bootstrap_servers=options.bootstrap_server,
            project=options.project,
            client_file=options.command_config,
            allow_plaintext=options.allow_plaintext or None,
        ) as publisher,
    ):
        publisher.leave_end_unsaid()
        reader = RowReader(publisher.run_id, lambda: time.time_ns() // 1_000_000)
        try:
            for number, line in enumerate(_lines(source, options.follow), 1):
                if not line.strip():
                    continue
                try:
                    for event in reader.events(line):
                        publisher.wait_for_room()
                        publisher.publish_event(event)
                except RowFormatError as e:
                    refused += 1
                    print(f"{name}:{number}: {e}", file=sys.stderr)
        finally:
            publisher.close(60.0)
        stats = publisher.stats()
    lost = stats.failed + sum(stats.dropped.values())
    print(json.dumps({"published": stats.published, "lost": lost, "lines_refused": refused}))
    return _EXIT_BAD_LINES if refused or lost else 0


def _lines(source: IO[str], follow: bool) -> Iterator[str]:
    cut = ""
    while True:
        line = source.readline()
        if line.endswith("\n") or (line and not follow):
            yield cut + line
            cut = ""
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
