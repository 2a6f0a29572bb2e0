"""The room: everything shipped loads together, and what does not fit together is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from coach.config import content_root
from coach.conversation.checks import load_checks
from coach.conversation.speech import load_speeches
from coach.errors import ContentError

PROMPTS = content_root() / "prompts"
CHECKS = load_checks(PROMPTS / "checks")


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROMPTS, tmp_path / "prompts"))


def rewrite(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_both_languages_have_the_same_protocols_in_other_words() -> None:
    speeches = load_speeches(PROMPTS, checks=CHECKS)
    assert list(speeches) == ["nl", "en"]
    dutch, english = (speeches[language].protocols for language in ("nl", "en"))
    assert list(dutch) == list(english)
    assert dutch["4g"].step("gevoel").questions != english["4g"].step("gevoel").questions
    assert speeches["nl"].texts != speeches["en"].texts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["relations"].update(hulpvrager="weg"), r"intake/en\.yaml: 'weg' staat niet in heard"),
        (lambda data: data["places"][0]["known_by"].append("weg"), r"intake/en\.yaml: 'weg' staat niet in heard"),
        (lambda data: data["places"][1]["choices"][0].update(sign="weg"), r"intake/en\.yaml: 'weg' staat niet"),
        (lambda data: data.update(default="5g"), r"intake/en\.yaml: protocol '5g' bestaat niet"),
        (lambda data: data["not_after_safety"].append("5g"), r"intake/en\.yaml: protocol '5g' bestaat niet"),
    ],
)
def test_an_intake_that_names_what_is_not_there_is_refused(
    prompts: Path, change: Callable[[dict[str, object]], None], message: str
) -> None:
    rewrite(prompts / "intake" / "en.yaml", change)
    with pytest.raises(ContentError, match=message):
        load_speeches(prompts, checks=CHECKS)


@pytest.mark.parametrize("path", ["texts/en.yaml", "intake/en.yaml", "protocols/en/ego.yaml"])
def test_a_missing_file_is_named(prompts: Path, path: str) -> None:
    (prompts / path).unlink()
    with pytest.raises(ContentError, match=Path(path).name):
        load_speeches(prompts, checks=CHECKS)
