"""The words of the guard as stems, in all their forms, and which of them are persons and times."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from coach.conversation.guard_file import GuardFile
from coach.conversation.guard_stems import stem_of, words_of

# "Daarachteraan", "ervoor": they point, whatever they are made of.
_POINTING = re.compile(
    r"(?:er|daar|hier|waar)(?:aan|achter|achteraan|af|bij|binnen|boven|buiten|door|doorheen|heen|in|langs|mee|na|naar|naast"
    r"|om|omheen|onder|op|over|tegen|tegenin|tegenover|toe|tussen|tussendoor|tussenin|uit|van|vandaan|voor|vlak)"
)
# "Wijkverpleegkundige"; but a "leerling" is no "ling".
_ROLE_MIN = 5
# Shorter stems take no ending of their own: "a" is not "at".
_WEAK_MIN = 2
# So many words are remembered with their forms.
_FORMS_MAX = 20_000
_TIMES = re.compile(r"\b(\d+) ?x\b")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True)
class FormWords:
    """The lists of one language, as far as they are about forms of words."""

    file: GuardFile

    def spelled(self, text: str) -> str:
        """Return a text with small numbers and short forms of words written out: "2x" is "twee keer"."""
        return self._shortened.sub(lambda match: self._written_out[match[0].casefold()], _TIMES.sub(r"\1 keer", text))

    @cached_property
    def _written_out(self) -> Mapping[str, str]:
        numbers = {str(number): word for number, word in enumerate(self.file.digits.split())}
        return {**numbers, **self.file.short}

    @cached_property
    def _shortened(self) -> re.Pattern[str]:
        found = "|".join(sorted(map(re.escape, self._written_out), key=len, reverse=True))
        return re.compile(rf"(?<![\w.,:/'’])(?:{found})(?![\w:/]|[.,]\d)", re.IGNORECASE)

    def names_somebody(self, word: str) -> bool:
        """Say whether a word is somebody's role: "collega", "wijkverpleegkundige"."""
        if word not in self._named:
            self._named[word] = bool(self.people_in(self.bare_stems(word)))
        return self._named[word]

    def is_time(self, word: str) -> bool:
        """Say whether a word is a day or a part of one."""
        return bool(self.bare_stems(word) & self.times)

    def people_in(self, stems: Iterable[str]) -> frozenset[str]:
        """Return the stems that are somebody's role, also at the end of a compound."""
        return frozenset(stem for stem in stems if stem in self.people or stem.endswith(self._roles_at_the_end))

    @cached_property
    def _roles_at_the_end(self) -> tuple[str, ...]:
        return tuple(stem for stem in self.people if len(stem) >= _ROLE_MIN)

    def is_verb(self, word: str) -> bool:
        """Say whether a word is a form of a verb that is listed with its forms."""
        return self._stem(word) in self._forms

    @cached_property
    def particles(self) -> re.Pattern[str]:
        """Matches a verb with the particle before it, and both apart: "uitgelegd" is "uit" and "leg"."""
        first = "|".join(sorted(self.file.particles.split(), key=len, reverse=True)) or r"(?!)"
        return re.compile(rf"(?P<particle>{first})(?:ge|te)?(?P<verb>\w{{3,}})")

    @cached_property
    def specific(self) -> frozenset[str]:
        """Stems of people, places, times, numbers and feelings."""
        return self.bare_stems(self.file.specific) | self.people | self.times

    @cached_property
    def times(self) -> frozenset[str]:
        """Stems of days, and parts of days."""
        return self.bare_stems(self.file.times)

    @cached_property
    def people(self) -> frozenset[str]:
        """Stems of who may be spoken of."""
        return self.bare_stems(self.file.people)

    @cached_property
    def _forms(self) -> Mapping[str, frozenset[str]]:
        """The stems of all forms of a word, by the stem of each."""
        found: dict[str, frozenset[str]] = {}
        for line in self.file.forms:
            family = frozenset(self._stem(word) for word in words_of(line))
            for stem in family:
                found[stem] = found.get(stem, frozenset()) | family
        return found

    def stems(self, text: str) -> frozenset[str]:
        """Return the stems of a text with those of all other forms of its words; numbers stay as they are."""
        return self._with_forms(self.bare_stems(text))

    def _with_forms(self, stems: frozenset[str]) -> frozenset[str]:
        return stems.union(*(self._forms.get(stem) or self._prefixed_forms(stem) for stem in stems))

    def _prefixed_forms(self, stem: str) -> frozenset[str]:
        # "Lesgaf" and "lesgeeft", "bedenkt" and "bedacht": what stands before a verb stays.
        for cut in range(2, len(stem) - 2):
            if stem[cut:] in self._forms:
                found = frozenset(stem[:cut] + form for form in self._forms[stem[cut:]])
                # The stem of a longer word loses its last d or t.
                return found | frozenset(form[:-1] for form in found if form[-1] in "dt")
        return frozenset()

    def variants(self, text: str) -> frozenset[str]:
        """Return the stems of a text in all their forms, and of a verb and its particle apart."""
        return self._inflected(self._with_forms(self.parts(text)))

    def _inflected(self, found: frozenset[str]) -> frozenset[str]:
        if self.file.language == "en":
            return found
        # The stemmer keeps the t of "noemt" and the d of "plande".
        endings = {stem + end for stem in found if len(stem) > _WEAK_MIN for end in "td"}
        endings |= {stem[:-1] for stem in found if len(stem) > 3 and stem[-1] in "td"}
        return found | (endings - self.specific)

    def forms_of(self, word: str) -> frozenset[str]:
        """Return the stems of one word in all its forms; those of common words are remembered."""
        if len(self._known_forms) >= _FORMS_MAX:
            for known in (self._known_forms, self._known_parts, self._named):
                known.clear()
        if word not in self._known_forms:
            self._known_forms[word] = self.variants(word)
        return self._known_forms[word]

    @cached_property
    def _known_forms(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _known_parts(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _known_stems(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _named(self) -> dict[str, bool]:
        return {}

    def parts(self, text: str) -> frozenset[str]:
        """Return the stems of a text as they are, and of a verb and its particle apart."""
        return frozenset(_NUMBER.findall(text)).union(*map(self._parts_of, words_of(text)))

    def _parts_of(self, word: str) -> frozenset[str]:
        if word not in self._known_parts:
            verb = self.particles.fullmatch(word)
            apart = f"{word} {verb['particle']} {verb['verb']}" if verb else word
            self._known_parts[word] = self.bare_stems(apart)
        return self._known_parts[word]

    def bare_stems(self, text: str) -> frozenset[str]:
        """Return the stems and numbers of a text alone; words that only point ("daarbij") have none."""
        if not text.isalpha():
            return frozenset(token if token[0].isdigit() else self._stem(token) for token in self.tokens(text))
        # Most are one word, and asked for again and again.
        if text not in self._known_stems:
            if len(self._known_stems) >= _FORMS_MAX:
                self._known_stems.clear()
            self._known_stems[text] = frozenset(map(self._stem, self.tokens(text)))
        return self._known_stems[text]

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the words and numbers of a text, without those that only point."""
        return (*(word for word in words_of(text) if not _POINTING.fullmatch(word)), *_NUMBER.findall(text))

    def _stem(self, word: str) -> str:
        return stem_of(word, english=self.file.language == "en")
