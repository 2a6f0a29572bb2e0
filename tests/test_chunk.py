"""Mending pages and cutting them into passages."""

import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.library.catalog import Part
from coach.library.chunk import CUT_MAX_WORDS, cut, mend, sentences
from coach.library.read import Page

# Letters, line ends and the signs that mean something to the reader of a page.
PIECES = st.sampled_from(
    ["samen", "werken", "De", "en", "-", "-\n", "\n", "\n\n", " ", ". ", "• ", "o ", "1. ", "1.2 ", "2) ", "# ", "1 "]
    + [
        "HOOFDSTUK EEN",
        "BIJLAGE A. ",
        "bv. ",
        "é",
        "e\u0301",
        "\x00",
        "\ud800",
        "\u00ad\n",
        "”",
        "…",
        "|",
        "spanning1 ",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=150).map("".join), st.text(max_size=300))


def pages_of(*texts: str) -> list[Page]:
    return [Page(number, text) for number, text in enumerate(texts, start=1)]


def mended_text(*texts: str) -> str:
    return mend(pages_of(*texts)).text


LONG = "Samenwerken kent vele gezichten en daarom kijken wij naar wat er in een team gebeurt "


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("goed samen-\nwerken", "goed samenwerken"),
        ("kijk context- en\nsituatiespecifiek", "kijk context- en situatiespecifiek"),
        ("kijk context-\nen situatiespecifiek", "kijk context- en situatiespecifiek"),
        ("met psycho-\neducatie erbij", "met psycho-educatie erbij"),
        ("de HAN-\nProjectgroep", "de HAN-Projectgroep"),
        ("om turn-taking en turn-\ntaking", "om turn-taking en turn-taking"),
        ("een vari-\nety en nog een variety", "een variety en nog een variety"),
        ("goed samen\u2010\nwerken", "goed samenwerken"),
        ("de\ufb01nitie, con\ufb02ict, e\ufb00ect en o\ufb03cieel", "definitie, conflict, effect en officieel"),
        ("zacht af\u00adgebroken en zacht\u00ad\nheid", "zacht afgebroken en zachtheid"),
        ("clie\u0308nt\x00 en\ud800 nu", "cliënt en nu"),
    ],
)
def test_broken_words_are_whole_again(printed: str, expected: str) -> None:
    assert mended_text(printed) == expected


def test_wrapped_lines_become_one_paragraph_over_the_page_end() -> None:
    mended = mend(pages_of(f"{LONG}en\nzo gaat de zin op de volgende", "bladzijde verder. Einde."))
    assert mended.text == f"{LONG}en zo gaat de zin op de volgende bladzijde verder. Einde."
    assert mended.page_at(mended.text.index("bladzijde")) == 2
    assert mended.page_at(mended.text.index("volgende")) == 1


def test_a_short_last_line_ends_the_paragraph() -> None:
    assert mended_text(f"{LONG}en\n{LONG}zo\nkort einde.\n{LONG}nu\nverder.").count("\n") == 1


@pytest.mark.parametrize("sign", ["•", "o", "-", "1.", "2)"])
def test_list_items_have_a_line_each(sign: str) -> None:
    text = f"Dit is nodig:\n{sign} Vertrouwen in elkaar\n{sign} Een doel\ndat iedereen deelt\n"
    lines = mended_text(f"{LONG}\n{text}").splitlines()
    assert lines[-2:] == [f"{sign} Vertrouwen in elkaar", f"{sign} Een doel dat iedereen deelt"]


def test_a_number_in_running_text_begins_no_item() -> None:
    line = "in een project met als hoofdthema samenwerken waarbij drie dingen tellen namelijk vertrouwen tijd en"
    assert "\n" not in mended_text(
        f"{line}\n2) een doel dat door iedereen in het team gedeeld wordt en waar men\nvoor gaat."
    )


def test_a_footnote_leaves_the_running_sentence() -> None:
    body = (
        "Houd de interne spanningen1 in het oog want die zijn nodig. Het gaat erom de tegenstelling niet helemaal glad"
    )
    note = "1 Das en Teng (2000) noemen drie krachten die in balans\ngebracht moeten worden."
    lines = mended_text(f"{body}\n{note}", "te strijken. Zo is dat.").splitlines()
    assert lines == [
        f"{body} te strijken. Zo is dat.",
        "1 Das en Teng (2000) noemen drie krachten die in balans gebracht moeten worden.",
    ]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    texts = [
        f"Tijdschrift voor Zorg\nZin nummer {word} staat hier.\n{page}" for page, word in enumerate("abcd", start=1)
    ]
    assert "Tijdschrift" not in mended_text(*texts)
    assert mended_text(*texts).count("Zin nummer") == 4


@pytest.mark.parametrize(
    ("line", "title", "level"),
    [
        ("# Over leren", "Over leren", 1),
        ("### Diep", "Diep", 3),
        ("1.2 Wat er verder bij komt kijken……", "1.2 Wat er verder bij komt kijken", 2),
        ("1.5.1 Generieke vaardigheden:", "1.5.1 Generieke vaardigheden", 3),
        ("3 ONTWIKKELEN VAN KENNIS", "3 ONTWIKKELEN VAN KENNIS", 1),
        ("AANLEIDING", "AANLEIDING", 1),
        ("BIJLAGE A. 10 THEORIEEN SAMENWERKEN", "BIJLAGE A. 10 THEORIEEN SAMENWERKEN", 1),
        ("Bijlage B: zeven theorieën", "Bijlage B: zeven theorieën", 1),
    ],
)
def test_headings(line: str, title: str, level: int) -> None:
    headings = mend(pages_of(f"{line}\nHier staat gewone tekst onder de kop.")).headings
    assert [(heading.title, heading.level) for heading in headings] == [(title, level)]


def test_a_numbered_heading_over_two_lines() -> None:
    first = "2.1.1 Voorwaarden voor een goede samenwerking binnen zowel het micro- als"
    (heading,) = mend(pages_of(f"{LONG}zo.\n{first}\nmesosysteem\n• Kunnen luisteren")).headings
    assert heading.title == f"{first} mesosysteem"


@pytest.mark.parametrize(
    "line",
    [
        "1. Reflecties op eigen handelen",
        "1) Wederzijds vertrouwen",
        "• 1. Social Interdependence Theory",
        "1 Das en Teng (2000) ontwikkelden een model",
        "GGZ",
        "3.4 een aanzet",
        "2.1 Terminologie ........ 11",
        "Interpersoonlijk N.v.t. N.v.t.",
    ],
)
def test_no_headings(line: str) -> None:
    assert mend(pages_of(f"Hier staat gewone tekst.\n{line}\nEn hier ook.")).headings == ()


def test_cuts_carry_their_headings_and_the_page_of_their_body() -> None:
    mended = mend(pages_of("SAMENWERKEN\n1.1 Het nut", "Eerst dit. Dan dat.\n1.2 De rest\nNog iets."))
    cuts = [piece for piece in cut(mended) if piece.body < piece.end]
    assert [piece.section_path for piece in cuts] == [("SAMENWERKEN", "1.1 Het nut"), ("SAMENWERKEN", "1.2 De rest")]
    assert [piece.page for piece in cuts] == [2, 2]
    assert mended.text[cuts[0].body : cuts[0].end] == "Eerst dit. Dan dat."
    assert mended.text[cuts[0].start : cuts[0].end].startswith("1.1 Het nut")


def test_a_heading_alone_has_no_body() -> None:
    first, second = cut(mend(pages_of("SAMENWERKEN\n1.1 Het nut\nTekst.")))
    assert first.body == first.end
    assert second.body < second.end


def test_parts_begin_a_section_and_give_their_tier() -> None:
    parts = [Part("1. Luisteren", "Oefeningen", "C", "nl"), Part("METINGEN", "METINGEN", "A", "nl", missing=True)]
    text = "INLEIDING\nLees eerst 1. Luisteren door.\n\n• 1. Luisteren oefen je zo.\n\nMETINGEN\nniets"
    pieces = cut(mend(pages_of(text)), parts=parts)
    assert [(piece.section_path, piece.part) for piece in pieces] == [
        (("INLEIDING",), None),
        (("Oefeningen",), parts[0]),
        (("METINGEN",), parts[1]),
    ]


def test_long_sections_are_cut_into_equal_pieces_between_sentences() -> None:
    text = " ".join(f"Dit is zin nummer {number} van een lange tekst." for number in range(60))
    mended = mend(pages_of(text))
    lengths = [len(mended.text[piece.start : piece.end].split()) for piece in cut(mended)]
    assert all(60 <= length <= 120 for length in lengths)
    assert max(lengths) - min(lengths) <= 9
    assert all(mended.text[piece.end - 1] == "." for piece in cut(mended))


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    mended = mend(pages_of("woord " * 250))
    assert [len(mended.text[piece.start : piece.end].split()) for piece in cut(mended)] == [83, 83, 84]


def test_numbered_items_stay_with_what_belongs_to_them() -> None:
    items = "".join(
        f"• {number}. Oefening\n• Doe: {'luister en vat samen ' * 7}goed.\n• Doel: de ander begrijpen.\n"
        for number in range(1, 8)
    )
    mended = mend(pages_of(items))
    starts = [mended.text[piece.start :] for piece in cut(mended)]
    assert len(starts) > 1
    assert all(start.startswith("• ") and start[2].isdigit() for start in starts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Een zin. Nog een! En nu? Ja.", ["Een zin.", "Nog een!", "En nu?", "Ja."]),
        ("Zie bv. Vangen et al. (2016) e.a. Auteurs.", ["Zie bv. Vangen et al. (2016) e.a. Auteurs."]),
        (
            "De mate v.d. Vaardigheid, d.w.z. Kracht, o.a. Hier.",
            ["De mate v.d. Vaardigheid, d.w.z. Kracht, o.a. Hier."],
        ),
        ("Hij zei ‘stop.’ Toen niet.", ["Hij zei ‘stop.’", "Toen niet."]),
        ("1. Reflecties doen.\n2. Tweede.", ["1. Reflecties doen.", "2. Tweede."]),
        ("Waar wilde ik gelijk krijgen? Waarom? (Bion, 1961). Daarna.", None),
        ("deelnemen.. In Tabel 1 staat", ["deelnemen..", "In Tabel 1 staat"]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentences(text)]
    if expected is None:
        expected = ["Waar wilde ik gelijk krijgen?", "Waarom?", "(Bion, 1961).", "Daarna."]
    assert found == expected


@settings(deadline=None)
@given(TEXTS)
def test_sentences_leave_nothing_out(text: str) -> None:
    spans = sentences(text)
    assert all(start < end and "\n" not in text[start:end] for start, end in spans)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_cuts_hold_every_visible_character_once_and_in_order(texts: list[str]) -> None:
    mended = mend(pages_of(*texts))
    parts = [Part("samen", "Samen", "A", "nl"), Part("HOOFDSTUK", "Hoofdstuk", "B", "en")]
    pieces = cut(mended, parts=parts)
    together = "".join(mended.text[piece.start : piece.end] for piece in pieces)
    assert "".join(together.split()) == "".join(mended.text.split())
    assert all(before.end <= after.start for before, after in zip(pieces, pieces[1:], strict=False))
    for piece in pieces:
        assert piece.start <= piece.body <= piece.end
        assert len(mended.text[piece.start : piece.end].split()) <= CUT_MAX_WORDS
        assert 1 <= piece.page <= max(len(texts), 1)


def letters_of(texts: Iterable[str]) -> list[str]:
    """Return the letters and digits, without accents and ligatures, whatever their order."""
    return sorted(character for character in unicodedata.normalize("NFKD", "".join(texts)) if character.isalnum())


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_mending_keeps_letters_and_digits(texts: list[str]) -> None:
    mended = mend(pages_of(*texts))
    held = [mended.text, *(left.text for left in mended.left_out)]
    assert letters_of(held) == letters_of(texts)
    assert "\x00" not in mended.text and not any("\ud800" <= character <= "\udfff" for character in mended.text)
    assert list(mended.page_starts) == sorted(mended.page_starts, key=lambda start: start[0])


@settings(deadline=None)
@given(st.text(alphabet=" \n-abcDE.,", max_size=200))
def test_mending_plain_text_loses_only_hyphens_and_white_space(text: str) -> None:
    assert "".join(mended_text(text).replace("-", "").split()) == "".join(text.replace("-", "").split())
