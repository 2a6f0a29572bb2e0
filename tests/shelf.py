"""A small catalogue, digest and book, and how the tests build an index of them."""

from collections.abc import Sequence
from pathlib import Path

from coach.config import Settings
from coach.library.catalog import Catalog, Part, Source
from coach.library.index import build_index, open_index
from coach.library.passage import Passage
from coach.library.report import IndexReport

BOOK = Source(
    key="boek",
    authors=("Jansen, A.",),
    year=2020,
    title="Boek over teams",
    published_in=None,
    doi=None,
    open_access=None,
    language="nl",
    cited_tier="A",
    cited_in=(),
    evidence=None,
    takes=None,
    caveats=(),
    confidence="high",
    files=("boek.pdf",),
    parts=(Part("EERSTE DEEL", "EERSTE DEEL", "A", "nl"), Part("BIJLAGE", "BIJLAGE", "B", "en")),
)
CATALOG = Catalog({"boek": BOOK})
PAGES = ["EERSTE DEEL\nVertrouwen groeit langzaam in een team.", "BIJLAGE\nTeams share knowledge and goals."]


def key_to(id_: str, text: str, anchor: str) -> Passage:
    return Passage(
        f"digest:{id_}", "boek", BOOK.display_title, "EERSTE DEEL", 1, "A", "digest", "nl", text, anchor=anchor
    )


DIGEST = (
    key_to("vertrouwen", "Het kost tijd voor je elkaar vertrouwt.", "groeit langzaam in een team"),
    key_to("anders", "Dit staat nergens in het boek.", "deze woorden staan er niet"),
)


def build(
    settings: Settings, folder: Path, *, digest: Sequence[Passage] = DIGEST, rebuild: bool = False
) -> IndexReport:
    return build_index(settings, catalog=CATALOG, digest=digest, folders=[folder], rebuild=rebuild)


def stored(settings: Settings) -> dict[str, Passage]:
    index = open_index(settings)
    try:
        return {passage.id: passage for passage in index.passages()}
    finally:
        index.close()
