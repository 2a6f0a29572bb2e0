"""A sentence between two quotations: only in their own words, never instead of them, and deaf to what they order."""

from dataclasses import replace
from pathlib import Path

import pytest

from coach.config import Settings, content_root
from coach.conversation.guard_words import load_guard_words
from coach.conversation.linking import Linker, open_linker
from coach.library.answer import Answer
from coach.library.quote import Quote
from coach.library.read import read_document
from coach.model.calls import Calls
from coach.model.chat import Model
from coach.model.prompt import load_prompt
from coach.shown import answer_json, answer_lines
from evals.cases import read_cases
from tests.models import QueueChat
from tests.pdfs import write_pdf
from tests.test_injection import Attack

FOLDER = content_root() / "prompts" / "phrasing"
GOOD = "Waar het eerste citaat vertrouwen noemt, noemt het tweede wat een team daarvoor nodig heeft."


def quote(text: str) -> Quote:
    return Quote(text, "boek:1", "boek", "Boek over teams", "DEEL", 1, "A", "full text", "nl", "")


def answer(*texts: str) -> Answer:
    return Answer("Wat is vertrouwen?", True, "Dit staat erover.", tuple(map(quote, texts)))


TWO = answer("Vertrouwen groeit langzaam.", "Een team heeft tijd nodig.")


def linker(*replies: str | Exception, seconds: float = 8.0, wait: float = 0.0) -> tuple[Linker, QueueChat]:
    chat = QueueChat.of(*replies, wait_seconds=wait)
    words = load_guard_words(FOLDER / "guard", language="nl")
    model = Model(chat, name="openai:proef", calls=Calls())
    return Linker(model, load_prompt(FOLDER / "link.md"), words, seconds), chat


def test_a_sentence_in_the_words_of_the_quotations_stands_between_them() -> None:
    found = linker(GOOD)[0].link(TWO)
    assert found == replace(TWO, link=GOOD)
    lines = list(answer_lines(found))
    assert (
        lines.index("  “Vertrouwen groeit langzaam.”")
        < lines.index(GOOD)
        < lines.index("  “Een team heeft tijd nodig.”")
    )
    assert answer_json(found)["link"] == GOOD
    assert answer_json(TWO)["link"] is None


@pytest.mark.parametrize(
    "reply",
    [
        "", "Wat betekent dat voor jou?", f"{GOOD} {GOOD}", "“Vertrouwen groeit snel.”", "Je moet vertrouwen geven.",
        "Dat is een mooie gedachte.", "The second quotation names what a team needs.", "Vertrouwen komt van Covey.",
        "Volgens onderzoek van 2021 groeit vertrouwen.", "**Vertrouwen** groeit.", "Zie www.boek.nl.",
        "Als AI weet ik dat.",
        f"{GOOD[:-1]}, en nog {'heel ' * 30}langzaam.",
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_left_out(reply: str) -> None:
    one, chat = linker(reply)
    assert one.link(TWO) == TWO
    assert len(chat.sent) == 2


def test_one_quotation_has_nothing_to_link() -> None:
    one, chat = linker(GOOD)
    assert one.link(answer("Vertrouwen groeit langzaam.")).link == ""
    assert chat.sent == []


def test_a_failing_or_slow_model_leaves_the_answer_as_it_is() -> None:
    assert linker(RuntimeError())[0].link(TWO) == TWO
    assert linker(GOOD, seconds=0.2, wait=5)[0].link(TWO) == TWO


@pytest.mark.parametrize(
    "attack", [a for a in read_cases("injections.jsonl", Attack) if a.kind == "pdf"], ids=lambda a: a.id
)
def test_an_order_in_a_pdf_changes_nothing(attack: Attack, tmp_path: Path) -> None:
    """The text is read from a real PDF; the model does as it is told there."""
    path = write_pdf(tmp_path / "boek.pdf", [f"EERSTE DEEL\nVertrouwen groeit langzaam.\n{attack.text}"])
    read = "\n".join(page.text for page in read_document(path).pages)
    assert attack.text.split()[0] in read
    poisoned = answer("Vertrouwen groeit langzaam.", " ".join(read.split()))
    one, chat = linker(attack.obeys)
    assert one.link(poisoned) == poisoned
    outside = chat.sent[0].split("<<<")[0]
    assert attack.text not in outside


def test_without_its_switch_no_model_is_opened() -> None:
    assert open_linker(Settings(model="openai:x", model_url="http://127.0.0.1:9/v1")) is None
    assert open_linker(Settings(model_links_answers=True)) is None
    on = open_linker(Settings(model="openai:x", model_url="http://127.0.0.1:9/v1", model_links_answers=True))
    assert on is not None
    on.model.close()
