"""What the coach says around quotations: prompts/texts/answers.yaml, validated."""

import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from coach.content import Strict, read_yaml
from coach.library.passage import Passage
from coach.library.quote import Quote
from coach.library.sentences import sentences

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1)]


class Leads(Strict):
    """One scripted sentence before the quotations, by kind of source."""

    main: Lines
    ai: Lines
    exercise: Lines
    literature: Lines
    own_words: Lines


class Tiers(Strict):
    """What each trust tier is called inside a sentence."""

    A: Line
    B: Line
    C: Line
    D: Line
    L: Line


class AnswerTexts(Strict):
    """Everything that is said with an answer, or instead of one."""

    leads: Leads
    tiers: Tiers
    place: Line
    no_section: Line
    gist: Line
    gist_unknown: Line
    ai_note: Line
    exercise_note: Line
    absent: Line
    absent_gap: Line
    absent_nearby: Line
    unreadable: Line

    @model_validator(mode="after")
    def _no_question_and_no_gap(self) -> Self:
        for kind in Leads.model_fields:
            wanted = {"title", "place"} | ({"tier"} if kind == "own_words" else set())
            for line in getattr(self.leads, kind):
                _check(line, wanted=wanted, name=f"leads.{kind}")
        for name, wanted in _GAPS.items():
            _check(getattr(self, name), wanted=wanted, name=name)
        return self

    def lead(self, quote: Quote, *, question: str) -> str:
        """Return the sentence before quotations of which this is the first; the question decides the variant."""
        variants: tuple[str, ...] = getattr(self.leads, _kind(quote))
        line = variants[zlib.crc32(question.encode("utf-8", "replace")) % len(variants)]
        tier: str = getattr(self.tiers, quote.tier)
        return line.format(title=quote.title, place=self._place(quote), tier=tier)

    def note(self, quote: Quote, *, key: Passage | None, remarks: Sequence[str] = ()) -> str:
        """Return what stands beside a quotation: its gist when it is not Dutch, where it comes from, known problems."""
        parts = []
        if quote.language != "nl":
            first = _first_sentence(key.text) if key else ""
            parts.append(self.gist.format(gist=first) if first else self.gist_unknown.format(section=quote.section))
        known = [part for part in (quote.note, key.note if key else "", *remarks) if part]
        of_tier = {"B": self.ai_note, "C": self.exercise_note}.get(quote.tier, "")
        # A caveat that begins with the same words says it already.
        if of_tier and not any(part.startswith(of_tier.rstrip(".")) for part in known):
            parts.append(of_tier)
        parts += known
        return " ".join(dict.fromkeys(part for part in parts if part))

    def absence(self, *, says: str, nearby: tuple[str, ...]) -> str:
        """Return the sentence for a question without an answer."""
        if says:
            return self.absent_gap.format(says=says)
        if not nearby:
            return self.unreadable
        return self.absent_nearby.format(nearby="; ".join(nearby))

    def _place(self, quote: Quote) -> str:
        section = quote.section or self.no_section
        return self.place.format(section=section, page=quote.page) if quote.page else section


_GAPS: dict[str, set[str]] = {
    "place": {"section", "page"},
    "no_section": set(),
    "gist": {"gist"},
    "gist_unknown": {"section"},
    "ai_note": set(),
    "exercise_note": set(),
    "absent": set(),
    "absent_gap": {"says"},
    "absent_nearby": {"nearby"},
    "unreadable": set(),
}


def load_answer_texts(path: Path) -> AnswerTexts:
    """Return the texts in `path`; raise `ContentError` when the file is wrong."""
    return read_yaml(path, AnswerTexts)


def _check(line: str, *, wanted: set[str], name: str) -> None:
    if "?" in line:
        raise ValueError(f"{name}: hier hoort geen vraag: {line!r}")
    found = set(re.findall(r"\{(\w+)\}", line))
    if found != wanted:
        raise ValueError(f"{name}: verwacht {sorted(wanted)}, gevonden {sorted(found)}: {line!r}")


def _kind(quote: Quote) -> str:
    if quote.form == "digest":
        return "own_words"
    return {"B": "ai", "C": "exercise", "L": "literature"}.get(quote.tier, "main")


def _first_sentence(text: str) -> str:
    # A first sentence that asks something says little; the one after it tells.
    told = [text[start:end] for start, end in sentences(text)]
    return next((sentence for sentence in told if not sentence.endswith("?")), "")
