"""Make corpus/vectors/bundled.npz, the vectors of the shipped content: python -m evals.ship_vectors.

Run it after a change to corpus/digest, corpus/themes.yaml or corpus/situations.yaml, or a new version of the bundled
model; only what changed is embedded. Without it the program still works, but its first start takes minutes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from coach.config import content_root
from coach.library.embed import BUNDLED, Embedder, open_embedder
from coach.library.guide import load_guide_content
from coach.library.retrieve import load_content
from coach.library.themes import load_elsewhere
from coach.library.vectors import Kind, Vector, load_vectors, save_vectors, shipped_vectors_path, vector_key

_REPORT_EVERY = 100


def main() -> None:
    """Bring the file up to date and say how many vectors it holds."""
    path = shipped_vectors_path()
    added, total = ship_vectors(path, embedder=open_embedder(BUNDLED))
    sys.stdout.write(f"{path}: {total} vectoren, waarvan {added} nieuw\n")


def ship_vectors(path: Path, *, embedder: Embedder) -> tuple[int, int]:
    """Write the vectors of the shipped content to the file; return how many are new and how many there are."""
    old = load_vectors(path, fingerprint=embedder.fingerprint)
    wanted = {vector_key(kind, text): (kind, text) for kind, text in shipped_texts()}
    kept = {key: vector for key, vector in old.items() if key in wanted}
    missing = [key for key in wanted if key not in kept]
    for number, key in enumerate(missing, start=1):
        kept[key] = _embed(*wanted[key], embedder=embedder)
        if number % _REPORT_EVERY == 0:
            sys.stderr.write(f"{number}/{len(missing)}\n")
    if missing or len(kept) != len(old):
        save_vectors(path, kept, fingerprint=embedder.fingerprint)
    return len(missing), len(kept)


def shipped_texts() -> Iterator[tuple[Kind, str]]:
    """Yield every text that the program embeds at its first start, with the prefix it is embedded with."""
    _, digest = load_content()
    themes, keys = load_guide_content({passage.id for passage in digest})
    yield from (("passage", passage.search_text) for passage in digest)
    yield from (("query", text) for theme in themes for text in theme.exemplars)
    yield from (("query", key.text) for key in keys)
    yield from (("query", text) for text in load_elsewhere(content_root() / "corpus" / "themes.yaml"))


def _embed(kind: Kind, text: str, *, embedder: Embedder) -> Vector:
    vector = embedder.embed_query(text) if kind == "query" else embedder.embed_passages([text])[0]
    return np.array(vector, dtype=np.float32)


if __name__ == "__main__":
    main()
