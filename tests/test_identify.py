"""A file is matched to its source in the catalogue, or becomes a source of its own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pdfs import Columns, write_columns, write_pdf
from shelf import BOOK

from coach.library.catalog import Catalog, Source
from coach.library.collect import Collection, collect

BODY = "Teams in care depend on trust, and trust depends on what people tell each other after a difficult day."
NAMED = Columns(left=[f"a line of running text in the left column {n}" for n in range(9)])


def known(key: str, title: str | None, **fields: object) -> Source:
    plain = {"doi": None, "year": 2016, "language": "en", "files": (), "parts": (), "authors": ("Vangen, S.",)}
    return replace(BOOK, key=key, title=title, **{**plain, **fields})


VANGEN = known(
    "vangen2016", "Developing practice-oriented theory on collaboration: A paradox lens", doi="10.1111/puar.126"
)
CLARK = known("clark1991", "Grounding in communication", authors=("Clark, H. H.", "Brennan, S. E."))
JANSEN = known(
    "jansen2019", "Effecten van coördinatie in de cliëntenzorg en daarbuiten", language="nl", files=("j.pdf",)
)
NAMELESS = known("naamloos2024", None, authors=(), year=None, language=None)
CATALOG = Catalog({source.key: source for source in (VANGEN, CLARK, JANSEN, NAMELESS)})


def gather(folder: Path) -> Collection:
    return collect(CATALOG, digest=(), folders=[folder], stored=lambda key: ())


def full_texts(folder: Path) -> dict[str, tuple[str, str, str]]:
    """Return title, tier and language of what was read, by key of source."""
    return {p.source: (p.title, p.tier, p.language) for p in gather(folder).passages}


def write(folder: Path, name: str, lines: Sequence[str], **described: str) -> Path:
    return write_pdf(folder / name, ["\n".join([*lines, BODY]), f"Second page. {BODY}"], **described)


AS_VANGEN = {"vangen2016": (VANGEN.title, "L", "en")}


def test_by_the_key_in_a_side_car(tmp_path: Path) -> None:
    write(tmp_path, "download(3).pdf", ["Something else"])
    (tmp_path / "download(3).yaml").write_text("key: vangen2016\n", encoding="utf-8")
    collection = gather(tmp_path)
    assert full_texts(tmp_path) == AS_VANGEN
    assert collection.refused == ()
    report = next(source for source in collection.sources if source.key == "vangen2016")
    assert (report.form, report.tier, report.pages, report.year) == ("full text", "L", 2, 2016)


@pytest.mark.parametrize("name", ["vangen2016.pdf", "Vangen2016.PDF"])
def test_by_the_key_as_file_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, ["Something else"])
    assert full_texts(tmp_path) == AS_VANGEN


def test_by_a_file_name_of_the_catalogue(tmp_path: Path) -> None:
    write(tmp_path, "J.pdf", ["Something else"])
    assert full_texts(tmp_path) == {"jansen2019": (JANSEN.title, "L", "nl")}


@pytest.mark.parametrize(
    "line",
    [
        "https://doi.org/10.1111/puar.126",
        "DOI: 10.1111/PUAR.126.",
        "Public Review (2016), doi:10.1111/puar.126, p. 1",
        "https://doi.org/10.1111/\npuar.126",
    ],
)
@pytest.mark.parametrize("page", [0, 1])
def test_by_a_doi_on_the_first_two_pages(tmp_path: Path, line: str, page: int) -> None:
    pages = [BODY, f"Second page. {BODY}", "Third page."]
    pages[page] = f"{line}\n{pages[page]}"
    write_pdf(tmp_path / "a.pdf", pages)
    assert full_texts(tmp_path) == AS_VANGEN


@pytest.mark.parametrize(
    "pages",
    [
        # Another that begins alike.
        [f"https://doi.org/10.1111/puar.1268\n{BODY}"],
        [f"https://doi.org/10.1111/puar.126-2\n{BODY}"],
        # Its own comes first, and this one is cited.
        [f"https://doi.org/10.1000/own.1\n{BODY}", f"See https://doi.org/10.1111/puar.126 and others.\n{BODY}"],
        # In a list of references.
        [f"{BODY}\nReferences\nVangen, S. (2016). Theory. Review, 77(2), 263.\nhttps://doi.org/10.1111/puar.126"],
        # Too far on.
        [BODY, f"Two. {BODY}", f"https://doi.org/10.1111/puar.126\n{BODY}"],
    ],
)
def test_a_doi_that_is_not_its_own_does_not_count(tmp_path: Path, pages: list[str]) -> None:
    write_pdf(tmp_path / "a.pdf", pages)
    assert set(full_texts(tmp_path)) == {"a"}


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (["Developing practice-oriented theory on collaboration: A paradox lens"], "vangen2016"),
        (["DEVELOPING PRACTICE-ORIENTED", "THEORY ON COLLABORATION", "A Paradox Lens"], "vangen2016"),
        (["ARTICLE", "Developing practice\u00adoriented theory on col-", "laboration. A paradox lens1"], "vangen2016"),
        (["Effecten van coordinatie in de clientenzorg en daarbuiten"], "jansen2019"),
        (["Grounding in communication", "Herbert H. Clark & Susan E. Brennan"], "clark1991"),
    ],
)
def test_by_the_title_on_page_one(tmp_path: Path, lines: list[str], key: str) -> None:
    write(tmp_path, "a.pdf", lines)
    assert full_texts(tmp_path) == {key: (CATALOG.sources[key].title, "L", CATALOG.sources[key].language)}


def test_a_title_with_ligatures_over_two_columns(tmp_path: Path) -> None:
    title = ["## E\ufb00ecten van coördinatie", "## in de cliëntenzorg en daarbuiten"]
    page = replace(NAMED, top=title, right=[f"a line of running text in the right column {n}" for n in range(9)])
    write_columns(tmp_path / "a.pdf", [page], by_row=True)
    assert full_texts(tmp_path) == {"jansen2019": (JANSEN.title, "L", "nl")}


@pytest.mark.parametrize(
    "lines",
    [
        # Cited in a sentence.
        ["We use Developing practice-oriented theory on collaboration: A paradox lens by Vangen."],
        # A heading in somebody else's work.
        ["A handbook of talk", "Grounding in communication"],
        # In the list of references of a short paper.
        ["References", "Vangen, S. (2016).", VANGEN.title or "", "Review, 77(2), 263-272."],
        # Only the beginning of it.
        ["Developing practice-oriented theory on collaboration"],
    ],
)
def test_a_title_that_is_not_its_own_does_not_count(tmp_path: Path, lines: list[str]) -> None:
    write(tmp_path, "a.pdf", lines)
    assert set(full_texts(tmp_path)) == {"a"}


def test_the_side_car_goes_before_all_else(tmp_path: Path) -> None:
    write(tmp_path, "jansen2019.pdf", ["https://doi.org/10.1111/puar.126"])
    (tmp_path / "jansen2019.yaml").write_text("key: clark1991", encoding="utf-8")
    assert set(full_texts(tmp_path)) == {"clark1991"}
    (tmp_path / "jansen2019.yaml").unlink()
    assert set(full_texts(tmp_path)) == {"jansen2019"}


def test_a_side_car_fills_in_what_the_catalogue_does_not_know(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", ["Something"])
    described = (
        "key: naamloos2024\ntitle: Nu met een titel\nauthors: ['Boevers, D.']\nyear: 2024\nlanguage: nl\nlicence: CC BY"
    )
    (tmp_path / "a.yaml").write_text(described, encoding="utf-8")
    assert full_texts(tmp_path) == {"naamloos2024": ("Nu met een titel", "L", "nl")}
    report = next(source for source in gather(tmp_path).sources if source.key == "naamloos2024")
    assert (report.authors, report.year, report.licence) == (("Boevers, D.",), 2024, "CC BY")
    (tmp_path / "a.yaml").write_text(described.replace("naamloos2024", "vangen2016"), encoding="utf-8")
    assert full_texts(tmp_path) == AS_VANGEN


def test_an_unknown_pdf_is_described_by_its_metadata(tmp_path: Path) -> None:
    write(
        tmp_path, "X 12.pdf", ["Something"], title="Leren van elkaar", author="P. Smit; K. de Vries", language="nl-NL"
    )
    assert full_texts(tmp_path) == {"x-12": ("Leren van elkaar", "L", "nl")}
    report = next(source for source in gather(tmp_path).sources if source.key == "x-12")
    assert (report.authors, report.title) == (("P. Smit", "K. de Vries"), "Leren van elkaar")


def test_an_unknown_pdf_without_metadata_has_the_name_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, "Over leren.pdf", ["Something"])
    assert full_texts(tmp_path) == {"over-leren": ("Over leren", "L", "")}


def test_a_side_car_without_a_key_describes_an_unknown_file(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", ["Something"], title="Untrue")
    (tmp_path / "a.yml").write_text("title: De echte titel\nlanguage: nl", encoding="utf-8")
    assert full_texts(tmp_path) == {"a": ("De echte titel", "L", "nl")}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("key: vangen2017", "a.yaml: key: 'vangen2017' staat niet in de catalogus"),
        ("key: vangen2016\ntitel: X", "a.yaml: titel: deze sleutel bestaat niet"),
        ("key: 2016", "a.yaml: key: 2016 is geen geldige waarde"),
        ("year: '2016'", "a.yaml: year: '2016' is geen geldige waarde"),
        ("authors: Vangen", "a.yaml: authors: 'Vangen' is geen geldige waarde"),
        ("language: Nederlands", "a.yaml: language: 'Nederlands' is geen geldige waarde"),
        ("- key", "a.yaml: bestand: ['key'] is geen geldige waarde"),
        ("", "a.yaml: bestand: None is geen geldige waarde"),
        ("key: [", "a.yaml: kan niet gelezen worden"),
    ],
)
def test_a_wrong_side_car_is_refused_with_file_and_field(tmp_path: Path, content: str, why: str) -> None:
    path = write(tmp_path, "a.pdf", ["Something"])
    (tmp_path / "a.yaml").write_text(content, encoding="utf-8")
    collection = gather(tmp_path)
    assert [refusal.path for refusal in collection.refused] == [str(path)]
    assert collection.refused[0].why.startswith(why)
    assert collection.passages == ()


def test_a_side_car_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weg.yaml").write_text("key: vangen2016", encoding="utf-8")
    (refusal,) = gather(tmp_path).refused
    assert Path(refusal.path).name == "weg.yaml" and "geen bron met deze naam" in refusal.why


def test_the_second_file_of_a_source_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", [VANGEN.title or ""])
    write(tmp_path, "b.pdf", ["https://doi.org/10.1111/puar.126"])
    collection = gather(tmp_path)
    assert [Path(refusal.path).name for refusal in collection.refused] == ["b.pdf"]
    assert f"deze bron is er al, als {VANGEN.title!r}" in collection.refused[0].why
    assert {passage.source for passage in collection.passages} == {"vangen2016"}


def test_what_was_known_by_its_doi_is_kept_when_it_cannot_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", ["https://doi.org/10.1111/puar.126"])
    before = gather(tmp_path).passages
    path.write_bytes(b"%PDF-1.7 kapot")
    after = collect(CATALOG, digest=(), folders=[tmp_path], stored=lambda key: [p for p in before if p.source == key])
    assert after.passages == before
    assert len(after.refused) == 1
    path.unlink()
    (tmp_path / "brief.docx").write_bytes(b"PK")
    gone = collect(CATALOG, digest=(), folders=[tmp_path], stored=lambda key: [p for p in before if p.source == key])
    assert gone.passages == ()


def test_what_a_side_car_named_is_kept_when_it_cannot_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", ["Something"])
    (tmp_path / "a.yaml").write_text("key: clark1991", encoding="utf-8")
    before = gather(tmp_path).passages
    path.write_bytes(b"")
    after = collect(CATALOG, digest=(), folders=[tmp_path], stored=lambda key: [p for p in before if p.source == key])
    assert after.passages == before and before


def test_left_out_lines_are_counted_in_the_report(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", ["Text first.", BODY, "References", "Vangen, S. (2016). Theory. Review, 77(2), 263-272."])
    report = next(source for source in gather(tmp_path).sources if source.key == "a")
    assert report.left_out == {"references": 2}
