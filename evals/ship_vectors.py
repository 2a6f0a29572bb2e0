"""Make the vectors of the shipped content and of all questions, in corpus/vectors: python -m evals.ship_vectors.

Run it after a change to corpus/digest, corpus/themes.yaml, corpus/situations.yaml or a question in prompts/protocols,
or a new version of the bundled model; only what changed is embedded. Without it the program still works, but its first
start takes minutes, and the guard of a language model embeds a step's questions when it first needs them.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from coach.config import content_root
from coach.conversation.checks import load_checks
from coach.conversation.phrasing import wordings_of
from coach.conversation.speech import load_speeches
from coach.library.embed import BUNDLED, Embedder, open_embedder
from coach.library.guide import load_guide_content
from coach.library.retrieve import load_content
from coach.library.themes import load_elsewhere
from coach.library.vectors import (
    Kind,
    Vector,
    load_vectors,
    question_vectors_path,
    save_vectors,
    shipped_vectors_path,
    vector_key,
)

_REPORT_EVERY = 100


def main() -> None:
    """Bring the files up to date and say how many vectors each holds."""
    embedder = open_embedder(BUNDLED)
    for path, texts in ((shipped_vectors_path(), shipped_texts()), (question_vectors_path(), question_texts())):
        added, total = ship_vectors(path, texts, embedder=embedder)
        sys.stdout.write(f"{path}: {total} vectoren, waarvan {added} nieuw\n")


def ship_vectors(path: Path, texts: Iterable[tuple[Kind, str]], *, embedder: Embedder) -> tuple[int, int]:
    """Write the vectors of the texts to the file; return how many are new and how many there are."""
    old = load_vectors(path, fingerprint=embedder.fingerprint)
    wanted = {vector_key(kind, text): (kind, text) for kind, text in texts}
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


def question_texts() -> Iterator[tuple[Kind, str]]:
    """Yield all that the coach asks by heart, in both languages, about "de ander" where no name was put yet."""
    prompts = content_root() / "prompts"
    for speech in load_speeches(prompts, checks=load_checks(prompts / "checks")).values():
        for protocol in speech.protocols.values():
            yield from (("query", text) for step in protocol.steps for text in wordings_of(step))


def _embed(kind: Kind, text: str, *, embedder: Embedder) -> Vector:
    vector = embedder.embed_query(text) if kind == "query" else embedder.embed_passages([text])[0]
    return np.array(vector, dtype=np.float32)


if __name__ == "__main__":
    main()
