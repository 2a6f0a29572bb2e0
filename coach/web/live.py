"""The live warning: while the student types, the server says what in the text looks identifying.

The text is looked at in memory by the function that masks it later, and is neither kept nor written down. Names that
the conversation of this browser met before are known again, as they will be when the text is sent.
"""

import json
import math
from itertools import accumulate
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from coach.app import Coach
from coach.conversation.deidentify import find_spans
from coach.conversation.name_memory import NameMemory
from coach.web.guard import browser_token
from coach.web.limits import Limiter

_NO_STORE = {"Cache-Control": "no-store"}


def add_live_check(app: FastAPI, coach: Coach, *, limiter: Limiter) -> None:
    """Add the address that answers `{"text"}` with `{"found": [{"start", "end", "type", "label"}]}`."""

    @app.post("/let-op")
    async def look(request: Request) -> Response:
        token = browser_token(request.headers.get("cookie", ""))
        if token is None:
            return Response(status_code=403, headers=_NO_STORE)
        wait_seconds = limiter.wait_seconds("check", token)
        if wait_seconds:
            return Response(status_code=429, headers={**_NO_STORE, "Retry-After": str(math.ceil(wait_seconds))})
        text = _read_text(await request.body())
        if text is None:
            return Response(status_code=400, headers=_NO_STORE)
        if len(text) > coach.turn_max_characters:
            return Response(status_code=413, headers=_NO_STORE)
        found = await run_in_threadpool(lambda: find(text, coach.names_met(token)))
        return JSONResponse({"found": found}, headers=_NO_STORE)


def find(text: str, memory: NameMemory | None = None) -> list[dict[str, Any]]:
    """Return what the server would mask; places count UTF-16 units, as a browser counts them."""
    spans = find_spans(text, memory)
    # At [n]: how many units the first n characters take.
    units = list(accumulate((1 + (character > "\uffff") for character in text), initial=0)) if spans else []
    return [
        {"start": units[span.start], "end": units[span.end], "type": span.type, "label": span.label} for span in spans
    ]


def _read_text(body: bytes) -> str | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    text = data.get("text") if isinstance(data, dict) else None
    return text if isinstance(text, str) else None
