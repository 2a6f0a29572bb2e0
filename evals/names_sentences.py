"""Sentences with and without names to fit on: templates, student sentences whose roles become names, slips."""

import json
import random
import re
import sys
from collections.abc import Iterator
from functools import lru_cache

import wordfreq
import yaml
from faker.providers.address.nl_BE import Provider as Flanders
from faker.providers.address.nl_NL import Provider as Netherlands

from coach.config import content_root
from coach.conversation.name_tokens import is_ordinary, look_up
from evals.cases import CASES, read_cases
from evals.names_lists import NameLists
from evals.privacy_cases import WAYS, PrivacyCase, unmarked

_NAME_TYPES = ("person", "place", "organisation", "school")
_ROLE = re.compile(
    r"\b(?:mijn|m'n|mn|de|een|die|deze|onze|zijn|haar|mevrouw|meneer)?\s?\b(?:collega|begeleider|werkbegeleider|stagebegeleider"
    r"|teamleider|cliënt|client|bewoner|bewoonster|patiënt|arts|psycholoog|verpleegkundige|moeder|vader|docent|mentor"
    r"|jongen|meisje|mevrouw|meneer|psychiater|huisarts|dochter|zoon|zus|teamgenoot|klasgenoot|ze|hij|zij)\b"
    r"(?! (?:van|zijn|haar|die|met|en|en de)\b)",
)
_EXAMPLES = 60_000
Example = tuple[str, list[tuple[int, int]]]


class Names:
    """Names to put in sentences, by kind."""

    def __init__(self, rng: random.Random, lists: NameLists) -> None:
        self.rng = rng
        self.firsts, self.lasts = lists.firsts, lists.lasts
        self.extra_firsts, self.extra_lasts = lists.extra_firsts, lists.extra_lasts
        self.places = sorted({*Netherlands.cities, *Flanders.cities})
        dutch = [n for key in ("nl_NL", "nl_BE", "js_nl") for n in self.firsts[key]]
        dutch += [n for key in ("dutch", "dutch_older", "dutch_newer") for n in self.extra_firsts[key]]
        self.homographs = sorted({n for n in dutch if is_ordinary(look_up(n)[1])})

    def first(self) -> str:
        """Return a first name."""
        roll = self.rng.random()
        if roll < 0.22:
            return self.rng.choice(self.firsts[self.rng.choice(["nl_NL", "nl_BE", "js_nl", "js_nl"])])
        if roll < 0.32:
            return self.rng.choice(self.homographs)
        if roll < 0.72:
            return self.rng.choice(self.extra_firsts[self.rng.choice(sorted(self.extra_firsts))])
        if roll < 0.76:
            return self.rng.choice(self.firsts["nl_NL"]) + "-" + self.rng.choice(self.firsts["nl_NL"])
        return self.rng.choice(self.firsts[self.rng.choice(sorted(self.firsts))])

    def last(self) -> str:
        """Return a last name, perhaps with a particle."""
        roll = self.rng.random()
        if roll < 0.45:
            return self.rng.choice(self.lasts[self.rng.choice(["nl_NL", "nl_BE"])])
        if roll < 0.8:
            name = self.rng.choice(self.extra_lasts[self.rng.choice(sorted(self.extra_lasts))])
            if self.rng.random() < 0.2:
                name = self.rng.choice(["van ", "de ", "van der ", "van den ", "el ", "ten ", "Van ", "De "]) + name
            return name
        if roll < 0.84:
            return self.rng.choice(self.lasts["nl_NL"]) + "-" + self.rng.choice(self.lasts["nl_NL"])
        return self.rng.choice(self.lasts[self.rng.choice(sorted(self.lasts))])

    def organisation(self) -> str:
        """Return the name of a house or an organisation."""
        rng = self.rng
        stem = rng.choice([self.last(), self.rng.choice(self.places), self.first()]).split()[-1]
        return (
            rng.choice(["De ", "de ", "", "Huize ", "Stichting ", "'t "])
            + stem
            + rng.choice(["hof", "huis", "zorg", "", "", "oord", " Zorggroep"])
        )

    def fill(self, slot: str) -> str:
        """Return what stands in a slot of a template."""
        if slot == "P":
            return self.first() if self.rng.random() < 0.93 else f"{self.first()} {self.last()}"
        if slot == "S":
            return self.last()
        if slot == "F":
            return f"{self.first()} {self.last()}"
        return self.rng.choice(self.places) if slot == "L" else self.organisation()


def clean_sentences() -> list[str]:
    """Return student sentences and other running text without names."""
    texts: list[str] = []
    for name, field in (
        ("experiences.jsonl", "q"),
        ("questions.jsonl", "q"),
        ("abstain.jsonl", "q"),
        ("steps.jsonl", "text"),
    ):
        for line in (CASES / name).read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case["split"] == "dev":
                texts.append(case[field])
    for line in (CASES / "dialogues.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["split"] == "dev":
            texts += [turn for turns in case["turns"].values() for turn in turns]
    root = content_root()
    for path in sorted(
        [*(root / "prompts").rglob("*.yaml"), root / "corpus" / "themes.yaml", root / "corpus" / "situations.yaml"]
    ):
        texts += _strings(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    for path in sorted((root / "corpus" / "digest").glob("*.md")):
        texts += [line for line in path.read_text(encoding="utf-8").split("\n") if len(line.split()) > 8]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+|\n+", text)]
    return [s for s in dict.fromkeys(sentences) if 3 <= len(s.split()) <= 60 and not _MAY_HOLD_NAME.search(s)]


# A capital in the middle of a sentence may be a name, which must not be learnt as no name.
_MAY_HOLD_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-zë]+|[{}\[\]<>|_]|https?:")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def examples(rng: random.Random, lists: NameLists) -> Iterator[tuple[Example, bool]]:
    """Yield texts with the places of names, and whether list facts are to be hidden in it."""
    names = Names(rng, lists)
    templates = [
        line for line in (CASES.parent / "names_templates.txt").read_text(encoding="utf-8").splitlines() if line
    ]
    clean = clean_sentences()
    sys.stderr.write(f"{len(clean)} sentences\n")
    for _ in range(_EXAMPLES):
        roll = rng.random()
        if roll < 0.30:
            text, spans = _filled(rng.choice(templates), names)
        else:
            text, spans = rng.choice(clean), []
            if roll < 0.62:
                text, spans = _with_names(text, names)
            elif roll < 0.78:
                text = _spoilt(text, rng)
            elif roll < 0.83:
                text = _ordinary_use(names)
        yield (_rendered(text, spans, rng), rng.random() < 0.3)


def development_paragraphs() -> Iterator[Example]:
    """Yield the development cases of the suite `privacy`, in every way of writing."""
    for case in read_cases("privacy.jsonl", PrivacyCase, split="dev"):
        paragraph = unmarked(case)
        spans = [(detail.start, detail.end) for detail in paragraph.details if detail.type in _NAME_TYPES]
        for way in WAYS.values():
            yield paragraph.written(way), spans


def _filled(template: str, names: Names) -> Example:
    text, spans, position = "", [], 0
    for match in re.finditer(r"\{([A-Z])\}", template):
        text += template[position : match.start()]
        name = names.fill(match[1])
        spans.append((len(text), len(text) + len(name)))
        text += name
        position = match.end()
    return text + template[position:], spans


def _with_names(sentence: str, names: Names) -> Example:
    """Replace some of the people in a sentence by names."""
    text, spans, position = "", [], 0
    for match in _ROLE.finditer(sentence):
        if names.rng.random() < 0.5:
            continue
        text += sentence[position : match.start()]
        name = names.first() if names.rng.random() < 0.9 else f"{names.first()} {names.last()}"
        lead = " " if match[0].startswith(" ") else ""
        spans.append((len(text) + len(lead), len(text) + len(lead) + len(name)))
        text += lead + name
        position = match.end()
    return text + sentence[position:], spans


# Places where a word that is a name too is a word.
_ORDINARY_USE = (
    "Ze had een {} in haar hand.", "De {} was al weg.", "Ik zag de {} staan.", "Wij {} dat niet.", "Ik {} het anders.",
    "Het was {} en laat.",
    "Hij kwam met een {} binnen.", "Ik {} alles op.", "Er was geen {} meer.", "Mijn {} was leeg.",
    "Ik heb de {} gepakt.", "Bij de {} bleef ik staan.", "Toen ik {} zei hij niks.", "Ik {} voor de andere weg.",
    "Een {} mens met een {} hart.", "Op de {} was het stil.", "Dat was een {} van een dag.", "Het {} lag op tafel.",
    "Ze {} me gerust.", "Die {} vergeet ik niet.", "Ik wil {} blijven.", "Zo {} als dat klinkt.", "Wat een {} zeg.",
    "Ik voelde me {} en moe.", "Ze gaf me een {} en ging weg.", "Je {} het pas achteraf.", "Ik was een {} voor haar.",
)  # fmt: skip


def _ordinary_use(names: Names) -> str:
    words = [
        names.rng.choice(names.homographs) if names.rng.random() < 0.7 else names.rng.choice(_dictionary())
        for _ in range(2)
    ]
    return names.rng.choice(_ORDINARY_USE).format(*(word.lower() for word in words))


@lru_cache(maxsize=1)
def _dictionary() -> list[str]:
    return [
        word for word in wordfreq.top_n_list("nl", 40_000)
        if re.fullmatch(r"[a-zë]{4,14}", word) and is_ordinary(look_up(word)[1])
    ]  # fmt: skip


def _spoilt(text: str, rng: random.Random) -> str:
    """Put a rare word, a new compound or a slip of the finger in the place of some words."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 4 and word.isalpha() and word.islower() and rng.random() < 0.25:
            roll = rng.random()
            cut = rng.randrange(1, len(word) - 1)
            if roll < 0.3:
                words[place] = rng.choice(_dictionary())
            elif roll < 0.6:
                words[place] = rng.choice(_dictionary()[:8000]) + rng.choice(_dictionary()[:8000])
            elif roll < 0.75:
                words[place] = word[:cut] + word[cut + 1 :]
            elif roll < 0.82:
                words[place] = word[:cut] + rng.choice("abcdefghijklmnoprstuvwz") + word[cut + 1 :]
            elif roll < 0.92:
                words[place] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
            else:
                words[place] = word[:cut] + word[cut] + word[cut:]
    return " ".join(words)


def _rendered(text: str, spans: list[tuple[int, int]], rng: random.Random) -> Example:
    """Write the text as students do: with care, without capitals, with only the names small, or in capitals."""
    roll = rng.random()
    if roll < 0.35:
        changed = text.lower()
    elif roll < 0.42:
        changed = text.upper()
    elif roll < 0.55:
        changed = text
        for start, end in spans:
            changed = changed[:start] + changed[start:end].lower() + changed[end:]
    elif roll < 0.65:
        changed = text.lower()
        for start, end in spans:
            changed = changed[:start] + text[start:end] + changed[end:]
    else:
        changed = text[:1].upper() + text[1:]
    return (changed if len(changed) == len(text) else text), spans
