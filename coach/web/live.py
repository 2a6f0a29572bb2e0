"""The live warning: while the student types, the server says what in the text looks identifying.

The text is looked at in memory by the function that masks it later, and is neither kept nor written down. Names that
the conversation of this browser met before are known again, as they will be when the text is sent.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from coach.app import Coach
from coach.conversation.cues import load_cues
from coach.conversation.deidentify import Span, find_spans
from coach.conversation.lexicon import plain
from coach.conversation.name_memory import NameMemory
from coach.conversation.name_titles import ANY_NAME
from coach.conversation.name_tokens import Token, look_up, tokenize
from coach.conversation.state import Language
from coach.web.guard import browser_token
from coach.web.limits import Limiter

_NO_STORE = {"Cache-Control": "no-store"}


def add_live_check(app: FastAPI, coach: Coach, *, limiter: Limiter) -> None:
    """Add the address that answers `{"text", "language"}` with `{"found": [{"start", "end", "type", "label"}]}`.

    Of a person it also says what stands before the name, so that a role in its place makes a sentence.
    """

    @app.post("/let-op")
    async def look(request: Request) -> Response:
        token = browser_token(request.headers.get("cookie", ""))
        if token is None:
            return Response(status_code=403, headers=_NO_STORE)
        wait_seconds = limiter.wait_seconds("check", token)
        if wait_seconds:
            return Response(status_code=429, headers={**_NO_STORE, "Retry-After": str(math.ceil(wait_seconds))})
        text, language = _read(await request.body())
        if text is None:
            return Response(status_code=400, headers=_NO_STORE)
        if len(text) > coach.turn_max_characters:
            return Response(status_code=413, headers=_NO_STORE)
        found = await run_in_threadpool(lambda: find(text, coach.names_met(token), language=language))
        return JSONResponse({"found": found}, headers=_NO_STORE)


def find(text: str, memory: NameMemory | None = None, *, language: Language = "nl") -> list[dict[str, Any]]:
    """Return what the server would mask; places count UTF-16 units, as a browser counts them."""
    spans = find_spans(text, memory, language=language)
    # At [n]: how many units the first n characters take.
    units = list(accumulate((1 + (character > "\uffff") for character in text), initial=0)) if spans else []
    tokens = tokenize(text, is_english=language == "en") if any(span.type == "person" for span in spans) else []
    found = []
    for span in spans:
        one: dict[str, Any] = {"start": units[span.start], "end": units[span.end]}
        one |= {"type": span.type, "label": span.label}
        if span.type == "person":
            near = _beside(tokens, span)
            one |= {"before": near.before, "lead": units[near.lead], "kept": units[near.kept], "owns": near.owns}
        found.append(one)
    return found


@dataclass(frozen=True)
class _Beside:
    """What stands before a name: a "role" ("mijn begeleider"), a "title" ("mevrouw"), "called" ("heet") or "".

    With its article it begins at `lead`; what is kept of it when the name goes ends at `kept`.
    """

    before: str
    lead: int
    kept: int
    owns: bool


def _beside(tokens: Sequence[Token], span: Span) -> _Beside:
    inside = [index for index, token in enumerate(tokens) if span.start <= token.start < span.end]
    if not inside:
        return _Beside("", span.start, span.start, owns=False)
    owns = _owns(tokens, inside[-1])
    index = first = inside[0]
    cues = load_cues()
    while index and tokens[index - 1].word in cues["titles"] and not _is_role(tokens, index - 1):
        index -= 1
    if index and _is_role(tokens, index - 1):
        return _Beside("role", tokens[_with_article(tokens, index - 1)].start, tokens[index - 1].end, owns=owns)
    if index < first:
        return _Beside("title", tokens[_with_article(tokens, index)].start, span.start, owns=owns)
    is_called = index > 0 and tokens[index - 1].word in _CALLED
    return _Beside("called" if is_called else "", span.start, span.start, owns=owns)


def _owns(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a name has the s of what is somebody's: "Fatima's", "Saras", "Jansens dochter", not "Hans"."""
    token = tokens[index]
    if not token.is_word:
        return False
    if len(plain(token.text)) > len(token.word) or token.text[-1] in "'\u2019":
        return True
    is_relative = index + 1 < len(tokens) and tokens[index + 1].word in load_cues()["roles"]
    if not token.word.endswith("s") or (token.facts & ANY_NAME and not is_relative):
        return False
    return bool(look_up(token.word[:-1])[1] & ANY_NAME)


_CALLED = frozenset("heet heette heten genaamd called named".split())
_ARTICLES = frozenset("mijn m'n mn de het een onze ons zijn haar die deze dit my our the a an his her their".split())


def _is_role(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word tells somebody's role: "begeleider"; "zuster" only with an article, else it is a title."""
    word = tokens[index].word
    if word not in load_cues()["roles"]:
        return False
    return word not in load_cues()["titles"] or (index > 0 and tokens[index - 1].word in _ARTICLES)


def _with_article(tokens: Sequence[Token], index: int) -> int:
    return index - 1 if index and tokens[index - 1].word in _ARTICLES else index


def _read(body: bytes) -> tuple[str | None, Language]:
    """Return the text that was sent and the language of the page it stands on."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None, "nl"
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        return None, "nl"
    return text, "en" if data.get("language") == "en" else "nl"
