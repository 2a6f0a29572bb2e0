"""Grams: the same for the same text, alike for a misspelling, bounded in number and in time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coach.conversation.safety_grams import BUCKETS, KINDS, count_grams, weigh_grams


def _overlap(one: str, other: str) -> float:
    first, second = (set(count_grams(text)[0].tolist()) for text in (one, other))
    return len(first & second) / len(first | second)


def test_a_misspelling_shares_more_than_another_word() -> None:
    assert _overlap("mishandeling", "mishandelling") > 0.5 > _overlap("mishandeling", "vergadering") > 0


def test_two_words_near_each_other_are_a_gram_in_their_order() -> None:
    assert _overlap("niet meer wakker worden", "wakker worden niet meer") < 1
    assert _overlap("Niet meer. Wakker worden.", "niet meer wakker worden") < 1


def test_capitals_and_drawn_out_letters_make_no_difference() -> None:
    assert _overlap("ik ben zoooo BOOS", "ik ben zoo boos") == 1


@given(st.text(max_size=200))
def test_any_text_has_places_in_order_and_values_of_length_one(text: str) -> None:
    buckets, counts = count_grams(text)
    assert (np.diff(buckets) > 0).all()
    assert not len(buckets) or 0 <= buckets[0] <= buckets[-1] < KINDS * BUCKETS
    values = weigh_grams(buckets, counts, rarity=np.ones(KINDS * BUCKETS))
    for kind in range(KINDS):
        own = values[buckets // BUCKETS == kind]
        assert not len(own) or np.isclose((own**2).sum(), 1)


def test_of_a_very_long_text_only_the_beginning_is_counted() -> None:
    text = " ".join(f"woord{number}" for number in range(20_000))
    buckets, counts = count_grams(text)
    beginning, of_beginning = count_grams(text[:4_000])
    assert buckets.tolist() == beginning.tolist()
    assert counts.tolist() == of_beginning.tolist()
