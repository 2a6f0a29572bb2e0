"""Settings: what the environment says, what is named when it is wrong, and where things are kept."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError

from coach.config import Settings, content_root, settings_from_environment
from coach.errors import SettingsError
from coach.records.store import open_store


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No COACH_ variable of whoever runs the tests counts, and nothing that was read is remembered."""
    for name in [name for name in os.environ if name.upper().startswith("COACH_")]:
        monkeypatch.delenv(name)
    settings_from_environment.cache_clear()
    yield
    settings_from_environment.cache_clear()


def test_everything_has_a_default() -> None:
    settings = settings_from_environment()
    assert settings.home == Path(".coach")
    assert settings.embedder == "bundled"
    assert settings.chroma_url == settings.database_url == ""
    assert settings.source_folders == (content_root() / "corpus" / "sources",)


@pytest.mark.parametrize(
    ("name", "field", "value", "read"),
    [
        ("COACH_HOME", "home", "/srv/coach", Path("/srv/coach")),
        ("COACH_EMBEDDER", "embedder", "naam/van-model", "naam/van-model"),
        ("COACH_CHROMA_URL", "chroma_url", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("COACH_DATABASE_URL", "database_url", "postgresql+psycopg://x/y", "postgresql+psycopg://x/y"),
        ("COACH_SESSION_HOURS", "session_hours", "48", 48),
        ("COACH_TURN_MAX_CHARACTERS", "turn_max_characters", "1000", 1_000),
    ],
)
def test_each_variable_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, field: str, value: str, read: object
) -> None:
    assert getattr(Settings(), field) != read
    monkeypatch.setenv(name, value)
    assert getattr(settings_from_environment(), field) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COACH_SESSION_HOURS", "morgen"),
        ("COACH_SESSION_HOURS", "0"),
        ("COACH_SESSION_HOURS", "745"),
        ("COACH_SESSION_HOURS", "1.5"),
        ("COACH_TURN_MAX_CHARACTERS", "999"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings_from_environment()
    message = str(caught.value)
    assert message.startswith(f"{name}='{value}' kan niet worden gebruikt (")
    assert message.endswith("verander het of haal het weg")
    assert not re.search("Input|should|valid", message)
    assert isinstance(caught.value.__cause__, ValidationError)


def test_after_a_wrong_value_the_environment_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_SESSION_HOURS", "morgen")
    with pytest.raises(SettingsError):
        settings_from_environment()
    monkeypatch.setenv("COACH_SESSION_HOURS", "3")
    assert settings_from_environment().session_hours == 3


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = settings_from_environment()
    monkeypatch.setenv("COACH_SESSION_HOURS", "3")
    assert settings_from_environment() is first
    settings_from_environment.cache_clear()
    assert settings_from_environment().session_hours == 3


@pytest.mark.parametrize("name", ["COACH_HOME", "COACH_EMBEDDER", "COACH_SESSION_HOURS"])
def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    assert settings_from_environment() == Settings.model_construct()


def test_settings_do_not_change() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.embedder = "ander"  # type: ignore[misc]


def test_source_folders_come_after_the_drop_folder_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    parts = [str(tmp_path / "met spatie"), "", " ", "boeken/2024", "~/teksten"]
    monkeypatch.setenv("COACH_SOURCES", os.pathsep.join(parts))
    assert settings_from_environment().source_folders == (
        content_root() / "corpus" / "sources",
        tmp_path / "met spatie",
        Path("boeken/2024"),
        tmp_path / "teksten",
    )


def test_content_root_holds_what_the_program_needs() -> None:
    assert (content_root() / "corpus" / "catalog.yaml").is_file()
    assert (content_root() / "prompts" / "texts" / "nl.yaml").is_file()


def test_the_index_is_kept_below_home(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).index_folder == tmp_path / "index"


@pytest.mark.parametrize(
    "name",
    ["gewoon", "met spatie", "50%", "100%20x", "wat?mode=ro", "nr#1", "a+b", "a&b=c", "een:twee@drie", "cliënt"],
)
def test_records_are_kept_below_home_whatever_its_name(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    with closing(open_store(Settings(home=home).records_url)):
        assert (home / "records.sqlite3").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_relative_home_does_not_move_with_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    url = Settings(home=Path("thuis")).records_url
    (tmp_path / "thuis").mkdir()
    (tmp_path / "elders").mkdir()
    monkeypatch.chdir(tmp_path / "elders")
    open_store(url).close()
    assert (tmp_path / "thuis" / "records.sqlite3").is_file()


def test_a_database_of_ones_own_is_taken_as_it_is() -> None:
    address = "postgresql+psycopg://naam:50%25@host/coach?sslmode=require"
    assert Settings(database_url=address).records_url == address
