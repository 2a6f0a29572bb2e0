"""Protocol files: every shipped one loads, in both languages; every kind of mistake is named with file and path."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.config import content_root
from coach.conversation.checks import load_checks
from coach.conversation.protocol import LENGTHS, Protocol, load_protocol, load_protocols, load_translations
from coach.errors import ContentError
from coach.library.catalog import load_catalog
from coach.library.digest import load_digest

Spoil = Callable[[dict[str, Any]], None]
ROOT = content_root()
FOLDER = ROOT / "prompts" / "protocols"
CHECKS = load_checks(ROOT / "prompts" / "checks")
DUTCH = {protocol.id: protocol for protocol in load_protocols(FOLDER, checks=CHECKS)}
ENGLISH = {
    protocol.id: protocol
    for protocol in load_translations(FOLDER / "en", protocols=tuple(DUTCH.values()), checks=CHECKS)
}
SHIPPED = [*DUTCH.values(), *ENGLISH.values()]
NAMED = [*DUTCH, *(f"{id_}-en" for id_ in ENGLISH)]
PASSAGES = {
    passage.id
    for passage in load_digest(ROOT / "corpus" / "digest", catalog=load_catalog(ROOT / "corpus" / "catalog.yaml"))
}
REFLECTIONS = {"4g", "ego", "starr", "korthagen", "gibbs", "alliantie", "interprofessioneel", "perspectieven"}


def wordings(protocol: Protocol) -> Iterator[str]:
    for step in protocol.steps:
        yield from (*step.questions, *step.smaller, *(text for texts in step.probes.values() for text in texts))


def test_eight_reflections_and_ten_exercises_are_shipped() -> None:
    assert {id_ for id_, protocol in DUTCH.items() if protocol.group == "reflectie"} == REFLECTIONS
    assert len([protocol for protocol in DUTCH.values() if protocol.group == "oefening"]) == 10
    groups = [protocol.group for protocol in DUTCH.values()]
    assert groups == sorted(groups, reverse=True), "eerst de reflecties"
    assert set(ENGLISH) == set(DUTCH)


@pytest.mark.parametrize("protocol", SHIPPED, ids=NAMED)
def test_every_wording_is_there_once_and_short(protocol: Protocol) -> None:
    said = list(wordings(protocol))
    assert [text for text, times in Counter(said).items() if times > 1] == []
    assert [text for text in said if len(text.split()) > 45] == []
    for step in protocol.steps:
        assert len(step.questions) >= 4
        assert all(len(texts) >= 3 for texts in step.probes.values())


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("protocol", DUTCH.values(), ids=DUTCH)
def test_every_route_brings_in_the_other_and_asks_for_insight_intention_and_question(
    protocol: Protocol, length: str
) -> None:
    route = protocol.route(length)
    assert any(step.brings_other for step in route if not step.when and not step.unless)
    ids = [step.id for step in route]
    assert ids[-1] == "vraag"
    assert {"inzicht", "voornemen"} <= set(ids)
    assert protocol.step("voornemen").check == "voornemen"
    assert len(protocol.route("kort")) < len(protocol.route("lang"))
    assert protocol.minutes["kort"] < protocol.minutes["lang"]


@pytest.mark.parametrize("protocol", DUTCH.values(), ids=DUTCH)
def test_every_passage_that_is_named_exists(protocol: Protocol) -> None:
    named = {protocol.grounded_in, protocol.exercise, *(name for step in protocol.steps for name in step.passages)}
    assert sorted(named - PASSAGES) == []
    assert protocol.exercise.startswith("digest:oefening-")


def test_misconduct_never_leads_to_feedback_or_letting_go() -> None:
    assert {id_ for id_, protocol in DUTCH.items() if "misconduct" in protocol.never_after} >= {"4g", "ego"}


def test_4g_has_the_steps_of_the_contract() -> None:
    steps = [step.id for step in DUTCH["4g"].steps if step.kind == "step"]
    assert steps == ["gedrag", "gevoel", "gevolg", "gewenst"]
    issues = {step.id: set(step.probes) for step in DUTCH["4g"].steps if step.kind == "step"}
    assert issues == {
        "gedrag": {"te_kort", "oordeel", "intentie", "generalisatie", "niet_waarneembaar"},
        "gevoel": {"gedachte", "pseudogevoel", "geen_gevoelswoord"},
        "gevolg": {"te_kort", "geen_effect"},
        "gewenst": {"vaag", "negatief", "geen_verzoek"},
    }


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
    data["steps"][0]["probes"]["toon"] = ["Wat bedoel je?", "Hoe klonk dat?", "Hoe hard was het?"]


def wrong_type(data: dict[str, Any]) -> None:
    data["version"] = "1"


def double_step(data: dict[str, Any]) -> None:
    data["steps"].append(data["steps"][0])


def missing_route(data: dict[str, Any]) -> None:
    del data["routes"]["lang"]


def step_twice_on_a_route(data: dict[str, Any]) -> None:
    data["routes"]["kort"].append("gedrag")


def nobody_brings_in_the_other(data: dict[str, Any]) -> None:
    data["routes"]["kort"].remove("ander")


def the_other_only_perhaps(data: dict[str, Any]) -> None:
    for step in data["steps"]:
        if step.get("brings_other"):
            step["when"] = "conflict"


def same_wording_twice(data: dict[str, Any]) -> None:
    data["steps"][0]["probes"]["oordeel"][1] = data["steps"][0]["questions"][0]


def question_in_an_explanation(data: dict[str, Any]) -> None:
    data["steps"][0]["why"] = "Waarom niet?"


def question_in_a_reason(data: dict[str, Any]) -> None:
    data["proposal"]["reasons"][0] = "Zullen we?"


def probes_without_a_check(data: dict[str, Any]) -> None:
    del data["steps"][0]["check"]


def offer_that_opens_nothing(data: dict[str, Any]) -> None:
    data["steps"][5]["kind"] = "offer"


def offer_that_opens_what_is_behind_it(data: dict[str, Any]) -> None:
    data["steps"][5] |= {"kind": "offer", "opens": ["gedrag"]}


def unknown_heard(data: dict[str, Any]) -> None:
    data["steps"][1]["heard"] = "stemming"


def unknown_when(data: dict[str, Any]) -> None:
    data["steps"][4]["when"] = "stemming"


def unknown_sign(data: dict[str, Any]) -> None:
    data["proposal"]["signs"].append("stemming")


def too_few_wordings(data: dict[str, Any]) -> None:
    del data["steps"][1]["questions"][3:]


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
        (step_twice_on_a_route, ["4g.yaml", "routes.kort", "twee keer"]),
        (nobody_brings_in_the_other, ["4g.yaml", "routes.kort", "brings_other"]),
        (the_other_only_perhaps, ["4g.yaml", "routes.kort", "brings_other"]),
        (same_wording_twice, ["4g.yaml", "steps[0]", "twee keer"]),
        (question_in_an_explanation, ["4g.yaml", "steps[0]", "leggen uit"]),
        (question_in_a_reason, ["4g.yaml", "proposal", "geen vraag"]),
        (probes_without_a_check, ["4g.yaml", "steps[0]", "probes zonder check"]),
        (offer_that_opens_nothing, ["4g.yaml", "steps[5]", "opens"]),
        (offer_that_opens_what_is_behind_it, ["4g.yaml", "routes.lang", "opent 'gedrag'"]),
        (unknown_heard, ["4g.yaml", "steps[1].heard", "stemming"]),
        (unknown_when, ["4g.yaml", "steps[4].when", "stemming"]),
        (unknown_sign, ["4g.yaml", "proposal.signs", "stemming"]),
        (too_few_wordings, ["4g.yaml", "steps[1].questions", "at least 4"]),
    ],
)
def test_a_mistake_is_named_with_file_and_path(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], names: list[str]
) -> None:
    data = shipped()
    spoil(data)
    with pytest.raises(ContentError) as caught:
        load_protocol(write(tmp_path, data), checks=CHECKS)
    for name in names:
        assert name in str(caught.value)


def test_an_id_that_differs_from_the_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="bestandsnaam"):
        load_protocol(write(tmp_path, shipped(), name="anders.yaml"), checks=CHECKS)


def test_broken_yaml_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="geen protocollen"):
        load_protocols(tmp_path, checks=CHECKS)
    (tmp_path / "kapot.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"kapot\.yaml"):
        load_protocols(tmp_path, checks=CHECKS)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data["steps"][1].pop("heard"),
        lambda data: data["routes"]["kort"].remove("inzicht"),
        lambda data: data["steps"][0]["passages"].pop(),
        lambda data: data.update(version=9),
    ],
    ids=["heard", "route", "passage", "version"],
)
def test_a_translation_that_differs_in_more_than_wording_is_refused(tmp_path: Path, spoil: Spoil) -> None:
    dutch = (DUTCH["4g"],)
    write(tmp_path, shipped())
    assert load_translations(tmp_path, protocols=dutch, checks=CHECKS) == dutch
    data = shipped()
    spoil(data)
    write(tmp_path, data)
    with pytest.raises(ContentError, match=r"4g\.yaml: stappen, routes of checks zijn anders"):
        load_translations(tmp_path, protocols=dutch, checks=CHECKS)


def test_a_missing_translation_is_named(tmp_path: Path) -> None:
    write(tmp_path, shipped())
    with pytest.raises(ContentError, match=r"ego\.yaml ontbreekt"):
        load_translations(tmp_path, protocols=(DUTCH["4g"], DUTCH["ego"]), checks=CHECKS)


def test_without_a_length_the_short_way_is_taken() -> None:
    assert DUTCH["4g"].route("") == DUTCH["4g"].route("kort")
