"""Lines in, JSON or lines out: nothing a person or a file can hold stops a command half-way."""

import io
import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from coach.console import batch_rows, input_lines, print_answer, progress_bar
from coach.errors import CoachError


def batch(folder: Path, text: str | bytes) -> Path:
    path = folder / "vragen.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_json_is_one_readable_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_answer({"text": "cliënt\nzei “ja” 😂"}, as_json=True, lines=["voor een mens"])
    out, err = capfdbinary.readouterr()
    assert out == '{"text": "cliënt\\nzei “ja” 😂"}\n'.encode()
    assert err == b""


def test_lines_are_for_a_person(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_answer({"text": "x"}, as_json=False, lines=(line for line in ["één", "", "twee"]))
    assert capfdbinary.readouterr().out == "één\n\ntwee\n".encode()


def test_no_lines_print_nothing(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_answer({"text": "x"}, as_json=False, lines=[])
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "half \ud83d en ë", "\udcff\n"])
def test_a_lone_surrogate_stays_valid_json(capfdbinary: pytest.CaptureFixture[bytes], text: str) -> None:
    print_answer({"text": text, "list": [text]}, as_json=True, lines=[])
    out = capfdbinary.readouterr().out
    assert out.count(b"\n") == 1
    assert json.loads(out.decode("utf-8")) == {"text": text, "list": [text]}


def test_a_lone_surrogate_in_a_line_is_replaced(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_answer(None, as_json=False, lines=["a\ud800b", "ë"])
    assert capfdbinary.readouterr().out == "a?b\në\n".encode()


def test_input_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("één\r\n\ntwee\xa0 \ndrie".encode())))
    assert list(input_lines()) == ["één", "", "twee\xa0 ", "drie"]


def test_bytes_that_are_no_text_become_replacement_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9\nok\n"), encoding="utf-8"))
    assert list(input_lines()) == ["caf\ufffd", "ok"]


def test_rows_come_in_order_with_all_they_hold(tmp_path: Path) -> None:
    path = batch(tmp_path, '{"q": "één", "id": 7}\r\n\n  \n{"q": ""}\n{"q": "regel\u2028scheiding\x85"}')
    assert list(batch_rows(path, field="q")) == [{"q": "één", "id": 7}, {"q": ""}, {"q": "regel\u2028scheiding\x85"}]


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert list(batch_rows(batch(tmp_path, "\n"), field="q")) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("geen json", "geen JSON ("),
        ('{"q": "a"', "geen JSON ("),
        ('{"q": "a"} {"q": "b"}', "geen JSON ("),
        ('{"q": "a", "n": ' + "9" * 5_000 + "}", "geen JSON ("),
        ("[" * 100_000, "geen JSON ("),
        ('["q"]', 'verwacht een object met "q": "…", gevonden ["q"]'),
        ("null", 'verwacht een object met "q": "…", gevonden null'),
        ('{"text": "a"}', 'verwacht een object met "q": "…", gevonden {"text": "a"}'),
        ('{"q": 3}', 'verwacht een object met "q": "…", gevonden {"q": 3}'),
        ('{"q": null}', 'verwacht een object met "q": "…", gevonden {"q": null}'),
    ],
    ids=["words", "unfinished", "two", "huge number", "deep", "list", "null", "other field", "number", "no value"],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, line: str, why: str) -> None:
    path = batch(tmp_path, f'{{"q": "goed"}}\n\n{line}\n{{"q": "te laat"}}\n')
    rows = batch_rows(path, field="q")
    assert next(rows) == {"q": "goed"}, "wat ervoor staat, is al beantwoord"
    with pytest.raises(CoachError, match=f"^{re.escape(f'{path}:3: {why}')}"):
        next(rows)


def test_a_long_wrong_line_is_cut(tmp_path: Path) -> None:
    with pytest.raises(CoachError) as caught:
        list(batch_rows(batch(tmp_path, json.dumps({"text": "a" * 10_000})), field="q"))
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("content", [None, b'{"q": "caf\xe9"}'], ids=["missing", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weg.jsonl" if content is None else batch(tmp_path, content)
    with pytest.raises(CoachError, match=rf"^{re.escape(str(path))}: kan niet worden gelezen .* per regel$"):
        list(batch_rows(path, field="q"))


def test_the_bar_stays_out_of_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Indexeren") as update:
        update(1, 2)
    assert capfd.readouterr() == ("", "")


def read_to_the_end(terminal: int) -> str:
    pieces = []
    # Linux answers with an error when the other end is closed and all is read.
    with os.fdopen(terminal, "rb", buffering=0) as end, suppress(OSError):
        while piece := end.read(4_096):
            pieces.append(piece)
    return b"".join(pieces).decode()


def test_the_bar_shows_on_a_terminal_and_waits_for_something_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress_bar("Indexeren") as update:
            update(0, 0)
        terminal.write("|")
        with progress_bar("Indexeren") as update:
            update(1, 2)
    before, _, after = read_to_the_end(ours).partition("|")
    assert before == ""
    assert "Indexeren" in after
    assert "1/2" in after
