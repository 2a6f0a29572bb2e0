"""The student's page as Gradio blocks: which parts it has, and what happens when the student does something."""

import logging
import math
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import gradio as gr

from coach.app import Coach
from coach.errors import CoachError, MovedOn, SessionError
from coach.web.faults import describe
from coach.web.guard import browser_token
from coach.web.limits import Action, Limiter
from coach.web.memory import accepted
from coach.web.render import notice_html
from coach.web.screens import Screen, start_screen, talk_screen
from coach.web.words import Lexicon, Words

_log = logging.getLogger(__name__)

# The parts of the page in reading order; the notice is always there. On the wide page the cards stand beside the rest.
_BESIDE, _NOTICE = "cards", "notice"
_PARTS = tuple(field.name for field in fields(Screen))

# What a form on the page can ask for; Gradio wants to see the names in the script of the part.
EVENTS = ("begin", "language", "reply", "amend", "again", "remove")
_SCRIPT = f"reflectie.connect(element, trigger, watch); /* {' '.join(repr(name) for name in EVENTS)} */"

Data = dict[str, Any]
Updates = list[Any]


def build_page(coach: Coach, *, lexicon: Lexicon, limiter: Limiter) -> gr.Blocks:
    """Return the page; every handler reads the browser's token from the request and keeps nothing itself."""
    handlers, words = Handlers(coach, lexicon=lexicon, limiter=limiter), lexicon["nl"]
    page: gr.Blocks
    with gr.Blocks(title=words.page.title, analytics_enabled=False, fill_width=True) as page:
        with gr.Column(elem_id="blad-links"):
            # An error can come before anything else is there.
            first = {_NOTICE: notice_html("", words=words)}
            parts = {name: _part(name, html=first.get(name, "")) for name in _PARTS if name != _BESIDE}
        parts[_BESIDE] = _part(_BESIDE)
        outputs = [parts[name] for name in _PARTS]
        # Straight to the handler: a turn takes less than the round trips of a queue would add.
        settings: dict[str, Any] = {
            "outputs": outputs,
            "queue": False,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        page.load(handlers.load, **settings)
        # The page itself sends one message at a time; Gradio's own guard would swallow a second try made right after a
        # lost connection.
        settings["trigger_mode"] = "multiple"
        for name in ("start", "product"):
            parts[name].begin(handlers.begin, **settings)
        parts["start"].language(handlers.language, **settings)
        parts["composer"].reply(handlers.reply, **settings)
        parts["product"].amend(handlers.amend, **settings)
        parts["product"].again(handlers.again, **settings)
        parts["remove"].remove(handlers.remove, **settings)
    return page


# A part is only its own HTML: no box, no padding, no styles of Gradio.
_BARE: dict[str, Any] = {"apply_default_css": False, "padding": False, "container": False, "js_on_load": _SCRIPT}


def _part(name: str, *, html: str = "") -> gr.HTML:
    return gr.HTML(html, elem_id=f"deel-{name}", visible=bool(html), **_BARE)


class Handlers:
    """What the page asks the coach; a `CoachError` becomes a sentence on the page and changes nothing else."""

    def __init__(self, coach: Coach, *, lexicon: Lexicon, limiter: Limiter) -> None:
        self._coach = coach
        self._lexicon = lexicon
        self._limiter = limiter

    def load(self, request: gr.Request) -> Updates:
        """Show where this browser is: its conversation as it was left, else the start screen."""
        return self._try({}, lambda: self._where(request, words=self._words({})))

    def language(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Show the start screen in the language asked for; nothing is kept of it."""
        return self.again(event, request)

    def begin(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Begin a conversation in the language of the screen."""
        data = _data(event)

        def begin() -> Screen:
            token = self._token(request, words=self._words(data))
            self._allow("begin", token, words=self._words(data))
            conversation = self._coach.begin(
                token,
                protocol=_text(data, "protocol"),
                length=_text(data, "length"),
                language=self._words(data).language,
                avoid=accepted(data.get("avoid")),
                practised=accepted(data.get("practised")),
            )
            return talk_screen(self._coach, conversation, lexicon=self._lexicon)

        return self._try(data, begin)

    def reply(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Send what stands in the box, or what a button says in its place."""
        data = _data(event)

        def reply() -> Screen:
            words = self._words(data)
            text = _text(data, "instead") or _text(data, "text")
            if not text.strip():
                raise SessionError(words.errors.empty)
            longest = self._coach.turn_max_characters
            if len(text) > longest:
                raise SessionError(words.errors.too_long.format(count=len(text), max=longest))
            token, session = self._token(request, words=words), _text(data, "session")
            self._allow("reply", session, words=words)
            try:
                conversation = self._coach.reply(token, session, text, seen=_count(data, "seen"))
            except MovedOn:
                return self._moved_on(token, data)
            return talk_screen(self._coach, conversation, lexicon=self._lexicon)

        return self._try(data, reply)

    def amend(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Change one sentence of what the student takes along; empty takes it out."""
        data = _data(event)

        def amend() -> Screen:
            token = self._token(request, words=self._words(data))
            said = {"step": _text(data, "step"), "text": _text(data, "text")}
            conversation = self._coach.amend(token, _text(data, "session"), **said)
            screen = talk_screen(self._coach, conversation, lexicon=self._lexicon)
            # The page hears of the answer by a part that changes, also when the sentence stayed as it was.
            answered = notice_html("", words=self._words(data), attempt=_text(data, "attempt"))
            return replace(screen, notice=answered)

        return self._try(data, amend)

    def again(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Show the start screen; the finished conversation stays until another one begins or it is deleted."""
        data = _data(event)

        def again() -> Screen:
            words = self._words(data)
            self._token(request, words=words)
            return start_screen(self._coach, words=words)

        return self._try(data, again)

    def remove(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Delete the conversation and show the start screen."""
        data = _data(event)

        def remove() -> Screen:
            words = self._words(data)
            self._coach.delete(self._token(request, words=words), _text(data, "session"))
            return start_screen(self._coach, words=words, message=words.remove.done)

        return self._try(data, remove)

    def _moved_on(self, token: str, data: Data) -> Screen:
        """Show where the conversation is now, and say why the answer to an older question was not sent."""
        words, attempt = self._words(data), _text(data, "attempt")
        conversation = self._coach.current(token)
        if conversation is None:
            raise SessionError(words.errors.no_session)
        screen = talk_screen(self._coach, conversation, lexicon=self._lexicon, moved=attempt)
        said = words.errors.moved_on_ended if conversation.finished else words.errors.moved_on
        return replace(screen, notice=notice_html(said, words=words, attempt=attempt))

    def _where(self, request: gr.Request, *, words: Words) -> Screen:
        conversation = self._coach.current(self._token(request, words=words))
        if conversation is None:
            return start_screen(self._coach, words=words)
        return talk_screen(self._coach, conversation, lexicon=self._lexicon)

    def _words(self, data: Data) -> Words:
        """Return the words in the language of the screen the student looks at."""
        return self._lexicon["en" if data.get("language") == "en" else "nl"]

    def _token(self, request: gr.Request, *, words: Words) -> str:
        token = browser_token(dict(request.headers).get("cookie", ""))
        if token is None:
            raise SessionError(words.errors.no_cookie)
        self._allow("page", token, words=words)
        return token

    def _allow(self, action: Action, key: str, *, words: Words) -> None:
        wait_seconds = self._limiter.wait_seconds(action, key)
        if wait_seconds:
            raise SessionError(words.errors.too_fast.format(seconds=math.ceil(wait_seconds)))

    def _try(self, data: Data, action: Callable[[], Screen]) -> Updates:
        """Return the updates of every part; after an error all parts stay as they are and the notice speaks."""
        try:
            screen = action()
        except CoachError as error:
            return self._refused(data, str(error))
        except Exception as error:  # Gradio would print its message, which may hold what the student typed
            _log.error("a handler failed: %s", describe(error))
            return self._refused(data, self._words(data).errors.unforeseen)
        parts = [getattr(screen, name) for name in _PARTS]
        return [gr.HTML(part, visible=bool(part)) for part in parts]

    def _refused(self, data: Data, message: str) -> Updates:
        said = notice_html(message, words=self._words(data), attempt=_text(data, "attempt"))
        return [gr.HTML(said) if name == _NOTICE else gr.skip() for name in _PARTS]


def _data(event: gr.EventData) -> Data:
    return event._data if isinstance(event._data, dict) else {}


def _text(data: Data, name: str) -> str:
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


def _count(data: Data, name: str) -> int | None:
    value = data.get(name)
    return value if isinstance(value, int) else None
