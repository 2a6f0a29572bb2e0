"""A measured value: its mean, its interval, and whether it reaches its threshold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Metric, measure


def metric(value: float, *, n: int = 10) -> Metric:
    return Metric(name="x", value=value, low=value, high=value, n=n)


def test_the_value_is_the_mean_and_a_miss_counts() -> None:
    assert measure("x", [1, 0, 0, 1, 1, 0, 0, 0]).value == 0.375
    assert measure("x", [0.25, 0.5]).value == 0.375
    measured = measure("raak", [True, False, True, True])
    assert (measured.name, measured.value, measured.n) == ("raak", 0.75, 4)


def test_the_interval_of_a_proportion_is_near_the_textbook_one() -> None:
    # Half of a hundred: 0.5 ± 1.96 * sqrt(0.25 / 100).
    measured = measure("x", [1, 0] * 50)
    assert measured.low == pytest.approx(0.402, abs=0.01)
    assert measured.high == pytest.approx(0.598, abs=0.01)


def test_more_cases_make_the_interval_narrower() -> None:
    few, many = measure("x", [1, 0] * 10), measure("x", [1, 0] * 100)
    assert few.value == many.value
    # Ten times the cases, about a third of the width.
    assert (many.high - many.low) / (few.high - few.low) == pytest.approx(10**-0.5, abs=0.08)


def test_the_same_values_give_the_same_interval() -> None:
    values = [number**0.5 for number in range(50)]
    assert measure("x", values) == measure("x", values)


@pytest.mark.parametrize("value", [0, 1, 0.5])
def test_values_that_are_all_the_same_leave_no_doubt(value: float) -> None:
    measured = measure("x", [value] * 7)
    assert (measured.low, measured.value, measured.high) == (value, value, value)


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_the_value_lies_in_its_interval_between_zero_and_one(values: list[bool]) -> None:
    measured = measure("x", values)
    assert 0 <= measured.low <= measured.value <= measured.high <= 1
    assert measured.n == len(values)


def test_no_case_at_all_is_nothing_measured() -> None:
    measured = measure("x", [])
    assert (measured.value, measured.low, measured.high, measured.n) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("value", "threshold", "at_most", "ok"),
    [
        (0.88, 0.88, False, True),
        (0.8799, 0.88, False, False),
        (0.9, 0.88, False, True),
        (0.08, 0.08, True, True),
        (0.0801, 0.08, True, False),
        (0.0, 0.08, True, True),
        (0.0, 0.0, False, True),
        (float("nan"), 0.5, False, False),
        (float("nan"), 0.5, True, False),
    ],
)
def test_a_threshold_is_reached_or_missed(value: float, threshold: float, at_most: bool, ok: bool) -> None:
    held = metric(value).with_threshold(threshold, at_most=at_most)
    assert held.ok is ok
    assert (held.threshold, held.at_most, held.value) == (threshold, at_most, pytest.approx(value, nan_ok=True))


def test_without_a_threshold_there_is_nothing_to_miss() -> None:
    assert metric(0.0).ok
    assert metric(0.0, n=0).ok


@pytest.mark.parametrize("at_most", [True, False])
def test_no_case_never_reaches_a_threshold(at_most: bool) -> None:
    assert not measure("x", []).with_threshold(0.0, at_most=at_most).ok


def test_holding_against_a_threshold_changes_nothing_else() -> None:
    measured = measure("x", [1, 0, 1])
    held = measured.with_threshold(0.9, at_most=False)
    assert measured.threshold is None
    assert held.with_threshold(None, at_most=False) == measured


def test_the_object_of_the_contract() -> None:
    held = Metric(name="x", value=0.5, low=0.25, high=0.75, n=4).with_threshold(0.9, at_most=False)
    assert json.loads(json.dumps(held.as_json())) == {
        "value": 0.5,
        "low": 0.25,
        "high": 0.75,
        "n": 4,
        "threshold": 0.9,
        "at_most": False,
        "ok": False,
    }
