"""Bytes of events and advice: Avro single-object encoding (C3 01, fingerprint of the writer's schema, body).

The schemas are the frozen files that Java reads too; a writer's schema is looked up among them, never taken from a
message. With a registry Confluent framing (00, id) is read as well, where the id's schema is one of them.
"""

from __future__ import annotations

import functools
import io
import json
import re
import struct
from array import array
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any

import fastavro
from fastavro.schema import fingerprint, parse_schema, to_parsing_canonical_form

from gradwatch import limits
from gradwatch._checks import check_event
from gradwatch.events import Body, Log2Histogram, TrainingEvent
from gradwatch.registry import SchemaRegistry

_HEADER = b"\xc3\x01"
_CONFLUENT = struct.Struct(">BI")
_NAMESPACE = "io.gradwatch.records."
_IN_REPOSITORY = "schemas/src/main/resources/io/gradwatch/schemas/history"


class RecordFormatError(ValueError):
    """Bytes that are no record of this type; the message says what was found."""


class RecordCodec:
    """Bytes of one record type, both ways; writes the newest frozen version and reads all of them."""

    def __init__(self, record: str) -> None:
        """Read the frozen schemas of a record, such as ``TrainingEvent``."""
        by_version = sorted(_frozen(record).items())
        if not by_version:
            raise RuntimeError(f"the package lacks the frozen schemas of {record}: install it again")
        self._record = record
        self._writers: dict[bytes, Any] = {}
        self._writers_by_id: dict[tuple[SchemaRegistry, int], Any] = {}
        for _, text in by_version:
            raw = json.loads(text)
            crc = fingerprint(to_parsing_canonical_form(raw), "CRC-64-AVRO")
            self._schema = parse_schema(raw)
            self._prefix = _HEADER + bytes.fromhex(crc)
            self._writers[self._prefix] = self._schema

    def encode(self, datum: Mapping[str, Any]) -> bytes:
        """Encode a record.

        Raises:
            ValueError: it takes more than 512 KiB, or a value does not fit its field.

        """
        out = io.BytesIO()
        out.write(self._prefix)
        fastavro.schemaless_writer(out, self._schema, datum)
        size = out.tell()
        if size > limits.MAX_RECORD_BYTES:
            raise ValueError(f"the record takes {size} bytes, must be at most {limits.MAX_RECORD_BYTES}")
        return out.getvalue()

    def decode(self, value: bytes, registry: SchemaRegistry | None = None) -> dict[str, Any]:
        """Decode a record as the newest version reads it.

        Raises:
            RecordFormatError: other framing, a writer's schema that is not known, bytes cut short or too many.
            RegistryError: the registry cannot be asked, which says nothing about the record.

        """
        if len(value) > limits.MAX_RECORD_BYTES:
            raise RecordFormatError(f"found {len(value)} bytes, must be at most {limits.MAX_RECORD_BYTES}")
        start = 10
        writer = self._writers.get(value[:start])
        if writer is None and registry is not None and len(value) >= _CONFLUENT.size and value[0] == 0:
            start = _CONFLUENT.size
            writer = self._registered(registry, _CONFLUENT.unpack_from(value)[1])
        if writer is None:
            raise RecordFormatError(
                f"found {value[:10].hex(' ') or 'no bytes'}, must begin with C3 01 and the fingerprint of a"
                f" known version of {self._record}"
            )
        source = io.BytesIO(value)
        source.seek(start)
        try:
            datum = fastavro.schemaless_reader(source, writer, self._schema)
        except Exception as e:  # fastavro has no common error; whatever it is, the bytes are no record
            raise RecordFormatError(f"cannot be read as {self._record}: {type(e).__name__}: {e}") from e
        if source.tell() != len(value):
            raise RecordFormatError(f"{len(value) - source.tell()} bytes follow the record, must be none")
        if not isinstance(datum, dict):
            raise RecordFormatError(f"found {type(datum).__name__}, must be a record")
        return datum

    def _registered(self, registry: SchemaRegistry, schema_id: int) -> Any:
        writer = self._writers_by_id.get((registry, schema_id))
        if writer is not None:
            return writer
        text = registry.schema(schema_id)
        if text is None:
            raise RecordFormatError(f"schema id is {schema_id}, which the registry does not know")
        writer = self._writers.get(_prefix(text))
        if writer is None:
            raise RecordFormatError(f"schema id is {schema_id}, no known version of {self._record}")
        self._writers_by_id[registry, schema_id] = writer
        return writer


def _prefix(text: str) -> bytes:
    """What single-object encoding by this schema begins with; nothing of what is no schema."""
    try:
        canonical = to_parsing_canonical_form(json.loads(text))
        return _HEADER + bytes.fromhex(fingerprint(canonical, "CRC-64-AVRO"))
    except Exception:  # fastavro has no common error, and a text may nest without bound
        return b""


@functools.cache
def codec(record: str) -> RecordCodec:
    """The codec of a record type, made once: it takes some milliseconds."""
    return RecordCodec(record)


def encode_event(event: TrainingEvent) -> bytes:
    """Encode an event.

    Raises:
        ValueError: the envelope or the body breaks the wire contract, or the record takes more than 512 KiB.

    """
    check_event(event)
    return codec("TrainingEvent").encode(event_datum(event))


def event_datum(event: TrainingEvent) -> dict[str, Any]:
    """The event as Avro's writer takes it, unchecked."""
    return {
        "run_id": event.run_id,
        "attempt": event.attempt,
        "step": event.step,
        "emitted_at": event.emitted_at,
        "rank": event.rank,
        "body": (_NAMESPACE + type(event.body).__name__, body_datum(event.body)),
    }


def body_datum(body: Body) -> dict[str, Any]:
    """The body's fields as plain numbers, strings, lists and dictionaries, unchecked."""
    return {f.name: _plain(f.name, getattr(body, f.name)) for f in fields(body)}


_NUMBERS = frozenset(
    {
        *("loss", "grad_norm", "learning_rate", "clip_threshold", "loss_scale"),
        *("nonfinite_count", "batch_size", "grad_abs_max", "advised", "applied"),
    }
)


def _plain(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _NUMBERS:
        return float(value)
    if isinstance(value, (bool, str)) and not isinstance(value, Enum):
        return value
    if name == "update_skipped":
        return bool(value)
    if name == "metrics":
        return {str(metric): float(number) for metric, number in value.items()}
    if isinstance(value, array):
        return value.tolist()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Log2Histogram):
        return {f.name: _plain(f.name, getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    return list(value) if name in ("layer_names", "counts") else value


def _frozen(record: str) -> dict[int, str]:
    packaged = resources.files("gradwatch") / "history" / record
    if packaged.is_dir():
        files = {entry.name: entry.read_text("utf-8") for entry in packaged.iterdir()}
    else:  # a checkout of the repository
        folder = Path(__file__).resolve().parents[4] / _IN_REPOSITORY / record
        files = {path.name: path.read_text("utf-8") for path in folder.glob("v*.avsc")}
    versions = {re.fullmatch(r"v(\d+)\.avsc", name): text for name, text in files.items()}
    return {int(match[1]): text for match, text in versions.items() if match}


def murmur2(data: bytes) -> int:
    """Hash by which Kafka's default partitioner places a key, as a signed 32-bit number.

    A. Appleby's MurmurHash2 with Kafka's seed, ``org.apache.kafka.common.utils.Utils.murmur2``.
    """
    mask, m, length = 0xFFFFFFFF, 0x5BD1E995, len(data)
    h = 0x9747B28C ^ length
    whole = length - length % 4
    for (k,) in struct.iter_unpack("<I", data[:whole]):
        mixed = k * m & mask
        mixed = (mixed ^ mixed >> 24) * m & mask
        h = h * m & mask ^ mixed
    tail = data[whole:]
    if tail:
        h = (h ^ int.from_bytes(tail, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    h ^= h >> 15
    return h - (1 << 32) if h >> 31 else h


def partition(key: bytes, partitions: int) -> int:
    """Partition into which Kafka's default partitioner puts a key."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
