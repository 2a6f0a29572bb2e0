"""Checks on form and what counts as told: every issue code, what is let through, the data files, any text at all."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.config import content_root
from coach.conversation.checks import load_checks
from coach.errors import ContentError

FOLDER = content_root() / "prompts" / "checks"
DATA = Path(__file__).parent / "data"
CASES = Path(__file__).parent.parent / "evals" / "cases" / "steps.jsonl"
CHECKED = load_checks(FOLDER)
ISSUES = CHECKED.issues

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


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ANSWERS = rows(DATA / "form_answers.jsonl")


def test_every_issue_code_has_cases() -> None:
    cases = {(check, issue) for check, issue, _ in NOT_FINE} | {(row["check"], row["issue"]) for row in ANSWERS}
    assert {(check, issue) for check, codes in ISSUES.items() for issue in codes} <= cases


@pytest.mark.parametrize("check", sorted({row["check"] for row in ANSWERS}))
def test_answers_written_for_a_check_are_judged_as_they_were_labelled(check: str) -> None:
    answers = [row for row in ANSWERS if row["check"] == check]
    found = {row["text"]: CHECKED.assess(check, row["text"]) for row in answers}
    wronged = [row["text"] for row in answers if row["issue"] is None and found[row["text"]]]
    missed = [row["text"] for row in answers if row["issue"] and found[row["text"]] != row["issue"]]
    # Doubt is in the student's favour: a good answer called not good weighs more than one let through.
    assert len(wronged) <= 0.03 * len(answers), wronged
    assert len(missed) <= 0.08 * len(answers), missed


def test_what_was_told_is_heard_and_nothing_else() -> None:
    cases = rows(DATA / "heard.jsonl")
    assert {row["name"] for row in cases} >= {"eigen_gevoel", "zelfverwijt", "machtsverschil", "relatie_beroepen"}
    deaf = [row for row in cases if row["heard"] and not CHECKED.find_heard(row["name"], row["text"])]
    imagined = [row for row in cases if not row["heard"] and CHECKED.find_heard(row["name"], row["text"])]
    assert len(deaf) <= 0.02 * len(cases), deaf
    assert len(imagined) <= 0.01 * len(cases), imagined


@pytest.mark.parametrize(
    ("name", "text", "clause"),
    [
        ("eigen_gevoel", "Ze riep iets. Ik was echt bang! Toen liep ik weg.", "Ik was echt bang"),
        ("eigen_gevoel", "ik was boos. later was ik bang", "later was ik bang"),
        ("eigen_gevoel", 'ze zei "ik ben bang"', ""),
        ("eigen_gevoel", "ik was niet bang", ""),
        ("eigen_gevoel", "Was ik bang?", ""),
        ("zelfverwijt", "het is allemaal mijn schuld", "het is allemaal mijn schuld"),
        ("weg", "ik was bang", ""),
    ],
)
def test_what_is_heard_is_the_last_clause_that_tells_it_verbatim(name: str, text: str, clause: str) -> None:
    assert CHECKED.find_heard(name, text) == clause


@settings(max_examples=60, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from("ik was bang boos niet . ! maar collega zei morgen alleen".split())).map(" ".join)
)
def test_whatever_is_heard_stands_in_the_text(text: str) -> None:
    for name, clause in CHECKED.hear(text).items():
        assert name in CHECKED.heard
        assert clause and clause in text


def test_a_pasted_report_is_heard_at_its_end() -> None:
    report = "Er gebeurde iets. " * 3_000
    assert "eigen_gevoel" in CHECKED.hear(report + "Ik was bang.")
    assert CHECKED.hear("Ik was bang. " + report) == CHECKED.hear(report)


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
@given(text=st.text(), check=st.sampled_from(sorted(ISSUES)))
def test_any_text_gives_none_or_a_listed_code(text: str, check: str) -> None:
    assert CHECKED.assess(check, text) in (None, *ISSUES[check])


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.sampled_from("niet dat zei boos : \" ' \ud800 \x00 ik CITAAT maar ? 😂 …".split()), max_size=40)
)
def test_any_mixture_of_the_words_it_knows_gives_a_listed_code(pieces: list[str]) -> None:
    for check in ISSUES:
        assert CHECKED.assess(check, " ".join(pieces)) in (None, *ISSUES[check])


@pytest.mark.parametrize("piece", ["a", "'", '"', "niet ", "dat ik ", "ik heb ", "zei "])
def test_long_texts_end(piece: str) -> None:
    for check in ISSUES:
        assert CHECKED.assess(check, piece * 5_000) in (None, *ISSUES[check])


def _changed(tmp_path: Path, change: Callable[[dict[str, Any]], None], *, file: str = "general.yaml") -> Path:
    folder = tmp_path / "checks"
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    path = folder / file
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


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
        (_set("extra", to=1), r"general.yaml: extra: "),
        (_set("checks", "kort", "rules", 0, "when", to="x"), r"general.yaml: checks.kort.rules\[0\].when: "),
        (_set("heard", "alleen", "say", to="ok"), r"general.yaml: heard.alleen.say: "),
        (_set("checks", "kort", "rules", 0, "any", to=["weg"]), r"checks.kort.rules\[0\]: unknown signal 'weg'"),
        (_set("checks", "kort", "rules", 0, "least", to=3), r"checks.kort.rules\[0\].least: 3 is more than"),
        (_set("checks", "kort", "rules", 0, to={"say": "te_kort"}), r"checks.kort.rules\[0\]: has no condition"),
        (_set("heard", "alleen", to={}), r"heard.alleen: has no condition"),
        (_set("heard", "alleen", to={"any": ["weg"]}), r"heard.alleen: unknown signal 'weg'"),
        (lambda content: content["contrasts"].append(["alleen", "weg"]), r"contrasts: 'weg' does not stand in heard"),
        (_set("signals", "los", to="woord"), r"signals.los: is used by no rule"),
        (_set("signals", "niets_gezegd", to=" , "), r"signals.niets_gezegd: has no entries"),
        (_set("signals", "niets_gezegd", to="een [woord]"), r"signals.niets_gezegd: 'een \[woord\]': cannot read"),
        (_set("signals", "niets_gezegd", to="zei @weg"), r"signals.niets_gezegd: 'zei @weg': unknown signal 'weg'"),
        (_set("signals", "niets_gezegd", to="zei @niets_gezegd"), r"signals.niets_gezegd: refers to itself"),
        (_set("signals", "graad", to={"entries": "x", "not_within": ["weg"]}), r"graad.not_within: unknown signal"),
        (_set("corrected_signals", to=["weg"]), r"corrected_signals: unknown signal 'weg'"),
        (_set("checks", "gedrag", to={"rules": [{"say": "ok", "words_below": 1}], "otherwise": "ok"}),
         r"general.yaml: checks.gedrag: stands in another file"),
        (_set("signals", "etiket", to="lui"), r"signals.etiket: stands in another file"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_data_files_is_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    with pytest.raises(ContentError, match=message):
        load_checks(_changed(tmp_path, change))


def test_a_missing_folder_or_a_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no checks found"):
        load_checks(tmp_path / "none")
    (tmp_path / "broken.yaml").write_text("signals: [", encoding="utf-8")
    with pytest.raises(ContentError, match="broken.yaml: cannot be read"):
        load_checks(tmp_path)


def test_development_cases_keep_the_promised_figures() -> None:
    cases = rows(CASES)
    assert len(cases) == len({case["id"] for case in cases}) == 320
    assert all((case["issue"] is None) == case["ok"] for case in cases)
    assert all(case["issue"] in (None, *ISSUES[case["step"]]) for case in cases)
    cases = [case for case in cases if case["split"] == "dev"]
    right = sum((CHECKED.assess(case["step"], case["text"]) is None) == case["ok"] for case in cases)
    exact = sum(CHECKED.assess(case["step"], case["text"]) == case["issue"] for case in cases)
    fine = [case for case in cases if case["ok"]]
    wronged = sum(CHECKED.assess(case["step"], case["text"]) is not None for case in fine)
    assert right / len(cases) >= 0.94
    assert exact / len(cases) >= 0.92
    assert wronged / len(fine) <= 0.05
