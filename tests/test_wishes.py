"""Wishes: short messages that are not an answer, and answers that only look like one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.config import content_root
from coach.conversation.wishes import load_wishes
from coach.errors import ContentError

WISHES = load_wishes(content_root() / "prompts" / "wishes.yaml")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("stop", "stop"),
        ("Stop maar.", "stop"),
        ("nee sorry, ik wil stoppen", "stop"),
        ("laten we nu stoppen", "stop"),
        ("ik stop met de opleiding", None),
        ("stop zei hij tegen mij", None),
        ("sla over", "skip"),
        ("liever overslaan", "skip"),
        ("dat wil ik liever niet zeggen", "skip"),
        ("weet ik niet", "unknown"),
        ("ehm, geen idee eigenlijk", "unknown"),
        ("idk", "unknown"),
        ("Ik weet het niet", "unknown"),
        ("ik weet het niet, misschien was ik boos", None),
        ("waarom vraag je dit?", "why"),
        ("Hoezo?", "why"),
        ("waarom ging hij weg zonder iets te zeggen", None),
        ("verder", "go_on"),
        ("ja ik wil graag verder", "go_on"),
        ("", None),
        ("ja", None),
    ],
)
def test_messages(text: str, wish: str | None) -> None:
    assert WISHES.in_message(text) == wish


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert WISHES.in_message(text) in (None, "stop", "skip", "unknown", "why", "go_on")


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wishes.yaml"
    path.write_text("stop: [stop]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"wishes\.yaml: fillers"):
        load_wishes(path)
