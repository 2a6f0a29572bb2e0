"""The suite `retrieval` and its two baselines, on a small book."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pdfs import write_pdf
from shelf import BOOK, key_to

import evals.retrieval
from coach.app import Coach
from coach.config import Settings
from coach.library.catalog import Catalog
from coach.library.embed import open_embedder
from coach.library.index import build_index
from coach.library.passage import Passage
from coach.library.retrieve import Library, open_library
from evals.baselines import CHUNK_CHARACTERS, Text, cut_texts, rank_with_keywords, rank_with_langchain, read_texts
from evals.cases import RetrievalCase
from evals.memory import QueryMemory, with_query_memory
from evals.ranking import MEASURES
from evals.retrieval import KINDS, measure_search, retrieval_cases

FILE = "verkenning-werken-aan-samenwerken.pdf"
PAGES = [
    "Vertrouwen\nVertrouwen groeit langzaam in een team dat fouten durft te noemen.",
    "Overleg\nIn het multidisciplinair overleg praten beroepen samen over een patient.",
]
DIGEST = (key_to("vertrouwen", "Wie zich kwetsbaar opstelt, wint geloof bij collega's.", "fouten durft te noemen"),)


def case(id_: str, kind: str, q: str, *gold: str) -> RetrievalCase:
    return RetrievalCase.model_validate({"id": id_, "split": "dev", "kind": kind, "q": q, "gold": gold})


CASES = (
    case("v", "question", "Hoe groeit vertrouwen in een team?", "groeit langzaam in een team"),
    case("o", "experience", "Wij praatten in het overleg over een patient", "beroepen samen over een patient"),
    case("x", "experience", "Wat staat er in het boek?", "deze woorden staan nergens"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bronnen")
    write_pdf(folder / FILE, PAGES)
    return folder


@pytest.fixture(scope="module")
def library(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    book = type(BOOK)(**{**vars(BOOK), "key": "verkenning", "files": (FILE,), "parts": ()})
    digest = [Passage(**{**vars(passage), "source": "verkenning"}) for passage in DIGEST]
    settings = Settings(home=tmp_path_factory.mktemp("home"), embedder="bundled", chroma_url="")
    # The default folder is looked at first and is not there.
    build_index(settings, catalog=Catalog({"verkenning": book}), digest=digest, folders=[folder])
    library = _open_as_built(settings)
    yield library
    library.close()


def _open_as_built(settings: Settings) -> Library:
    """Open the small index as it is; the shipped digest would be added when the program starts as usual."""
    return open_library(settings, build_if_missing=False)


def test_the_full_text_is_measured_by_its_anchors(library: Library, folder: Path) -> None:
    result = measure_search(library, CASES, folders=[folder])
    assert (result.name, result.key, result.form, result.n) == ("retrieval", "retrieval", "full text", 3)
    assert set(result.scores) == {f"{name}.{kind}" for name in MEASURES for kind in KINDS}
    assert result.scores["success_at_5.question"] == {"v": 1.0}
    assert result.scores["success_at_5.experience"] == {"o": 1.0, "x": 0.0}
    assert result.scores["success_at_5.cross-lingual"] == {}
    values = {metric.name: (metric.value, metric.n) for metric in result.metrics}
    assert values["success_at_5.experience"] == (0.5, 2)
    (failure,) = result.failures
    assert (failure.id, failure.asked, failure.expected) == ("x", CASES[2].q, "deze woorden staan nergens")
    assert "multidisciplinair" in failure.found


def test_the_baselines_are_measured_on_the_same_cases(library: Library, folder: Path) -> None:
    result = measure_search(library, CASES, folders=[folder])
    assert set(result.baselines) == {"langchain", "bm25"}
    for metrics in result.baselines.values():
        assert {metric.name for metric in metrics} == {metric.name for metric in result.metrics}
        assert {metric.name: metric.n for metric in metrics}["success_at_1.experience"] == 2
        assert {metric.name: metric.value for metric in metrics}["success_at_5.question"] == 1.0


def test_without_the_full_text_the_digest_is_measured(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    if coach.library.has_full_text("verkenning"):
        pytest.skip("the full text is in corpus/sources or COACH_SOURCES here")
    # Embedding all of the digest again takes half a minute; one work of it is enough to cut.
    small = read_texts(coach.library, folders=[], form="digest")[-1:]
    monkeypatch.setattr(evals.retrieval, "read_texts", lambda library, **_: small)
    some = [case for case in retrieval_cases("dev") if case.kind == "question"][:4]
    monkeypatch.setattr(evals.retrieval, "retrieval_cases", lambda split: some)
    result = evals.retrieval.run(coach, split="dev")
    assert (result.key, result.form, result.split, result.n) == ("retrieval-digest", "digest", "dev", 4)
    assert set(result.scores["success_at_5.question"]) == {case.id for case in some}
    found = {case for case, score in result.scores["success_at_5.question"].items() if score}
    assert found and found.isdisjoint(failure.id for failure in result.failures)


# Texts and chunks


def test_a_full_text_is_what_pypdf_reads(library: Library, folder: Path) -> None:
    (text,) = read_texts(library, folders=[folder], form="full text")
    assert text.source == "verkenning" and text.spans == ()
    assert text.text.split() == " ".join(PAGES).split()


def test_a_full_text_that_is_only_in_the_index_is_put_together(library: Library, tmp_path: Path) -> None:
    (text,) = read_texts(library, folders=[tmp_path], form="full text")
    assert text.source == "verkenning" and "multidisciplinair overleg" in text.text
    assert text.text.index("langzaam") < text.text.index("multidisciplinair")


def test_the_digest_is_joined_a_source_at_a_time_with_the_place_of_each_passage(library: Library) -> None:
    (text,) = read_texts(library, folders=[], form="digest")
    assert [(text.text[start:end], id_) for start, end, id_ in text.spans] == [
        (passage.text, passage.id) for passage in DIGEST
    ]


def test_chunks_are_short_overlap_and_lose_nothing() -> None:
    words = [f"woord{number}" for number in range(600)]
    chunks = cut_texts([Text("boek", " ".join(words))])
    assert len(chunks) > 3
    assert all(len(chunk.passage.text) <= CHUNK_CHARACTERS for chunk in chunks)
    assert {word for chunk in chunks for word in chunk.passage.text.split()} == set(words)
    first, second = (chunk.passage.text.split() for chunk in chunks[:2])
    assert set(first) & set(second)
    assert len({chunk.passage.id for chunk in chunks}) == len(chunks)


def test_a_chunk_stands_for_the_passages_of_which_it_holds_half() -> None:
    spans = ((0, 400, "a"), (402, 902, "b"), (904, 1_304, "c"))
    parts = ["a " * 200, "b " * 250, "c " * 200]
    chunks = cut_texts([Text("boek", "\n\n".join(part.strip() + " " for part in parts), spans)])
    held = [chunk.holds for chunk in chunks]
    assert {"a", "b"} <= held[0] and "c" not in held[0]
    assert frozenset({"a", "b", "c"}) == frozenset().union(*held)


TEXTS = (Text("een", "Het multidisciplinair overleg is op maandag."), Text("twee", "Een kat slaapt graag in de zon."))


def test_plain_langchain_finds_by_meaning_and_bm25_by_words() -> None:
    chunks = cut_texts(TEXTS)
    queries = {"dier": "waar ligt het huisdier", "overleg": "multidisciplinair overleg"}
    dense = rank_with_langchain(chunks, queries, embedder=open_embedder("bundled"), k=2)
    assert dense["dier"][0] == "twee:chunk-0" and dense["overleg"][0] == "een:chunk-0"
    words = rank_with_keywords(chunks, queries, k=2)
    assert words == {"dier": [], "overleg": ["een:chunk-0"]}


def test_nothing_to_search_is_nothing_found() -> None:
    assert rank_with_langchain((), {"q": "wat"}, embedder=open_embedder("bundled"), k=2) == {"q": []}
    assert rank_with_keywords((), {"q": "wat"}, k=2) == {"q": []}


# Queries are encoded once


class Counting:
    """An embedder that counts what it is asked."""

    fingerprint = "telt 2"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        self.asked.append(text)
        return [0.0, float(len(self.asked))]


def test_a_query_is_encoded_once() -> None:
    behind = Counting()
    memory = QueryMemory(behind)
    assert [memory.embed_query(text) for text in ("a", "b", "a")] == [[0.0, 1.0], [0.0, 2.0], [0.0, 1.0]]
    assert behind.asked == ["a", "b"]
    assert (memory.embed_passages(["a"]), memory.fingerprint) == ([[1.0, 0.0]], "telt 2")


def test_a_coach_with_a_memory_finds_the_same_and_is_left_as_it_was(coach: Coach) -> None:
    embedder = coach.library.embedder
    shared = with_query_memory(coach)
    assert shared.library.search("overleg over een cliënt") == coach.library.search("overleg over een cliënt")
    assert coach.library.embedder is embedder
    assert isinstance(shared.library.embedder, QueryMemory)
