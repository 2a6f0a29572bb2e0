"""The coach's own sentences: the shipped file loads, each mistake is named, and the tone is the agreed one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.texts import Texts, fill
from coach.errors import ContentError

Spoil = Callable[[dict[str, Any]], None]
PROMPTS = content_root() / "prompts"
SHIPPED = PROMPTS / "texts" / "nl.yaml"
LANGUAGES = ("nl", "en")
ENGLISH = sorted([*(PROMPTS / "protocols" / "en").glob("*.yaml"),
                  *(path for path in PROMPTS.glob("*/*.yaml") if re.search(r"(?:^|_)en$", path.stem))])  # fmt: skip
SAID = sorted([*(PROMPTS / "texts").glob("*.yaml"), *(PROMPTS / "intake").glob("*.yaml"),
               *(PROMPTS / "protocols").glob("*.yaml"), *(PROMPTS / "protocols" / "en").glob("*.yaml")])  # fmt: skip
DUTCH = [path for path in SAID if path not in ENGLISH]
# What each line of a list must hold, and the lists of questions.
GAPS = {
    "mirror": ["citaat"],
    "mirror_feeling": ["citaat"],
    "held": ["citaat"],
    "contrast": ["eerder", "nu"],
    "step_choice": ["stap"],
    "step_says": ["stap"],
    "welcome_remote": ["wie"],
    "other_talk": ["naam"],
    "shorter": ["aantal"],
}
ASKS = ("held_question", "contrast_question", "choose_step", "after_harm", "quit")
PLAIN = [name for name in Texts.model_fields if name not in (*GAPS, *ASKS)]
# No advice, no praise, no verdict, no "ik begrijp": in nothing that the coach says.
FORBIDDEN = {
    "nl": re.compile(
        r"\b(?:je|jij) (?:moet|zou moeten|hoort te|kunt (?:het )?beter|doet er goed aan)\b|(?<!wat )je had moeten|"
        r"\bmoet je\b|(?<!bijvoorbeeld: )\bik zou\b|\bik raad\b|\bmijn advies\b|\btips?\b|\bhet beste (?:is|kun)|"
        r"\bgoed (?:gedaan|zo|dat je|van je|bezig)\b|\bfijn dat\b|\bknap\b|\bmooi (?:dat|zo|gedaan|gezegd)\b|"
        r"\b(?:on)?terecht\b|\b(?:compliment\w*|bravo|top|super|uitstekend|geweldig|dapper|moedig|verstandig)\b|"
        r"\bje (?:had|hebt) gelijk\b|\bgelijk heb je\b|\bfout van\b|\bik (?:begrijp|snap)\b|\bwat erg\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\byou (?:must|should|had better)\b|(?<!what )you ought\b|(?<!do )(?<!did )(?<!would )\byou (?:need|have) to\b"
        r"|\bshould you\b|\bmy advice\b|\bi (?:would |'d )?(?:suggest|advise|recommend)\b|\bif i were you\b"
        r"|\b(?:tips|a tip)\b"
        r"|\bwell done\b|\bgood (?:job|that you|for you|work|point)\b|\b(?:great|brave|excellent|rightly|wise|clever)\b"
        r"|\bproud of you\b|\byou (?:were|are) (?:right|wrong)\b|\bi understand\b|\bi know how\b|\bimpressive\b",
        re.IGNORECASE,
    ),
}
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


@pytest.mark.parametrize(("language", "says"), [("nl", "computerprogramma"), ("en", "computer program")])
def test_the_shipped_file_loads_and_says_what_it_is(language: str, says: str) -> None:
    texts = read_yaml(PROMPTS / "texts" / f"{language}.yaml", Texts)
    assert says in texts.welcome[0]
    assert says in texts.opening_short


def test_both_languages_have_as_much_to_choose_from() -> None:
    one, other = (read_yaml(PROMPTS / "texts" / f"{language}.yaml", Texts) for language in LANGUAGES)
    lists = [name for name in Texts.model_fields if not isinstance(getattr(one, name), str)]
    counts = [{name: len(getattr(texts, name)) for name in lists} for texts in (one, other)]
    assert counts[0] == counts[1]
    assert counts[0]["mirror"] >= 14
    assert counts[0]["acknowledge"] >= 10


def test_an_unspoilt_copy_loads(tmp_path: Path) -> None:
    assert read_yaml(spoilt(tmp_path, lambda data: None), Texts) == read_yaml(SHIPPED, Texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_variant_stands_twice(language: str) -> None:
    data = yaml.safe_load((PROMPTS / "texts" / f"{language}.yaml").read_text(encoding="utf-8"))
    lists = {name: lines for name, lines in data.items() if isinstance(lines, list)}
    assert [name for name, lines in lists.items() if len(set(lines)) != len(lines)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_students_words_stand_between_quotation_marks(language: str) -> None:
    texts = read_yaml(PROMPTS / "texts" / f"{language}.yaml", Texts)
    for name in ("mirror", "mirror_feeling", "held", "contrast"):
        quoted = [f"“{{{gap}}}”" for gap in GAPS[name] if gap != "stap"]
        assert [line for line in getattr(texts, name) if not all(gap in line for gap in quoted)] == []


def test_what_is_not_in_the_sources_is_said_so() -> None:
    assert all(line.startswith("Dat staat niet in mijn bronnen") for line in read_yaml(SHIPPED, Texts).unsourced)


def test_a_filled_in_line_takes_any_text() -> None:
    assert fill("“{een}” en “{twee}”", een="{twee} \\1", twee="}") == "“{twee} \\1” en “}”"


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


@pytest.mark.parametrize("name", PLAIN)
def test_a_question_or_a_gap_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ContentError, match=rf"nl\.yaml: .*{name}: hier hoort geen vraag: 'Gaat het\?'"):
        read_yaml(spoilt(tmp_path, set_line(name, "Gaat het?")), Texts)
    with pytest.raises(ContentError, match=rf"nl\.yaml: .*{name}: verwacht \[\], gevonden \['{{citaat}}'\]"):
        read_yaml(spoilt(tmp_path, set_line(name, "Oké, “{citaat}”.")), Texts)


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("line", ["Zeg het maar.", "Wat nu? En dan?"])
def test_a_list_of_questions_asks_one_each(tmp_path: Path, name: str, line: str) -> None:
    with pytest.raises(ContentError, match=rf"{name}: hier hoort 1 vraag"):
        read_yaml(spoilt(tmp_path, set_line(name, line)), Texts)


@pytest.mark.parametrize("name", GAPS)
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Oké.", r"\[\]"),
        ("“{citat}”.", r"\['{citat}'\]"),
        ("{een} {een} {een}.", r"\['{een}', '{een}', '{een}'\]"),
        ("“{citaat”.", r"\['{citaat'\]"),
        ("“citaat}”.", r"\['}'\]"),
        ("“{citaat}” {}.", r"\['{citaat}', '{}'\]"),
    ],
)
def test_a_line_without_exactly_its_gaps_is_refused(tmp_path: Path, name: str, line: str, found: str) -> None:
    expected = ", ".join(f"'{{{gap}}}'" for gap in GAPS[name])
    with pytest.raises(ContentError, match=rf"nl\.yaml: .*{name}: verwacht \[{expected}\], gevonden {found}: "):
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
        (set_value("skip", []), r"^nl\.yaml: skip: Tuple should have at least 8 items"),
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
    assert {"nl.yaml", "en.yaml", "page.yaml", "4g.yaml"} <= {path.name for path in SAID}
    assert not set(DUTCH) & set(ENGLISH)
    assert len(DUTCH) >= 21 and len(ENGLISH) >= 20


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SAID, ids=named)
def test_nothing_is_exclaimed(path: Path) -> None:
    assert places(path, lambda text: "!" in text) == []


@pytest.mark.parametrize("path", DUTCH, ids=named)
def test_the_student_is_je_and_never_u(path: Path) -> None:
    # What the student may say to somebody else stands between quotation marks.
    assert places(path, lambda text: FORMAL.search(re.sub("“.*?”", "", text))) == []


def test_the_look_for_the_u_form_sees_it() -> None:
    assert all(FORMAL.search(text) for text in ("Wat vindt u?", "Uw antwoord", "U zei niets"))
    assert not any(FORMAL.search(text) for text in ("uur", "Wat deed jouw collega nu", "uit"))


@pytest.mark.parametrize("path", SAID, ids=named)
def test_nothing_advises_praises_or_judges(path: Path) -> None:
    look = FORBIDDEN["en" if path in ENGLISH else "nl"]
    # Words of somebody else stand between quotation marks.
    assert places(path, lambda text: look.search(re.sub("“.*?”", "", text))) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Je moet het zeggen."),
        ("nl", "Goed gedaan."),
        ("nl", "Dat was terecht."),
        ("nl", "Ik zou het morgen zeggen."),
        ("nl", "Je had gelijk."),
        ("nl", "Ik begrijp je."),
        ("en", "You should tell her."),
        ("en", "Well done."),
        ("en", "You were right."),
        ("en", "You have to say so."),
        ("en", "I understand."),
    ],
)
def test_the_look_for_advice_and_praise_sees_it(language: str, text: str) -> None:
    assert FORBIDDEN[language].search(text)


@pytest.mark.parametrize("path", SAID, ids=named)
def test_what_is_said_in_one_go_is_short(path: Path) -> None:
    # A gentle close at the third reproach names people to turn to; the welcome is read once.
    long = ("reproach", "welcome", "page")
    wrong = places(path, lambda text: len(text.split()) > 45)
    assert path.stem.startswith("page") or [place for place in wrong if not any(name in place for name in long)] == []
