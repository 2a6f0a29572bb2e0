"""Prompts: prompts/phrasing/*.md, with a version, and texts of others put into them as data."""

import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from coach.errors import ContentError

_HEAD = re.compile(r"\A<!-- version: (\d+) -->\n")
# Between what the model is to do, the examples with their replies, and what it is given this time.
_BETWEEN = "\n=====\n"
_GAP = re.compile(r"\{(\w+)\}")
# Characters that mean something to a chat template: a text of others must not end its own part.
_TEMPLATE = re.compile(r"<\|[^|>]{0,40}\|>|\[/?(?:INST|SYS)\]|</?s>|<</?SYS>>", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """What is sent: what the model is to do, examples, what it is given, and what it tried before.

    `examples` are pairs of what is given and a good reply; `tried` of a refused reply and the remark on it. Only `user`
    and `tried` differ from call to call, so a server can keep what it read of the rest.
    """

    system: str
    user: str
    version: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    tried: tuple[tuple[str, str], ...] = ()

    def again(self, reply: str, remark: str) -> "Message":
        """Return the message with a refused reply and a remark on it."""
        return replace(self, tried=(*self.tried, (_without_template(reply), remark)))

    def turns(self) -> tuple[tuple[str, str], ...]:
        """Return all of it as pairs of who speaks ("system", "human", "ai") and what is said."""
        given = [pair for told, reply in self.examples for pair in (("human", told), ("ai", reply))]
        after = [pair for reply, remark in self.tried for pair in (("ai", reply), ("human", remark))]
        return (("system", self.system), *given, ("human", self.user), *after)


@dataclass(frozen=True)
class Prompt:
    """A prompt with gaps; `version` is its name and number: "turn.nl/1"."""

    version: str
    system: str
    user: str
    examples: tuple[tuple[str, str], ...] = ()

    def fill(self, *, data: dict[str, str], **values: str) -> Message:
        """Return the message; `data` are texts of others, each fenced by a mark that they cannot know."""
        mark = secrets.token_hex(6)
        fenced = {name: fence(text, mark=mark) for name, text in data.items()}
        return Message(self.system, _filled(self.user, {**values, **fenced}), self.version, self.examples)


def load_prompt(path: Path) -> Prompt:
    """Read a prompt; a `ContentError` names what is wrong with the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: kan niet worden gelezen ({error}); zet het bestand terug") from error
    head = _HEAD.match(text)
    if head is None:
        raise ContentError(f"{path.name}: begint niet met <!-- version: N -->")
    system, *parts = (part.strip() for part in text[head.end() :].split(_BETWEEN))
    if not parts or not all((system, *parts)):
        raise ContentError(f"{path.name}: mist de regel ===== tussen de opdracht en de gegevens")
    *pairs, user = parts
    if len(pairs) % 2:
        raise ContentError(f"{path.name}: na elk voorbeeld hoort een antwoord, met ===== ertussen")
    examples = tuple(zip(pairs[::2], pairs[1::2], strict=True))
    return Prompt(f"{path.stem}/{head.group(1)}", system, user, examples)


def fence(text: str, *, mark: str) -> str:
    """Return a text of others between marks, without what would look like the end of a message."""
    clean = _without_template(text).replace(mark, " ").replace("<<<", " ").replace(">>>", " ")
    return f"<<<{mark}\n{clean.strip()}\n{mark}>>>"


def _without_template(text: str) -> str:
    return _TEMPLATE.sub(" ", text)


def _filled(text: str, gaps: dict[str, str]) -> str:
    # In one pass: a brace in a text of others stays as it is.
    return _GAP.sub(lambda match: gaps.get(match.group(1), match.group()), text)
