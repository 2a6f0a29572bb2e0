"""The web server: FastAPI with the student's page at /, and the file a student takes along."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.middleware.gzip import GZipMiddleware

from coach.app import Coach
from coach.conversation.state import START
from coach.errors import CoachError, SessionError
from coach.web.desk_pages import DeskPages
from coach.web.desk_routes import add_desk
from coach.web.guard import Guard, browser_token
from coach.web.look import Asset, desk_assets, page_script, quiet_theme, style_sheet
from coach.web.shell import Shell, build_parts
from coach.web.student import build_page
from coach.web.words import Lexicon, load_words

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
    _add_asset(app, style, cache="public, max-age=31536000, immutable")
    # Asked for at every visit: its answer may carry the cookie (see guard.py).
    _add_asset(app, script, cache="no-store")
    _add_downloads(app, coach, lexicon=lexicon)
    parts = build_parts(coach, lexicon=lexicon, style=style, script=script)
    assets = (style, *desk_assets())
    for asset in assets[1:]:
        _add_asset(app, asset, cache="public, max-age=31536000, immutable")
    add_desk(app, coach, DeskPages(coach, lexicon=lexicon, assets=assets, help_panel=parts.bottom))
    page = build_page(coach, lexicon=lexicon).queue(default_concurrency_limit=_THREADS, api_open=False)
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
    app.add_middleware(Shell, parts=parts)
    app.add_middleware(Guard, cookie_paths=("/", script.path), refused=lexicon["nl"].errors.not_found)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    return app


def serve(coach: Coach, host: str, port: int) -> None:
    """Serve until interrupted; no address and no browser of a visitor is written down anywhere."""
    app = create_app(coach)
    coach.warm_up()
    uvicorn.run(app, host=host, port=port, access_log=False, server_header=False, log_level="warning")


def _add_asset(app: FastAPI, asset: Asset, *, cache: str) -> None:
    @app.get(asset.path)
    def read_asset() -> Response:
        return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": cache})


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
            return PlainTextResponse(str(error), status_code=404)
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
