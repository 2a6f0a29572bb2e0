"""Wishes: short messages that are not an answer, and answers that only look like one."""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.config import content_root
from coach.conversation.wishes import Wish, load_wishes
from coach.errors import ContentError

WISHES = load_wishes(content_root() / "prompts" / "wishes.yaml")
ALL = get_args(Wish)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("stop", "stop"),
        ("Stop maar.", "stop"),
        ("nee sorry, ik wil stoppen", "stop"),
        ("laten we nu stoppen", "stop"),
        ("I want to stop", "stop"),
        ("ik stop met de opleiding", None),
        ("stop zei hij tegen mij", None),
        ("sla over", "skip"),
        ("liever overslaan", "skip"),
        ("dat wil ik liever niet zeggen", "skip"),
        ("skip this question", "skip"),
        ("weet ik niet", "unknown"),
        ("ehm, geen idee eigenlijk", "unknown"),
        ("idk", "unknown"),
        ("Ik weet het niet", "unknown"),
        ("kweenie", "unknown"),
        ("ik weet het niet, misschien was ik boos", None),
        ("waarom vraag je dit?", "why"),
        ("Hoezo?", "why"),
        ("Why do you ask?", "why"),
        ("waarom ging hij weg zonder iets te zeggen", None),
        ("wat bedoel je?", "means"),
        ("Ik snap de vraag niet.", "means"),
        ("wablief?", "means"),
        ("what do you mean", "means"),
        ("ik snap niet wat hij bedoelde", None),
        ("verder", "go_on"),
        ("ja ik wil graag verder", "go_on"),
        ("Continue please", "go_on"),
        ("waar staat dat?", "where"),
        ("uit welke bron komt dat", "where"),
        ("waar staat de lift", None),
        ("Can we speak English?", "english"),
        ("in English please", "english"),
        ("weer in het Nederlands", "dutch"),
        ("my dutch is not good", "english"),
        ("de cliënt sprak alleen Engels", None),
        ("sorry can we do english?", "english"),
        ("weet niet man", "unknown"),
        ("dat boeit me niet", "unknown"),
        ("dat heb ik net toch al gezegd", "told"),
        ("je vraagt steeds hetzelfde!", "told"),
        ("dat heb ik haar gezegd", None),
        ("nee dat zei ik niet", "wrong"),
        ("zo bedoelde ik het niet", "wrong"),
        ("zo bedoelde zij het niet", None),
        ("ik had toch gewoon gelijk of niet?", "verdict"),
        ("daarna niet meer? ik snap de vraag niet", "means"),
        # Another asked it, and that was the behaviour.
        ("'wat bedoel je?', vroeg ze en ze lachte", None),
        ("was ik te streng?", "verdict"),
        ("stel ik me nou aan", "verdict"),
        ("maar is dat raar?", "verdict"),
        ("had ik iets moeten zeggen?", "verdict"),
        # Said of oneself it is an answer.
        ("ik was te streng", None),
        ("dat was raar", None),
        ("ik had gewoon gelijk", None),
        ("leest mijn docent dit?", "reads"),
        ("ben jij eigenlijk een echt persoon?", "machine"),
        ("wat zou jij doen?", "advice"),
        ("wat zou jij doen vroeg ze aan mij", None),
        ("", None),
        ("ja", None),
    ],
)
def test_messages(text: str, wish: str | None) -> None:
    assert WISHES.in_message(text) == wish


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("ja", True),
        ("Ja, doe maar", True),
        ("klopt", True),
        ("is goed!", True),
        ("sure", True),
        ("nee", False),
        ("Nee, liever niet", False),
        ("niet echt", False),
        ("klopt niet", False),
        ("dat klopt niet", False),
        ("no", False),
        ("not now", False),
        ("ze liep toen weg", None),
        ("", None),
    ],
)
def test_an_offer_is_taken_turned_down_or_neither(text: str, agrees: bool | None) -> None:
    assert WISHES.agrees(text) is agrees


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("niks", True),
        ("klopt", True),
        ("Nee, dat was het.", True),
        ("dat klopt zo", True),
        ("that's it", True),
        ("niks, maar later werd ik boos", False),
        ("klopt, en ik was ook bang", False),
        ("ik was bang", False),
        ("", False),
    ],
)
def test_earlier_words_may_stay_as_they_are(text: str, enough: bool) -> None:
    assert WISHES.is_enough(text) is enough


@pytest.mark.parametrize(
    ("text", "denial"),
    [
        ("nee", True),
        ("Nee hoor, echt niet", True),
        ("not at all", True),
        ("haha nee, er is gewoon geen tijd voor", True),
        ("hoe kom je daarbij", True),
        ("oh nee, soms", False),
        ("nee, weet ik niet", False),
        ("nee misschien soms", False),
        ("niet echt", False),
        ("ja", False),
        ("no idea", False),
    ],
)
def test_a_plain_no_is_one_without_doubt(text: str, denial: bool) -> None:
    assert WISHES.is_denial(text) is denial


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("wat zegt de theorie over vertrouwen?", True),
        ("Wat is psychologische veiligheid?", True),
        ("waar staat in de verkenning iets over macht?", True),
        ("wat is er gebeurd?", False),
        ("wat is de bedoeling?", False),
        ("waarom zei hij dat tegen mij?", False),
        ("wat zegt de theorie over vertrouwen", True),
        ("wat zegt de theorie over mijn collega?", False),
    ],
)
def test_a_question_about_the_sources(text: str, asks: bool) -> None:
    assert WISHES.asks_sources(text) is asks


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert WISHES.in_message(text) in (None, *ALL)
    assert WISHES.agrees(text) in (True, False, None)
    assert WISHES.is_enough(text) in (True, False)


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wishes.yaml"
    path.write_text("stop: [stop]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"wishes\.yaml: fillers"):
        load_wishes(path)
