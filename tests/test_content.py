"""Data files are read strictly; what is wrong is named with file and place."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from coach.content import Strict, place, read_yaml
from coach.errors import ContentError


class Part(Strict):
    name: str
    numbers: tuple[int, ...] = ()


class Whole(Strict):
    title: str
    parts: tuple[Part, ...] = ()
    texts: dict[str, str] = {}


def read(folder: Path, text: str | bytes) -> Whole:
    path = folder / "geheel.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, Whole)


def test_a_good_file_becomes_the_model(tmp_path: Path) -> None:
    text = "title: Cliënt 😂\nparts:\n  - {name: één, numbers: [1, 2]}\ntexts: {vaag: hoe dan}\n"
    wanted = Whole(title="Cliënt 😂", parts=(Part(name="één", numbers=(1, 2)),), texts={"vaag": "hoe dan"})
    assert read(tmp_path, text) == wanted


def test_what_was_read_does_not_change(tmp_path: Path) -> None:
    whole = read(tmp_path, "title: x")
    with pytest.raises(ValidationError, match="frozen"):
        whole.title = "y"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: x\nparts: [{name: a}, {name: b, extra: 1}]", "geheel.yaml: parts[1].extra: Extra inputs"),
        ("title: x\nparts: [{name: a, numbers: [1, '3']}]", "geheel.yaml: parts[0].numbers[1]: Input should be"),
        ("title: 3", "geheel.yaml: title: Input should be a valid string"),
        ("title: yes", "geheel.yaml: title: Input should be a valid string"),
        ("parts: []", "geheel.yaml: title: Field required"),
        ("title: x\ntexts: {vaag: 1}", "geheel.yaml: texts.vaag: Input should be a valid string"),
        ("title: x\nextra: 1", "geheel.yaml: extra: Extra inputs"),
        ("", "geheel.yaml: (bestand): Input should be an object"),
        ("- title", "geheel.yaml: (bestand): Input should be an object"),
        ("title: [", "geheel.yaml: geen geldige YAML ("),
        ("title: a\n---\ntitle: b", "geheel.yaml: geen geldige YAML ("),
        ("title: !!python/name:os.system", "geheel.yaml: geen geldige YAML ("),
        ("title: a\x01b", "geheel.yaml: geen geldige YAML ("),
        ('title: "\\ud800"', "geheel.yaml: geen geldige YAML"),
        ("title: x\ntexts: {2024-01-01: x}", "geheel.yaml: (bestand): past niet in een gegevensbestand ("),
        ("title: x\nparts: &a [*a]", "geheel.yaml: (bestand): past niet in een gegevensbestand ("),
        (b"title: \xff", "geheel.yaml: kan niet worden gelezen ("),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(ContentError, match=f"^{re.escape(message)}") as caught:
        read(tmp_path, text)
    assert caught.value.__cause__ is not None


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"^weg\.yaml: kan niet worden gelezen .*zet het bestand terug$"):
        read_yaml(tmp_path / "weg.yaml", Whole)


@pytest.mark.parametrize(
    ("location", "written"),
    [
        (("steps", 2, "probes", "vaag"), "steps[2].probes.vaag"),
        (("texts",), "texts"),
        ((0, "id"), "[0].id"),
        (("a", 1, 2), "a[1][2]"),
        ((), "(bestand)"),
    ],
)
def test_a_place_reads_as_a_path(location: tuple[int | str, ...], written: str) -> None:
    assert place(location) == written
