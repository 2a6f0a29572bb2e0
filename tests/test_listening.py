"""Listening: pieces for other steps, what goes against earlier words, and a step named by the student."""

from pathlib import Path

import pytest
from small import SMALL, begun, small_checks

from coach.config import content_root
from coach.conversation.checks import Checks, load_checks
from coach.conversation.listening import hear, is_insult, named_step
from coach.conversation.state import Answer, State


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    return small_checks(tmp_path)


def told(*texts: str, signs: tuple[str, ...] = (), step: str = "feit") -> State:
    return begun(step=step, signs=signs, answers=tuple(Answer("feit", text) for text in texts))


def test_pieces_for_steps_to_come_are_kept_verbatim(checks: Checks) -> None:
    heard = hear(checks, SMALL, told(), "Ze riep hard. Ik was echt bang! Morgen zeg ik het.")
    assert heard.pieces == (("gevoel", "Ik was echt bang"), ("voornemen", "Morgen zeg ik het"))
    assert heard.signs == {"bang_wel", "plan_met_moment"}


def test_a_step_that_is_asked_or_behind_us_gets_no_piece(checks: Checks) -> None:
    assert hear(checks, SMALL, told(step="gevoel"), "ik was bang").pieces == ()
    assert hear(checks, SMALL, begun(step="ander", left=("feit", "gevoel")), "ik was bang").pieces == ()


@pytest.mark.parametrize(("text", "reproach"), [("het is mijn schuld", True), ("het is zijn schuld", False)])
def test_a_self_reproach_is_heard(checks: Checks, text: str, reproach: bool) -> None:
    assert hear(checks, SMALL, told(), text).reproach is reproach


def test_what_somebody_else_said_is_not_what_the_student_tells(checks: Checks) -> None:
    assert not hear(checks, SMALL, told(), 'ze zei "mijn schuld, ik was bang"').signs


@pytest.mark.parametrize(
    ("before", "now", "contrast"),
    [
        ("eerst was ik bang", "ik was niet bang", ("eerst was ik bang", "ik was niet bang")),
        ("ik was niet bang", "Ze riep. Toen was ik bang", ("ik was niet bang", "Toen was ik bang")),
        ("ik was bang", "ik was bang", None),
        ("ik liep weg", "ik was niet bang", None),
        ("eerst was ik niet bang. later wel bang", "ik was bang", None),
    ],
    ids=["then not", "then so", "the same", "nothing before", "told both before"],
)
def test_two_things_that_do_not_go_together(
    checks: Checks, before: str, now: str, contrast: tuple[str, str] | None
) -> None:
    state = told(before, signs=tuple(checks.hear(before)))
    assert hear(checks, SMALL, state, now).contrast == contrast


def test_a_message_that_tells_both_sides_needs_no_help(checks: Checks) -> None:
    state = told("ik was bang", signs=("bang_wel",))
    assert hear(checks, SMALL, state, "ik was bang. daarna was ik niet bang").contrast is None


def test_the_latest_of_earlier_words_is_put_beside_it(checks: Checks) -> None:
    state = told("ik was bang", "weer bang", "ik liep weg", signs=("bang_wel",))
    assert hear(checks, SMALL, state, "ik was niet bang").contrast == ("weer bang", "ik was niet bang")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("stap gevoel", "gevoel"),
        ("naar gevoel", "gevoel"),
        ("ga naar de stap Gevoel.", "gevoel"),
        ("terug naar gevoel", "gevoel"),
        ("go to gevoel", "gevoel"),
        ("stap feit", ""),
        ("stap ander", ""),
        ("stap geluk", ""),
        ("gevoel", ""),
        ("ik ging naar gevoel toe", ""),
        ("", ""),
    ],
)
def test_a_step_is_named(text: str, step: str) -> None:
    assert named_step(SMALL, told(), text) == step


@pytest.mark.parametrize(
    ("text", "insult"),
    [
        ("stomme computer", True),
        ("rot op", True),
        ("hij riep stomme computer en liep toen boos de kamer uit", False),
        ("ze zuchtte", False),
    ],
)
def test_only_names_called_at_the_coach_are_an_insult(text: str, insult: bool) -> None:
    assert is_insult(load_checks(content_root() / "prompts" / "checks"), text) is insult
