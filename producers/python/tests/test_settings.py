"""Settings of Kafka's client, by properties file as Java's clients take them; TLS off this machine; no secret told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from confluent_kafka import KafkaException, Producer

from gradwatch import Publisher
from gradwatch.settings import kafka_settings, read_properties

SECRET = "pa$$\"w'ord\\x y;=#"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "client.properties"


def of(file: Path, text: str) -> dict[str, object]:
    file.write_text(text, "utf-8")
    return kafka_settings({}, "localhost:9092", None, file, allow_plaintext=False)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a=b", "a", "b"),
        ("a = b ", "a", "b "),
        ("  a:b", "a", "b"),
        ("a b", "a", "b"),
        ("a\tb", "a", "b"),
        ("a", "a", ""),
        ("a=", "a", ""),
        ("a==b", "a", "=b"),
        ("a=b=c", "a", "b=c"),
        ("a=b#c", "a", "b#c"),
        ("a=one\\\n   two", "a", "onetwo"),
        ("a=b\\\\", "a", "b\\"),
        ("a\\ b=c", "a b", "c"),
        ("a\\:b=c", "a:b", "c"),
        ("a=x\\ty\\nz", "a", "x\ty\nz"),
        ("a=\\u00e9\\u5c42", "a", "é层"),
        ("a=\\x", "a", "x"),
        ("a=x\u2028y\x0cz", "a", "x\u2028y\x0cz"),
        ("# c\n! c\n\na=b\r\n", "a", "b"),
        ("a=x\na=y", "a", "y"),
    ],
)
def test_a_properties_file_is_read_as_java_does(file: Path, line: str, name: str, value: str) -> None:
    file.write_bytes(line.encode())

    assert read_properties(file) == {name: value}


@pytest.mark.parametrize(
    ("mechanism", "module"), [("PLAIN", "plain.PlainLoginModule"), ("SCRAM-SHA-512", "scram.ScramLoginModule")]
)
def test_a_login_of_javas_is_understood(file: Path, mechanism: str, module: str) -> None:
    password = SECRET.replace("\\", "\\\\").replace('"', '\\"')  # as JAAS writes it
    in_file = password.replace("\\", "\\\\")  # as a properties file does
    settings = of(
        file,
        f"""
        security.protocol=SASL_SSL
        sasl.mechanism={mechanism}
        sasl.jaas.config=org.apache.kafka.common.security.{module} required \\
          username="trainer" \\
          password="{in_file}";
        """,
    )

    assert settings == {
        "bootstrap.servers": "localhost:9092",
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": mechanism,
        "sasl.username": "trainer",
        "sasl.password": SECRET,
    }
    Producer(settings)  # librdkafka knows each


@pytest.mark.parametrize(
    ("jaas", "password"),
    [
        ("PlainLoginModule required username='a' password='b\"c';", 'b"c'),
        ("PlainLoginModule required username=a password=b;", "b"),
        ('PlainLoginModule required username = "a" password = "b" ;', "b"),
        ('x.y.PlainLoginModule required password="username=z" username="a";', "username=z"),
    ],
)
def test_quotes_of_a_login_may_be_any_of_javas(file: Path, jaas: str, password: str) -> None:
    settings = of(file, f"sasl.jaas.config={jaas}")

    assert (settings["sasl.username"], settings["sasl.password"]) == ("a", password)


@pytest.mark.parametrize(
    ("jaas", "complaint"),
    [
        (f"com.sun.security.auth.module.Krb5LoginModule required password={SECRET};", "'Krb5LoginModule', must be"),
        ('a.PlainLoginModule required password="x";', "sasl.jaas.config lacks username"),
        ("a.PlainLoginModule required;", "sasl.jaas.config lacks password and username"),
        ("", "names the login module ''"),
    ],
)
def test_other_logins_are_refused_without_telling_a_secret(file: Path, jaas: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refusal:
        kafka_settings({}, None, {"sasl.jaas.config": jaas}, None, allow_plaintext=False)

    assert SECRET not in str(refusal.value)


def test_keys_may_be_pem_in_the_file_or_beside_it(file: Path) -> None:
    assert of(
        file,
        """
        security.protocol=SSL
        ssl.truststore.type=PEM
        ssl.truststore.location=/etc/ca.pem
        ssl.keystore.type=PEM
        ssl.keystore.location=/etc/trainer.pem
        ssl.key.password=k
        """,
    ) == {
        "bootstrap.servers": "localhost:9092",
        "security.protocol": "SSL",
        "ssl.ca.location": "/etc/ca.pem",
        "ssl.certificate.location": "/etc/trainer.pem",
        "ssl.key.location": "/etc/trainer.pem",
        "ssl.key.password": "k",
    }
    assert of(file, "ssl.truststore.certificates=C\nssl.keystore.certificate.chain=D\nssl.keystore.key=E") == {
        "bootstrap.servers": "localhost:9092",
        "ssl.ca.pem": "C",
        "ssl.certificate.pem": "D",
        "ssl.key.pem": "E",
    }


@pytest.mark.parametrize("kind", ["", "ssl.truststore.type=JKS\n", "ssl.truststore.type=PKCS12\n"])
def test_other_key_stores_are_refused_with_what_to_do(file: Path, kind: str) -> None:
    with pytest.raises(ValueError, match=r"ssl\.truststore\.location is '/etc/ca\.jks' .* must be PEM here: convert"):
        of(file, kind + "ssl.truststore.location=/etc/ca.jks")


def test_what_only_javas_client_knows_is_passed_over(file: Path) -> None:
    settings = of(
        file,
        """
        key.serializer=x
        max.block.ms=1
        max.request.size=1048576
        ssl.endpoint.identification.algorithm=
        delivery.timeout.ms=120000
        linger.ms=5
        """,
    )

    Producer(settings)
    assert settings["message.max.bytes"] == "1048576"
    assert settings["ssl.endpoint.identification.algorithm"] == "none"
    assert settings["message.timeout.ms"] == "120000"
    assert settings["linger.ms"] == "5"


def test_a_value_may_be_in_the_environment_or_in_another_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", SECRET)
    monkeypatch.setenv("EMPTY", "")
    (tmp_path / "secrets.properties").write_text("user=trainer\n")
    settings = of(
        file,
        f"sasl.password=${{env:KAFKA_PASSWORD}}\nsasl.username=${{file:{tmp_path}/secrets.properties:user}}\n"
        "client.id=x${env:EMPTY}y$",
    )

    assert (settings["sasl.password"], settings["sasl.username"]) == (SECRET, "trainer")
    assert settings["client.id"] == "xy$"


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("${env:NOT_THERE}", r"sasl.password refers to \$\{env:NOT_THERE\}, but the environment has no NOT_THERE"),
        ("${file:/dev/null:user}", "but /dev/null has no line user"),
    ],
)
def test_a_reference_to_nothing_is_told(file: Path, value: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        of(file, f"sasl.password={value}")


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"client\.properties"):
        kafka_settings({}, None, None, file, allow_plaintext=False)


def test_the_nearer_wins(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("acks=1\nlinger.ms=7\nclient.id=file\nbootstrap.servers=localhost:3\n")
    monkeypatch.setenv("GRADWATCH_BOOTSTRAP_SERVERS", "localhost:2")
    defaults: dict[str, object] = {"acks": "all", "batch.size": 1, "client.id": "ours"}

    def servers(named: str | None, file: Path | None) -> object:
        return kafka_settings(defaults, named, None, file, allow_plaintext=False)["bootstrap.servers"]

    settings = kafka_settings(defaults, None, {"client.id": "caller", "linger.ms": 9}, file, allow_plaintext=False)
    assert settings == {
        "acks": "1", "batch.size": 1, "client.id": "caller", "linger.ms": 9, "bootstrap.servers": "localhost:3",
    }  # fmt: skip
    assert servers("localhost:4", file) == "localhost:4"
    assert servers(None, None) == "localhost:2"
    monkeypatch.setenv("GRADWATCH_CLIENT_FILE", str(file))
    assert servers(None, None) == "localhost:3"
    monkeypatch.delenv("GRADWATCH_CLIENT_FILE")
    monkeypatch.delenv("GRADWATCH_BOOTSTRAP_SERVERS")
    assert servers(None, None) == "localhost:9092"


@pytest.mark.parametrize(
    "servers",
    [
        "localhost",
        "localhost:9092",
        "127.0.0.1:1,127.1.2.3:2",
        "[::1]:9092",
        "LOCALHOST:1",
        "SASL_PLAINTEXT://localhost:1",
    ],
)
def test_this_machine_needs_no_tls(servers: str) -> None:
    assert kafka_settings({}, servers, None, None, allow_plaintext=False)["bootstrap.servers"] == servers


@pytest.mark.parametrize(
    "servers",
    ["kafka:9092", "localhost:1,10.0.0.7:9092", "localhost.example.org:1", "127.0.0.1.example.org", "[::2]"],
)
@pytest.mark.parametrize("protocol", [None, "PLAINTEXT", "sasl_plaintext"])
def test_other_machines_do(servers: str, protocol: str | None) -> None:
    properties = {} if protocol is None else {"security.protocol": protocol}
    with pytest.raises(ValueError, match="must be SSL or SASL_SSL for servers that are not on this machine"):
        kafka_settings({}, servers, properties, None, allow_plaintext=False)
    assert kafka_settings({}, servers, properties, None, allow_plaintext=True)
    assert kafka_settings({}, servers, {"security.protocol": "ssl"}, None, allow_plaintext=False)


def test_no_other_name_for_servers_leads_past_that() -> None:
    with pytest.raises(ValueError, match="must be SSL or SASL_SSL"):
        kafka_settings({}, None, {"metadata.broker.list": "kafka:9092"}, None, allow_plaintext=False)
    both = {"metadata.broker.list": "kafka:9092", "bootstrap.servers": "localhost:1"}
    assert kafka_settings({}, None, both, None, allow_plaintext=False) == {"bootstrap.servers": "localhost:1"}


@pytest.mark.parametrize("allowed", ["1", "0", ""])
def test_the_environment_may_allow_to_do_without(allowed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADWATCH_ALLOW_PLAINTEXT", allowed)
    if allowed == "1":
        Publisher("run", bootstrap_servers="kafka:9092", handle_sigterm=False).close()
    else:
        with pytest.raises(ValueError, match="must be SSL or SASL_SSL"):
            Publisher("run", bootstrap_servers="kafka:9092", handle_sigterm=False)


def test_a_setting_that_kafkas_client_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match=r'No such configuration property: "batch\.sizes"'):
        Publisher("run", client_properties={"batch.sizes": 3}, handle_sigterm=False)


@pytest.mark.parametrize(
    "properties",
    [
        {
            "sasl.password": SECRET,
            "sasl.username": "a",
            "sasl.mechanism": "PLAIN",
            "security.protocol": "SASL_PLAINTEXT",
        },
        {"ssl.key.pem": SECRET, "security.protocol": "SSL"},
        {"ssl.key.pem": SECRET, "ssl.key.password": SECRET, "security.protocol": "SSL"},
        {"sasl.password": SECRET, "batch.sizes": 3},
    ],
    ids=lambda properties: next(iter(properties)),
)
def test_no_secret_is_told(properties: dict[str, object], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        try:
            publisher = Publisher(
                "run", bootstrap_servers="127.0.0.1:1", client_properties=properties, handle_sigterm=False
            )
        except ValueError as e:
            assert SECRET not in str(e)
        else:
            publisher.heartbeat(0)
            publisher.close(1)
            assert SECRET not in repr(publisher)
        try:
            Producer(kafka_settings({}, "127.0.0.1:1", properties, None, allow_plaintext=False))
        except KafkaException as e:
            assert SECRET not in str(e)

    assert all(SECRET not in record.getMessage() for record in caplog.records)
