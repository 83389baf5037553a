"""One number a layer, from whatever holds them."""

from __future__ import annotations

import math
from array import array

import numpy as np
import pytest

from gradwatch.events import float_array

VALUES = [0.5, 2.0, 0.0]


@pytest.mark.parametrize(
    "values",
    [
        VALUES,
        tuple(VALUES),
        (value for value in VALUES),
        array("f", VALUES),
        array("d", VALUES),
        np.array(VALUES, np.float32),
        np.array(VALUES, np.float64),
        np.array(VALUES, np.float16),
        np.array(VALUES, ">f4"),
        np.array([0.5, 9, 2.0, 9, 0.0], np.float32)[::2],
        [np.float32(value) for value in VALUES],
        memoryview(array("f", VALUES)),
    ],
    ids=lambda values: type(values).__name__ + str(getattr(values, "dtype", "")),
)
def test_numbers_come_from_any_series(values: object) -> None:
    assert float_array(values) == array("f", VALUES)  # type: ignore[arg-type]


def test_integers_and_booleans_are_numbers() -> None:
    assert float_array([1, True]) == array("f", [1, 1])
    assert float_array(np.array([1, 2])) == array("f", [1, 2])
    assert float_array([]) == array("f")
    assert float_array(np.array([], np.float32)) == array("f")


def test_the_values_are_copied() -> None:
    for values in (array("f", VALUES), np.array(VALUES, np.float32)):
        copy = float_array(values)
        values[0] = 99
        assert copy[0] == 0.5


def test_what_is_finite_stays_finite_and_what_is_not_stays_so() -> None:
    found = float_array([1e300, -1e300, math.inf, -math.inf, math.nan])

    assert list(found[:2]) == [3.4028234663852886e38, -3.4028234663852886e38]
    assert list(found[2:4]) == [math.inf, -math.inf]
    assert math.isnan(found[4])


@pytest.mark.parametrize("values", [["a"], [None], [[1.0]], 7, np.array([[1.0, 2.0]], np.float32), "ab"])
def test_what_holds_no_numbers_is_refused(values: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        float_array(values)  # type: ignore[arg-type]
