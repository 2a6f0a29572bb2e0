"""Releasing, reading back and withdrawing, on the records alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from released import Room, room, transcript

from coach.errors import ReleaseError
from coach.records.hand_codes import ALPHABET, make_code, plain_code
from coach.records.release import iso_week
from coach.records.retention import Retention
from coach.records.review import Wanted


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


def refused(action: object, *arguments: object, **named: object) -> str:
    assert callable(action)
    with pytest.raises(ReleaseError) as error:
        action(*arguments, **named)
    return str(error.value)


def test_codes_are_letters_that_cannot_be_mixed_up() -> None:
    assert not set("AEIOUYLQ0123456789") & set(ALPHABET)
    code = make_code(16)
    assert len(code) == 19
    assert plain_code(f" {code.lower().replace('-', ' ')} ") == code.replace("-", "")
    assert len({make_code(6) for _ in range(500)}) > 490


def test_what_is_released_is_read_back_with_the_code_only(desk: Room, tmp_path: Path) -> None:
    (code,) = desk.release("VP1", "s1")
    found = desk.desk.releases.read(code.lower())
    assert (found.group, found.offline, found.comments) == ("VP1", False, ())
    assert found.transcript == transcript("s1")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert code.encode() not in held
    assert plain_code(code).encode() not in held
    assert refused(desk.desk.releases.read, "BCDF-GHJK-BCDF-GHJK") == "withdraw_unknown"
    assert refused(desk.desk.releases.read, "") == "withdraw_unknown"


@pytest.mark.parametrize("typed", ["", "XXXXXX", "   ", "<script>", "B" * 5000])
def test_a_wrong_join_code_releases_nothing(desk: Room, typed: str) -> None:
    said = refused(desk.desk.releases.release, "s1", join_code=typed, transcript=transcript())
    assert said == "code_unknown"
    assert desk.desk.releases.held("s1") is None


def test_an_expired_code_a_closed_group_and_a_group_without_teacher_say_which(desk: Room) -> None:
    releases, groups, code = desk.desk.releases, desk.desk.groups, desk.codes["VP1"]
    assert releases.group_name(code.lower()) == "VP1"
    desk.clock.advance(days=31)
    assert refused(releases.release, "s1", join_code=code, transcript=transcript()) == "code_expired"
    code = groups.renew_code("VP1", days=30).join_code
    groups.close("VP1")
    assert refused(releases.release, "s1", join_code=code, transcript=transcript()) == "group_closed"
    code = groups.renew_code("VP1", days=30).join_code
    desk.desk.teachers.remove("An")
    assert refused(releases.release, "s1", join_code=code, transcript=transcript()) == "group_unread"
    groups.add_teacher("VP1", teacher_name="Bo")
    assert releases.release("s1", join_code=code, transcript=transcript())


def test_a_conversation_is_released_once_until_it_is_withdrawn(desk: Room) -> None:
    (code,) = desk.release("VP1", "s1")
    again = {"join_code": desk.codes["VP2"], "transcript": transcript()}
    assert refused(desk.desk.releases.release, "s1", **again) == "released_before"
    desk.desk.releases.withdraw(code)
    assert refused(desk.desk.releases.withdraw, code) == "withdraw_unknown"
    assert desk.desk.releases.release("s1", **again)  # type: ignore[arg-type]


def test_nothing_left_is_not_released(desk: Room) -> None:
    empty = transcript(turns=())
    assert refused(desk.desk.releases.release, "s1", join_code=desk.codes["VP1"], transcript=empty) == "nothing_left"


def test_withdrawn_text_is_in_no_file(desk: Room, tmp_path: Path) -> None:
    codes = desk.release("VP1", "zonnebloem", "waterval")
    teacher, group = desk.teacher("An"), desk.group_id("VP1")
    (first, _) = sorted(
        desk.desk.review.listing(teacher, group, Wanted()).found,
        key=lambda found: "waterval" in found.transcript.told(),
    )
    desk.desk.review.comment(teacher, group, first.id, "reactie-op-de-bloem")
    desk.desk.releases.withdraw(codes[0])
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"zonnebloem" not in held
    assert b"reactie-op-de-bloem" not in held
    assert b"waterval" in held


def test_purge_removes_what_has_expired_and_only_that(desk: Room) -> None:
    desk.release("VP1", "s1")
    desk.clock.now = datetime(2027, 8, 1, tzinfo=UTC)
    desk.codes["VP1"] = desk.desk.groups.renew_code("VP1", days=30).join_code
    desk.release("VP1", "s2")
    assert desk.store.purge(Retention(session_hours=24))["releases"] == 1
    assert desk.desk.releases.held("s1") is None
    assert desk.desk.releases.held("s2") is not None


def test_only_the_week_is_kept_of_when() -> None:
    assert iso_week(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "2026-W53"
    assert iso_week(datetime(2026, 11, 30, tzinfo=UTC)) == "2026-W49"
