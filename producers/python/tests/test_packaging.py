"""What is installed is what is tested, and has all it needs."""

from __future__ import annotations

import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import gradwatch
from conftest import REPOSITORY

HERE = Path(__file__).resolve().parents[1]
DIST = HERE / "target/dist"


def installed() -> dict[str, bytes]:
    files = metadata.files("gradwatch") or []
    return {
        str(file): file.read_binary() for file in files if str(file).startswith("gradwatch/") and file.suffix != ".pyc"
    }


def test_the_tests_see_the_package_as_it_is_installed() -> None:
    assert "site-packages" in str(gradwatch.__file__)
    assert gradwatch.__version__ == metadata.version("gradwatch")


def test_a_wheel_of_the_source_distribution_holds_what_a_wheel_of_the_checkout_does() -> None:
    [wheel] = DIST.glob("gradwatch-*.whl")
    with zipfile.ZipFile(wheel) as zipped:
        built = {name: zipped.read(name) for name in zipped.namelist() if name.startswith("gradwatch/")}

    assert installed() == built


@pytest.mark.parametrize("record", ["TrainingEvent", "ClipRecommendation"])
def test_the_schemas_are_those_of_java(record: str) -> None:
    history = REPOSITORY / "schemas/src/main/resources/io/gradwatch/schemas/history" / record
    javas = {f"gradwatch/history/{record}/{path.name}": path.read_bytes() for path in history.iterdir()}

    assert javas
    ours = {name: content for name, content in installed().items() if name.startswith(f"gradwatch/history/{record}/")}
    assert ours == javas


def test_every_module_and_the_mark_that_it_is_typed_are_installed() -> None:
    sources = {str(path.relative_to(HERE / "src")) for path in (HERE / "src").rglob("*.py*") if path.suffix != ".pyc"}

    assert sources | {"gradwatch/py.typed"} <= installed().keys()
