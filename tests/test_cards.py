"""The passage beside a question: the step's own first, none twice, in Dutch and not from a chatbot."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from small import step as one_step

from coach.conversation.cards import choose_card, quote_passage, read_account
from coach.conversation.protocol import Step
from coach.library.passage import Passage
from coach.library.quote import is_exact
from coach.library.retrieve import Found, Hit
from coach.library.themes import ThemeHit

TOLD = "mijn collega gaf mij de schuld van de fout"


class Books:
    """A shelf in memory: what is found is given in order, whatever is asked; what was asked is kept."""

    def __init__(
        self, passages: Sequence[Passage], *, found: Sequence[str] = (), anchors: dict[str, str] | None = None
    ) -> None:
        self.passages = {passage.id: passage for passage in passages}
        self.found = found
        self.anchors = anchors or {}
        self.asked: list[str] = []

    def find(self, text: str, *, k: int) -> Found:
        return Found(self.search(text, k=k))

    def search(self, text: str, *, k: int) -> tuple[Hit, ...]:
        self.asked.append(text)
        hits = [
            Hit(rank=rank, score=1 / rank, passage=self.passages[id_], via=("dense",), anchor=self.anchors.get(id_, ""))
            for rank, id_ in enumerate(self.found, 1)
        ]
        return tuple(hits[:k])

    def passage(self, passage_id: str) -> Passage | None:
        return self.passages.get(passage_id)

    def themes(self, text: str) -> tuple[ThemeHit, ...]:
        raise AssertionError("a card is not chosen by theme")


def passage(id_: str, text: str = "", *, tier: str = "A", language: str = "nl") -> Passage:
    said = text or f"Dit is de eerste volle zin van {id_}. Hier staat nog een tweede volle zin."
    return Passage(id_, "boek", "Jansen (2020)", "Teams", 4, tier, "full text", language, said, note="kanttekening")


def key(id_: str, *, leads_to: str, anchor: str = "") -> Passage:
    return replace(passage(id_), form="digest", leads_to=leads_to, anchor=anchor)


def step(*passages: str) -> Step:
    return Step.model_validate(one_step("gedrag", about="waarneembaar gedrag", passages=passages))


def card_id(books: Books, asked: Step, *, shown: tuple[str, ...] = ()) -> str | None:
    quote = choose_card(books, asked, told=TOLD, shown=shown)
    return quote.passage_id if quote else None


def test_what_was_told_and_the_step_are_searched_with() -> None:
    books = Books([passage("a")], found=["a"])
    choose_card(books, step(), told=TOLD, shown=())
    assert books.asked == [f"{TOLD}\nwaarneembaar gedrag"]


def test_an_own_passage_goes_before_a_better_hit() -> None:
    books = Books([passage("a"), passage("eigen"), passage("b")], found=["a", "eigen", "b"])
    assert card_id(books, step("eigen")) == "eigen"


def test_what_was_told_chooses_among_the_own_passages() -> None:
    books = Books([passage("een"), passage("twee"), passage("a")], found=["a", "twee", "een"])
    assert card_id(books, step("een", "twee")) == "twee"


def test_without_an_own_hit_the_first_own_passage_is_taken() -> None:
    books = Books([passage("een"), passage("twee"), passage("a")], found=["a"])
    assert card_id(books, step("een", "twee")) == "een"
    assert card_id(books, step("een", "twee"), shown=("een",)) == "twee"


def test_without_own_passages_the_best_hit_is_taken() -> None:
    books = Books([passage("a"), passage("b")], found=["b", "a"])
    assert card_id(books, step()) == "b"


def test_no_passage_is_shown_twice() -> None:
    books = Books([passage("een"), passage("twee"), passage("a"), passage("b")], found=["a", "twee", "b"])
    shown: list[str] = []
    for wanted in ("twee", "een", "a", "b"):
        shown.append(card_id(books, step("een", "twee"), shown=tuple(shown)) or "geen")
        assert shown[-1] == wanted
    assert card_id(books, step("een", "twee"), shown=tuple(shown)) is None


def test_nothing_found_gives_no_card() -> None:
    assert card_id(Books([]), step()) is None
    assert card_id(Books([]), step("weg")) is None


def test_only_the_first_fifteen_hits_are_looked_at() -> None:
    ids = [f"p{number}" for number in range(16)]
    books = Books([passage(id_) for id_ in ids], found=ids)
    assert card_id(books, step(), shown=tuple(ids[:15])) is None
    assert card_id(books, step(), shown=tuple(ids[:14])) == "p14"


@pytest.mark.parametrize(
    "unfit",
    [
        passage("x", tier="B"),
        passage("x", tier="D"),
        passage("x", tier="L", language="en"),
        passage("x", tier="B", language="en"),
    ],
    ids=lambda unfit: f"{unfit.tier}-{unfit.language}",
)
def test_english_and_tier_b_are_no_card_found_or_own(unfit: Passage) -> None:
    books = Books([unfit, passage("a")], found=["x", "a"])
    assert card_id(books, step()) == "a"
    assert card_id(books, step("x")) == "a"
    assert card_id(Books([unfit], found=["x"]), step("x")) is None
    leading = Books([unfit, key("sleutel", leads_to="x"), passage("a")], found=["a"])
    assert card_id(leading, step("sleutel")) == "a"


@pytest.mark.parametrize("tier", ["A", "C", "L"])
def test_dutch_text_of_people_may_be_a_card(tier: str) -> None:
    assert card_id(Books([passage("x", tier=tier)], found=["x"]), step()) == "x"


FULL = passage(
    "vol",
    "De boodschapper krijgt de schuld van de fout van een ander.\n"
    "Vertrouwen groeit langzaam in een team dat elkaar kent.\n"
    "Elke week een kort gesprek helpt daarbij.",
)
ANCHORED = "Vertrouwen groeit langzaam in een team dat elkaar kent."
OVERLAPPING = "De boodschapper krijgt de schuld van de fout van een ander."


@pytest.mark.parametrize("found", [(), ("vol",)], ids=["not found", "found"])
def test_an_own_digest_passage_leads_to_the_full_text_at_its_anchor(found: tuple[str, ...]) -> None:
    books = Books([FULL, key("sleutel", leads_to="vol", anchor="groeit langzaam in een")], found=found)
    quote = choose_card(books, step("sleutel"), told=TOLD, shown=())
    assert quote is not None
    assert (quote.passage_id, quote.form, quote.text) == ("vol", "full text", ANCHORED)


def test_the_full_text_is_not_shown_again_by_way_of_another_key() -> None:
    keys = (key("een", leads_to="vol", anchor="groeit langzaam"), key("twee", leads_to="vol", anchor="kort gesprek"))
    books = Books([FULL, *keys, passage("a")], found=["a"])
    quote = choose_card(books, step("een", "twee"), told=TOLD, shown=())
    assert quote is not None
    assert quote.text == ANCHORED, "van twee sleutels telt de eerste"
    assert card_id(books, step("een", "twee"), shown=("vol",)) == "a"


def test_a_digest_passage_stands_for_itself_when_its_full_text_is_not_there() -> None:
    books = Books([key("sleutel", leads_to="weg", anchor="groeit langzaam")])
    quote = choose_card(books, step("sleutel"), told=TOLD, shown=())
    assert quote is not None
    assert (quote.passage_id, quote.form) == ("sleutel", "digest")


def test_the_anchor_by_which_a_hit_was_found_is_quoted() -> None:
    books = Books([FULL], found=["vol"], anchors={"vol": "groeit langzaam in een"})
    quote = choose_card(books, step(), told=TOLD, shown=())
    assert quote is not None
    assert quote.text == ANCHORED


def test_without_an_anchor_the_sentence_nearest_to_what_was_told_is_quoted() -> None:
    quote = choose_card(Books([FULL], found=["vol"]), step(), told=TOLD, shown=())
    assert quote is not None
    assert quote.text == OVERLAPPING


def test_a_card_is_an_exact_quotation_that_can_be_cited() -> None:
    quote = choose_card(Books([FULL], found=["vol"]), step(), told="", shown=())
    assert quote is not None
    assert is_exact(quote.text, FULL.text)
    cited = (quote.source, quote.title, quote.section, quote.page, quote.tier, quote.language, quote.note)
    assert cited == ("boek", "Jansen (2020)", "Teams", 4, "A", "nl", "kanttekening")


def test_one_passage_is_quoted_by_name() -> None:
    books = Books([FULL, key("sleutel", leads_to="vol", anchor="groeit langzaam in een")])
    quote = quote_passage(books, "sleutel", about=TOLD)
    assert quote is not None
    assert (quote.passage_id, quote.text) == ("vol", ANCHORED)
    assert quote_passage(books, "weg", about=TOLD) is None


def test_without_a_step_the_best_passage_not_shown_yet_is_quoted() -> None:
    books = Books([passage("a"), passage("b", tier="B"), FULL], found=["b", "a", "vol"])
    found = [read_account(books, told=TOLD, shown=shown)[1] for shown in ((), ("a",), ("a", "vol"))]
    assert [quote.passage_id if quote else None for quote in found] == ["a", "vol", None]
    assert books.asked[0] == TOLD
