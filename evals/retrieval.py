"""Suite `retrieval`: is a right passage among the first, by kind of question, beside two simple ways to search.

With the full verkenning in the index a passage is right when it holds a gold anchor; without it a digest passage is
right when it stands for a gold place (see `gold_digest.py`). The result says which of the two was measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from coach.app import Coach
from coach.library.embed import Embedder
from coach.library.passage import Passage
from coach.library.retrieve import Library
from evals.baselines import Chunk, cut_texts, rank_with_keywords, rank_with_langchain, read_texts
from evals.cases import RetrievalCase, read_cases
from evals.gold import Right, form_of, read_gold_digest, right_in_digest, right_in_texts, right_passages
from evals.metrics import CaseScores, Metric
from evals.ranking import DEPTH, MEASURES, score_rankings
from evals.suite import Failure, SuiteResult, measure_all

KINDS = ("question", "cross-lingual", "experience")
# A case is listed as failing when no right passage is among this many.
SHOWN = 5

Ranked = Mapping[str, Sequence[str]]


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure Success@1, Success@5 and nDCG@10 per kind; a case whose right passage is not found counts 0."""
    result = measure_search(coach.library, retrieval_cases(split), folders=coach.settings.source_folders)
    return replace(result, split=split)


def measure_search(library: Library, cases: Sequence[RetrievalCase], *, folders: Sequence[Path]) -> SuiteResult:
    """Measure a library on these cases; the baselines read the full texts in the folders."""
    form = form_of(library)
    found = {case.id: [hit.passage for hit in library.search(case.q, k=DEPTH)] for case in cases}
    scores = _by_kind(cases, right_passages(cases, library, form=form), _ids(found))
    failed = [case for case in cases if not scores[f"success_at_{SHOWN}.{case.kind}"][case.id]]
    chunks = cut_texts(read_texts(library, folders=folders, form=form))
    return SuiteResult(
        name="retrieval",
        split="all",
        n=len(cases),
        metrics=measure_all(scores),
        failures=tuple(_failure(case, found[case.id]) for case in failed),
        scores=scores,
        form=form,
        baselines=_measure_baselines(cases, chunks, form=form, embedder=library.embedder),
    )


def retrieval_cases(split: str) -> tuple[RetrievalCase, ...]:
    """Return all cases that have a right passage."""
    return (
        *read_cases("questions.jsonl", RetrievalCase, split=split),
        *read_cases("experiences.jsonl", RetrievalCase, split=split),
    )


def _measure_baselines(
    cases: Sequence[RetrievalCase], chunks: Sequence[Chunk], *, form: str, embedder: Embedder
) -> dict[str, tuple[Metric, ...]]:
    queries = {case.id: case.q for case in cases}
    right = _right_chunks(cases, chunks, form=form)
    rankings = {
        "langchain": rank_with_langchain(chunks, queries, embedder=embedder, k=DEPTH),
        "bm25": rank_with_keywords(chunks, queries, k=DEPTH),
    }
    return {name: measure_all(_by_kind(cases, right, ranked)) for name, ranked in rankings.items()}


def _right_chunks(cases: Sequence[RetrievalCase], chunks: Sequence[Chunk], *, form: str) -> Right:
    if form != "digest":
        return right_in_texts(cases, [chunk.passage for chunk in chunks])
    wanted = right_in_digest(cases, read_gold_digest())
    return {case: frozenset(chunk.passage.id for chunk in chunks if chunk.holds & ids) for case, ids in wanted.items()}


def _by_kind(cases: Sequence[RetrievalCase], right: Right, ranked: Ranked) -> dict[str, CaseScores]:
    """Return the score of every case under "measure.kind"."""
    scores = score_rankings(right, ranked)
    return {
        f"{name}.{kind}": {case.id: scores[name][case.id] for case in cases if case.kind == kind}
        for kind in KINDS
        for name in MEASURES
    }


def _ids(found: Mapping[str, Sequence[Passage]]) -> dict[str, list[str]]:
    return {case: [passage.id for passage in passages] for case, passages in found.items()}


def _failure(case: RetrievalCase, passages: Sequence[Passage]) -> Failure:
    shown = [f"{passage.section} p. {passage.page}: {passage.text}" for passage in passages[:SHOWN]]
    return Failure(
        id=case.id, split=case.split, asked=case.q, expected=" | ".join(case.gold), found="\n".join(shown) or "niets"
    )
