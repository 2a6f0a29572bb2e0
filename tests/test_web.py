"""What the web room draws, without a browser or a server."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.product import Product, ProductLine
from coach.conversation.progress import Progress
from coach.conversation.protocol import Protocol
from coach.conversation.room import Choice, Turn
from coach.library.quote import Quote
from coach.records.conversations import Conversation
from coach.web.cards import card_html, cards_html, split_quotes
from coach.web.memory import REMEMBERED_MAX, accepted, remembered
from coach.web.render import composer_html, log_html, nested, notice_html, paragraphs, plain, progress_html, watch_html
from coach.web.screens import product_html, remove_html
from coach.web.words import load_words

HOSTILE = "<script>alert('x')</script> & \"vet\" ${1+1} {{value}}"
LEXICON = load_words()
WORDS = LEXICON["nl"]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return read_yaml(content_root() / "prompts" / "protocols" / "4g.yaml", Protocol)


def quote(text: str = "Vertrouwen groeit.", passage_id: str = "p1", **changes: object) -> Quote:
    fields = {
        "text": text,
        "passage_id": passage_id,
        "source": "verkenning",
        "title": "Verkenning",
        "section": "1.2 Wat meespeelt",
        "page": 8,
        "tier": "A",
        "form": "full text",
        "language": "nl",
        "note": "",
    }
    return Quote(**{**fields, **changes})  # type: ignore[arg-type]


def opening(**changes: object) -> Turn:
    return replace(
        Turn(student=None, coach="Welkom.\n\nWat gebeurde er?", step="gedrag", move="open", why="Daarom."),
        **changes,  # type: ignore[arg-type]
    )


def answer(student: str, **changes: object) -> Turn:
    turn = Turn(student=student, coach="Dat staat.\n\nWat voelde je?", step="gevoel", move="advance", why="Daarom.")
    return replace(turn, **changes)  # type: ignore[arg-type]


def conversation(protocol: Protocol, *turns: Turn, **changes: object) -> Conversation:
    made = Conversation(
        id="gesprek-1",
        protocol=protocol,
        length="kort",
        language="nl",
        turns=turns or (opening(),),
        progress=Progress(number=2, total=4, name="Gevoel", closing=False),
        finished=False,
        paused=False,
        product=Product(title="Mijn feedback", lead="Kijk of het klopt.", lines=(), intention=""),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def starting(protocol: Protocol, **changes: object) -> Conversation:
    """Still telling what happened: there is no protocol yet."""
    return replace(conversation(protocol), protocol=None, product=None, **changes)  # type: ignore[arg-type]


def visible(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def sheet(made: Conversation, *, protocols: tuple[Protocol, ...] = ()) -> str:
    return product_html(made, words=LEXICON[made.language], protocols=protocols, passage_text=lambda _: "")


def ended(protocol: Protocol) -> Conversation:
    product = Product(title="T", lead="L", lines=(), intention="donderdag", exercise="digest:x")
    turns = (opening(quotes=(quote("Eerder.", "p0"),)), answer("ja", move="close", step="", quotes=(quote(),)))
    return conversation(protocol, *turns, finished=True, product=product)


class TestText:
    def test_everything_is_escaped(self) -> None:
        html = plain(HOSTILE)
        assert "<" not in html
        assert '"' not in html
        assert "&lt;script&gt;" in html

    def test_half_a_surrogate_pair_and_nul_can_be_sent(self) -> None:
        assert plain("a\ud83d\x00b") == "a?b"

    def test_blank_lines_divide_and_line_breaks_stay(self) -> None:
        assert paragraphs("een\ntwee\r\n\r\n \n drie \n\n") == "<p>een<br>twee</p><p>drie</p>"


class TestNested:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("“ze zei “laat mij maar””. En toen?", "“ze zei ‘laat mij maar’”. En toen?"),
            ("“een “twee” drie “vier” vijf”", "“een ‘twee’ drie ‘vier’ vijf”"),
            ("“een” en “twee”", "“een” en “twee”"),
            ('“ze zei "laat maar"” ‘x’', '“ze zei "laat maar"” ‘x’'),
            ("“half “open” en verder", "“half “open” en verder"),
            ("dicht” en “een “twee””", "dicht” en “een “twee””"),
            ("“een “twee “drie”””", "“een “twee “drie”””"),
            ("", ""),
        ],
    )
    def test_only_a_quotation_in_a_quotation_changes(self, text: str, shown: str) -> None:
        assert nested(text) == shown

    def test_the_coach_shows_it_and_the_student_sees_what_was_typed(self, protocol: Protocol) -> None:
        said = "ze zei “laat mij maar”"
        html = log_html(conversation(protocol, opening(), answer(said, coach=f"“{said}”.\n\nEn toen?")), words=WORDS)
        assert f"<p>{said}</p>" in html
        assert "<p>“ze zei ‘laat mij maar’”.</p>" in html


class TestLog:
    def test_student_and_coach_in_order_and_escaped(self, protocol: Protocol) -> None:
        html = log_html(conversation(protocol, opening(), answer(HOSTILE, coach=f"{HOSTILE}?")), words=WORDS)
        assert "<script" not in html
        assert html.count("&lt;script&gt;") == 2
        assert html.index("Welkom.") < html.index("Jij") < html.index("&lt;script&gt;")
        assert 'role="log"' in html
        assert 'aria-live="polite"' in html

    def test_an_earlier_turn_keeps_its_html(self, protocol: Protocol) -> None:
        first = log_html(conversation(protocol, opening()), words=WORDS)
        later = log_html(conversation(protocol, opening(), answer("boos")), words=WORDS)
        turn = first[first.index('id="beurt-0"') : first.index('</div><div class="waiting"')]
        assert turn in later

    def test_the_place_for_what_is_sent_is_empty_and_outside_the_log(self, protocol: Protocol) -> None:
        html = log_html(conversation(protocol), words=WORDS)
        place = html.split('<div class="waiting"')[1]
        assert 'role="log"' not in place
        assert visible(f"<div{place}").split() == [WORDS.talk.student]
        assert 'student" hidden>' in place
        assert '<p class="reading" role="status"></p>' in place

    def test_why_is_a_disclosure_and_only_when_there_is_a_why(self, protocol: Protocol) -> None:
        assert "<summary>Waarom deze vraag?</summary><p>Daarom.</p>" in log_html(conversation(protocol), words=WORDS)
        assert "<details>" not in log_html(conversation(protocol, opening(why="")), words=WORDS)

    def test_safety_text_offers_the_help_panel_and_no_why(self, protocol: Protocol) -> None:
        turn = answer("…", move="safety", coach="Bel 112.")
        html = log_html(conversation(protocol, turn), words=WORDS)
        assert 'data-open="hulp"' in html
        assert "<details>" not in html

    def test_product_stands_between_the_lead_and_the_question(self, protocol: Protocol) -> None:
        product = Product(
            title="T", lead="L", lines=(ProductLine(step="gevoel", label="Wat ik voelde", text="boos"),), intention=""
        )
        turn = answer("ja", coach="“ja”\n\nKijk of het klopt.\n\nWanneer dan?", product=product)
        text = visible(log_html(conversation(protocol, turn), words=WORDS))
        order = [text.index(part) for part in ("Kijk of het klopt.", "Wat ik voelde", "boos", "Wanneer dan?")]
        assert order == sorted(order)


class TestProgress:
    def test_words_and_bar_say_the_same(self, protocol: Protocol) -> None:
        html = progress_html(conversation(protocol), words=WORDS)
        assert '<p class="where">Stap 2 van 4 · Gevoel</p>' in html
        assert 'aria-valuenow="2"' in html
        assert re.findall(r'<i class="(\w+)">', html) == ["done", "now", "open", "open"]

    def test_closing_pause_and_end_have_their_own_words(self, protocol: Protocol) -> None:
        closing = Progress(number=4, total=4, name="De andere kant", closing=True)
        assert "Afronding · De andere kant" in progress_html(conversation(protocol, progress=closing), words=WORDS)
        assert WORDS.talk.paused in progress_html(conversation(protocol, paused=True), words=WORDS)
        assert WORDS.talk.finished in progress_html(conversation(protocol, finished=True), words=WORDS)

    def test_no_bar_before_a_protocol_is_chosen(self, protocol: Protocol) -> None:
        nothing = Progress(number=0, total=0, name="", closing=False)
        made = starting(protocol, progress=nothing)
        assert progress_html(made, words=WORDS) == ""
        stopped = progress_html(replace(made, finished=True), words=WORDS)
        assert WORDS.talk.finished in stopped
        assert "progressbar" not in stopped


class TestStart:
    def test_heading_while_no_protocol_is_chosen(self, protocol: Protocol) -> None:
        html = log_html(starting(protocol), words=WORDS)
        assert visible(html).split()[:3] == WORDS.talk.heading.split()

    def test_there_is_no_step_to_leave(self, protocol: Protocol) -> None:
        html = composer_html(starting(protocol), words=WORDS)
        assert re.findall(r'name="instead" value="([^"]+)"', html) == ["stop"]


class TestChoices:
    def test_buttons_say_what_they_send_and_are_escaped(self, protocol: Protocol) -> None:
        turn = opening(choices=(Choice("Ja", "ja"), Choice(HOSTILE, HOSTILE)))
        html = composer_html(conversation(protocol, turn), words=WORDS)
        assert "<script" not in html
        assert 'name="instead" value="ja"><span class="name">Ja</span></button>' in html
        assert html.index(WORDS.talk.choices) < html.index(">Ja<") < html.index("<textarea")

    def test_only_those_of_the_last_turn(self, protocol: Protocol) -> None:
        turns = (opening(choices=(Choice("Ja", "ja"),)), answer("ja"))
        assert 'class="offer"' not in composer_html(conversation(protocol, *turns), words=WORDS)

    def test_of_a_long_list_the_rest_is_in_a_disclosure(self, protocol: Protocol) -> None:
        few, many = (opening(choices=tuple(Choice(f"K{n}", f"k{n}") for n in range(count))) for count in (6, 18))
        assert "<details>" not in composer_html(conversation(protocol, few), words=WORDS)
        html = composer_html(conversation(protocol, many), words=WORDS)
        first, rest = html.split("<details><summary>Meer om uit te kiezen (15)</summary>")
        assert re.findall(r'value="(k\d+)"', first) == ["k0", "k1", "k2"]
        assert re.findall(r'value="(k\d+)"', rest) == [f"k{number}" for number in range(3, 18)]

    def test_what_a_choice_is_stands_under_its_name_and_is_escaped(self, protocol: Protocol) -> None:
        turn = opening(choices=(Choice("STARR", "starr", about=HOSTILE), Choice("Ja", "ja")))
        html = composer_html(conversation(protocol, turn), words=WORDS)
        assert "<script" not in html
        assert f'<span class="name">STARR</span><span class="about">{plain(HOSTILE)}</span></button>' in html
        assert html.count('class="about"') == 1


class TestMemory:
    def test_no_word_of_the_student_and_no_safety_text(self, protocol: Protocol) -> None:
        said = ("start.opening.1", "4g.gevoel.questions.2", "mirror.3", "none_heavy.0", "insulted.1", "reproach.0")
        made = conversation(protocol, opening(), answer("dit is van mij"), wordings=said)
        kept = json.loads(remembered(made, protocols={"4g"}))
        assert kept == {
            "session": "gesprek-1",
            "finished": "",
            "wordings": ["start.opening.1", "4g.gevoel.questions.2", "mirror.3"],
        }

    def test_finished_counts_when_a_closing_question_was_answered(self, protocol: Protocol) -> None:
        assert json.loads(remembered(ended(protocol), protocols={"4g"}))["finished"] == "4g"
        stopped = conversation(protocol, finished=True)
        assert json.loads(remembered(stopped, protocols={"4g"}))["finished"] == ""

    @pytest.mark.parametrize(
        "wrong", [None, "mirror.1", 3, {"mirror.1": 1}, [["mirror.1"]], ["Mirror", "a b", "x" * 81]]
    )
    def test_anything_else_is_ignored(self, wrong: object) -> None:
        assert accepted(wrong) == ()

    def test_the_newest_are_accepted(self) -> None:
        names = [f"mirror.{number}" for number in range(REMEMBERED_MAX + 5)]
        assert accepted([*names, "<script>"]) == tuple(names[5:])


class TestComposer:
    def test_buttons_send_words_the_coach_knows(self, protocol: Protocol) -> None:
        html = composer_html(conversation(protocol), words=WORDS)
        said = re.findall(r'name="instead" value="([^"]+)"', html)
        assert said == ["sla over", "weet ik niet", "stop"]
        assert '<label for="antwoord">' in html
        assert "Shift" in html

    def test_during_a_pause_going_on_is_there_only_when_offered(self, protocol: Protocol) -> None:
        held = answer("…", move="safety", coach="Bel 112.")
        offered = answer("…", move="safety", coach='Wil je terug, schrijf dan "verder".')
        assert "sla over" not in composer_html(conversation(protocol, held, paused=True), words=WORDS)
        assert 'value="verder"' not in composer_html(conversation(protocol, held, paused=True), words=WORDS)
        assert 'value="verder"' in composer_html(conversation(protocol, offered, paused=True), words=WORDS)

    def test_the_same_error_twice_differs(self) -> None:
        first, second = (notice_html("Te lang & <b>", words=WORDS, attempt=number) for number in ("1", "2"))
        assert first != second
        assert "Te lang &amp; &lt;b&gt;" in first
        assert 'role="alert"' in first


class TestWatch:
    def test_the_box_of_an_answer_is_watched_and_its_words_come_along(self, protocol: Protocol) -> None:
        html = composer_html(conversation(protocol), words=WORDS)
        assert re.search(r'<textarea id="antwoord"[^>]* data-watch', html)
        told = json.loads(unescape(re.findall(r'data-words="([^"]+)"', html)[0]))
        assert told["roles"] == list(WORDS.watch.roles)
        assert WORDS.talk.hint in html
        # Only the status speaks; the warning itself is no live region.
        assert html.count('role="status"') == 1

    def test_without_a_hint_there_is_no_second_element_with_its_id(self) -> None:
        assert "id=" not in watch_html(WORDS.watch)
        assert watch_html(WORDS.watch, hint="Enter").count('id="antwoord-hint"') == 1


class TestCards:
    @pytest.mark.parametrize(
        ("tier", "label"),
        [
            ("A", "hoofdtekst van de verkenning"),
            ("B", "AI-gegenereerde tekst in de verkenning"),
            ("C", "oefening, herkomst onbekend"),
            ("L", "literatuur"),
            ("D", "over deze bron"),
        ],
    )
    def test_tier_in_words(self, tier: str, label: str) -> None:
        html = card_html(quote(tier=tier), words=WORDS, passage_text=lambda _: "")
        assert f"<li>{label}</li>" in html

    def test_card_has_all_that_is_needed_to_find_the_place(self) -> None:
        html = card_html(
            quote(note="Niet nagekeken."), words=WORDS, passage_text=lambda _: "Vertrouwen groeit. En meer."
        )
        assert "<blockquote><p>“Vertrouwen groeit.”</p></blockquote>" in html
        assert "1.2 Wat meespeelt · p. 8" in html
        assert "Niet nagekeken." in html
        assert "<summary>Lees de hele passage</summary>" in html
        assert "En meer." in html

    def test_without_page_note_or_more_text_nothing_is_made_up(self) -> None:
        html = card_html(quote(page=None), words=WORDS, passage_text=lambda _: "Vertrouwen  groeit.")
        assert "p. " not in visible(html)
        assert "Kanttekening" not in html
        assert "<details>" not in html

    def test_digest_and_english_are_marked(self) -> None:
        html = card_html(quote(form="digest", language="en"), words=WORDS, passage_text=lambda _: "Longer text.")
        assert "<li>in eigen woorden</li>" in html
        assert '<blockquote lang="en">' in html
        assert WORDS.cards.own_words_note in html
        assert "lang=" not in card_html(quote(), words=WORDS, passage_text=lambda _: "")

    def test_on_an_english_page_dutch_is_marked(self) -> None:
        html = card_html(quote(note="Niet nagekeken."), words=LEXICON["en"], passage_text=lambda _: "Meer tekst.")
        assert '<blockquote lang="nl">' in html
        assert '<span lang="nl">Niet nagekeken.</span>' in html
        assert "<li>main text of the verkenning</li>" in html

    def test_on_an_english_page_it_is_said_once_that_passages_are_dutch(self, protocol: Protocol) -> None:
        turns = (opening(quotes=(quote("een", "p1"),)), answer("a", quotes=(quote("twee", "p2"),)))
        made, said = conversation(protocol, *turns), LEXICON["en"].export.foreign["nl"]
        assert cards_html(made, words=LEXICON["en"], passage_text=lambda _: "").count(said) == 1
        assert said not in cards_html(made, words=WORDS, passage_text=lambda _: "")
        html = product_html(ended(protocol), words=LEXICON["en"], protocols=(), passage_text=lambda _: "")
        assert html.index(said) < html.index("Vertrouwen groeit.")

    def test_a_passage_in_english_needs_no_mark_on_an_english_page(self) -> None:
        assert "lang=" not in card_html(quote(language="en"), words=LEXICON["en"], passage_text=lambda _: "")

    def test_everything_in_a_card_is_escaped(self) -> None:
        card = quote(HOSTILE, title=HOSTILE, section=HOSTILE, note=HOSTILE)
        html = card_html(card, words=WORDS, passage_text=lambda _: HOSTILE * 2)
        assert "<script" not in html

    def test_probe_keeps_the_card_of_its_step(self, protocol: Protocol) -> None:
        first, second = quote("een", "p1"), quote("twee", "p2")
        turns = (opening(quotes=(first,)), answer("a", quotes=(second,)), answer("b", move="probe"))
        assert split_quotes(conversation(protocol, *turns)) == ((second,), (first,))

    def test_the_way_to_the_passage_and_back(self, protocol: Protocol) -> None:
        made = conversation(protocol, opening(quotes=(quote(),)))
        assert 'href="#kaarten-kop"' in log_html(made, words=WORDS)
        html = cards_html(made, words=WORDS, passage_text=lambda _: "")
        assert '<h2 id="kaarten-kop" tabindex="-1">' in html
        assert f'class="to-question" href="#antwoord">{WORDS.talk.back}</a>' in html
        assert "to-question" not in cards_html(replace(made, finished=True), words=WORDS, passage_text=lambda _: "")

    def test_a_passage_is_shown_once(self, protocol: Protocol) -> None:
        turns = (opening(quotes=(quote(),)), answer("a", quotes=(quote(),)))
        assert split_quotes(conversation(protocol, *turns)) == ((quote(),), ())

    def test_after_the_end_all_cards_are_earlier_ones(self, protocol: Protocol) -> None:
        made = conversation(protocol, opening(quotes=(quote(),)), answer("stop", move="close"), finished=True)
        assert split_quotes(made) == ((), (quote(),))
        html = cards_html(made, words=WORDS, passage_text=lambda _: "")
        assert html.index("Eerdere passages (1)") < html.index("Vertrouwen groeit.")


class TestEnd:
    def test_product_in_order_with_intention(self, protocol: Protocol) -> None:
        lines = (ProductLine("gedrag", "Wat er gebeurde", HOSTILE), ProductLine("gevoel", "Wat ik voelde", "boos"))
        product = Product(title="Mijn feedback", lead="L", lines=lines, intention="donderdag")
        html = sheet(conversation(protocol, finished=True, product=product))
        assert "<script" not in html
        text = visible(html)
        order = [
            text.index(part) for part in ("Mijn feedback", "Wat er gebeurde", "Wat ik voelde", "boos", "donderdag")
        ]
        assert order == sorted(order)
        assert 'href="reflectie/gesprek-1" download' in html
        assert 'href="reflectie/gesprek-1.docx" download' in html

    def test_nothing_said_nothing_to_save(self, protocol: Protocol) -> None:
        html = sheet(conversation(protocol, finished=True))
        assert WORDS.end.empty in html
        assert "reflectie/" not in html

    def test_stopped_before_a_protocol_was_chosen(self, protocol: Protocol) -> None:
        html = sheet(starting(protocol, finished=True))
        assert f'<h2 id="blad" tabindex="-1">{WORDS.end.heading}</h2>' in html
        assert WORDS.end.empty in html
        assert "reflectie/" not in html

    def test_exercise_with_its_passage_and_a_way_to_do_it(self, protocol: Protocol) -> None:
        exercise = protocol.model_copy(update={"id": "oefening_x", "group": "oefening", "grounded_in": "digest:x"})
        other = exercise.model_copy(update={"id": "oefening_y", "grounded_in": "digest:y"})
        html = sheet(ended(protocol), protocols=(protocol, other, exercise))
        assert visible(html).index("Een oefening die past") < visible(html).index("Vertrouwen groeit.")
        assert re.findall(r'name="protocol" value="([^"]+)"', html) == ["oefening_x"]
        # Who just did it gets the passage, not the same again.
        done = sheet(ended(exercise), protocols=(protocol, other, exercise))
        assert "Vertrouwen groeit." in done
        assert 'data-event="begin"' not in done

    def test_the_card_of_the_exercise_is_no_earlier_passage(self, protocol: Protocol) -> None:
        assert split_quotes(ended(protocol)) == ((), (quote("Eerder.", "p0"),))

    def test_delete_asks_first_and_proposes_to_keep(self, protocol: Protocol) -> None:
        html = remove_html(conversation(protocol), words=WORDS.remove)
        assert html.index("<dialog") < html.index("autofocus") < html.index('type="submit"')
