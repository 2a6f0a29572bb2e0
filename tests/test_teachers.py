"""Accounts and sessions of teachers."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from released import Room, room

from coach.errors import DeskError
from coach.records.teachers import FAILURES_MAX, IDLE_MAX, LOCKED_FOR, SESSION_MAX


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


def test_the_password_is_shown_once_and_never_stored(desk: Room, tmp_path: Path) -> None:
    password = desk.passwords["An"]
    assert desk.teacher("An").name == "An"
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert password.encode() not in held
    with sqlite3.connect(tmp_path / "records.sqlite3") as connection:
        stored = connection.execute("SELECT password FROM teachers").fetchall()
    connection.close()
    assert all(hashed.startswith("$argon2id$") for (hashed,) in stored)


@pytest.mark.parametrize("name", ["an", " AN ", "An"])
def test_a_name_is_found_however_it_is_typed(desk: Room, name: str) -> None:
    assert desk.desk.teachers.log_in(name, desk.passwords["An"])
    with pytest.raises(DeskError, match="bestaat al"):
        desk.desk.teachers.add(name)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_that_is_none_is_refused(desk: Room, name: str) -> None:
    with pytest.raises(DeskError, match="1 tot 80 tekens"):
        desk.desk.teachers.add(name)


def test_unknown_name_wrong_password_and_lock_say_the_same(desk: Room) -> None:
    teachers, said = desk.desk.teachers, set()
    for name, password in [("Niemand", "x"), ("An", "x"), *[("An", "x")] * FAILURES_MAX, ("An", desk.passwords["An"])]:
        with pytest.raises(DeskError) as refused:
            teachers.log_in(name, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_lock_ends_after_a_while_and_a_right_password_starts_the_count_anew(desk: Room) -> None:
    teachers, password = desk.desk.teachers, desk.passwords["An"]
    for _ in range(2):
        for _ in range(FAILURES_MAX - 1):
            with pytest.raises(DeskError):
                teachers.log_in("An", "mis")
        assert teachers.log_in("An", password)
    for _ in range(FAILURES_MAX):
        with pytest.raises(DeskError):
            teachers.log_in("An", "mis")
    desk.clock.now += LOCKED_FOR - timedelta(seconds=1)
    with pytest.raises(DeskError):
        teachers.log_in("An", password)
    desk.clock.now += timedelta(seconds=2)
    assert teachers.log_in("An", password)


def test_a_session_ends_idle_after_a_day_and_by_logging_out(desk: Room) -> None:
    teachers, password = desk.desk.teachers, desk.passwords["An"]
    token = teachers.log_in("An", password)
    for _ in range(int(SESSION_MAX / IDLE_MAX)):
        desk.clock.now += IDLE_MAX - timedelta(seconds=1)
        assert teachers.session(token) is not None, "wie bezig is, blijft ingelogd"
    desk.clock.now += IDLE_MAX
    assert teachers.session(token) is None
    token = teachers.log_in("An", password)
    desk.clock.now += IDLE_MAX + timedelta(seconds=1)
    assert teachers.session(token) is None
    token = teachers.log_in("An", password)
    teachers.log_out(token)
    assert teachers.session(token) is None
    assert teachers.session("geraden") is None


def test_another_password_ends_every_session(desk: Room) -> None:
    teachers, password = desk.desk.teachers, desk.passwords["An"]
    token = teachers.log_in("An", password)
    found = teachers.session(token)
    assert found is not None
    with pytest.raises(DeskError, match="klopt niet"):
        teachers.change_password(found.id, current="mis", new="een heel nieuw wachtwoord")
    with pytest.raises(DeskError, match="12 tot 200"):
        teachers.change_password(found.id, current=password, new="kort")
    assert teachers.session(token) is not None
    teachers.change_password(found.id, current=password, new="een heel nieuw wachtwoord")
    assert teachers.session(token) is None
    assert teachers.log_in("An", "een heel nieuw wachtwoord")
    assert teachers.log_in("An", teachers.reset("An"))


def test_removing_a_teacher_ends_the_session_and_leaves_the_group_unread(desk: Room) -> None:
    token = desk.desk.teachers.log_in("An", desk.passwords["An"])
    desk.desk.teachers.remove("An")
    assert desk.desk.teachers.session(token) is None
    assert desk.desk.groups.find("VP1").teachers == ()
    with pytest.raises(DeskError, match="bestaat niet"):
        desk.desk.teachers.reset("An")


def test_single_sign_on_finds_an_account_once_by_name_and_makes_none_by_itself(desk: Room) -> None:
    teachers = desk.desk.teachers
    with pytest.raises(DeskError, match="nog geen account"):
        teachers.log_in_by_subject("iss|1", principal="onbekend")
    assert teachers.log_in_by_subject("iss|1", principal="an")
    # The name is bound to that subject now; another person with the same name is not An.
    with pytest.raises(DeskError, match="nog geen account"):
        teachers.log_in_by_subject("iss|2", principal="an")
    assert teachers.log_in_by_subject("iss|1", principal="heet nu anders")
    found = teachers.session(teachers.log_in_by_subject("iss|3", principal="Cas", may_create=True))
    assert found is not None
    assert (found.name, desk.desk.review.groups(found)) == ("Cas", ())


def test_guessing_the_current_password_locks_too(desk: Room) -> None:
    teachers, teacher, password = desk.desk.teachers, desk.teacher("An"), desk.passwords["An"]
    for _ in range(FAILURES_MAX):
        with pytest.raises(DeskError, match="klopt niet"):
            teachers.change_password(teacher.id, current="mis", new="een lang wachtwoord")
    with pytest.raises(DeskError, match="klopt niet"):
        teachers.change_password(teacher.id, current=password, new="een lang wachtwoord")
    with pytest.raises(DeskError):
        teachers.log_in("An", password)
    desk.clock.advance(seconds=LOCKED_FOR.total_seconds() + 1)
    teachers.change_password(teacher.id, current=password, new="een lang wachtwoord")
    assert teachers.log_in("An", "een lang wachtwoord")


def test_a_teacher_who_was_removed_changes_nothing(desk: Room) -> None:
    teacher, password = desk.teacher("An"), desk.passwords["An"]
    desk.desk.teachers.remove("An")
    with pytest.raises(DeskError, match="niets veranderd"):
        desk.desk.teachers.change_password(teacher.id, current=password, new="een lang wachtwoord")


def test_a_teacher_can_leave_one_group(desk: Room) -> None:
    groups = desk.desk.groups
    groups.add_teacher("VP2", teacher_name="An")
    assert [group.name for group in desk.desk.review.groups(desk.teacher("An"))] == ["VP1", "VP2"]
    groups.remove_teacher("VP2", teacher_name="AN ")
    assert [group.name for group in desk.desk.review.groups(desk.teacher("An"))] == ["VP1"]
    for name, said in (("An", "hoort niet bij"), ("Niemand", "'Niemand' bestaat niet")):
        with pytest.raises(DeskError, match=said):
            groups.remove_teacher("VP2", teacher_name=name)
