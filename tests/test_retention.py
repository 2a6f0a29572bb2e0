"""How long things are kept, on dates that the test chooses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coach.config import Settings
from coach.errors import SettingsError
from coach.records.retention import Retention, retention_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("released", "until"),
    [
        ("2026-11-29T12:00", "2027-07-31"),
        ("2027-07-31T12:00", "2027-07-31"),
        ("2027-08-01T12:00", "2028-07-31"),
        # In Amsterdam it is 1 August by then.
        ("2027-07-31T22:30", "2028-07-31"),
        ("2028-02-29T12:00", "2028-07-31"),
    ],
)
def test_released_until_the_end_of_the_school_year(released: str, until: str) -> None:
    assert Retention(session_hours=24).released_until(at(released)) == date.fromisoformat(until)


@pytest.mark.parametrize(
    ("released", "months", "until"),
    [
        ("2026-11-29T12:00", 6, "2027-05-29"),
        ("2027-08-31T12:00", 6, "2028-02-29"),
        ("2026-08-31T12:00", 6, "2027-02-28"),
        ("2027-05-01T12:00", 6, "2027-07-31"),
    ],
)
def test_no_longer_than_the_maximum(released: str, months: int, until: str) -> None:
    assert Retention(24, released_months_max=months).released_until(at(released)) == date.fromisoformat(until)


def test_twelve_months_at_most_whatever_the_day() -> None:
    retention = Retention(session_hours=24)
    for day in range(366 * 4):
        released = at("2026-01-01T12:00") + timedelta(days=day)
        kept = retention.released_until(released) - released.date()
        assert timedelta(0) <= kept <= timedelta(days=366)


def test_gone_the_day_after_by_the_clock_of_the_school() -> None:
    retention, released = Retention(session_hours=24), at("2026-11-29T12:00")
    assert not retention.is_over(released, now=at("2027-07-31T21:59"))
    assert retention.is_over(released, now=at("2027-07-31T22:00"))


def test_the_end_of_a_release_is_the_end_of_its_last_day() -> None:
    retention = Retention(session_hours=24)
    assert retention.released_end(at("2026-11-29T12:00")) == at("2027-07-31T22:00")


def test_silence_is_counted_in_hours() -> None:
    assert Retention(session_hours=24).silent_since(at("2026-11-29T12:00")) == at("2026-11-28T12:00")


def test_terms_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(session_hours=2, school_year_end="06-30", released_months_max=3)
    assert retention_of(settings) == Retention(2, (6, 30), 3)
    assert retention_of(Settings()) == Retention(24, (7, 31), 12)


def test_a_last_day_that_a_year_lacks_is_the_day_before() -> None:
    retention = Retention(24, school_year_end=(2, 29))
    assert retention.released_until(at("2026-11-29T12:00")) == date(2027, 2, 28)


@pytest.mark.parametrize("wrong", ["31-07", "7-31", "13-01", "00-10", "07-32", "zomer"])
def test_a_wrong_end_is_refused_by_name(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.config import settings_from_environment

    monkeypatch.setenv("COACH_SCHOOL_YEAR_END", wrong)
    settings_from_environment.cache_clear()
    with pytest.raises(SettingsError, match="COACH_SCHOOL_YEAR_END"):
        settings_from_environment()
    settings_from_environment.cache_clear()
