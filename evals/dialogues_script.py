"""What the coach says by heart, taken apart from the student's words that it holds up."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from coach.config import content_root
from coach.conversation.room import Room
from coach.library.gaps import load_gaps
from coach.library.retrieve import load_content
from coach.library.themes import load_themes

_GAP = re.compile(r"\\\{\w+\\\}")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
# Fixed texts about safety; those that only decline ("had ik gelijk?") are the coach's own words like any other.
_DECLINES = "off_task"


class Script:
    """All sentences that were written for the coach; what it says beside them must be the student's."""

    def __init__(
        self,
        texts: Iterable[str],
        *,
        fixed: Iterable[str] = (),
        names: Iterable[str] = (),
        unnamed: Callable[[str], str] = str,
    ) -> None:
        """Take the written texts, gaps ({citaat}) included, and the fixed safety texts, which no measure looks at.

        `names` are what the coach itself sets between quotation marks, such as that of a protocol; `unnamed` says "de
        ander" again where a question names the other: "je collega".
        """
        self._unnamed = unnamed
        parts = [split_quoted(text) for text in texts]
        said = {sentence for bare, _ in parts for sentence in sentences(bare)}
        self._sentences = {sentence for sentence in said if "{" not in sentence}
        self._about_the_other = {unnamed(sentence) for sentence in self._sentences}
        with_gaps = sorted(said - self._sentences)
        self._patterns = [re.compile(_GAP.sub(".+", re.escape(sentence))) for sentence in with_gaps]
        self._quoted = {_folded(piece) for _, pieces in parts for piece in pieces} | {_folded(name) for name in names}
        self._fixed = sorted(fixed, key=len, reverse=True)

    def without_fixed(self, text: str) -> str:
        """Return a turn without the fixed safety texts in it."""
        for fixed in self._fixed:
            text = text.replace(fixed, "")
        return text.strip()

    def is_written(self, sentence: str) -> bool:
        """Say whether a sentence (quotations emptied) was written for the coach."""
        if sentence in self._sentences or self._unnamed(sentence) in self._about_the_other:
            return True
        return any(pattern.fullmatch(sentence) for pattern in self._patterns)

    def unquoted(self, text: str) -> tuple[str, ...]:
        """Return all that the coach says itself: every sentence, quotations emptied, fixed safety texts left out."""
        return sentences(split_quoted(self.without_fixed(text))[0])

    def own_sentences(self, text: str) -> tuple[str, ...]:
        """Return the written sentences of a turn, quotations emptied and fixed safety texts left out."""
        return tuple(sentence for sentence in self.unquoted(text) if self.is_written(sentence))

    def turned(self, text: str) -> tuple[str, ...]:
        """Return the sentences of a turn that nobody wrote: those must be the student's, turned to "je"."""
        unwritten = (sentence for sentence in self.unquoted(text) if not self.is_written(sentence))
        return tuple(sentence for sentence in unwritten if re.search(r"\w", sentence))

    def held_up(self, text: str) -> tuple[str, ...]:
        """Return the quotations of a turn that are not part of a written text."""
        _, pieces = split_quoted(self.without_fixed(text))
        return tuple(piece for piece in pieces if _folded(piece) not in self._quoted)


def script_of(room: Room) -> Script:
    """Return the script of all languages of a room."""
    corpus = content_root() / "corpus"
    themes = load_themes(corpus / "themes.yaml", passages={passage.id for passage in load_content()[1]})
    texts = [text for theme in themes for text in (theme.asks, theme.name)]
    # What the coach says of a known gap; the words before it are in prompts/texts/answers.yaml.
    texts += [f"Dat staat niet in mijn bronnen. {gap.says}" for gap in load_gaps(corpus / "gaps.yaml").gaps]
    for speech in room.speeches.values():
        texts += _strings(speech.texts.model_dump())
        texts += _strings(speech.intake.model_dump())
        texts += [text for protocol in speech.protocols.values() for text in _strings(protocol.model_dump())]
    replies = [(key, text) for of_language in room.safety.replies.values() for key, text in of_language.items()]
    texts += [text for key, text in replies if key.startswith(_DECLINES)]
    names = [protocol.name for speech in room.speeches.values() for protocol in speech.protocols.values()]
    fixed = [text for key, text in replies if not key.startswith(_DECLINES)]
    return Script(texts, fixed=fixed, names=names, unnamed=room.roles.unnamed)


def split_quoted(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with every quotation in “ ” emptied, and the quotations; one within another stays whole."""
    bare: list[str] = []
    pieces: list[str] = []
    depth, start = 0, 0
    for place, character in enumerate(text):
        if character == "“":
            depth += 1
            if depth == 1:
                start = place + 1
                bare.append("“")
        elif character == "”" and depth:
            depth -= 1
            if not depth:
                pieces.append(text[start:place])
                bare.append("”")
        elif not depth:
            bare.append(character)
    if depth:
        pieces.append(text[start:])
    return "".join(bare), tuple(pieces)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, on one line each."""
    return tuple(" ".join(part.split()) for part in _SENTENCE.split(text) if part.strip())


def _folded(piece: str) -> str:
    return " ".join(piece.casefold().split()).strip(" .,")


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401  # what a model dumps
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
