"""The coach's own sentences: the shipped file loads, each mistake is named, and the tone is the agreed one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.texts import QUOTED, Texts
from coach.errors import ContentError

Spoil = Callable[[dict[str, Any]], None]
PROMPTS = content_root() / "prompts"
SHIPPED = PROMPTS / "texts" / "nl.yaml"
SAID = sorted([*(PROMPTS / "texts").glob("*.yaml"), *(PROMPTS / "protocols").glob("*.yaml")])
FORMAL = re.compile(r"\b(?:u|uw|uzelf|uwerzijds)\b", re.IGNORECASE)


def shipped() -> dict[str, Any]:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def strings(value: object, *, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string below `value` with its path; keys are not said by anyone."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from strings(below, path=f"{path}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from strings(below, path=f"{path}[{number}]")
    elif isinstance(value, str):
        yield path, value


def places(path: Path, wrong: Callable[[str], object]) -> list[str]:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [f"{path.name}{where}" for where, text in strings(read) if wrong(text)]


def spoilt(folder: Path, spoil: Spoil) -> Path:
    data = shipped()
    spoil(data)
    path = folder / "nl.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_the_shipped_file_loads() -> None:
    texts = read_yaml(SHIPPED, Texts)
    assert "computerprogramma" in texts.welcome[0]
    assert "computerprogramma" in texts.opening_short


def test_an_unspoilt_copy_loads(tmp_path: Path) -> None:
    assert read_yaml(spoilt(tmp_path, lambda data: None), Texts) == read_yaml(SHIPPED, Texts)


def test_no_variant_stands_twice() -> None:
    lists = {name: lines for name, lines in shipped().items() if isinstance(lines, list)}
    assert [name for name, lines in lists.items() if len(set(lines)) != len(lines)] == []


@pytest.mark.parametrize("name", ["mirror", "mirror_feeling"])
def test_each_mirror_line_holds_the_quotation_once_between_quotation_marks(name: str) -> None:
    lines = getattr(read_yaml(SHIPPED, Texts), name)
    assert [line for line in lines if line.count(f"“{QUOTED}”") != 1 or line.count("{") != 1] == []


def set_line(name: str, line: str) -> Spoil:
    def spoil(data: dict[str, Any]) -> None:
        if isinstance(data[name], list):
            data[name][-1] = line
        else:
            data[name] = line

    return spoil


def set_value(name: str, value: object) -> Spoil:
    def spoil(data: dict[str, Any]) -> None:
        data[name] = value

    return spoil


@pytest.mark.parametrize("name", [name for name in Texts.model_fields if not name.startswith("mirror")])
def test_a_question_or_a_gap_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match=rf"nl\.yaml: .*{name}: hier hoort geen vraag: 'Gaat het\?'"):
        read_yaml(spoilt(tmp_path, set_line(name, "Gaat het?")), Texts)
    with pytest.raises(ContentError, match=rf"nl\.yaml: .*{name}: verwacht \[\], gevonden \['{QUOTED}'\]"):
        read_yaml(spoilt(tmp_path, set_line(name, f"Oké, “{QUOTED}”.")), Texts)


@pytest.mark.parametrize("name", ["mirror", "mirror_feeling"])
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Oké.", r"\[\]"),
        ("“{citat}”.", r"\['{citat}'\]"),
        ("“{citaat}” en “{citaat}”.", r"\['{citaat}', '{citaat}'\]"),
        ("“{citaat}”, {naam}.", r"\['{citaat}', '{naam}'\]"),
        ("“{citaat”.", r"\['{citaat'\]"),
        ("“citaat}”.", r"\['}'\]"),
        ("“{citaat}” {}.", r"\['{citaat}', '{}'\]"),
    ],
)
def test_a_mirror_without_exactly_one_quotation_is_refused(tmp_path: Path, name: str, line: str, found: str) -> None:
    message = rf"nl\.yaml: .*{name}: verwacht \['{QUOTED}'\], gevonden {found}: "
    with pytest.raises(ContentError, match=message):
        read_yaml(spoilt(tmp_path, set_line(name, line)), Texts)


def test_a_question_in_a_mirror_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="mirror: hier hoort geen vraag"):
        read_yaml(spoilt(tmp_path, set_line("mirror", "“{citaat}”, klopt dat?")), Texts)


@pytest.mark.parametrize("name", list(Texts.model_fields))
def test_a_missing_text_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match=rf"^nl\.yaml: {name}: Field required"):
        read_yaml(spoilt(tmp_path, lambda data: data.pop(name)), Texts)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (set_value("grap", ["Haha."]), r"^nl\.yaml: grap: Extra inputs"),
        (set_value("skip", []), r"^nl\.yaml: skip: Tuple should have at least 1 item"),
        (set_value("skip", "Prima."), r"^nl\.yaml: skip: Input should be a valid (array|tuple)"),
        (set_value("skip", ["Prima.", "  "]), r"^nl\.yaml: skip\[1\]: String should have at least 1 character"),
        (set_value("skip", ["Prima.", 3]), r"^nl\.yaml: skip\[1\]: Input should be a valid string"),
        (set_value("over", ""), r"^nl\.yaml: over: String should have at least 1 character"),
        (set_value("over", ["Klaar."]), r"^nl\.yaml: over: Input should be a valid string"),
    ],
)
def test_each_other_mistake_is_named(tmp_path: Path, spoil: Spoil, message: str) -> None:
    with pytest.raises(ContentError, match=message):
        read_yaml(spoilt(tmp_path, spoil), Texts)


def test_the_texts_that_are_looked_at_are_there() -> None:
    assert {"nl.yaml", "page.yaml", "4g.yaml"} <= {path.name for path in SAID}


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.name)
def test_nothing_is_exclaimed(path: Path) -> None:
    assert places(path, lambda text: "!" in text) == []


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.name)
def test_the_student_is_je_and_never_u(path: Path) -> None:
    assert places(path, FORMAL.search) == []


def test_the_look_for_the_u_form_sees_it() -> None:
    assert all(FORMAL.search(text) for text in ("Wat vindt u?", "Uw antwoord", "U zei niets"))
    assert not any(FORMAL.search(text) for text in ("uur", "Wat deed jouw collega nu", "uit"))
