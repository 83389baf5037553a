"""Ids of Confluent framing, asked of a schema registry over HTTP.

For advice of a job that writes it (``gradwatch.registry.write``).
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

_MOST_BYTES = 1024 * 1024
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1|0:0:0:0:0:0:0:1", re.I)
_UNKNOWN = 404


class RegistryError(OSError):
    """The registry cannot be asked, which says nothing about a record."""


class SchemaRegistry:
    """A registry with Confluent's API: their own, Karapace, Apicurio (below ``/apis/ccompat/v7``).

    Example:
        >>> registry = SchemaRegistry("https://registry:8081", login=lambda: ("trainer", password()))  # doctest: +SKIP
        >>> advisor = Advisor(floor=0.1, ceiling=10, registry=registry)                                 # doctest: +SKIP

    """

    def __init__(
        self,
        url: str,
        *,
        login: Callable[[], tuple[str, str] | str] | None = None,
        ca_file: str | None = None,
        timeout_seconds: float = 10.0,
        allow_plaintext: bool = False,
    ) -> None:
        """A registry, not asked yet.

        Args:
            url: where it answers, up to what comes before ``/subjects``.
            login: gives user and password, or a bearer token; asked for each question, so that they may change.
            ca_file: PEM file with the authorities to believe; None: the system's.
            timeout_seconds: longest wait for a part of an answer; above 0.
            allow_plaintext: whether http may lead to other machines.

        Raises:
            ValueError: a URL that cannot be used; the message has no login.

        """
        parts = urllib.parse.urlsplit(url)
        if "@" in parts.netloc:
            raise ValueError("the registry's URL holds a login, must have none; give it as login")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"the registry's URL is {url!r}, must be https://HOST[:PORT][/PATH]")
        if parts.scheme == "http" and not allow_plaintext and not _LOOPBACK.fullmatch(parts.hostname):
            raise ValueError(
                f"the registry's URL is {url!r}, must be https for one that is not on this machine; or pass"
                " allow_plaintext=True"
            )
        if not timeout_seconds > 0:
            raise ValueError(f"timeout_seconds is {timeout_seconds}, must be above 0")
        self._url = url.rstrip("/")
        self._login = login
        self._timeout = timeout_seconds
        context = ssl.create_default_context(cafile=ca_file)
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirect())

    def schema(self, schema_id: int) -> str | None:
        """The text of a schema, unchecked; None when the registry says that it has no such id.

        Raises:
            RegistryError: it cannot be asked, or gives no answer that is one.

        """
        if schema_id < 1:  # no registry gives such
            return None
        status, text = self._get(f"/schemas/ids/{schema_id}")
        answer = _object(text)
        code = answer.get("error_code")
        if status == _UNKNOWN and isinstance(code, int) and code // 100 == _UNKNOWN:
            return None
        schema = answer.get("schema")
        if status != 200 or not isinstance(schema, str):
            raise RegistryError(f"the registry at {self._url} answered {status} to the question for schema {schema_id}")
        return schema

    def _get(self, path: str) -> tuple[int, bytes]:
        request = urllib.request.Request(self._url + path, headers={"Accept": "application/json"})
        if self._login is not None:
            login = self._login()
            secret = f"Bearer {_token(login)}" if isinstance(login, str) else f"Basic {_basic(*login)}"
            request.add_unredirected_header("Authorization", secret)
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return response.status, response.read(_MOST_BYTES)
        except urllib.error.HTTPError as e:
            with e:
                return e.code, e.read(_MOST_BYTES)
        except (OSError, HTTPException) as e:
            raise RegistryError(f"the registry at {self._url} cannot be asked: {type(e).__name__}: {e}") from e


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """It would lead a login, and the trust in what is answered, elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _token(token: str) -> str:
    # http.client would say it with the token.
    if not re.fullmatch(r"[!-~]+", token):
        raise RegistryError("the registry's bearer token has a character that no token may have, such as a line's end")
    return token


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def _object(text: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
