"""Gradio without a memory: no request leaves anything of a conversation behind in the server's memory.

Gradio keeps the last value of every part of a page, so whole conversations, for each of the last 10 000 visits; also of
conversations that the student has deleted since. This page sends all it needs with each request.
"""

from fastapi import FastAPI
from gradio import Blocks
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.routing import Mount

from coach.errors import ContentError


class Forgetful(StateHolder):
    """Gives every request a fresh state and keeps none."""

    def __getitem__(self, session_id: str) -> SessionState:
        """Return a state as a first visit has it."""
        return SessionState(self.blocks)

    def __contains__(self, session_id: str) -> bool:
        """Nothing is ever kept."""
        return False


def forget_visits(app: FastAPI, page: Blocks) -> None:
    """Let the Gradio page mounted in `app` keep nothing between requests."""
    mounted = [route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, App)]
    if len(mounted) != 1:
        raise ContentError(f"Gradio: {len(mounted)} pagina's in plaats van 1; installeer de versie uit constraints.txt")
    mounted[0].state_holder = Forgetful()  # type: ignore[no-untyped-call]
    mounted[0].state_holder.set_blocks(page)
