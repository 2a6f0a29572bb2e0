"""First and last names by country, from Faker, from its sister for JavaScript, and from our own supplement."""

import importlib
import json
import pkgutil
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from faker.providers import person

from coach.config import content_root

_NAME = re.compile(r"[^\W\d_][^\W\d_' -]+")
# Other scripts are not written in a Dutch text.
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff' -]+")


@dataclass
class NameLists:
    """Names by list: the locale of a package, or the background in the supplement."""

    firsts: dict[str, list[str]] = field(default_factory=dict)
    lasts: dict[str, list[str]] = field(default_factory=dict)
    extra_firsts: dict[str, list[str]] = field(default_factory=dict)
    extra_lasts: dict[str, list[str]] = field(default_factory=dict)


def read_names(faker_js: Path) -> NameLists:
    """Return all names; `faker_js` is {locale: {"first": [...], "last": [...]}}, see corpus/names/README.md."""
    firsts: dict[str, set[str]] = defaultdict(set)
    lasts: dict[str, set[str]] = defaultdict(set)
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            kind = re.match(r"(first_name|first_romanized|given_)|(last_|surname|clan)", attribute)
            values = getattr(provider, attribute)
            if kind and isinstance(values, tuple | list | dict):
                group = firsts if kind[1] else lasts
                group[module.name] |= {value for value in values if isinstance(value, str)}
    for locale, names in json.loads(faker_js.read_text(encoding="utf-8")).items():
        firsts[f"js_{locale}"] |= set(names["first"])
        lasts[f"js_{locale}"] |= set(names["last"])
    supplement = yaml.safe_load((content_root() / "corpus" / "names" / "supplement.yaml").read_text(encoding="utf-8"))
    return NameLists(
        _latin(firsts),
        _latin(lasts),
        {name: sorted(set(text.split())) for name, text in supplement["first"].items()},
        {name: sorted(set(text.split())) for name, text in supplement["last"].items()},
    )


def _latin(lists: dict[str, set[str]]) -> dict[str, list[str]]:
    kept = {key: sorted(n for n in names if _NAME.fullmatch(n) and _LATIN.fullmatch(n)) for key, names in lists.items()}
    return {key: names for key, names in sorted(kept.items()) if names}
