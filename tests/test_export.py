"""What a student takes along, as Markdown and DOCX: text stays text, and each passage is cited once."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from coach.config import content_root
from coach.content import read_yaml
from coach.conversation.product import Product, ProductLine
from coach.conversation.state import Language
from coach.errors import ContentError
from coach.library.quote import Quote
from coach.records.export import citation, product_docx, product_markdown
from coach.records.export_words import TIERS, ExportWords

# CommonMark, and what the usual viewers read on top of it.
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

QUOTE = Quote(
    text="Vertrouwen groeit langzaam.",
    passage_id="boek:1",
    source="boek",
    title="Jansen (2020). Teams",
    section="Vertrouwen",
    page=4,
    tier="A",
    form="full text",
    language="nl",
    note="",
)


EXERCISE = replace(QUOTE, passage_id="digest:oefening", text="Vraag eerst door.", section="Oefening", tier="C")
ORIGIN = (
    "De zinnen bovenaan zijn van mij. De vragen kwamen van een computerprogramma (AI), dat geen oordeel geeft. "
    "Dit is geen toets en geen bewijs."
)


def product(*texts: str, intention: str = "") -> Product:
    lines = tuple(ProductLine(step=f"s{number}", label=f"Zin {number}", text=text) for number, text in enumerate(texts))
    return Product(title="Mijn zinnen", lead="Kijk.", lines=lines, intention=intention)


def words(text: str) -> list[str]:
    return text.replace("\0", "\ufffd").split()


def quoted_blocks(markdown: str) -> list[list[Token]]:
    """Return the tokens inside each block quotation, in order."""
    blocks: list[list[Token]] = []
    inside = False
    for token in READER.parse(markdown):
        if token.level == 0 and token.type in ("blockquote_open", "blockquote_close"):
            inside = token.type == "blockquote_open"
            blocks += [[]] if inside else []
        elif inside:
            blocks[-1].append(token)
    return blocks


def rendered(block: Sequence[Token]) -> list[str]:
    """Return the words a reader sees; anything but plain paragraphs of text is an error."""
    assert {token.type for token in block} <= {"paragraph_open", "inline", "paragraph_close"}
    inline = [child for token in block if token.type == "inline" for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special", "softbreak"}
    texts = [
        "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())
        for token in block
        if token.type == "inline"
    ]
    return words(" ".join(texts))


def test_the_whole_page() -> None:
    markdown = product_markdown(product("ze zei niks", "boos\n\nen bang", intention="donderdag"), quotes=[QUOTE])
    assert markdown == (
        "# Mijn zinnen\n\n"
        "**Zin 0**\n\n> ze zei niks\n\n"
        "**Zin 1**\n\n> boos\n>\n> en bang\n\n"
        "**Mijn voornemen**\n\n> donderdag\n\n"
        "## Wat ernaast stond\n\n"
        "> “Vertrouwen groeit langzaam.”\n>\n"
        "> Jansen (2020). Teams · Vertrouwen · p. 4 · hoofdtekst van de verkenning\n\n"
        "---\n\nDe zinnen bovenaan zijn van mij. De vragen kwamen van een computerprogramma (AI), "
        "dat geen oordeel geeft. Dit is geen toets en geen bewijs.\n"
    )


def test_what_is_not_there_gets_no_heading() -> None:
    markdown = product_markdown(product("ze zei niks"), quotes=[])
    assert "voornemen" not in markdown
    assert "Wat ernaast stond" not in markdown


MARKUP = [
    "*nadruk* _nadruk_ **sterk** ~~weg~~ `code`",
    "# kop",
    "kop\n===",
    "kop\n---",
    "---",
    "- - -",
    "***",
    "- een\n- twee",
    "+ een",
    "1. een\n2. twee",
    "12) een",
    "1.",
    "> citaat",
    "    code",
    "\tcode",
    "```\ncode\n```",
    "~~~\ncode\n~~~",
    "[link](http://voorbeeld.nl) ![beeld](x.png) [a]: http://voorbeeld.nl",
    "[a]: http://voorbeeld.nl\n\n[a]",
    "<script>alert(1)</script> <http://voorbeeld.nl> <!-- weg -->",
    "&lt;b&gt; &amp; &copy; &#60; &#x3c; R&D; R&D",
    "| a | b |\n| - | - |\n| 1 | 2 |",
    "a | b\n:-: | :-:\n1 | 2",
    "regel  \nregel\\\nregel",
    "\\*niet nog eens\\*",
    "een\r\n- twee\r- drie\u2028- vier\x0b- vijf",
    "een\n\n    - twee\n\n      drie",
    "\u00a0- een",
]


@pytest.mark.parametrize("text", MARKUP)
def test_what_a_student_typed_is_text_and_never_markup(text: str) -> None:
    first, last = quoted_blocks(product_markdown(product(text, intention=text), quotes=[]))
    assert rendered(first) == rendered(last) == words(text)


def test_each_of_these_would_be_markup_if_nothing_were_done() -> None:
    tame = [text for text in MARKUP if READER.render(text) == f"<p>{text}</p>\n"]
    assert tame == []


@given(
    st.one_of(
        st.text(min_size=1, max_size=60),
        st.lists(
            st.sampled_from([*"-+=*_#>`~|[]()<!&;:.\\ \t\n0a", "1.", "12)", "    ", "---", "===", "&lt;", "```", "\r"]),
            min_size=1,
            max_size=16,
        ).map("".join),
    ).filter(lambda text: bool(text.strip()))
)
@example("0\n=")
@example("=\n=")
@example("a\n\n1.\n\tb")
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    (block,) = quoted_blocks(product_markdown(product(text), quotes=[]))
    assert rendered(block) == words(text)


def test_a_quotation_and_its_source_are_text_too() -> None:
    quote = replace(QUOTE, text="- een *punt*\n1. en [nog](een)", title="Jansen & Co_[2020]_", section="# 1. <Teams>")
    (block,) = quoted_blocks(product_markdown(product(), quotes=[quote]))
    assert rendered(block) == words(f"“{quote.text}” {citation(quote)}")


def test_a_title_stays_one_heading() -> None:
    markdown = product_markdown(replace(product(), title="Mijn *zinnen* #"), quotes=[])
    heading = READER.parse(markdown)[1]
    assert "".join(child.content for child in heading.children or ()) == "Mijn *zinnen* #"


def test_ordinary_sentences_are_not_littered_with_backslashes() -> None:
    text = "Ze zei: “ja, 5-6 keer!” (om 1.5 uur), R&D… en toen? 24/7 = veel + meer."
    assert text in product_markdown(product(text), quotes=[])


def test_each_passage_is_cited_once_in_the_order_shown() -> None:
    other = replace(QUOTE, passage_id="boek:2", text="Elke week een gesprek.", page=5)
    markdown = product_markdown(product("x"), quotes=iter([QUOTE, other, QUOTE]))
    assert re.findall(r"^> “(.*)”$", markdown, re.MULTILINE) == [QUOTE.text, other.text]
    assert markdown.count("## Wat ernaast stond") == 1


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
def test_a_citation_says_what_the_passage_is_worth(tier: str, label: str) -> None:
    assert citation(replace(QUOTE, tier=tier)) == f"Jansen (2020). Teams · Vertrouwen · p. 4 · {label}"
    assert set("ABCLD") == TIERS


@pytest.mark.parametrize(
    ("quote", "cited"),
    [
        (
            replace(QUOTE, form="digest"),
            "Jansen (2020). Teams · Vertrouwen · p. 4 · hoofdtekst van de verkenning · in eigen woorden",
        ),
        (replace(QUOTE, form="digest", tier="D"), "Jansen (2020). Teams · Vertrouwen · p. 4 · over deze bron"),
        (replace(QUOTE, page=None, tier="L"), "Jansen (2020). Teams · Vertrouwen · literatuur"),
        (replace(QUOTE, section="", tier="L"), "Jansen (2020). Teams · p. 4 · literatuur"),
    ],
    ids=["digest", "about a source", "no pages", "no section"],
)
def test_a_citation_holds_what_there_is(quote: Quote, cited: str) -> None:
    assert citation(quote) == cited


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    """Return style and text of each paragraph of a DOCX file."""
    return [(paragraph.style.name, paragraph.text) for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_the_whole_document() -> None:
    made = product("ze zei niks", "boos\n\nen bang", intention="donderdag")
    assert paragraphs(product_docx(made, quotes=[QUOTE], exercise=EXERCISE)) == [
        ("Heading 1", "Mijn zinnen"),
        ("Heading 2", "Zin 0"),
        ("Normal", "ze zei niks"),
        ("Heading 2", "Zin 1"),
        ("Normal", "boos"),
        ("Normal", ""),
        ("Normal", "en bang"),
        ("Heading 2", "Mijn voornemen"),
        ("Normal", "donderdag"),
        ("Heading 2", "Een oefening die past"),
        ("Quote", "“Vraag eerst door.”"),
        ("Normal", citation(EXERCISE)),
        ("Heading 2", "Wat ernaast stond"),
        ("Quote", "“Vertrouwen groeit langzaam.”"),
        ("Normal", citation(QUOTE)),
        ("Normal", ORIGIN),
    ]


def test_a_document_says_its_title_and_nobodys_name() -> None:
    properties = Document(io.BytesIO(product_docx(product("x"), quotes=[]))).core_properties
    assert (properties.title, properties.author) == ("Mijn zinnen", "")


def test_what_is_not_there_gets_no_heading_in_a_document() -> None:
    made = paragraphs(product_docx(product("x"), quotes=[]))
    assert [text for style, text in made if style.startswith("Heading")] == ["Mijn zinnen", "Zin 0"]


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x0bb\x0cc", "half \ud83d", "\x1b[31mrood", "\ufffe\uffff", "\x85", "cel\x7f"]
)
def test_what_no_document_can_hold_is_left_out_and_the_rest_is_kept(text: str) -> None:
    kept = " ".join(text for style, text in paragraphs(product_docx(product(f"voor {text} na"), quotes=[])))
    assert "voor" in kept
    assert "na" in kept


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_text_gives_a_document_that_opens(text: str) -> None:
    made = product_docx(replace(product(text, intention=text), title=text), quotes=[replace(QUOTE, text=text)])
    shown = "".join(text for _, text in paragraphs(made))
    assert [letter for letter in text if letter.isalnum() and letter not in shown] == []


def test_the_exercise_stands_apart_and_not_among_the_others() -> None:
    markdown = product_markdown(product("x"), quotes=[QUOTE, EXERCISE], exercise=EXERCISE)
    assert markdown.count("Vraag eerst door.") == 1
    assert markdown.index("## Een oefening die past") < markdown.index("Vraag eerst door.")
    assert markdown.index("Vraag eerst door.") < markdown.index("## Wat ernaast stond")


ENGLISH = replace(QUOTE, passage_id="bijlage:1", text="Trust is necessary.", language="en", tier="B")
DUTCH_SOURCE = "Passages in Dutch stand here in the language of their source."


def test_the_file_of_an_english_conversation_is_english_around_exact_dutch_passages() -> None:
    made = product("she said nothing", intention="on Thursday")
    markdown = product_markdown(made, quotes=[QUOTE], exercise=EXERCISE, language="en")
    assert markdown == (
        "# Mijn zinnen\n\n"
        "**Zin 0**\n\n> she said nothing\n\n"
        "**My intention**\n\n> on Thursday\n\n"
        f"## An exercise that fits\n\n{DUTCH_SOURCE}\n\n"
        "> “Vraag eerst door.”\n>\n> Jansen (2020). Teams · Oefening · p. 4 · exercise, origin unknown\n\n"
        f"## What stood beside it\n\n{DUTCH_SOURCE}\n\n"
        "> “Vertrouwen groeit langzaam.”\n>\n"
        "> Jansen (2020). Teams · Vertrouwen · p. 4 · main text of the verkenning\n\n"
        "---\n\nThe sentences at the top are mine. The questions came from a computer program (AI) that gives no "
        "judgement. This is not a test and proves nothing.\n"
    )
    texts = [text for _, text in paragraphs(product_docx(made, quotes=[QUOTE], exercise=EXERCISE, language="en"))]
    assert texts[3:7] == ["My intention", "on Thursday", "An exercise that fits", DUTCH_SOURCE]
    assert texts[7] == "“Vraag eerst door.”"
    assert [text for text in texts if text in markdown.replace("> ", "")] == texts


@pytest.mark.parametrize(("language", "quote"), [("nl", QUOTE), ("en", ENGLISH)])
def test_a_passage_in_the_language_of_the_student_needs_no_word_about_it(language: Language, quote: Quote) -> None:
    assert "language of their source" not in product_markdown(product("x"), quotes=[quote], language=language)
    assert "taal van hun bron" not in product_markdown(product("x"), quotes=[quote], language=language)


def test_an_english_passage_in_a_dutch_conversation_is_said_to_be_so() -> None:
    said = product_markdown(product("x"), quotes=[ENGLISH])
    assert said.count("Passages in het Engels staan hier in de taal van hun bron.") == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  L: literatuur\n", "", "tiers: verwacht"),
        ("p. {page}", "p.", "page: verwacht de gaten"),
        ("  en: Pass", "  nl: Pass", "foreign: verwacht"),
        ("Mijn voornemen", "Mijn {voornemen}", "intention: verwacht de gaten"),
    ],
)
def test_a_spoilt_file_of_words_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    shipped = (content_root() / "prompts" / "texts" / "export.yaml").read_text(encoding="utf-8")
    assert old in shipped
    (tmp_path / "export.yaml").write_text(shipped.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=message):
        read_yaml(tmp_path / "export.yaml", ExportWords)
