"""The mirror: always a verbatim piece of what the student wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.conversation.mirror import WORDS_MAX, mirror


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("schaamte denk ik. en boos", "schaamte denk ik. en boos"),
        ("Onzeker.", "Onzeker"),
        ('"ja als jij ze zo verwent wil straks niemand meer zelf uit bed"',
         "ja als jij ze zo verwent wil straks niemand meer zelf uit bed"),
        ("had ik dat moeten zeggen?", ""),
        ("...", ""),
        ("😀😀", ""),
        ("", ""),
        (
            "we zaten met z'n allen om de tafel bij het mdo en het ging heel lang over de medicatie, "
            "ik heb de rest van de dienst niks meer gevraagd",
            "ik heb de rest van de dienst niks meer gevraagd",
        ),
        (
            "Het was druk op de afdeling die ochtend met twee zieken en een nieuwe opname. Ze zei “doe jij dat maar”. "
            "Daarna ben ik naar de keuken gelopen om de lunch klaar te zetten voor iedereen.",
            "Ze zei “doe jij dat maar”",
        ),
    ],
)  # fmt: skip
def test_what_is_held_up(text: str, piece: str) -> None:
    assert mirror(text) == piece


def test_what_is_to_be_avoided_is_not_held_up() -> None:
    assert mirror("ze is gewoon lui", avoid=lambda piece: "lui" in piece) == ""


@given(st.text(max_size=400))
def test_it_is_verbatim_short_and_asks_nothing(text: str) -> None:
    piece = mirror(text)
    assert piece in text
    assert "?" not in piece
    assert len(piece.split()) <= WORDS_MAX
