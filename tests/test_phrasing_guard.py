"""The guard: each rule on replies made for it, and the cases by hand."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from coach.app import Coach
from coach.config import content_root
from coach.conversation.guard import RULES, violations
from coach.conversation.guard_words import GuardWords
from coach.conversation.phrasing import load_guards
from coach.conversation.reply import Brief, last_question, shown
from evals.phrasing import asked_alone, judged

FOLDER = content_root() / "prompts" / "phrasing" / "guard"
BRIEF = Brief(
    language="nl",
    step="gevoel",
    said=("ze keek op haar telefoon toen ik vertelde over de val van mevrouw",),
    question="Welk gevoel kwam er als eerste op?",
    wordings=("Gevoel", "Welk gevoel kwam er als eerste op?", "Wat voelde je op dat moment?"),
    asked=("Wat zei of deed de ander precies, op dat ene moment?",),
)
GOOD = "Ze keek op haar telefoon toen jij vertelde. Wat voelde je op dat moment?"


@pytest.fixture(scope="module")
def words(shared_coach: Coach) -> GuardWords:
    return load_guards(shared_coach.room, folder=FOLDER)["nl"]


Broken = Callable[[str], tuple[str, ...]]


@pytest.fixture
def broken(words: GuardWords) -> Broken:
    return lambda text: violations(text, BRIEF, words=words)


def test_a_mirror_and_one_question_pass(broken: Broken) -> None:
    assert broken(GOOD) == ()


@pytest.mark.parametrize(
    ("rule", "reply"),
    [
        ("malformed", ""),
        ("malformed", "…"),
        ("malformed", f"{GOOD} En dan"),
        ("malformed", f"\u202e{GOOD}"),
        ("malformed", f"{GOOD[:20]}\ud800{GOOD[20:]}"),
        ("one_question", "Ze keek op haar telefoon."),
        ("one_question", "Ze keek op haar telefoon. Wat voelde je? En wat deed je?"),
        ("one_question", "Wat voelde je？ Wat voelde je daarbij?"),
        ("open_question", "Voelde je je boos?"),
        ("language", "She looked at her phone. What did you feel at that moment?"),
        ("too_long", f"{'Ze keek op haar telefoon. ' * 13}Wat voelde je?"),
        ("too_long", "a" * 1_000_000),
        ("advice", f"Praat er eens over met je docent. {GOOD}"),
        ("verdict", f"Dat was niet professioneel. {GOOD}"),
        ("praise", f"Goed dat je dit vertelt. {GOOD}"),
        ("diagnosis", f"Dat lijkt op een burn-out. {GOOD}"),
        ("grade", f"Dit is een voldoende. {GOOD}"),
        ("siding", f"Ze had moeten luisteren. {GOOD}"),
        ("invented", "Ze keek op haar telefoon en Ahmed lachte. Wat voelde je op dat moment?"),
        ("invented", "Je zei “laat maar”. Wat voelde je op dat moment?"),
        ("invented", "Ze keek naar [collega 2]. Wat voelde je op dat moment?"),
        ("contact", f"Bel 0800-0113. {GOOD}"),
        ("contact", f"Kijk op hulp.nl. {GOOD}"),
        ("markup", f"**Telefoon.** {GOOD}"),
        ("markup", GOOD.replace(".", "!")),
        ("emoji", f"{GOOD[:-1]} 🙂?"),
        ("meta", f"Als AI lees ik mee. {GOOD}"),
        ("repeats", "Ze keek op haar telefoon. Wat zei of deed de ander precies, op dat moment?"),
        ("off_move", "Ze keek op haar telefoon. Wat ga je morgen doen?"),
    ],
)
def test_each_rule_finds_what_it_is_for(broken: Broken, rule: str, reply: str) -> None:
    assert rule in broken(reply)


def test_a_label_on_the_other_is_the_coachs_own_unless_it_is_held_at_a_distance(words: GuardWords) -> None:
    brief = Brief(**{**BRIEF.__dict__, "said": ("ze is een luie trut",)})

    def found(text: str) -> tuple[str, ...]:
        return violations(text, brief, words=words, label_of=lambda part: "oordeel" if "luie" in part else "")

    assert "siding" in found("Ze is een luie trut. Wat voelde je op dat moment?")
    assert found("Een luie trut, zo noem je haar. Wat voelde je op dat moment?") == ()
    assert found("“Ze is een luie trut”. Wat voelde je op dat moment?") == ()


def test_a_reply_is_shown_with_its_question_in_a_paragraph_of_its_own() -> None:
    assert shown(f"  {GOOD}\n") == "Ze keek op haar telefoon toen jij vertelde.\n\nWat voelde je op dat moment?"
    assert shown("Wat voelde je?") == "Wat voelde je?"
    assert last_question(shown(GOOD)) == "Wat voelde je op dat moment?"


def test_every_rule_is_explained_to_the_model_and_has_cases(shared_coach: Coach) -> None:
    guards = load_guards(shared_coach.room, folder=FOLDER)
    for guard in guards.values():
        assert set(guard.file.explains) == set(RULES)
    for split in ("dev", "test"):
        assert {case.rule for case, _ in judged(shared_coach.room, split=split) if case.rule} == set(RULES)


@pytest.mark.parametrize(("split", "refused", "named", "asked"), [("dev", 0.96, 0.92, 0.94), ("test", 1.0, 0.95, 0.85)])
def test_the_cases_written_by_hand(shared_coach: Coach, split: str, refused: float, named: float, asked: float) -> None:
    """Bad replies are refused, nearly all for the right reason; the question of a good one is asked nearly always."""
    found = judged(shared_coach.room, split=split)
    alone = asked_alone(shared_coach.room, found, split=split)
    bad = [(case.rule, broken) for case, broken in found if case.rule]
    good = [not broken or case.id in alone for case, broken in found if not case.rule]
    assert sum(bool(broken) for _, broken in bad) / len(bad) >= refused
    assert sum(rule in broken for rule, broken in bad) / len(bad) >= named
    assert sum(good) / len(good) >= asked


def test_there_are_enough_cases(shared_coach: Coach) -> None:
    found = judged(shared_coach.room, split="all")
    assert sum(case.rule is not None for case, _ in found) >= 200
    assert sum(case.rule is None for case, _ in found) >= 200


@pytest.mark.parametrize(
    "told",
    [
        # Who did it, and to whom.
        "Mevrouw keek op je telefoon toen je vertelde.",
        "Je keek op je telefoon toen zij over de val vertelde.",
        "De val van je collega, en zij keek op haar telefoon.",
        # A denial, a doubt, a cause, a remark.
        "Ze keek niet op haar telefoon toen je vertelde.",
        "Ze keek altijd op haar telefoon toen je vertelde.",
        "Ze keek op haar telefoon omdat je vertelde.",
        "Ze keek op haar telefoon, en dat deed ze ook toen je vertelde.",
        "Ze keek op haar telefoon, en daarna vertelde je over mevrouw en de gang.",
    ],
)
def test_what_the_student_told_is_not_told_otherwise(broken: Broken, told: str) -> None:
    assert broken(f"{told} Wat voelde je op dat moment?")


@pytest.mark.parametrize(
    "asked",
    [
        "Wat voelde je toen Ahmed erbij was?",
        "Wat voelde je bij de buurvrouw?",
        "Wat voelde je daar in de sporthal?",
        "Wat voelde je op je verjaardag?",
    ],
)
def test_a_question_brings_nobody_and_nothing_in(broken: Broken, asked: str) -> None:
    assert "invented" in broken(f"Ze keek op haar telefoon toen je vertelde. {asked}")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ik denk dat ze boos was", "Ze was boos."),
        ("ik was niet boos", "Je was boos."),
        ("iemand zou de huisarts bellen", "De huisarts zou iemand bellen."),
        ("ik ga haar morgen vragen of we samen eten", "Je hebt haar gevraagd of jullie samen eten."),
        ("we zijn drie keer bij de twee broers geweest", "Jullie zijn twee keer bij de drie broers geweest."),
        ("ze belde na het overleg", "Ze belde voor het overleg."),
        (
            "hij gooide zijn bord weg en ik stuurde hem naar bed",
            "Je stuurde hem naar bed, en daarna gooide hij zijn bord.",
        ),
        ("de arts nam het woord en de dochter zweeg", "De dochter nam het woord."),
        ("de kraan stond bijna te heet", "De kraan stond te heet."),
        ("ik ben naast haar gaan zitten", "Zij kwam naast jou zitten."),
        ("de man vloekte heel hard", "De man vloekte heel hard tegen jou."),
        ("ik heb het schema gemaakt", "Jullie maakten het schema."),
        ("ik heb haar een tissue gegeven, de arts keek toe", "De arts gaf haar een tissue."),
        ("hij vond het irritant dat ik er was", "Je vond het irritant."),
        ("ze was jaloers omdat ik met de nieuwe jongere mee mocht", "Zij mocht met de nieuwe jongere mee."),
    ],
)
def test_nothing_of_it_is_turned_round(words: GuardWords, said: str, told: str) -> None:
    brief = replace(BRIEF, said=(said,))
    assert violations(f"{told} Wat voelde je op dat moment?", brief, words=words)


@pytest.mark.parametrize(
    "told",
    [
        "Ze pakte je vast.",
        "Iedereen zag het.",
        "Ze zei het hard.",
        "Er waren drie collega's bij.",
        "Ze ging weg.",
        "Hij had het gedaan.",
        "Daar sta je dan, bij hem.",
        "Ze keek op haar telefoon en ging weg.",
        "Ze keek op haar telefoon, bij de deur.",
        "Ze keek te laat op haar telefoon.",
        "Ze keek boos op haar telefoon.",
        "Mevrouw bleef liggen.",
        "Ze keek uren op haar telefoon toen je vertelde.",
        # No word ends in another because their letters do; and what one did, the other did not.
        "Ze rookte toen je vertelde over de val.",
        "Jij keek op haar telefoon.",
        "Ze keek [huilend] op haar telefoon.",
        "Ze keek [collega 1 op haar telefoon.",
    ],
)
def test_no_happening_is_made_of_everyday_words(broken: Broken, told: str) -> None:
    assert "invented" in broken(f"{told} Wat voelde je op dat moment?")


@pytest.mark.parametrize(
    "told",
    [
        # Another form, a synonym, a light word, a word made of the student's.
        "Op haar telefoon kijken terwijl jij vertelde.",
        "Ze zat op haar mobiel te kijken toen jij over het vallen vertelde.",
        "Over de val van mevrouw vertelde jij, en zij keek intussen toch op haar telefoon.",
        "Haar blik ging naar haar telefoon.",
    ],
)
def test_the_students_story_may_be_told_in_words_of_one_meaning(broken: Broken, told: str) -> None:
    assert broken(f"{told} Wat voelde je op dat moment?") == ()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        # What comes first may have come last, and numbers, accents and endings do not matter.
        ("hij zei dat ik de lijst moest nalopen terwijl ik dat al gedaan had", "De lijst nalopen, dat zei hij."),
        ("ik heb haar drie keer gebeld na de visite", "Drie keer heb je haar gebeld na de visite."),
        ("ik heb 2x gebeld met de client van kamer 4", "Je belde twee keer met de cliënt van kamer vier."),
        ("er was een nieuw rooster en een boze moeder", "Het rooster was nieuw, en de moeder was boos."),
        # A judgement of the student's, said to be that; and a wish of the other's in the student's words.
        ("zij had mij vooraf moeten bellen", "Zij had jou vooraf moeten bellen, vind je."),
        ("de ergo wil dat de rolstoel past", "De ergo wil dat de rolstoel past."),
        ("ik voelde me vernederd", "Je voelde je vernederd."),
    ],
)
def test_it_may_be_told_in_another_order_and_form(words: GuardWords, said: str, told: str) -> None:
    brief = Brief(language="nl", step="gevoel", said=(said,), question="Wat voelde je?")
    assert violations(f"{told} Wat voelde je op dat moment?", brief, words=words) == ()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ik had hem eerder moeten bellen", "Je had hem eerder moeten bellen."),
        ("mijn teamleider discrimineert mij", "Je teamleider discrimineert je."),
        ("dat was gewoon fout van hem", "Dat was fout."),
        ("een uur is echt te weinig voor die kinderen", "Een uur is echt te weinig voor die kinderen."),
    ],
)
def test_a_judgement_of_the_students_is_not_made_the_coachs(words: GuardWords, said: str, told: str) -> None:
    brief = Brief(language="nl", step="gevoel", said=(said,), question="Wat voelde je?")
    assert violations(f"{told} Wat voelde je op dat moment?", brief, words=words)


@pytest.mark.parametrize(
    "asked",
    ["Wie waren er allemaal bij betrokken?", "Wat probeert de gemeente te beschermen?", "Wat was het gevolg ervan?"],
)
def test_an_earlier_question_does_not_come_back_in_other_words(words: GuardWords, asked: str) -> None:
    brief = Brief(
        language="nl",
        step="gevoel",
        said=("ze keek weg",),
        question="Wat voelde je?",
        asked=("Wie waren erbij betrokken?", "Wat wil de gemeente beschermen?", "Wat was het gevolg?"),
    )
    assert "repeats" in violations(f"Ze keek weg. {asked}", brief, words=words)


def test_who_is_spoken_of_may_be_called_by_role_in_a_question(words: GuardWords) -> None:
    brief = Brief(
        language="nl",
        step="ander",
        said=("mijn collega ruimde de tafel af",),
        question="Hoe ziet de ander dit zelf, denk je?",
    )
    assert violations("Hoe ziet je collega dit, denk je?", brief, words=words) == ()
    assert "off_move" in violations("Wat voelde je toen?", brief, words=words)


@pytest.mark.parametrize(
    "asked", ["Wat voelde je, en heb je dat gezegd?", "Wat voelde je en wat deed je?", "Wat voelde je, of dacht je na?"]
)
def test_two_questions_under_one_mark_are_two(broken: Broken, asked: str) -> None:
    assert "one_question" in broken(f"Ze keek op haar telefoon. {asked}")


def test_nobody_is_asked_who_they_are(broken: Broken) -> None:
    assert "contact" in broken("Wat is je adres en je BSN?")
