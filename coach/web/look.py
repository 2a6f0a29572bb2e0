"""What the page looks like: its style sheet and script, and a Gradio theme that gets out of their way."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import gradio as gr

_FOLDER = Path(__file__).parent

# Nothing is fetched from elsewhere: only fonts that are on the reader's own device.
FONTS = ("Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")

# A page with a folded corner and a question on it; one colour, no file.
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
    "<path fill='#17595b' d='M6 3h14l7 7v19H6z'/><path fill='#fbf7f0' d='M20 3v7h7z'/>"
    "<path fill='none' stroke='#fbf7f0' stroke-width='2' stroke-linecap='round' d='M11 16h11M11 21h11M11 26h6'/></svg>"
)


@dataclass(frozen=True)
class Asset:
    """A file of the page, served under an address that changes with its content."""

    name: str
    content: str
    media_type: str

    @property
    def path(self) -> str:
        """The address below the root of the site."""
        return f"/pagina/{sha256(self.content.encode()).hexdigest()[:12]}/{self.name}"


def style_sheet() -> Asset:
    """Return the style sheet of the page."""
    return Asset("page.css", (_FOLDER / "page.css").read_text(encoding="utf-8"), "text/css")


def page_script() -> Asset:
    """Return the script of the page; what it calls goes first."""
    parts = [
        (_FOLDER / name).read_text(encoding="utf-8") for name in ("memory.js", "waiting.js", "page.js", "watch.js")
    ]
    return Asset("page.js", "\n".join(parts), "text/javascript")


def watch_script() -> Asset:
    """Return the live warning alone, for a plain page on which a student types."""
    return Asset("watch.js", (_FOLDER / "watch.js").read_text(encoding="utf-8"), "text/javascript")


def desk_assets() -> tuple[Asset, Asset]:
    """Return the style sheet and the script of the plain pages, which come after the style sheet of the page."""
    style = Asset("desk.css", (_FOLDER / "desk.css").read_text(encoding="utf-8"), "text/css")
    return style, Asset("desk.js", (_FOLDER / "desk.js").read_text(encoding="utf-8"), "text/javascript")


def quiet_theme() -> gr.themes.Base:
    """Return a theme without fonts to fetch; colours and sizes come from the style sheet."""
    return gr.themes.Base(font=FONTS, font_mono=("monospace",))
