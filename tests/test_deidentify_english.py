"""Tests of de-identification in English: names are found, English words stay, and are never learnt as names."""

import pytest

from coach.conversation.deidentify import deidentify
from coach.conversation.labels import LABEL, LABELS, MONTHS, age_band, in_english, period, person_label
from coach.conversation.name_memory import NameMemory

STAYS = [
    "My mentor said in front of everyone that I was too slow and I said nothing.",
    "she rolled her eyes and said you are too slow",
    "On Monday and in May, March and August I worked with the nurse from physio.",
    "ON MONDAY I SAID NOTHING AND THE NURSE WENT HOME",
    "I'm tired, I've told nobody, and will she ask me on Wednesday?",
    "We went to the second house and back to the hospital ward, on the main road.",
    "I recieved a comment from a freind about the handover.",
    "ze zei you are too slow en liep weg",
    "Mijn begeleider zei I said nothing on Monday, en ik lachte.",
]

CHANGED = [
    ("my mentor Anne Brown said that I said nothing", "my mentor [supervisor] said that I said nothing"),
    ("Anne said I was late", "[person 1] said I was late"),
    ("On Monday the nurse Emily asked Peter", "On Monday the nurse [colleague 1] asked [person 1]"),
    ("on monday tom from physio asked peter", "on monday [person 1] from physio asked [person 2]"),
    ("I live at 12 Baker Street", "I live at [street]"),
    ("i live at 12 baker street", "i live at [street]"),
    ("the nurse Mary Jones went home", "the nurse [colleague 1] went home"),
    ("In May June told me to stop", "In May [person 1] told me to stop"),
    ("Will told me to hurry, and I will.", "[person 1] told me to hurry, and I will."),
    ("A boy of 14 lives in room 12.", "A boy of [between 10 and 15 years] lives in [room]."),
    ("I work at Rosewood House on Elm Avenue.", "I work at [organisation] on [street]."),
    ("Call me on 06-12345678 after 12 November.", "Call me on [phone number] after [mid November]."),
]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("text", STAYS)
def test_english_words_stay(text: str, language: str) -> None:
    safe = deidentify(text, language="en" if language == "en" else "nl")
    assert safe.text == text
    assert safe.memory.names == ()


@pytest.mark.parametrize(("text", "safe"), CHANGED)
def test_names_are_found_and_labelled_in_english(text: str, safe: str) -> None:
    changed = deidentify(text, language="en")
    assert changed.text == safe
    assert deidentify(safe, language="en").text == safe
    # In a Dutch conversation the same is found.
    assert [(span.start, span.end) for span in deidentify(text).spans] == [
        (span.start, span.end) for span in changed.spans
    ]


def test_what_was_said_is_no_name_afterwards() -> None:
    memory = deidentify("my mentor Anne Brown said I was late", NameMemory(b"k"), language="en").memory
    later = deidentify("she said you are too slow, and anne said so too", memory, language="en")
    assert later.text == "she said you are too slow, and [supervisor] said so too"
    # Also when somebody has that name.
    memory = deidentify("My colleague Said helped me.", NameMemory(b"k"), language="en").memory
    assert len(memory.names) == 1
    assert deidentify("then she said nothing", memory, language="en").text == "then she said nothing"


def test_a_person_keeps_the_number_when_the_language_changes() -> None:
    first = deidentify("Ingrid vroeg het aan Fatima.", NameMemory(b"k"))
    assert first.text == "[persoon 1] vroeg het aan [persoon 2]."
    second = deidentify("Fatima told [person 3] and Emily.", first.memory, language="en")
    assert second.text == "[person 2] told [person 3] and [person 4]."


@pytest.mark.parametrize(
    "label",
    [*LABELS.values(), *(period(day, month) for day in (1, 15, 30) for month in range(1, len(MONTHS) + 1)),
     *(age_band(age, adjective=adjective) for age in (1, 7, 84) for adjective in (True, False)),
     "[datum]", "[geboortedatum]", "[jonger dan 5]", *(person_label("cliënt", number) for number in (1, 12))],
)  # fmt: skip
def test_every_label_has_one_in_english_that_is_known_as_a_label(label: str) -> None:
    assert LABEL.fullmatch(label)
    assert LABEL.fullmatch(in_english(label))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("meneer van 14 belde weer", "meneer van [kamer] belde weer"),
        ("Mevrouw van 12 was boos en mw. van 208 ook.", "Mevrouw van [kamer] was boos en mw. van [kamer] ook."),
        ("dhr. van 7 en de bewoner van 16", "dhr. van [kamer] en de bewoner van [kamer]"),
        ("die van 14 belt altijd, nummer 12 ook", "die van [kamer] belt altijd, nummer 12 ook"),
        ("de jongen van 14 sloeg", "de jongen van [tussen 10 en 15 jaar] sloeg"),
        ("mevrouw van 82 huilde", "mevrouw van [tussen 80 en 85 jaar] huilde"),
        ("Ik was bij kamer 14.", "Ik was bij [kamer]."),
        ("die van 14 februari", "die van [half februari]"),
        ("ik sprak met Johannes en Charles", "ik sprak met [persoon 1] en [persoon 2]"),
    ],
)
def test_a_small_number_after_a_title_is_a_room(text: str, safe: str) -> None:
    assert deidentify(text).text == safe
