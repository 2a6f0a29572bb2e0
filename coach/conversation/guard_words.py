"""The word lists of the guard, ready to be looked in: stems, families of forms, and compiled patterns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coach.content import read_text, read_yaml
from coach.conversation.guard_fidelity import FidelityWords
from coach.conversation.guard_file import GuardFile
from coach.conversation.guard_forms import FormWords
from coach.conversation.guard_persons import PersonWords
from coach.conversation.guard_questions import QuestionWords
from coach.conversation.guard_stems import is_derived, is_word, words_of
from coach.conversation.lexicon import fact, load_lexicon, plain
from coach.conversation.state import Language

# The head of a compound, and what stands before it, have so many letters at least.
_HEAD_MIN = 4
# Zipf frequencies times two: from once in ten thousand words down to once in a hundred thousand.
_ORDINARY_MIN, _ORDINARY_LEAST = 12, 8
# Once in a million words; and three times.
_NEUTRAL_LEAST, _COMMON_LEAST = 6, 7
# So common elsewhere, and so much commoner than here.
_FOREIGN_LEAST, _FOREIGN_MORE = 8, 4
# "Je verwacht": no owner there, when a verb comes after it.
_SUBJECTS_TOO = ("je", "het", "dat", "die")
_VERB_LIKE = re.compile(r"(?:t|de|te|den|ten)$")


@dataclass(frozen=True)
class GuardWords(FormWords, QuestionWords, PersonWords, FidelityWords):
    """The lists, ready to be looked in; `scripted` holds the stems of all questions that the coach asks by heart.

    `carrying` holds the words, as they are written, that a sentence of the student's may be told with.
    """

    scripted: frozenset[str] = frozenset()
    carrying: frozenset[str] = frozenset()

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """One pattern a listed rule, over small letters."""
        return {rule: re.compile("|".join(f"(?:{p})" for p in listed)) for rule, listed in self.file.patterns.items()}

    @cached_property
    def native(self) -> frozenset[str]:
        """Words this language is known by."""
        return frozenset(self.file.native.split())

    @cached_property
    def foreign(self) -> frozenset[str]:
        """Words that are not of this language."""
        return frozenset(self.file.foreign.split()) - self.native

    def is_foreign(self, word: str) -> bool:
        """Say whether a word is listed as one of another language, or is far commoner in that."""
        if word in self.foreign or word in self.native:
            return word in self.foreign
        facts = load_lexicon().facts(plain(word))
        own, other = (fact(facts, f"zipf_{language}") for language in (self.file.language, self.file.other_language))
        return other >= _FOREIGN_LEAST and other - own >= _FOREIGN_MORE

    @cached_property
    def plain(self) -> frozenset[str]:
        """Stems that tell nothing of what happened."""
        return self._inflected(self.stems(f"{self.file.plain} {self.file.native}")) - self.specific

    @cached_property
    def asking(self) -> frozenset[str]:
        """Stems that may be asked with, though not told."""
        return self._inflected(self.stems(self.file.asking)) - self.specific

    @cached_property
    def asked_with(self) -> frozenset[str]:
        """Stems that any question may be asked with, also those of the scripted ones."""
        return self.plain | self.asking | self.scripted

    @cached_property
    def judging(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words that call something good, and words that call it bad."""
        return frozenset(self.file.good.split()), frozenset(self.file.bad.split())

    @cached_property
    def telling(self) -> frozenset[str]:
        """The few words that may be told, in this form, though nobody said them: no happening can be made of them."""
        return frozenset(self.file.telling.split())

    @cached_property
    def harmless(self) -> frozenset[str]:
        """Stems of the words of a question that may be told as well: those that a happening can be made of left out."""
        return self.plain - self.variants(self.file.happening) - self.negations

    @cached_property
    def light(self) -> frozenset[str]:
        """Words that may be told in this form in a clause that holds a word of the student."""
        return frozenset(self.file.light.split())

    def is_deed(self, word: str) -> bool:
        """Say whether a word is a form of a verb that tells of something, however plain: "keek", "vroeg"."""
        return self.is_verb(word) and not self.bare_stems(word) <= self.harmless

    def anchors(self, word: str) -> bool:
        """Say whether a word of the student's holds a clause to what was told: no person and no pronoun."""
        return word not in self.telling and not self.bare_stems(word) <= self._loose

    def is_ordinary(self, word: str, *, within: str, anchors: int) -> bool:
        """Say whether a word is so common that it names nothing of its own, and no person, place, time or judgement.

        The more words of the student stand around it, the rarer it may be. What comes after an article or a preposition
        is a thing ("zijn hond"), however common.
        """
        least = max(_ORDINARY_MIN - anchors, _ORDINARY_LEAST)
        return self.is_neutral(word, least=least) and not self._is_thing(word, within=within)

    def is_neutral(self, word: str, *, least: int = _NEUTRAL_LEAST) -> bool:
        """Say whether a word is this common and names no person, place, time, number, feeling or judgement."""
        if self.bare_stems(word) & (self.specific | self.negations | self._weighty):
            return False
        judged = word in self.judging[0] or word in self.judging[1]
        return not judged and fact(load_lexicon().facts(plain(word)), f"zipf_{self.file.language}") >= least

    def is_common(self, word: str, *, within: str) -> bool:
        """Say whether a word may be asked with though nobody gave it: in the dictionary, no name and no thing."""
        named = re.search(rf"\b{re.escape(word.capitalize())}\b", within) is not None
        return (
            is_word(word)
            and not named
            and self.is_neutral(word, least=_COMMON_LEAST)
            and not self._is_thing(word, within=within)
        )

    def _is_thing(self, word: str, *, within: str) -> bool:
        said = words_of(within)
        at = said.index(word) if word in said else 0
        before = {*self.file.owners.split(), *self.file.before_open}
        first, second = (said[at - back] if at >= back else "" for back in (2, 1))
        if first not in before and second in _SUBJECTS_TOO and _VERB_LIKE.search(word):
            return False
        # "De gymleraar gaf" against "zijn vroegere hond": what stands between is an adjective there.
        return second in before or first in before and second.endswith("e")

    @cached_property
    def _weighty(self) -> frozenset[str]:
        return self.variants(self.file.weighty)

    @cached_property
    def _loose(self) -> frozenset[str]:
        return self.people | self.negations | self.bare_stems(self.file.native)

    @cached_property
    def frames(self) -> re.Pattern[str]:
        """Matches what gives the student's words back as such: "schrijf je", "zo kwam het bij jou binnen"."""
        return re.compile("|".join(rf"(?:{frame})" for frame in self.file.frames), re.IGNORECASE)

    @cached_property
    def exact(self) -> re.Pattern[str]:
        """Matches a measure that may only be told as it was given: "te laat"."""
        return re.compile(self.file.exact)

    @cached_property
    def phrases(self) -> re.Pattern[str]:
        """Matches an expression that tells nothing, though its words apart would."""
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.file.phrases))})\b", re.IGNORECASE)

    @cached_property
    def hollow(self) -> frozenset[str]:
        """Stems that two questions may share without asking the same."""
        return self.bare_stems(self.file.hollow)

    @cached_property
    def generic(self) -> frozenset[str]:
        """Stems too common to tie a question to a step."""
        return self.bare_stems(f"{self.file.generic} {self.file.native}")

    @cached_property
    def negations(self) -> frozenset[str]:
        """Stems of what denies."""
        return self.bare_stems(self.file.negations)

    @cached_property
    def _same(self) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
        return tuple((re.compile(said), self.stems(also)) for said, also in self.file.same.items())

    @cached_property
    def _synonyms(self) -> Mapping[str, frozenset[str]]:
        """The stems of all words of a line of synonyms, by the stem of each."""
        found: dict[str, frozenset[str]] = {}
        for line in self.file.synonyms:
            group = self._inflected(self.stems(line))
            for stem in self.stems(line):
                found[stem] = found.get(stem, frozenset()) | group
        return found

    def kin(self, text: str) -> frozenset[str]:
        """Return the stems of a text and of what says the same in other words."""
        found = self.variants(text)
        found = found.union(
            *(also for said, also in self._same if said.search(text.casefold())),
            *(self._synonyms[stem] for stem in found - self.people if stem in self._synonyms),
        )
        return found | self.negations if found & self.negations else found

    def follows(self, word: str, *, given: frozenset[str]) -> bool:
        """Say whether a word is made of given ones: "uitleg" of "legde uit", "lijst" of "medicatielijst"."""
        verb = self.particles.fullmatch(word)
        if verb and self._stem(verb["particle"]) in given and self._stem(verb["verb"]) in given:
            return True
        stem = self._stem(word)
        if stem in self.people or len(stem) < _HEAD_MIN:
            return False
        return any(_is_head(stem, said) or is_derived(stem, said) for said in given) or any(
            stem[:cut] in given and stem[cut:].removeprefix("s") in given for cut in range(3, len(stem) - 2)
        )


def _is_head(stem: str, said: str) -> bool:
    # "Medicatielijst" is a list; "uitsprook" is no smoke, for "uitsp" is no word.
    rest = said.removesuffix(stem)
    if len(rest) < _HEAD_MIN or len(rest) == len(said):
        return False
    return is_word(rest) or is_word(rest.removesuffix("s"))


def load_guard_words(folder: Path, *, language: Language, questions: Iterable[str] = ()) -> GuardWords:
    """Return the lists of a language; `questions` are all that the coach asks in it by heart.

    Raises `ContentError` when the file is wrong.
    """
    words = GuardWords(read_yaml(folder / f"{language}.yaml", GuardFile))
    scripted = words.variants("\n".join(questions))
    lines = read_text(folder / f"carrying_{language}.txt").splitlines()
    carrying = frozenset(word for line in lines if not line.startswith("#") for word in line.split())
    return GuardWords(words.file, scripted=scripted - words.specific, carrying=carrying)
