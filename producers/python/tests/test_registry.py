"""A schema registry over HTTP, as it should be and as it should not."""

from __future__ import annotations

import base64
import json
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from gradwatch import wire
from gradwatch._advice import AdviceTerms, NewestAdvice
from gradwatch._log import SparseLog
from gradwatch.registry import RegistryError, SchemaRegistry

ADVICE = wire.codec("ClipRecommendation")
NEWEST = max(wire._frozen("ClipRecommendation").items())[1]
KNOWN_ID, OTHER_ID, GARBAGE_ID, UNKNOWN_ID = 1, 2, 3, 77
SCHEMAS = {KNOWN_ID: NEWEST, OTHER_ID: '"string"', GARBAGE_ID: "[" * 100_000}


class Stub(ThreadingHTTPServer):
    """Answers by the published API, or what a test tells it to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.trouble: Callable[[_Handler], None] | None = None
        self.asked: list[str] = []
        self.authorizations: list[str | None] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.authorizations.append(self.headers.get("Authorization"))
        if self.server.trouble is not None:
            self.server.trouble(self)
            return
        schema = SCHEMAS.get(int(self.path.rsplit("/", 1)[1]))
        if schema is None:
            self.answer(404, {"error_code": 40403, "message": "Schema not found"})
        else:
            self.answer(200, {"schema": schema})

    def answer(self, status: int, body: object, **headers: str) -> None:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.shutdown()
    server.server_close()


def framed(schema_id: int, step: int = 5) -> bytes:
    advice = {"run_id": "r", "project": "default", "clip_threshold": 1.5, "made_at_step": step, "valid_until_step": 99}
    return struct.pack(">BI", 0, schema_id) + ADVICE.encode(advice)[10:]


def test_confluent_framing_is_read_by_the_registrys_ids_each_asked_once(stub: Stub) -> None:
    registry = SchemaRegistry(stub.url)
    for _ in range(3):
        assert ADVICE.decode(framed(KNOWN_ID), registry)["clip_threshold"] == 1.5
    assert stub.asked == [f"/schemas/ids/{KNOWN_ID}"]


@pytest.mark.parametrize(
    ("schema_id", "complaint"),
    [
        (UNKNOWN_ID, "schema id is 77, which the registry does not know"),
        (OTHER_ID, "schema id is 2, no known version of ClipRecommendation"),
        (GARBAGE_ID, "schema id is 3, no known version"),
        (0, "schema id is 0, which the registry does not know"),
    ],
)
def test_what_the_registry_does_not_know_as_ours_is_refused(stub: Stub, schema_id: int, complaint: str) -> None:
    with pytest.raises(wire.RecordFormatError, match=complaint):
        ADVICE.decode(framed(schema_id), SchemaRegistry(stub.url))
    with pytest.raises(wire.RecordFormatError, match="must begin with C3 01"):
        ADVICE.decode(framed(schema_id))


def test_every_truncation_is_refused(stub: Stub) -> None:
    registry, whole = SchemaRegistry(stub.url), framed(KNOWN_ID)
    for size in range(len(whole)):
        with pytest.raises(wire.RecordFormatError):
            ADVICE.decode(whole[:size], registry)


def _answers(status: int, body: object, **headers: str) -> Callable[[_Handler], None]:
    return lambda handler: handler.answer(status, body, **headers)


@pytest.mark.parametrize(
    "trouble",
    [
        _answers(500, {"error_code": 50001}),
        _answers(401, b""),
        _answers(404, b"<html>a proxy's</html>"),
        _answers(404, {"error_code": 404}),
        _answers(200, b"<html>log in</html>"),
        _answers(200, {"schema": None}),
        _answers(200, b"[" * 500_000),
        _answers(200, {"schema": "x" * 2_000_000}),
        _answers(302, b"", Location="/schemas/ids/1"),
        lambda handler: handler.connection.close(),
    ],
)
def test_a_registry_that_gives_no_answer_says_nothing_of_the_record(
    stub: Stub, trouble: Callable[[_Handler], None]
) -> None:
    stub.trouble = trouble
    with pytest.raises(RegistryError):
        ADVICE.decode(framed(KNOWN_ID), SchemaRegistry(stub.url))
    assert len(stub.asked) == 1


def test_advice_is_not_counted_as_refused_while_the_registry_is_away(stub: Stub) -> None:
    advice = NewestAdvice(AdviceTerms("default", "r", 0, 1_000), SparseLog(), SchemaRegistry(stub.url))
    stub.trouble = _answers(503, b"")
    with pytest.raises(RegistryError):
        advice.accept(framed(KNOWN_ID))
    assert (advice.accepted, advice.refused) == (0, 0)
    stub.trouble = None
    advice.accept(framed(KNOWN_ID))
    newest = advice.at(7)
    assert newest is not None
    assert newest["clip_threshold"] == 1.5


def test_a_login_may_change(stub: Stub) -> None:
    logins: list[Any] = [("trainer", "one"), "token"]
    registry = SchemaRegistry(stub.url, login=lambda: logins.pop(0))
    assert registry.schema(UNKNOWN_ID) is None
    assert registry.schema(UNKNOWN_ID) is None
    basic = base64.b64encode(b"trainer:one").decode()
    assert stub.authorizations == [f"Basic {basic}", "Bearer token"]


@pytest.mark.parametrize("token", ["canary-5\n", "canary-5\u20ac", "canary-5 ", ""])
def test_a_token_that_no_header_can_carry_is_told_without_it(stub: Stub, token: str) -> None:
    with pytest.raises(RegistryError, match="bearer token") as refused:
        SchemaRegistry(stub.url, login=lambda: token).schema(1)
    assert "canary-5" not in str(refused.value)


def test_nobody_there_is_told() -> None:
    with pytest.raises(RegistryError, match="cannot be asked"):
        SchemaRegistry("http://127.0.0.1:1").schema(1)


@pytest.mark.parametrize(
    "url", ["http://registry:8081", "registry:8081", "ftp://registry", "https://r?a", "https://me:canary-4@registry"]
)
def test_urls_that_cannot_be_used_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="registry's URL") as refused:
        SchemaRegistry(url)
    assert "canary-4" not in str(refused.value)
    with pytest.raises(ValueError, match="must be above 0"):
        SchemaRegistry("https://registry", timeout_seconds=0)


def test_http_to_another_machine_is_possible_when_asked_for() -> None:
    SchemaRegistry("http://registry:8081", allow_plaintext=True)
