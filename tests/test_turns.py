"""Turns in the store: what is kept of a turn becomes the same turn again."""

import json
from dataclasses import replace

from small import SMALL

from coach.conversation.product import Product, ProductLine
from coach.conversation.room import Choice, Turn, paragraphs
from coach.library.quote import Quote
from coach.records.turns import to_stored, to_turn

QUOTE = Quote(
    text="Vertrouwen groeit.",
    passage_id="boek:1",
    source="boek",
    title="Jansen",
    section="Teams",
    page=4,
    tier="A",
    form="digest",
    language="nl",
    note="",
)
TURN = Turn(
    student="ze zuchtte",
    coach="Dat staat. Wat voelde je?",
    step="gevoel",
    move="advance",
    issue="vaag",
    why=SMALL.step("gevoel").why,
    quotes=(QUOTE,),
    product=Product("Titel", "Kijk.", (ProductLine("feit", "Wat", "ze zuchtte"),), "morgen", exercise="digest:x"),
    themes=({"id": "ego", "name": "Ego", "score": 0.9},),
    choices=(Choice("Begin bij: Gevoel", "stap gevoel"),),
)


def test_a_turn_survives_the_store_as_json() -> None:
    stored = to_stored(TURN, number=3)
    assert stored.number == 3
    read = replace(stored, body=json.loads(json.dumps(stored.body)))
    assert to_turn(read, SMALL) == TURN


def test_an_opening_before_a_protocol_has_no_explanation() -> None:
    opening = Turn(student=None, coach="Hoi. Wat gebeurde er?", step="start", move="open")
    assert to_turn(to_stored(opening, number=0), None) == opening
    assert to_turn(to_stored(TURN, number=1), None).why == ""


def test_the_questions_of_a_turn_are_counted_and_its_parts_stand_apart() -> None:
    assert (TURN.questions, replace(TURN, coach="Dag.").questions) == (1, 0)
    assert paragraphs("een", "", "twee?") == "een\n\ntwee?"
    assert paragraphs("", "") == ""
