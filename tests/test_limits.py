"""How often one browser may ask, with a clock that the test moves."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from coach.web import limits
from coach.web.limits import ANYBODY, RATES, Count, Limiter, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limiter(clock: Clock, *, times: int = 3, seconds: float = 60) -> Limiter:
    return Limiter({"reply": Rate(times, seconds), "begin": Rate(times, seconds)}, clock=clock)


def test_so_many_at_once_and_then_one_by_one(clock: Clock) -> None:
    found = limiter(clock)
    assert [found.wait_seconds("reply", "a") for _ in range(3)] == [0, 0, 0]
    assert found.wait_seconds("reply", "a") == pytest.approx(20)
    clock.now += 19
    assert found.wait_seconds("reply", "a") == pytest.approx(1)
    clock.now += 1
    assert found.wait_seconds("reply", "a") == 0
    assert found.wait_seconds("reply", "a") == pytest.approx(20)


def test_who_is_refused_does_not_wait_longer_for_trying(clock: Clock) -> None:
    found = limiter(clock)
    waits = [found.wait_seconds("reply", "a") for _ in range(50)]
    assert waits[3:] == [pytest.approx(20)] * 47


def test_a_guess_that_was_right_is_given_back(clock: Clock) -> None:
    found = Limiter({"join": Rate(3, 60), "join_anybody": Rate(5, 60)}, clock=clock)
    counts: tuple[Count, ...] = (("join", "a"), ("join_anybody", ANYBODY))
    for _ in range(20):
        assert found.count_guess(*counts) == 0
        found.give_back(*counts)
    assert [found.count_guess(*counts) for _ in range(3)] == [0, 0, 0]
    assert found.count_guess(*counts) == pytest.approx(20)
    # Another browser is held back by what all have guessed.
    others: tuple[Count, ...] = (("join", "b"), ("join_anybody", ANYBODY))
    assert [found.count_guess(*others) for _ in range(2)] == [0, 0]
    assert found.count_guess(*others) == pytest.approx(12)


def test_many_browsers_do_not_make_it_forget_what_all_share(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_KEYS_MAX", 10)
    found = Limiter({"page": Rate(1, 60), "join_anybody": Rate(1, 60)}, clock=clock)
    assert found.wait_seconds("join_anybody", ANYBODY) == 0
    for number in range(100):
        found.wait_seconds("page", str(number))
    assert len(found._empty_at) == 10
    assert found.wait_seconds("join_anybody", ANYBODY) > 0


def test_keys_and_actions_do_not_count_together(clock: Clock) -> None:
    found = limiter(clock, times=1)
    assert not found.wait_seconds("reply", "a")
    assert not found.wait_seconds("reply", "b")
    assert not found.wait_seconds("begin", "a")
    assert found.wait_seconds("reply", "a")


def test_what_is_kept_stays_small_and_the_newest_stay(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_KEYS_MAX", 10)
    found = limiter(clock, times=1)
    for number in range(100):
        found.wait_seconds("reply", str(number))
    assert len(found._empty_at) == 10
    assert found.wait_seconds("reply", "99")
    clock.now += 61
    found.wait_seconds("reply", "new")
    assert len(found._empty_at) == 1


def test_threads_together_get_no_more(clock: Clock) -> None:
    found = limiter(clock, times=20)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: found.wait_seconds("reply", "a"), range(200)))
    assert waits.count(0) == 20


def test_every_action_has_a_rate() -> None:
    assert all(rate.times >= 1 and rate.seconds >= 1 for rate in RATES.values())
    assert RATES["code"].times <= 5
