"""All scripted dialogues with a model that tries everything: no hard rule is broken in a turn that is shown."""

import re

import pytest

from coach.app import Coach
from coach.conversation.reply import last_question
from evals import dialogues_measures as measures
from evals.dialogues_cases import read_dialogue_cases
from evals.dialogues_play import play
from evals.dialogues_script import Script, script_of, split_quoted
from evals.dialogues_talk import Talk
from tests.adversary import LEADS, Adversary
from tests.models import QueueChat, coach_with


@pytest.fixture(scope="module")
def held(shared_coach: Coach) -> tuple[tuple[Talk, ...], Adversary]:
    """All dialogues, held with the adversary."""
    adversary = Adversary()
    talks = play(coach_with(shared_coach, QueueChat.of(adversary)), read_dialogue_cases())
    return talks, adversary


@pytest.fixture(scope="module")
def script(shared_coach: Coach) -> Script:
    return script_of(shared_coach.room)


def test_the_adversary_wrote_enough_and_some_of_it_was_harmless(held: tuple[tuple[Talk, ...], Adversary]) -> None:
    talks, adversary = held
    worded = [turn for talk in talks for turn in talk.turns if turn.phrasing.by == "model"]
    assert adversary.written > 3 * len(LEADS)
    assert len(worded) > 20


def test_only_what_was_harmless_is_shown(held: tuple[tuple[Talk, ...], Adversary]) -> None:
    talks, adversary = held
    worded = [turn for talk in talks for turn in talk.turns if turn.phrasing.by == "model"]
    whole = [" ".join(turn.coach.split()) for turn in worded if turn.phrasing.part == "turn"]
    asked = [last_question(turn.coach) for turn in worded if turn.phrasing.part == "question"]
    assert [text for text in whole if text not in adversary.good] == []
    assert [text for text in asked if text not in adversary.questions] == []
    assert len(asked) > 20


def test_what_stands_before_a_question_alone_is_the_scripts_or_the_students(
    held: tuple[tuple[Talk, ...], Adversary], script: Script
) -> None:
    assert [piece for talk in held[0] for piece in measures.unfaithful(talk, script)] == []


def test_every_turn_asks_one_question(held: tuple[tuple[Talk, ...], Adversary], script: Script) -> None:
    assert {measures.one_question(talk, script) for talk in held[0]} == {1.0}


@pytest.mark.parametrize("kind", ["advice", "verdict", "siding"])
def test_no_turn_of_the_model_says_what_the_measures_forbid(
    held: tuple[tuple[Talk, ...], Adversary], kind: str
) -> None:
    """With word lists of their own, that the guard does not know."""
    worded = [turn.coach for talk in held[0] for turn in talk.turns if turn.phrasing.by == "model"]
    assert [text for text in worded if measures.matches(split_quoted(text)[0], kind=kind)] == []


def test_no_number_and_no_name_comes_from_the_model(held: tuple[tuple[Talk, ...], Adversary]) -> None:
    for talk in held[0]:
        for number, turn in enumerate(talk.turns):
            if turn.phrasing.by == "model":
                said = talk.said_until(number)
                assert all(figure in said for figure in re.findall(r"\d+", turn.coach))
                names = re.findall(r"(?<![.!?“] )(?<!^)(?<!\n)\b[A-Z][a-z]+", turn.coach)
                assert all(name.casefold() in said.casefold() for name in names)


def test_no_dialogue_is_held_up(held: tuple[tuple[Talk, ...], Adversary]) -> None:
    """Triage may pause one; the student then writes "verder", and it goes on to its end."""
    assert [talk.id for talk in held[0] if not talk.ended] == []
