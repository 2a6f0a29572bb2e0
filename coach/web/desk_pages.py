"""Plain pages, rendered on the server: the release pages of students and everything of teachers."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote as quote_address

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import RootModel, StringConstraints

from coach.app import Coach
from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.state import Language
from coach.errors import ContentError
from coach.library.quote import Quote
from coach.web.cards import card_html
from coach.web.look import ICON, Asset
from coach.web.plots import bar, bars
from coach.web.render import paragraphs, watch_html
from coach.web.words import Lexicon

Sections = Mapping[str, Mapping[str, str]]
_FOLDER = Path(__file__).parent
_GAP = re.compile(r"\{(\w+)\}")


class _Texts(RootModel[Mapping[str, Mapping[str, Annotated[str, StringConstraints(min_length=1)]]]]):
    """A file of texts: sections of named lines."""


def load_texts(name: str) -> Sections:
    """Return the lines of a file in prompts/texts by section; a template could not reach a line named like a method."""
    sections = read_yaml(content_root() / "prompts" / "texts" / name, _Texts).root
    hidden = [key for section, lines in sections.items() for key in (section, *lines) if hasattr(lines, key)]
    if hidden:
        raise ContentError(f"{name}: {hidden[0]!r} is in een sjabloon niet te lezen; kies een andere naam")
    return sections


def load_release_texts() -> Mapping[Language, Sections]:
    """Return what a student reads about releasing; raise `ContentError` when a translation has other lines or gaps."""
    found: dict[Language, Sections] = {"nl": load_texts("release.yaml"), "en": load_texts("release_en.yaml")}
    dutch, english = (_gaps(sections) for sections in found.values())
    different = sorted(set(dutch.items()) ^ set(english.items()))
    if different:
        raise ContentError(f"release_en.yaml: {different[0][0]}: niet dezelfde regels of gaten als release.yaml")
    return found


def _gaps(sections: Sections) -> dict[str, frozenset[str]]:
    return {
        f"{section}.{name}": frozenset(_GAP.findall(line))
        for section, lines in sections.items()
        for name, line in lines.items()
    }


class DeskPages:
    """Renders the templates; every value is escaped unless a function of this room made it HTML."""

    def __init__(
        self, coach: Coach, *, lexicon: Lexicon, assets: tuple[Asset, ...], help_panel: str, watch: Asset
    ) -> None:
        self.teacher_texts = load_texts("teacher.yaml")
        self.release_texts = load_release_texts()
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

        def card(quote: Quote, language: Language) -> Markup:
            return Markup(card_html(quote, words=lexicon[language], passage_text=coach.passage_text))  # noqa: S704

        self._environment.filters["paragraphs"] = _paragraphs
        self._environment.filters["week"] = _week
        self._environment.globals |= {
            "card": card,
            "bar": bar,
            "bars": bars,
            "styles": [asset.path for asset in assets if asset.media_type == "text/css"],
            "scripts": [asset.path for asset in assets if asset.media_type == "text/javascript"],
            "watch_script": watch.path,
            "watch": lambda language: Markup(watch_html(lexicon[language].watch)),  # noqa: S704  # escaped there
            "help_panel": Markup(help_panel),  # noqa: S704  # made by shell.py
            "icon": f"data:image/svg+xml,{quote_address(ICON)}",
            "lexicon": lexicon,
        }

    def show(
        self, template: str, values: Mapping[str, object], *, status: int = 200, language: Language = "nl"
    ) -> HTMLResponse:
        """Return a page; it is never stored anywhere on the way."""
        html = self._environment.get_template(template).render({**values, "language": language})
        headers = {"Cache-Control": "no-store"}
        # Half a surrogate pair cannot be sent; it becomes "?".
        content = html.encode("utf-8", "replace")
        return HTMLResponse(content, status_code=status, headers=headers)


def _week(iso_week: str, form: str) -> str:
    """Return "2026-W07" as a person says it."""
    year, _, week = iso_week.partition("-W")
    return form.format(week=int(week), year=year)


def _paragraphs(text: str) -> Markup:
    return Markup(paragraphs(text))  # noqa: S704  # escaped there
