"""Tests of the engine under triage: reading text in any typing, speed, and mistakes in the data files."""

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.config import content_root
from coach.conversation.safety import load_safety
from coach.conversation.safety_rules import Notation, split_sentences, undisguise
from coach.errors import ContentError

PROMPTS = content_root() / "prompts"
SAFETY = load_safety(PROMPTS)
FILES = ("help_lines.yaml", *(path.name for path in PROMPTS.glob("safety*")))
EXPLICIT = (
    "ik wil niet meer leven",
    "Ik heb mezelf weer gesneden na het beoordelingsgesprek.",
    "ik heb pillen meegenomen van de afdeling, voor mezelf",
    "ik denk de laatste weken elke dag aan zelfmoord",
    "wil dood. klaar met alles",
    "Gisteren heb ik een poging gedaan, vandaag moest ik gewoon weer op stage zijn.",
)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("ik wil weg", "Ik wil wég.", True),
        ("ik wil weg", "ik wil niet weg", False),
        ("ik wil weg", "ik wil. weg", False),
        ("ik wil weg", "niemandik wil weg", False),
        ("ik .. weg", "ik ga morgen toch weg", True),
        ("ik .. weg", "ik zag dat zij weg ging", False),
        ("ik ... weg", "ik zag dat zij weg ging", True),
        ("ik ~ weg", "ik ga weg", False),
        ("ik ~ weg", "ik echt nu weg", True),
        ("^ weg", "ga weg", False),
        ("weg $", "weg ermee", False),
        ("weg ?", "weg?", True),
        ("weg ?", "weg", False),
        ("ga|loop|ren_hard weg", "ren hard weg", True),
        ("ga er? weg", "ga weg", True),
        ("weg*", "wegloper", True),
        ("*weg", "snelweg", True),
        ("<plek>", "op de afdeling", True),
        ("vertrekken~", "vertrkken", True),
        ("vertrekken~", "vertrekekn", True),
        ("vertrekken~", "vetrkken", False),
        ('zei : " weg', "zei: “weg”", True),
    ],
)
def test_notation(pattern: str, text: str, matches: bool) -> None:
    words = {"vulling": ("echt", "nu"), "ander": ("zij",), "plek": ("op de afdeling",)}
    expression = Notation(words).compile([pattern])
    assert expression is not None
    assert any(expression.compiled.search(sentence) for sentence in split_sentences(text, spellings={})) is matches


@pytest.mark.parametrize("pattern", ["Weg", "wég", "<plek>", "(weg", "a|", "weg."])
def test_notation_refuses_what_could_never_match(pattern: str) -> None:
    with pytest.raises(ValueError, match="never match|does not stand|is not a word"):
        Notation({"vulling": ("echt",), "ander": ("zij",)}).compile([pattern])


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.title,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: f"Hoi. Vandaag had ik een fijn overleg! {text}",
        lambda text: f"{text}\nMaar het overleg zelf ging best goed.",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace("ik", "i\u200bk", 1),
        lambda text: f"\ud800 {text} \x00 😀",
    ],
)
def test_explicit_danger_is_seen_in_any_typing(change: Callable[[str], str]) -> None:
    assert [SAFETY.by_rules(change(text)).level for text in EXPLICIT] == ["explicit"] * len(EXPLICIT)


@pytest.mark.parametrize(
    "word", ["zelfmoord", "zelfmoort", "zelfmrd", "zefmoord", "zelfmoordt", "ZELFMOORD", "suïcide"]
)
def test_typing_errors_in_the_words_that_matter_most(word: str) -> None:
    assert SAFETY.by_rules(f"ik denk vaak aan {word}").level == "explicit"


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from('ik wil dood niet meer . ? : " collega bewoner slaat mij'.split())).map(" ".join)
)
def test_any_text_gets_one_finding_and_a_text_that_exists(text: str) -> None:
    finding = SAFETY.by_rules(text)
    assert finding == SAFETY.by_rules(text)
    assert SAFETY.reply(finding) or finding.text_class == "none"


@pytest.mark.parametrize(
    "unit", ["ik ", "ik wil er nog echt ", "collega bewoner ", "a", "zelfmoord", "? ", '" : ', "😀"]
)
def test_a_very_long_text_is_no_trouble(unit: str) -> None:
    # A rule whose cost is the square of the length would not come back from this.
    text = (unit * 40_000)[:40_000]
    assert SAFETY.by_rules(f"{text}. Ik wil niet meer leven.").level == "explicit"


def changed(folder: Path, *, file: str, old: str, new: str) -> Path:
    """Copy both data files to `folder` with one change in one of them."""
    for name in FILES:
        shutil.copy(PROMPTS / name, folder / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "named_parts"),
    [
        ("safety.yaml", "version: 1", "version: 1\nextra: 2", ["safety.yaml", "extra"]),
        ("safety.yaml", "class: misconduct", "class: mischief", ["safety.yaml", "rules.", "class"]),
        ("safety.yaml", "bel dan {112}", "bel dan {114}", ["replies.self_harm_explicit", "{114}"]),
        ("safety.yaml", "bel dan {112}", "bel dan {luisterlijn}", ["replies.self_harm_explicit", "{luisterlijn}"]),
        ("safety.yaml", "bel dan {112}", "bel dan 112", ["replies.self_harm_explicit", "number"]),
        ("safety.yaml", "Ik stop met de vragen.", "Gaat het?", ["replies.self_harm_explicit", "2 questions"]),
        ("safety.yaml", "  self_harm_stays: |", "  self_harm_remains: |", ["replies.self_harm_stays", "missing"]),
        ("safety.yaml", "  misconduct: |", "  misbehaviour: |", ["rules[", "replies"]),
        ("safety.yaml", "- levensmoe|", "- <levens>|", ["self_harm.no_point", "<levens>"]),
        ("safety.yaml", "- levensmoe|", "- Levensmoe|", ["self_harm.no_point", "lower case"]),
        ("safety.yaml", "- levensmoe|", "- (levensmoe|", ["self_harm.no_point", "(levensmoe"]),
        ("safety.yaml", "id: self_harm.end_it", "id: self_harm.wish_to_die", ["self_harm.wish_to_die", "twice"]),
        ("safety.yaml", "guards: [work]", "guards: [play]", ["self_harm.plan", "'play'"]),
        ("safety.yaml", "    level: explicit\n", "", ["self_harm.wish_to_die", "level"]),
        ("safety.yaml", 'lines: ["112"', 'lines: ["114"', ["panel", "'114'"]),
        ("safety.yaml", "version: 1", "version: [1", ["safety.yaml", "cannot be read"]),
        ("help_lines.yaml", "number: 0800-2000", "nummer: 0800-2000", ["help_lines.yaml", "lines.2"]),
        (
            "help_lines.yaml",
            "checked_on: 2026-11-23",
            "checked_on: gisteren",
            ["help_lines.yaml", "lines.0.checked_on"],
        ),
    ],
)
def test_a_mistake_in_a_data_file_is_named(
    file: str, old: str, new: str, named_parts: list[str], tmp_path: Path
) -> None:
    folder = changed(tmp_path, file=file, old=old, new=new)
    with pytest.raises(ContentError) as caught:
        load_safety(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in named_parts), message


def test_a_missing_data_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="safety.yaml: cannot be read"):
        load_safety(tmp_path)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ik wil d00d", "ik wil dood"),
        ("ni3t meer w1llen l3ven", "niet meer willen leven"),
        ("z.e.l.f.m.o.o.r.d. zo", "zelfmoord. zo"),
        ("z e l f m o o r d plegen", "zelfmoord plegen"),
        ("d-o-o-d", "dood"),
        ("o.a. kamer 14b, B12, 3x daags 10mg", "o.a. kamer 14b, B12, 3x daags 10mg"),
        ("t/m en/of, de 4G's", "t/m en/of, de 4G's"),
        ("jan-piet zei i.p.v. a b", "jan-piet zei i.p.v. a b"),
        ("mail a@hva.nl", "mail a@hva.nl"),
    ],
)
def test_a_disguised_word_is_read_as_the_word(written: str, meant: str) -> None:
    assert undisguise(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "bghit nmout wollah, kan dit niet meer volhouden",
        "mi no wan libi moro, ik ben klaar",
        "mi ke muri, kan niet slapen",
        "chcę umrzeć, nie mogę już",
        "nie chcę żyć",
        "хочу умереть",
        "أريد أن أموت",
        "je veux mourir, zo zeg je dat toch",
        "ich will nicht mehr leben",
    ],
)
def test_a_wish_to_die_in_the_language_of_home_is_explicit_but_not_somebody_elses(text: str) -> None:
    finding = SAFETY.by_rules(text)
    assert (finding.text_class, finding.level) == ("self_harm", "explicit")
    assert SAFETY.by_rules(f"de cliënt riep steeds {text}").level != "explicit"
