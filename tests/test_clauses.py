"""Clauses: exact pieces of a text, short enough to hold up, and never a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.conversation.clauses import EDGES, WORDS_MAX, clauses

LONG = "ik stond bij de deur van de kamer en zag alles gebeuren, maar ik durfde niets te zeggen want mijn baas keek"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ze liep weg. Ik bleef staan!", ["Ze liep weg", "Ik bleef staan"]),
        ("een\n\ntwee", ["een", "twee"]),
        ("ik was boos, maar ik zei niets", ["ik was boos, maar ik zei niets"]),
        (LONG, ["ik stond bij de deur van de kamer en zag alles gebeuren", "ik durfde niets te zeggen",
                "mijn baas keek"]),
        ("Had ik gelijk? Ik weet het niet.", ["Ik weet het niet"]),
        ("wat vond ze", ["wat vond ze"]),
        ("", []),
        ("...", []),
        ("😀", ["😀"]),
    ],
)  # fmt: skip
def test_a_text_in_clauses(text: str, pieces: list[str]) -> None:
    assert clauses(text) == pieces


marks = st.lists(st.sampled_from([*"ab ,.;?!\n…", " maar ", " omdat ", "ik "]), max_size=120).map("".join)


@given(marks | st.text())
def test_each_piece_is_verbatim_and_asks_nothing(text: str) -> None:
    for piece in clauses(text):
        assert piece and piece in text
        assert "?" not in piece
        assert piece.strip(EDGES) == piece


def test_a_sentence_is_cut_only_when_it_is_long() -> None:
    whole = " ".join(["woord"] * (WORDS_MAX - 3)) + ", maar dit ook"
    assert clauses(whole) == [whole]
    assert clauses("eerst " + whole) == ["eerst " + " ".join(["woord"] * (WORDS_MAX - 3)), "dit ook"]


def test_then_begins_no_clause_after_its_verb() -> None:
    text = (
        "bij het overleg zei de psycholoog dat mijn stukje wel kort kon waar de familie bij zat, "
        "en ik heb toen niks meer gezegd"
    )
    assert len(text.split()) > WORDS_MAX
    assert clauses(text)[-1] == "ik heb toen niks meer gezegd"
