"""Search the library: dense and keyword rankings fused, digest passages as keys to the full text."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from coach.config import Settings, content_root
from coach.errors import LibraryError
from coach.library.catalog import Catalog, load_catalog
from coach.library.collect import content_fingerprint
from coach.library.digest import load_digest
from coach.library.embed import Embedder, clean_text, open_embedder
from coach.library.keyword import KeywordIndex
from coach.library.passage import Passage

if TYPE_CHECKING:
    from coach.library.index import PassageIndex

# How far down each ranking is read; further when passages will be filtered out.
DEPTH = 30
FILTERED_DEPTH = 300
# Of reciprocal rank fusion. Measured on the dev questions (n = 60): 10 finds a right passage in the top 5 for 95 %,
# the customary 60 for 90 %; weighing the rankings equally does as well as counting keywords less.
RANK_CONSTANT = 10
# A longer text costs seconds to embed and is about many things at once.
QUERY_MAX_WORDS = 150
QUERY_MAX_CHARACTERS = 1_500
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
    anchor_rank: float = math.inf

    def note(self, way: str, *, rank: int, key: Passage | None) -> None:
        """Remember how the passage was found, and the digest passage that was the best key to it."""
        self.via.add(way)
        if key is not None:
            self.via.add("digest")
            if rank < self.anchor_rank:
                self.anchor, self.anchor_rank = key.anchor, rank


class Library:
    """Everything the coach can search and quote; holds the index open until it is closed."""

    def __init__(self, index: "PassageIndex", *, keyword: KeywordIndex, embedder: Embedder) -> None:
        """Search the index with its embedder, beside its keyword index."""
        self.index = index
        self.embedder = embedder
        self._keyword = keyword
        # Passages looked up before: they cannot change while the index is held, and reading them takes 6 ms a search.
        self._seen: dict[str, Passage] = {}

    def search(self, text: str, *, k: int = 5, keep: Callable[[Passage], bool] | None = None) -> tuple[Hit, ...]:
        """Return at most k passages nearest in meaning or words to the text, best first.

        `keep` says which passages may be returned. A text without a letter or digit finds nothing.
        """
        query = " ".join(clean_text(text).split()[:QUERY_MAX_WORDS])[:QUERY_MAX_CHARACTERS]
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

    def passage(self, id_: str) -> Passage | None:
        """Return the passage with this id, or None."""
        found = self.index.get([id_])
        return found[0] if found else None

    def has_full_text(self, source: str) -> bool:
        """Say whether this source's full text is indexed, not only its digest."""
        return self.index.status.get(source) == "full text"

    @property
    def status_lines(self) -> tuple[str, ...]:
        """Three Dutch lines: the sources with their full text, those with only a digest, and how to add one."""
        full = [key for key, form in self.index.status.items() if form == "full text"]
        rest = [key for key in self.index.status if key not in full]
        return (
            f"Volledige tekst ({len(full)}): {', '.join(full) or 'geen'}",
            f"Alleen in eigen woorden ({len(rest)}): {', '.join(rest) or 'geen'}",
            "Toevoegen: zet een pdf in corpus/sources/ (of zet COACH_SOURCES) en draai `coach index`",
        )

    def close(self) -> None:
        """Give the index back."""
        self.index.close()

    def _fuse(self, rankings: dict[str, list[str]]) -> list[_Candidate]:
        """Add up what each ranking gives a passage: once by itself, once through the best digest passage to it."""
        found = self._look_up([id_ for ids in rankings.values() for id_ in ids])
        candidates: dict[str, _Candidate] = {}
        for way, ids in rankings.items():
            credited: set[tuple[str, bool]] = set()
            for rank, passage in enumerate((found[id_] for id_ in ids if id_ in found), start=1):
                target = found.get(passage.leads_to, passage)
                candidate = candidates.setdefault(target.id, _Candidate(target))
                candidate.note(way, rank=rank, key=passage if target is not passage else None)
                if (target.id, target is passage) not in credited:
                    credited.add((target.id, target is passage))
                    candidate.score += 1 / (RANK_CONSTANT + rank)
        return sorted(candidates.values(), key=lambda candidate: (-candidate.score, candidate.passage.id))

    def _look_up(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages with these ids and those they lead to."""
        self._remember(ids)
        found = {id_: self._seen[id_] for id_ in ids if id_ in self._seen}
        targets = [passage.leads_to for passage in found.values() if passage.leads_to]
        self._remember(targets)
        return found | {id_: self._seen[id_] for id_ in targets if id_ in self._seen}

    def _remember(self, ids: Sequence[str]) -> None:
        self._seen.update((passage.id, passage) for passage in self.index.get(sorted(set(ids) - set(self._seen))))


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
    from coach.library.index import check_embedder, open_index

    if build_if_missing:
        _bring_up_to_date(settings, progress=progress)
    embedder = open_embedder(settings.embedder)
    index = open_index(settings)
    try:
        check_embedder(index.embedder, embedder)
        folder = settings.index_folder / "keyword"
        keyword = KeywordIndex.load(folder, revision=index.revision)
        if keyword is None:
            keyword = KeywordIndex.build(index.passages(), revision=index.revision)
            keyword.save(folder)
    except LibraryError:
        index.close()
        raise
    return Library(index, keyword=keyword, embedder=embedder)


def _bring_up_to_date(settings: Settings, *, progress: Callable[[int, int], None] | None) -> None:
    """Build the index when there is none, or when the catalogue or the digest changed since.

    The folders it was built from before are read again, so that an update of the program loses no full text.
    """
    from coach.library.index import build_index, read_built

    catalog, digest = load_content()
    built = read_built(settings)
    if built is not None and built.content == content_fingerprint(catalog, digest):
        return
    known = built.folders if built is not None else ()
    folders = tuple(dict.fromkeys([*(folder.absolute() for folder in settings.source_folders), *known]))
    build_index(settings, catalog=catalog, digest=digest, folders=folders, progress=progress)


def load_content() -> tuple[Catalog, tuple[Passage, ...]]:
    """Return the catalogue and the digest that come with the program."""
    corpus = content_root() / "corpus"
    catalog = load_catalog(corpus / "catalog.yaml")
    return catalog, load_digest(corpus / "digest", catalog=catalog)


def _to_hit(rank: int, found: _Candidate) -> Hit:
    via = tuple(way for way in _VIA_ORDER if way in found.via)
    return Hit(rank=rank, score=round(found.score, 6), passage=found.passage, via=via, anchor=found.anchor)


def _to_document(hit: Hit) -> Document:
    described = {name: value for name, value in vars(hit.passage).items() if name != "text"}
    return Document(page_content=hit.passage.text, metadata={**described, "rank": hit.rank, "score": hit.score})
