"""The index: all passages with their vectors in one Chroma collection; the only file that knows Chroma."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from coach.config import Settings
from coach.errors import LibraryError
from coach.library.changes import Changes, batches, compare_passages
from coach.library.collect import Built, Collection, collect, content_fingerprint
from coach.library.embed import REBUILD, Embedder, LangChainEmbeddings, check_embedder, open_embedder
from coach.library.keyword import KeywordIndex
from coach.library.lock import FolderLock
from coach.library.passage import Passage, passage_from_metadata, passage_to_metadata
from coach.library.report import IndexReport
from coach.library.vectors import Progress, Vector, with_shipped_vectors

if TYPE_CHECKING:
    from langchain_chroma import Chroma

    from coach.library.catalog import Catalog

COLLECTION = "passages"
# Passages embedded and stored at once: what a killed build loses at most.
EMBED_BATCH = 16
STORE_BATCH = 5_000  # Chroma takes at most 5 461 at once


class PassageIndex:
    """The passages of a finished index, by id and by nearness; owns the index folder until it is closed."""

    def __init__(self, client: Client, *, close: Callable[[], None]) -> None:
        """Open the collection of a connected client; `close` gives back what holds it open."""
        self._client = client
        self._collection = client.get_collection(COLLECTION, embedding_function=None)
        self._close = close
        described = self._collection.metadata or {}
        self.revision: str = described.get("revision", "")
        self.embedder: str = described.get("embedder", "")
        self.status: Mapping[str, str] = json.loads(described.get("status", "{}"))

    @property
    def count(self) -> int:
        """The number of passages."""
        return self._collection.count()

    def passages(self) -> tuple[Passage, ...]:
        """Return all passages, in order of id."""
        return tuple(sorted(_read(self._collection), key=lambda passage: passage.id))

    def get(self, ids: Sequence[str]) -> tuple[Passage, ...]:
        """Return the passages with these ids in the order asked; unknown ids are left out."""
        if not ids:
            return ()
        found = {passage.id: passage for passage in _read(self._collection, only={"ids": list(dict.fromkeys(ids))})}
        return tuple(found[id_] for id_ in ids if id_ in found)

    def get_with_vectors(self, ids: Sequence[str]) -> tuple[tuple[Passage, ...], Vector]:
        """Return the passages with these ids in the order asked, and their vectors, one a row."""
        passages = self.get(ids)
        if not passages:
            return (), np.zeros((0, 0), dtype=np.float32)
        answer = self._collection.get(ids=[passage.id for passage in passages], include=["embeddings"])
        vectors = dict(zip(answer["ids"], np.asarray(answer["embeddings"], dtype=np.float32), strict=True))
        return passages, np.array([vectors[passage.id] for passage in passages])

    def digest(self) -> tuple[Passage, ...]:
        """Return the digest passages, in order of id; full texts, however many, are not read."""
        return tuple(sorted(_read(self._collection, only={"where": {"form": "digest"}}), key=lambda held: held.id))

    def nearest(self, vector: Sequence[float], k: int) -> list[tuple[str, float]]:
        """Return the ids of the k nearest passages with their cosine similarity, nearest first."""
        if k < 1 or not self.count:
            return []
        answer = self._collection.query(query_embeddings=cast(Any, [list(vector)]), n_results=k, include=["distances"])
        distances = (answer["distances"] or [[]])[0]
        pairs = [(id_, 1 - distance) for id_, distance in zip(answer["ids"][0], distances, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def as_vector_store(self, embedder: Embedder) -> "Chroma":
        """Return the same collection as a LangChain vector store."""
        return _vector_store(self._client, embedder)

    def close(self) -> None:
        """Give the index folder back; the index cannot be used afterwards."""
        self._close()


def open_index(settings: Settings) -> PassageIndex:
    """Open the finished index.

    Raises `LibraryError` when there is none, when it was made with another embedder, or when another process owns it.
    """
    client, close = _connect(settings)
    try:
        index = PassageIndex(client, close=close)
    except NotFoundError as error:
        close()
        raise LibraryError(f"er is nog geen index in {settings.index_folder}; maak hem met: coach index") from error
    except ChromaError as error:
        close()
        raise LibraryError(f"de index kan niet gelezen worden ({error}); maak hem opnieuw met: {REBUILD}") from error
    if not index.revision:
        close()
        raise LibraryError(f"de index in {settings.index_folder} is niet af; maak hem af met: coach index")
    return index


def read_built(settings: Settings) -> Built | None:
    """Return what the finished index was built from; None when there is no finished index."""
    with _connected(settings) as client:
        try:
            described = client.get_collection(COLLECTION, embedding_function=None).metadata or {}
        except NotFoundError:
            return None
    if not described.get("revision"):
        return None
    folders = tuple(Path(folder) for folder in json.loads(str(described.get("folders", "[]"))))
    return Built(content=str(described.get("content", "")), folders=folders)


def build_index(
    settings: Settings,
    *,
    catalog: "Catalog",
    digest: Sequence[Passage],
    folders: Sequence[Path],
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index up to date with the digest and the full texts in the folders; only what is new is embedded.

    `progress` is told (passages embedded, passages to embed). A killed build is finished by the next. A full text
    that cannot be read now keeps the passages it had. Raises `LibraryError` as `open_index` does.
    """
    started = monotonic()
    embedder = with_shipped_vectors(open_embedder(settings.embedder))
    with _connected(settings) as client:
        collection = _prepare_collection(client, embedder, rebuild=rebuild)
        stored = {passage.id: passage for passage in _read(collection)}
        wanted = collect(
            catalog,
            digest=digest,
            folders=folders,
            stored=lambda key: [p for p in stored.values() if p.source == key and p.form == "full text"],
        )
        changes = compare_passages(stored, wanted.passages)
        if changes.any or not (collection.metadata or {}).get("revision"):
            _describe(collection, embedder, revision="")
            _apply(collection, changes)
            _add(client, changes.embed, embedder=embedder, progress=progress or (lambda done, total: None))
            _finish(collection, wanted, embedder=embedder, folder=settings.index_folder)
        _remember(collection, content=content_fingerprint(catalog, digest), folders=folders)
    return IndexReport(
        passages=len(wanted.passages),
        added=len(changes.embed),
        removed=len(changes.remove),
        unchanged=len(wanted.passages) - len(changes.embed),
        embedder=embedder.fingerprint,
        seconds=round(monotonic() - started, 2),
        sources=wanted.sources,
        refused=wanted.refused,
    )


def _apply(collection: ChromaCollection, changes: Changes) -> None:
    """Forget what is gone, and describe anew what was only moved or relabelled; its vectors stay."""
    for batch in batches(changes.remove, size=STORE_BATCH):
        collection.delete(ids=list(batch))
    for some in batches(changes.redescribe, size=STORE_BATCH):
        collection.update(ids=[p.id for p in some], metadatas=[passage_to_metadata(p) for p in some])


def _add(client: Client, passages: Sequence[Passage], *, embedder: Embedder, progress: Progress) -> None:
    """Embed and store passages through LangChain's vector store, which upserts by id."""
    done, total = 0, len(passages)
    progress(done, total)
    if not passages:
        return
    store = _vector_store(client, embedder)
    for some in batches(passages, size=EMBED_BATCH):
        store.add_texts(
            [passage.search_text for passage in some],
            metadatas=[passage_to_metadata(passage) for passage in some],
            ids=[passage.id for passage in some],
        )
        done += len(some)
        progress(done, total)


def _vector_store(client: Client, embedder: Embedder) -> "Chroma":
    # Most of a second to import, and only needed when something is added.
    from langchain_chroma import Chroma

    return Chroma(COLLECTION, embedding_function=LangChainEmbeddings(embedder), client=client)


def _finish(collection: ChromaCollection, wanted: Collection, *, embedder: Embedder, folder: Path) -> None:
    """Save the keyword index, then declare the index finished by giving it a revision."""
    ordered = sorted(wanted.passages, key=lambda passage: passage.id)
    revision = sha256(repr((embedder.fingerprint, ordered)).encode()).hexdigest()[:16]
    KeywordIndex.build(ordered, revision=revision).save(folder / "keyword")
    status = {source.key: source.form for source in wanted.sources}
    _describe(collection, embedder, revision=revision, status=json.dumps(status))


def _describe(collection: ChromaCollection, embedder: Embedder, *, revision: str, status: str = "{}") -> None:
    collection.modify(metadata={"embedder": embedder.fingerprint, "revision": revision, "status": status})


def _remember(collection: ChromaCollection, *, content: str, folders: Sequence[Path]) -> None:
    written = json.dumps([str(folder.absolute()) for folder in folders])
    described = dict(collection.metadata or {})
    if (described.get("content"), described.get("folders")) != (content, written):
        collection.modify(metadata={**described, "content": content, "folders": written})


def _prepare_collection(client: Client, embedder: Embedder, *, rebuild: bool) -> ChromaCollection:
    if rebuild and COLLECTION in {collection.name for collection in client.list_collections()}:
        client.delete_collection(COLLECTION)
    collection = client.get_or_create_collection(
        COLLECTION,
        # Without this Chroma downloads a model of its own.
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
    )
    if collection.metadata:
        check_embedder(collection.metadata["embedder"], embedder)
    else:
        _describe(collection, embedder, revision="")
    return collection


def _read(collection: ChromaCollection, *, only: Mapping[str, Any] | None = None) -> list[Passage]:
    """Read all passages, or only those Chroma is asked for; listing with `get` is exact where `query` is not."""
    # Page by page: all of a large collection at once takes more variables than SQLite has.
    passages = []
    for start in range(0, collection.count() if only is None else 1, STORE_BATCH):
        page = {"limit": STORE_BATCH, "offset": start} if only is None else only
        answer = collection.get(**page, include=["documents", "metadatas"])
        rows = zip(answer["ids"], answer["documents"] or [], answer["metadatas"] or [], strict=True)
        passages += [passage_from_metadata(id_, search_text=text, metadata=described) for id_, text, described in rows]
    return passages


@contextmanager
def _connected(settings: Settings) -> Iterator[Client]:
    client, close = _connect(settings)
    try:
        yield client
    except ChromaError as error:
        raise LibraryError(f"de index geeft een fout ({error}); maak hem opnieuw met: {REBUILD}") from error
    finally:
        close()


def _connect(settings: Settings) -> tuple[Client, Callable[[], None]]:
    """Connect to the server of `chroma_url`, or own the index folder; return also what ends it."""
    if settings.chroma_url:
        client = _connect_to_server(settings.chroma_url)
        return client, client.close
    lock = FolderLock(settings.index_folder)
    lock.acquire()
    try:
        path = settings.index_folder / "chroma"
        client = cast(Client, chromadb.PersistentClient(path, settings=ChromaSettings(anonymized_telemetry=False)))
    except (ChromaError, ValueError, OSError) as error:
        lock.release()
        raise LibraryError(
            f"de index in {settings.index_folder} is beschadigd ({error}); verwijder die map en voer uit: coach index"
        ) from error

    def close() -> None:
        client.close()
        lock.release()

    return client, close


def _connect_to_server(url: str) -> Client:
    address = urlsplit(url if "//" in url else f"//{url}")
    try:
        host, port, ssl = address.hostname or "localhost", address.port or 8000, address.scheme == "https"
        settings = ChromaSettings(anonymized_telemetry=False)
        return cast(Client, chromadb.HttpClient(host=host, port=port, ssl=ssl, settings=settings))
    except (ValueError, ChromaError) as error:
        message = f"geen Chroma-server op {url} ({error}); start hem met 'chroma run' of maak COACH_CHROMA_URL leeg"
        raise LibraryError(message) from error
