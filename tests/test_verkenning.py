"""The whole library on the real verkenning, where a copy of it lies beside the checkout."""

from collections.abc import Iterator

import pytest

from coach.config import Settings, content_root
from coach.library.catalog import load_catalog
from coach.library.digest import find_anchor, load_digest
from coach.library.index import build_index
from coach.library.quote import choose_quote, is_exact
from coach.library.read import read_document
from coach.library.report import IndexReport
from coach.library.retrieve import Library, open_library

VERKENNING = content_root().parent / "shared" / "bronnen" / "verkenning-werken-aan-samenwerken.pdf"
pytestmark = pytest.mark.skipif(not VERKENNING.is_file(), reason=f"no copy of the verkenning at {VERKENNING}")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, IndexReport]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), embedder="bundled", chroma_url="")
    corpus = content_root() / "corpus"
    catalog = load_catalog(corpus / "catalog.yaml")
    digest = load_digest(corpus / "digest", catalog=catalog)
    return settings, build_index(settings, catalog=catalog, digest=digest, folders=[VERKENNING])


@pytest.fixture(scope="module")
def library(built: tuple[Settings, IndexReport]) -> Iterator[Library]:
    library = open_library(built[0])
    yield library
    library.close()


def test_all_pages_are_read_and_nothing_is_refused(built: tuple[Settings, IndexReport]) -> None:
    source = next(source for source in built[1].sources if source.key == "verkenning")
    assert (source.form, source.pages, source.tier) == ("full text", 23, "A")
    assert built[1].refused == ()


def test_sections_and_tiers_are_those_of_the_original(library: Library) -> None:
    passages = [passage for passage in library.index.passages() if passage.form == "full text"]
    tiers = {passage.section: passage.tier for passage in passages}
    assert tiers == {
        "AANLEIDING": "A",
        "1.1 Het nut van samenwerken": "A",
        "1.2 Wat er verder bij komt kijken": "A",
        "1.3 Professioneel samenwerken in zorg en welzijn": "A",
        "1.4 Context- en situatiespecifiek kijken naar samenwerken": "A",
        "1.5.1 Generieke samenwerkingsvaardigheden": "A",
        "1.5.2 Specifieke samenwerkingsvaardigheden: alliantiebevordering": "A",
        "2.1 Terminologie en indeling": "A",
        "2.1.1 Voorwaarden voor een goede samenwerking binnen zowel het micro- als mesosysteem": "A",
        "2.1.2 Micro: Samenwerken met patiënt-/clientsystemen": "A",
        "2.1.3 Meso: Interprofessionele Samenwerking": "A",
        "2.2 Praktijk relevantie: samenwerkingsrelaties definiëren en context- en situatiespecifiek kijken": "A",
        "3.1 Handelingskennis: van wat naar hoe": "A",
        "3.2 Generieke handelingskennis samenwerken": "A",
        "3.3 Samenwerken met hulpvragers": "A",
        "3.4 Interprofessionele samenwerking": "A",
        "BIJLAGE A. 10 THEORIEEN SAMENWERKEN": "B",
        "BIJLAGE B: 7 THEORIEEN SAMENWERKING IN ZORG EN WELZIJN": "B",
        "Tien oefeningen": "C",
    }
    assert {passage.language for passage in passages if passage.tier == "B"} == {"en"}


def test_every_anchor_of_the_digest_leads_to_its_section_and_page(library: Library) -> None:
    passages = {passage.id: passage for passage in library.index.passages()}
    keys = [passage for passage in passages.values() if passage.form == "digest" and passage.anchor]
    assert keys
    for key in keys:
        assert key.leads_to, key.id
        target = passages[key.leads_to]
        assert find_anchor(key.anchor, f"{target.section}\n{target.text}"), key.id
        assert target.section == key.section, key.id
        assert target.page is not None and key.page is not None and 0 <= key.page - target.page <= 1, key.id


def test_no_word_of_the_original_is_lost(library: Library) -> None:
    printed = {word for page in read_document(VERKENNING).pages for word in page.text.split() if word.isalpha()}
    held = {
        word
        for passage in library.index.passages()
        if passage.form == "full text"
        for word in f"{passage.heading_path} {passage.text}".split()
    }
    # The headings of which only the words are left, and "Psycho-" + "educatie", which is one word again.
    assert printed - held == {"FLOWCHART", "DE", "Meten", "teamsamenwerking", "educatie"}


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("Hoe geef ik feedback met de 4G-methode?", "4G-methode"),
        ("waar wilde ik per se gelijk krijgen", "Waar wilde ik per se gelijk krijgen"),
        ("Wat is een micro-, meso- en exosysteem?", "exosysteem"),
        ("Is spanning in een samenwerking erg?", "gepaard met spanningen"),
        ("transactief geheugen van een team", "Transactive Memory"),
    ],
)
def test_questions_find_their_passage_and_an_exact_quotation(library: Library, question: str, anchor: str) -> None:
    hits = library.search(question)
    assert any(find_anchor(anchor, hit.passage.text) for hit in hits)
    for hit in hits:
        quote = choose_quote(hit.passage, about=question, anchor=hit.anchor)
        assert quote.text and is_exact(quote.text, hit.passage.text)
