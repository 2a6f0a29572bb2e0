"""Who may come in: one check for every page of a teacher, and one for every form of a student."""

import hmac
from dataclasses import dataclass
from typing import Annotated, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from coach.errors import CoachError
from coach.records.desk import Desk
from coach.records.hand_codes import hash_secret
from coach.records.teachers import Teacher

COOKIE, PATH = "docent", "/docent"
# More than any form here holds; a longer one is refused before it is read.
BODY_MAX_BYTES = 1_000_000
# In the address of a page that says what was just done: the name of a line of `done` in teacher.yaml.
DONE = "klaar"


class LoggedOut(CoachError):
    """Nobody is logged in here, or no longer; seen by a teacher."""


class Foreign(CoachError):
    """A form came from elsewhere, or from a page of before the login; seen by whoever sent it."""


class TooLarge(CoachError):
    """A form is larger than any of this site; seen by whoever sent it."""


@dataclass(frozen=True)
class Visit:
    """One request of a teacher who is logged in and, within a group, may read it."""

    teacher: Teacher
    form: FormData
    # The group in the address, "" outside one.
    group: str
    group_name: str
    done: str


async def enter(request: Request) -> Visit:
    """Check the session, the form and the group of a request; raise before anything is read."""
    desk: Desk = request.app.state.desk
    token = request.cookies.get(COOKIE, "")
    teacher = await run_in_threadpool(desk.teachers.session, token) if token else None
    if teacher is None:
        raise LoggedOut
    form = await read_form(request)
    if request.method == "POST" and not hmac.compare_digest(_field(form, "form_token"), teacher.form_token.encode()):
        raise Foreign
    group = request.path_params.get("group", "")
    name = await run_in_threadpool(desk.review.check, teacher, group) if group else ""
    return Visit(teacher, form, group=group, group_name=name, done=request.query_params.get(DONE, ""))


Entered = Annotated[Visit, Depends(enter)]


async def read_form(request: Request) -> FormData:
    """Return the form that a page of this site sent; an empty one for a request without."""
    if request.method != "POST":
        return FormData()
    if not _is_own(request):
        raise Foreign
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length[:20]) > BODY_MAX_BYTES:
        raise TooLarge
    return await request.form(max_files=0, max_fields=2_000, max_part_size=BODY_MAX_BYTES)


Sent = Annotated[FormData, Depends(read_form)]


def text_of(form: FormData, name: str) -> str:
    """Return a field as text with plain line breaks, "" when it is not there."""
    value = form.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> tuple[str, ...]:
    """Return all fields of one name."""
    return tuple(value for value in form.getlist(name) if isinstance(value, str))


def student_form_token(browser: str) -> str:
    """Return what a form of a student's own conversation carries; without the cookie nobody can make it."""
    return hash_secret(f"delen {browser}")


def is_students_own(form: FormData, browser: str) -> bool:
    """Say whether a form was made for this browser."""
    return hmac.compare_digest(_field(form, "form_token"), student_form_token(browser).encode())


def keep_session(response: Response, token: str, *, secure: bool) -> None:
    """Let the browser keep a session of a teacher: for this site only, out of reach of scripts, until it closes."""
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="strict", secure=secure)


def end_session(response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")


def is_secure(request: Request) -> bool:
    """Say whether the browser came by https."""
    return request.url.scheme == "https"


def _field(form: FormData, name: str) -> bytes:
    return text_of(form, name).encode("utf-8", "replace")


def _is_own(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", " ")


def desk_of(request: Request) -> Desk:
    """Return the records behind the pages."""
    return cast(Desk, request.app.state.desk)
