"""Which attempt of its run a training is, told by a small file beside its checkpoints."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gradwatch import limits

FILE = "gradwatch.json"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A start of a run."""

    run_id: str
    attempt: int

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Leave it in a folder that is there. Raises OSError."""
        path = Path(folder, FILE)
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps({"run_id": self.run_id, "attempt": self.attempt}) + "\n", "utf-8")
        partial.replace(path)


def last_of(folders: Iterable[str | os.PathLike[str]], run_id: str | None) -> Attempt | None:
    """The last attempt that any of the folders tells of; of this run, or of whatever run where it is None."""
    found = [attempt for attempt in map(_read, folders) if attempt and run_id in (None, attempt.run_id)]
    return max(found, key=lambda attempt: attempt.attempt, default=None)


def _read(folder: str | os.PathLike[str]) -> Attempt | None:
    try:
        said = json.loads(Path(folder, FILE).read_text("utf-8"))
        attempt = int(said["attempt"])
        return Attempt(limits.check_run_id(str(said["run_id"])), attempt) if attempt >= 0 else None
    except (OSError, ValueError, LookupError, TypeError):
        return None  # none, or none of ours
