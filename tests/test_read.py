"""Reading files into pages, and refusing those that cannot be read."""

from pathlib import Path

import pytest
from articles import article
from pdfs import (
    rewrite_pages,
    write_columns,
    write_encrypted_pdf,
    write_pdf,
    write_pdf_without_pages,
    write_scanned_pdf,
)

from coach.errors import UnreadableSource
from coach.library.read import find_documents, read_document

SENTENCE = "Samenwerken vraagt om vertrouwen en om een gedeeld doel."


def test_pdf_gives_its_pages_title_and_hash(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "boek.pdf", [SENTENCE, "Tweede bladzijde met gewone tekst."], title="Een boek")
    document = read_document(path)
    assert [page.number for page in document.pages] == [1, 2]
    assert SENTENCE in document.pages[0].text
    assert document.title == "Een boek"
    assert len(document.sha256) == 64


@pytest.mark.parametrize("title", ["Microsoft Word - concept.docx", "untitled"])
def test_title_of_a_word_processor_is_no_title(tmp_path: Path, title: str) -> None:
    assert read_document(write_pdf(tmp_path / "a.pdf", [SENTENCE], title=title)).title is None


def test_text_and_markdown(tmp_path: Path) -> None:
    text, markdown = tmp_path / "a.txt", tmp_path / "b.md"
    text.write_text("\ufeffcliënt", encoding="utf-8")
    markdown.write_text("# Over samenwerken\n\nTekst.", encoding="utf-8")
    assert read_document(text).pages[0].text == "cliënt"
    assert read_document(markdown).title == "Over samenwerken"


def test_utf16_with_a_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("cliënt", encoding="utf-16")
    assert read_document(path).pages[0].text == "cliënt"


def test_five_hundred_pages_are_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "dik.pdf", [f"Bladzijde {number}: {SENTENCE}" for number in range(1, 501)])
    pages = read_document(path).pages
    assert len(pages) == 500
    assert "Bladzijde 500" in pages[499].text


@pytest.mark.parametrize(
    ("before", "box"),
    [
        (b"0.5 0 0 0.5 100 200 cm ", (100, 200, 397.5, 621)),
        (b"1 0 0 1 300 0 cm ", (300, 0, 895, 842)),
    ],
    ids=["scaled", "moved"],
)
def test_columns_are_found_wherever_the_page_is_drawn(tmp_path: Path, before: bytes, box: tuple[float, ...]) -> None:
    path = write_columns(tmp_path / "a.pdf", article(), by_row=True)
    plain = read_document(path).pages
    moved = read_document(rewrite_pages(path, before=before, box=box)).pages
    assert [page.text for page in moved] == [page.text for page in plain]
    assert all(page.breaks for page in plain) and [page.breaks for page in moved] == [page.breaks for page in plain]


def test_a_page_that_does_not_say_its_size_is_read_as_it_is_printed(tmp_path: Path) -> None:
    path = rewrite_pages(write_columns(tmp_path / "a.pdf", article(), by_row=False))
    page = read_document(path).pages[0]
    assert page.breaks == ()
    assert "Teams in care depend on trust" in page.text


def test_authors_and_language_are_those_the_pdf_names(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [SENTENCE], author="P. Smit and K. de Vries", language="NL")
    document = read_document(path)
    assert (document.authors, document.language) == (("P. Smit", "K. de Vries"), "nl")
    plain = read_document(write_pdf(tmp_path / "b.pdf", [SENTENCE]))
    assert (plain.authors, plain.language) == ((), None)


def test_pdf_with_only_an_owners_password_is_read(tmp_path: Path) -> None:
    path = write_encrypted_pdf(tmp_path / "open.pdf", SENTENCE, password="")
    assert SENTENCE in read_document(path).pages[0].text


def refused(path: Path) -> str:
    with pytest.raises(UnreadableSource) as error:
        read_document(path)
    assert str(error.value).startswith(path.name)
    return str(error.value)


def test_refuses_what_needs_a_password(tmp_path: Path) -> None:
    secret = tmp_path.name
    path = write_encrypted_pdf(tmp_path / "dicht.pdf", SENTENCE, password=secret)
    assert "wachtwoord" in refused(path)


def test_refuses_a_scan(tmp_path: Path) -> None:
    assert "scan" in refused(write_scanned_pdf(tmp_path / "scan.pdf", SENTENCE))


def test_refuses_a_pdf_without_pages(tmp_path: Path) -> None:
    assert "geen pagina" in refused(write_pdf_without_pages(tmp_path / "niets.pdf"))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("leeg.pdf", b"", "leeg"),
        ("leeg.txt", b" \n\n", "leeg"),
        ("brief.pdf", b"PK\x03\x04 dit is een docx", "geen PDF"),
        ("stuk.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "beschadigd"),
        ("tekst.docx", b"PK\x03\x04", "soort bestand"),
        ("oud.txt", "cliënt".encode("latin-1"), "UTF-8"),
    ],
)
def test_refuses_other_files(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert why in refused(path)


def test_a_truncated_pdf_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    whole = write_pdf(tmp_path / "heel.pdf", [SENTENCE]).read_bytes()
    path = tmp_path / "half.pdf"
    for length in range(20, len(whole), 97):
        path.write_bytes(whole[:length])
        try:
            pages = read_document(path).pages
        except UnreadableSource:
            continue
        assert pages


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert "niet geopend" in refused(tmp_path / "weg.txt")


def test_finds_files_sorted_and_passes_over_readme_and_hidden(tmp_path: Path) -> None:
    for name in ["b.pdf", "a.txt", "README.md", ".verborgen.md", "map/README.md", "map/c.docx"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = find_documents([tmp_path, tmp_path / "bestaat-niet", tmp_path / "a.txt"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a.txt", "b.pdf", "map/README.md", "map/c.docx"]
