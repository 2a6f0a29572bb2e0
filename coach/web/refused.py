"""Puts a page in the place of a refusal or an error, for a person; for anybody else the answer stays as it was."""

from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

# Makes the page for a status; the nonce marks its scripts and styles.
MakePage = Callable[[int, str], str]
# Of the answer as it was, what still holds when a page takes its place.
_KEPT = frozenset({"allow", "connection", "retry-after", "set-cookie"})


class Answer:
    """Sends an answer with our headers; a refusal or an error becomes a page for whoever asked for one."""

    def __init__(self, send: Send, *, added: Mapping[str, str], page: Callable[[int], str] | None) -> None:
        self.started = False
        self._send = send
        self._added = added
        self._page = page
        # The beginning of an answer that a page takes the place of.
        self._refused: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Send one message of the answer."""
        if message["type"] == "http.response.start":
            self.started = True
            if self._page is not None and message["status"] >= 400 and not _is_page(message):
                self._refused = message
                return
            await self._send(self._with_headers(message))
        elif self._refused is None:
            await self._send(message)
        elif not message.get("more_body", False):
            await self._send_page(self._refused)

    async def _send_page(self, refused: Message) -> None:
        assert self._page is not None  # noqa: S101  # nothing is refused for it otherwise
        body = self._page(refused["status"]).encode("utf-8")
        kept = [(name, value) for name, value in refused["headers"] if name.decode("latin-1").lower() in _KEPT]
        start: Message = {"type": "http.response.start", "status": refused["status"], "headers": kept}
        headers = MutableHeaders(scope=start)
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Length"] = str(len(body))
        headers["Cache-Control"] = "no-store"
        await self._send(self._with_headers(start))
        await self._send({"type": "http.response.body", "body": body})

    def _with_headers(self, message: Message) -> Message:
        headers = MutableHeaders(scope=message)
        for name, value in self._added.items():
            headers[name] = value
        return message


def wants_page(headers: Headers) -> bool:
    """Say whether a person asked, by going somewhere in a browser; scripts and programs do not name HTML."""
    return "text/html" in headers.get("accept", "")


def _is_page(message: Message) -> bool:
    return Headers(raw=list(message["headers"])).get("content-type", "").startswith("text/html")
