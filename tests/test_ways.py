"""Numbers and sites in a safety text are links, and only those of the list of help lines."""

import re

import pytest

from coach.app import Coach
from coach.conversation.safety_texts import HelpLine, InstitutionField
from coach.conversation.state import Language
from coach.web.screens import talk_screen
from coach.web.ways import Ways, ways_to
from coach.web.words import load_words

LEXICON = load_words()


def line(number: str, url: str) -> HelpLine:
    return HelpLine(id="x", name="x", number=number, hours="", url=url, cost="", scope="", note="", verified=True,
                    checked_on=None)  # fmt: skip


def office(contact: str) -> InstitutionField:
    return InstitutionField(id="x", name="x", contact=contact, required_before_live=True)


WAYS = ways_to(
    [line("112", ""), line("113", "113.nl"), line("0800-2000", "veiligthuis.nl")], [office("024-123 45 67"), office("")]
)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Bel 113 of chat op 113.nl.", ["tel:113", "https://113.nl"]),
        ("Bij gevaar: 112. Anders 113, of 0800-2000;", ["tel:112", "tel:113", "tel:08002000"]),
        ("De psycholoog (024-123 45 67) is er.", ["tel:0241234567"]),
        ("24/7 bereikbaar, kamer 1130, 0800-0113, 113.nlx, x113", []),
        ("<b>113</b>", ["tel:113"]),
    ],
)
def test_only_what_stands_in_the_list_becomes_a_link(text: str, addresses: list[str]) -> None:
    html = WAYS.html(text)
    assert re.findall(r'href="([^"]+)"', html) == addresses
    assert "<b>" not in html


def test_without_a_list_there_is_no_link() -> None:
    assert Ways(frozenset(), frozenset()).html("Bel 112.") == "<p>Bel 112.</p>"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_line_in_every_safety_text_can_be_tapped(coach: Coach, language: Language) -> None:
    safety = coach.room.safety
    ways = ways_to(safety.help_lines, safety.institution)
    for key, text in safety.replies[language].items():
        html = ways.html(text)
        assert not re.search(r"\d{3}", re.sub(r"<a [^>]*>[^<]*</a>", "", html)), key


def test_the_page_links_them_in_the_text_and_in_what_comes_after_it(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    for text in ("ze zei “bel 113”", "ik wil niet meer leven", "verder"):
        conversation = coach.reply("browser", conversation.id, text)
    turns = talk_screen(coach, conversation, lexicon=LEXICON).log.split('id="beurt-')[1:]
    assert ["tel:113" in turn for turn in turns] == [False, False, True, True]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_end_after_a_safety_text_has_no_empty_sheet(coach: Coach, language: Language) -> None:
    conversation = coach.begin("browser", language=language)
    for text in ("ik wil niet meer leven", "stop"):
        conversation = coach.reply("browser", conversation.id, text)
    screen = talk_screen(coach, conversation, lexicon=LEXICON)
    words = LEXICON[language]
    assert words.end.empty not in screen.product
    assert 'class="sheet"' not in screen.product
    assert words.end.again in screen.product
    assert screen.log.count('data-open="hulp"') == 2
    assert not screen.cards


def test_what_was_told_before_is_still_there_and_nothing_is_put_forward(coach: Coach) -> None:
    conversation = coach.begin("browser", protocol="4g")
    for text in ("ze zuchtte toen ik binnenkwam", "ik wil niet meer leven", "stop"):
        conversation = coach.reply("browser", conversation.id, text)
    screen = talk_screen(coach, conversation, lexicon=LEXICON)
    assert "ze zuchtte toen ik binnenkwam" in screen.product
    assert not screen.cards
    for heading in (LEXICON["nl"].export.exercise, LEXICON["nl"].share.heading):
        assert heading not in screen.product
