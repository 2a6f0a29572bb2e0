"""The store, on SQLite always and on PostgreSQL when COACH_TEST_DATABASE_URL names one."""

import json
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from coach.errors import RecordsError, SessionError, SettingsError
from coach.records.codes import deletion_code
from coach.records.retention import Retention
from coach.records.store import Store, StoredSession, StoredTurn, open_store
from coach.records.tables import metadata

OPENING = StoredTurn(1, None, "Wat zag je gebeuren?", "open", "gedrag", None, {})
NEW = StoredSession("", "4g", 3, "kort", {"step": "gedrag"}, False, (OPENING,))


class Clock:
    """A clock that the test sets, and that ticks a second each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'records.sqlite3'}"
        return
    server = os.environ.get("COACH_TEST_DATABASE_URL")
    if not server:
        pytest.skip("COACH_TEST_DATABASE_URL names no PostgreSQL to test against")
    schema = f"coach_test_{secrets.token_hex(8)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        address = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
        yield address.render_as_string(hide_password=False)
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    with closing(open_store(url, clock=clock)) as opened:
        yield opened


def answer(number: int, student: str = "Ik zag dat niemand iets zei.") -> StoredTurn:
    body = {"quotes": [{"text": "“één”", "page": 12}], "themes": ["rollen"]}
    return StoredTurn(number, student, "Wat deed jij toen?", "probe", "gedrag", "vaag", body)


def extend(store: Store, session: StoredSession, *, student: str = "tekst", browser: str = "token") -> StoredSession:
    turn = answer(session.turns[-1].number + 1, student)
    return store.append(browser, session.id, turn=turn, state={"at": turn.number}, finished=False)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_session_comes_back_as_it_was_stored(store: Store) -> None:
    begun = store.begin("token", session=NEW)
    assert begun == replace(NEW, id=begun.id)
    stored = store.append("token", begun.id, turn=answer(2), state={"step": "gevoel", "n": [1]}, finished=True)
    expected = replace(begun, turns=(OPENING, answer(2)), state={"step": "gevoel", "n": [1]}, finished=True)
    assert stored == store.get("token", begun.id) == store.current("token") == expected


def test_what_was_returned_is_there_after_reopening(url: str) -> None:
    with closing(open_store(url)) as first:
        stored = extend(first, first.begin("token", session=NEW))
    with closing(open_store(url)) as second:
        assert second.get("token", stored.id) == stored


def test_the_protocol_that_was_chosen_is_stored_with_its_turn(store: Store) -> None:
    begun = store.begin("token", session=replace(NEW, protocol="start", protocol_version=1))
    stored = store.append("token", begun.id, turn=answer(2), state={}, finished=False, begun=("ego", 2))
    assert (stored.protocol, stored.protocol_version) == ("ego", 2)
    assert extend(store, stored).protocol == "ego"


def test_an_amended_state_replaces_the_one_before_and_adds_no_turn(store: Store, clock: Clock) -> None:
    session = extend(store, store.begin("token", session=NEW))
    stored = store.amend("token", session.id, state={"answers": ["anders"]})
    assert stored == replace(session, state={"answers": ["anders"]}) == store.get("token", session.id)
    clock.now += timedelta(hours=24)
    store.amend("token", session.id, state={})
    assert store.purge(Retention(session_hours=24))["sessions"] == 0, "wie iets verandert, is er nog"


def test_an_amended_session_of_somebody_else_is_refused(store: Store) -> None:
    theirs = store.begin("theirs", session=NEW)
    for session_id in (theirs.id, "unknown"):
        with pytest.raises(SessionError, match="ververs de pagina"):
            store.amend("mine", session_id, state={})
    assert store.get("theirs", theirs.id) == theirs


def test_ids_are_given_by_the_store_and_differ(store: Store) -> None:
    ids = {store.begin("token", session=replace(NEW, id="mine")).id for _ in range(20)}
    assert len(ids) == 20
    assert min(map(len, ids)) >= 24
    assert "mine" not in ids


def test_a_session_begins_with_one_turn(store: Store) -> None:
    with pytest.raises(ValueError, match="got 0"):
        store.begin("token", session=replace(NEW, turns=()))
    assert store.current("token") is None


def test_current_is_the_session_begun_last_in_this_browser(store: Store) -> None:
    first = store.begin("token", session=NEW)
    second = store.begin("token", session=NEW)
    store.begin("other", session=NEW)
    extend(store, first)
    assert store.current("token") == second
    store.delete("token", second.id)
    assert store.current("token") == store.get("token", first.id)
    assert store.current("nobody") is None


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_only_the_next_turn_is_taken(store: Store, number: int) -> None:
    session = extend(store, store.begin("token", session=NEW))
    with pytest.raises(SessionError, match="ververs de pagina"):
        store.append("token", session.id, turn=answer(number), state={}, finished=True)
    assert store.get("token", session.id) == session


def test_unknown_and_other_peoples_sessions_cannot_be_told_apart(store: Store) -> None:
    theirs = store.begin("theirs", session=NEW)
    gone = store.begin("mine", session=NEW)
    store.delete("mine", gone.id)
    uses: list[Callable[[str], object]] = [
        lambda session_id: store.get("mine", session_id),
        lambda session_id: store.delete("mine", session_id),
        lambda session_id: store.append("mine", session_id, turn=answer(2), state={}, finished=False),
    ]
    messages = set()
    for use in uses:
        for session_id in (theirs.id, gone.id, "unknown", "", "nul\x00", "half\ud83d", "' OR 1=1 --"):
            with pytest.raises(SessionError) as caught:
                use(session_id)
            messages.add(str(caught.value))
    assert len(messages) == 1
    assert store.get("theirs", theirs.id) == theirs


def test_browsers_without_a_token_share_nothing(store: Store) -> None:
    with pytest.raises(SessionError, match="ververs de pagina"):
        store.begin("", session=NEW)
    with pytest.raises(SessionError):
        store.current("")


def test_purge_removes_only_silent_sessions(store: Store, clock: Clock) -> None:
    silent, active = (store.begin("token", session=NEW) for _ in range(2))
    clock.now += timedelta(hours=24)
    active = extend(store, active)
    assert store.purge(Retention(session_hours=25))["sessions"] == 0
    assert store.purge(Retention(session_hours=24))["sessions"] == 1
    assert store.purge(Retention(session_hours=24))["sessions"] == 0
    assert store.get("token", active.id) == active
    with pytest.raises(SessionError):
        store.get("token", silent.id)


def test_the_migrations_make_what_the_tables_describe(url: str) -> None:
    open_store(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_threads_append_to_different_sessions_at_once(store: Store) -> None:
    def talk(worker: int) -> StoredSession:
        session = store.begin(f"token {worker}", session=NEW)
        for turn in range(8):
            session = extend(store, session, student=f"{worker}-{turn}", browser=f"token {worker}")
        if worker % 3 == 0:  # erasing rewrites the file while others write
            store.delete(f"token {worker}", session.id)
        return session

    with ThreadPoolExecutor(12) as pool:
        talked = list(pool.map(talk, range(12)))
    for worker, session in enumerate(talked):
        assert [turn.student for turn in session.turns[1:]] == [f"{worker}-{turn}" for turn in range(8)]
        assert store.current(f"token {worker}") == (None if worker % 3 == 0 else session)


def test_of_two_threads_with_the_same_turn_exactly_one_wins(store: Store) -> None:
    session = store.begin("token", session=NEW)

    def attempt(student: str) -> str | None:
        try:
            extend(store, session, student=student)
        except SessionError:
            return None
        return student

    with ThreadPoolExecutor(2) as pool:
        for _ in range(15):
            winners = [name for name in pool.map(attempt, ("links", "rechts")) if name]
            session = store.get("token", session.id)
            assert winners == [session.turns[-1].student]


def test_the_folder_and_the_files_are_for_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    with closing(open_store(f"sqlite:///{folder / 'records.sqlite3'}")) as store:
        store.begin("secret token", session=NEW)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {path.name[15:] for path in folder.iterdir()} == {"", "-wal", "-shm"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert b"secret token" not in bytes_of(folder)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Give up root, which may write anywhere, for as long as it lasts."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:  # not tmp_path, which only its owner may enter
        Path(name).chmod(0o555)
        with ordinary_user(), pytest.raises(RecordsError, match=f"{name}/r.sqlite3.*rechten"):
            open_store(f"sqlite:///{name}/r.sqlite3")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RecordsError, match="file/r.sqlite3.*controleer de map"):
        open_store(f"sqlite:///{tmp_path}/file/r.sqlite3")


def test_a_file_that_is_no_database_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Beste lezer, " * 500)
    with pytest.raises(RecordsError, match="letter.txt.*geen database"):
        open_store(f"sqlite:///{path}")
    assert path.read_text() == "Beste lezer, " * 500


def test_a_newer_schema_is_refused_untouched(url: str) -> None:
    open_store(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsError, match="dit bestand is gemaakt met een nieuwere versie.*9999"):
        open_store(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


@pytest.mark.parametrize(
    "address", ["", "no address", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true", "oracle+none://h/d"]
)
def test_an_address_that_cannot_be_used_is_a_settings_error(address: str) -> None:
    with pytest.raises(SettingsError):
        open_store(address)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="psycopg, the PostgreSQL driver, is not installed")
    with pytest.raises(RecordsError, match="coachdb") as caught:
        open_store("postgresql+psycopg://user:geheim@127.0.0.1:9/coachdb")
    assert "geheim" not in str(caught.value)


def test_the_deletion_code_works_from_any_browser_and_is_not_stored(store: Store, url: str, tmp_path: Path) -> None:
    session, other = (extend(store, store.begin("token", session=NEW), student="dit moet weg") for _ in range(2))
    code = store.code("token", session.id)
    assert code == deletion_code("token", session.id)
    if url.startswith("sqlite"):
        assert not [form for form in (code, code.replace("-", "")) if form.encode() in bytes_of(tmp_path / "home")]
    assert not store.delete_by_code("AAAA-AAAA-AAAA-AAAA")
    assert not store.delete_by_code("geen code")
    assert store.delete_by_code(f" {code.lower()} ")
    assert not store.delete_by_code(code), "de tweede keer is er niets meer"
    with pytest.raises(SessionError):
        store.get("token", session.id)
    assert store.current("token") == other
    store.delete_by_code(store.code("token", other.id))
    if url.startswith("sqlite"):
        assert b"dit moet weg" not in bytes_of(tmp_path / "home")


def test_a_code_is_shown_to_its_own_browser_only(store: Store) -> None:
    session = store.begin("token", session=NEW)
    assert store.code("other", session.id) == ""
    assert store.code("token", "unknown") == ""


def test_all_that_is_kept_is_in_the_export_of_its_own_browser(store: Store) -> None:
    session = extend(store, store.begin("token", session=NEW), student="ik zei niks")
    store.begin("token", session=NEW)
    kept = store.kept("token", session.id)
    # Every table but those of teachers: what they collect or compare says nothing that was kept of a student.
    teachers = {"teachers", "teacher_sessions", "groups", "memberships", "supervision_sets", "set_items", "readings"}
    of_a_session = set(metadata.tables) - teachers - {"audit_log"}
    assert set(kept) == of_a_session, "een tabel met iets van een gesprek ontbreekt in de uitvoer"
    (head,) = kept["sessions"]
    assert set(head) == {column.name for column in metadata.tables["sessions"].columns}
    assert (head["id"], head["browser"], head["code"]) == (session.id, "(hash)", "(hash)")
    assert [turn["student"] for turn in kept["turns"]] == [None, "ik zei niks"]
    assert "ik zei niks" in json.dumps(kept)
    with pytest.raises(SessionError):
        store.kept("other", session.id)
