"""Two-column pages are read column by column, and other pages are left as they are."""

from pathlib import Path

import pytest
from articles import ABSTRACT, APPENDIX, INTRODUCTION, METHODS, RESULTS, TITLE, article
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import Columns, write_columns

from coach.library.chunk import MendedText, cut, mend
from coach.library.columns import Fragment, arrange, find_edge
from coach.library.read import Page, read_document

LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff"})
WIDTH = 600.0


def read(path: Path, pages: list[Columns], *, by_row: bool, font: str = "Times") -> tuple[Page, ...]:
    return read_document(write_columns(path, pages, by_row=by_row, font=font)).pages


@pytest.fixture(params=[(True, "Times"), (False, "Times"), (True, "Helvetica"), (True, "Courier")], ids=str)
def mended(request: pytest.FixtureRequest, tmp_path: Path) -> MendedText:
    by_row, font = request.param
    return mend(read(tmp_path / "artikel.pdf", article(), by_row=by_row, font=font))


def test_paragraphs_are_whole_over_lines_columns_and_pages(mended: MendedText) -> None:
    lines = mended.text.splitlines()
    for text in (ABSTRACT, INTRODUCTION, METHODS, RESULTS, APPENDIX):
        assert text.translate(LIGATURES) in lines


def test_broken_words_are_whole_and_ligatures_are_letters(mended: MendedText) -> None:
    printed = [line for page in article() for line in (*page.left, *page.right)]
    assert any(line.endswith("meet-") for line in printed) and any("ﬂ" in line for line in printed)
    assert "-" not in mended.text
    assert not any("\ufb00" <= character <= "\ufb06" for character in mended.text)


def test_bold_and_large_lines_are_headings(mended: MendedText) -> None:
    titles = [heading.title for heading in mended.headings]
    assert titles == [TITLE, "1 Introduction", "2 Methods", "3 Results", "Appendix A: the question"]
    assert [heading.level for heading in mended.headings] == [1, 2, 2, 2, 2]


def test_passages_know_their_section_and_page(mended: MendedText) -> None:
    places = {piece.section_path[-1]: piece.page for piece in cut(mended)}
    assert places["2 Methods"] == 1 and places["Appendix A: the question"] == 3


def test_a_last_page_with_few_lines_is_read_by_column_too(tmp_path: Path) -> None:
    full = Columns(
        left=[f"de linker kolom vertelt hier verder over {n}" for n in range(20)], right=["rechts " * 7] * 20
    )
    last = Columns(
        left=["het slot van de linker kolom staat hier en", "gaat dan nog even door met dit verhaal"],
        right=["en dan het slot van de rechter kolom met", "een laatste zin die verder niets meer zegt"],
    )
    pages = read(tmp_path / "a.pdf", [full, last], by_row=True)
    assert pages[1].text.splitlines() == [*last.left, *last.right]


def test_lines_over_the_full_width_part_the_columns(tmp_path: Path) -> None:
    wide = "Een brede regel over twee kolommen, die hoort bij een figuur waar ze allebei naar verwijzen in de tekst"
    above = [f"links boven staat regel {n} van deze tekst hier" for n in range(8)]
    beside = [f"rechts boven staat regel {n} van deze tekst hier" for n in range(8)]
    left = [*above, wide, *(line.replace("boven", "onder") for line in above)]
    right = [*beside, "", *(line.replace("boven", "onder") for line in beside)]
    lines = read(tmp_path / "a.pdf", [Columns(left=left, right=right)], by_row=True)[0].text.splitlines()
    assert lines == [*above, *beside, wide, *left[9:], *right[9:]]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # A table: short cells.
        ([f"cel {n}" for n in range(12)], [f"ja {n}" for n in range(12)]),
        # A few words in the margin.
        ([f"Dit is een gewone regel nummer {n} van de tekst" for n in range(12)], ["noot", "", "", "noot"]),
        # One column, and lines that go on over the middle.
        (["Dit is een regel die veel te lang is om in een linker kolom te staan en dus doorloopt"] * 12, []),
    ],
)
def test_other_pages_are_left_in_the_order_of_printing(tmp_path: Path, left: list[str], right: list[str]) -> None:
    (page,) = read(tmp_path / "a.pdf", [Columns(left=left, right=right)], by_row=True)
    assert page.breaks == () and page.headings == ()


def test_a_summary_in_bold_is_no_heading(tmp_path: Path) -> None:
    summary = [f"# dit is een vette regel {n} van de samenvatting" for n in range(6)]
    body = [f"dit is een gewone regel {n} van de lopende tekst" for n in range(12)]
    page = Columns(left=[*summary, "# Inleiding", *body], right=["# Tabel 1 Wie er meededen", *body, *body])
    (read_page,) = read(tmp_path / "a.pdf", [page], by_row=False)
    assert read_page.headings == ()
    lines = read_page.text.splitlines()
    assert lines.index("Inleiding") < lines.index("Tabel 1 Wie er meededen")


def test_a_title_over_two_lines_is_one_heading(tmp_path: Path) -> None:
    body = [f"dit is een gewone regel {n} van de lopende tekst" for n in range(12)]
    page = Columns(top=["## Vertrouwen en spanning in teams", "## Een jaar in de wijk"], left=body, right=body)
    headings = mend(read(tmp_path / "a.pdf", [page], by_row=True)).headings
    assert [heading.title for heading in headings] == ["Vertrouwen en spanning in teams Een jaar in de wijk"]


def test_turned_text_at_the_side_comes_last() -> None:
    columns = [
        Fragment(f"{side} dit is een regel van de tekst {n}", x, 700 - 12 * n, 10)
        for n in range(10)
        for side, x in (("links", 50), ("rechts", 310))
    ]
    stamp = Fragment("Downloaded from a library", 20, 300, 8, upright=False)
    edge = find_edge([stamp, *columns], page_width=WIDTH)
    assert edge == 310
    lines = arrange([stamp, *columns], edge=edge).lines
    assert lines[-1] == stamp.text
    assert [line.split()[0] for line in lines[:-1]] == ["links"] * 10 + ["rechts"] * 10


FRAGMENTS = st.lists(
    st.builds(
        Fragment,
        text=st.text(alphabet="abc ", min_size=1, max_size=60),
        x=st.sampled_from([50.0, 62.0, 305.0, 310.0, 322.0, 400.0]) | st.floats(0, 600),
        y=st.integers(0, 60).map(lambda n: 12.0 * n),
        size=st.sampled_from([6.0, 10.0, 18.0]),
        bold=st.booleans(),
        upright=st.sampled_from([True, True, True, False]),
    ),
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(FRAGMENTS)
def test_no_letter_is_lost_or_printed_twice(fragments: list[Fragment]) -> None:
    edge = find_edge(fragments, page_width=WIDTH)
    for one in {310.0, edge or 310.0}:
        arranged = arrange(fragments, edge=one)
        letters = sorted(c for fragment in fragments for c in fragment.text if c != " ")
        assert sorted(c for line in arranged.lines for c in line if c != " ") == letters
        assert all(0 < at < len(arranged.lines) for at in arranged.breaks)
        assert all(0 <= at < len(arranged.lines) for at, _ in arranged.headings)
