"""The catalogue is read strictly."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.config import content_root
from coach.errors import ContentError
from coach.library.catalog import Catalog, load_catalog

ENTRY: dict[str, Any] = {
    "key": "jansen2020",
    "authors": ["Jansen, A."],
    "year": 2020,
    "title": None,
    "published_in": None,
    "doi": None,
    "open_access": None,
    "language": "nl",
    "cited_tier": "A",
    "cited_in": ["1.1"],
    "evidence": "theoretisch artikel",
    "takes": "Samenwerken vraagt tijd.",
    "caveats": [],
    "confidence": "high",
    "files": ["Jansen (2020) Cliënten.pdf"],
}


def load(tmp_path: Path, *sources: dict[str, Any]) -> Catalog:
    path = tmp_path / "catalog.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "sources": list(sources)}, allow_unicode=True), encoding="utf-8")
    return load_catalog(path)


def test_the_shipped_catalogue_loads() -> None:
    catalog = load_catalog(content_root() / "corpus" / "catalog.yaml")
    verkenning = catalog.sources["verkenning"]
    assert {part.tier for part in verkenning.parts} == {"A", "B", "C"}
    assert catalog.of_file(Path("x/Verkenning-werken-aan-samenwerken.PDF")) is verkenning


def test_a_source_without_a_title_says_so(tmp_path: Path) -> None:
    source = load(tmp_path, ENTRY).sources["jansen2020"]
    assert source.title is None
    assert source.display_title == "titel onbekend"
    assert source.authors == ("Jansen, A.",)


def test_parts_are_read(tmp_path: Path) -> None:
    part = {"begins": "BIJLAGE C", "section": "BIJLAGE C", "tier": "A", "language": "nl", "missing": True}
    assert load(tmp_path, {**ENTRY, "parts": [part]}).sources["jansen2020"].parts[0].missing


def test_a_file_is_known_by_its_name_whatever_the_case_or_encoding_of_accents(tmp_path: Path) -> None:
    catalog = load(tmp_path, ENTRY)
    found = catalog.of_file(Path("/ergens/jansen (2020) clie\u0308nten.pdf"))
    assert found is not None and found.key == "jansen2020"
    assert catalog.of_file(Path("anders.pdf")) is None


def test_a_pdf_may_be_named_after_the_key(tmp_path: Path) -> None:
    catalog = load(tmp_path, ENTRY)
    found = catalog.of_file(Path("/ergens/Jansen2020.pdf"))
    assert found is not None and found.key == "jansen2020"
    assert catalog.of_file(Path("jansen2020.txt")) is None


def test_a_licence_may_be_given(tmp_path: Path) -> None:
    assert load(tmp_path, {**ENTRY, "licence": "CC BY 4.0"}).sources["jansen2020"].licence == "CC BY 4.0"
    assert load(tmp_path, ENTRY).sources["jansen2020"].licence is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"tier": "A"}, "catalog.yaml: sources[1].tier: deze sleutel bestaat niet"),
        ({"cited_tier": "Z"}, "catalog.yaml: sources[1].cited_tier: 'Z' kan niet; kies uit 'A', 'B' or 'C'"),
        ({"year": "2020"}, "catalog.yaml: sources[1].year"),
        ({"authors": "Jansen"}, "catalog.yaml: sources[1].authors"),
        ({"key": "jansen2020"}, "catalog.yaml: sources[1].key: 'jansen2020' komt twee keer voor"),
        (
            {"parts": [{"begins": "x", "section": "x", "tier": "Q", "language": "nl"}]},
            "catalog.yaml: sources[1].parts[0].tier: 'Q' kan niet",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, change: dict[str, Any], place: str) -> None:
    with pytest.raises(ContentError) as error:
        load(tmp_path, ENTRY, {**ENTRY, "key": "pietersen2021", **change})
    assert place in str(error.value)


@pytest.mark.parametrize("key", sorted(set(ENTRY)))
def test_every_key_is_required(tmp_path: Path, key: str) -> None:
    with pytest.raises(ContentError, match=rf"sources\[0\]\.{key}: ontbreekt"):
        load(tmp_path, {name: value for name, value in ENTRY.items() if name != key})


@pytest.mark.parametrize("content", ["sources: [", "- 1", "", "sources: null", "bronnen: []"])
def test_a_file_that_is_no_catalogue(tmp_path: Path, content: str) -> None:
    path = tmp_path / "catalog.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=r"catalog\.yaml: "):
        load_catalog(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"catalog\.yaml: kan niet gelezen worden"):
        load_catalog(tmp_path / "catalog.yaml")
