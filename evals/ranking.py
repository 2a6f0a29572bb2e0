"""Score rankings against the right passages; the only file that knows ir-measures."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from ir_measures import Qrel, ScoredDoc, Success, iter_calc, nDCG

# How far down a ranking is read.
DEPTH = 10
MEASURES: Mapping[str, Any] = {
    "success_at_1": Success @ 1,
    "success_at_5": Success @ 5,
    "ndcg_at_10": nDCG @ DEPTH,
}


def score_rankings(right: Mapping[str, Set[str]], ranked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Return measure → case → score for every case in `right`, best-first `ranked` ids against the right ones.

    A case without a ranking, or of which no passage is right, counts 0 and never drops out.
    """
    scores = {name: dict.fromkeys(right, 0.0) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    qrels = [Qrel(case, id_, 1) for case, ids in right.items() for id_ in sorted(ids)]
    # A ranking is read from its scores, high first.
    run = [
        ScoredDoc(case, id_, float(-rank))
        for case in right
        for rank, id_ in enumerate(dict.fromkeys(ranked.get(case, ())))
    ]
    if not qrels or not run:
        return scores
    for found in iter_calc(list(MEASURES.values()), qrels, run):
        scores[names[str(found.measure)]][found.query_id] = float(found.value)
    return scores
