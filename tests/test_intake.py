"""The start as data: what is asked, what is still unknown, and which protocol is proposed."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from small import protocol, step

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.checks import load_checks
from coach.conversation.intake import PLACES_ASKED_MAX, Intake, missing_place, propose, relation_of
from coach.conversation.protocol import Protocol, load_protocols
from coach.errors import ContentError

PROMPTS = content_root() / "prompts"
CHECKS = load_checks(PROMPTS / "checks")
INTAKES = {language: read_yaml(PROMPTS / "intake" / f"{language}.yaml", Intake) for language in ("nl", "en")}
PROTOCOLS = load_protocols(PROMPTS / "protocols", checks=CHECKS)
NL = INTAKES["nl"]


def fitting(id_: str, *, group: str = "reflectie", **proposal: tuple[str, ...]) -> Protocol:
    reasons = ("Een.", "Twee.", "Drie.")
    one = step("ander", brings_other=True)
    return protocol(one, id=id_, group=group, proposal={"reasons": reasons, **proposal})


@pytest.mark.parametrize(
    ("signs", "asked", "missing"),
    [
        ((), (), "relation"),
        (("relatie_collega",), (), "situation"),
        (("relatie_beroepen", "situatie_bekend"), (), None),
        (("relatie_hulpvrager", "plek_bekend"), (), None),
        ((), ("relation",), "situation"),
        ((), ("relation", "situation"), None),
        (("situatie_bekend",), ("account", "relation"), None),
    ],
)
def test_only_what_is_not_known_is_asked_and_once(
    signs: tuple[str, ...], asked: tuple[str, ...], missing: str | None
) -> None:
    place = missing_place(NL, signs=signs, asked=asked)
    assert (place.id if place else None) == missing


def test_at_most_two_things_are_asked() -> None:
    assert PLACES_ASKED_MAX == 2
    assert all(len(intake.places) == 2 for intake in INTAKES.values())


@pytest.mark.parametrize(
    ("signs", "relation"),
    [
        (("relatie_collega",), "interpersoonlijk"),
        (("relatie_hulpvrager",), "hulpvrager"),
        (("relatie_beroepen",), "interprofessioneel"),
        (("relatie_beroepen", "relatie_collega"), "interprofessioneel"),
        ((), None),
    ],
)
def test_between_whom_it_was(signs: tuple[str, ...], relation: str | None) -> None:
    assert relation_of(NL, signs=signs) == relation


def test_signs_themes_and_relation_speak_for_a_protocol() -> None:
    by_sign = fitting("gibbs", signs=("conflict", "patroon"))
    by_theme = fitting("4g", themes=("feedback", "luisteren"))
    by_relation = fitting("ego", relations=("hulpvrager",))
    shelf = (by_relation, by_theme, by_sign, fitting("starr"))

    def proposed(*signs: str, themes: tuple[str, ...] = ()) -> str:
        return propose(shelf, NL, signs=signs, themes=themes).id

    assert proposed() == "starr", "wat past als niets iets anders aanwijst"
    assert proposed("relatie_hulpvrager") == "ego"
    assert proposed("relatie_hulpvrager", "conflict") == "gibbs"
    assert proposed("relatie_hulpvrager", themes=("feedback",)) == "4g"
    assert proposed(themes=("anders", "luisteren")) == "4g", "het tweede thema telt ook"
    assert proposed("conflict", themes=("feedback",)) == "4g", "een thema zegt meer dan een los teken"


def test_an_exercise_is_not_proposed() -> None:
    exercise = fitting("oefening", group="oefening", signs=("conflict",))
    assert propose((exercise, fitting("starr")), NL, signs=("conflict",), themes=()).id == "starr"


@pytest.mark.parametrize("sign", ["safety_misconduct", "safety_client_safety", "safety_self_harm"])
@pytest.mark.parametrize("language", INTAKES)
def test_after_a_safety_text_neither_feedback_nor_letting_go_is_proposed(sign: str, language: str) -> None:
    intake = INTAKES[language]
    assert {"4g", "ego"} <= set(intake.not_after_safety)
    for protocol_ in PROTOCOLS:
        signs = {sign, *protocol_.proposal.signs}
        found = propose(PROTOCOLS, intake, signs=signs, themes=protocol_.proposal.themes)
        assert found.id not in intake.not_after_safety


@pytest.mark.parametrize("protocol_", [one for one in PROTOCOLS if one.group == "reflectie"], ids=lambda one: one.id)
def test_every_reflection_can_be_proposed(protocol_: Protocol) -> None:
    proposal = protocol_.proposal
    signs = {*proposal.signs, *(NL.relations[relation] for relation in proposal.relations[:1])}
    assert propose(PROTOCOLS, NL, signs=signs, themes=proposal.themes[:2]).id == protocol_.id


@pytest.mark.parametrize("language", INTAKES)
def test_a_button_tells_what_it_stands_for(language: str) -> None:
    buttons = [choice for place in INTAKES[language].places for choice in place.choices]
    assert buttons
    assert [choice.says for choice in buttons if choice.sign not in CHECKS.hear(choice.says)] == []


@pytest.mark.parametrize("language", INTAKES)
def test_every_theme_has_a_name_that_fits_in_a_sentence(language: str) -> None:
    data = yaml.safe_load((content_root() / "corpus" / "themes.yaml").read_text(encoding="utf-8"))
    ids = {theme["id"] for theme in data["themes"]}
    assert set(INTAKES[language].theme_names) == ids
    assert all(name[0].islower() for name in INTAKES[language].theme_names.values())
    assert language == "nl" or set(INTAKES[language].theme_asks) == ids


@pytest.mark.parametrize("language", INTAKES)
def test_a_sign_that_stands_for_themes_is_heard_and_the_themes_exist(language: str) -> None:
    intake = INTAKES[language]
    assert set(intake.told_themes) <= set(CHECKS.heard)
    assert {theme for themes in intake.told_themes.values() for theme in themes} <= set(intake.theme_names)


@pytest.mark.parametrize(
    ("account", "public"),
    [
        ("mijn collega zei waar iedereen bij was dat ik te langzaam ben", True),
        ("de teamleider zette me voor schut in het overleg", True),
        ("ze noemde mij dom voor de hele groep", True),
        ("my supervisor told me in front of the whole team that my notes are childish", True),
        ("voor de groep heb ik een spel bedacht", False),
        ("een bewoner deed lelijk tegen mij", False),
        ("iedereen was erbij toen we zijn verjaardag vierden", False),
    ],
)
def test_being_told_off_where_others_are_is_heard(account: str, public: bool) -> None:
    assert ("openbaar_aangesproken" in CHECKS.hear(account)) is public


@pytest.mark.parametrize("language", INTAKES)
def test_every_gap_can_be_filled(language: str) -> None:
    intake = INTAKES[language]
    assert all(text.count("{een}") == text.count("{twee}") == 1 for text in intake.two_themes)
    assert all(text.count("{een}") == 1 and "{twee}" not in text for text in intake.theme_again)
    assert all(text.count("{naam}") == text.count("{minuten}") == 1 for text in intake.propose)
    assert not any("{" in text for text in (*intake.opening, *intake.more, *intake.choose, *intake.dropped))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opening", ["Wat gebeurde er? En toen?"] * 4),
        ("more", ["Vertel verder."] * 4),
        ("choose", ["Kies maar?"] * 3),
        ("accept", ""),
        ("relations", {"buren": "relatie_collega"}),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, name: str, value: object) -> None:
    data: dict[str, Any] = yaml.safe_load((PROMPTS / "intake" / "nl.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "nl.yaml"
    path.write_text(yaml.safe_dump(data | {name: value}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=r"nl\.yaml: "):
        read_yaml(path, Intake)
