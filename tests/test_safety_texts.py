"""The fixed safety texts: help lines are filled in, and no text asks twice or holds a number of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.config import content_root
from coach.conversation.safety import load_safety
from coach.conversation.safety_texts import HOLDING, HelpLine, InstitutionField, PanelData, fill_in, open_panel
from coach.conversation.safety_texts import placeholder_values as values_of
from coach.errors import ContentError

PATH = Path("safety.yaml")
REPLIES = dict(load_safety(content_root() / "prompts").replies["nl"])
LINE = HelpLine(id="113", name="113", number="0800-0113", hours="", url="113.nl", cost="", scope="", note="",
                verified=True, checked_on=None)  # fmt: skip


def office(contact: str) -> InstitutionField:
    data = {"id": "psycholoog", "name": "de psycholoog", "contact": contact, "required_before_live": True}
    return InstitutionField.model_validate(data)


# The shipped texts are filled in already: their numbers would be taken for numbers of their own.
PLAIN = dict.fromkeys(REPLIES, "Een tekst.")


def test_help_lines_and_offices_are_filled_in() -> None:
    values = values_of((LINE,), (office("kamer B1"),))
    filled = fill_in({**PLAIN, "resumed": " Bel {113} of {113.url}, of {psycholoog}. "}, values=values, path=PATH)
    assert filled["resumed"] == "Bel 0800-0113 of 113.nl, of de psycholoog (kamer B1)."
    assert values_of((), (office(" "),))["psycholoog"] == "de psycholoog"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda replies: replies.update(resumed="Bel {114}."), r"replies\.resumed: \{114\} is no verified line"),
        (lambda replies: replies.update(resumed="Gaat het? Echt?"), r"replies\.resumed: asks 2 questions"),
        (lambda replies: replies.update(resumed="Bel 0900."), r"replies\.resumed: holds a number"),
        (lambda replies: replies.pop("self_harm_denied"), r"replies\.self_harm_denied is missing"),
        (lambda replies: replies.pop("self_harm_denied_stays"), r"replies\.self_harm_denied_stays is missing"),
        (lambda replies: replies.pop("misconduct_alone"), r"replies\.misconduct_alone is missing"),
        *((lambda replies, name=name: replies.pop(f"{name}_stays"), rf"replies\.{name}_stays") for name in HOLDING),
        *((lambda replies, name=name: replies.pop(f"{name}_ends"), rf"replies\.{name}_ends") for name in HOLDING),
    ],
)
def test_a_text_that_breaks_the_rules_is_named(spoil: Callable[[dict[str, str]], None], message: str) -> None:
    replies = dict(PLAIN)
    spoil(replies)
    with pytest.raises(ContentError, match=message):
        fill_in(replies, values=values_of((LINE,), ()), path=PATH)


@pytest.mark.parametrize("contact", ["", "kamer B1"])
def test_the_panel_shows_offices_only_with_a_contact(contact: str) -> None:
    data = PanelData(title="Hulp", intro=" Hier. ", lines=("113",), institution=("psycholoog",))
    panel = open_panel(data, lines=(LINE,), institution=(office(contact),), path=PATH)
    assert (panel.intro, panel.lines) == ("Hier.", (LINE,))
    assert [one.contact for one in panel.institution] == ([contact] if contact else [])


def test_a_panel_that_names_what_is_not_there_is_refused() -> None:
    data = PanelData(title="Hulp", intro="Hier.", lines=("114",), institution=())
    with pytest.raises(ContentError, match="panel: '114' is no verified line"):
        open_panel(data, lines=(LINE,), institution=(), path=PATH)
