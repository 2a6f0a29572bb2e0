"""The copy of a conversation that a teacher may read: what is in it, and what a student took out; pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from coach.conversation.product import INSIGHT, QUESTION, Product
from coach.conversation.protocol import Protocol
from coach.conversation.room import Turn
from coach.conversation.state import Language
from coach.library.quote import Quote
from coach.records.blacken import blacken, blacken_echoes

SUMMARY = ("situation", "insight", "intention", "question")


@dataclass(frozen=True)
class ReleasedTurn:
    """What the student said ("" in the opening) and what the coach answered; no moment, no check, no probe count.

    `stuck` is the step that was asked on or skipped in this turn, for the overview of a whole group.
    """

    number: int
    student: str
    coach: str
    step_name: str
    stuck: str
    stuck_move: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Transcript:
    """A conversation as a teacher sees it, with the student's own sentences on top."""

    protocol: str
    protocol_name: str
    language: Language
    turns: tuple[ReleasedTurn, ...]
    # By name in `SUMMARY`, in that order; only what the student wrote.
    summary: tuple[tuple[str, str], ...]
    # Ids and names of the themes heard, for the overview and the filter.
    themes: tuple[tuple[str, str], ...] = ()
    # What the student asks the teacher, "" for nothing.
    question: str = ""

    def told(self) -> str:
        """Return all the student wrote in it."""
        return "\n".join(turn.student for turn in self.turns if turn.student)

    def as_json(self) -> dict[str, Any]:
        """Return the transcript as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Transcript":
        """Return the transcript that `as_json` wrote."""
        turns = tuple(
            ReleasedTurn(**{**turn, "quotes": tuple(Quote(**quote) for quote in turn["quotes"])})
            for turn in data["turns"]
        )
        pairs = {name: tuple((first, second) for first, second in data[name]) for name in ("summary", "themes")}
        return cls(**{**data, "turns": turns, **pairs})


@dataclass(frozen=True)
class Edits:
    """What a student takes out: whole turns by number, and words wherever they stand."""

    turns: frozenset[int] = frozenset()
    phrases: tuple[str, ...] = ()


def copy_conversation(
    turns: Sequence[Turn], *, protocol: Protocol, product: Product | None, language: Language
) -> Transcript:
    """Return what can be released of a conversation.

    Never a safety turn; of the turn after one, only the question that goes on; and nothing that echoes what was said
    there.
    """
    numbered = list(enumerate(turns))
    held = {number for number, turn in numbered if turn.move == "safety"}
    after = {number + 1 for number in held} - held
    safe = [_after_safety(turn) if number in after else turn for number, turn in numbered]
    kept = [
        _released(number, turn, before=turns[number - 1].step if number else "", protocol=protocol)
        for number, turn in enumerate(safe)
        if number not in held and turn is not None
    ]
    told = [turn.student or "" for number, turn in numbered if number in held | after]
    copied = Transcript(
        protocol=protocol.id,
        protocol_name=protocol.name,
        language=language,
        turns=tuple(kept),
        summary=_summarise(product),
    )
    return _without(copied, told)


def edit(transcript: Transcript, edits: Edits, *, question: str = "") -> Transcript:
    """Return the transcript without what the student took out, there and where it is repeated."""
    gone = [turn.student for turn in transcript.turns if turn.number in edits.turns and turn.student]
    kept = tuple(turn for turn in transcript.turns if turn.number not in edits.turns)
    rest = _without(replace(transcript, turns=kept), gone)
    phrases = [phrase for phrase in edits.phrases if phrase.strip()]
    turns = tuple(
        replace(turn, student=blacken(turn.student, phrases), coach=blacken_echoes(turn.coach, phrases))
        for turn in rest.turns
    )
    summary = tuple((name, blacken(text, phrases)) for name, text in rest.summary)
    return replace(rest, turns=turns, summary=summary, question=blacken(question or transcript.question, phrases))


def _without(transcript: Transcript, gone: Iterable[str]) -> Transcript:
    """Return the transcript without what the coach and the summary repeat of these messages."""
    messages = [text for text in gone if text.strip()]
    if not messages:
        return transcript
    turns = tuple(replace(turn, coach=blacken_echoes(turn.coach, messages)) for turn in transcript.turns)
    # A sentence on top of which a part is gone would say something else; it goes as a whole.
    summary = tuple(pair for pair in transcript.summary if blacken_echoes(pair[1], messages) == pair[1])
    return replace(transcript, turns=turns, summary=summary)


def _after_safety(turn: Turn) -> Turn | None:
    question = [part for part in re.split(r"\n\s*\n", turn.coach) if part.strip()][-1:]
    if turn.move == "close" or not question or not question[0].rstrip().endswith("?"):
        return None
    return replace(turn, student=None, coach=question[0])


def _released(number: int, turn: Turn, *, before: str, protocol: Protocol) -> ReleasedTurn:
    names = {step.id: step.name for step in protocol.steps}
    stuck = {"probe": turn.step, "skip": before}.get(turn.move, "")
    return ReleasedTurn(
        number=number,
        student=turn.student or "",
        coach=turn.coach,
        step_name=names.get(turn.step, ""),
        stuck=names.get(stuck, ""),
        stuck_move=turn.move if stuck in names else "",
        quotes=turn.quotes,
    )


def _summarise(product: Product | None) -> tuple[tuple[str, str], ...]:
    if product is None:
        return ()
    first = [line.text for line in product.lines if line.step not in (INSIGHT, QUESTION)][:1]
    said = (first[0] if first else "", product.insight, product.intention, product.question)
    return tuple((name, text) for name, text in zip(SUMMARY, said, strict=True) if text.strip())


def numbers_in(transcript: Transcript, wanted: Collection[int]) -> frozenset[int]:
    """Return those of the numbers that are turns of this transcript."""
    return frozenset(turn.number for turn in transcript.turns) & frozenset(wanted)
