"""The student's page as Gradio blocks: which parts it has, and what happens when the student does something."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import gradio as gr

from coach.app import Coach
from coach.errors import CoachError, SessionError
from coach.web.guard import browser_token
from coach.web.render import notice_html
from coach.web.screens import Screen, start_screen, talk_screen
from coach.web.words import Words

# The parts of the page in reading order; the notice stands before the answer box. On the wide page the cards stand
# beside them.
_BESIDE = "cards"
_PARTS = tuple(field.name for field in fields(Screen))
_BEFORE_NOTICE = ("start", "log", "progress")

# What a form on the page can ask for; Gradio wants to see the names in the script of the part.
EVENTS = ("begin", "reply", "again", "remove")
_SCRIPT = f"reflectie.connect(element, trigger, watch); /* {' '.join(repr(name) for name in EVENTS)} */"

Data = dict[str, Any]
Updates = list[Any]


def build_page(coach: Coach, *, words: Words) -> gr.Blocks:
    """Return the page; every handler reads the browser's token from the request and keeps nothing itself."""
    handlers = Handlers(coach, words=words)
    page: gr.Blocks
    with gr.Blocks(title=words.page.title, analytics_enabled=False, fill_width=True) as page:
        with gr.Column(elem_id="blad-links"):
            parts = {name: _part(name) for name in _BEFORE_NOTICE}
            notice = gr.HTML(notice_html("", words=words), elem_id="deel-notice", **_BARE)
            parts |= {name: _part(name) for name in _PARTS if name not in (*_BEFORE_NOTICE, _BESIDE)}
        parts[_BESIDE] = _part(_BESIDE)
        outputs = [*(parts[name] for name in _PARTS), notice]
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
        parts["start"].begin(handlers.begin, **settings)
        parts["composer"].reply(handlers.reply, **settings)
        parts["product"].again(handlers.again, **settings)
        parts["remove"].remove(handlers.remove, **settings)
    return page


# A part is only its own HTML: no box, no padding, no styles of Gradio.
_BARE: dict[str, Any] = {"apply_default_css": False, "padding": False, "container": False, "js_on_load": _SCRIPT}


def _part(name: str) -> gr.HTML:
    return gr.HTML("", elem_id=f"deel-{name}", visible=False, **_BARE)


class Handlers:
    """What the page asks the coach; a `CoachError` becomes a sentence on the page and changes nothing else."""

    def __init__(self, coach: Coach, *, words: Words) -> None:
        self._coach = coach
        self._words = words

    def load(self, request: gr.Request) -> Updates:
        """Show where this browser is: its conversation as it was left, else the start screen."""
        return self._try({}, lambda: self._where(self._token(request)))

    def begin(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Begin a conversation."""
        data = _data(event)

        def begin() -> Screen:
            chosen, length = _text(data, "protocol"), _text(data, "length")
            conversation = self._coach.begin(self._token(request), protocol=chosen, length=length)
            return talk_screen(self._coach, conversation, words=self._words)

        return self._try(data, begin)

    def reply(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Send what stands in the box, or what a button says in its place."""
        data = _data(event)

        def reply() -> Screen:
            text = _text(data, "instead") or _text(data, "text")
            if not text.strip():
                raise SessionError(self._words.errors.empty)
            conversation = self._coach.reply(self._token(request), _text(data, "session"), text)
            return talk_screen(self._coach, conversation, words=self._words)

        return self._try(data, reply)

    def again(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Show the start screen; the finished conversation stays until another one begins or it is deleted."""

        def again() -> Screen:
            self._token(request)
            return start_screen(self._coach, words=self._words)

        return self._try(_data(event), again)

    def remove(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Delete the conversation and show the start screen."""
        data = _data(event)

        def remove() -> Screen:
            self._coach.delete(self._token(request), _text(data, "session"))
            return start_screen(self._coach, words=self._words, message=self._words.remove.done)

        return self._try(data, remove)

    def _where(self, token: str) -> Screen:
        conversation = self._coach.current(token)
        if conversation is None:
            return start_screen(self._coach, words=self._words)
        return talk_screen(self._coach, conversation, words=self._words)

    def _token(self, request: gr.Request) -> str:
        token = browser_token(dict(request.headers).get("cookie", ""))
        if token is None:
            raise SessionError(self._words.errors.no_cookie)
        return token

    def _try(self, data: Data, action: Callable[[], Screen]) -> Updates:
        """Return the updates of every part; after an error all parts stay as they are and the notice speaks."""
        try:
            screen = action()
        except CoachError as error:
            said = notice_html(str(error), words=self._words, attempt=_text(data, "attempt"))
            return [*(gr.skip() for _ in _PARTS), gr.HTML(said)]
        parts = [getattr(screen, name) for name in _PARTS]
        return [*(gr.HTML(part, visible=bool(part)) for part in parts), gr.HTML(notice_html("", words=self._words))]


def _data(event: gr.EventData) -> Data:
    return event._data if isinstance(event._data, dict) else {}


def _text(data: Data, name: str) -> str:
    value = data.get(name, "")
    return value if isinstance(value, str) else ""
