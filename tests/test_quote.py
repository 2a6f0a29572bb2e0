"""Choosing what to quote, and the gate that only lets exact quotations through."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.library.passage import Passage
from coach.library.quote import choose_quote, is_exact

TEXT = (
    "Samenwerking gaat gepaard met spanningen. Dat is op zichzelf niet problematisch. "
    "Wel is ruimte nodig voor emoties.\n"
    "Tabel 1. Systemen.\n"
    "Microsysteem Meso\n"
    "• Houd in gesprekken bewust je mond dicht en vat samen.\n"
    "• Doel: anderen begrijpen voordat je zelf oordeelt."
)
PASSAGE = Passage("v:1", "verkenning", "Verkenning", "1.2 Spanning", 4, "A", "full text", "nl", TEXT, note="let op")


def quoted(about: str = "", **changes: object) -> str:
    return choose_quote(PASSAGE, about=about, **changes).text  # type: ignore[arg-type]


def test_a_quote_cites_its_passage() -> None:
    quote = choose_quote(PASSAGE, about="spanning")
    assert (quote.passage_id, quote.source, quote.title, quote.section) == (
        "v:1",
        "verkenning",
        "Verkenning",
        "1.2 Spanning",
    )
    assert (quote.page, quote.tier, quote.form, quote.language, quote.note) == (4, "A", "full text", "nl", "let op")


def test_the_sentence_with_the_anchor_is_quoted() -> None:
    assert (
        quoted("spanningen", anchor="bewust je mond dicht") == "Houd in gesprekken bewust je mond dicht en vat samen."
    )


def test_else_the_sentence_that_shares_most_words() -> None:
    assert (
        quoted("Hoe begrijp je een ander?", anchor="staat er niet")
        == "Doel: anderen begrijpen voordat je zelf oordeelt."
    )


def test_else_the_first_full_sentence_with_neighbours_that_fit() -> None:
    assert quoted("kwantumfysica") == TEXT.split("\n")[0]
    assert (
        quoted("kwantumfysica", max_words=12)
        == "Samenwerking gaat gepaard met spanningen. Dat is op zichzelf niet problematisch."
    )
    assert quoted("kwantumfysica", max_words=6) == "Samenwerking gaat gepaard met spanningen."


def test_neighbours_before_the_sentence_come_along_too() -> None:
    assert quoted("emoties", max_words=13) == "Dat is op zichzelf niet problematisch. Wel is ruimte nodig voor emoties."


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    assert quoted("spanningen", max_words=3) == "Samenwerking gaat gepaard"


@pytest.mark.parametrize("about", ["tabel systemen", "microsysteem meso"])
def test_headings_and_cells_are_not_quoted(about: str) -> None:
    assert quoted(about) == TEXT.split("\n")[0]


def test_a_passage_without_a_full_sentence_gives_what_it_has() -> None:
    quote = choose_quote(replace(PASSAGE, text="• Sterke ego's\n• Verborgen agenda's"), about="agenda")
    assert quote.text == "Verborgen agenda's"


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=20), st.integers(1, 80))
def test_a_quote_is_always_a_slice_of_the_passage(text: str, about: str, anchor: str, max_words: int) -> None:
    quote = choose_quote(replace(PASSAGE, text=text), about=about, anchor=anchor, max_words=max_words)
    assert quote.text in text
    assert len(quote.text.split()) <= max_words


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("gaat gepaard met", "Het gaat  gepaard\nmet spanning"),
        ("een 'shared sense'", "een ‘shared sense’"),
        ("samenwerken is", "goed samen-\nwerken is"),
        ("cliënt", "de clie\u0308nt"),
        ("Hele tekst.", "Hele tekst."),
    ],
)
def test_exact(quote: str, text: str) -> None:
    assert is_exact(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("", "tekst"),
        (" … ", "tekst … tekst"),
        ("effectief", "dat is ineffectief"),
        ("vertrouw", "vertrouwen"),
        ("gaat Gepaard", "gaat gepaard"),
        ("niet nodig", "niet echt nodig"),
        ("samen werken", "samenwerken"),
        ("a.b", "acb"),
    ],
)
def test_not_exact(quote: str, text: str) -> None:
    assert not is_exact(quote, text)


def test_a_quotation_within_the_sentence_is_not_left_open() -> None:
    text = (
        'Vraag jezelf na een overleg af: "Waar wilde ik per se gelijk krijgen? Waarom?"\nDoel: je bewust worden ervan.'
    )
    quote = choose_quote(replace(PASSAGE, text=text), about="", anchor="per se gelijk krijgen")
    assert quote.text == text.split("\n")[0]
