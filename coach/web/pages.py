"""The web server: FastAPI with the student's page at /, and the file a student takes along."""

import asyncio
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.middleware.gzip import GZipMiddleware

from coach.app import Coach
from coach.conversation.state import START
from coach.errors import CoachError, SessionError
from coach.web.desk_pages import DeskPages
from coach.web.desk_routes import add_desk
from coach.web.error_pages import error_pages
from coach.web.forgetful import forget_visits
from coach.web.guard import FORM_KEY, Guard, Refusals, browser_token
from coach.web.limits import Limiter
from coach.web.live import add_live_check
from coach.web.look import Asset, desk_assets, page_script, quiet_theme, style_sheet, watch_script
from coach.web.my_text import MyText
from coach.web.refused import MakePage
from coach.web.shell import ADDRESSES, Shell, build_parts
from coach.web.student import build_page
from coach.web.words import ErrorWords, Lexicon, load_words

# Threads for handlers; more than there are students who press a button in the same second.
_THREADS = 40
_MARKDOWN = "text/markdown; charset=utf-8"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class _Kind:
    """A kind of file to take along: (browser, session id) → its content."""

    ending: str
    media_type: str
    write: Callable[[str, str], str | bytes]


def create_app(coach: Coach) -> FastAPI:
    """Return the application; raises `ContentError` when the texts of the page are wrong."""
    # Gradio makes event loops and leaves them open, unless one is running where its parts are put together.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, _assemble(coach)).result()


async def _assemble(coach: Coach) -> FastAPI:
    lexicon, style, script = load_words(), style_sheet(), page_script()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _add_asset(app, style)
    watch = watch_script()
    for keyed in (script, watch):
        _add_script(app, keyed)
    limiter, parts = Limiter(), build_parts(coach, lexicon=lexicon, style=style, script=script)
    MyText(coach, lexicon=lexicon, parts=parts, limiter=limiter).add_to(app)
    add_live_check(app, coach, limiter=limiter)
    _add_downloads(app, coach, lexicon=lexicon)
    assets = (style, *desk_assets())
    for asset in assets[1:]:
        _add_asset(app, asset)
    desk_pages = DeskPages(coach, lexicon=lexicon, assets=assets, help_panel=parts.bottom, watch=watch)
    add_desk(app, coach, desk_pages, limiter=limiter)
    page = build_page(coach, lexicon=lexicon, limiter=limiter).queue(default_concurrency_limit=_THREADS, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        show_error=False,
        max_file_size=0,
        theme=quiet_theme(),
    )
    forget_visits(app, page)
    app.add_middleware(Shell, parts=parts)
    app.add_middleware(
        Guard,
        cookie_paths=("/", *ADDRESSES.values(), script.path),
        body_max_bytes=_body_max_bytes(coach.turn_max_characters),
        refusals=_refusals(lexicon["nl"].errors, page=error_pages(lexicon, parts)),
    )
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    return app


def serve(coach: Coach, host: str, port: int) -> None:
    """Serve until interrupted; no address and no browser of a visitor is written down anywhere."""
    app = create_app(coach)
    coach.warm_up()
    proxy = coach.settings.trusted_proxy
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        log_level="warning",
        # Whether a visit came by https decides about the cookie: only the proxy that was named is believed.
        proxy_headers=bool(proxy),
        forwarded_allow_ips=proxy or None,
    )


def _body_max_bytes(characters: int) -> int:
    """Return what fits a message of so many characters, in the longest notation JSON has for one, and what goes along.

    Twice as many characters still arrive, so that who wrote too much hears by how much.
    """
    return 2 * 6 * characters + 128 * 1024


def _refusals(words: ErrorWords, *, page: MakePage) -> Refusals:
    return Refusals(
        not_found=words.not_found, foreign=words.foreign, too_large=words.too_large, failed=words.unforeseen, page=page
    )


def _add_asset(app: FastAPI, asset: Asset) -> None:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}

    @app.get(asset.path)
    def read_asset() -> Response:
        return Response(asset.content, media_type=asset.media_type, headers=headers)


def _add_script(app: FastAPI, asset: Asset) -> None:
    """Add the script, with the key of its browser in front; asked for at every visit, as it may bring the cookie."""

    @app.get(asset.path)
    def read_script(request: Request) -> Response:
        content = f"const formKey = {json.dumps(request.scope[FORM_KEY])};\n{asset.content}"
        return Response(content, media_type=asset.media_type, headers={"Cache-Control": "no-store"})


def _add_downloads(app: FastAPI, coach: Coach, *, lexicon: Lexicon) -> None:
    def attach(request: Request, session_id: str, *, kind: _Kind) -> Response:
        """Return what the student takes along; only to the browser whose conversation it is."""
        try:
            token = browser_token(request.headers.get("cookie", ""))
            conversation = coach.current(token) if token else None
            if token is None or conversation is None or conversation.id != session_id:
                raise SessionError(lexicon["nl"].errors.no_session)
            content = kind.write(token, session_id)
        except CoachError as error:
            return JSONResponse({"detail": str(error)}, status_code=404)
        about = conversation.protocol.id if conversation.protocol else START
        name = re.sub(r"[^a-z0-9-]+", "-", f"{lexicon[conversation.language].end.file}-{about}")
        headers = {"Content-Disposition": f'attachment; filename="{name}.{kind.ending}"', "Cache-Control": "no-store"}
        return Response(content, media_type=kind.media_type, headers=headers)

    docx, markdown = _Kind("docx", _DOCX, coach.docx), _Kind("md", _MARKDOWN, coach.markdown)

    # Before the other one, which would take ".docx" for a part of the id.
    @app.get("/reflectie/{session_id}.docx")
    def download_docx(session_id: str, request: Request) -> Response:
        return attach(request, session_id, kind=docx)

    @app.get("/reflectie/{session_id}")
    def download_markdown(session_id: str, request: Request) -> Response:
        return attach(request, session_id, kind=markdown)
