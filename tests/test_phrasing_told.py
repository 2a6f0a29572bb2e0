"""The guard: which words of its own a reply may tell with, and what of the student's it may say back."""

from dataclasses import replace

import pytest

from coach.app import Coach
from coach.config import content_root
from coach.conversation.guard import violations
from coach.conversation.guard_words import GuardWords
from coach.conversation.phrasing import load_guards
from tests.test_phrasing_guard import BRIEF


@pytest.fixture(scope="module")
def words(shared_coach: Coach) -> GuardWords:
    return load_guards(shared_coach.room, folder=content_root() / "prompts" / "phrasing" / "guard")["nl"]


@pytest.mark.parametrize(
    ("told", "passes"),
    [
        ("Je vertelde over de val, en kreeg een telefoon terug.", True),
        ("In wat jij vertelde zat de val van mevrouw al.", True),
        # Three of them are a story of their own.
        ("Je begon, hield op, kreeg het en gaf het terug: de val van mevrouw.", False),
    ],
)
def test_a_sentence_of_the_students_may_be_carried_by_words_that_tell_nothing(
    words: GuardWords, told: str, *, passes: bool
) -> None:
    found = violations(f"{told} Wat voelde je op dat moment?", BRIEF, words=words)
    assert ("invented" not in found) == passes


@pytest.mark.parametrize(
    ("said", "told", "rule"),
    [
        ("ik voelde paniek en irritatie", "Je voelde paniek en irritatie.", ""),
        ("bij de tweede keer zei meneer geef me maar een echte", "Meneer zei: geef me maar een echte.", ""),
        ("ik weet niet of ik overspannen was", "Overspannen was je, denk je.", ""),
        ("ik voelde irritatie", "Je bent overspannen.", "diagnosis"),
        ("ik zei het tegen meneer", "Meneer zei: doe het rustig aan.", "advice"),
        ("we kregen woorden", "Dat lag aan de ander en niet aan jou.", "siding"),
    ],
)
def test_what_the_student_said_may_be_said_back_in_those_words(
    words: GuardWords, said: str, told: str, rule: str
) -> None:
    found = violations(f"{told} Wat voelde je op dat moment?", replace(BRIEF, said=(said,)), words=words)
    assert rule in found if rule else found == ()
