"""Bounds of the wire contract and names of the topics, as ``io.gradwatch.schemas`` has them in Java."""

from __future__ import annotations

import re
import unicodedata

MAX_RECORD_BYTES = 512 * 1024
"""Most bytes of one encoded record, framing included."""

MAX_STEP = 1 << 53
"""Largest step: the largest integer below which doubles skip none."""

MAX_ATTEMPT = (1 << 31) - 1
MAX_RANK = 1_048_575
MAX_LAYERS = 16_384
MAX_NAME_BYTES = 256
MAX_TEXT_BYTES = 1_024
MAX_URI_BYTES = 4_096
MAX_METRICS = 256
MAX_TAGS = 256
MAX_HISTOGRAM_BUCKETS = 256
MAX_HISTOGRAM_EXPONENT = 1_100

DEFAULT_PROJECT = "default"

_PROJECT = re.compile(r"[a-z0-9-]{1,64}")


def check_run_id(run_id: str) -> str:
    """Return the id when it is a run's.

    Raises:
        ValueError: it is blank, takes more than 256 bytes of UTF-8, or holds a control character or a lone surrogate.

    """
    if not isinstance(run_id, str):
        raise ValueError(f"run id is {run_id!r}, must be a string")
    for i, c in enumerate(run_id):
        category = unicodedata.category(c)
        if category in ("Cc", "Cs"):
            kind = "control character" if category == "Cc" else "lone surrogate"
            raise ValueError(f"run id at {i} is {kind} U+{ord(c):04X}, must be a character that shows")
    size = len(run_id.encode())
    if size > MAX_NAME_BYTES:
        raise ValueError(f"run id takes {size} bytes of UTF-8, must be at most {MAX_NAME_BYTES}")
    if not run_id.strip():
        raise ValueError(f"run id is {run_id!r}, must be 1 to 256 bytes that show")
    return run_id


def check_project(project: str) -> str:
    """Return the name when it is a project's: 1 to 64 lower-case letters, digits and dashes; else ValueError."""
    if not _PROJECT.fullmatch(project):
        raise ValueError(f"project is {project!r}, must be 1 to 64 lower-case letters, digits and dashes")
    return project


def events_topic(project: str) -> str:
    """Topic of the events of a project's runs."""
    return f"gradwatch.events.v1.{check_project(project)}"


def recommendations_topic(project: str) -> str:
    """Topic of the clip advice for a project's runs."""
    return f"gradwatch.recommendations.v1.{check_project(project)}"


def cut(text: str, max_bytes: int) -> str:
    """Cut text to so many bytes of UTF-8, at a character; half a surrogate pair, which has none, becomes ``?``."""
    encoded = text.encode("utf-8", "replace")
    return encoded[:max_bytes].decode("utf-8", "ignore")
