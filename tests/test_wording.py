"""The words around a question: a mirror, earlier words, a contrast, and none of them twice."""

from pathlib import Path

import pytest
from small import SMALL, begun, small_checks

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation import machine
from coach.conversation.intake import Intake
from coach.conversation.machine import CONTRAST, Event, Outcome
from coach.conversation.roles import load_roles
from coach.conversation.room import Room, Speech
from coach.conversation.safety import load_safety
from coach.conversation.texts import Texts
from coach.conversation.wishes import load_wishes
from coach.conversation.wording import Said, says_nothing_new, word

PROMPTS = content_root() / "prompts"
TEXTS = {language: read_yaml(PROMPTS / "texts" / f"{language}.yaml", Texts) for language in ("nl", "en")}


class NoLibrary:
    """Words around a question need no library."""


@pytest.fixture
def room(tmp_path: Path) -> Room:
    speeches = {
        language: Speech(
            texts=texts,
            intake=read_yaml(PROMPTS / "intake" / f"{language}.yaml", Intake),
            protocols={"proef": SMALL},
        )
        for language, texts in TEXTS.items()
    }
    return Room(
        speeches=speeches,  # type: ignore[arg-type]
        wishes=load_wishes(PROMPTS / "wishes.yaml"),
        checks=small_checks(tmp_path),
        roles=load_roles(PROMPTS / "roles.yaml"),
        safety=load_safety(PROMPTS),
        shelf=NoLibrary(),  # type: ignore[arg-type]
    )


def spoken(room: Room, event: Event, *, check: str | None = None, **changes: object) -> tuple[Outcome, Said]:
    """Let the machine decide on a first answer, and put it into words."""
    started = machine.start(SMALL, begun(**changes))
    outcome = machine.advance(SMALL, started.state, event)
    return outcome, word(room, outcome, event, check=check)


def mirrors(words: str, language: str = "nl") -> list[str]:
    """Return all ways to hold up a quotation; most of the time it stands by itself."""
    return [f"“{words}”.", *quotes(TEXTS[language].mirror, citaat=words)]


def quotes(lines: tuple[str, ...], **values: str) -> list[str]:
    return [line.format(**values) for line in lines]


def test_an_answer_is_quoted(room: Room) -> None:
    _, said = spoken(room, Event("answer", "ze keek op haar telefoon"))
    assert said.lead in mirrors("ze keek op haar telefoon")
    assert said.question == ""


def test_words_that_can_be_turned_speak_to_the_student_in_dutch_only(room: Room) -> None:
    assert spoken(room, Event("answer", "ik zei niks meer"))[1].lead == "Je zei niks meer."
    english = spoken(room, Event("answer", "ik zei toen niks meer"), language="en")[1].lead
    assert english in mirrors("ik zei toen niks meer", "en"), "tussen aanhalingstekens staat letterlijk"


@pytest.mark.parametrize("text", ["rot", "niks meer gezegd", "ze stond er alleen"])
def test_an_answer_of_a_few_words_is_not_said_again(room: Room, text: str) -> None:
    _, said = spoken(room, Event("answer", text))
    assert said.lead in ("", *TEXTS["nl"].acknowledge)
    assert said.state.mirrored == ()


def test_a_feeling_named_in_a_few_words_is_held_up_as_one(room: Room) -> None:
    assert spoken(room, Event("answer", "boos en moe"), check="gevoel")[1].lead in quotes(
        TEXTS["nl"].mirror_feeling, citaat="boos en moe"
    )
    long = "een knoop in mijn maag"
    assert spoken(room, Event("answer", long), check="gevoel")[1].lead in mirrors(long)


def test_of_a_long_message_the_core_is_held_up_and_never_twice(room: Room) -> None:
    text = (
        "Het was die ochtend heel erg druk op de afdeling met twee zieken. Ze zei “doe jij dat maar”. "
        "Mijn begeleider keek toen alleen maar naar haar scherm. Daarna was er koffie voor iedereen."
    )
    _, said = spoken(room, Event("answer", text))
    assert said.lead in mirrors("Ze zei “doe jij dat maar”")
    again = spoken(room, Event("answer", text), mirrored=said.state.mirrored)[1].lead
    assert again in mirrors("Daarna was er koffie voor iedereen")


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (Event("skip", "sla over"), "skip"),
        (Event("unknown", "geen idee"), "unknown"),
        (Event("answer", "heel veel", "te_lang"), "too_long"),
        (Event("answer", "😀"), "acknowledge"),
    ],
)
def test_what_the_student_chose_gets_its_own_word(room: Room, event: Event, name: str) -> None:
    assert spoken(room, event)[1].lead in getattr(TEXTS["nl"], name)


@pytest.mark.parametrize("event", [Event("goto", "ander"), Event("resume", "verder")])
def test_who_chooses_a_step_or_comes_back_hears_no_mirror(room: Room, event: Event) -> None:
    assert spoken(room, event)[1].lead == ""


@pytest.mark.parametrize(
    ("text", "lead"), [("het was kort", ""), ("het was gisteren maar kort", "het was gisteren maar kort")]
)
def test_before_asking_on_only_a_real_answer_is_held_up(room: Room, text: str, lead: str) -> None:
    said = spoken(room, Event("answer", text, "kort"))[1]
    assert said.lead in (mirrors(lead) if lead else [""])


def test_a_label_on_the_other_is_never_repeated(room: Room) -> None:
    # The small check calls every clause with "vaag" in it a label.
    said = spoken(
        room, Event("answer", "die vage collega is vaag. Ze kwam een kwartier later binnen met haar jas aan")
    )[1]
    assert "vaag" not in said.lead


def test_after_two_probes_it_is_let_go(room: Room) -> None:
    outcome = machine.start(SMALL, begun())
    for text in ("een vaag", "twee vaag", "drie vaag"):
        event = Event("answer", text, "vaag")
        outcome = machine.advance(SMALL, outcome.state, event)
    assert word(room, outcome, event, check="vorm").lead in TEXTS["nl"].let_go


def test_earlier_words_are_held_up_with_a_question_of_their_own(room: Room) -> None:
    event = Event("answer", "ze riep hard", heard=(("gevoel", "ik was bang"),))
    outcome, said = spoken(room, event)
    assert outcome.held == "ik was bang"
    # They stand in the place of a mirror.
    assert said.lead in quotes(TEXTS["nl"].held, citaat="ik was bang")
    assert said.question in TEXTS["nl"].held_question


def test_words_of_this_very_message_are_held_up_once(room: Room) -> None:
    event = Event("answer", "ze riep hard en ik was bang", heard=(("gevoel", "ik was bang"),))
    said = spoken(room, event)[1]
    assert said.lead in quotes(TEXTS["nl"].held, citaat="ik was bang")


def test_words_that_cannot_be_held_up_leave_the_step_its_own_question(room: Room) -> None:
    event = Event("answer", "ze riep hard en ze liep toen weg", heard=(("gevoel", "ik was bang"),))
    outcome, said = spoken(room, event, mirrored=("ik was bang",))
    assert outcome.held == "ik was bang"
    assert said.question in SMALL.step("gevoel").questions
    assert "ik was bang" not in said.lead


@pytest.mark.parametrize(("mirrored", "goes_on"), [((), False), (("ik was bang",), True)])
def test_what_was_held_up_already_is_not_asked_about(room: Room, mirrored: tuple[str, ...], goes_on: bool) -> None:
    event = Event("answer", "ze riep hard", heard=(("gevoel", "ik was bang"),))
    outcome = spoken(room, event, mirrored=mirrored)[0]
    assert says_nothing_new(room, outcome) is goes_on
    after = machine.keep_held(SMALL, outcome)
    assert (after.step, after.move) == ("ander", outcome.move)
    assert [answer.text for answer in after.state.answers] == ["ze riep hard", "ik was bang"]


def test_no_name_of_a_step_is_said(room: Room) -> None:
    for language in ("nl", "en"):
        lines = (*TEXTS[language].held, *TEXTS[language].held_question)
        assert [line for line in lines if "‘" in line or "{stap}" in line] == []


def test_two_things_are_put_side_by_side(room: Room) -> None:
    event = Event("contrast", "ik was niet bang", contrast=("ik was bang", "ik was niet bang"))
    outcome = machine.advance(SMALL, machine.start(SMALL, begun()).state, event)
    said = word(room, outcome, event, check="vorm")
    assert outcome.issue == CONTRAST
    assert said.lead in quotes(TEXTS["nl"].contrast, eerder="ik was bang", nu="ik was niet bang")
    assert said.question in TEXTS["nl"].contrast_question
    assert any(used.startswith("contrast.") for used in said.state.used)


@pytest.mark.parametrize(
    ("event", "changes", "name"),
    [
        (Event("stop"), {}, "stopped"),
        (Event("answer", "mijn schuld", reproach=True), {"reproaches": 2}, "reproach"),
        (Event("answer", "x"), {"turns": machine.TURNS_MAX - 1}, "limit"),
    ],
)
def test_each_end_has_its_own_words(room: Room, event: Event, changes: dict[str, object], name: str) -> None:
    assert spoken(room, event, **changes)[1].lead in getattr(TEXTS["nl"], name)


def test_an_ordinary_end_closes(room: Room) -> None:
    outcome = machine.start(SMALL, begun())
    for _ in range(4):
        event = Event("answer", "ze keek weg")
        outcome = machine.advance(SMALL, outcome.state, event)
    assert word(room, outcome, event, check=None).lead in TEXTS["nl"].close


def test_braces_of_a_student_stay_as_they_are(room: Room) -> None:
    assert "ze zei {citaat} {0} \\1" in spoken(room, Event("answer", "ze zei {citaat} {0} \\1"))[1].lead


def test_what_must_be_said_first_does_not_take_the_words_a_question_is_about(room: Room) -> None:
    event = Event("contrast", "ik was niet bang", contrast=("ik was bang", "ik was niet bang"))
    outcome = machine.advance(SMALL, machine.start(SMALL, begun()).state, event)
    said = word(room, outcome, event, check="vorm", first="Dat is zwaar.")
    assert said.lead.startswith("Dat is zwaar.")
    assert "ik was bang" in said.lead
