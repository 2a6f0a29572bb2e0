"""Vectors made before: those that come with the program and those of an earlier start, looked up by their text."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from coach.config import content_root
from coach.library.embed import Embedder, clean_text

Kind = Literal["passage", "query"]
Vector = NDArray[np.float32]
Progress = Callable[[int, int], None]

# Half of a sha256 names a text as surely as is needed, in half the room.
_KEY_BYTES = 16
# How many texts are embedded between two reports of progress.
_REPORT_EVERY = 16


def shipped_vectors_path() -> Path:
    """Return the file with the vectors of the shipped content, made by `python -m evals.ship_vectors`."""
    return content_root() / "corpus" / "vectors" / "bundled.npz"


def question_vectors_path() -> Path:
    """Return the file with the vectors of all that the coach asks by heart, made by the same command."""
    return content_root() / "corpus" / "vectors" / "questions.npz"


def vector_key(kind: Kind, text: str) -> bytes:
    """Return the name of a text's vector: it depends on the prefix the text is embedded with and its cleaned words."""
    return sha256(f"{kind}\x1f{clean_text(text)}".encode()).digest()[:_KEY_BYTES]


def save_vectors(path: Path, vectors: Mapping[bytes, Vector], *, fingerprint: str) -> None:
    """Write the vectors in 16 bits with the embedder's fingerprint; a killed save leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = sorted(vectors)
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(
            file,
            fingerprint=np.array(fingerprint),
            keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), _KEY_BYTES),
            vectors=np.array([vectors[key] for key in keys], dtype=np.float16),
        )
    temporary.replace(path)


def load_vectors(path: Path, *, fingerprint: str) -> dict[bytes, Vector]:
    """Return the vectors of a file by key; none when it is not there, is damaged or is of another embedder."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if str(file["fingerprint"]) != fingerprint:
                return {}
            keys, vectors = file["keys"], file["vectors"].astype(np.float32)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        # Nothing is lost: what is missing is embedded again.
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


class KnowingEmbedder:
    """An embedder that looks a text up among known vectors before it embeds it."""

    def __init__(self, embedder: Embedder, *, known: Mapping[bytes, Vector]) -> None:
        """Wrap the embedder; the known vectors must be its own."""
        self._embedder = embedder
        self._known = known
        self.fingerprint = embedder.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed texts that will be searched, one vector a text; only those not known take time."""
        keys = [vector_key("passage", text) for text in texts]
        unknown = [text for key, text in zip(keys, texts, strict=True) if key not in self._known]
        fresh = iter(self._embedder.embed_passages(unknown) if unknown else [])
        return [self._known[key].tolist() if key in self._known else next(fresh) for key in keys]

    def embed_query(self, text: str) -> list[float]:
        """Embed a text to search with."""
        known = self._known.get(vector_key("query", text))
        return self._embedder.embed_query(text) if known is None else known.tolist()


def with_shipped_vectors(embedder: Embedder) -> KnowingEmbedder:
    """Return the embedder with the vectors that come with the program, if they are its own."""
    known = load_vectors(shipped_vectors_path(), fingerprint=embedder.fingerprint)
    return KnowingEmbedder(embedder, known=known)


def embed_utterances(
    texts: Sequence[str], *, embedder: Embedder, cache: Path, progress: Progress | None = None
) -> dict[str, Vector]:
    """Return the query vector of each text; what is neither shipped nor in the cache is embedded and added to it.

    `progress` is told (embedded, to embed) when there is something to embed.
    """
    known = dict(load_vectors(shipped_vectors_path(), fingerprint=embedder.fingerprint))
    cached = load_vectors(cache, fingerprint=embedder.fingerprint)
    known.update(cached)
    keys = {text: vector_key("query", text) for text in texts}
    unknown = [text for text, key in keys.items() if key not in known]
    for done, text in enumerate(unknown, start=1):
        known[keys[text]] = cached[keys[text]] = np.array(embedder.embed_query(text), dtype=np.float32)
        if progress is not None and (done % _REPORT_EVERY == 0 or done == len(unknown)):
            progress(done, len(unknown))
    if unknown:
        wanted = set(keys.values())
        save_vectors(cache, {key: v for key, v in cached.items() if key in wanted}, fingerprint=embedder.fingerprint)
    return {text: known[key] for text, key in keys.items()}
