"""The doctor: each check says what it saw, and one that fails keeps no other from running."""

from datetime import date
from pathlib import Path

import pytest

from coach.config import Settings
from coach.doctor import examine


def test_content_is_read_whole_and_every_protocol_named(tmp_path: Path) -> None:
    checks = {check.name: check for check in examine(Settings(home=tmp_path / "home"))}
    assert checks["inhoud"].ok, checks["inhoud"].detail
    assert checks["inhoud"].detail.startswith("18 protocollen (4g, alliantie, ego")
    assert checks["hulplijnen"].ok
    assert not checks["bibliotheek"].ok
    assert "coach index" in checks["bibliotheek"].detail


def test_what_is_wrong_in_one_place_leaves_the_rest_to_be_seen(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("geen map", encoding="utf-8")
    checks = {check.name: check for check in examine(Settings(home=tmp_path / "home"))}
    assert not checks["map"].ok
    assert not checks["gesprekken"].ok
    assert checks["inhoud"].ok


def test_content_with_a_mistake_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prompts" / "checks").mkdir(parents=True)
    monkeypatch.setattr("coach.doctor.content_root", lambda: tmp_path)
    checks = {check.name: check for check in examine(Settings(home=tmp_path / "home"))}
    assert (checks["inhoud"].ok, checks["inhoud"].detail) == (
        False,
        f"{tmp_path}/prompts/checks: no checks found; install the program again",
    )


def test_help_lines_that_nobody_checked_for_half_a_year_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls(2027, 5, 23)

    monkeypatch.setattr("coach.doctor.date", Later)
    checks = {check.name: check for check in examine(Settings(home=tmp_path / "home"))}
    assert not checks["hulplijnen"].ok
    assert "langer dan 180 dagen" in checks["hulplijnen"].detail
    assert "113 Zelfmoordpreventie" in checks["hulplijnen"].detail
