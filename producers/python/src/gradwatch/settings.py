"""Settings of the Kafka client: ours below, the caller's above; Java's names are understood as well.

A file in the form that Kafka's own tools take (``--command-config``) serves a JVM and a Python trainer alike, where
its keys are PEM.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOG = logging.getLogger("gradwatch")

DEFAULT_SERVERS = "localhost:9092"
"""Where ``gradwatch up`` listens."""

_LOOPBACK = re.compile(r"(?:[a-z_]+://)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[0:0:0:0:0:0:0:1\])(?::\d*)?", re.I)
_REFERENCE = re.compile(r"\$\{(env|file):(?:([^}]*?):)?([^}]*?)\}")
_JAAS = re.compile(r"(\w+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|([^\s;]+))")

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}

_RENAMED = {
    "sasl.mechanism": "sasl.mechanisms",
    "ssl.truststore.certificates": "ssl.ca.pem",
    "ssl.keystore.certificate.chain": "ssl.certificate.pem",
    "ssl.keystore.key": "ssl.key.pem",
    "delivery.timeout.ms": "message.timeout.ms",
    "max.request.size": "message.max.bytes",
}
_JAVA_ONLY = re.compile(
    r"(key|value)\.(de)?serializer|config\.providers.*|client\.dns\.lookup\.java|max\.block\.ms|buffer\.memory"
    r"|ssl\.(truststore|keystore)\.(type|password)|ssl\.(protocol|enabled\.protocols|provider)|ssl\.(key|trust)manager\.algorithm"
    r"|interceptor\.classes|partitioner\.class|default\.api\.timeout\.ms|sasl\.login\..*|sasl\.client\..*"
)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How a caller says where Kafka is; the same for publisher and advisor."""

    bootstrap_servers: str | None = None
    properties: Mapping[str, object] | None = None
    file: str | os.PathLike[str] | None = None
    allow_plaintext: bool | None = None

    @property
    def has_settings(self) -> bool:
        """Whether the caller gives more than where Kafka is."""
        return bool(self.properties or self.file or os.environ.get("GRADWATCH_CLIENT_FILE"))

    def over(self, defaults: Mapping[str, object]) -> dict[str, object]:
        """The settings of a client over these defaults; raises as ``kafka_settings``."""
        allowed = self.allow_plaintext
        if allowed is None:
            allowed = os.environ.get("GRADWATCH_ALLOW_PLAINTEXT") == "1"
        return kafka_settings(defaults, self.bootstrap_servers, self.properties, self.file, allowed)


def kafka_settings(
    defaults: Mapping[str, object],
    servers: str | None,
    properties: Mapping[str, object] | None,
    file: str | os.PathLike[str] | None,
    allow_plaintext: bool,
) -> dict[str, object]:
    """The settings of a client: defaults, over them the file, over it the properties, over all the servers named.

    Servers that nobody named are those of ``GRADWATCH_BOOTSTRAP_SERVERS``, else of this machine.

    Raises:
        ValueError: servers on other machines without TLS, keys that are not PEM, a reference to a variable or a line
            of a file that is not there.
        OSError: the file cannot be read.

    """
    callers: dict[str, object] = {}
    file = file or os.environ.get("GRADWATCH_CLIENT_FILE") or None
    if file is not None:
        callers.update(read_properties(Path(file)))
    callers.update(properties or {})
    if "metadata.broker.list" in callers:  # librdkafka's other name, past which the rule about TLS must not be led
        callers.setdefault("bootstrap.servers", callers.pop("metadata.broker.list"))
    if servers:
        callers["bootstrap.servers"] = servers
    elif "bootstrap.servers" not in callers:
        callers["bootstrap.servers"] = os.environ.get("GRADWATCH_BOOTSTRAP_SERVERS") or DEFAULT_SERVERS
    settings = {**defaults, **_of_librdkafka({name: _resolved(name, value) for name, value in callers.items()})}
    if not allow_plaintext:
        _require_tls(settings)
    return settings


def read_properties(path: Path) -> dict[str, str]:
    """Read a properties file as ``java.util.Properties`` does; in UTF-8."""
    logical, lines = "", []
    for line in re.split(r"\r\n|[\r\n]", path.read_bytes().decode("utf-8")):
        stripped = line.lstrip(" \t\f")
        if not logical and (not stripped or stripped[0] in "#!"):
            continue
        if (len(stripped) - len(stripped.rstrip("\\"))) % 2:
            logical += stripped[:-1]
            continue
        lines.append(logical + stripped)
        logical = ""
    if logical:
        lines.append(logical)
    pairs: dict[str, str] = {}
    for line in lines:
        match = re.fullmatch(r"((?:\\.|[^\\=: \t\f])+)[ \t\f]*[=:]?[ \t\f]*(.*)", line, re.S)
        if match:
            pairs[_unescaped(match[1])] = _unescaped(match[2])
    return pairs


def _unescaped(text: str) -> str:
    def of(match: re.Match[str]) -> str:
        escape = match[1]
        return chr(int(escape[1:], 16)) if len(escape) == 5 else _ESCAPES.get(escape, escape)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", of, text, flags=re.S)


def _resolved(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value

    def of(match: re.Match[str]) -> str:
        provider, path, key = match[1], match[2], match[3]
        if provider == "env":
            found = os.environ.get(key)
            where = f"the environment has no {key}"
        else:
            found = read_properties(Path(path)).get(key) if path else None
            where = f"{path} has no line {key}"
        if found is None:
            raise ValueError(f"{name} refers to {match[0]}, but {where}")
        return found

    return _REFERENCE.sub(of, value)


def _of_librdkafka(settings: Mapping[str, object]) -> dict[str, object]:
    """Settings of Java's client under the names of librdkafka."""
    out: dict[str, object] = {}
    for name, value in settings.items():
        if name == "sasl.jaas.config":
            out.update(_login(str(value)))
        elif name in ("ssl.truststore.location", "ssl.keystore.location"):
            out.update(_store(name, str(value), str(settings.get(name.replace("location", "type"), ""))))
        elif name == "ssl.endpoint.identification.algorithm":
            out[name] = value or "none"
        elif _JAVA_ONLY.fullmatch(name):
            LOG.debug("setting %s is of Java's client only and passed over", name)
        else:
            out[_RENAMED.get(name, name)] = value
    return out


def _login(jaas: str) -> dict[str, object]:
    module = jaas.split(None, 1)[0].rsplit(".", 1)[-1] if jaas.split() else ""
    if module not in ("PlainLoginModule", "ScramLoginModule"):
        raise ValueError(
            f"sasl.jaas.config names the login module {module!r}, must be PlainLoginModule or ScramLoginModule;"
            " for other mechanisms set librdkafka's own settings"
        )
    options = {m[1]: _unescaped(next(g for g in m.groups()[1:] if g is not None)) for m in _JAAS.finditer(jaas)}
    missing = {"username", "password"} - options.keys()
    if missing:
        raise ValueError(f"sasl.jaas.config lacks {' and '.join(sorted(missing))}")
    return {"sasl.username": options["username"], "sasl.password": options["password"]}


def _store(name: str, path: str, kind: str) -> dict[str, object]:
    if kind.upper() != "PEM":
        raise ValueError(
            f"{name} is {path!r} of type {kind or 'JKS'}, must be PEM here: convert it with"
            " 'keytool -exportcert -rfc' or 'openssl pkcs12', and set its type to PEM"
        )
    if name.startswith("ssl.truststore"):
        return {"ssl.ca.location": path}
    return {"ssl.certificate.location": path, "ssl.key.location": path}


def _require_tls(settings: Mapping[str, object]) -> None:
    protocol = str(settings.get("security.protocol", "PLAINTEXT"))
    servers = [server.strip() for server in str(settings["bootstrap.servers"]).split(",")]
    away = [server for server in servers if server and not _LOOPBACK.fullmatch(server)]
    if away and protocol.upper() not in ("SSL", "SASL_SSL"):
        raise ValueError(
            f"security.protocol is {protocol!r}, must be SSL or SASL_SSL for servers that are not on this machine,"
            f" such as {away[0]}; or pass allow_plaintext=True (GRADWATCH_ALLOW_PLAINTEXT=1)"
        )
