"""A reply of a language model: what it was asked to word, its sentences, and how it is shown."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from coach.conversation.grounding import without_quotations
from coach.conversation.guard_stems import words_of
from coach.conversation.guard_words import GuardWords
from coach.conversation.state import Language

_SENTENCE = re.compile(r"(?<=[.!?…])[”\"’]?\s+")

# Nothing else is taken off a reply: what the guard sees is what is shown.
_LABELLED = re.compile(r"\A\s*(?:de\s+)?(?:beurt|turn|the\s+turn|coach|assistant|antwoord)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Brief:
    """What the model was asked to word, and everything it may speak of.

    `said` is what the student told, the latest last; `lead` and `question` are the script's; `wordings` all that the
    step asks by heart; `asked` the questions before this one. The passage beside the question is no part of it: what a
    source says is quoted on its card, never worded, and a source cannot give orders that nobody reads out.
    """

    language: Language
    step: str
    said: tuple[str, ...]
    question: str
    lead: str = ""
    wordings: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def wordings_and_question(self) -> tuple[str, ...]:
        """All that the step asks by heart, and the question that was chosen."""
        return (self.question, *self.wordings)


@dataclass(frozen=True)
class Reply:
    """A reply as the rules look at it."""

    text: str
    words: GuardWords
    brief: Brief
    label_of: Callable[[str], str]

    @cached_property
    def bare(self) -> str:
        """The text in small letters, with quotations emptied."""
        return without_quotations(self.text).casefold().replace("’", "'")

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences, each on one line."""
        return tuple(" ".join(part.split()) for part in _SENTENCE.split(self.text) if part.strip())

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The sentences before the question that are not the script's own."""
        return tuple(part for part in self.sentences if "?" not in part and part not in self.told_by_script)

    @cached_property
    def own_parts(self) -> tuple[str, ...]:
        """All but what is the script's own, in small letters, with quotations emptied."""
        scripted = {self.question} if self.is_scripted else set()
        own = (part for part in self.sentences if part not in self.told_by_script and part not in scripted)
        return tuple(without_quotations(part).casefold().replace("’", "'") for part in own)

    @cached_property
    def question(self) -> str:
        """The last sentence that asks, or ""."""
        return next((sentence for sentence in reversed(self.sentences) if "?" in sentence), "")

    @cached_property
    def bare_question(self) -> str:
        """The question in small letters, with quotations emptied."""
        return without_quotations(self.question).casefold().strip(" “”\"'–-")

    @cached_property
    def chosen(self) -> str:
        """The question that was chosen, in small letters, without what the script tells before it."""
        asked = [part for part in _SENTENCE.split(self.brief.question) if "?" in part]
        return (asked[-1] if asked else self.brief.question).casefold()

    @cached_property
    def is_scripted(self) -> bool:
        """Whether the question is, word for word, one that the step asks by heart."""
        asked = words_of(self.question)
        return bool(asked) and asked in [words_of(text)[-len(asked) :] for text in self.brief.wordings_and_question]

    @cached_property
    def told_by_script(self) -> tuple[str, ...]:
        """What the script tells before its question."""
        parts = (part for text in (self.brief.lead, self.brief.question) for part in _SENTENCE.split(text))
        return tuple(" ".join(part.split()) for part in parts if part.strip() and "?" not in part)

    @cached_property
    def question_behind_script(self) -> str:
        """The question behind what the script tells; "" where it says nothing new or speaks of what the reply told."""
        asked, words = self.bare_question, self.words
        if not asked or words_of(asked) == words_of(self.chosen):
            return ""
        spoken = (match[0] for match in words.picks_up.finditer(asked))
        if any(part not in self.chosen for part in spoken) or self._changes_who_is_meant:
            return ""
        return " ".join((*self.told_by_script, self.question))

    @property
    def _changes_who_is_meant(self) -> bool:
        # "Zij" is the colleague whom the reply told of, until the script names the client before it.
        told, script = (self.words.bare_stems(" ".join(texts)) for texts in (self.told, self.told_by_script))
        named = script & self.words.people
        return not named <= told and not self.words.persons[2].isdisjoint(words_of(self.bare_question))


def unlabelled(text: str) -> str:
    """Return a reply without the word for it that small models put before it: "Beurt: …"."""
    return _LABELLED.sub("", text)


def is_one_sentence(text: str) -> bool:
    """Say whether a reply is no more than its question."""
    return len(_SENTENCE.split(text.strip())) == 1


def shown(text: str) -> str:
    """Return an accepted reply as it is shown: what is told, and the question in a paragraph of its own."""
    flat = " ".join(text.split())
    cut = max((match.end() for match in _SENTENCE.finditer(flat)), default=0)
    return f"{flat[:cut].strip()}\n\n{flat[cut:].strip()}".strip()


def last_question(text: str) -> str:
    """Return the question of a turn as it is shown."""
    return text.rsplit("\n\n", 1)[-1].strip()
