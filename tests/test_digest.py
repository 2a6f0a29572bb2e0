"""The digest is read strictly, and its anchors find their place."""

from pathlib import Path

import pytest

from coach.config import content_root
from coach.errors import ContentError
from coach.library.catalog import Catalog, load_catalog
from coach.library.digest import find_anchor, load_digest
from coach.library.passage import Passage

BLOCK = """## spanning-hoort-erbij
section: 1.2 Wat er verder bij komt kijken
page: 4
tier: A
anchor: gaat nu eenmaal gepaard met spanningen

Spanning hoort bij samenwerken
en is niet verkeerd.
"""
FRONT = "---\nsource: verkenning\n---\n\n"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(content_root() / "corpus" / "catalog.yaml")


def load(tmp_path: Path, content: str, catalog: Catalog) -> tuple[Passage, ...]:
    (tmp_path / "deel.md").write_text(content, encoding="utf-8")
    return load_digest(tmp_path, catalog=catalog)


def test_a_passage_is_read_with_all_its_fields(tmp_path: Path, catalog: Catalog) -> None:
    (passage,) = load(tmp_path, FRONT + BLOCK, catalog)
    assert passage.id == "digest:spanning-hoort-erbij"
    assert (passage.source, passage.page, passage.tier, passage.form) == ("verkenning", 4, "A", "digest")
    assert passage.title == "Verkenning Werken aan Samenwerken"
    assert passage.text == "Spanning hoort bij samenwerken en is niet verkeerd."
    assert passage.search_text.startswith("1.2 Wat er verder bij komt kijken\n")


def test_a_passage_may_name_another_source(tmp_path: Path, catalog: Catalog) -> None:
    block = BLOCK.replace("page: 4\n", "source: vangen2016\npage: null\n").replace("tier: A", "tier: D")
    (passage,) = load(tmp_path, FRONT + block, catalog)
    assert (passage.source, passage.page, passage.tier) == ("vangen2016", None, "D")


def test_the_shipped_digest_loads(catalog: Catalog) -> None:
    passages = load_digest(content_root() / "corpus" / "digest", catalog=catalog)
    assert {passage.tier for passage in passages} == {"A", "B", "C", "D"}
    assert all(passage.text for passage in passages)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tier: A", "tier: X", "deel.md: spanning-hoort-erbij.tier: 'X' kan niet"),
        ("tier: A\n", "", "deel.md: spanning-hoort-erbij.tier: ontbreekt"),
        ("page: 4", "pagina: 4", "deel.md: spanning-hoort-erbij.pagina: deze sleutel bestaat niet"),
        ("page: 4", "page: vier", "deel.md: spanning-hoort-erbij.page: 'vier' is geen paginanummer"),
        (
            "section: 1.2 Wat er verder bij komt kijken",
            "section: 1.2",
            "spanning-hoort-erbij.section: 1.2 is geen tekst",
        ),
        ("page: 4", "source: onbekend", "spanning-hoort-erbij.source: 'onbekend' staat niet in de catalogus"),
        ("samenwerken\nen", "samenwerken\n\nen", "precies een alinea"),
        ("page: 4", "page: [4", "geen geldige YAML"),
        ("## spanning-hoort-erbij", "## Spanning", "een id bestaat uit kleine letters"),
        ("---\nsource: verkenning\n---\n", "", "begint niet met een blok"),
        ("## spanning", "tekst\n\n## spanning", "tekst voor de eerste passage"),
        ("source: verkenning", "auteur: ik", "onbekende sleutel 'auteur'"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_passage(
    tmp_path: Path, catalog: Catalog, old: str, new: str, message: str
) -> None:
    with pytest.raises(ContentError) as error:
        load(tmp_path, (FRONT + BLOCK).replace(old, new, 1), catalog)
    assert message in str(error.value)


def test_an_id_may_occur_once_in_all_files(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "ander.md").write_text(FRONT + BLOCK, encoding="utf-8")
    with pytest.raises(ContentError, match=r"deel\.md: spanning-hoort-erbij: deze id komt twee keer voor"):
        load(tmp_path, FRONT + BLOCK, catalog)


@pytest.mark.parametrize(
    ("anchor", "text", "found"),
    [
        ("gepaard met spanningen", "Het gaat GEPAARD\n  met span-\nningen, zegt men", "GEPAARD\n  met span-\nningen"),
        ("'shared sense of purpose'", "een ‘shared sense of purpose’ hebben", "‘shared sense of purpose’"),
        ('idee van "collaborative discovery"', "Idee van “collaborative discovery,”", None),
        ("context- en situatiespecifiek", "kijk context- en situatie-specifiek", "context- en situatie-specifiek"),
        ("clie\u0308nt centraal", "de cliënt centraal", "cliënt centraal"),
        ("staat er niet", "iets anders", None),
        (" - ", "a - b", None),
    ],
)
def test_an_anchor_is_found_whatever_the_typography(anchor: str, text: str, found: str | None) -> None:
    span = find_anchor(anchor, text)
    assert (text[slice(*span)] if span else None) == found
