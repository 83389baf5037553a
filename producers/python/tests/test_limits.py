"""Names and bounds as Java has them."""

from __future__ import annotations

import re

import pytest

from conftest import REPOSITORY
from gradwatch import limits


def test_bounds_are_those_of_java() -> None:
    java = (REPOSITORY / "schemas/src/main/java/io/gradwatch/schemas/Limits.java").read_text("utf-8")
    bounds = re.findall(r"static final (?:int|long) (\w+) = ([^;]+);", java)
    values = {name: eval(value.replace("L", "").replace("_", "")) for name, value in bounds}
    ours = {name: getattr(limits, name) for name in values if hasattr(limits, name)}

    assert ours == {name: values[name] for name in ours}
    assert values.keys() - ours.keys() == set()


@pytest.mark.parametrize("run_id", ["a", "run-é", "层" * 85, "x" * 256, "a b", "🚀"])
def test_a_run_id_may_be_any_text_that_shows(run_id: str) -> None:
    assert limits.check_run_id(run_id) == run_id


@pytest.mark.parametrize(
    ("run_id", "complaint"),
    [
        ("", "must be 1 to 256 bytes that show"),
        (" \u3000", "must be 1 to 256 bytes that show"),
        ("x" * 257, "takes 257 bytes of UTF-8, must be at most 256"),
        ("层" * 86, "takes 258 bytes"),
        ("a\nb", r"at 1 is control character U\+000A"),
        ("a\x7f", r"at 1 is control character U\+007F"),
        ("\ud800", r"at 0 is lone surrogate U\+D800"),
        (7, "run id is 7, must be a string"),
    ],
)
def test_other_run_ids_are_refused_with_what_is_wrong(run_id: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        limits.check_run_id(run_id)


@pytest.mark.parametrize("project", ["", "Vision", "a_b", "x" * 65, "a.b", "a\n"])
def test_a_project_is_lower_case_letters_digits_and_dashes(project: str) -> None:
    with pytest.raises(ValueError, match="must be 1 to 64 lower-case letters, digits and dashes"):
        limits.events_topic(project)
    assert limits.events_topic("vision-2") == "gradwatch.events.v1.vision-2"
    assert limits.recommendations_topic("vision-2") == "gradwatch.recommendations.v1.vision-2"


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [("abc", 3, "abc"), ("abcd", 3, "abc"), ("é", 1, ""), ("aé", 2, "a"), ("层层", 5, "层"), ("a\ud800b", 9, "a?b")],
)
def test_text_is_cut_at_a_character_and_holds_no_half_ones(text: str, most: int, left: str) -> None:
    assert limits.cut(text, most) == left
