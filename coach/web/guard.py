"""What every request passes: a known address, a page of this site, a size that fits; and what every answer gets."""

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from coach.web.faults import describe
from coach.web.headers import security_headers
from coach.web.refused import Answer, MakePage, wants_page

_log = logging.getLogger(__name__)

COOKIE = "reflectie"
# Over https under a name that a browser takes only from this very host: no other site of the institution can then give
# a student a cookie that it knows itself.
SECURE_COOKIE = f"__Host-{COOKIE}"
# The page sends its key along in this header; a form on another site cannot.
KEY_HEADER = "x-reflectie"
# What the guard tells whoever makes the document: the nonce of its scripts, and the key of its browser.
NONCE, FORM_KEY = "reflectie.nonce", "reflectie.key"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")

# All that the page asks for. The rest of what Gradio offers (files, uploads, a proxy, monitoring, an open API) is
# not there.
_PATHS = (
    "/pagina/",
    "/reflectie/",
    "/assets/",
    "/static/",
    "/gradio_api/run/",
    "/gradio_api/startup-events",
    "/delen/",
    "/docent/",
)
_EXACT = frozenset(
    {"/", "/theme.css", "/gradio_api/app_id", "/let-op", "/mijn-tekst", "/mijn-tekst/en", "/delen", "/docent"}
)
# Deleting with a code is asked by a plain form, from any browser: who has the code may, so no key is needed there.
_KEYLESS = frozenset({"/mijn-tekst", "/mijn-tekst/en", "/delen"})
# Forms of these pages carry a token of their own, which is checked there (entry.py).
_OWN_TOKEN = ("/delen/", "/docent/")
_TEACHERS = "/docent"


@dataclass(frozen=True)
class Refusals:
    """What the guard says when it refuses, in a sentence; `page` makes the page that a person gets instead."""

    not_found: str
    foreign: str
    too_large: str
    failed: str
    page: MakePage


def browser_token(cookie_header: str, *, name: str = COOKIE) -> str | None:
    """Return the browser's token from a Cookie header; None when there is none or it was not made here."""
    try:
        morsel = SimpleCookie(cookie_header).get(name)
    except CookieError:
        return None
    return morsel.value if morsel and _TOKEN.fullmatch(morsel.value) else None


def form_key(token: str) -> str:
    """Return the key with which the page of this browser signs what it sends; without the cookie nobody can make it."""
    return hmac.new(token.encode(), b"formulier", hashlib.sha256).hexdigest()[:32]


class Guard:
    """ASGI middleware around everything that is served."""

    def __init__(self, app: ASGIApp, *, cookie_paths: Collection[str], body_max_bytes: int, refusals: Refusals) -> None:
        """Give a cookie on `cookie_paths`; refuse bodies over `body_max_bytes` before they are read."""
        self._app = app
        self._cookie_paths = cookie_paths
        self._body_max_bytes = body_max_bytes
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; nothing here speaks over a websocket."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, secure = Headers(scope=scope), scope["scheme"] == "https"
        token = browser_token(headers.get("cookie", ""), name=SECURE_COOKIE if secure else COOKIE)
        nonce, inner = secrets.token_urlsafe(16), _with_one_cookie(scope, token)
        added = dict(security_headers(nonce, secure=secure))
        if token is None and self._may_set_cookie(scope["path"], headers):
            token = secrets.token_urlsafe(24)
            added["Set-Cookie"] = _cookie(token, secure=secure)
        page = (lambda status: self._refusals.page(status, nonce)) if wants_page(headers) else None
        answer = Answer(send, added=added, page=page)
        known = {**inner, NONCE: nonce, FORM_KEY: form_key(token) if token else ""}
        try:
            await (self._refusal(scope, headers, token=token) or self._app)(known, receive, answer)
        except Exception as error:  # the last place where the message of an error can be kept out of the log
            _log.error("request failed: %s", describe(error))
            if not answer.started:
                await _refuse(500, self._refusals.failed)(known, receive, answer)

    def _refusal(self, scope: Scope, headers: Headers, *, token: str | None) -> ASGIApp | None:
        """Return the answer to a request that goes no further, or None."""
        said, path = self._refusals, scope["path"]
        if path not in _EXACT and not path.startswith(_PATHS):
            return _refuse(404, said.not_found)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] != "POST":
            return _refuse(405, said.not_found, headers={"Allow": "GET, HEAD, POST"})
        if not _is_own(headers) or not _has_key(path, headers, token=token):
            return _refuse(403, said.foreign)
        length = headers.get("content-length", "")
        if not length.isdecimal() or "transfer-encoding" in headers:
            # A body in pieces would have to be read to be measured, whatever length is named beside it.
            return _refuse(411, said.too_large, headers={"Connection": "close"})
        if int(length[:20]) > self._body_max_bytes:
            return _refuse(413, said.too_large, headers={"Connection": "close"})
        return None

    def _may_set_cookie(self, path: str, headers: Headers) -> bool:
        # A strict cookie does not travel with the first page after a link on another site, and a new one would
        # replace it. So such a page leaves the cookie to the script it loads, whose request does carry it.
        return path in self._cookie_paths and headers.get("sec-fetch-site") != "cross-site"


def _refuse(status: int, said: str, *, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": said}, status_code=status, headers=headers)


def _is_own(headers: Headers) -> bool:
    """Say whether a page of this site sent the request; a browser says so itself, in either of two headers."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(headers.get("origin", "")).netloc == headers.get("host", " ")


def _has_key(path: str, headers: Headers, *, token: str | None) -> bool:
    # Without a cookie there is nothing to protect; the page then says that it needs one.
    if token is None or path in _KEYLESS or path.startswith(_OWN_TOKEN):
        return True
    return hmac.compare_digest(headers.get(KEY_HEADER, "").encode(), form_key(token).encode())


def _with_one_cookie(scope: Scope, token: str | None) -> Scope:
    """Return the request with our own cookie as the only one, under one name, so that nothing behind has to choose."""
    if scope["path"].startswith(_TEACHERS):
        # A teacher's session is another cookie, which travels there only; these pages do not read the student's.
        return scope
    others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    own = [(b"cookie", f"{COOKIE}={token}".encode())] if token else []
    return {**scope, "headers": [*others, *own]}


def _cookie(token: str, *, secure: bool) -> str:
    parts = [f"{SECURE_COOKIE if secure else COOKIE}={token}", "Path=/", "HttpOnly", "SameSite=Strict"]
    return "; ".join([*parts, "Secure"] if secure else parts)
