"""A conversation in the terminal: the same turns, a number for a button, and the own words at the end."""

import io
import sys

import pytest

from coach.app import Coach
from coach.terminal import converse


def typed(coach: Coach, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *lines: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    converse(coach, protocol="start", length="kort")
    return capsys.readouterr().out


def test_a_number_takes_a_choice_and_another_is_an_answer(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = "mijn collega zuchtte bij de overdracht waar iedereen bij was en ik zei niks terug"
    out = typed(coach, monkeypatch, capsys, account, "1", "1", "1", "99", "stop")
    assert "\n  1. " in out
    assert "[stap 1 van" in out
    assert "> 99" in out, "een getal zonder knop is gewoon een antwoord"


def test_input_that_ends_at_the_start_loses_nothing_and_ends_quietly(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = typed(coach, monkeypatch, capsys, "kort")
    assert "computerprogramma" in out
    assert coach.current("terminal") is None


def test_a_text_that_is_too_long_is_refused_and_can_be_sent_again(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = typed(coach, monkeypatch, capsys, "x" * (coach.turn_max_characters + 1), "stop")
    assert "Er is niets verstuurd" in out
