"""What every request passes: only the addresses the page needs, a cookie for the browser, safe headers."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "reflectie"
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
_EXACT = frozenset({"/", "/theme.css", "/gradio_api/app_id", "/delen", "/docent"})

# Gradio's templates are compiled in the browser, hence unsafe-eval; everything comes from this server.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": _POLICY,
}


def browser_token(cookie_header: str) -> str | None:
    """Return the browser's token from a Cookie header; None when there is none or it was not made here."""
    try:
        morsel = SimpleCookie(cookie_header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel and _TOKEN.fullmatch(morsel.value) else None


class Guard:
    """ASGI middleware around everything that is served."""

    def __init__(self, app: ASGIApp, *, cookie_paths: tuple[str, ...], refused: str) -> None:
        """Give a cookie on `cookie_paths`; answer every other address than the page's own with `refused`."""
        self._app = app
        self._cookie_paths = cookie_paths
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        added = dict(_HEADERS)
        if self._wants_cookie(scope["path"], headers):
            added["Set-Cookie"] = _new_cookie(secure=scope["scheme"] == "https")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                mutable = MutableHeaders(scope=message)
                for name, value in added.items():
                    mutable[name] = value
            await send(message)

        app = self._app if _is_known(scope["path"]) else PlainTextResponse(self._refused, status_code=404)
        await app(scope, receive, send_with_headers)

    def _wants_cookie(self, path: str, headers: Headers) -> bool:
        # A strict cookie does not travel with the first page after a link on another site, and a new one would
        # replace it. So such a page leaves the cookie to the script it loads, whose request does carry it.
        if path not in self._cookie_paths or headers.get("sec-fetch-site") == "cross-site":
            return False
        return browser_token(headers.get("cookie", "")) is None


def _is_known(path: str) -> bool:
    return path in _EXACT or path.startswith(_PATHS)


def _new_cookie(*, secure: bool) -> str:
    parts = [f"{COOKIE}={secrets.token_urlsafe(24)}", "Path=/", "HttpOnly", "SameSite=Strict"]
    return "; ".join([*parts, "Secure"] if secure else parts)
