"""The guide, and searching the shipped content with it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from coach.app import Coach
from coach.config import Settings
from coach.library.keyword import KeywordIndex
from coach.library.rerank import RERANK_DEPTH
from coach.library.retrieve import Library, load_content, open_library
from coach.library.vectors import load_vectors

ACCOUNT = "Na het mdo liep iedereen weg. Niemand wist wie de huisarts zou bellen, en dus gebeurde het niet."


@pytest.fixture
def library(shared_coach: Coach) -> Library:
    return shared_coach.library


def test_an_account_finds_its_themes_and_their_passages(library: Library) -> None:
    found = library.find(ACCOUNT, k=5)
    assert "taken-en-verantwoordelijkheid" in {theme.id for theme in found.themes}
    assert library.themes(ACCOUNT) == found.themes
    first = found.hits[0]
    assert "key" in first.via
    named = {f"theme:{theme.id}" for theme in found.themes}
    ways = {way for hit in found.hits for way in hit.via}
    assert {way for way in ways if way.startswith("theme:")} <= named
    assert ways & named
    assert "digest:interprofessioneel-gedeelde-verantwoordelijkheid" in {hit.passage.id for hit in found.hits}


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("wat is het verschil tussen micro, meso en exo", "exosysteem"),
        ("wat is transactief geheugen", "transactive memory"),
    ],
)
def test_a_question_has_no_theme_and_finds_its_passage(library: Library, text: str, passage: str) -> None:
    found = library.find(text)
    assert found.themes == ()
    assert not {way for hit in found.hits for way in hit.via if way.startswith("theme:")}
    assert any(passage in hit.passage.text.lower() for hit in found.hits)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("niemand wist wie wat zou doen na het mdo", "taken-en-verantwoordelijkheid"),
        ("ik durfde niks te zeggen", "veiligheid-om-te-spreken"),
        ("ik voelde me niet gehoord", "luisteren"),
    ],
)
def test_a_short_account_has_the_right_theme_first(library: Library, text: str, theme: str) -> None:
    assert library.themes(text)[0].id == theme


@pytest.mark.parametrize(
    "text",
    [
        "mijn fiets is gestolen en nu ben ik te laat op mijn werk",
        "Mijn vriendin heeft het uitgemaakt, ik lig al de hele week op bed.",
        "de bus kwam niet en toen heb ik in de regen gelopen",
    ],
)
def test_an_account_of_everyday_life_has_no_theme(library: Library, text: str) -> None:
    found = library.find(text)
    assert found.advice.account > 0.5 > 0 > found.advice.subject
    assert found.themes == ()


@pytest.mark.parametrize(
    ("text", "appendix"),
    [
        ("waarom is het belangrijk om je ego opzij te zetten", False),
        ("wat zegt de verkenning over angst om fouten te maken", False),
        ("hoe helpt sociale identiteit bij samenwerken", True),
        ("welke theorie gaat over gemeenschappelijke grond", True),
    ],
)
def test_questions_find_the_part_they_are_about(library: Library, text: str, appendix: bool) -> None:
    parts = [hit.passage.tier == "B" for hit in library.search(text, k=3)]
    assert parts.count(appendix) >= 2


def test_the_guide_orders_what_it_knows(library: Library) -> None:
    found = library.find(ACCOUNT, k=5)
    assert found.advice.confidence == 1
    assert [hit.passage.id for hit in found.hits] == [clue.passage for clue in found.advice.clues[:5]]


def test_search_is_find_without_the_themes(library: Library) -> None:
    assert library.search(ACCOUNT, k=3) == library.find(ACCOUNT, k=3).hits
    assert library.find("?!") == library.find("", k=5)
    assert library.themes(" 🙂 ") == ()


def test_a_key_finds_its_own_passage(library: Library) -> None:
    hits = library.search("hoe werkt een fail forward sessie waarin je van fouten leert", k=3)
    assert any("fout" in hit.passage.text for hit in hits)


class LongestFirst:
    """A reranker that prefers long passages."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        assert query == ACCOUNT and len(texts) <= RERANK_DEPTH
        return [float(len(text)) for text in texts]


def test_a_reranker_orders_what_was_found(library: Library) -> None:
    keyword = KeywordIndex.build(library.index.passages())
    reranked = Library(library.index, keyword=keyword, embedder=library.embedder, reranker=LongestFirst())
    found = reranked.find(ACCOUNT, k=10)
    lengths = [len(hit.passage.text) for hit in found.hits]
    assert lengths == sorted(lengths, reverse=True)
    assert [hit.score for hit in found.hits] == [float(length) for length in lengths]
    # This library has no guide.
    assert found.themes == () and reranked.themes(ACCOUNT) == ()


def test_the_shipped_digest_needs_no_embedding_at_the_first_start(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, chroma_url="", sources="")
    library = open_library(settings)
    try:
        assert library.index.count >= len(load_content()[1])
        # A cache is written only for what had to be embedded.
        assert not (settings.index_folder / "utterances.npz").exists()
        assert load_vectors(settings.index_folder / "utterances.npz", fingerprint=library.embedder.fingerprint) == {}
    finally:
        library.close()
