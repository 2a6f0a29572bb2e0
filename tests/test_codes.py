"""Deletion codes: shown to one browser, typed in any other, stored nowhere."""

import re

import pytest

from coach.records.codes import code_key, deletion_code

CODE = deletion_code("token", "session")


def test_a_code_follows_from_browser_and_session() -> None:
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", CODE)
    assert deletion_code("token", "session") == CODE
    assert len({CODE, deletion_code("token", "other"), deletion_code("other", "session")}) == 3


@pytest.mark.parametrize(
    "typed", [CODE.lower(), CODE.replace("-", ""), f"  {CODE.replace('-', ' ')}\n", CODE.replace("-", "–")]
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert code_key(typed) == code_key(CODE)


def test_lookalikes_are_read_as_the_letters_they_look_like() -> None:
    assert code_key("0000-1111-8888-AAAA") == code_key("OOOO-IIII-BBBB-AAAA")


@pytest.mark.parametrize(
    "typed", ["", "-", CODE[:-1], f"{CODE}A", "A" * 10_000, "ÀÀÀÀ-ÀÀÀÀ-ÀÀÀÀ-ÀÀÀÀ", "nul\x00", "\ud83d"]
)
def test_what_cannot_be_a_code_has_no_key(typed: str) -> None:
    assert code_key(typed) is None


def test_the_key_does_not_hold_the_code() -> None:
    assert CODE.replace("-", "").lower() not in (code_key(CODE) or "")
