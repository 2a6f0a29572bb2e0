"""Which passages are right: by anchor in the full text, by a committed list in the digest."""

import json
from pathlib import Path

import pytest

from coach.errors import CoachError, ContentError
from coach.library.passage import Passage
from coach.library.retrieve import load_content
from evals.cases import RetrievalCase
from evals.gold import read_gold_digest, right_in_digest, right_in_texts
from evals.gold_digest import NEAR_CHARACTERS, stand_in
from evals.retrieval import retrieval_cases


def case(id_: str, *gold: str) -> RetrievalCase:
    return RetrievalCase(id=id_, split="dev", kind="question", q="?", gold=gold)


def passage(id_: str, text: str) -> Passage:
    return Passage(id_, "boek", "Boek", "Teams", 1, "A", "full text", "nl", text)


def test_every_passage_that_holds_an_anchor_is_right() -> None:
    passages = [
        passage("p1", "Vertrouwen groeit lang-\nzaam in een team."),
        passage("p2", "Wie zegt dat vertrouwen GROEIT LANGZAAM?"),
        passage("p3", "Iets anders."),
    ]
    right = right_in_texts([case("a", "groeit langzaam", "iets  anders"), case("b", "groeit snel")], passages)
    assert right == {"a": {"p1", "p2", "p3"}, "b": frozenset()}


def test_in_the_digest_an_anchor_stands_for_its_passages() -> None:
    gold = {"groeit langzaam": ("digest:vertrouwen",), "elke week": ("digest:overleg", "digest:ritme")}
    assert right_in_digest([case("a", "groeit langzaam", "elke week")], gold) == {
        "a": {"digest:vertrouwen", "digest:overleg", "digest:ritme"}
    }


def test_an_anchor_that_is_not_listed_is_an_error_that_names_the_case_only() -> None:
    with pytest.raises(ContentError, match="het anker van a-7 staat er niet in.*evals.gold_digest") as caught:
        right_in_digest([case("a-7", "geheime woorden")], {})
    assert "geheime" not in str(caught.value)


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold_digest.json"
    for content in (None, "{"):
        if content is not None:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(ContentError, match=r"^gold_digest.json: kan niet worden gelezen"):
            read_gold_digest(path)
    path.write_text(json.dumps({"woorden": ["digest:a"]}), encoding="utf-8")
    assert read_gold_digest(path) == {"woorden": ("digest:a",)}


def test_the_shipped_list_covers_every_case_with_passages_that_are_there() -> None:
    gold, known = read_gold_digest(), {passage.id for passage in load_content()[1]}
    assert {id_ for ids in gold.values() for id_ in ids} <= known
    right = right_in_digest(retrieval_cases("all"), gold)
    assert [case for case, ids in right.items() if not ids] == []
    assert set(gold) == {anchor for case in retrieval_cases("all") for anchor in case.gold}


# Making the list

FILLER = "vulling " * 60


def test_keys_near_the_anchor_in_the_same_passage_stand_for_it() -> None:
    pieces = [(0, f"sleutel een, dan het goud. {FILLER}sleutel ver")]
    keys = {"digest:een": "sleutel een", "digest:ver": "sleutel ver"}
    assert stand_in(["het goud"], keys, pieces) == {"het goud": ["digest:een"]}


def test_near_ends_at_the_border_of_a_passage() -> None:
    first = f"{FILLER}sleutel voor de grens."
    pieces = [(0, first), (len(first) + 1, "Het goud. Daarna sleutel na de grens.")]
    keys = {"digest:voor": "sleutel voor de grens", "digest:na": "sleutel na de grens"}
    assert stand_in(["het goud"], keys, pieces) == {"het goud": ["digest:na"]}


def test_without_a_key_that_is_near_the_nearest_stands_for_it() -> None:
    pieces = [(0, f"sleutel een {FILLER}"), (600, f"{FILLER}het goud"), (1_100, f"{FILLER}{FILLER}sleutel twee")]
    assert pieces[1][1].index("het goud") > NEAR_CHARACTERS
    keys = {"digest:een": "sleutel een", "digest:twee": "sleutel twee"}
    assert stand_in(["het goud"], keys, pieces) == {"het goud": ["digest:twee"]}


def test_an_anchor_in_two_places_has_the_keys_of_both() -> None:
    pieces = [(0, "het goud, sleutel een"), (500, "weer het goud, sleutel twee")]
    keys = {"digest:een": "sleutel een", "digest:twee": "sleutel twee", "digest:geen": "staat nergens"}
    assert stand_in(["het goud"], keys, pieces) == {"het goud": ["digest:een", "digest:twee"]}


def test_an_anchor_over_a_border_is_found() -> None:
    pieces = [(0, "sleutel een, dan het"), (21, "goud.")]
    assert stand_in(["het goud"], {"digest:een": "sleutel een"}, pieces) == {"het goud": ["digest:een"]}


def test_an_anchor_that_stands_nowhere_is_an_error() -> None:
    with pytest.raises(CoachError, match="1 gouden ankers staan nergens"):
        stand_in(["zilver"], {"digest:een": "sleutel een"}, [(0, "sleutel een")])
