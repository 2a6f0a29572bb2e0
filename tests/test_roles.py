"""The name in the place of "de ander": in every wording of every protocol, and never where it would come out wrong."""

import re
from pathlib import Path

import pytest

from coach.config import content_root
from coach.conversation.checks import load_checks
from coach.conversation.protocol import Protocol, Step
from coach.conversation.roles import folded, load_roles, put_name
from coach.conversation.speech import load_speeches
from coach.conversation.state import Language
from coach.errors import ContentError

PROMPTS = content_root() / "prompts"
ROLES = load_roles(PROMPTS / "roles.yaml")
CHECKS = load_checks(PROMPTS / "checks")
SPEECHES = load_speeches(PROMPTS, checks=CHECKS)
# One of every kind: with "je", "de", "het" and nothing, of one word and of two.
KINDS = [
    ("collega", False),
    ("begeleider", True),
    ("begeleider", False),
    ("verpleegkundige", False),
    ("arts", False),
    ("maatschappelijk werker", False),
    ("cliënt", True),
    ("moeder", False),
    ("meisje", False),
    ("mevrouw", False),
]
ROUTES = [(language, id_) for language, speech in SPEECHES.items() for id_ in speech.protocols]


def asked(step: Step) -> list[str]:
    return [*step.questions, *step.smaller, *(text for texts in step.probes.values() for text in texts)]


def pairs(language: Language, id_: str, *, role: str, own: bool) -> list[tuple[str, str]]:
    """Return every wording of a protocol as it is written, and as it is said."""
    written: Protocol = SPEECHES[language].protocols[id_]
    said = ROLES.named(written, role, own=own, language=language)
    both = zip(written.steps, said.steps, strict=True)
    return [
        pair
        for one, other in both
        for pair in zip((*asked(one), one.why, one.means), (*asked(other), other.why, other.means), strict=True)
    ]


@pytest.mark.parametrize(("role", "own"), KINDS)
@pytest.mark.parametrize(("language", "id_"), ROUTES)
def test_every_wording_reads_right_with_a_name(language: Language, id_: str, role: str, own: bool) -> None:
    name = ROLES.name(role, own=own, language=language)
    for written, said in pairs(language, id_, role=role, own=own):
        if said == written:
            continue
        assert said.count("?") == written.count("?"), said
        assert ROLES.unnamed(said) == written.replace("die ander", "de ander"), said
        # Two small words that stumble over each other, of which one came with the name.
        assert not re.search(r"\b(?:je je|(?:de|het|the|your) (?:de|het|je|jouw|the|your)|jouw je)\b", said, re.I), said
        assert name.removeprefix("je ").casefold() in said.casefold()
        for sentence in re.split(r"(?<=[.?!])\s+", said):
            assert re.match(r"[A-ZÀ-Ý“]", sentence), said
            # No capital within a sentence.
            assert name[0].upper() + name[1:] not in sentence[1:] or name[0].isupper(), said


@pytest.mark.parametrize(("language", "id_"), ROUTES)
def test_no_question_says_the_other_any_more(language: Language, id_: str) -> None:
    left = re.compile(r"\b(?:de|die) ander\b|\bthe other person\b", re.I)
    pair_up = re.compile(r"\b(?:één|een)\b.*\bde ander\b|one person", re.I)
    for written, said in pairs(language, id_, role="collega", own=True):
        example = re.split(r"[Bb]ijvoorbeeld|[Ff]or example", said)[0]
        assert not left.search(example) or pair_up.search(written), said


@pytest.mark.parametrize(("language", "id_"), ROUTES)
def test_the_name_stands_once_in_a_question(language: Language, id_: str) -> None:
    step_texts = [text for step in SPEECHES[language].protocols[id_].steps for text in asked(step)]
    for text in step_texts:
        assert len(re.findall(r"\b(?:de|die) ander\b|\bthe other person\b", text, re.I)) <= 1, text


def test_a_name_stands_in_the_place_of_the_other_only() -> None:
    cases = {
        "Wat zei de ander precies?": "Wat zei je collega precies?",
        "De ander is hier niet. Wat zou de ander zeggen?": "Je collega is hier niet. Wat zou je collega zeggen?",
        "Wat zou je de ander willen vragen?": "Wat zou je jouw collega willen vragen?",
        "Ligt het al bij die ander?": "Ligt het al bij je collega?",
        "Wat wilde jij, en wat wilde de ander?": "Wat wilde jij, en wat wilde je collega?",
        "Wat deden de anderen?": "Wat deden de anderen?",
        "Wat had een ander gedaan?": "Wat had een ander gedaan?",
        "Hoe is het aan de andere kant?": "Hoe is het aan de andere kant?",
        "Wat doet de één, en wat doet de ander?": "Wat doet de één, en wat doet de ander?",
        "Eerst “de ander liep weg”. Wat deed de ander?": "Eerst “de ander liep weg”. Wat deed je collega?",
        "Let op de ander. Bijvoorbeeld: de ander schrok.": "Let op je collega. Bijvoorbeeld: de ander schrok.",
    }
    for text, said in cases.items():
        assert put_name(text, "je collega", language="nl") == said
    assert put_name("Wat wil je de ander vragen?", "de arts", language="nl") == "Wat wil je de arts vragen?"
    assert put_name("De ander is hier niet.", "mevrouw", language="nl") == "Mevrouw is hier niet."
    assert put_name("The other person's chair.", "the doctor", language="en") == "The doctor's chair."


def test_what_students_say_decides_between_your_and_the() -> None:
    names = [
        ("collega", False, "je collega", "your colleague"),
        ("docent", True, "je docent", "your teacher"),
        ("docent", False, "de docent", "the teacher"),
        ("meisje", False, "het meisje", "the girl"),
        ("mevrouw", False, "mevrouw", "the lady"),
        ("huisarts", True, "je huisarts", "your GP"),
        ("iemand anders", False, "", ""),
        ("niemand bekend", False, "", ""),
        ("", False, "", ""),
    ]
    for role, own, dutch, english in names:
        assert (ROLES.name(role, own=own, language="nl"), ROLES.name(role, own=own, language="en")) == (dutch, english)


def test_a_client_is_not_named_where_the_other_is_somebody_of_the_work() -> None:
    for id_ in ROLES.not_clients:
        written = SPEECHES["nl"].protocols[id_]
        assert ROLES.named(written, "bewoner", own=False, language="nl") is written
        assert ROLES.named(written, "arts", own=False, language="nl") != written


def test_names_steps_and_what_is_taken_along_stay_as_they_are() -> None:
    written = SPEECHES["nl"].protocols["korthagen"]
    said = ROLES.named(written, "collega", own=False, language="nl")
    assert [(s.name, s.label, s.about) for s in said.steps] == [(s.name, s.label, s.about) for s in written.steps]
    assert (said.opening, said.product, said.proposal) == (written.opening, written.product, written.proposal)


def test_no_word_stands_for_two_roles() -> None:
    said = [folded(word) for name, role in ROLES.roles.items() for word in (name, *role.said.split())]
    assert sorted({word for word in said if said.count(word) > 1}) == []


def test_a_role_that_points_nowhere_is_refused(tmp_path: Path) -> None:
    wrong = (PROMPTS / "roles.yaml").read_text(encoding="utf-8").replace("is_a: begeleider", "is_a: onbekend", 1)
    (tmp_path / "roles.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ContentError, match="roles.yaml"):
        load_roles(tmp_path / "roles.yaml")
