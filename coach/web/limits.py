"""How often one browser may ask: counted in memory, by the key of its cookie; no address is looked at."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Action = Literal["page", "begin", "reply", "check", "code", "code_anybody"]
# Whoever cannot be told apart shares one count.
ANYBODY = ""
# More keys than this are never kept; the oldest go first.
_KEYS_MAX = 20_000


@dataclass(frozen=True)
class Rate:
    """`times` at once, and as many again in every `seconds`."""

    times: int
    seconds: float


# Well above what a person does, who types for half a minute per answer; the live check runs once per pause in typing.
RATES: Mapping[Action, Rate] = {
    "page": Rate(times=120, seconds=60),  # per browser, anything asked of the coach
    "begin": Rate(times=20, seconds=60),  # per browser
    "reply": Rate(times=60, seconds=60),  # per conversation
    "check": Rate(times=90, seconds=60),  # per browser
    "code": Rate(times=5, seconds=900),  # per browser: a code is guessed, not typed, when it is wrong this often
    # Of all browsers together, because whoever throws the cookie away is a new browser. A code has 80 bits; a lower
    # number would let one visitor keep all others from deleting.
    "code_anybody": Rate(times=300, seconds=3_600),
}


class Limiter:
    """Counts per action and key; safe to call from several threads. `clock` gives seconds that only go up."""

    def __init__(self, rates: Mapping[Action, Rate] = RATES, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._lock = threading.Lock()
        # When the count of a key would be back at nothing: all that has to be kept of it.
        self._empty_at: dict[tuple[Action, str], float] = {}

    def wait_seconds(self, action: Action, key: str) -> float:
        """Count one and return 0, or count nothing and return how long to wait."""
        rate, now = self._rates[action], self._clock()
        each = rate.seconds / rate.times
        with self._lock:
            empty_at = max(now, self._empty_at.pop((action, key), now))
            too_soon = empty_at + each - now - rate.seconds
            if too_soon > 1e-9:
                self._empty_at[action, key] = empty_at
                return too_soon
            self._empty_at[action, key] = empty_at + each
            self._shrink(now)
            return 0.0

    def _shrink(self, now: float) -> None:
        if len(self._empty_at) <= _KEYS_MAX:
            return
        self._empty_at = {key: at for key, at in self._empty_at.items() if at > now}
        while len(self._empty_at) > _KEYS_MAX:
            del self._empty_at[next(iter(self._empty_at))]
