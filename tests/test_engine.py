"""The database underneath: addresses, the file, and failures in plain words."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from coach.errors import RecordsError, SettingsError
from coach.records.engine import create_file, open_engine, plain_errors, read_address, writing


@pytest.mark.parametrize("url", ["", "geen adres", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true"])
def test_an_address_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        read_address(url)


def test_a_wrong_address_does_not_repeat_its_password() -> None:
    with pytest.raises(SettingsError) as caught:
        read_address("postgresql:/gebruiker:geheim@ergens")
    assert "geheim" not in str(caught.value)


def test_folder_and_file_are_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "records.sqlite3"
    create_file(path)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    create_file(path)


def test_what_is_written_is_committed_or_not_there_at_all(tmp_path: Path) -> None:
    engine = open_engine(read_address(f"sqlite:///{tmp_path / 'r.sqlite3'}"), foreign_keys=True)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with pytest.raises(RuntimeError, match="halverwege"), writing(engine) as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        raise RuntimeError("halverwege")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    engine.dispose()


def test_a_failure_says_which_database_and_shows_no_parameters(tmp_path: Path) -> None:
    engine = open_engine(read_address(f"sqlite:///{tmp_path / 'r.sqlite3'}"), foreign_keys=True)
    with pytest.raises(RecordsError, match=r"De database r\.sqlite3 is niet te gebruiken") as caught:
        with plain_errors("r.sqlite3"), writing(engine) as connection:
            connection.execute(text("INSERT INTO weg VALUES (:wat)"), {"wat": "geheim"})
    assert "geheim" not in f"{caught.value}{caught.value.__cause__}"
    engine.dispose()
