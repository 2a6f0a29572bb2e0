"""The suite `privacy`: what counts as masked, and that a peer that is not there is said to be missing."""

import json
import sys
from pathlib import Path

import pytest

from coach.errors import CoachError
from evals import privacy
from evals.deduce_peer import find_with_deduce
from evals.privacy_cases import WAYS, PrivacyCase, unmarked


def case(text: str) -> PrivacyCase:
    return PrivacyCase(id="x1", split="dev", text=text)


def test_marks_are_taken_out_and_offsets_kept() -> None:
    paragraph = unmarked(case("Met [[person|Jan de Wit]] in [[place|Ede]] gepraat."))
    assert paragraph.text == "Met Jan de Wit in Ede gepraat."
    assert [(d.type, paragraph.text[d.start : d.end]) for d in paragraph.details] == [
        ("person", "Jan de Wit"),
        ("place", "Ede"),
    ]
    assert [paragraph.text[start:end] for start, end in paragraph.other_words()] == ["Met", "in", "gepraat"]


def test_every_way_of_writing_keeps_the_offsets() -> None:
    paragraph = unmarked(case("İlayda groet de stra\u00dfe [[person|\u00d6zg\u00fcr]]"))
    assert {len(paragraph.written(way)) for way in WAYS.values()} == {len(paragraph.text)}


def test_half_a_name_is_a_leak_and_a_masked_word_is_counted() -> None:
    paragraphs = [unmarked(case("Met [[person|Jan de Wit]] naar huis."))]
    text = paragraphs[0].text
    whole = privacy._score(paragraphs, [text], [((4, 14),)], way="typed")
    assert whole["recall.typed"] == {"x1.0": 1.0}
    half = privacy._score(paragraphs, [text], [((4, 7), (20, 24))], way="typed")
    assert half["recall.typed"] == {"x1.0": 0.0}
    assert half["false_masks_beside.typed"]["x1"] == pytest.approx(1000 / 3)


def test_a_missing_peer_is_said_aloud(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert find_with_deduce("", ["tekst"]) is None
    assert find_with_deduce(str(tmp_path / "python"), ["tekst"]) is None
    assert "COACH_DEDUCE_PYTHON" in capsys.readouterr().err


def test_a_python_without_the_peer_is_an_error() -> None:
    with pytest.raises(CoachError, match="deduce"):
        find_with_deduce(sys.executable, ["tekst"])


def test_the_case_file_holds_both_splits_and_no_mark_is_spoilt() -> None:
    lines = (Path(privacy.__file__).parent / "cases" / "privacy.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [PrivacyCase.model_validate_json(line) for line in lines]
    assert {found.split for found in cases} == {"dev", "test"}
    assert len({found.id for found in cases}) == len(cases)
    assert not [
        json.loads(line)["id"] for line in lines if "[[" in unmarked(PrivacyCase.model_validate_json(line)).text
    ]
