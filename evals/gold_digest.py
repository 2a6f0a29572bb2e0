"""Make `cases/gold_digest.json`: for each gold anchor the digest passages that stand for its place.

Run it where the full verkenning is, after a change of the cases, the digest or the cutting into passages:

    COACH_SOURCES=FOLDER python -m evals.gold_digest

A gold anchor marks a place in the full text, and so does the anchor of a digest passage. A digest passage stands for a
gold place when its own anchor lies in the same full-text passage and at most 250 characters away; when there is none,
the digest passage whose anchor is nearest in the text does. An anchor that stands in several places has them all.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence

from coach.config import settings_from_environment
from coach.errors import CoachError
from coach.library.catalog import Catalog, Part
from coach.library.chunk import cut, mend
from coach.library.digest import find_anchor
from coach.library.read import Page, find_documents, read_document
from coach.library.retrieve import load_content
from evals.gold import GOLD_DIGEST
from evals.retrieval import retrieval_cases

SOURCE = "verkenning"
NEAR_CHARACTERS = 250

# Where an anchor stands: (the number of the passage, the offset in the whole text).
Place = tuple[int, int]


def main() -> int:
    """Write the file; one line on standard error says what is missing when it cannot be made."""
    try:
        gold = _gold_of_project()
    except CoachError as error:
        sys.stderr.write(f"gold_digest: {error}\n")
        return 1
    GOLD_DIGEST.write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(gold)} ankers in {GOLD_DIGEST.name}\n")
    return 0


def stand_in(gold: Iterable[str], keys: Mapping[str, str], pieces: Sequence[tuple[int, str]]) -> dict[str, list[str]]:
    """Return the digest ids for each gold anchor.

    `keys` holds the anchor of each digest passage by its id, `pieces` the (offset, text) of each full-text passage in
    order. Raises `CoachError` for a gold anchor that stands nowhere.
    """
    wanted = sorted(set(gold))
    places = _places([*wanted, *keys.values()], pieces)
    missing = [anchor for anchor in wanted if not places[anchor]]
    if missing:
        raise CoachError(f"{len(missing)} gouden ankers staan nergens in de tekst, het eerste: {missing[0]!r}")
    marks = [(place, id_) for id_, anchor in keys.items() for place in places[anchor]]
    return {anchor: sorted({id_ for place in places[anchor] for id_ in _nearby(place, marks)}) for anchor in wanted}


def _nearby(place: Place, marks: Sequence[tuple[Place, str]]) -> set[str]:
    """Return the digest passages that mark this place, else the one that is nearest."""
    number, offset = place
    near = {id_ for (n, at), id_ in marks if n == number and abs(at - offset) <= NEAR_CHARACTERS}
    return near or {min(marks, key=lambda mark: (abs(mark[0][1] - offset), mark[1]))[1]}


def _places(anchors: Sequence[str], pieces: Sequence[tuple[int, str]]) -> dict[str, list[Place]]:
    """Return where each anchor stands: its first place in every passage, and over the border between two."""
    places: dict[str, list[Place]] = {anchor: [] for anchor in anchors}
    for number, (offset, text) in enumerate(pieces):
        for anchor, found in places.items():
            span = find_anchor(anchor, text)
            if span is not None:
                found.append((number, offset + span[0]))
    for number, ((offset, text), (_, following)) in enumerate(zip(pieces, pieces[1:], strict=False)):
        for anchor in [anchor for anchor, found in places.items() if not found]:
            span = find_anchor(anchor, f"{text}\n{following}")
            if span is not None:
                places[anchor].append((number, offset + span[0]))
    return places


def _gold_of_project() -> dict[str, list[str]]:
    catalog, digest = load_content()
    source = catalog.sources[SOURCE]
    pages = _read_source(catalog)
    keys = {passage.id: passage.anchor for passage in digest if passage.source == SOURCE and passage.anchor}
    gold = [anchor for case in retrieval_cases("all") for anchor in case.gold]
    return stand_in(gold, keys, _pieces(pages, parts=source.parts))


def _read_source(catalog: Catalog) -> tuple[Page, ...]:
    for path in find_documents(settings_from_environment().source_folders):
        known = catalog.of_file(path)
        if known is not None and known.key == SOURCE:
            return read_document(path).pages
    raise CoachError("de volledige verkenning staat in geen van de mappen met bronnen; zet COACH_SOURCES")


def _pieces(pages: Sequence[Page], *, parts: Sequence[Part]) -> list[tuple[int, str]]:
    mended = mend(pages)
    return [(piece.start, mended.text[piece.start : piece.end]) for piece in cut(mended, parts=parts)]


if __name__ == "__main__":
    raise SystemExit(main())
