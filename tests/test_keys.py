"""Keys: the situations and questions a digest passage is found by."""

from pathlib import Path

import numpy as np
import pytest

from coach.config import content_root
from coach.errors import ContentError
from coach.library.embed import clean_text
from coach.library.keys import BEST_KEYS, Key, KeyIndex, load_keys
from coach.library.retrieve import load_content

CONTENT = """digest:een:
  situations: ["ik hield mijn mond in het overleg"]
  questions: ["waarom zwijgen mensen"]
digest:twee:
  situations: []
  questions: ["wat is een doel"]
"""


def write(folder: Path, content: str) -> Path:
    path = folder / "situations.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_keys_are_read_in_order(tmp_path: Path) -> None:
    keys = load_keys(write(tmp_path, CONTENT), passages={"digest:een", "digest:twee"})
    assert keys == (
        Key("ik hield mijn mond in het overleg", "digest:een", "situation"),
        Key("waarom zwijgen mensen", "digest:een", "question"),
        Key("wat is een doel", "digest:twee", "question"),
    )


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (CONTENT.replace("digest:twee", "digest:drie"), "digest:drie"),
        (CONTENT.replace("[]", "[3]"), "digest:twee.situations"),
        (CONTENT.replace("  situations: []\n", ""), "digest:twee.situations"),
        (CONTENT.replace("  situations: []", "  situations: []\n  extra: []"), "digest:twee.extra"),
        (CONTENT.replace("wat is een doel", "waarom zwijgen mensen"), "digest:twee.questions.*twee keer"),
        (CONTENT.replace("wat is een doel", " "), "digest:twee.questions.*lege"),
        ("- lijst\n", "situations.yaml"),
        ("a: [", "situations.yaml"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_place(tmp_path: Path, content: str, named: str) -> None:
    with pytest.raises(ContentError, match=named):
        load_keys(write(tmp_path, content), passages={"digest:een", "digest:twee"})


def test_every_shipped_passage_has_keys_of_its_own() -> None:
    ids = {passage.id for passage in load_content()[1]}
    keys = load_keys(content_root() / "corpus" / "situations.yaml", passages=ids)
    assert {key.passage for key in keys} == ids
    assert all(clean_text(key.text) == key.text for key in keys)


def index() -> KeyIndex:
    keys = (
        Key("rood rood", "a", "situation"),
        Key("rood licht", "a", "situation"),
        Key("blauw", "b", "question"),
        Key("groen", "a", "question"),
    )
    vectors = {"rood rood": [1.0, 0.0], "rood licht": [0.8, 0.6], "blauw": [-1.0, 0.0], "groen": [-0.6, -0.8]}
    return KeyIndex(keys, vectors={text: np.array(vector, dtype=np.float32) for text, vector in vectors.items()})


def test_the_best_keys_of_a_passage_speak_for_it() -> None:
    keys = index()
    assert keys.passages == ("a", "b")
    scores = keys.scores(np.array([1.0, 0.0], dtype=np.float32))
    # Of the three keys of a passage all count, also the one that is far off.
    assert 0.8 > scores.nearness[0] > 0 > scores.nearness[1]
    # Two of the four nearest are situations.
    assert scores.account == 0.5
    # The nearest two are nearer than the mean of three.
    assert scores.nearest > scores.nearness[0]


def test_no_more_than_the_best_few_keys_count() -> None:
    texts = [f"a{number}" for number in range(BEST_KEYS + 1)]
    vectors = {text: np.array([1.0, 0.0], dtype=np.float32) for text in texts}
    vectors[texts[-1]] = np.array([-1.0, 0.1], dtype=np.float32)
    keys = [Key(text, "a", "situation") for text in texts]
    assert KeyIndex(keys, vectors=vectors).scores(vectors[texts[0]]).nearness[0] > 0.9


def test_what_is_learned_tells_passages_apart_by_what_their_keys_share() -> None:
    # The keys of a have the second direction in common, those of b lack it; the first says nothing.
    rng = np.random.default_rng(5)
    keys, vectors = [], {}
    for passage, level in (("a", 0.3), ("b", -0.3)):
        for number in range(60):
            text = f"{passage}{number}"
            keys.append(Key(text, passage, "situation"))
            vectors[text] = np.array([rng.normal(), level, rng.normal()], dtype=np.float32)
    learned = KeyIndex(keys, vectors=vectors).scores(np.array([0.0, 0.3, 0.0], dtype=np.float32)).learned
    assert learned[0] > learned[1] + 0.2


def test_a_single_key_does_no_harm() -> None:
    only = KeyIndex([Key("rood", "a", "question")], vectors={"rood": np.array([1.0, 0.0], dtype=np.float32)})
    scores = only.scores(np.array([1.0, 0.0], dtype=np.float32))
    assert np.isfinite(scores.nearness).all() and np.isfinite(scores.learned).all() and scores.account == 0.0
