"""The digest: what each source says in our own words, passage by passage, and the place it stands for."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from coach.errors import ContentError
from coach.library.catalog import Catalog
from coach.library.passage import Passage

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEXT_KEYS = {"source", "section", "anchor", "note"}
_KEYS = _TEXT_KEYS | {"page", "tier"}
_TIERS = {"A", "B", "C", "D"}
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‛": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_HYPHENS = frozenset("-‐‑‒–—−\u00ad")


def load_digest(folder: Path, *, catalog: Catalog) -> tuple[Passage, ...]:
    """Read all digest files strictly, in order of name; a `ContentError` names file and passage."""
    passages: dict[str, Passage] = {}
    for path in sorted(folder.glob("*.md")):
        for passage in _read_file(path, catalog=catalog):
            if passage.id in passages:
                raise ContentError(f"{path.name}: {passage.id.removeprefix('digest:')}: deze id komt twee keer voor")
            passages[passage.id] = passage
    return tuple(passages.values())


def find_anchor(anchor: str, text: str) -> tuple[int, int] | None:
    """Return where the anchor stands in the text as (start, end), or None.

    Case, white space, hyphens and the shape of quotation marks make no difference; the first place counts.
    """
    wanted, _ = _fold(unicodedata.normalize("NFC", anchor))
    if not wanted:
        return None
    folded, offsets = _fold_text(text)
    at = folded.find(wanted)
    return None if at < 0 else (offsets[at], offsets[at + len(wanted) - 1] + 1)


@lru_cache(maxsize=4)
def _fold_text(text: str) -> tuple[str, tuple[int, ...]]:
    """Fold a long text once for the many anchors that are looked up in it."""
    return _fold(text)


def _fold(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the comparable characters of a text and the offset each of them comes from."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character.isspace() or character in _HYPHENS:
            continue
        for folded in unicodedata.normalize("NFC", character.translate(_QUOTES)).casefold():
            characters.append(folded)
            offsets.append(offset)
    return "".join(characters), tuple(offsets)


def _read_file(path: Path, *, catalog: Catalog) -> list[Passage]:
    try:
        content = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: kan niet gelezen worden ({error})") from error
    match = _FRONT_MATTER.match(content)
    if match is None:
        raise ContentError(f"{path.name}: begint niet met een blok tussen twee regels met ---")
    front = _read_mapping(match[1], place=path.name)
    unknown = set(front) - {"source", "title"}
    if unknown:
        raise ContentError(f"{path.name}: onbekende sleutel {min(unknown)!r} boven in het bestand")
    shared = {key: value for key, value in front.items() if key == "source"}
    lead, *blocks = re.split(r"^## ", match[2], flags=re.MULTILINE)
    if lead.strip():
        raise ContentError(f"{path.name}: er staat tekst voor de eerste passage: {lead.strip()[:40]!r}")
    return [_read_block(block, shared=shared, file_name=path.name, catalog=catalog) for block in blocks]


def _read_block(block: str, *, shared: Mapping[str, Any], file_name: str, catalog: Catalog) -> Passage:
    identifier, _, rest = block.partition("\n")
    identifier = identifier.strip()
    place = f"{file_name}: {identifier}"
    if not _IDENTIFIER.fullmatch(identifier):
        raise ContentError(f"{place}: een id bestaat uit kleine letters en cijfers met streepjes ertussen")
    described, _, body = rest.partition("\n\n")
    fields = {**shared, **_read_mapping(described, place=place)}
    _check_fields(fields, place=place)
    source = catalog.sources.get(fields["source"])
    if source is None:
        raise ContentError(f"{place}.source: {fields['source']!r} staat niet in de catalogus")
    text = body.strip()
    if not text or re.search(r"\n\s*\n", text):
        raise ContentError(f"{place}: na de regels met gegevens hoort precies een alinea tekst")
    return Passage(
        id=f"digest:{identifier}",
        source=source.key,
        title=source.display_title,
        section=fields["section"],
        page=fields.get("page"),
        tier=fields["tier"],
        form="digest",
        language="nl",
        text=" ".join(text.split()),
        note=fields.get("note") or "",
        anchor=fields.get("anchor") or "",
    )


def _read_mapping(text: str, *, place: str) -> Mapping[str, Any]:
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ContentError(f"{place}: de gegevens zijn geen geldige YAML ({str(error).splitlines()[0]})") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ContentError(f"{place}: verwacht regels als 'section: …', niet {text[:40]!r}")
    return content


def _check_fields(fields: Mapping[str, Any], *, place: str) -> None:
    unknown = set(fields) - _KEYS
    if unknown:
        raise ContentError(f"{place}.{min(unknown)}: deze sleutel bestaat niet")
    for name in ("source", "section", "tier"):
        if fields.get(name) in {None, ""}:
            raise ContentError(f"{place}.{name}: ontbreekt")
    for name in sorted(_TEXT_KEYS & set(fields)):
        if not isinstance(fields[name], str | None):
            raise ContentError(f"{place}.{name}: {fields[name]!r} is geen tekst; zet er aanhalingstekens om")
    if fields["tier"] not in _TIERS:
        raise ContentError(f"{place}.tier: {fields['tier']!r} kan niet; kies uit A, B, C of D")
    page = fields.get("page")
    if page is not None and (not isinstance(page, int) or isinstance(page, bool) or page < 1):
        raise ContentError(f"{place}.page: {page!r} is geen paginanummer")
