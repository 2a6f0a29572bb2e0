"""Keys: what students write and ask when a digest passage is the one to put beside it (corpus/situations.yaml)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import RootModel

from coach.content import Strict, read_yaml
from coach.errors import ContentError
from coach.library.evidence import fit_ridge, to_unit
from coach.library.keyword import best_first
from coach.library.vectors import Vector

# Of each passage the best so many keys speak for it: one alone may be a coincidence of words. On the dev cases 2 to 5
# do equally well.
BEST_KEYS = 3
# How sparingly is learned from the keys; on the dev cases 5 to 60 do equally well.
LEARNING_PENALTY = 40.0
# Among so many nearest keys we count how many tell of something lived through, and so many say how near keys are.
_NEIGHBOURS = 10
_NEAREST = 2


class _KeysOfPassage(Strict):
    """The keys of one digest passage."""

    situations: tuple[str, ...]
    questions: tuple[str, ...]


class _KeysFile(RootModel[dict[str, _KeysOfPassage]]):
    """The whole of situations.yaml: digest passages by id."""


@dataclass(frozen=True)
class Key:
    """A text by which a digest passage is found: a situation as a student tells it, or a question."""

    text: str
    passage: str
    kind: Literal["situation", "question"]


def load_keys(path: Path, *, passages: Collection[str]) -> tuple[Key, ...]:
    """Read the keys strictly, in the order of the file; each must be of one of these passages.

    A `ContentError` names file and place when the file is wrong, a passage unknown, or a key empty or there twice.
    """
    keys: dict[str, Key] = {}
    for passage, content in read_yaml(path, _KeysFile).root.items():
        if passage not in passages:
            raise ContentError(f"{path.name}: {passage}: deze passage staat niet in de samenvatting (corpus/digest)")
        for key in _keys_of(passage, content):
            if not key.text.strip():
                raise ContentError(f"{path.name}: {passage}.{key.kind}s: een lege regel; haal hem weg")
            if key.text in keys:
                raise ContentError(f"{path.name}: {passage}.{key.kind}s: {key.text!r} staat er twee keer")
            keys[key.text] = key
    return tuple(keys.values())


def _keys_of(passage: str, content: _KeysOfPassage) -> tuple[Key, ...]:
    situations = (Key(text, passage, "situation") for text in content.situations)
    questions = (Key(text, passage, "question") for text in content.questions)
    return (*situations, *questions)


@dataclass(frozen=True)
class KeyScores:
    """How well the keys of each passage fit a text (in the order of the passages), by nearness and as learned.

    `account` says how far the text tells of something lived through (1) rather than asks something (0), `nearest` how
    near the nearest few keys are: the mean of their cosines, around what all keys share.
    """

    nearness: Vector
    learned: Vector
    account: float
    nearest: float


class KeyIndex:
    """The keys of a number of passages, searched all at once."""

    def __init__(self, keys: Sequence[Key], *, vectors: Mapping[str, Vector]) -> None:
        """Index at least one key by the query vectors of their texts."""
        self.passages = tuple(dict.fromkeys(key.passage for key in keys))
        numbers = {passage: number for number, passage in enumerate(self.passages)}
        owners = [numbers[key.passage] for key in keys]
        matrix = np.array([vectors[key.text] for key in keys])
        # All texts of this kind lie close together in the model; without what they share, differences count.
        self._mean = matrix.mean(axis=0)
        self._matrix = to_unit(matrix - self._mean)
        # Which directions tell the passages apart, as far as their keys show.
        self._learned = fit_ridge(
            self._matrix, np.eye(len(self.passages), dtype=np.float32)[owners], penalty=LEARNING_PENALTY
        )
        self._tells = np.array([key.kind == "situation" for key in keys])
        self._places = _places(owners, count=len(self.passages))

    def scores(self, vector: Vector) -> KeyScores:
        """Return how well the keys fit a text, given its query vector."""
        direction = to_unit(vector - self._mean)
        near = self._matrix @ direction
        nearest = best_first(near, _NEIGHBOURS)
        return KeyScores(
            nearness=self._best_of_passages(near),
            learned=direction @ self._learned,
            account=float(self._tells[nearest].mean()),
            nearest=float(near[nearest[:_NEAREST]].mean()),
        )

    def _best_of_passages(self, scores: Vector) -> Vector:
        """Return for each passage the mean of the scores of its best keys."""
        padded = np.append(scores, -np.inf).astype(np.float32)[self._places]
        best = np.sort(padded, axis=1)[:, ::-1][:, :BEST_KEYS]
        there = np.isfinite(best)
        means: Vector = (np.where(there, best, 0).sum(axis=1) / there.sum(axis=1)).astype(np.float32)
        return means


def _places(owners: Sequence[int], *, count: int) -> NDArray[np.int64]:
    """Return for each passage the places of its keys in one row, filled up with the place after the last key."""
    rows: list[list[int]] = [[] for _ in range(count)]
    for place, owner in enumerate(owners):
        rows[owner].append(place)
    width = max(map(len, rows))
    return np.array([row + [len(owners)] * (width - len(row)) for row in rows])
