"""Ways to a person as links: a number that one tap calls, a site in a new tab; made from the list of help lines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from coach.conversation.safety_texts import HelpLine, InstitutionField
from coach.web.render import paragraphs, plain

# What whoever installs the coach filled in as contact: a number, a page, or else anything.
_NUMBER = re.compile(r"\+?[\d\s()-]{3,}")
_SITE = re.compile(r"(?:https://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?")


def call(number: str, *, label: str = "", look: str = "call") -> str:
    """Return the link that calls a number; it reads as the number itself without a label."""
    address = re.sub(r"[^+\d]", "", number)
    return f'<a class="{look}" href="tel:{address}">{plain(label or number)}</a>'


def site(url: str, *, look: str = "site") -> str:
    """Return the link to a site, in a new tab, so that what is being typed stays."""
    address = url if url.startswith("https://") else f"https://{url}"
    name = plain(address.removeprefix("https://"))
    return f'<a class="{look}" href="{plain(address)}" target="_blank" rel="noopener noreferrer">{name}</a>'


def is_number(contact: str) -> bool:
    """Say whether a contact is a telephone number and nothing else."""
    return bool(_NUMBER.fullmatch(contact))


def is_site(contact: str) -> bool:
    """Say whether a contact is the address of a page and nothing else."""
    return bool(_SITE.fullmatch(contact))


@dataclass(frozen=True)
class Ways:
    """The numbers and sites that a safety text may name; only these become links, wherever they stand in it."""

    numbers: frozenset[str]
    sites: frozenset[str]

    def html(self, text: str) -> str:
        """Return a text as HTML paragraphs in which these can be tapped."""
        return self._named.sub(self._link, paragraphs(text))

    @cached_property
    def _named(self) -> re.Pattern[str]:
        # The longest first: "113.nl" is not the number 113. What stands in a longer number or address is left alone.
        names = sorted({plain(name) for name in (*self.numbers, *self.sites)}, key=len, reverse=True)
        return re.compile(rf"(?<![\w.+/-])(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?![\w/-]|\.\w)")

    def _link(self, match: re.Match[str]) -> str:
        named = unescape(match[0])
        return call(named, look="way") if named in self.numbers else site(named, look="way")


def ways_to(lines: Iterable[HelpLine], offices: Iterable[InstitutionField]) -> Ways:
    """Return the ways there are: of the help lines that students see, and of the institution as far as filled in."""
    lines, contacts = tuple(lines), [office.contact.strip() for office in offices]
    numbers = [line.number for line in lines] + [contact for contact in contacts if is_number(contact)]
    sites = [line.url for line in lines] + [contact for contact in contacts if is_site(contact)]
    return Ways(frozenset(filter(None, numbers)), frozenset(filter(None, sites)))
