"""Searching by keyword."""

from pathlib import Path

import numpy as np

from coach.library.keyword import KeywordIndex, WordRanker, best_first, stem_words
from coach.library.passage import Passage


def passage(id_: str, text: str, section: str = "Sectie") -> Passage:
    return Passage(id_, "bron", "Titel", section, None, "L", "full text", "nl", text)


PASSAGES = (
    passage("a", "Vertrouwen groeit als collega's hun fouten durven te noemen."),
    passage("b", "De hulpvrager en de professional bouwen een werkrelatie op."),
    passage("c", "Groups can outperform individuals in complex care settings.", "Collective Intelligence"),
    passage("d", "Niets hiervan.", "2.1 Voorwaarden"),
)


def ids(found: list[tuple[str, float]]) -> list[str]:
    return [id_ for id_, _ in found]


def test_finds_other_forms_of_a_word() -> None:
    index = KeywordIndex.build(PASSAGES)
    assert ids(index.search("werkrelaties met hulpvragers", 5)) == ["b"]
    assert ids(index.search("Vertrouwen op een COLLEGA", 1)) == ["a"]


def test_the_heading_counts() -> None:
    index = KeywordIndex.build(PASSAGES)
    assert ids(index.search("collective intelligence", 5)) == ["c"]
    assert ids(index.search("voorwaarden", 5)) == ["d"]


def test_scores_are_above_zero_and_best_first() -> None:
    scores = [score for _, score in KeywordIndex.build(PASSAGES).search("fouten noemen in een werkrelatie", 5)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True) and scores[-1] > 0


def test_nothing_in_common_is_nothing_found() -> None:
    index = KeywordIndex.build(PASSAGES)
    for text in ["", "?!", "de het een", "kwantumfysica", "\ud800\x00"]:
        assert index.search(text, 5) == []
    assert index.search("fouten", 0) == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    for passages in [(), (passage("a", "de het een", "en"),)]:
        KeywordIndex.build(passages).save(tmp_path)
        loaded = KeywordIndex.load(tmp_path)
        assert loaded is not None and loaded.search("vertrouwen", 5) == []


def test_saved_and_loaded_it_finds_the_same(tmp_path: Path) -> None:
    index = KeywordIndex.build(PASSAGES, revision="r1")
    index.save(tmp_path)
    loaded = KeywordIndex.load(tmp_path, revision="r1")
    assert loaded is not None
    assert loaded.search("fouten en werkrelatie", 5) == index.search("fouten en werkrelatie", 5)


def test_another_revision_or_no_save_is_not_loaded(tmp_path: Path) -> None:
    assert KeywordIndex.load(tmp_path / "niets") is None
    KeywordIndex.build(PASSAGES, revision="r1").save(tmp_path)
    assert KeywordIndex.load(tmp_path, revision="r2") is None


def test_it_counts_how_many_passages_hold_each_stem(tmp_path: Path) -> None:
    again = passage("e", "Fouten, fouten en nog eens fouten: vertrouwen groeit.")
    index = KeywordIndex.build((*PASSAGES, again))
    index.save(tmp_path)
    for found in (index, KeywordIndex.load(tmp_path)):
        assert found is not None and found.count == 5
        assert [found.holders[stem] for stem in stem_words("fouten vertrouwen werkrelatie")] == [2, 2, 1]
        assert set(found.holders) == {stem for held in (*PASSAGES, again) for stem in stem_words(held.search_text)}
    assert KeywordIndex.build(()).holders == {}


def test_stems() -> None:
    assert stem_words("De cliënten werkten") == stem_words("clie\u0308nten WERKTEN")
    assert stem_words("de en het") == []


def test_the_best_are_first_and_equals_keep_their_order() -> None:
    scores = np.array([0.0, 2.0, 1.0, 2.0, 1.0, 3.0], dtype=np.float32)
    assert best_first(scores, 4) == [5, 1, 3, 2]
    assert best_first(scores, 99) == [5, 1, 3, 2, 4, 0]
    for k in range(1, 7):
        assert best_first(scores, k) == best_first(scores, 99)[:k]


def test_every_text_has_a_score() -> None:
    ranker = WordRanker(["fouten noemen", "iets anders", "fout"])
    scores = ranker.scores("de fouten")
    assert scores.shape == (3,) and scores[0] > 0 and scores[1] == 0 and scores[2] > 0
    assert WordRanker(["de", "het"]).scores("fouten").tolist() == [0.0, 0.0]
    assert ranker.scores("?!").tolist() == [0.0, 0.0, 0.0]
