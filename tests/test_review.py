"""What a teacher may see and do, on the records alone."""

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from released import Room, room, transcript

from coach.errors import DeskError, NotYours, TooFew
from coach.records.export_set import counts_csv, set_docx, set_markdown
from coach.records.group_tables import releases
from coach.records.overview import summarise
from coach.records.review import COMMENT_MAX_CHARACTERS, Review, Wanted
from coach.records.tables import metadata
from coach.records.teachers import Teacher
from coach.web.desk_pages import load_texts

WORDS = load_texts("teacher.yaml")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


class TestRights:
    ACTIONS: tuple[Callable[[Review, Teacher, str, str], object], ...] = (
        lambda review, teacher, group, one: review.check(teacher, group),
        lambda review, teacher, group, one: review.overview(teacher, group),
        lambda review, teacher, group, one: review.listing(teacher, group, Wanted()),
        lambda review, teacher, group, one: review.opened(teacher, group, one, Wanted()),
        lambda review, teacher, group, one: review.transcript(teacher, group, one),
        lambda review, teacher, group, one: review.comment(teacher, group, one, "x"),
        lambda review, teacher, group, one: review.flag(teacher, group, one),
        lambda review, teacher, group, one: review.collect(teacher, group, one, name="x"),
        lambda review, teacher, group, one: review.sets(teacher, group),
        lambda review, teacher, group, one: review.supervision_set(teacher, group, "x", kind="x"),
        lambda review, teacher, group, one: review.drop(teacher, group, "x"),
    )

    @pytest.mark.parametrize("action", ACTIONS)
    def test_another_teachers_group_is_as_unknown_as_none(
        self, desk: Room, action: Callable[[Review, Teacher, str, str], object]
    ) -> None:
        desk.release("VP1", "a", "b")
        one, other = desk.ids(desk.teacher("An"))[0], desk.teacher("Bo")
        said = set()
        for group in (desk.group_id("VP1"), "geraden", ""):
            with pytest.raises(NotYours) as error:
                action(desk.desk.review, other, group, one)
            said.add(str(error.value))
        assert len(said) == 1

    def test_a_transcript_is_not_reached_through_an_own_group(self, desk: Room) -> None:
        desk.release("VP1", "a", "b")
        desk.release("VP2", "c", "d")
        one, other = desk.ids(desk.teacher("An"))[0], desk.teacher("Bo")
        with pytest.raises(NotYours):
            desk.desk.review.opened(other, desk.group_id("VP2"), one, Wanted())
        with pytest.raises(NotYours):
            desk.desk.review.comment(other, desk.group_id("VP2"), one, "x")

    def test_too_few_are_not_shown_and_shown_again_when_there_are_enough(self, desk: Room) -> None:
        teacher, group = desk.teacher("An"), desk.group_id("VP1")
        (code,) = desk.release("VP1", "a")
        assert not desk.desk.review.groups(teacher)[0].enough
        for read in (lambda: desk.ids(teacher), lambda: desk.desk.review.overview(teacher, group)):
            with pytest.raises(TooFew):
                read()
        desk.release("VP1", "b")
        assert len(desk.ids(teacher)) == 2
        desk.desk.releases.withdraw(code)
        with pytest.raises(TooFew):
            desk.ids(teacher)

    def test_every_look_is_in_the_log_without_content(self, desk: Room, tmp_path: Path) -> None:
        desk.release("VP1", "a", "b")
        teacher, group = desk.teacher("An"), desk.group_id("VP1")
        one = desk.ids(teacher)[0]
        desk.desk.review.opened(teacher, group, one, Wanted())
        desk.desk.review.overview(teacher, group, kind="export counts")
        found = desk.desk.groups.log()
        assert [(line.teacher, line.group, line.kind) for line in found] == [
            ("An", "VP1", "export counts"),
            ("An", "VP1", "transcript"),
            ("An", "VP1", "list"),
        ]
        assert {line.at for line in found} == {desk.clock.now}


class TestListing:
    def test_the_order_is_of_the_session_not_of_the_release(self, desk: Room) -> None:
        desk.release("VP1", *(f"s{number}" for number in range(8)))
        teacher = desk.teacher("An")
        first = desk.ids(teacher)
        assert desk.ids(teacher) == first
        orders = {tuple(desk.ids(replace(teacher, seed=str(seed)))) for seed in range(6)}
        assert len(orders) > 1
        assert all(set(order) == set(first) for order in orders)

    def test_filters_and_search(self, desk: Room) -> None:
        desk.release("VP1", "een ruzie over Café")
        desk.release("VP1", "rust", protocol="ego", protocol_name="Ego", themes=(("ego", "Ego"),))
        teacher = desk.teacher("An")

        def count(**wanted: str) -> int:
            return len(desk.ids(teacher, wanted=Wanted(**wanted)))

        assert (count(), count(theme="ego"), count(protocol="4g"), count(theme="ego", protocol="4g")) == (2, 1, 1, 0)
        assert (count(text="CAFE ruzie"), count(text="ruzie rust"), count(text="%"), count(text="_")) == (1, 0, 0, 0)

    def test_neighbours_are_those_of_the_list(self, desk: Room) -> None:
        desk.release("VP1", "a", "b", "c")
        teacher, group = desk.teacher("An"), desk.group_id("VP1")
        order = desk.ids(teacher)
        middle = desk.desk.review.opened(teacher, group, order[1], Wanted())
        assert (middle.before, middle.after) == (order[0], order[2])
        assert desk.desk.review.opened(teacher, group, order[0], Wanted()).before == ""
        assert desk.desk.review.opened(teacher, group, order[2], Wanted()).after == ""


class TestDoing:
    def test_a_comment_reaches_the_student_changes_and_goes(self, desk: Room) -> None:
        codes = desk.release("VP1", "a", "b")
        teacher, group = desk.teacher("An"), desk.group_id("VP1")
        for one in desk.ids(teacher):
            desk.desk.review.comment(teacher, group, one, "<b>Wat</b> wilde je?\n\nEn zij?")
        (comment,) = desk.desk.releases.read(codes[0]).comments
        assert (comment.teacher, comment.text) == ("An", "<b>Wat</b> wilde je?\n\nEn zij?")
        for one in desk.ids(teacher):
            desk.desk.review.comment(teacher, group, one, "  ")
        assert desk.desk.releases.read(codes[0]).comments == ()

    def test_a_comment_that_is_too_long_changes_nothing(self, desk: Room) -> None:
        codes = desk.release("VP1", "a", "b")
        teacher, group = desk.teacher("An"), desk.group_id("VP1")
        for one in desk.ids(teacher):
            desk.desk.review.comment(teacher, group, one, "eerst")
            with pytest.raises(DeskError, match="50000 tekens en er passen er 4000"):
                desk.desk.review.comment(teacher, group, one, "x" * 50_000)
            desk.desk.review.comment(teacher, group, one, "y" * COMMENT_MAX_CHARACTERS)
        assert desk.desk.releases.read(codes[0]).comments[0].text == "y" * COMMENT_MAX_CHARACTERS

    def test_recognisable_is_offline_at_once_until_the_student_has_looked(self, desk: Room) -> None:
        codes = desk.release("VP1", "appel", "boom", "citroen")
        teacher, group, review = desk.teacher("An"), desk.group_id("VP1"), desk.desk.review
        one = desk.ids(teacher, wanted=Wanted(text="appel"))[0]
        review.collect(teacher, group, one, name="Supervisie 1")
        review.flag(teacher, group, one)
        assert one not in desk.ids(teacher)
        assert review.overview(teacher, group).total == 2
        assert review.sets(teacher, group)[0].transcripts == ()
        with pytest.raises(NotYours):
            review.opened(teacher, group, one, Wanted())
        assert desk.desk.releases.read(codes[0]).offline
        desk.desk.releases.put_back(codes[0], transcript=transcript("minder"))
        assert one in desk.ids(teacher, wanted=Wanted(text="minder"))
        assert not desk.desk.releases.read(codes[0]).offline

    def test_sets_hold_what_is_there_and_let_go_of_it(self, desk: Room) -> None:
        codes = desk.release("VP1", "a", "b", "c")
        teacher, group, review = desk.teacher("An"), desk.group_id("VP1"), desk.desk.review
        for one in desk.ids(teacher):
            review.collect(teacher, group, one, name="  Supervisie   1 ")
            review.collect(teacher, group, one, name="Supervisie 1")
        (made,) = review.sets(teacher, group)
        assert (made.name, len(made.transcripts)) == ("Supervisie 1", 3)
        desk.desk.releases.withdraw(codes[0])
        (made,) = review.sets(teacher, group)
        assert len(made.transcripts) == 2
        review.drop(teacher, group, made.id, release_id=made.transcripts[0].id)
        assert len(review.sets(teacher, group)[0].transcripts) == 1
        review.drop(teacher, group, made.id)
        assert review.sets(teacher, group) == ()
        with pytest.raises(DeskError, match="1 tot 80"):
            review.collect(teacher, group, desk.ids(teacher)[0], name=" ")


class TestExports:
    def test_a_set_as_markdown_and_docx(self) -> None:
        hostile = replace(transcript("# geen kop\n<script>"), question="Hoe *zou* jij dit doen?")
        markdown = set_markdown("Set 1", [hostile], words=WORDS["exported"])
        assert "\\# geen kop" in markdown
        assert "<script>" not in markdown
        assert "Hoe \\*zou\\* jij dit doen?" in markdown
        document = Document(io.BytesIO(set_docx("Set 1", [hostile], words=WORDS["exported"])))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        for piece in ("Set 1", "<script>", "dat was stom", "“Vertrouwen groeit.”", "Coach (AI)"):
            assert piece in text
        # A passage stands where it was shown, not behind the whole conversation.
        assert text.index("“Vertrouwen groeit.”") < text.index("dat was stom")

    def test_no_spreadsheet_runs_a_cell(self) -> None:
        made = [("2026-W48", transcript(protocol_name="=cmd|' /C calc'!A0", themes=(("x", "@SUM(A1)"),)))]
        table = counts_csv(summarise(made), words=WORDS["counts"])
        cells = re.findall(r'"((?:[^"]|"")*)"', table)
        assert len(cells) > 12
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert "\"'=cmd" in table

    def test_an_export_while_a_student_withdraws_is_before_or_after(self, desk: Room) -> None:
        codes = desk.release("VP1", *(f"s{number}" for number in range(12)))
        teacher, group, review = desk.teacher("An"), desk.group_id("VP1"), desk.desk.review
        for one in desk.ids(teacher):
            review.collect(teacher, group, one, name="S")
        (made,) = review.sets(teacher, group)

        def export(_: int) -> int:
            found = review.supervision_set(teacher, group, made.id, kind="export docx")
            set_docx(found.name, [item.transcript for item in found.transcripts], words=WORDS["exported"])
            return len(found.transcripts)

        with ThreadPoolExecutor(4) as threads:
            exported = [threads.submit(export, number) for number in range(8)]
            withdrawn = [threads.submit(desk.desk.releases.withdraw, code) for code in codes[:6]]
            assert all(6 <= job.result() <= 12 for job in exported)
            assert [job.result() for job in withdrawn] == [None] * 6
        assert len(review.sets(teacher, group)[0].transcripts) == 6


class TestOverview:
    def test_it_counts_conversations(self) -> None:
        made = [("2026-W52", transcript("a")), ("2026-W52", transcript("b")), ("2027-W01", transcript("c", themes=()))]
        found = summarise(made)
        assert found.weeks == ("2026-W52", "2026-W53", "2027-W01")
        assert (found.total, found.themes, found.by_week) == (3, (("Feedback", 2),), ((2, 0, 0),))
        assert (found.protocols, found.by_protocol) == ((("4G-feedback", 3),), ((2,),))
        assert [(item.title, item.count) for item in found.passages] == [("Verkenning", 3)]
        assert [(item.step, item.probed, item.skipped) for item in found.sticking] == [("Gevoel", 3, 0)]
        assert summarise([]).weeks == ()


def test_no_table_can_hold_a_mark_a_rank_a_depth_or_a_student() -> None:
    names = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    for word in ("grade", "mark", "score", "rank", "depth", "level", "cijfer", "punt", "niveau", "points"):
        assert not [name for name in names if word in name.casefold()]
    # Nothing of a release says who or exactly when.
    assert {column.name for column in releases.columns} == {
        "id", "group", "code", "session", "week", "expires_at", "offline", "transcript", "words",
    }  # fmt: skip
