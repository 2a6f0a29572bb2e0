"""Fusing rankings."""

from dataclasses import replace

from shelf import key_to

from coach.library.fuse import RANK_CONSTANT, Ranking, fuse
from coach.library.passage import Passage


def full(id_: str) -> Passage:
    return replace(key_to(id_, f"Tekst {id_}.", ""), id=id_, form="full text")


A, B = full("a"), full("b")
TO_A = replace(key_to("een", "Sleutel.", "anker een"), leads_to="a")
ALSO_TO_A = replace(key_to("twee", "Sleutel.", "anker twee"), leads_to="a")
PASSAGES = {passage.id: passage for passage in (A, B, TO_A, ALSO_TO_A)}


def ranking(*ids: str, way: str = "dense", weight: float = 1.0) -> Ranking:
    return Ranking([(id_, (way,)) for id_ in ids], weight)


def test_a_key_and_its_passage_count_once_each_in_a_ranking() -> None:
    found = fuse([ranking("digest:een", "digest:twee", "a", "b")], passages=PASSAGES)
    assert [candidate.passage.id for candidate in found] == ["a", "b"]
    # The second key to the same passage is worth nothing, and takes no rank from what comes after it.
    assert found[0].score == 1 / (RANK_CONSTANT + 1) + 1 / (RANK_CONSTANT + 2)
    assert found[1].score == 1 / (RANK_CONSTANT + 3)
    assert found[0].anchor == "anker een" and found[1].anchor == ""


def test_weights_decide() -> None:
    light, heavy = ranking("b", "a", way="keyword", weight=0.05), ranking("a", "b", weight=2.0)
    assert [candidate.passage.id for candidate in fuse([light, heavy], passages=PASSAGES)] == ["a", "b"]


def test_what_a_ranking_settles_other_rankings_do_not_move() -> None:
    other = ranking("b", "a", weight=5.0)
    for settles, first in ((0.0, "b"), (0.1, "b"), (1.0, "a")):
        guide = Ranking([("digest:een", ("key",)), ("b", ("key",))], 1.0, settles=settles)
        found = fuse([other, guide], passages=PASSAGES)
        assert found[0].passage.id == first
    # Both are found in both ways all the same.
    assert {candidate.via for candidate in found} == {("dense", "key", "digest"), ("dense", "key")}
    assert [candidate.score for candidate in found] == [1 / (RANK_CONSTANT + 1), 1 / (RANK_CONSTANT + 2)]


def test_what_is_not_settled_keeps_its_weight() -> None:
    guide = Ranking([("digest:een", ("key",))], 1.0, settles=1.0)
    found = fuse([ranking("a", "b", weight=2.0), guide], passages=PASSAGES)
    assert {candidate.passage.id: candidate.score for candidate in found} == {
        "a": 1 / (RANK_CONSTANT + 1),
        "b": 2 / (RANK_CONSTANT + 2),
    }


def test_the_anchor_is_that_of_the_key_that_weighed_most() -> None:
    found = fuse([ranking("digest:een", weight=0.05), ranking("b", "digest:twee", weight=2.0)], passages=PASSAGES)
    assert {candidate.passage.id: candidate.anchor for candidate in found}["a"] == "anker twee"


def test_via_has_a_fixed_order() -> None:
    themes = Ranking([("digest:een", ("theme:z", "key", "theme:b"))])
    (found,) = fuse([themes, ranking("digest:een", way="keyword"), ranking("a")], passages=PASSAGES)
    assert found.via == ("dense", "keyword", "key", "theme:b", "theme:z", "digest")


def test_an_id_that_is_not_there_is_passed_over() -> None:
    (found,) = fuse([ranking("weg", "b")], passages=PASSAGES)
    assert found.score == 1 / (RANK_CONSTANT + 1)
    assert fuse([], passages=PASSAGES) == []
