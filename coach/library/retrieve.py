"""Search the library: dense and keyword rankings fused, digest passages as keys to the full text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from coach.config import Settings, content_root
from coach.errors import CoachError
from coach.library.catalog import Catalog, load_catalog
from coach.library.collect import content_fingerprint
from coach.library.digest import load_digest
from coach.library.embed import Embedder, check_embedder, clean_text, open_embedder
from coach.library.fuse import Candidate, Ranking, fuse
from coach.library.guide import Advice, Guide, open_guide
from coach.library.keys import Key
from coach.library.keyword import KeywordIndex
from coach.library.passage import Passage
from coach.library.rerank import RERANK_DEPTH, Reranker, open_reranker
from coach.library.themes import ThemeHit

if TYPE_CHECKING:
    from coach.library.index import PassageIndex

# How far down each ranking is read; further when passages will be filtered out.
DEPTH = 30
FILTERED_DEPTH = 300
# The guide's ranking beside those of nearness and words, which weigh 1 for a question and this little for an account:
# an account hardly shares a word with theory. Measured on the dev cases: for the accounts 0.2 instead of 0.05 costs 5 %
# of Success@5; for the questions a guide of 1.5 or 3 does no better than 2.
GUIDE_WEIGHT = 2.0
ACCOUNT_WEIGHT = 0.05
# Passages kept in memory once read, some 2 kB each.
REMEMBERED_MAX = 20_000
# A longer text costs seconds to embed and is about many things at once.
QUERY_MAX_WORDS = 150
QUERY_MAX_CHARACTERS = 1_500


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


@dataclass(frozen=True)
class Found:
    """What a search finds: passages, best first, and what the guide makes of the text (its themes among it).

    `nearness` is the cosine of the nearest passage; 0 when nothing is found.
    """

    hits: tuple[Hit, ...] = ()
    advice: Advice = Advice()
    nearness: float = 0.0

    @property
    def themes(self) -> tuple[ThemeHit, ...]:
        """The themes the text is near to, nearest first."""
        return self.advice.themes


class Library:
    """Everything the coach can search and quote; holds the index open until it is closed."""

    def __init__(
        self,
        index: "PassageIndex",
        *,
        keyword: KeywordIndex,
        embedder: Embedder,
        guide: Guide | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Search the index with its embedder, beside its keyword index, led by a guide when there is one."""
        self.index = index
        self.embedder = embedder
        self.keyword = keyword
        self._guide = guide
        self._reranker = reranker
        # Passages looked up before: they cannot change while the index is held, and reading them takes 6 ms a search.
        self._seen: dict[str, Passage] = {}

    def search(self, text: str, *, k: int = 5, keep: Callable[[Passage], bool] | None = None) -> tuple[Hit, ...]:
        """Return at most k passages nearest in meaning or words to the text, best first.

        `keep` says which passages may be returned. A text without a letter or digit finds nothing.
        """
        return self.find(text, k=k, keep=keep).hits

    def find(self, text: str, *, k: int = 5, keep: Callable[[Passage], bool] | None = None) -> Found:
        """Return what `search` returns, and the themes of the text; the text is embedded once."""
        query = _to_query(text)
        if k < 1 or not query:
            return Found()
        vector = self.embedder.embed_query(query)
        advice = self._consult(query, vector=vector)
        depth = max(DEPTH if keep is None else FILTERED_DEPTH, k)
        near = self.index.nearest(vector, depth)
        rankings = self._rank(query, near=near, advice=advice, depth=depth)
        passages = self._look_up([id_ for ranking in rankings for id_, _ in ranking.found])
        kept = [found for found in fuse(rankings, passages=passages) if keep is None or keep(found.passage)]
        ordered = self._rerank(query, kept)
        hits = tuple(_to_hit(rank, found) for rank, found in enumerate(ordered[:k], start=1))
        return Found(hits, advice, nearness=near[0][1] if near else 0.0)

    def passage(self, id_: str) -> Passage | None:
        """Return the passage with this id, or None."""
        return self._look_up([id_]).get(id_)

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

    def themes(self, text: str) -> tuple[ThemeHit, ...]:
        """Return the themes a text is near to, nearest first; none when it is near to no theme."""
        query = _to_query(text)
        return self._consult(query, vector=self.embedder.embed_query(query)).themes if query else ()

    def _consult(self, query: str, *, vector: list[float]) -> Advice:
        return self._guide.consult(query, vector=np.array(vector, dtype=np.float32)) if self._guide else Advice()

    def _rank(self, query: str, *, near: Sequence[tuple[str, float]], advice: Advice, depth: int) -> list[Ranking]:
        """Return the rankings to fuse; the more a text is an account, the less its likeness to the sources counts."""
        weight = 1 - (1 - ACCOUNT_WEIGHT) * advice.account * advice.confidence
        dense = [(id_, ("dense",)) for id_, _ in near]
        words = [(id_, ("keyword",)) for id_, _ in self.keyword.search(query, depth)]
        clues = [(clue.passage, clue.via) for clue in advice.clues]
        return [
            Ranking(dense, weight),
            Ranking(words, weight),
            # All clues, for the guide alone says how the passages it knows are ordered, as far as it is confident: on
            # the new dev questions the rankings above put 80 % in the first five where the guide puts 93 %.
            Ranking(clues, GUIDE_WEIGHT * advice.confidence, settles=advice.confidence),
        ]

    def _rerank(self, query: str, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
        """Let the cross-encoder, when there is one, order the first candidates; its score replaces theirs."""
        if self._reranker is None:
            return candidates
        first, rest = candidates[:RERANK_DEPTH], candidates[RERANK_DEPTH:]
        scores = self._reranker.scores(query, [candidate.passage.text for candidate in first])
        scored = [replace(candidate, score=score) for candidate, score in zip(first, scores, strict=True)]
        return [*sorted(scored, key=lambda candidate: (-candidate.score, candidate.passage.id)), *rest]

    def _look_up(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages with these ids and those they lead to."""
        self._remember(ids)
        found = {id_: self._seen[id_] for id_ in ids if id_ in self._seen}
        targets = [passage.leads_to for passage in found.values() if passage.leads_to]
        self._remember(targets)
        return found | {id_: self._seen[id_] for id_ in targets if id_ in self._seen}

    def _remember(self, ids: Sequence[str]) -> None:
        if len(self._seen) > REMEMBERED_MAX:
            self._seen = {}
        self._seen.update((passage.id, passage) for passage in self.index.get(sorted(set(ids) - set(self._seen))))


def open_library(
    settings: Settings, *, build_if_missing: bool = True, progress: Callable[[int, int], None] | None = None
) -> Library:
    """Open the library of these settings; the index is built first when there is none yet.

    Raises `LibraryError` as `open_index` and `open_embedder` do.
    """
    # Chroma takes most of a second to import: not for a command that only wants the types.
    from coach.library.index import open_index

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
        guide = open_guide(
            index,
            embedder=embedder,
            passages=load_content()[1],
            cache=settings.index_folder / "utterances.npz",
            progress=progress,
            generated=_generated_keys(settings),
        )
        reranker = open_reranker(settings.reranker)
    except CoachError:
        index.close()
        raise
    return Library(index, keyword=keyword, embedder=embedder, guide=guide, reranker=reranker)


def _generated_keys(settings: Settings) -> tuple[Key, ...]:
    """Return the keys that a language model proposed; none, and nothing of it loaded, where there never was one."""
    if not settings.generated_keys.exists():
        return ()
    from coach.library.generated import load_generated

    return load_generated(settings.generated_keys)


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


def _to_query(text: str) -> str:
    """Return as much of a text as is searched for; nothing when there is no letter or digit in it."""
    query = " ".join(clean_text(text).split()[:QUERY_MAX_WORDS])[:QUERY_MAX_CHARACTERS]
    return query if any(character.isalnum() for character in query) else ""


def _to_hit(rank: int, found: Candidate) -> Hit:
    return Hit(rank=rank, score=round(found.score, 6), passage=found.passage, via=found.via, anchor=found.anchor)
