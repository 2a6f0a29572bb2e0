"""Calls of a language model that never last longer than allowed: a loop of their own, a time limit, a rest."""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from coach.errors import ModelError

FAILURES_MAX = 3
REST_SECONDS = 60.0
_CLOSING_SECONDS = 5.0
T = TypeVar("T")


class Calls:
    """Runs calls one beside the other; after three failures in a row nothing is called for a minute, then one is."""

    def __init__(self, *, rest_seconds: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0
        self._trying = False
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def resting(self) -> bool:
        """Whether a call would be refused now."""
        with self._lock:
            return self._refuses()

    def run(self, call: Callable[[], Coroutine[Any, Any, T]], *, seconds: float) -> T:
        """Return what the call returns.

        Raises `ModelError` when it fails, lasts longer than `seconds` (it is then cancelled, its connection closed),
        or when the model rests.
        """
        with self._lock:
            if self._refuses():
                raise ModelError("het taalmodel gaf een paar keer geen antwoord en wordt even met rust gelaten")
            self._trying = self._failures >= FAILURES_MAX
        try:
            result = self._run(call, seconds=seconds)
        except BaseException:
            self._note(failed=True)
            raise
        self._note(failed=False)
        return result

    def close(self, *, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Break off whatever still runs, do what is to be done last, and stop the loop."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(_end(last), loop).result(timeout=_CLOSING_SECONDS)
            loop.call_soon_threadsafe(loop.stop)

    def _run(self, call: Callable[[], Coroutine[Any, Any, T]], *, seconds: float) -> T:
        if seconds <= 0:
            raise ModelError("het taalmodel kreeg geen tijd meer")
        future = asyncio.run_coroutine_threadsafe(call(), self._running_loop())
        try:
            return future.result(timeout=seconds)
        except concurrent.futures.CancelledError as error:
            raise ModelError("de vraag aan het taalmodel is afgebroken") from error
        except TimeoutError as error:
            # Cancelling closes the connection: the model does not go on working for nobody.
            future.cancel()
            raise ModelError(f"het taalmodel antwoordt niet binnen {seconds:.1f} seconden") from error

    def _refuses(self) -> bool:
        if self._failures < FAILURES_MAX:
            return False
        return self._trying or self._clock() < self._rests_until

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._trying = False
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= FAILURES_MAX:
                self._rests_until = self._clock() + self._rest_seconds

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(self._loop,), name="language-model", daemon=True).start()
            return self._loop


async def _end(last: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
    running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    if last is not None:
        await last()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
