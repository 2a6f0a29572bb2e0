"""The page that says what happens to the text, with the deletion code, and all that is kept as a file."""

import json
import math
from collections.abc import Mapping
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from coach.app import Coach
from coach.conversation.state import Language
from coach.errors import CoachError
from coach.records.conversations import Conversation
from coach.records.release import Held
from coach.web.guard import NONCE, browser_token
from coach.web.limits import ANYBODY, Count, Limiter, whole_minutes
from coach.web.render import code_html, day, plain
from coach.web.shell import ADDRESSES, Parts, document
from coach.web.words import Lexicon, Words
from coach.web.words_plain import MyTextWords, TextSection

# Longer than any code, with room for a form's other marks.
_FORM_MAX_BYTES = 1_000
# After the sections that say what is kept and what is not.
_MASKED_AFTER = 3


class MyText:
    """The page in every language: what happens, what is kept of this browser's conversation, and deleting by code."""

    def __init__(self, coach: Coach, *, lexicon: Lexicon, parts: Parts, limiter: Limiter) -> None:
        self._coach = coach
        self._lexicon = lexicon
        self._parts = parts
        self._limiter = limiter

    def add_to(self, app: FastAPI) -> None:
        """Add the addresses of the page, and of the file with all that is kept."""
        for language in ADDRESSES:
            self._add_page(app, language)
        # Before the files to take along, which would take ".json" for a part of the id.
        app.get("/reflectie/{session_id}.json")(self.export)

    def _add_page(self, app: FastAPI, language: Language) -> None:
        @app.get(ADDRESSES[language])
        def show(request: Request) -> Response:
            token = browser_token(request.headers.get("cookie", ""))
            # A first visit brings no cookie yet.
            wait_seconds = self._limiter.wait_seconds("page" if token else "page_anybody", token or ANYBODY)
            if wait_seconds:
                return Response(status_code=429, headers={"Retry-After": str(math.ceil(wait_seconds))})
            return self._page(request, language=language)

        @app.post(ADDRESSES[language])
        async def delete(request: Request) -> Response:
            if int(request.headers["content-length"]) > _FORM_MAX_BYTES:
                return self._page(request, language=language, said=self._lexicon[language].my_text.unknown, status=413)
            fields = parse_qs((await request.body()).decode("utf-8", "replace"))
            code = fields.get("code", [""])[0]
            return await run_in_threadpool(self._delete, request, code, language=language)

    def export(self, session_id: str, request: Request) -> Response:
        """Return all that is kept of a conversation; only to the browser whose it is."""
        token = browser_token(request.headers.get("cookie", ""))
        try:
            kept = self._coach.kept(token or ANYBODY, session_id)
        except CoachError as error:
            return JSONResponse({"detail": str(error)}, status_code=404)
        name = f"{self._lexicon['nl'].my_text.file}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(json.dumps(kept, ensure_ascii=True, indent=1), media_type="application/json", headers=headers)

    def _delete(self, request: Request, code: str, *, language: Language) -> Response:
        words, token = self._lexicon[language], browser_token(request.headers.get("cookie", ""))
        counts: tuple[Count, ...] = (("code", token or ANYBODY), ("code_anybody", ANYBODY))
        if wait_seconds := self._limiter.count_guess(*counts):
            said = words.my_text.too_many.format(minutes=whole_minutes(wait_seconds))
            return self._page(request, language=language, said=said, status=429)
        try:
            found = self._coach.delete_by_code(code)
        except CoachError as error:
            return self._page(request, language=language, said=str(error), status=500)
        if found:
            self._limiter.give_back(*counts)
        said = words.my_text.deleted if found else words.my_text.unknown
        return self._page(request, language=language, said=said, status=200 if found else 404)

    def _page(self, request: Request, *, language: Language, said: str = "", status: int = 200) -> Response:
        words, token = self._lexicon[language], browser_token(request.headers.get("cookie", ""))
        conversation = self._coach.current(token) if token else None
        code = self._coach.code(token, conversation.id) if token and conversation else ""
        held = self._coach.desk.releases.held(conversation.id) if conversation else None
        first, *rest = self._sections(words)
        elsewhere = self._elsewhere(words.my_text)
        body = (
            f'<main class="paper" id="inhoud" tabindex="-1"><div class="head"><h1>{plain(words.my_text.heading)}</h1>'
            f"{_other_language(language, words=words.my_text)}</div>"
            f'<p><a href="/">{plain(words.my_text.back)}</a></p>'
            f'<p class="told" role="status"{"" if said else " hidden"}>{plain(said)}</p>'
            f"{first}{elsewhere}{_mine(conversation, code=code, held=held, words=words.my_text)}"
            f"{_form(ADDRESSES[language], words=words.my_text)}{''.join(rest)}</main>"
        )
        page = document(
            self._parts, language=language, title=words.my_text.title, main=body, nonce=request.scope[NONCE]
        )
        return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})

    def _sections(self, words: Words) -> list[str]:
        desk, mine = self._coach.desk, words.my_text
        until = desk.releases.retention.released_until(desk.now())
        gaps = {"hours": self._coach.settings.session_hours, "minimum": desk.review.minimum, "until": day(until)}
        # What is masked is said in one place only, the opening of the coach, so that the two cannot differ.
        said = self._coach.room.speeches[words.language].texts.welcome[-1]
        masked = TextSection(heading=mine.masked.heading, lines=(said, *mine.masked.lines))
        sections = (*mine.sections[:_MASKED_AFTER], masked, *mine.sections[_MASKED_AFTER:])
        return [_section(section, gaps) for section in sections]

    def _elsewhere(self, words: MyTextWords) -> str:
        """Return whether anything goes to a language model, and to whose: the same fact as in the opening."""
        who = self._coach.processor
        nearby = words.nearby if self._coach.has_model else words.stays
        return _section(words.elsewhere if who else nearby, {"who": who})


def _section(section: TextSection, gaps: Mapping[str, object]) -> str:
    """Return a section as HTML; a gap of another section is left as it is, which a test finds."""

    def filled(line: str) -> str:
        for name, value in gaps.items():
            line = line.replace(f"{{{name}}}", str(value))
        return line

    lines = "".join(f"<li>{plain(filled(line))}</li>" for line in section.lines)
    return f"<section><h2>{plain(section.heading)}</h2><ul>{lines}</ul></section>"


def _other_language(language: Language, *, words: MyTextWords) -> str:
    other: Language = "en" if language == "nl" else "nl"
    return f'<a href="{ADDRESSES[other]}" lang="{other}" hreflang="{other}">{plain(words.other_language)}</a>'


def _mine(conversation: Conversation | None, *, code: str, held: Held | None, words: MyTextWords) -> str:
    if conversation is None:
        return f"<section><h2>{plain(words.mine)}</h2><p>{plain(words.none)}</p></section>"
    released = ""
    if held is not None:
        said = words.released.format(group=held.group, until=day(held.until))
        go = f'<a href="/delen/{plain(conversation.id)}">{plain(words.released_go)}</a>'
        released = f"<p>{plain(said)} {go}</p>"
    file = (
        f'<p><a class="button" href="/reflectie/{plain(conversation.id)}.json" download>{plain(words.export)}</a></p>'
    )
    return f"<section><h2>{plain(words.mine)}</h2>{code_html(code, words=words)}{released}{file}</section>"


def _form(address: str, *, words: MyTextWords) -> str:
    return (
        f'<section><h2 id="wissen">{plain(words.delete)}</h2><p id="wissen-uitleg">{plain(words.delete_about)}</p>'
        f'<form class="erase" method="post" action="{address}" aria-labelledby="wissen">'
        f'<label for="wiscode">{plain(words.delete_label)}</label>'
        '<input id="wiscode" name="code" required maxlength="40" size="22" autocomplete="off" '
        'autocapitalize="characters" spellcheck="false" aria-describedby="wissen-uitleg">'
        f'<button type="submit" class="second">{plain(words.delete_button)}</button></form></section>'
    )
