"""The one function that raw student text goes through: text in, text without identifying details out.

Spans are found first and the text is changed once: what follows a notation (notations.py), names of people, places and
organisations (names.py, places.py, organisations.py), dates (dates.py), ages (ages.py). What replaces them keeps the
text readable: a role or a number for a person, a part of the month for a date, five years for an age.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coach.conversation.ages import find_ages
from coach.conversation.dates import find_dates
from coach.conversation.labels import BLANK, LABEL, LABELS, SpanType, in_english
from coach.conversation.name_labels import Namer
from coach.conversation.name_memory import NameMemory, random_key
from coach.conversation.name_tokens import Token, tokenize
from coach.conversation.names import find_names
from coach.conversation.notations import FINDERS
from coach.conversation.places import find_places
from coach.conversation.state import Language

# A pass that finds something is followed by another; more than a few are only ever asked by a text made for it.
_PASSES_MAX = 12


@dataclass(frozen=True)
class Span:
    """One identifying detail; `start` and `end` are character offsets in the text as it was given."""

    start: int
    end: int
    type: SpanType
    label: str


@dataclass(frozen=True)
class SafeText:
    """A text that may be kept, with the spans that were replaced, in order of `start`, never overlapping.

    `memory` knows the names of the text again in the next one, as fingerprints.
    """

    text: str
    spans: tuple[Span, ...]
    memory: NameMemory


def deidentify(text: str, memory: NameMemory | None = None, *, language: Language = "nl") -> SafeText:
    """Replace every identifying detail by its label; running it on its own result changes nothing.

    Offsets count characters of `text` as given: nothing is normalised. Time is linear in its length. With the memory
    of earlier texts the same person keeps the same label. The result depends on nothing but the arguments. The language
    is that of the conversation: what to expect of a text, and how labels are written.
    """
    known = memory or NameMemory(random_key())
    pieces = [_Piece(text, 0)]
    for _ in range(_PASSES_MAX):
        # Once more after a find: a detail that leaned on a masked one would otherwise surface in a second run, and a
        # name that was introduced late in the text stands earlier in it too.
        current = "".join(piece.text for piece in pieces)
        found, known = _find(current, known, language=language)
        if not found:
            break
        pieces = _replaced(pieces, found)
    if language == "en":
        pieces = [_in_english(piece) for piece in pieces]
    spans = tuple(piece.span for piece in pieces if piece.span is not None)
    return SafeText("".join(piece.text for piece in pieces), spans, known)


def find_spans(text: str, memory: NameMemory | None = None, *, language: Language = "nl") -> tuple[Span, ...]:
    """Return what would be replaced; for a warning while a student is still writing."""
    return deidentify(text, memory, language=language).spans


@dataclass(frozen=True)
class _Piece:
    """Part of the text: as given, beginning at `start`, or the label of a span."""

    text: str
    start: int
    span: Span | None = None


def _in_english(piece: _Piece) -> _Piece:
    if piece.span is None:
        return piece
    label = in_english(piece.span.label)
    return replace(piece, text=label, span=replace(piece.span, label=label))


def _find(text: str, memory: NameMemory, *, language: Language) -> tuple[list[Span], NameMemory]:
    """Return the details in a text, in order, never overlapping, and the memory with their names."""
    taken = _Taken(text)
    for kind, find in FINDERS:
        for start, end in find(taken.blanked()):
            taken.add(Span(start, end, kind, LABELS[kind]))
    for dated in find_dates(taken.blanked()):
        taken.add(Span(dated.start, dated.end, "date", dated.label))
    memory = _take_names(taken, text, memory, language=language)
    # Ages last: a number is an age beside a person, and a person is a label by now.
    for dated in find_ages(taken.blanked()):
        taken.add(Span(dated.start, dated.end, "age", dated.label))
    return taken.in_order(), memory


def _take_names(taken: "_Taken", text: str, memory: NameMemory, *, language: Language) -> NameMemory:
    tokens = tokenize(taken.blanked(), is_english=language == "en")
    namer = Namer(tokens, memory, text=text)
    for first, last, kind in find_places(tokens):
        if taken.add(Span(tokens[first].start, tokens[last].end, kind, LABELS[kind])):
            namer.remember(first, last, label=LABELS[kind])
    for name in find_names(tokens, memory):
        for first, last in taken.free(name.first, name.last, tokens):
            named, label = namer.name(first, last)
            taken.add(Span(tokens[first].start, tokens[last].end, named, label))
    return namer.memory


class _Taken:
    """The spans found so far; what is taken is not found again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._mask = bytearray(len(text))
        self._spans: list[Span] = []
        self._labels = [match.span() for match in LABEL.finditer(text)]
        for start, end in self._labels:
            self._mask[start:end] = b"\1" * (end - start)
        self._blanked: str | None = None

    def add(self, span: Span) -> bool:
        """Take a span, unless part of it is taken; say whether it was."""
        if span.end <= span.start or 1 in self._mask[span.start : span.end]:
            return False
        self._mask[span.start : span.end] = b"\1" * (span.end - span.start)
        self._spans.append(span)
        self._blanked = None
        return True

    def blanked(self) -> str:
        """Return the text with a blank of equal length over all that is taken, so that offsets stay."""
        if self._blanked is None:
            parts, position = [], 0
            for start, end in sorted([*self._labels, *((span.start, span.end) for span in self._spans)]):
                parts += [self._text[position:start], BLANK * (end - start)]
                position = end
            self._blanked = "".join([*parts, self._text[position:]])
        return self._blanked

    def free(self, first: int, last: int, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Yield the parts of a range of tokens that are not taken."""
        start = None
        for index in range(first, last + 2):
            is_free = index <= last and 1 not in self._mask[tokens[index].start : tokens[index].end]
            if is_free and start is None:
                start = index
            if not is_free and start is not None:
                yield start, index - 1
                start = None

    def in_order(self) -> list[Span]:
        """Return the spans by where they start."""
        return sorted(self._spans, key=lambda span: span.start)


def _replaced(pieces: Iterable[_Piece], found: Sequence[Span]) -> list[_Piece]:
    """Return the pieces with the spans, whose offsets are those of the joined pieces, replaced by their labels."""
    replaced: list[_Piece] = []
    waiting = list(reversed(found))
    position = 0
    for piece in pieces:
        end = position + len(piece.text)
        done = position
        while waiting and waiting[-1].start < end:
            span = waiting.pop()
            shift = piece.start - position
            replaced.append(_Piece(piece.text[done - position : span.start - position], done + shift))
            moved = Span(span.start + shift, span.end + shift, span.type, span.label)
            replaced.append(_Piece(span.label, moved.start, moved))
            done = span.end
        replaced.append(
            _Piece(piece.text[done - position :], piece.start + done - position, piece.span)
            if piece.span is None
            else piece
        )
        position = end
    return [piece for piece in replaced if piece.text]
