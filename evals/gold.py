"""Which passages are right for a case: by anchor in the full text, by a committed list in the digest."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coach.errors import ContentError
from coach.library.digest import find_anchor
from coach.library.passage import Passage
from coach.library.retrieve import Library
from evals.cases import CASES, RetrievalCase

GOLD_DIGEST = CASES / "gold_digest.json"

# The ids of the right passages, by case.
Right = dict[str, frozenset[str]]


def form_of(library: Library) -> str:
    """Return what is measured: the "full text" when the verkenning's is indexed, else the "digest"."""
    return "full text" if library.has_full_text("verkenning") else "digest"


def right_passages(cases: Iterable[RetrievalCase], library: Library, *, form: str) -> Right:
    """Return the passages of the library that are right for each case."""
    if form == "digest":
        return right_in_digest(cases, read_gold_digest())
    # A digest passage that leads to a full text is never shown itself.
    return right_in_texts(cases, [passage for passage in library.index.passages() if not passage.leads_to])


def right_in_texts(cases: Iterable[RetrievalCase], passages: Sequence[Passage]) -> Right:
    """Return for each case all passages that hold one of its gold anchors."""
    cases = tuple(cases)
    holders: dict[str, set[str]] = {anchor: set() for case in cases for anchor in case.gold}
    # Passages outside, so that each is folded once for all anchors.
    for passage in passages:
        for anchor, ids in holders.items():
            if find_anchor(anchor, passage.text) is not None:
                ids.add(passage.id)
    return {case.id: frozenset(id_ for anchor in case.gold for id_ in holders[anchor]) for case in cases}


def right_in_digest(cases: Iterable[RetrievalCase], gold: Mapping[str, Sequence[str]]) -> Right:
    """Return for each case the digest passages that stand for its gold places; an unknown anchor is an error."""
    right = {}
    for case in cases:
        unknown = [anchor for anchor in case.gold if anchor not in gold]
        if unknown:
            raise ContentError(
                f"{GOLD_DIGEST.name}: het anker van {case.id} staat er niet in; draai waar de volledige verkenning "
                "staat: python -m evals.gold_digest"
            )
        right[case.id] = frozenset(id_ for anchor in case.gold for id_ in gold[anchor])
    return right


def read_gold_digest(path: Path = GOLD_DIGEST) -> dict[str, tuple[str, ...]]:
    """Read which digest passages stand for which gold anchor."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(f"{path.name}: kan niet worden gelezen ({error})") from error
    return {anchor: tuple(ids) for anchor, ids in content.items()}
