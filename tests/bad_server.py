"""A real HTTP server on loopback that answers as it is told to, well or badly, and keeps what it was asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# How long a slow answer takes between two bytes, and at most in all.
DRIP_SECONDS = 0.1
HANG_SECONDS = 20.0


class BadServer(ThreadingHTTPServer):
    """The first part of the path says how to answer: /drip/v1/chat/completions."""

    daemon_threads = True

    def __init__(self, reply: str, *, elsewhere: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.elsewhere = elsewhere
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.hung_up = threading.Event()

    @property
    def address(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(reply: str = "", *, elsewhere: str = "") -> Iterator[BadServer]:
    """Serve while the block runs."""
    server = BadServer(reply, elsewhere=elsewhere)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: BadServer

    def do_POST(self) -> None:  # noqa: N802  (the name http.server asks for)
        self.server.paths.append(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.append(json.loads(body or b"{}"))
        kind = self.path.strip("/").split("/")[0]
        try:
            getattr(self, f"_{kind}", self._good)()
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's name)
        """Say nothing."""

    def _send(self, body: bytes, *, status: int = 200, kind: str = "application/json", length: int = -1) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.wfile.write(body)

    def _json(self, data: object) -> None:
        self._send(json.dumps(data).encode())

    def _answer(self, text: object) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return {
            "id": "x", "object": "chat.completion", "created": 1, "model": "m", "usage": usage,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }  # fmt: skip

    def _good(self) -> None:
        if self.path.endswith("/api/chat"):
            done = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "done": True, "done_reason": "stop"}
            self._json({**done, "message": {"role": "assistant", "content": self.server.reply}})
        else:
            self._json(self._answer(self.server.reply))

    def _thinks(self) -> None:
        self._json(self._answer(f"<think>De student is boos op Ingrid.</think>\n{self.server.reply}"))

    def _huge(self) -> None:
        self._json(self._answer("Je had gelijk. " * 400_000))

    def _nothing(self) -> None:
        self._json(self._answer(None))

    def _empty(self) -> None:
        self._send(b"")

    def _html(self) -> None:
        self._send(b"<html><body>Inloggen</body></html>", kind="text/html")

    def _nochoices(self) -> None:
        self._json({"choices": []})

    def _list(self) -> None:
        self._json([1, 2, 3])

    def _wrongtypes(self) -> None:
        self._json({"choices": [{"message": {"role": "assistant", "content": {"a": 1}}}]})

    def _half(self) -> None:
        body = json.dumps(self._answer(self.server.reply)).encode()
        self._send(body[: len(body) // 2], length=len(body))
        self.close_connection = True

    def _drip(self) -> None:
        self._send(b"{", length=10_000)
        for _ in range(int(HANG_SECONDS / DRIP_SECONDS)):
            time.sleep(DRIP_SECONDS)
            self.wfile.write(b" ")
            self.wfile.flush()

    def _hang(self) -> None:
        time.sleep(HANG_SECONDS)

    def _s401(self) -> None:
        self._send(b'{"error": {"message": "bad key"}}', status=401)

    def _s404(self) -> None:
        self._send(b'{"error": {"message": "no such model"}}', status=404)

    def _s429(self) -> None:
        self._send(b'{"error": {"message": "slow down"}}', status=429)

    def _s500(self) -> None:
        self._send(b"oeps", status=500, kind="text/plain")

    def _redirect(self) -> None:
        self.send_response(307)
        self.send_header("location", f"{self.server.elsewhere}{self.path}")
        self.send_header("content-length", "0")
        self.end_headers()
