"""Two teachers beside one transcript, on the records alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from released import Room, room

from coach.errors import DeskError
from coach.records.readings import CRITERIA, Reading
from coach.records.review import Wanted
from coach.records.transcript import Edits, edit


def readings_of(*visible: bool) -> dict[str, Reading]:
    return {name: Reading(seen, "dat was stom" if seen else "") for name, seen in zip(CRITERIA, visible, strict=True)}


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Room]:
    """A group of three conversations with two teachers."""
    with room(tmp_path) as opened:
        opened.desk.groups.add_teacher("VP1", teacher_name="Bo")
        opened.release("VP1", "a", "b", "c")
        yield opened


def test_a_colleague_is_seen_after_ones_own_reading(both: Room) -> None:
    an, bo, group = both.teacher("An"), both.teacher("Bo"), both.group_id("VP1")
    one = both.ids(an)[0]
    both.desk.readings.write(an, group, one, readings_of(True, False, True, False, True))
    assert both.desk.readings.read(bo, group, one) == {}
    both.desk.readings.write(bo, group, one, readings_of(True, True, True, False, False))
    assert set(both.desk.readings.read(bo, group, one)) == {"An", "Bo"}
    assert both.desk.readings.read(an, group, one)["Bo"]["own_part"] == Reading(True, "dat was stom")


def test_a_reading_is_whole_and_quotes_the_student(both: Room) -> None:
    an, group = both.teacher("An"), both.group_id("VP1")
    one = both.ids(an)[0]
    right = readings_of(True, False, False, False, False)
    for wrong in ({**right, "description": Reading(True, "dat staat er niet")}, {"description": Reading(False)}):
        with pytest.raises(DeskError, match="niets opgeslagen"):
            both.desk.readings.write(an, group, one, wrong)
    assert both.desk.readings.read(an, group, one) == {}


def test_agreement_is_krippendorffs_alpha(both: Room) -> None:
    an, bo, group = both.teacher("An"), both.teacher("Bo"), both.group_id("VP1")
    given = [((True,) * 5, (True,) * 5), ((False,) * 5, (False,) * 5), ((True,) * 5, (True, False) + (True,) * 3)]
    for one, (first, second) in zip(both.ids(an), given, strict=True):
        both.desk.readings.write(an, group, one, readings_of(*first))
        both.desk.readings.write(bo, group, one, readings_of(*second))
    found = {item.criterion: item for item in both.desk.readings.agreement(an, group)}
    assert (found["description"].transcripts, found["description"].same, found["description"].alpha) == (3, 3, 1.0)
    # By hand: observed disagreement 1/3, expected 2·3·3/(6·5) = 0.6.
    assert found["own_part"].alpha == pytest.approx(1 - (1 / 3) / 0.6)


def test_agreement_says_nothing_before_there_is_something_to_say(both: Room) -> None:
    an, group = both.teacher("An"), both.group_id("VP1")
    both.desk.readings.write(an, group, both.ids(an)[0], readings_of(*[True] * 5))
    assert {(item.transcripts, item.alpha) for item in both.desk.readings.agreement(an, group)} == {(0, None)}


def test_a_reading_goes_with_the_transcript_and_never_to_the_student(both: Room, tmp_path: Path) -> None:
    an, group = both.teacher("An"), both.group_id("VP1")
    codes = both.release("VP1", "zonnehoed")
    one = both.ids(an, wanted=Wanted(text="zonnehoed"))[0]
    marks = {**readings_of(*[False] * 5), "description": Reading(True, "ik zei niets over zonnehoed")}
    both.desk.readings.write(an, group, one, marks)
    assert "visible" not in str(both.desk.releases.read(codes[0]))
    both.desk.review.flag(an, group, one)
    assert both.desk.readings.agreement(an, group)[0].transcripts == 0


def test_a_reading_keeps_no_sentence_that_the_student_took_out(both: Room) -> None:
    an, bo, group = both.teacher("An"), both.teacher("Bo"), both.group_id("VP1")
    (code,) = both.release("VP1", "zonnehoed")
    one = both.ids(an, wanted=Wanted(text="zonnehoed"))[0]
    marks = {**readings_of(*[False] * 5), "description": Reading(True, "ik zei niets over zonnehoed")}
    both.desk.readings.write(an, group, one, marks)
    both.desk.readings.write(bo, group, one, readings_of(*[True] * 5))
    both.desk.review.flag(an, group, one)
    whole = both.desk.releases.read(code).transcript
    both.desk.releases.put_back(code, transcript=edit(whole, Edits(phrases=("zonnehoed",))))
    assert set(both.desk.readings.read(bo, group, one)) == {"Bo"}


def test_always_disagreeing_is_worse_than_chance_and_who_never_read_counts_not(both: Room) -> None:
    an, bo, group = both.teacher("An"), both.teacher("Bo"), both.group_id("VP1")
    first, second, third = both.ids(an)
    for one, seen in ((first, True), (second, False)):
        both.desk.readings.write(an, group, one, readings_of(*[seen] * 5))
        both.desk.readings.write(bo, group, one, readings_of(*[not seen] * 5))
    both.desk.readings.write(an, group, third, readings_of(*[True] * 5))
    found = both.desk.readings.agreement(an, group)[0]
    # By hand: observed disagreement 1, expected 2·2·2/(4·3) = 2/3.
    assert (found.transcripts, found.same, found.alpha) == (2, 0, pytest.approx(1 - 1 / (2 / 3)))
