"""Which label a name gets: the role of the person where the text tells it, and the same one every time."""

from collections.abc import Sequence

from coach.conversation.cues import load_cues, load_roles
from coach.conversation.labels import LABELS, PERSON, PERSON_LABEL, SpanType, people_in_dutch, person_label
from coach.conversation.lexicon import fact
from coach.conversation.name_acts import tells_of_somebody
from coach.conversation.name_memory import NameMemory
from coach.conversation.name_titles import words_of
from coach.conversation.name_tokens import Token
from coach.conversation.names import is_known_word

_DETERMINERS = frozenset("mijn m'n mn de het een onze ons haar zijn z'n d'r dr die deze my our the a".split())
_INSTITUTIONS = (
    "zorg", "zorggroep", "ziekenhuis", "kliniek", "huis", "hof", "oord", "umc", "stichting", "groep",
    "jeugdhulp", "jeugdzorg",
)  # fmt: skip
_PLACE_LEADS = frozenset("in uit te vanuit nabij".split())


class Namer:
    """Gives the names of one text their labels, and remembers them."""

    def __init__(self, tokens: Sequence[Token], memory: NameMemory, *, text: str) -> None:
        self._tokens = tokens
        self.memory = memory
        seen = [
            *PERSON_LABEL.findall(people_in_dutch(text)),
            *(found for name in memory.names for found in PERSON_LABEL.findall(name.label)),
        ]
        self._highest: dict[str, int] = {}
        for role, number in seen:
            self._highest[role] = max(self._highest.get(role, 0), int(number or 1))

    def name(self, first: int, last: int) -> tuple[SpanType, str]:
        """Return what the tokens from `first` to `last` name, and the label; new names are remembered."""
        words = self._words(first, last)
        known = self._known(words)
        if known is not None:
            self.memory = self.memory.with_name(known, words)
            return self._type_of(known), known
        kind = self._kind(first, last)
        label = LABELS[kind] if kind != "person" else self._new_label(self._role(first, last))
        self.memory = self.memory.with_name(label, words)
        return kind, label

    def remember(self, first: int, last: int, *, label: str) -> None:
        """Remember the telling words of a place or an organisation, so that they are found in any case."""
        words = [
            token.word
            for token in self._tokens[first : last + 1]
            if token.is_word
            and len(token.word) > 3
            and not fact(token.facts, "word")
            and token.word not in load_cues()["organisation_words"]
        ]
        if words:
            self.memory = self.memory.with_name(label, words)

    def _words(self, first: int, last: int) -> tuple[str, ...]:
        tokens = self._tokens[first : last + 1]
        words = words_of(tokens)
        # "Mevrouw V." is one person too.
        return words or ("initials:" + "".join(token.text.lower() for token in tokens),)

    def _known(self, words: tuple[str, ...]) -> str | None:
        """Return the label of a name met before: by its first word, or by any when it has but one."""
        for word in words[:1] if len(words) > 1 else words:
            label = self.memory.label(word)
            if label is None and not any(token.word == word and is_known_word(token) for token in self._tokens):
                label = self.memory.near_label(word)
            label = label or self.memory.short_label(word)
            if label is not None:
                return label
        return None

    def _type_of(self, label: str) -> SpanType:
        return next((kind for kind, known in LABELS.items() if known == label), "person")

    def _kind(self, first: int, last: int) -> SpanType:
        tokens = self._tokens[first : last + 1]
        before = self._word(first - 1)
        is_first_name = any(fact(token.facts, "first") for token in tokens if token.is_word)
        if before in _PLACE_LEADS and not is_first_name:
            return "place"
        if any(token.word.endswith(_INSTITUTIONS) for token in tokens) and not is_first_name:
            return "organisation"
        if before in load_cues()["organisation_words"]:
            return "organisation"
        if self._word(last + 1) == "," and tells_of_somebody(self._tokens, last + 2):
            return "person"
        written = [token for token in tokens if token.is_word]
        is_place = bool(written) and all(fact(token.facts, "place") for token in written)
        return "place" if is_place and not is_first_name and before not in load_cues()["titles"] else "person"

    def _role(self, first: int, last: int) -> str:
        """Return the role that stands before or behind a name: "collega Ingrid", "Ingrid, mijn begeleider"."""
        left = first - 1
        while left >= 0 and (
            self._word(left) in load_cues()["titles"] - set(load_roles())
            or self._word(left) in (",", "(", "heet", "is")
        ):
            left -= 1
        if left >= first - 3 and self._word(left) in load_roles():
            return load_roles()[self._word(left)]
        right = last + 1
        if self._word(right) in (",", "(", "is", "-"):
            right += 1
            if self._word(right) in _DETERMINERS:
                right += 1
                if self._word(right) in load_roles():
                    return load_roles()[self._word(right)]
                if self._word(right + 1) in load_roles() and self._word(right) not in load_roles():
                    return load_roles()[self._word(right + 1)]
        return PERSON

    def _word(self, index: int) -> str:
        return self._tokens[index].word if 0 <= index < len(self._tokens) else ""

    def _new_label(self, role: str) -> str:
        self._highest[role] = self._highest.get(role, 0) + 1
        return person_label(role, self._highest[role])
