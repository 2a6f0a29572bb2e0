"""How hits and answers are printed: as JSON objects of the contract and as lines for a person."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from coach.library.answer import Answer
from coach.library.passage import Passage
from coach.library.quote import Quote
from coach.library.retrieve import Hit


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as `coach search --json` gives it."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": passage.id,
        "source": passage.source,
        "title": passage.title,
        "section": passage.section,
        "page": passage.page,
        "tier": passage.tier,
        "form": passage.form,
        "text": passage.text,
        "via": list(hit.via),
    }


def hit_line(hit: Hit) -> str:
    """Return a hit for a person."""
    return f"{hit.rank}. {_place(hit.passage)}\n   {hit.passage.text}\n"


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as `coach ask --json` gives it."""
    return {
        "q": answer.q,
        "answerable": answer.answerable,
        "answer": answer.answer,
        "quotes": [asdict(quote) for quote in answer.quotes],
        "nearby": list(answer.nearby),
        "gap": answer.gap or None,
        "dropped": answer.dropped,
        "link": answer.link or None,
    }


def answer_lines(answer: Answer) -> Sequence[str]:
    """Return an answer for a person: the sentence, then each quotation with its place and caveat."""
    lines = [answer.answer]
    for number, quote in enumerate(answer.quotes):
        lines += ["", answer.link] if number == 1 and answer.link else []
        lines += ["", f"  “{quote.text}”", f"  {_place(quote)}"]
        lines += [f"  {quote.note}"] if quote.note else []
    return lines


def _place(cited: Passage | Quote) -> str:
    page = f", p. {cited.page}" if cited.page else ""
    return f"{cited.title} · {cited.section}{page} [{cited.tier}]"
