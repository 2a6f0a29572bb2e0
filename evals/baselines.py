"""Two simple ways to search the same material, to measure the coach against: plain LangChain RAG, and BM25 alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import chromadb
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings

from coach.errors import CoachError, UnreadableSource
from coach.library.embed import Embedder, LangChainEmbeddings
from coach.library.keyword import KeywordIndex
from coach.library.passage import Passage
from coach.library.read import find_documents, read_document
from coach.library.retrieve import Library, load_content

# The values that tutorials use.
CHUNK_CHARACTERS = 1_000
OVERLAP_CHARACTERS = 200
# A chunk stands for a digest passage when it holds at least this part of it.
HELD_PART = 0.5


@dataclass(frozen=True)
class Text:
    """A whole text to cut, and where in it passages of the library stand: (start, end, id)."""

    source: str
    text: str
    spans: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True)
class Chunk:
    """A piece of a text as a passage of its own, and the ids of the library's passages it holds for the larger part."""

    passage: Passage
    holds: frozenset[str]


def read_texts(library: Library, *, folders: Sequence[Path], form: str) -> tuple[Text, ...]:
    """Return what the baselines search: the full texts in the folders as pypdf reads them, or all of the digest.

    A catalogued full text that is in the index and not in the folders is put together from its passages.
    """
    passages = library.index.passages()
    if form == "digest":
        return _join_by_source([passage for passage in passages if passage.form == "digest"])
    texts = _read_files(folders)
    catalog, _ = load_content()
    found = {text.source for text in texts}
    lost = [p for p in passages if p.form == "full text" and p.source in catalog.sources and p.source not in found]
    return (*texts, *_join_by_source(sorted(lost, key=lambda passage: (passage.page or 0, passage.id))))


def cut_texts(texts: Sequence[Text]) -> tuple[Chunk, ...]:
    """Cut texts as a plain LangChain program does."""
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ModuleNotFoundError as error:
        message = "de vergelijking met LangChain vraagt langchain-text-splitters; voer uit: pip install -e '.[dev]'"
        raise CoachError(message) from error

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS, add_start_index=True
    )
    chunks = []
    for text in texts:
        for number, document in enumerate(splitter.create_documents([text.text])):
            start = int(document.metadata["start_index"])
            held = _held(text, start=start, end=start + len(document.page_content))
            chunks.append(Chunk(_to_passage(f"{text.source}:chunk-{number}", text, document.page_content), held))
    return tuple(chunks)


def rank_with_langchain(
    chunks: Sequence[Chunk], queries: Mapping[str, str], *, embedder: Embedder, k: int
) -> dict[str, list[str]]:
    """Return for each query the ids of the k nearest chunks, from LangChain's Chroma in a temporary folder."""
    # Most of a second to import.
    from langchain_chroma import Chroma

    with TemporaryDirectory(prefix="coach-evals-") as folder:
        client = cast(Client, chromadb.PersistentClient(folder, settings=ChromaSettings(anonymized_telemetry=False)))
        try:
            store = Chroma("baseline", embedding_function=LangChainEmbeddings(embedder), client=client)
            if chunks:
                store.add_texts([chunk.passage.text for chunk in chunks], ids=[chunk.passage.id for chunk in chunks])
            return {
                case: [document.id or "" for document in store.similarity_search(query, k=k)]
                for case, query in queries.items()
            }
        finally:
            client.close()


def rank_with_keywords(chunks: Sequence[Chunk], queries: Mapping[str, str], *, k: int) -> dict[str, list[str]]:
    """Return for each query the ids of the k best chunks by BM25 over stemmed Dutch words."""
    index = KeywordIndex.build([chunk.passage for chunk in chunks])
    return {case: [id_ for id_, _ in index.search(query, k)] for case, query in queries.items()}


def _read_files(folders: Sequence[Path]) -> tuple[Text, ...]:
    catalog, _ = load_content()
    texts: dict[str, Text] = {}
    for path in find_documents(folders):
        source = catalog.of_file(path)
        try:
            document = read_document(path)
        except UnreadableSource:
            # Not in the index either.
            continue
        key = source.key if source else document.sha256[:12]
        texts.setdefault(key, Text(key, "\n".join(page.text for page in document.pages)))
    return tuple(texts.values())


def _join_by_source(passages: Sequence[Passage]) -> tuple[Text, ...]:
    by_source: dict[str, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.source, []).append(passage)
    return tuple(_join(source, some) for source, some in by_source.items())


def _join(source: str, passages: Sequence[Passage]) -> Text:
    pieces, spans, offset = [], [], 0
    for passage in passages:
        pieces.append(passage.text)
        spans.append((offset, offset + len(passage.text), passage.id))
        offset += len(passage.text) + 2
    return Text(source, "\n\n".join(pieces), tuple(spans))


def _held(text: Text, *, start: int, end: int) -> frozenset[str]:
    return frozenset(id_ for a, b, id_ in text.spans if min(b, end) - max(a, start) >= HELD_PART * (b - a))


def _to_passage(id_: str, text: Text, content: str) -> Passage:
    return Passage(
        id=id_,
        source=text.source,
        title=text.source,
        section="",
        page=None,
        tier="",
        form="digest" if text.spans else "full text",
        language="",
        text=content,
    )
