"""The passage beside a question: one that fits the step, chosen by what the student just told."""

from typing import Protocol as Interface

from coach.conversation.protocol import Step
from coach.library.passage import Passage
from coach.library.quote import Quote, choose_quote
from coach.library.retrieve import Hit, Library
from coach.library.themes import ThemeHit

# Passages beside a question are in Dutch and not written by a chatbot; those are quoted only when asked for.
_TIERS = frozenset({"A", "C", "L"})
_HITS_LOOKED_AT = 15
# Embedding takes time for every word, and what a text is about is said in fewer.
_WORDS_SEARCHED = 60


class Shelf(Interface):
    """The part of the library that cards are taken from."""

    def search(self, text: str, *, k: int) -> tuple[Hit, ...]:
        """Return the best passages for `text`."""

    def passage(self, passage_id: str) -> Passage | None:
        """Return one passage."""

    def themes(self, text: str) -> tuple[ThemeHit, ...]:
        """Return the themes `text` is near to, nearest first."""


def choose_card(shelf: Shelf, step: Step, *, told: str, shown: tuple[str, ...]) -> Quote | None:
    """Return an exact quotation to show beside `step`, not from a passage already shown.

    Among the best hits for what the student told, one of the step's own passages goes first; when none is among
    them the step's first passage not yet shown, and else the best hit.
    """
    fitting = _own_passages(shelf, step)
    hits = [hit for hit in shelf.search(f"{gist(told)}\n{step.about}", k=_HITS_LOOKED_AT) if _may_be_card(hit.passage)]
    fresh = [hit for hit in hits if hit.passage.id not in shown]
    for hit in fresh:
        if hit.passage.id in fitting:
            anchor = fitting[hit.passage.id][1]
            return choose_quote(hit.passage, about=told, anchor=anchor)
    for passage_id, (passage, anchor) in fitting.items():
        if passage_id not in shown:
            return choose_quote(passage, about=told, anchor=anchor)
    return choose_quote(fresh[0].passage, about=told, anchor=fresh[0].anchor) if fresh else None


def gist(told: str) -> str:
    """Return as much of a text as is searched with: its first sixty words."""
    return " ".join(told.split()[:_WORDS_SEARCHED])


def read_account(shelf: Library, *, told: str, shown: tuple[str, ...]) -> tuple[tuple[ThemeHit, ...], Quote | None]:
    """Return the themes of what the student told, and an exact quotation from the best passage not shown yet."""
    found = shelf.find(gist(told), k=_HITS_LOOKED_AT)
    fresh = [hit for hit in found.hits if _may_be_card(hit.passage) and hit.passage.id not in shown]
    quote = choose_quote(fresh[0].passage, about=told, anchor=fresh[0].anchor) if fresh else None
    return found.themes, quote


def quote_passage(shelf: Shelf, passage_id: str, *, about: str) -> Quote | None:
    """Return the quotation of one digest passage, or of the full text it leads to."""
    passage, anchor = _resolved(shelf, passage_id)
    return choose_quote(passage, about=about, anchor=anchor) if passage else None


def _own_passages(shelf: Shelf, step: Step) -> dict[str, tuple[Passage, str]]:
    own: dict[str, tuple[Passage, str]] = {}
    for passage_id in step.passages:
        passage, anchor = _resolved(shelf, passage_id)
        if passage is not None and _may_be_card(passage):
            own.setdefault(passage.id, (passage, anchor))
    return own


def _resolved(shelf: Shelf, passage_id: str) -> tuple[Passage | None, str]:
    """Follow a digest passage to the full-text passage it leads to, when that is indexed."""
    passage = shelf.passage(passage_id)
    if passage is None or not passage.leads_to:
        return passage, ""
    return shelf.passage(passage.leads_to) or passage, passage.anchor


def _may_be_card(passage: Passage) -> bool:
    return passage.language == "nl" and passage.tier in _TIERS
