"""A build in which every test must run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import HANGS_SECONDS

SKIPS = {
    "collection": "import pytest\npytest.importorskip('no_such_framework')\ndef test_it(): pass\n",
    "test": "import pytest\ndef test_it(): pytest.importorskip('no_such_framework')\n",
    "mark": "import pytest\n@pytest.mark.skip('no_such_framework')\ndef test_it(): pass\n",
}


@pytest.mark.parametrize(("complete", "fails"), [("1", True), ("", False)])
@pytest.mark.parametrize("content", SKIPS.values(), ids=list(SKIPS))
def test_a_skip_fails_where_all_tests_must_run(content: str, complete: str, fails: bool, tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(content, "utf-8")
    (tmp_path / "test_b.py").write_text("def test_that_runs(): pass\n", "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", tmp_path, "-p", "conftest",
         "-p", "no:cacheprovider", tmp_path],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent), "GRADWATCH_TESTS_COMPLETE": complete},
        capture_output=True, text=True, check=False, timeout=HANGS_SECONDS, cwd=tmp_path,
    )  # fmt: skip

    assert (done.returncode != 0) == fails, done.stdout
    assert ("this did not run" in done.stdout) == fails
    assert not fails or "no_such_framework" in done.stdout
