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


@pytest.mark.parametrize(
    ("said", "told", "passes"),
    [
        # Who wants to or has to, since when, what for and who was silent is told only where it was said.
        ("de verzorgende gaf hem zijn jas", "De verzorgende wilde hem zijn jas geven.", False),
        ("de verzorgende wilde hem zijn jas geven", "De verzorgende wilde hem zijn jas geven.", True),
        ("ik bracht mevrouw naar de tuin", "Je moest mevrouw naar de tuin brengen.", False),
        ("mijn taak was dat ik mevrouw naar de tuin moest brengen", "Je moest mevrouw naar de tuin brengen.", True),
        ("hij belt nooit meer, hij woont nu in een flat", "Hij belt nooit meer sinds hij in een flat woont.", False),
        ("ik bleef bij haar, ze hoorde de zuster zuchten", "Je bleef, om haar de zuster niet te laten horen.", False),
        ("ik legde het uit en het team keek naar mij", "Je legde het uit en het team viel stil.", False),
        # A doubt stays one, and so does what was not done.
        ("ze kwam binnen en ik geloof dat ze zuchtte", "Ze kwam binnen en ze zuchtte.", False),
        ("ze kwam binnen en ik geloof dat ze zuchtte", "Ze kwam binnen en ze zuchtte, geloof je.", True),
        ("toen keek niemand me meer aan, geloof ik", "Niemand keek je meer aan.", False),
        (
            "hij maakt geen brieven open en dat heb ik niet doorgegeven",
            "Hij maakt geen brieven open, en dat heb je doorgegeven.",
            False,
        ),
        # What was done together was not done alone; nor by the other of two.
        ("we hebben toen alle brieven opengemaakt", "Jij maakte alle brieven open.", False),
        ("we hebben toen alle brieven opengemaakt", "Jullie maakten alle brieven open.", True),
        (
            "de psycholoog schreef iets op en de teamleider knikte",
            "De teamleider schreef iets op en de psycholoog knikte.",
            False,
        ),
        ("hij vroeg hoe mijn hond heet", "Hij vroeg hoe je hond heet.", True),
        # A verb may be taken apart; in its first person it is still the student's own sentence.
        ("ik heb daarna mijn ronde afgemaakt en niets gezegd", "Je maakte je ronde af en zei niets.", True),
        ("toen sloeg ze me op mijn arm", "Toen sloeg ze me op de arm.", False),
        ("zij bleef nog even bij mij zitten", "Zij wilde nog even bij jou blijven zitten.", False),
        ("hij is weer naar boven gegaan", "Hij is zonder iets te zeggen weer naar boven gegaan.", False),
    ],
)
def test_it_is_told_as_it_was_told(words: GuardWords, said: str, told: str, *, passes: bool) -> None:
    found = violations(f"{told} Wat voelde je op dat moment?", replace(BRIEF, said=(said,)), words=words)
    assert (found == ()) == passes, found


@pytest.mark.parametrize("asked", ["Hoe lang werk je daar al?", "Hoe vaak was je bij haar?", "Hoe oud is ze?"])
def test_how_long_or_how_often_is_asked_only_in_a_step_that_asks_so(words: GuardWords, asked: str) -> None:
    assert "off_move" in violations(f"Ze keek op haar telefoon. {asked}", BRIEF, words=words)


def test_what_is_asked_is_not_told_as_if_it_were_so(words: GuardWords) -> None:
    brief = replace(BRIEF, said=("hij had zijn telefoon al in zijn hand",), question="Waaraan merkte je het contact?")
    told = "Je merkte het contact, met de telefoon in zijn hand. Waaraan merkte je het contact?"
    assert "invented" in violations(told, brief, words=words)


def test_the_same_question_about_the_student_is_another_one(words: GuardWords) -> None:
    brief = replace(BRIEF, said=("ik bleef staan",), step="resultaat", question="Wat deed de ander daarna?")
    assert violations("Je bleef staan. Wat deed jij daarna?", brief, words=words) == ("off_move",)


def test_a_feeling_is_no_answer_to_how_safe_it_was(words: GuardWords) -> None:
    asked = "Hoe makkelijk kon de cliënt nee zeggen tegen jou?"
    brief = replace(BRIEF, said=("hij zei bijna niks",), step="veiligheid", question=asked, wordings=(asked,))
    assert violations("Hij zei bijna niks. Wat voelde je op dat moment?", brief, words=words) == ("off_move",)
    assert violations("Hij zei bijna niks. Hoe kon hij nee zeggen tegen jou?", brief, words=words) == ()
