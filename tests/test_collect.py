"""Gathering full texts and digest into what the index holds."""

import json
from pathlib import Path

from articles import RESULTS, article
from pdfs import write_columns, write_pdf
from shelf import BOOK, CATALOG, PAGES, build, stored

from coach.config import Settings
from coach.library.catalog import Catalog, Part, Source
from coach.library.index import build_index


def test_full_text_and_digest_are_stored_with_their_pages_tiers_and_titles(settings: Settings, folder: Path) -> None:
    write_pdf(folder / "boek.pdf", PAGES)
    report = build(settings, folder)
    passages = stored(settings)
    full = {passage.text: passage for passage in passages.values() if passage.form == "full text"}
    assert [(p.page, p.tier, p.language, p.section) for p in sorted(full.values(), key=lambda p: p.page or 0)] == [
        (1, "A", "nl", "EERSTE DEEL"),
        (2, "B", "en", "BIJLAGE"),
    ]
    assert all(passage.id.startswith("boek:") and passage.title == "Boek over teams" for passage in full.values())
    assert passages["digest:vertrouwen"].leads_to == full["Vertrouwen groeit langzaam in een team."].id
    assert passages["digest:anders"].leads_to == ""
    assert (report.passages, report.added, report.removed, report.unchanged) == (4, 4, 0, 0)


def test_ids_follow_from_the_content(settings: Settings, folder: Path, tmp_path: Path) -> None:
    write_pdf(folder / "boek.pdf", PAGES)
    build(settings, folder)
    other = Settings(home=tmp_path / "elders", embedder="bundled", chroma_url="")
    build(other, folder)
    assert set(stored(settings)) == set(stored(other))


def test_equal_passages_have_ids_of_their_own(settings: Settings, folder: Path) -> None:
    (folder / "dubbel.md").write_text("# Kop\n\nDezelfde tekst.\n\n# Kop\n\nDezelfde tekst.\n", encoding="utf-8")
    build(settings, folder, digest=())
    first, second = sorted(stored(settings))
    assert second == f"{first}-2"


def test_a_file_the_catalogue_does_not_know_is_a_source_of_its_own(settings: Settings, folder: Path) -> None:
    write_pdf(folder / "Ander Wérk (1).pdf", ["Over leren in de praktijk en daarna."], title="Leren in de praktijk")
    (folder / "boek.txt").write_text("Een tekst die toevallig net zo heet.", encoding="utf-8")
    report = build(settings, folder)
    assert {source.key: (source.tier, source.form) for source in report.sources} == {
        "boek": ("A", "digest"),
        "ander-werk-1": ("L", "full text"),
        "boek-2": ("L", "full text"),
    }
    by_source = {passage.source: passage for passage in stored(settings).values() if passage.form == "full text"}
    assert by_source["ander-werk-1"].title == "Leren in de praktijk"
    assert by_source["boek-2"].title == "boek"
    assert by_source["boek-2"].page is None


def test_a_removed_full_text_goes_and_its_digest_stands_for_it_again(settings: Settings, folder: Path) -> None:
    write_pdf(folder / "boek.pdf", PAGES)
    build(settings, folder)
    (folder / "boek.pdf").unlink()
    report = build(settings, folder)
    assert (report.removed, report.sources[0].form) == (2, "digest")
    passages = stored(settings)
    assert set(passages) == {"digest:vertrouwen", "digest:anders"}
    assert passages["digest:vertrouwen"].leads_to == ""


def test_a_file_that_cannot_be_read_any_more_keeps_its_passages(settings: Settings, folder: Path) -> None:
    path = write_pdf(folder / "boek.pdf", PAGES)
    build(settings, folder)
    before = stored(settings)
    path.write_bytes(b"%PDF-1.7 kapot")
    report = build(settings, folder)
    assert [refusal.why.partition(" (")[0] for refusal in report.refused] == ["de PDF is beschadigd"]
    assert stored(settings) == before


def test_another_edition_is_refused(settings: Settings, folder: Path) -> None:
    write_pdf(folder / "boek.pdf", ["EERSTE DEEL\nDe bijlagen ontbreken in deze druk."])
    assert "andere uitgave" in build(settings, folder).refused[0].why


def test_the_same_file_twice_is_one_source(settings: Settings, folder: Path) -> None:
    for name in ["a.txt", "b.txt"]:
        (folder / name).write_text("Een en dezelfde tekst.", encoding="utf-8")
    report = build(settings, folder, digest=())
    assert report.passages == 1
    assert "deze bron is er al" in report.refused[0].why


def test_two_files_of_one_name_are_two_sources(settings: Settings, folder: Path) -> None:
    (folder / "a.txt").write_text("De ene tekst.", encoding="utf-8")
    (folder / "a.md").write_text("De andere tekst.", encoding="utf-8")
    assert {source.key for source in build(settings, folder).sources} == {"boek", "a", "a-2"}


def test_a_folder_that_is_not_there_is_named(settings: Settings, folder: Path) -> None:
    report = build_index(settings, catalog=CATALOG, digest=(), folders=[folder, folder / "typfout"])
    assert [refusal.why for refusal in report.refused] == ["deze map bestaat niet"]


def test_parts_that_are_missing_from_the_text_are_not_stored(settings: Settings, folder: Path) -> None:
    part = Part("BIJLAGE", "BIJLAGE", "A", "nl", missing=True)
    source = Source(**{**vars(BOOK), "parts": (BOOK.parts[0], part)})
    write_pdf(folder / "boek.pdf", PAGES)
    build_index(settings, catalog=Catalog({"boek": source}), digest=(), folders=[folder])
    assert {passage.section for passage in stored(settings).values()} == {"EERSTE DEEL"}


def test_an_article_is_stored_without_its_heads_and_references(settings: Settings, folder: Path) -> None:
    write_columns(folder / "download.pdf", article(), by_row=True)
    (folder / "download.yaml").write_text("title: Trust in teams\nlicence: CC BY 4.0", encoding="utf-8")
    report = build(settings, folder, digest=())
    passages = stored(settings).values()
    assert any(passage.text == RESULTS for passage in passages)
    assert not any("Organization Science" in passage.search_text for passage in passages)
    source = next(source for source in report.as_json()["sources"] if source["key"] == "download")
    assert json.loads(json.dumps(source))["left_out"] == {
        "licence": 3,
        "page number": 3,
        "running line": 2,
        "references": 10,
    }
    assert (source["title"], source["licence"]) == ("Trust in teams", "CC BY 4.0")
