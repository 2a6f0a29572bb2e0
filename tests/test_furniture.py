"""What is not the text is kept out of the passages and reported."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from articles import HEAD, LICENCE, REFERENCES, RESULTS, article
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import Columns, write_columns, write_pdf

from coach.library.chunk import MendedText, cut, mend
from coach.library.furniture import LeftOut
from coach.library.read import Page, read_document

BODY = (
    "Samenwerken vraagt om vertrouwen en om een doel dat iedereen deelt,",
    "en om de tijd om daar samen over te praten. Wie dat niet doet, merkt",
    "het pas als het misgaat. Daarom is het goed om er op tijd bij stil te",
    "staan, ook als er weinig tijd is voor een gesprek van een half uur.",
)
ENTRIES = (
    "Abele, A. (2011). Samen denken. Tijdschrift voor Psychologie, 41(3),",
    "313-327.",
    "Bion, W. R. (1961). Experiences in groups. London: Tavistock.",
    "Van der Veen, J., & Smit, P. (z.d.). Over teams. https://example.org/teams",
)
VANCOUVER = (
    "1. Abele AE. Bringing minds together. J Soc Psychol. 2011;41(3):313-27.",
    "2. Das TK, Teng BS. Instabilities of strategic alliances. Organ Sci.",
    "2000;11(1):77-101.",
    "[3] Vangen S. Developing practice-oriented theory on collaboration.",
)
HARVARD = (
    "Abele A, Wojciszke B (2011) Bringing minds together. J Soc Psychol 41:313-327",
    "World Health Organization (2010) Framework for action on interprofessional",
    "education. Geneva: WHO.",
    "Bion, Wilfred. Experiences in Groups. London: Tavistock, 1961.",
)


def page_texts(*pages: Sequence[str]) -> list[Page]:
    return [Page(number, "\n".join(lines)) for number, lines in enumerate(pages, start=1)]


def numbered(word: str) -> list[str]:
    """Return a page's worth of lines that are on no other page."""
    return [f"{line[:-10]} {word} {word} {word}" for line in BODY]


def kinds(mended: MendedText) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for left in mended.left_out:
        found.setdefault(left.kind, []).append(left.text)
    return found


@pytest.mark.parametrize("by_row", [True, False])
def test_of_an_article_only_the_text_is_left(tmp_path: Path, by_row: bool) -> None:
    mended = mend(read_document(write_columns(tmp_path / "a.pdf", article(), by_row=by_row)).pages)
    assert kinds(mended) == {
        "licence": ["https://doi.org/10.1000/jct.2019.12", *LICENCE],
        "page number": ["101", "102", "103"],
        "running line": [HEAD, HEAD],
        "references": ["References", *(line.strip() for line in REFERENCES)],
    }
    assert {left.page for left in mended.left_out if left.kind == "references"} == {3}
    for words in ("doi.org", "2019", "Creative", "Organization Science", "102"):
        assert words not in mended.text
    assert mended.text.splitlines()[-3] == RESULTS


def test_every_character_is_in_a_cut_or_left_out(tmp_path: Path) -> None:
    pages = read_document(write_columns(tmp_path / "a.pdf", article(), by_row=True)).pages
    mended = mend(pages)
    cuts = "".join(mended.text[piece.start : piece.end] for piece in cut(mended))
    held = [cuts, *(left.text for left in mended.left_out)]
    printed = "".join(page.text for page in pages).replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")
    assert sorted("".join(held).replace("-", "").split()) != []
    for character in sorted(set(printed) - {"-", " ", "\n"}):
        assert "".join(held).count(character) == printed.count(character), character


@pytest.mark.parametrize("words", ["Pagina {} van 6", "- {} -", "{}", "p. {}", "12{} Jansen e.a.", "Bijdrage | {}"])
def test_numbered_feet_are_left_out(words: str) -> None:
    mended = mend(page_texts(*([*numbered(word), words.format(n)] for n, word in enumerate("abcdef", start=1))))
    assert len(mended.left_out) == 6
    assert mended.text.count("Samenwerken") == 6
    assert words.split("{}")[0].strip("- ") not in mended.text or words in {"{}", "- {} -"}


def test_page_numbers_count_on_from_another_than_one() -> None:
    mended = mend(page_texts([*numbered("a"), "313"], [*numbered("b"), "314"]))
    assert kinds(mended) == {"page number": ["313", "314"]}


def test_heads_that_differ_on_odd_and_even_pages_are_left_out() -> None:
    pages = [["Jansen en De Vries" if n % 2 else "Vertrouwen in teams", *numbered(w)] for n, w in enumerate("abcdefg")]
    assert len(kinds(mend(page_texts(*pages)))["running line"]) == 7


def test_titles_of_chapters_over_their_pages_are_left_out() -> None:
    chapters = ["Vertrouwen", "Spanning", "Leren"]
    pages = [[*([chapters[n // 4]] if n % 4 else []), *numbered("abcdefghijkl"[n])] for n in range(12)]
    assert kinds(mend(page_texts(*pages))) == {"running line": [chapters[n // 4] for n in range(12) if n % 4]}


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("pages", [2, 3, 6])
def test_of_pages_with_the_same_text_only_the_head_and_the_number_are_left_out(pages: int, rows: int) -> None:
    texts = [["Tijdschrift voor Zorg", *BODY * rows, f"{n}"] for n in range(1, pages + 1)]
    mended = mend(page_texts(*texts))
    assert set(kinds(mended)) <= {"running line", "page number"}
    assert set(kinds(mended).get("running line", ())) <= {"Tijdschrift voor Zorg"}
    assert mended.text.count(BODY[0][:40]) == mended.text.count("gesprek van een half uur") == pages * rows


def test_of_columns_with_the_same_text_only_what_stands_apart_is_left_out(tmp_path: Path) -> None:
    left = [f"de linker kolom van elke bladzijde, regel {word}" for word in "abcdef"]
    pages = [Columns(left=left, right=[*left, "en slot."], head=HEAD, foot=str(n)) for n in range(1, 4)]
    mended = mend(read_document(write_columns(tmp_path / "a.pdf", pages, by_row=True)).pages)
    assert kinds(mended) == {"running line": [HEAD] * 3, "page number": ["1", "2", "3"]}


def test_lines_of_text_that_differ_only_in_numbers_stay() -> None:
    pages = [[f"regel {n * 10 + row} van een verslag over samen werken" for row in range(8)] for n in range(6)]
    assert mend(page_texts(*pages)).left_out == ()
    pages = [
        [f"Op bladzijde {n} staat nog een zin over de zorg.", *numbered(w)] for n, w in enumerate("abcdef", start=1)
    ]
    assert mend(page_texts(*pages)).left_out == ()


def test_two_lines_at_the_edge_are_left_out_together() -> None:
    pages = [
        ["Tijdschrift voor Zorg", "jaargang 12", *numbered(word), f"{n}"] for n, word in enumerate("abcd", start=5)
    ]
    mended = mend(page_texts(*pages))
    assert len(kinds(mended)["running line"]) == 8
    assert kinds(mended)["page number"] == ["5", "6", "7", "8"]


def test_a_line_that_returns_within_the_pages_stays() -> None:
    pages = [[*numbered(word)[:2], "Vraag om over na te denken:", *numbered(word)[2:]] for word in "abcd"]
    mended = mend(page_texts(*pages))
    assert mended.left_out == ()
    assert mended.text.count("Vraag om over na te denken") == 4


def test_a_lone_number_is_no_page_number() -> None:
    mended = mend(page_texts([*numbered("a"), "7"], numbered("b"), [*numbered("c"), "12"]))
    assert mended.left_out == ()


@pytest.mark.parametrize(
    "foot",
    [
        ["https://doi.org/10.1111/puar.12683"],
        ["DOI: 10.1111/puar.12683"],
        ["© 2020 De auteurs. Dit artikel valt onder", "een vrije licentie."],
        ["This is an open access article under the CC BY licence", "(http://creativecommons.org/licenses/by/4.0/)."],
        ["ISSN 1234-5678", "Downloaded from a library on 3 May 2021"],
    ],
)
def test_addresses_and_licences_at_the_foot_are_left_out(foot: list[str]) -> None:
    mended = mend(page_texts([*numbered("a"), *foot], numbered("b")))
    assert kinds(mended) == {"licence": foot}


def test_what_stands_under_a_licence_or_an_address_stays() -> None:
    for line in ("https://doi.org/10.1111/puar.12683", "© 2020 Jansen"):
        assert BODY[0] in mend(page_texts(["Een kop", line, *BODY])).text


def test_an_address_in_the_running_text_stays() -> None:
    lines = [*numbered("a"), "Zie voor meer https://doi.org/10.1111/puar.12683 en de site.", *numbered("b")]
    assert mend(page_texts(lines)).left_out == ()


@pytest.mark.parametrize(
    "heading",
    ["References", "REFERENCES", "Literatuur", "Literatuurlijst:", "5. Literatuur", "6 References", "Bibliography"]
    + ["4.2 Geraadpleegde bronnen", "VII. Bibliografie", "## Referenties"],
)
@pytest.mark.parametrize("entries", [ENTRIES, VANCOUVER, HARVARD], ids=["apa", "vancouver", "harvard"])
def test_a_list_of_references_is_left_out(heading: str, entries: tuple[str, ...]) -> None:
    mended = mend(page_texts([*BODY, heading, *entries[:2]], entries[2:]))
    assert kinds(mended) == {"references": [heading, *entries]}
    assert [left.page for left in mended.left_out] == [1, 1, 1, 2, 2]
    assert mended.headings == ()


@pytest.mark.parametrize("heading", ["BIJLAGE A. DE VRAGENLIJST", "Bijlage 1: de vragen", "Dankwoord", "# Hoofdstuk 2"])
def test_the_text_goes_on_after_the_list(heading: str) -> None:
    mended = mend(page_texts([*BODY, "Literatuur", *ENTRIES, heading, *BODY]))
    assert kinds(mended) == {"references": ["Literatuur", *ENTRIES]}
    assert len(mended.headings) == 1
    assert mended.text.count("Samenwerken") == 2


def test_text_without_a_heading_after_the_list_is_not_lost() -> None:
    mended = mend(page_texts([*BODY, "Literatuur", *ENTRIES], ["Een nieuw hoofdstuk gaat zo verder.", *BODY * 4]))
    assert kinds(mended) == {"references": ["Literatuur", *ENTRIES]}
    assert mended.text.count("Samenwerken") == 5


@pytest.mark.parametrize("line", ["Literatuur", "Bronnen"])
def test_a_heading_without_references_under_it_stays(line: str) -> None:
    mended = mend(page_texts([*BODY, line, *BODY]))
    assert mended.left_out == ()
    assert line in mended.text


def test_lists_at_the_end_of_each_chapter() -> None:
    chapter = ["# Hoofdstuk", *BODY, "Literatuur", *ENTRIES]
    mended = mend(page_texts(chapter * 3))
    assert len(kinds(mended)["references"]) == 3 * (1 + len(ENTRIES))
    assert len(mended.headings) == 3


def test_a_mention_of_the_literature_is_text() -> None:
    lines = [*BODY, "In de literatuur (Abele, 2011) staat er meer over.", "Literatuur over teams, zie Bion (1961)."]
    assert mend(page_texts(lines)).left_out == ()


def test_a_printed_number_sign_is_not_a_number() -> None:
    mended = mend(page_texts(["Team# 1", *BODY], ["Team2 1", *BODY], ["Team# 1", *BODY]))
    assert mended.text.count(BODY[0]) == 3


def test_running_heads_of_a_pdf(tmp_path: Path) -> None:
    pages = ["\n".join(["Vertrouwen in teams", *numbered(word), str(n)]) for n, word in enumerate("abcd", start=1)]
    mended = mend(read_document(write_pdf(tmp_path / "a.pdf", pages)).pages)
    assert mended.left_out[0] == LeftOut("running line", 1, "Vertrouwen in teams")
    assert "Vertrouwen in teams" not in mended.text


PIECES = st.sampled_from(
    [*BODY, *ENTRIES, "Literatuur", "REFERENCES", "12", "Pagina 3", HEAD, LICENCE[0], "", "KOPPEN"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=12), max_size=5))
def test_nothing_is_lost_unnamed(pages: list[list[str]]) -> None:
    mended = mend(page_texts(*pages))
    held = "".join([mended.text, *(left.text for left in mended.left_out)])
    letters = [sorted(filter(str.isalnum, text)) for text in (held, "".join("".join(lines) for lines in pages))]
    assert letters[0] == letters[1]
