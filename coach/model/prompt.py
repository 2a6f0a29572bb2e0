"""Prompts: prompts/phrasing/*.md, with a version, and texts of others put into them as data."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from coach.errors import ContentError

_HEAD = re.compile(r"\A<!-- version: (\d+) -->\n")
# Between what the model is and what it is given this time.
_BETWEEN = "\n=====\n"
_GAP = re.compile(r"\{(\w+)\}")
# Characters that mean something to a chat template: a text of others must not end its own part.
_TEMPLATE = re.compile(r"<\|[^|>]{0,40}\|>|\[/?(?:INST|SYS)\]|</?s>|<</?SYS>>", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """What is sent: what the model is to do, and what it is given."""

    system: str
    user: str
    version: str = ""

    def again(self, remark: str) -> "Message":
        """Return the message with a remark on the answer it got."""
        return Message(self.system, f"{self.user}\n\n{remark}", self.version)


@dataclass(frozen=True)
class Prompt:
    """A prompt with gaps; `version` is its name and number: "turn.nl/1"."""

    version: str
    system: str
    user: str

    def fill(self, *, data: dict[str, str], **values: str) -> Message:
        """Return the message; `data` are texts of others, each fenced by a mark that they cannot know."""
        mark = secrets.token_hex(6)
        fenced = {name: fence(text, mark=mark) for name, text in data.items()}
        gaps = {**values, **fenced, "mark": mark}
        return Message(_filled(self.system, gaps), _filled(self.user, gaps), self.version)


def load_prompt(path: Path) -> Prompt:
    """Read a prompt; a `ContentError` names what is wrong with the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: kan niet worden gelezen ({error}); zet het bestand terug") from error
    head = _HEAD.match(text)
    if head is None:
        raise ContentError(f"{path.name}: begint niet met <!-- version: N -->")
    system, between, user = text[head.end() :].partition(_BETWEEN)
    if not between or not user.strip():
        raise ContentError(f"{path.name}: mist de regel ===== tussen de opdracht en de gegevens")
    return Prompt(f"{path.stem}/{head.group(1)}", system.strip(), user.strip())


def fence(text: str, *, mark: str) -> str:
    """Return a text of others between marks, without what would look like the end of a message."""
    clean = _TEMPLATE.sub(" ", text).replace(mark, " ")
    return f"<<<{mark}\n{clean.strip()}\n{mark}>>>"


def _filled(text: str, gaps: dict[str, str]) -> str:
    # In one pass: a brace in a text of others stays as it is.
    return _GAP.sub(lambda match: gaps.get(match.group(1), match.group()), text)
