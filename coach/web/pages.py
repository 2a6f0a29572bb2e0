"""The web server: FastAPI with the student's page at /, and the file a student takes along."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.middleware.gzip import GZipMiddleware

from coach.app import Coach
from coach.errors import CoachError, SessionError
from coach.web.guard import Guard, browser_token
from coach.web.look import Asset, page_script, quiet_theme, style_sheet
from coach.web.shell import Shell, build_parts
from coach.web.student import build_page
from coach.web.words import Words, load_words

# Threads for handlers; more than there are students who press a button in the same second.
_THREADS = 40


def create_app(coach: Coach) -> FastAPI:
    """Return the application; raises `ContentError` when the texts of the page are wrong."""
    # Gradio makes event loops and leaves them open, unless one is running where its parts are put together.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, _assemble(coach)).result()


async def _assemble(coach: Coach) -> FastAPI:
    words, style, script = load_words(), style_sheet(), page_script()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _add_asset(app, style, cache="public, max-age=31536000, immutable")
    # Asked for at every visit: its answer may carry the cookie (see guard.py).
    _add_asset(app, script, cache="no-store")
    _add_download(app, coach, words=words)
    page = build_page(coach, words=words).queue(default_concurrency_limit=_THREADS, api_open=False)
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
    app.add_middleware(Shell, parts=build_parts(coach, words=words, style=style, script=script))
    app.add_middleware(Guard, cookie_paths=("/", script.path), refused=words.errors.not_found)
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


def _add_download(app: FastAPI, coach: Coach, *, words: Words) -> None:
    @app.get("/reflectie/{session_id}")
    def download(session_id: str, request: Request) -> Response:
        """Return what the student takes along; only to the browser whose conversation it is."""
        try:
            token = browser_token(request.headers.get("cookie", ""))
            conversation = coach.current(token) if token else None
            if token is None or conversation is None or conversation.id != session_id:
                raise SessionError(words.errors.no_session)
            text = coach.markdown(token, session_id)
        except CoachError as error:
            return PlainTextResponse(str(error), status_code=404)
        name = re.sub(r"[^a-z0-9-]", "", f"reflectie-{conversation.protocol.id}")
        headers = {"Content-Disposition": f'attachment; filename="{name}.md"', "Cache-Control": "no-store"}
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
