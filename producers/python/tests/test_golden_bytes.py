"""The bytes of each language are those of the other."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import fastavro
import pytest

import samples
from conftest import REPOSITORY
from gradwatch import wire

JAVAS = REPOSITORY / "schemas/src/test/resources/golden"
PYTHONS = Path(__file__).parent / "golden"
HISTORY = REPOSITORY / "schemas/src/main/resources/io/gradwatch/schemas/history"
READ = ("TrainingEvent", "ClipRecommendation")


def golden_of_java() -> list[Path]:
    return sorted(path for path in JAVAS.iterdir() if path.name.startswith(READ))


def test_java_has_golden_bytes_of_what_we_read() -> None:
    assert {path.name.split(".")[0].split("-")[0] for path in golden_of_java()} == set(READ)


@pytest.mark.parametrize("path", golden_of_java(), ids=lambda path: path.name)
def test_every_golden_record_of_java_is_read(path: Path) -> None:
    record = path.name.split(".")[0].split("-")[0]

    datum = wire.codec(record).decode(path.read_bytes())

    assert wire.codec(record).encode(_typed(record, datum, path)) == path.read_bytes()


def _typed(record: str, datum: dict, path: Path) -> dict:
    """Names the branch of the body, which the reader leaves out."""
    if record != "TrainingEvent":
        return datum
    body = "io.gradwatch.records." + path.name.split(".")[0].split("-")[1]
    return datum | {"body": (body, datum["body"])}


@pytest.mark.parametrize("name", samples.as_in_java())
def test_typed_events_have_the_bytes_that_java_writes(name: str) -> None:
    [path] = [path for path in golden_of_java() if path.name.rsplit(".v", 1)[0] == name]

    assert wire.codec("TrainingEvent").encode(wire.event_datum(samples.as_in_java()[name])) == path.read_bytes()


def test_every_golden_event_of_java_has_a_typed_one() -> None:
    events = {path.name.rsplit(".v", 1)[0] for path in golden_of_java() if path.name.startswith("TrainingEvent")}

    assert samples.as_in_java().keys() == events


@pytest.mark.parametrize("name", samples.of_python())
def test_golden_bytes_of_python_are_still_written(name: str) -> None:
    """Java reads these files too (``PythonBytesTest``). FREEZE=1 in the environment writes those that are missing."""
    path = PYTHONS / f"{name}.bin"
    written = wire.codec("TrainingEvent").encode(wire.event_datum(samples.of_python()[name]))
    if os.environ.get("FREEZE") and not path.exists():
        path.write_bytes(written)

    assert path.read_bytes() == written


def test_no_golden_file_of_python_goes_unread() -> None:
    assert {path.stem for path in PYTHONS.iterdir()} == samples.of_python().keys()


def test_a_clip_recommendation_of_java_has_the_values_that_java_gave_it() -> None:
    advice = wire.codec("ClipRecommendation").decode((JAVAS / "ClipRecommendation.v1.bin").read_bytes())

    assert (advice["project"], advice["run_id"], advice["attempt"]) == ("default", "run", 0)
    assert (advice["made_at_step"], advice["valid_until_step"]) == (100, 150)
    assert advice["clip_threshold"] == 1.25
    assert advice["layer_clip_thresholds"][0] == 0.5
    assert math.isnan(advice["layer_clip_thresholds"][1])
    assert (advice["clip_value"], advice["learning_rate_factor"], advice["rollback_step"]) == (None, 0.5, 80)
    assert advice["reason"] == "DISTURBANCE"


@pytest.mark.parametrize("record", READ)
def test_fingerprints_are_those_of_java(record: str) -> None:
    """Java's stand in its golden files, after C3 01."""
    versions = sorted((HISTORY / record).glob("v*.avsc"))
    for path in versions:
        schema = json.loads(path.read_text("utf-8"))
        canonical = fastavro.schema.to_parsing_canonical_form(schema)
        ours = bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))
        golden = [file for file in golden_of_java() if file.name.startswith(record) and f".{path.stem}." in file.name]

        assert golden
        assert {file.read_bytes()[2:10] for file in golden} == {ours}
