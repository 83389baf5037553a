"""Bytes that are no record, records that are too large, and the hash that places keys."""

from __future__ import annotations

import random
from array import array

import pytest

import samples
from gradwatch import limits, wire
from gradwatch.events import CheckpointSaved, StepCompleted, TrainingEvent

EVENTS = wire.codec("TrainingEvent")


def encoded(**body: object) -> bytes:
    return EVENTS.encode(wire.event_datum(TrainingEvent("run", 0, 0, 0, None, StepCompleted(**body))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (b"", "found no bytes, must begin with C3 01"),
        (b"\xc3\x01", "found c3 01, must begin with"),
        (b"\x00\x00\x00\x00\x01abc", "found 00 00 00 00 01 61 62 63"),
        (b"\xc3\x01" + bytes(8) + b"abc", "fingerprint of a known version of TrainingEvent"),
        (b'{"step": 1, "loss": 2}', "must begin with"),
        (bytes(limits.MAX_RECORD_BYTES + 1), f"must be at most {limits.MAX_RECORD_BYTES}"),
    ],
)
def test_what_is_no_record_is_refused_with_what_was_found(value: bytes, complaint: str) -> None:
    with pytest.raises(wire.RecordFormatError, match=complaint):
        EVENTS.decode(value)


def test_every_truncation_is_refused() -> None:
    whole = encoded(loss=1.0, layer_grad_norms=array("f", [1, 2, 3]), metrics={"a": 1.0})
    for size in range(len(whole)):
        with pytest.raises(wire.RecordFormatError):
            EVENTS.decode(whole[:size])


def test_bytes_after_the_record_are_refused() -> None:
    with pytest.raises(wire.RecordFormatError, match="2 bytes follow the record"):
        EVENTS.decode(encoded(loss=1.0) + b"ab")


@pytest.mark.parametrize("seed", range(5))
def test_damaged_bytes_are_read_or_refused_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    codec = wire.codec("TrainingEvent")
    goldens = [EVENTS.encode(wire.event_datum(event)) for event in samples.as_in_java().values()]
    refused = 0
    for _ in range(2_000):
        value = bytearray(rng.choice(goldens))
        for _ in range(rng.randint(1, 4)):
            value[rng.randrange(10, len(value))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        try:
            codec.decode(bytes(value))
        except wire.RecordFormatError:
            refused += 1

    assert 0 < refused < 2_000


def test_a_record_may_take_its_bound_and_no_byte_more() -> None:
    def of(uri: str) -> bytes:
        datum = wire.event_datum(TrainingEvent("run", 0, 0, 0, None, CheckpointSaved()))
        return EVENTS.encode(datum | {"body": (datum["body"][0], {"uri": uri, "checkpoint_step": None})})

    room = limits.MAX_RECORD_BYTES - len(of("")) - 2  # its length takes three bytes then instead of one
    assert len(of("u" * room)) == limits.MAX_RECORD_BYTES

    with pytest.raises(ValueError, match=f"takes {limits.MAX_RECORD_BYTES + 1} bytes, must be at most"):
        of("u" * (room + 1))


# org.apache.kafka.common.utils.UtilsTest has the first seven.
@pytest.mark.parametrize(
    ("key", "hash_"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
        (b"", 275646681),
    ],
)
def test_keys_hash_as_kafka_has_it(key: bytes, hash_: int) -> None:
    assert wire.murmur2(key) == hash_


def test_a_partition_is_the_hash_without_its_sign() -> None:
    assert wire.partition(b"21", 12) == (-973932308 & 0x7FFFFFFF) % 12
    assert {wire.partition(f"run-{i}".encode(), 12) for i in range(200)} == set(range(12))
