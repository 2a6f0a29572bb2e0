"""Order what was found by reading question and passage together, with a sentence-transformers cross-encoder."""

import math
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol

from coach.errors import LibraryError
from coach.library.embed import TEXT_MAX_CHARACTERS, clean_text

# Of what was found so many are read again; a passage further down is hardly ever the right one.
RERANK_DEPTH = 30
# Pairs the model reads at once.
_BATCH = 8


class Reranker(Protocol):
    """Scores how well texts answer a question; scores of one question can be compared, higher is better."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return a score for each text, in the order given."""


def open_reranker(name: str) -> Reranker | None:
    """Load the cross-encoder of that name or path; None when the name is empty, which means no reranking.

    Raises `LibraryError`, with what to do, when it cannot be loaded.
    """
    return _CrossEncoderReranker(name.strip()) if name.strip() else None


class _CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one score a pair."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._model = _load_cross_encoder(name)

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        pairs = [(_prepare(query), _prepare(text)) for text in texts]
        found = [float(score) for score in self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)]
        # A score that is no number would put its passage anywhere.
        return [score if math.isfinite(score) else -math.inf for score in found]


def _prepare(text: str) -> str:
    return clean_text(text[:TEXT_MAX_CHARACTERS])


def _load_cross_encoder(name: str) -> Any:  # noqa: ANN401 - the library is imported only when asked for
    try:
        torch = import_module("torch")
        sentence_transformers = import_module("sentence_transformers")
    except ImportError as error:
        message = f"herordenen met {name!r} vraagt sentence-transformers; voer uit: pip install sentence-transformers"
        raise LibraryError(message) from error
    # With more threads torch starves beside another busy process.
    torch.set_num_threads(1)
    try:
        model = sentence_transformers.CrossEncoder(name)
    except (OSError, ValueError, RuntimeError, LookupError) as error:
        message = (
            f"model {name!r} kan niet geladen worden ({type(error).__name__}); geef in COACH_RERANKER een map of naam "
            "van een cross-encoder die bestaat, of maak COACH_RERANKER leeg"
        )
        raise LibraryError(message) from error
    if model.num_labels != 1:
        message = f"model {name!r} geeft {model.num_labels} scores per paar; kies in COACH_RERANKER een model met één"
        raise LibraryError(message)
    return model
