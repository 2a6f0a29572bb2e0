"""How often one browser may ask: counted in memory, by the key of its cookie; no address is looked at."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "page",
    "begin",
    "reply",
    "check",
    "code",
    "code_anybody",
    "join",
    "join_anybody",
    "share",
    "share_anybody",
    "page_anybody",
]
# Whoever cannot be told apart shares one count.
ANYBODY = ""
# What is counted, and whose it is.
Count = tuple[Action, str]
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
    # Wrong codes of groups, per browser and of all together: a code has 25 bits, as it is read aloud to a class.
    "join": Rate(times=10, seconds=900),
    "join_anybody": Rate(times=300, seconds=3_600),
    # Wrong codes of what was released; 66 bits, and asked from browsers without a cookie too.
    "share": Rate(times=10, seconds=900),
    "share_anybody": Rate(times=300, seconds=3_600),
    # First visits, of all browsers together: far more than a school has in one minute.
    "page_anybody": Rate(times=1_200, seconds=60),
}


def whole_minutes(seconds: float) -> int:
    """Return a time to wait as it is said: in minutes, rounded up."""
    return math.ceil(seconds / 60)


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

    def count_guess(self, *counts: Count) -> float:
        """Count a guess of a code in each of `counts` and return 0; when one is full, return how long to wait."""
        return next((wait for action, key in counts if (wait := self.wait_seconds(action, key))), 0.0)

    def give_back(self, *counts: Count) -> None:
        """Take back a guess that was right, so that only wrong ones count."""
        with self._lock:
            for action, key in counts:
                rate = self._rates[action]
                if (action, key) in self._empty_at:
                    self._empty_at[action, key] -= rate.seconds / rate.times

    def _shrink(self, now: float) -> None:
        if len(self._empty_at) <= _KEYS_MAX:
            return
        self._empty_at = {key: at for key, at in self._empty_at.items() if at > now}
        while len(self._empty_at) > _KEYS_MAX:
            # Never what all share: many new browsers would make it forget the guesses.
            del self._empty_at[next(count for count in self._empty_at if count[1] != ANYBODY)]
