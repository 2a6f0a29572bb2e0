"""Protocol files: every shipped one loads; every kind of mistake is named with file and path."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.config import content_root
from coach.conversation.checks import ISSUES
from coach.conversation.protocol import load_protocol, load_protocols
from coach.errors import ContentError

Spoil = Callable[[dict[str, Any]], None]
FOLDER = content_root() / "prompts" / "protocols"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_protocol_loads(path: Path) -> None:
    protocol = load_protocol(path, issues=ISSUES)
    wordings = [wording for step in protocol.steps for wording in (*step.questions, *step.smaller)]
    wordings += [text for step in protocol.steps for texts in step.probes.values() for text in texts]
    assert len(set(wordings)) == len(wordings), "elke vraag is anders geformuleerd"
    for step in protocol.steps:
        assert len(step.questions) >= 4
        assert all(len(texts) >= 3 for texts in step.probes.values())
        assert all(len(wording.split()) <= 40 for wording in step.questions)
    assert {"ander", "prijs"} & {step.id for step in protocol.route("kort")}, (
        "de ander komt erbij, ook op de korte route"
    )
    assert protocol.routes["kort"][-1] == "voornemen"


def test_4g_has_the_steps_of_the_contract() -> None:
    protocol = load_protocol(FOLDER / "4g.yaml", issues=ISSUES)
    assert [step.id for step in protocol.steps if step.kind == "step"] == ["gedrag", "gevoel", "gevolg", "gewenst"]


def shipped() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "4g.yaml").read_text(encoding="utf-8"))


def write(folder: Path, data: object, *, name: str = "4g.yaml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def unknown_key(data: dict[str, Any]) -> None:
    data["steps"][1]["vraag"] = "x"


def missing_key(data: dict[str, Any]) -> None:
    del data["steps"][0]["why"]


def unknown_step(data: dict[str, Any]) -> None:
    data["routes"]["kort"].append("geluk")


def unreachable_step(data: dict[str, Any]) -> None:
    for route in data["routes"].values():
        if "gevolg" in route:
            route.remove("gevolg")


def two_questions(data: dict[str, Any]) -> None:
    data["steps"][2]["questions"][0] = "Wat deed je? En toen?"


def unknown_check(data: dict[str, Any]) -> None:
    data["steps"][0]["check"] = "stemming"


def missing_probe(data: dict[str, Any]) -> None:
    del data["steps"][0]["probes"]["oordeel"]


def surplus_probe(data: dict[str, Any]) -> None:
    data["steps"][0]["probes"]["toon"] = ["Wat bedoel je?", "Hoe klonk dat?"]


def wrong_type(data: dict[str, Any]) -> None:
    data["version"] = "1"


def double_step(data: dict[str, Any]) -> None:
    data["steps"].append(data["steps"][0])


def missing_route(data: dict[str, Any]) -> None:
    del data["routes"]["lang"]


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (unknown_key, ["4g.yaml", "steps[1].vraag"]),
        (missing_key, ["4g.yaml", "steps[0].why"]),
        (unknown_step, ["4g.yaml", "routes.kort", "geluk"]),
        (unreachable_step, ["4g.yaml", "gevolg"]),
        (two_questions, ["4g.yaml", "steps[2]", "vraagteken"]),
        (unknown_check, ["4g.yaml", "steps[0].check", "stemming"]),
        (missing_probe, ["4g.yaml", "steps[0].probes", "oordeel"]),
        (surplus_probe, ["4g.yaml", "steps[0].probes.toon"]),
        (wrong_type, ["4g.yaml", "version"]),
        (double_step, ["4g.yaml", "dubbele id"]),
        (missing_route, ["4g.yaml", "lang"]),
    ],
)
def test_a_mistake_is_named_with_file_and_path(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], names: list[str]
) -> None:
    data = shipped()
    spoil(data)
    with pytest.raises(ContentError) as caught:
        load_protocol(write(tmp_path, data), issues=ISSUES)
    for name in names:
        assert name in str(caught.value)


def test_an_id_that_differs_from_the_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="bestandsnaam"):
        load_protocol(write(tmp_path, shipped(), name="anders.yaml"), issues=ISSUES)


def test_broken_yaml_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="geen protocollen"):
        load_protocols(tmp_path, issues=ISSUES)
    (tmp_path / "kapot.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"kapot\.yaml"):
        load_protocols(tmp_path, issues=ISSUES)
