"""Scores of rankings; a missing result counts 0."""

import math

from evals.ranking import MEASURES, score_rankings


def test_success_and_ndcg_follow_the_ranks_of_the_right_passages() -> None:
    right = {"first": {"r"}, "third": {"r"}, "sixth": {"r"}}
    ranked = {
        "first": ["r", "x"],
        "third": ["x", "y", "r"],
        "sixth": ["a", "b", "c", "d", "e", "r"],
    }
    scores = score_rankings(right, ranked)
    assert scores["success_at_1"] == {"first": 1.0, "third": 0.0, "sixth": 0.0}
    assert scores["success_at_5"] == {"first": 1.0, "third": 1.0, "sixth": 0.0}
    assert {case: round(value, 4) for case, value in scores["ndcg_at_10"].items()} == {
        "first": 1.0,
        "third": 0.5,
        "sixth": round(1 / math.log2(7), 4),
    }


def test_ndcg_wants_all_right_passages() -> None:
    scores = score_rankings({"q": {"r1", "r2"}}, {"q": ["r2", "x"]})["ndcg_at_10"]
    assert round(scores["q"], 4) == round(1 / (1 + 1 / math.log2(3)), 4)


def test_what_is_missing_counts_zero_and_never_drops_out() -> None:
    right = {"no ranking": {"r"}, "empty ranking": {"r"}, "nothing right": set(), "fine": {"r"}}
    scores = score_rankings(right, {"empty ranking": [], "nothing right": ["r"], "fine": ["r"], "unknown": ["r"]})
    for name in MEASURES:
        assert scores[name] == {"no ranking": 0.0, "empty ranking": 0.0, "nothing right": 0.0, "fine": 1.0}


def test_no_case_and_no_result_at_all() -> None:
    assert score_rankings({}, {}) == {name: {} for name in MEASURES}
    assert score_rankings({"q": {"r"}}, {}) == {name: {"q": 0.0} for name in MEASURES}


def test_the_order_is_that_given_and_a_second_time_does_not_count() -> None:
    ids = [f"p{number}" for number in range(20)]
    for order in (ids, ids[::-1]):
        assert score_rankings({"q": {"p3"}}, {"q": order})["success_at_5"]["q"] == float(order.index("p3") < 5)
    assert score_rankings({"q": {"r"}}, {"q": ["x", "x", "x", "x", "x", "r"]})["success_at_5"]["q"] == 1.0
