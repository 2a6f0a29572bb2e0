"""Checks on form: every issue code, what must be let through, the data file, and any text at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.conversation.checks import CHECKS, ISSUES, Checks, load_checks
from coach.errors import ContentError

ROOT = Path(__file__).parent.parent
DATA = ROOT / "prompts" / "checks.yaml"
CASES = ROOT / "evals" / "cases" / "steps.jsonl"
CHECKED = load_checks(DATA)

NOT_FINE = [
    ("gedrag", "te_kort", ["", "..", "ja", "nee", "idk", "👍", "weet ik niet"]),
    ("gedrag", "oordeel", ["Je was totaal ongeïnteresseerd", "ze was ongeinteresserd", "hij deed superarrogant"]),
    ("gedrag", "intentie", ["Hij deed het expres", "ze wil mij gewoon niet helpen", "Ze nam me niet serieus"]),
    ("gedrag", "generalisatie", ["Ze onderbreekt me altijd", "Niemand luistert hier naar elkaar"]),
    ("gedrag", "niet_waarneembaar", ["De sfeer was gespannen", "de communicatie was slecht", "Het liep gewoon niet"]),
    ("gevoel", "gedachte", ["Ik had het gevoel dat jij mij niet vertrouwde", "het voelde alsof ik lucht was"]),
    ("gevoel", "pseudogevoel", ["Buitengesloten eigenlijk", "niet echt gehoord", "in de steek gelaten"]),
    ("gevoel", "geen_gevoelswoord", ["ik was niet boos", "weet ik niet", "😂", "mijn collega was boos", "?"]),
    ("gevolg", "te_kort", ["nee", "..", "idk"]),
    (
        "gevolg",
        "geen_effect",
        ["dat is niet oké", "ik voelde me klein", "straks loopt iedereen weg", "dan zoek ik een ander"],
    ),
    ("gewenst", "vaag", ["meer respect", "normaal doen", "dat ze professioneler is", "dat hij beter luistert"]),
    ("gewenst", "negatief", ["Ik wil dat je stopt met mij onderbreken", "niet roddelen", "dat je niet zo zucht"]),
    ("gewenst", "geen_verzoek", ["geen idee", "het was een rotdag", "👍"]),
    ("moment", "geen_moment", ["", "ja", "eigenlijk het hele overleg door"]),
    ("moment", "nergens", ["nergens", "ik wilde nergens gelijk krijgen", "dat had ik niet"]),
    ("gelijk", "over_de_ander", ["hij wilde per se gelijk hebben", "Ze bleef erbij dat het anders moest"]),
    (
        "waarom",
        "alleen_inhoud",
        ["omdat het zo in het protocol staat", "het was gewoon de juiste aanpak volgens de richtlijn"],
    ),
    ("prijs", "alleen_zelf", ["ik sliep er slecht van", "ik kreeg er hoofdpijn van"]),
    ("factor", "bij_de_ander", ["hij heeft een groot ego", "de psycholoog is cynisch"]),
    ("factor", "allemaal", ["allemaal wel", "ego, dogmatiek, verborgen agenda en cynisme herken ik"]),
    ("loslaten", "terugtrekken", ["ik ga me er niet meer mee bemoeien", "ik hou mijn mond wel"]),
    ("loslaten", "vaag", ["meer loslaten", "ik ga flexibeler zijn", "weet ik niet"]),
    ("voornemen", "geen_moment_genoemd", ["ik ga het tegen haar zeggen", ""]),
    ("kort", "te_kort", ["", "ja", "idk", "de visite"]),
]

FINE = [
    ("gedrag", "telefoon in de hand tijdens mijn verhaal"),
    ("gedrag", "kwam 20 minuten te laat binnen"),
    ("gedrag", "mijn naam stond niet op de lijst"),
    ("gedrag", "groette me niet"),
    ("gedrag", "hij zuchtte en draaide zich om"),
    ("gedrag", "Ze was bot: ze liep weg toen ik iets vroeg."),
    ("gedrag", "Hij schonk voor iedereen thee in behalve voor mij."),
    ("gedrag", "He said I was always late"),
    ("gevoel", "boos"),
    ("gevoel", "knoop in mijn maag"),
    ("gevoel", "hart in mijn keel"),
    ("gevoel", "ambetant"),
    ("gevoel", "kapot van"),
    ("gevoel", "sad and anxious"),
    ("gevoel", "ik voelde me niet serieus genomen en daar werd ik verdrietig van"),
    ("gevoel", "ik had het gevoel dat ze me dom vond en ik schaamde me"),
    ("gevolg", "nu durf ik niks meer te vragen"),
    ("gevolg", "ik zei niks meer"),
    ("gevolg", "mevrouw kreeg haar medicatie later"),
    ("gevolg", "I stopped asking questions"),
    ("gewenst", "ik zou het fijn vinden als je klopt"),
    ("gewenst", "dat hij voortaan eerst overlegt"),
    ("gewenst", "liever onder vier ogen dan in de groep"),
    ("gewenst", "laat me even uitpraten"),
    ("gewenst", "stop met onderbreken en laat me eerst uitpraten"),
    ("gewenst", "niet in de groep maar na afloop"),
    ("gewenst", "meer respect, dus eerst kloppen"),
    ("gewenst", "Could you tell me in private?"),
    ("moment", "bij het MDO, toen het over de medicatie ging"),
    ("moment", "dinsdag, het punt van de bedhekken"),
    ("gelijk", "dat we nu moeten beginnen met begeleiding"),
    ("gelijk", "ik wilde dat hij toegaf dat het anders kon"),
    ("waarom", "dan zou het lijken alsof ik niks weet als stagiair"),
    ("waarom", "het staat in het protocol, maar ik was ook bang om af te gaan"),
    ("prijs", "de moeder, die zei eigenlijk niks meer"),
    ("factor", "dogmatiek, ik zei ook: zo doen we dat hier"),
    ("loslaten", "ik hou een keer mijn mond tot de ander is uitgepraat"),
    ("loslaten", "een vraag stellen voordat ik mijn punt maak"),
    ("voornemen", "donderdag, voor de dienst"),
    ("kort", "bij de overdracht vanmiddag zei ze het"),
]


@pytest.mark.parametrize(
    ("check", "issue", "text"), [(check, issue, text) for check, issue, texts in NOT_FINE for text in texts]
)
def test_issue_is_seen(check: str, issue: str, text: str) -> None:
    assert CHECKED.assess(check, text) == issue


def test_every_issue_code_has_cases() -> None:
    assert {(check, issue) for check, issue, _ in NOT_FINE} == {(c, i) for c, codes in ISSUES.items() for i in codes}


@pytest.mark.parametrize(("check", "text"), FINE)
def test_fine_answer_is_let_through(check: str, text: str) -> None:
    assert CHECKED.assess(check, text) is None


@pytest.mark.parametrize(
    "text",
    [
        '"jij bent altijd zo lui"',
        "„jij bent altijd zo lui”",
        "‘jij bent altijd zo lui’, waar iedereen bij was",
        "ze zei: jij bent altijd zo lui",
        "ze zei dat ik altijd zo lui ben",
        "ze zei 'zo'n stagiair doet ook nooit iets expres goed' en dat was het",
    ],
)
def test_quotation_is_observed_whatever_it_says(text: str) -> None:
    assert CHECKED.assess("gedrag", text) is None


def test_a_quotation_does_not_hide_what_stands_outside_it() -> None:
    assert CHECKED.assess("gedrag", "zo'n luie collega, m'n foto's vond ze 's ochtends") == "oordeel"
    assert CHECKED.assess("loslaten", 'ik ga "loslaten" en bemoei me er niet meer mee') == "terugtrekken"


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("ik was niet boos", "geen_gevoelswoord"),
        ("ik was helemaal niet echt boos", "geen_gevoelswoord"),
        ("I wasn't angry", "geen_gevoelswoord"),
        ("zonder boos te zijn", "geen_gevoelswoord"),
        ("niet boos maar verdrietig", None),
        ("niet boos, verdrietig", None),
        ("niet zo blij", None),
        ("niet fijn", None),
        ("ik kon niet slapen van verdriet", None),
    ],
)
def test_negated_feeling(text: str, issue: str | None) -> None:
    assert CHECKED.assess("gevoel", text) == issue


@pytest.mark.parametrize(
    "text",
    ["superboos", "doodsbang", "stikjaloers", "boooos", "GEFRUSTREERT!!", "zenuwachtg", "gei\u0308rriteerd", "kuttt"],
)
def test_compounds_and_slips_are_read(text: str) -> None:
    assert CHECKED.assess("gevoel", text) is None


@pytest.mark.parametrize("text", ["dat is verleden tijd", "hij is geleden weggegaan", "de verandering"])
def test_ordinary_words_are_not_taken_for_slips(text: str) -> None:
    assert CHECKED.assess("gevoel", text) == "geen_gevoelswoord"


def test_generalisation_with_one_moment_is_fine() -> None:
    assert CHECKED.assess("gedrag", "ze onderbreekt me altijd, gisteren ook, drie keer") is None


def test_unknown_check_is_refused() -> None:
    with pytest.raises(ContentError, match="unknown check 'gedachte'"):
        CHECKED.assess("gedachte", "boos")


@settings(max_examples=60, deadline=None)
@given(text=st.text(), check=st.sampled_from(sorted(CHECKS)))
def test_any_text_gives_none_or_a_listed_code(text: str, check: str) -> None:
    assert CHECKED.assess(check, text) in (None, *ISSUES[check])


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.sampled_from("niet dat zei boos : \" ' \ud800 \x00 ik CITAAT maar ? 😂 …".split()), max_size=40)
)
def test_any_mixture_of_the_words_it_knows_gives_a_listed_code(pieces: list[str]) -> None:
    for check in CHECKS:
        assert CHECKED.assess(check, " ".join(pieces)) in (None, *ISSUES[check])


@pytest.mark.parametrize("piece", ["a", "'", '"', "niet ", "dat ik ", "ik heb ", "zei "])
def test_long_texts_end(piece: str) -> None:
    for check in CHECKS:
        assert CHECKED.assess(check, piece * 5_000) in (None, *ISSUES[check])


def _changed(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    content = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "checks.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def _set(*keys: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        place: Any = content
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("extra", to=1), r"checks.yaml: extra: "),
        (_set("checks", "kort", "rules", 0, "when", to="x"), r"checks.kort.rules\[0\].when: "),
        (
            _set("checks", "kort", "rules", 0, "say", to="te_lang"),
            r"checks.kort.rules\[0\].say: unknown issue 'te_lang'",
        ),
        (_set("checks", "kort", "rules", 0, "any", to=["weg"]), r"checks.kort.rules\[0\]: unknown signal 'weg'"),
        (_set("checks", "kort", "rules", 0, "least", to=3), r"checks.kort.rules\[0\].least: 3 is more than"),
        (_set("checks", "kort", "rules", 1, to={"say": "ok"}), r"checks.kort.rules\[1\]: has no condition"),
        (_set("checks", "kort", "otherwise", to="vaag"), r"checks.kort.otherwise: unknown issue 'vaag'"),
        (_set("checks", "voornemen", "otherwise", to="ok"), r"checks.voornemen: no rule gives .*'geen_moment_genoemd'"),
        (
            _set("checks", "lang", to={"rules": [{"say": "ok", "words_below": 1}], "otherwise": "ok"}),
            r"checks.lang: unknown",
        ),
        (lambda content: content["checks"].pop("kort"), r"checks.kort: is missing"),
        (_set("signals", "los", to="woord"), r"signals.los: is used by no rule"),
        (_set("signals", "citaat", to=" , "), r"signals.citaat: has no entries"),
        (_set("signals", "citaat", to="een [woord]"), r"signals.citaat: 'een \[woord\]': cannot read '\[woord\]'"),
        (_set("signals", "citaat", to="zei @weg"), r"signals.citaat: 'zei @weg': unknown signal 'weg'"),
        (_set("signals", "citaat", to="zei @citaat"), r"signals.citaat: refers to itself"),
        (_set("signals", "gevoel", "not_within", to=["weg"]), r"signals.gevoel.not_within: unknown signal 'weg'"),
        (_set("corrected_signals", to=["weg"]), r"corrected_signals: unknown signal 'weg'"),
    ],
)
def test_what_is_wrong_in_the_data_file_is_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    with pytest.raises(ContentError, match=message):
        load_checks(_changed(tmp_path, change))


def test_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="none.yaml: cannot be read"):
        load_checks(tmp_path / "none.yaml")
    (tmp_path / "broken.yaml").write_text("signals: [", encoding="utf-8")
    with pytest.raises(ContentError, match="broken.yaml: cannot be read"):
        load_checks(tmp_path / "broken.yaml")


def test_the_notation_does_what_the_file_says(tmp_path: Path) -> None:
    def assess(entry: str, text: str) -> str | None:
        changed: Checks = load_checks(_changed(tmp_path, _set("signals", "wanneer", to=entry)))
        return changed.assess("voornemen", text)

    assert assess("appel", "een appel") is None
    assert assess("appel", "een appeltje") == "geen_moment_genoemd"
    assert assess("appel*", "een appeltje") is None
    assert assess("*overleg", "in het teamoverleg") is None
    assert assess("na (de) koffie|thee", "na thee, na de koffie") is None
    assert assess("na _ koffie", "na koffie") == "geen_moment_genoemd"
    assert assess("na .. koffie", "na een heel lange kop koffie") is None
    assert assess("na .. koffie", "na thee, koffie") == "geen_moment_genoemd"
    assert assess("na ... koffie", "na thee maar koffie") == "geen_moment_genoemd"
    assert assess("^ koffie", "na. Koffie") is None
    assert assess("^ koffie", "na koffie") == "geen_moment_genoemd"
    assert assess("koffie $", "koffie nu") == "geen_moment_genoemd"
    assert assess("koffie ?", "koffie?") is None


def test_development_cases_keep_the_promised_figures() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len(cases) == len({case["id"] for case in cases}) == 160
    assert all((case["issue"] is None) == case["ok"] for case in cases)
    assert all(case["issue"] in (None, *ISSUES[case["step"]]) for case in cases)
    cases = [case for case in cases if case["split"] == "dev"]
    right = sum(CHECKED.assess(case["step"], case["text"]) == case["issue"] for case in cases)
    fine = [case for case in cases if case["ok"]]
    wronged = sum(CHECKED.assess(case["step"], case["text"]) is not None for case in fine)
    assert right / len(cases) >= 0.88
    assert wronged / len(fine) <= 0.08
