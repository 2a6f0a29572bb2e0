"""Search the library: dense and keyword rankings fused, digest passages as keys to the full text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from coach.config import Settings, content_root
from coach.errors import LibraryError
from coach.library.catalog import load_catalog
from coach.library.digest import load_digest
from coach.library.embed import Embedder, clean_text, open_embedder
from coach.library.keyword import KeywordIndex
from coach.library.passage import Passage

if TYPE_CHECKING:
    from coach.library.index import PassageIndex

# How far down each ranking is read; further when passages will be filtered out.
DEPTH = 30
FILTERED_DEPTH = 300
# Of reciprocal rank fusion, as in Cormack et al. (2009).
RANK_CONSTANT = 60
WEIGHTS = {"dense": 1.0, "keyword": 1.0}
# A longer text costs seconds to embed and is about many things at once.
QUERY_MAX_WORDS = 150
_VIA_ORDER = ("dense", "keyword", "digest")


@dataclass(frozen=True)
class Hit:
    """A passage that was found: rank from 1, fused score, the ways it was found.

    `anchor` is that of the digest passage it was found through, else "".
    """

    rank: int
    score: float
    passage: Passage
    via: tuple[str, ...]
    anchor: str


@dataclass
class _Candidate:
    passage: Passage
    score: float = 0.0
    via: set[str] = field(default_factory=set)
    anchor: str = ""
    anchor_rank: int = 10**9


class Library:
    """Everything the coach can search and quote; holds the index open until it is closed."""

    def __init__(self, index: "PassageIndex", *, keyword: KeywordIndex, embedder: Embedder) -> None:
        """Search the index with its embedder, beside its keyword index."""
        self.index = index
        self.embedder = embedder
        self._keyword = keyword

    def search(self, text: str, *, k: int = 5, keep: Callable[[Passage], bool] | None = None) -> tuple[Hit, ...]:
        """Return at most k passages nearest in meaning or words to the text, best first.

        `keep` says which passages may be returned. A text without a letter or digit finds nothing.
        """
        query = " ".join(clean_text(text).split()[:QUERY_MAX_WORDS])
        if k < 1 or not any(character.isalnum() for character in query):
            return ()
        depth = max(DEPTH if keep is None else FILTERED_DEPTH, k)
        rankings = {
            "dense": [id_ for id_, _ in self.index.nearest(self.embedder.embed_query(query), depth)],
            "keyword": [id_ for id_, _ in self._keyword.search(query, depth)],
        }
        candidates = self._fuse(rankings)
        kept = [found for found in candidates if keep is None or keep(found.passage)]
        return tuple(_to_hit(rank, found) for rank, found in enumerate(kept[:k], start=1))

    def passage(self, id_: str) -> Passage:
        """Return the passage with this id; `LibraryError` when there is none."""
        found = self.index.get([id_])
        if not found:
            raise LibraryError(f"passage {id_!r} staat niet in de index; werk hem bij met: coach index")
        return found[0]

    def close(self) -> None:
        """Give the index back."""
        self.index.close()

    def _fuse(self, rankings: dict[str, list[str]]) -> list[_Candidate]:
        """Add up what each ranking gives a passage; a digest passage gives to the full text it is a key to."""
        found = self._look_up([id_ for ids in rankings.values() for id_ in ids])
        candidates: dict[str, _Candidate] = {}
        for way, ids in rankings.items():
            credited: set[str] = set()
            for rank, id_ in enumerate(ids, start=1):
                passage = found[id_]
                target = found.get(passage.leads_to, passage)
                candidate = candidates.setdefault(target.id, _Candidate(target))
                candidate.via.add(way)
                if target is not passage:
                    candidate.via.add("digest")
                    if rank < candidate.anchor_rank:
                        candidate.anchor, candidate.anchor_rank = passage.anchor, rank
                if target.id not in credited:
                    credited.add(target.id)
                    candidate.score += WEIGHTS[way] / (RANK_CONSTANT + rank)
        return sorted(candidates.values(), key=lambda candidate: (-candidate.score, candidate.passage.id))

    def _look_up(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages with these ids and those they lead to."""
        found = {passage.id: passage for passage in self.index.get(list(dict.fromkeys(ids)))}
        targets = {passage.leads_to for passage in found.values() if passage.leads_to} - set(found)
        found.update((passage.id, passage) for passage in self.index.get(sorted(targets)))
        return found


class LibraryRetriever(BaseRetriever):
    """The library as a LangChain retriever: k documents a query, with what is needed to cite each."""

    library: Any
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_to_document(hit) for hit in self.library.search(query, k=self.k)]


def open_library(
    settings: Settings, *, build_if_missing: bool = True, progress: Callable[[int, int], None] | None = None
) -> Library:
    """Open the library of these settings; the index is built first when there is none yet.

    Raises `LibraryError` as `open_index` and `open_embedder` do.
    """
    # Chroma takes most of a second to import: not for a command that only wants the types.
    from coach.library.index import build_index, check_embedder, has_index, open_index

    if build_if_missing and not has_index(settings):
        corpus = content_root() / "corpus"
        catalog = load_catalog(corpus / "catalog.yaml")
        digest = load_digest(corpus / "digest", catalog=catalog)
        build_index(settings, catalog=catalog, digest=digest, folders=settings.source_folders, progress=progress)
    embedder = open_embedder(settings.embedder)
    index = open_index(settings)
    try:
        check_embedder(index, embedder)
        folder = settings.index_folder / "keyword"
        keyword = KeywordIndex.load(folder, revision=index.revision)
        if keyword is None:
            keyword = KeywordIndex.build(index.passages(), revision=index.revision)
            keyword.save(folder)
    except LibraryError:
        index.close()
        raise
    return Library(index, keyword=keyword, embedder=embedder)


def _to_hit(rank: int, found: _Candidate) -> Hit:
    via = tuple(way for way in _VIA_ORDER if way in found.via)
    return Hit(rank=rank, score=round(found.score, 6), passage=found.passage, via=via, anchor=found.anchor)


def _to_document(hit: Hit) -> Document:
    described = {name: value for name, value in vars(hit.passage).items() if name != "text"}
    return Document(page_content=hit.passage.text, metadata={**described, "rank": hit.rank, "score": hit.score})
