"""Signals: the notation of word lists, and how a text is tidied before they are looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.conversation.signals import Signals, compile_signals
from coach.errors import ContentError

SETTINGS = {"gap_stops": ("maar", "en"), "leave_alone": ("geleden",), "strengtheners": ("super", "dood")}


def signals(*entries: str, **others: tuple[str, ...]) -> Signals:
    """Return signals with one named "een"; the words of it are recognised with a slip."""
    bodies = {"een": entries, **others}
    return compile_signals(bodies, not_within=dict.fromkeys(bodies, ()), corrected=("een",), settings=SETTINGS)


def has(entry: str, text: str, *, fold: bool = False, **others: tuple[str, ...]) -> bool:
    found = signals(entry, **others)
    return found.has("een", found.tidy(text, fold_quotations=fold))


@pytest.mark.parametrize(
    ("entry", "seen", "missed"),
    [
        ("appel", "Een APPEL!", "een appeltje"),
        ("appel*", "een appeltje", "een pijnappel"),
        ("*overleg", "in het teamoverleg", "overleggen"),
        ("bang|boos", "ik was boos", "ik was blij"),
        ("na (de) koffie", "na koffie", "na een koffie"),
        ("na _ koffie", "na mijn koffie", "na koffie"),
        ("na .. koffie", "na een heel lange kop koffie", "na thee, koffie"),
        ("na ... koffie", "na een twee drie vier vijf koffie", "na thee maar koffie"),
        ("^ koffie", "na. Koffie", "na koffie"),
        ("koffie $", "koffie, graag", "koffie graag"),
        ("koffie ?", "koffie?", "koffie"),
        ("zei :", "ze zei: kom", "ze zei kom"),
        ("ik was @gevoel", "ik was bang", "ik was thuis"),
        ("ik was (@gevoel) thuis", "ik was thuis", "ik was nu thuis"),
    ],
)
def test_the_notation(entry: str, seen: str, missed: str) -> None:
    assert has(entry, seen, gevoel=("bang",))
    assert not has(entry, missed, gevoel=("bang",))


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("Geïrriteerd!", ". geirriteerd . . "),
        ("gei\u0308rriteerd", ". geirriteerd . "),
        ("booooos", ". boos . "),
        ("niet, wel; ja", ". niet , wel , ja . "),
        ("een – twee - drie", ". een , twee , drie . "),
        ("waar? daar:", ". waar ? daar : . "),
        ("😂 ok 👍", ". ok . "),
        ("", ". . "),
    ],
)
def test_a_text_is_tidied(text: str, tidied: str) -> None:
    assert signals("appel").tidy(text, fold_quotations=False) == tidied


@pytest.mark.parametrize("text", ['ze zei "ik ben bang"', "ze zei „ik ben bang”", "ze zei ‘ik ben bang’"])
def test_a_quotation_is_folded_when_asked(text: str) -> None:
    assert has("bang", text)
    assert not has("bang", text, fold=True)
    assert has("CITAAT", text, fold=True)


def test_an_apostrophe_opens_no_quotation() -> None:
    assert has("bang", "zo'n dag, m'n baas was bang en 's avonds ook", fold=True)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("zenuwachtig", True),
        ("zenuwachtg", True),
        ("zenuwwachtig", True),
        ("zenuwachtx", False),
        ("superzenuwachtig", True),
        ("doodzenuwachtig", True),
    ],
)
def test_a_slip_and_a_strengthener_are_seen_through(text: str, seen: bool) -> None:
    assert has("zenuwachtig", text) is seen


def test_an_ordinary_word_that_looks_alike_is_left_alone() -> None:
    assert has("geladen", "ik was geladden")
    assert not has("geladen", "lang geleden")


def test_a_match_inside_another_signal_does_not_count() -> None:
    bodies = {"een": ("bang",), "ander": ("collega was bang",)}
    found = compile_signals(bodies, not_within={"een": ("ander",), "ander": ()}, corrected=(), settings=SETTINGS)
    assert not found.has("een", found.tidy("mijn collega was bang", fold_quotations=True))
    assert found.has("een", found.tidy("mijn collega was bang en ik was bang", fold_quotations=True))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (("een [woord]",), r"signals.een: 'een \[woord\]': cannot read '\[woord\]'"),
        (("zei @weg",), r"signals.een: 'zei @weg': unknown signal 'weg'"),
        (("zei @een",), "signals.een: refers to itself by way of een"),
        ((), "signals.een: has no entries"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(entries: tuple[str, ...], message: str) -> None:
    with pytest.raises(ContentError, match=message):
        signals(*entries)


@given(st.text())
def test_any_text_can_be_tidied(text: str) -> None:
    tidied = signals("appel").tidy(text, fold_quotations=True)
    assert tidied.startswith(". ") and tidied.endswith(". ")
    assert "  " not in tidied
