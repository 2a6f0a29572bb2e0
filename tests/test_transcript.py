"""The copy a teacher may read: never a safety turn, and nothing that echoes it."""

import pytest

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.product import Product, ProductLine
from coach.conversation.protocol import Protocol
from coach.conversation.room import Turn
from coach.records.transcript import Edits, Transcript, copy_conversation, edit


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return read_yaml(content_root() / "prompts" / "protocols" / "4g.yaml", Protocol)


def turn(student: str | None, coach: str, *, move: str = "advance", step: str = "gevoel") -> Turn:
    return Turn(student=student, coach=coach, step=step, move=move)  # type: ignore[arg-type]


def copied(protocol: Protocol, *turns: Turn, product: Product | None = None) -> Transcript:
    opening = turn(None, "Welkom.\n\nWat gebeurde er?", move="open", step="gedrag")
    return copy_conversation((opening, *turns), protocol=protocol, product=product, language="nl")


def everything(transcript: Transcript) -> str:
    turns = " ".join(f"{item.student} {item.coach}" for item in transcript.turns)
    return f"{turns} {transcript.summary} {transcript.question}"


HEAVY = "ik zie het leven eigenlijk helemaal niet meer zitten"


def test_a_safety_turn_and_its_echoes_are_not_in_the_copy(protocol: Protocol) -> None:
    product = Product(
        "T", "L", (ProductLine("gedrag", "Gedrag", f"{HEAVY} sinds dinsdag"),), "morgen bel ik", "ik leer"
    )
    made = copied(
        protocol,
        turn("ze zuchtte toen ik binnenkwam", "Ze zuchtte. Wat voelde je?"),
        turn(HEAVY, "Wat je schrijft klinkt heel zwaar. Bel 113.", move="safety"),
        turn("nee zo bedoel ik het helemaal niet", "Fijn dat je het zegt. Wil je verder?", move="safety"),
        turn("verder dan maar met de vragen", "Fijn dat je zegt hoe het is.\n\nWat voelde je toen?", move="probe"),
        turn("boos", "Eerder zei je: “het leven eigenlijk helemaal niet meer zitten”. Wat deed je?"),
        turn("sla over", "Goed.", move="close", step=""),
        product=product,
    )
    said = everything(made)
    for piece in ("113", "klinkt heel zwaar", "het leven eigenlijk", "zo bedoel ik", "Fijn dat je", "verder dan maar"):
        assert piece not in said
    assert "Wat voelde je toen?" in said
    assert dict(made.summary) == {"intention": "morgen bel ik", "insight": "ik leer"}
    assert [item.student for item in made.turns] == ["", "ze zuchtte toen ik binnenkwam", "", "boos", "sla over"]


def test_a_conversation_that_ends_in_safety_keeps_only_what_came_before(protocol: Protocol) -> None:
    made = copied(protocol, turn(HEAVY, "Bel 113.", move="safety"), turn("stop", "Pas goed op jezelf.", move="close"))
    assert [item.coach for item in made.turns] == ["Welkom.\n\nWat gebeurde er?"]


def test_a_probe_and_a_skip_are_counted_at_the_step_they_were_about(protocol: Protocol) -> None:
    made = copied(
        protocol,
        turn("x", "Wat zag je precies?", move="probe", step="gedrag"),
        turn("sla over", "Wat voelde je?", move="skip", step="gevoel"),
    )
    assert [(item.stuck, item.stuck_move) for item in made.turns[1:]] == [("Gedrag", "probe"), ("Gedrag", "skip")]


def test_a_turn_that_is_left_out_is_not_repeated_elsewhere(protocol: Protocol) -> None:
    product = Product("T", "L", (ProductLine("gedrag", "Gedrag", "de teamleider uit Elst riep mij"),), "")
    made = copied(
        protocol,
        turn("de teamleider uit Elst riep mij", "De teamleider uit Elst riep jou. Wat voelde je?"),
        turn("niks", "Je vertelde: “de teamleider uit Elst riep mij”. Klopt dat?"),
        product=product,
    )
    without = edit(made, Edits(turns=frozenset({1})))
    assert "Elst" not in everything(without)
    assert without.turns[-1].coach == "Je vertelde: “[weg]”. Klopt dat?"
    assert without.summary == ()
    assert edit(made, Edits()) == made


def test_words_go_from_student_coach_summary_and_question(protocol: Protocol) -> None:
    product = Product("T", "L", (ProductLine("gedrag", "Gedrag", "ik schrok van Elst"),), "")
    made = copied(protocol, turn("ik schrok van Elst", "Je schrok van Elst. En toen?"), product=product)
    edited = edit(made, Edits(phrases=("elst", " ")), question="Ken je Elst?")
    assert "Elst" not in everything(edited)
    assert edited.question == "Ken je [weg]?"
    assert edited.turns[1].student == "ik schrok van [weg]"


def test_it_comes_back_from_json_as_it_was(protocol: Protocol) -> None:
    made = copied(protocol, turn("ja “é” \ud83d", "Goed?"))
    assert Transcript.from_json(made.as_json()) == made
    assert set(made.as_json()) == {"protocol", "protocol_name", "language", "turns", "summary", "themes", "question"}
