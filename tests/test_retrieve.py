"""Searching the library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import BOOK, key_to

from coach.config import Settings
from coach.errors import LibraryError
from coach.library.catalog import Catalog
from coach.library.embed import open_embedder
from coach.library.index import build_index
from coach.library.retrieve import Library, open_library
from coach.library.retriever import LibraryRetriever

TEXT = """# Vertrouwen
Vertrouwen groeit langzaam in een team dat fouten durft te noemen.

# Overleg
In het multidisciplinair overleg praten beroepen samen over een cliënt.

# Leiding
Leiding geven is ruimte maken voor de ideeën van een ander.
"""
DIGEST = (
    key_to("kwetsbaar", "Wie zich kwetsbaar opstelt, wint geloof bij collega's.", "fouten durft te noemen"),
    key_to("los", "Een onderwerp dat alleen in de samenvatting staat: de pannenkoek.", ""),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("bibliotheek")
    (root / "bronnen").mkdir()
    (root / "bronnen" / "tekst.md").write_text(TEXT, encoding="utf-8")
    settings = Settings(home=root / "home", embedder="bundled", chroma_url="")
    catalog = Catalog({"boek": type(BOOK)(**{**vars(BOOK), "files": ("tekst.md",), "parts": ()})})
    build_index(settings, catalog=catalog, digest=DIGEST, folders=[root / "bronnen"])
    return settings


@pytest.fixture(scope="module")
def library(settings: Settings) -> Iterator[Library]:
    library = open_library(settings, build_if_missing=False)
    yield library
    library.close()


def test_finds_by_words_and_by_meaning(library: Library) -> None:
    hits = library.search("multidisciplinair overleg over een cliënt")
    assert hits[0].passage.section == "Overleg"
    assert hits[0].via == ("dense", "keyword")
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(before.score >= after.score for before, after in zip(hits, hits[1:], strict=False))


def test_a_digest_passage_is_a_key_to_the_full_text(library: Library) -> None:
    hits = library.search("kwetsbaar opstellen bij collega's")
    assert hits[0].passage.section == "Vertrouwen" and hits[0].passage.form == "full text"
    assert hits[0].via == ("dense", "keyword", "digest")
    assert hits[0].anchor == "fouten durft te noemen"
    assert "digest:kwetsbaar" not in {hit.passage.id for hit in library.search("kwetsbaar opstellen", k=10)}


def test_a_digest_passage_without_full_text_is_shown_itself(library: Library) -> None:
    hit = library.search("pannenkoek")[0]
    assert (hit.passage.id, hit.passage.form, hit.anchor) == ("digest:los", "digest", "")
    assert "digest" not in hit.via


def test_keep_says_what_may_be_returned(library: Library) -> None:
    hits = library.search("vertrouwen", keep=lambda passage: passage.section == "Leiding")
    assert [hit.passage.section for hit in hits] == ["Leiding"]
    assert hits[0].rank == 1
    assert library.search("vertrouwen", keep=lambda passage: False) == ()


def test_k_is_a_limit(library: Library) -> None:
    assert len(library.search("team", k=2)) == 2
    assert library.search("team", k=0) == ()


@pytest.mark.parametrize("text", ["", "  \n", "?!…", "\x00", "\ud800", "🙂"])
def test_a_text_without_words_finds_nothing(library: Library, text: str) -> None:
    assert library.search(text) == ()


@pytest.mark.parametrize(
    "text", ["woord " * 20_000, "x" * 50_000, "a\x00b\ud800 team", "de het een", "'; DROP TABLE --"]
)
def test_odd_texts_do_no_harm(library: Library, text: str) -> None:
    assert len(library.search(text)) <= 5


def test_only_the_first_words_of_a_long_text_count(library: Library) -> None:
    assert library.search("pannenkoek " + "team " * 149) == library.search("pannenkoek " + "team " * 300)


def test_the_same_question_has_the_same_answer(library: Library) -> None:
    assert library.search("fouten in een team") == library.search("fouten in een team")


def test_a_passage_by_id(library: Library) -> None:
    assert library.passage("digest:los").id == "digest:los"
    assert library.passage("digest:weg") is None


def test_as_a_langchain_retriever(library: Library) -> None:
    documents = LibraryRetriever(library=library, k=2).invoke("multidisciplinair overleg")
    assert len(documents) == 2
    assert documents[0].page_content == library.search("multidisciplinair overleg")[0].passage.text
    assert documents[0].metadata["section"] == "Overleg" and documents[0].metadata["rank"] == 1


def test_as_a_langchain_vector_store(library: Library) -> None:
    store = library.index.as_vector_store(open_embedder("bundled"))
    assert len(store.similarity_search("multidisciplinair overleg", k=2)) == 2


def test_a_lost_keyword_index_is_made_again(settings: Settings, library: Library) -> None:
    before = library.search("pannenkoek")
    library.close()
    description = settings.index_folder / "keyword" / "passages.json"
    description.unlink()
    again = open_library(settings, build_if_missing=False)
    try:
        assert description.is_file()
        assert again.search("pannenkoek") == before
    finally:
        again.close()


def test_without_an_index_and_without_leave_to_build_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="coach index"):
        open_library(Settings(home=tmp_path, chroma_url=""), build_if_missing=False)


def test_a_changed_digest_is_indexed_at_the_next_start_and_loses_no_full_text(tmp_path: Path) -> None:
    (tmp_path / "bronnen").mkdir()
    (tmp_path / "bronnen" / "eigen.md").write_text(
        "# Kop\n\nOver duikboten staat nergens anders iets.\n", encoding="utf-8"
    )
    settings = Settings(home=tmp_path / "home", embedder="bundled", chroma_url="")
    # Built once from folders that the settings do not name, and from another digest than the program's own.
    build_index(settings, catalog=Catalog({"boek": BOOK}), digest=(), folders=[tmp_path / "bronnen"])
    library = open_library(settings)
    try:
        assert library.has_full_text("eigen")
        assert library.search("duikboten")[0].passage.source == "eigen"
        assert library.passage("digest:gedeeld-eigenaarschap") is not None
    finally:
        library.close()
