"""The pages on which a student releases a conversation, reads a reply and withdraws: /delen and /delen/{session}."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from coach.app import Coach
from coach.conversation.name_memory import NameMemory
from coach.conversation.state import Language
from coach.errors import ReleaseError
from coach.records.blacken import GONE
from coach.records.release import QUESTION_MAX_CHARACTERS, Released
from coach.records.transcript import Edits, Transcript, edit, numbers_in
from coach.sharing import copy_for_release, prepare
from coach.web.desk_pages import DeskPages
from coach.web.entry import Foreign, Sent, is_students_own, student_form_token, text_of, texts_of
from coach.web.guard import browser_token
from coach.web.limits import ANYBODY, Count, Limiter, whole_minutes
from coach.web.render import day

_START_WORDS = 8
# More than anybody takes out by hand.
_PHRASES_MAX, _PHRASE_MAX_CHARACTERS = 200, 2_000


@dataclass(frozen=True)
class _Draft:
    """What a student sees before it is released: the copy, what was taken out, and what can be put back."""

    original: Transcript
    shown: Transcript
    edits: Edits
    question: str
    # What to say about what just happened: a line of `preview`, or of `errors` when `wrong`.
    said: str = ""
    wrong: bool = False

    @property
    def is_question_changed(self) -> bool:
        """Whether a teacher will read another question than stands in the box; it has to be seen first."""
        return self.shown.question != self.question.strip()


class ReleasePages:
    """Everything under /delen; a student needs no account: the browser's own conversation, or a code."""

    def __init__(self, coach: Coach, pages: DeskPages, *, limiter: Limiter) -> None:
        self._coach = coach
        self._releases = coach.desk.releases
        self._pages = pages
        self._limiter = limiter

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        router.add_api_route("/delen", self.ask_code, methods=["GET"])
        router.add_api_route("/delen", self.use_code, methods=["POST"])
        router.add_api_route("/delen/", self.forgive, methods=["GET"])
        router.add_api_route("/delen/{session_id}", self.begin, methods=["GET"])
        router.add_api_route("/delen/{session_id}", self.go_on, methods=["POST"])
        return router

    def forgive(self) -> Response:
        """Send on who typed one slash too many."""
        return RedirectResponse("/delen", status_code=303)

    def begin(self, session_id: str, request: Request) -> Response:
        """Ask for the code of a group; once the conversation is released, say with which group it is, and the code."""
        browser = self._browser(request)
        language = self._language(browser)
        try:
            copy_for_release(self._coach, browser, session_id)
        except ReleaseError as error:
            return self._join(session_id, browser, language=language, error=error, status=404)
        if (held := self._releases.held(session_id)) is not None:
            code = self._releases.code(session_id, browser=browser)
            values = {"session_id": session_id, "form_token": student_form_token(browser), "held": held, "code": code}
            return self._show("done", language, {**values, "until": day(held.until)})
        return self._join(session_id, browser, language=language)

    def go_on(self, session_id: str, request: Request, form: Sent) -> Response:
        """Show the preview, take something out or put it back, release, or withdraw."""
        browser = self._browser(request)
        language = self._language(browser)
        if not browser or not is_students_own(form, browser):
            raise Foreign
        try:
            original = copy_for_release(self._coach, browser, session_id)
            if text_of(form, "do") == "withdraw":
                self._releases.withdraw_session(session_id)
                return self._show("withdrawn", language, {})
            group = self._group_name(browser, text_of(form, "join_code"))
        except ReleaseError as error:
            typed = text_of(form, "join_code")
            return self._join(session_id, browser, language=language, error=error, typed=typed)
        draft = self._draft(original, form, names=self._coach.names_met(browser))
        if text_of(form, "do") == "release" and not draft.wrong:
            refused = self._try_release(session_id, form, draft, browser=browser)
            if not refused:
                # To a page that can be loaded again.
                return RedirectResponse(f"/delen/{session_id}", status_code=303)
            draft = _with(draft, said=refused, wrong=True)
        values = {
            "session_id": session_id,
            "form_token": student_form_token(browser),
            "join_code": text_of(form, "join_code"),
            "group": group,
            "consented": bool(text_of(form, "consent")),
        }
        return self._preview(draft, language, values=values)

    def ask_code(self, language: str = "nl") -> Response:
        """Ask for the code that was given at the release."""
        return self._show("code", "en" if language == "en" else "nl", {"error": "", "typed": "", "minutes": 0})

    def use_code(self, request: Request, form: Sent) -> Response:
        """Show what was released with what a teacher wrote, change what was taken offline, or withdraw."""
        code, wish = text_of(form, "code"), text_of(form, "do")
        language: Language = "en" if text_of(form, "language") == "en" else "nl"
        try:
            released = self._read(self._browser(request), code)
            if wish == "withdraw":
                self._releases.withdraw(code)
                return self._show("withdrawn", language, {})
        except ReleaseError as error:
            values = {"error": error.args[0], "typed": code, "minutes": _minutes(error)}
            return self._show("code", language, values, status=429 if _minutes(error) else 404)
        language = released.transcript.language
        if not released.offline:
            return self._show("look", language, {"released": released, "code": code, "back": False})
        draft = self._draft(released.transcript, form, question=released.transcript.question)
        if wish == "back" and not draft.wrong:
            try:
                self._releases.put_back(code, transcript=draft.shown)
                return self._show("look", language, {"released": self._releases.read(code), "code": code, "back": True})
            except ReleaseError as error:
                draft = _with(draft, said=str(error), wrong=True)
        return self._show("offline", language, {"released": released, "code": code, **_draft_values(draft)})

    def _group_name(self, browser: str, join_code: str) -> str:
        """Return the name of the group a code opens; whoever guesses has to wait."""
        counts: tuple[Count, ...] = (("join", browser), ("join_anybody", ANYBODY))
        if wait_seconds := self._limiter.count_guess(*counts):
            raise ReleaseError("too_many_codes", whole_minutes(wait_seconds))
        name = self._releases.group_name(join_code)
        self._limiter.give_back(*counts)
        return name

    def _read(self, browser: str, code: str) -> Released:
        """Return what was released under a code; whoever guesses has to wait."""
        # Without a cookie nobody can be told apart, and one must not keep the others out so soon.
        counts: tuple[Count, ...] = (*((("share", browser),) if browser else ()), ("share_anybody", ANYBODY))
        if wait_seconds := self._limiter.count_guess(*counts):
            raise ReleaseError("too_many_share_codes", whole_minutes(wait_seconds))
        released = self._releases.read(code)
        self._limiter.give_back(*counts)
        return released

    def _draft(
        self, original: Transcript, form: FormData, *, question: str | None = None, names: NameMemory | None = None
    ) -> _Draft:
        """Return what the form asks for; what cannot be leaves the text as it was."""
        wish, asked = text_of(form, "do"), text_of(form, "question") if question is None else question
        before = _edits(original, form)
        edits, said, wrong = _change(original, before, wish=wish, phrase=text_of(form, "phrase_new"))
        try:
            if len(asked) > QUESTION_MAX_CHARACTERS:
                raise ReleaseError("question_too_long")
            shown = prepare(self._coach, original, edits=edits, question=asked, names=names)
        except ReleaseError as error:
            shown = prepare(self._coach, original, edits=edits, question="")
            said, wrong = str(error), True
        return _Draft(original, shown, edits=edits, question=asked, said=said, wrong=wrong)

    def _try_release(self, session_id: str, form: FormData, draft: _Draft, *, browser: str) -> str:
        """Release what was seen; return "", or the name of what to say when it cannot be."""
        if not text_of(form, "consent"):
            return "no_consent"
        if draft.is_question_changed and text_of(form, "seen") != draft.shown.question:
            return "question_masked"
        try:
            self._releases.release(
                session_id, join_code=text_of(form, "join_code"), transcript=draft.shown, browser=browser
            )
        except ReleaseError as error:
            return str(error)
        return ""

    def _preview(self, draft: _Draft, language: Language, *, values: Mapping[str, object]) -> Response:
        until = self._releases.retention.released_until(self._coach.desk.now())
        return self._show("preview", language, {"until": day(until), **values, **_draft_values(draft)})

    def _join(
        self,
        session_id: str,
        browser: str,
        *,
        language: Language,
        error: ReleaseError | None = None,
        typed: str = "",
        status: int = 200,
    ) -> Response:
        values = {
            "session_id": session_id,
            "form_token": student_form_token(browser),
            "typed": typed,
            "error": error.args[0] if error else "",
            "minutes": _minutes(error),
        }
        return self._show("join", language, values, status=429 if _minutes(error) else status)

    def _show(self, name: str, language: Language, values: Mapping[str, object], *, status: int = 200) -> Response:
        texts = self._pages.release_texts[language]
        return self._pages.show(f"release_{name}.html", {"t": texts, **values}, status=status, language=language)

    def _browser(self, request: Request) -> str:
        return browser_token(request.headers.get("cookie", "")) or ""

    def _language(self, browser: str) -> Language:
        conversation = self._coach.current(browser) if browser else None
        return conversation.language if conversation else "nl"


def _minutes(error: ReleaseError | None) -> int:
    """Return how long to wait after too many wrong codes, 0 for any other error."""
    return int(error.args[1]) if error and len(error.args) > 1 else 0


def _edits(original: Transcript, form: FormData) -> Edits:
    wanted = [int(value) for value in texts_of(form, "gone") if value.isdecimal() and len(value) < 6]
    phrases = dict.fromkeys(phrase.strip()[:_PHRASE_MAX_CHARACTERS] for phrase in texts_of(form, "phrase"))
    return Edits(numbers_in(original, wanted), tuple(phrase for phrase in phrases if phrase)[:_PHRASES_MAX])


def _change(original: Transcript, edits: Edits, *, wish: str, phrase: str) -> tuple[Edits, str, bool]:
    """Return the edits after one wish, what to say of it, and whether it could not be."""
    what, _, value = wish.partition(":")
    number = int(value) if value.isdecimal() and len(value) < 6 else -1
    if what == "gone" and numbers_in(original, [number]):
        return Edits(edits.turns | {number}, edits.phrases), "removed", False
    if what == "back_turn":
        return Edits(edits.turns - {number}, edits.phrases), "put_back_done", False
    if what == "back_phrase" and 0 <= number < len(edits.phrases):
        kept = edits.phrases[:number] + edits.phrases[number + 1 :]
        return Edits(edits.turns, kept), "put_back_done", False
    if what != "remove":
        return edits, "", False
    more = Edits(edits.turns, (*edits.phrases, phrase.strip()[:_PHRASE_MAX_CHARACTERS]))
    if edit(original, more) == edit(original, edits):
        return edits, "not_found", True
    return more, "removed", False


def _with(draft: _Draft, *, said: str, wrong: bool) -> _Draft:
    return _Draft(draft.original, draft.shown, edits=draft.edits, question=draft.question, said=said, wrong=wrong)


def _draft_values(draft: _Draft) -> dict[str, object]:
    gone = [turn for turn in draft.original.turns if turn.number in draft.edits.turns]
    starts = [(turn.number, " ".join(turn.student.split()[:_START_WORDS])) for turn in gone]
    return {
        "transcript": draft.shown,
        "phrases": draft.edits.phrases,
        "gone": starts,
        "question": draft.question,
        "is_question_changed": draft.is_question_changed,
        "said": draft.said,
        "wrong": draft.wrong,
        "mark": GONE,
    }
