"""Messages that are not an answer: stop, skip, "weet ik niet", no more of this, and questions about the sources."""

import itertools
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, PrivateAttr, StringConstraints

from coach.content import Strict, read_yaml

Wish = Literal[
    "stop", "skip", "unknown", "why", "means", "go_on", "where", "english", "dutch", "told", "wrong", "verdict",
    "reads", "machine", "advice", "quit", "shorter", "reword", "back", "greet",
]  # fmt: skip
Phrase = Annotated[str, StringConstraints(min_length=1)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]

# The longest phrase with fillers around it; more words than this is an answer.
_WORDS_MAX = 10
# A longer question tells of something that happened.
_QUESTION_WORDS_MAX = 25
_DEFINITION_WORDS_MAX = 10
# "Soms wel", after a no; a longer message that begins so tells of something.
_WORDS_TAKEN_BACK_MAX = 7
# "Kies jij maar iets dat past."
_CHOICE_REST_MAX = 3
_PART_END = re.compile(r"[.?!,;]+")
_SAID_THERE = re.compile(r"[\"“”„‘]|(?<!\w)'|\b(?:zei|zegt|vroeg|vraagt|riep|said|asked)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„‘]|(?<!\w)'")
# Said of the questions; between quotation marks somebody else may have said it.
_UNWILLING: tuple[Wish | None, ...] = ("quit", "shorter", "reword", "back")
_WISHES: tuple[Wish, ...] = get_args(Wish)
# A no, or a yes, in more words may hold an answer.
_BARE_WORDS_MAX = 3


class Asking(Strict):
    """How a question about the sources is told from an answer; see prompts/wishes.yaml."""

    openings: Phrases
    # With these in front a question needs no question mark.
    plain: Phrases
    definitions: Phrases
    sources: Phrases
    own_case: Phrases
    articles: Phrases
    pointing: Phrases

    def is_asked(self, text: str) -> bool:
        """Say whether a message asks what the sources say; when in doubt it does not."""
        words = _words(text)
        asks = text.rstrip(" \"'”’)").endswith("?") or _after(words, self.plain) is not None
        if not asks or len(words) > _QUESTION_WORDS_MAX:
            return False
        if set(words) & set(self.own_case):
            return False
        if set(words) & set(self.sources):
            return _after(words, self.openings) is not None
        subject = [word for word in _after(words, self.definitions) or () if word not in self.articles]
        return bool(subject) and subject[0] not in self.pointing and len(words) <= _DEFINITION_WORDS_MAX


class Talks(Strict):
    """How students call the conversations there are, by protocol, and what may stand around such a name."""

    around: Phrases
    names: Mapping[str, Phrases]


class Wishes(Strict):
    """The phrases of prompts/wishes.yaml."""

    fillers: Phrases
    stop: Phrases
    skip: Phrases
    unknown: Phrases
    why: Phrases
    means: Phrases
    go_on: Phrases
    where: Phrases
    english: Phrases
    dutch: Phrases
    # Said it already; the coach has it wrong; who was right; who reads this; what am I talking to; what to do.
    told: Phrases
    wrong: Phrases
    verdict: Phrases
    reads: Phrases
    machine: Phrases
    advice: Phrases
    # No more of these questions; fewer of them; not this one; the one before; hello.
    quit: Phrases
    shorter: Phrases
    reword: Phrases
    back: Phrases
    greet: Phrases
    # There is no question to take along.
    none: Phrases
    # Beginnings of a yes and of a no to something the coach offers.
    yes: Phrases
    no: Phrases
    # What may stand before these; and who leaves the choice to the coach.
    hesitations: Phrases
    leaves: Phrases
    # Earlier words that were held up may stay as they are.
    enough: Phrases
    denial: Phrases
    doubt: Phrases
    # While a safety text holds: it was no such thing; there is nobody; what begins a no that is taken back.
    corrects: Phrases
    nobody: Phrases
    taking_back: Phrases
    asking: Asking
    talks: Talks
    _by_phrase: dict[tuple[str, ...], Wish] = PrivateAttr(default_factory=dict)
    _fillers: frozenset[str] = PrivateAttr(default=frozenset())

    def model_post_init(self, context: object) -> None:
        """Fold the phrases once, in the way messages are folded."""
        self._fillers = frozenset(self.fillers)
        for wish in _WISHES:
            for phrase in (meant for written in getattr(self, wish) for meant in _spelt_out(written)):
                words = self._bare(_words(phrase))
                self._by_phrase[words or tuple(_words(phrase))] = wish

    def in_message(self, text: str) -> Wish | None:
        """Return the wish this message expresses and nothing else, or None when it is an answer."""
        words = _words(text)
        if not words or len(words) > _WORDS_MAX:
            return None
        wish = self._of(words)
        if wish in _UNWILLING and _QUOTED.search(text):
            return None
        return wish or self._in_parts(text)

    def _of(self, words: list[str]) -> Wish | None:
        return self._by_phrase.get(tuple(words)) or self._by_phrase.get(self._bare(words))

    def _in_parts(self, text: str) -> Wish | None:
        # "Daarna niet meer? ik snap de vraag niet" is no answer, whatever stands beside it; what another asked is.
        if _SAID_THERE.search(text):
            return None
        parts = [words for words in map(_words, _PART_END.split(text)) if self._bare(words)]
        wishes = [self._of(words) for words in parts]
        if "means" in wishes:
            return "means"
        # "Geen zin meer. Stop maar": all of it is a wish, and the last one is what is left.
        return ("stop" if "stop" in wishes else wishes[-1]) if wishes and None not in wishes else None

    def named_talk(self, text: str) -> str:
        """Return the id of the protocol whose name this message is and nothing else, or ""."""
        said = self._named(text)
        names = ((id_, name) for id_, names in self.talks.names.items() for name in names)
        return next((id_ for id_, name in names if said and said == self._named(name)), "")

    def _named(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in self._bare(_words(text)) if word not in self.talks.around)

    def asks_sources(self, text: str) -> bool:
        """Say whether a message asks what the sources say, rather than answering the step."""
        return self.asking.is_asked(text)

    def is_denial(self, text: str) -> bool:
        """Say whether a message begins with a plain no, and no doubt follows."""
        rest = _after(_words(text), self.denial)
        return rest is not None and not set(rest) & set(self.doubt)

    def puts_right(self, text: str) -> bool:
        """Say whether a message, after a no at most, begins with saying that the coach has it wrong."""
        words = _words(text)
        while words and _after(words, self.corrects) is None:
            if words[0] not in (*self.fillers, *self.hesitations, *self.no):
                return False
            words = words[1:]
        return bool(words)

    def has_nobody(self, text: str) -> bool:
        """Say whether a message only says that there is nobody to turn to, or no to who that could be."""
        words = _words(text)
        rest = list(self._bare(words))
        while rest and rest[0] in (*self.hesitations, *self.no) and _after(rest, self.nobody) is None:
            rest = rest[1:]
        if len(words) > _WORDS_MAX:
            return False
        return _after(rest, self.nobody) is not None or (not rest and self.agrees(text) is False)

    def takes_back(self, text: str) -> bool:
        """Say whether a short message, after a no to the one direct question, makes that no doubtful."""
        words = _words(text)
        while words and words[0] in self.hesitations:
            words = words[1:]
        return len(words) <= _WORDS_TAKEN_BACK_MAX and _after(words, self.taking_back) is not None

    def agrees(self, text: str) -> bool | None:
        """Say whether a message takes an offer (True) or turns it down (False); None when it says something else."""
        words = _words(text)
        while words and words[0] in self.hesitations:
            words = words[1:]
        if _after(words, self.no) is not None:
            return False
        return True if _after(words, self.yes) is not None else None

    def is_bare_no(self, text: str) -> bool:
        """Say whether a message is a no and nothing else."""
        words = _words(text)
        return 0 < len(words) <= _BARE_WORDS_MAX and self.agrees(text) is False and not self._tells(words, self.no)

    def is_bare_yes(self, text: str) -> bool:
        """Say whether a message is a yes and nothing else."""
        words = _words(text)
        return 0 < len(words) <= _BARE_WORDS_MAX and self.agrees(text) is True and not self._tells(words, self.yes)

    def _tells(self, words: list[str], phrases: Phrases) -> tuple[str, ...]:
        rest = _after([word for word in words if word not in self.hesitations], phrases)
        return self._bare(rest or [])

    def has_none(self, text: str) -> bool:
        """Say whether a message only says that there is no question to take along."""
        words = _words(text)
        said = (tuple(words), self._bare(words))
        return (
            self.is_bare_no(text) or self.is_enough(text) or any(tuple(_words(phrase)) in said for phrase in self.none)
        )

    def leaves_the_choice(self, text: str) -> bool:
        """Say whether a message only says that the coach may choose."""
        rest = _after(list(self._bare(_words(text))), self.leaves)
        return rest is not None and len(rest) <= _CHOICE_REST_MAX

    def is_enough(self, text: str) -> bool:
        """Say whether a message only says that earlier words may stay as they are."""
        words = _words(text)
        rest = _after(words, self.enough)
        return rest is not None and len(words) <= _WORDS_MAX and not self._bare(rest)

    def _bare(self, words: list[str]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in self._fillers)


def load_wishes(path: Path) -> Wishes:
    """Return the phrases in `path`; raise `ContentError` when the file is wrong."""
    return read_yaml(path, Wishes)


def _spelt_out(phrase: str) -> list[str]:
    """Return the phrases that one written phrase stands for: "hou|houd op", "de (vorige) vraag"."""
    options = []
    for word in phrase.split():
        said = word.strip("()").split("|")
        options.append([*said, ""] if word.startswith("(") else said)
    return [" ".join(" ".join(words).split()) for words in itertools.product(*options)]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return re.findall(r"[\w']+", folded)


def _after(words: list[str], phrases: Phrases) -> list[str] | None:
    """Return the words after the longest phrase the words begin with, or None when they begin with none."""
    begun = [phrase.split() for phrase in phrases if words[: len(phrase.split())] == phrase.split()]
    return words[max(map(len, begun)) :] if begun else None
