"""The wiring: a session from begin to delete, as a page uses it."""

import io
import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document

from coach.app import Coach, open_coach
from coach.config import Settings
from coach.errors import SessionError
from coach.library.quote import is_exact
from coach.records.store import open_store

FEEDBACK = [
    "ze zei “ja als jij ze zo verwent wil straks niemand meer zelf uit bed”",
    "schaamte denk ik. en boos",
    "ik heb de rest van de dienst niks meer gevraagd",
    "dat ze het na afloop even tegen mij zegt, niet in de groep",
    "misschien dat ik bewoners dingen uit handen neem die ze zelf kunnen",
    "dat ik stilval als er meer mensen bij zijn",
    "donderdag, voor de dienst",
    "hoe begin je zo'n gesprek",
]
INTENTION = 6


def test_a_whole_reflection(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    assert (conversation.progress.number, conversation.progress.total) == (1, 4)
    for text in FEEDBACK:
        conversation = coach.reply("browser", conversation.id, text)
    assert conversation.finished
    assert conversation.product is not None
    assert [line.text for line in conversation.product.lines] == [*FEEDBACK[:INTENTION], *FEEDBACK[INTENTION + 1 :]]
    assert conversation.product.intention == FEEDBACK[INTENTION]
    assert conversation.exercise is not None
    markdown = coach.markdown("browser", conversation.id)
    assert all(text in markdown for text in FEEDBACK)


@pytest.mark.parametrize("protocol", ["4g", "korthagen", "oefening_fouten"])
def test_every_shown_quotation_is_exact_and_none_returns(coach: Coach, protocol: str) -> None:
    for language in ("nl", "en"):
        conversation = coach.begin("browser", protocol=protocol, length="lang", language=language)
        number = 0
        while not conversation.finished:
            number += 1
            conversation = coach.reply("browser", conversation.id, f"Bij overleg {number} zei ik niets, ik was bang")
        shown = [quote for turn in conversation.turns for quote in turn.quotes]
        assert len(shown) >= 4
        assert len({quote.passage_id for quote in shown}) == len(shown)
        for quote in shown:
            assert is_exact(quote.text, coach.passage_text(quote.passage_id))


def test_a_reload_finds_everything_as_it_was(coach: Coach) -> None:
    begun = coach.begin("browser", protocol="ego")
    replied = coach.reply("browser", begun.id, "toen ik tegen de psycholoog zei dat het nergens op sloeg")
    assert coach.current("browser") == replied


def test_another_browser_sees_and_changes_nothing(coach: Coach) -> None:
    conversation = coach.begin("mine", protocol="4g")
    assert coach.current("other") is None
    for act in (
        lambda: coach.reply("other", conversation.id, "hallo"),
        lambda: coach.delete("other", conversation.id),
        lambda: coach.markdown("other", conversation.id),
    ):
        with pytest.raises(SessionError):
            act()
    assert coach.current("mine") == conversation


def test_deleted_is_deleted(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    coach.delete("browser", conversation.id)
    assert coach.current("browser") is None
    with pytest.raises(SessionError):
        coach.reply("browser", conversation.id, "hallo")


def test_identifiers_never_reach_the_disk(coach: Coach, tmp_path: Path) -> None:
    planted = ["lotte@voorbeeld.nl", "06-12345678", "123456782", "6511 AB", "NL91ABNA0417164300"]
    conversation = coach.begin("browser", protocol="4g")
    text = "Ze zei: mail lotte@voorbeeld.nl of bel 06-12345678, bsn 123456782, 6511 AB, NL91ABNA0417164300"
    conversation = coach.reply("browser", conversation.id, text)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for identifier in planted:
        assert identifier not in conversation.turns[-1].student
        assert identifier not in conversation.turns[-1].coach
        assert identifier.encode() not in written


def test_a_text_that_is_too_long_is_refused_and_nothing_is_lost(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    with pytest.raises(SessionError, match="Er is niets verstuurd"):
        coach.reply("browser", conversation.id, "x" * (coach.turn_max_characters + 1))
    assert coach.current("browser") == conversation


def test_unknown_protocol_and_length_name_the_known_ones(coach: Coach) -> None:
    with pytest.raises(SessionError, match="4g, alliantie, ego"):
        coach.begin("browser", protocol="5g")
    with pytest.raises(SessionError, match="kort, lang"):
        coach.begin("browser", protocol="4g", length="middel")


def test_two_tabs_at_once_lose_no_turn(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    threads = [
        threading.Thread(target=coach.reply, args=("browser", conversation.id, f"ze zei nummer {number} tegen mij"))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = coach.current("browser")
    assert found is not None
    assert sorted(turn.student or "" for turn in found.turns[1:]) == [f"ze zei nummer {n} tegen mij" for n in range(4)]


def test_a_server_that_starts_again_goes_on(shared_coach: Coach, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    for text in ("", *FEEDBACK):
        store = open_store(address)
        coach = Coach(shared_coach.settings, room=shared_coach.room, library=shared_coach.library, store=store)
        found = coach.current("browser") or coach.begin("browser", protocol="4g")
        if text:
            coach.reply("browser", found.id, text)
        store.close()
    store = open_store(address)
    finished = Coach(shared_coach.settings, room=shared_coach.room, library=shared_coach.library, store=store).current(
        "browser"
    )
    store.close()
    assert finished is not None and finished.finished


def test_purge_removes_only_what_is_old(coach: Coach) -> None:
    coach.begin("browser", protocol="4g")
    assert coach.purge()["sessions"] == 0
    assert coach.current("browser") is not None


def test_a_silent_conversation_is_gone_after_the_hours_of_the_settings(shared_coach: Coach, tmp_path: Path) -> None:
    now = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    store = open_store(f"sqlite:///{tmp_path / 'records.sqlite3'}", clock=lambda: now)
    settings = shared_coach.settings.model_copy(update={"session_hours": 2})
    coach = Coach(settings, room=shared_coach.room, library=shared_coach.library, store=store)
    silent, other = (coach.begin(browser, protocol="4g") for browser in ("silent", "other"))
    now += timedelta(hours=1, minutes=59)
    assert coach.purge()["sessions"] == 0
    coach.reply("other", other.id, FEEDBACK[0])
    now += timedelta(minutes=2)
    assert coach.purge()["sessions"] == 1
    assert coach.current("silent") is None
    assert coach.current("other") is not None
    assert silent.id.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()


def test_the_code_comes_with_the_end_and_deletes_everything(coach: Coach) -> None:
    begun = coach.begin("browser", protocol="4g")
    assert begun.code == ""
    ended = coach.reply("browser", begun.id, "stop")
    assert ended.code == coach.code("browser", begun.id) != ""
    assert coach.delete_by_code(ended.code)
    assert coach.current("browser") is None


def test_opening_twice_says_who_holds_the_library(shared_coach: Coach, tmp_path: Path) -> None:
    settings = replace_home(shared_coach.settings, tmp_path)
    with pytest.raises(Exception, match="proces|ander"):
        open_coach(settings)


def replace_home(settings: Settings, tmp_path: Path) -> Settings:
    """The same index, other records."""
    return Settings(home=settings.home, database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}")


def test_a_turn_reads_back_as_it_was_said(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    turn = coach.reply("browser", conversation.id, "hij zuchtte en draaide zich om").turns[-1]
    found = coach.current("browser")
    assert found is not None
    assert found.turns[-1] == replace(turn)


def test_a_docx_holds_the_students_words(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    for text in FEEDBACK:
        conversation = coach.reply("browser", conversation.id, text)
    document = Document(io.BytesIO(coach.docx("browser", conversation.id)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert set(FEEDBACK) <= set(texts)
    assert "Een oefening die past" in texts
    with pytest.raises(SessionError):
        coach.docx("other", conversation.id)


def test_before_the_first_question_there_is_nothing_to_take_along(coach: Coach) -> None:
    conversation = coach.begin("browser")
    for take in (coach.markdown, coach.docx):
        with pytest.raises(SessionError, match="nog niets om te bewaren"):
            take("browser", conversation.id)


def test_the_students_change_of_a_sentence_is_kept(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    for text in FEEDBACK:
        conversation = coach.reply("browser", conversation.id, text)
    turns = conversation.turns
    changed = coach.amend("browser", conversation.id, step="gevoel", text=" ik was verdrietig, bel 06-12345678 ")
    assert changed.product is not None
    texts = {line.step: line.text for line in changed.product.lines}
    assert texts["gevoel"] == "ik was verdrietig, bel [telefoonnummer]"
    assert texts["gedrag"] == FEEDBACK[0]
    assert changed.turns == turns, "wat gezegd is, blijft staan zoals het gezegd is"
    assert coach.current("browser") == changed
    assert "verdrietig" in coach.markdown("browser", conversation.id)
    emptied = coach.amend("browser", conversation.id, step="gevoel", text="  ")
    assert emptied.product is not None
    assert "gevoel" not in {line.step for line in emptied.product.lines}


def test_names_are_known_again_and_never_written(coach: Coach, tmp_path: Path) -> None:
    conversation = coach.begin("secret-of-the-browser", protocol="4g")
    told = [
        "Mijn collega Xhovana Achterberg zei in Nijmegen dat ik de bewoner verwende, op 3 februari.",
        "ik schaamde me voor xhovana, en ook voor Truus",
        "toen ging xhovanna weg en ik bleef stil bij truus",
    ]
    for text in told:
        conversation = coach.reply("secret-of-the-browser", conversation.id, text)
    first, second, third = (turn.student for turn in conversation.turns[1:4])
    assert "[collega 1]" in first
    assert "[begin februari]" in first
    assert second == "ik schaamde me voor [collega 1], en ook voor [persoon 1]"
    assert third == "toen ging [collega 1] weg en ik bleef stil bij [persoon 1]"
    conversation = coach.amend(
        "secret-of-the-browser", conversation.id, step="gedrag", text="Xhovana zei dat ik verwende waar Yonas bij was"
    )
    assert conversation.product is not None
    assert conversation.product.lines[0].text == "[collega 1] zei dat ik verwende waar [persoon 2] bij was"
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()).lower()
    assert b"[collega 1]" in written
    for name in (b"xhovan", b"achterberg", b"truus", b"yonas", b"secret-of-the-browser"):
        assert name not in written
    assert b"3 februari" not in written


def test_a_change_that_asks_for_safety_is_answered_and_changes_nothing(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    conversation = coach.reply("browser", conversation.id, FEEDBACK[0])
    after = coach.amend("browser", conversation.id, step="gedrag", text="ik wil niet meer leven")
    assert (after.turns[-1].move, after.paused) == ("safety", True)
    assert "113" in after.turns[-1].coach
    assert after.product == conversation.product


def test_a_change_by_another_browser_or_too_long_is_refused(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    with pytest.raises(SessionError):
        coach.amend("other", conversation.id, step="gedrag", text="x")
    with pytest.raises(SessionError, match="Er is niets verstuurd"):
        coach.amend("browser", conversation.id, step="gedrag", text="x" * (coach.turn_max_characters + 1))
    assert coach.current("browser") == conversation


def test_wordings_rotate_over_the_sessions_of_a_student(coach: Coach) -> None:
    said: list[str] = []
    questions: list[str] = []
    for _ in range(5):
        conversation = coach.begin("browser", protocol="4g", avoid=said)
        questions.append(conversation.turns[0].coach.rsplit("\n\n", 1)[-1])
        said += [wording for wording in conversation.wordings if wording not in said]
    assert len(set(questions)) == 5
    assert all(re.fullmatch(r"[a-z0-9_.-]{1,80}", wording) for wording in said), "zo laat de pagina ze toe"


def test_what_a_browser_sends_along_is_bounded_and_may_be_nonsense(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g", avoid=["😀"] * 5_000, practised=["weg"])
    assert coach.reply("browser", conversation.id, "ze zuchtte").turns[-1].questions == 1


def test_each_language_has_its_own_welcome_panel_and_protocols(coach: Coach) -> None:
    assert coach.welcome("nl") != coach.welcome("en")
    assert coach.help_panel("nl").title != coach.help_panel("en").title
    assert [line.number for line in coach.help_panel("nl").lines] == [
        line.number for line in coach.help_panel("en").lines
    ]
    assert [one.id for one in coach.protocols_in("nl")] == [one.id for one in coach.protocols_in("en")]
    english = coach.begin("browser", protocol="4g", language="en")
    assert (english.language, english.protocol) == ("en", coach.protocols_in("en")[0])


def test_the_protocol_that_was_chosen_is_stored(coach: Coach, tmp_path: Path) -> None:
    conversation = coach.begin("browser")
    conversation = coach.reply("browser", conversation.id, "bij het mdo zei de arts tegen mij dat ik te traag was")
    for _ in range(4):
        if conversation.protocol is None:
            conversation = coach.reply("browser", conversation.id, "ja")
    assert conversation.protocol is not None
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as connection:
        rows = connection.execute("SELECT protocol, protocol_version FROM sessions").fetchall()
    assert rows == [(conversation.protocol.id, conversation.protocol.version)]
