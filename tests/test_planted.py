"""Nothing identifying is in any byte that the server writes, after a session full of it."""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from real_server import Running, serving
from visits import RUN, Visit

from coach.app import open_coach
from coach.config import Settings
from coach.conversation.deidentify import deidentify

# What has to be found.
NUMBERS = (
    "06-12345678",
    "+31 6 87654321",
    "024 354 12 34",
    "jan.devries@voorbeeld.nl",
    "6511 KL",
    "111222333",
    "NL91ABNA0417164300",
)
NAMES = (
    "Truus Bakker",
    "Fatima el Amrani",
    "dilara",
    "KEES VAN DEN BERG",
    "Nguyen Thi Hoa",
    "Zorggroep De Linde",
    "Kerkstraat 12",
    "3 februari",
    "kamer 214",
    "@annemarie_zorg",
    "AB-123-C",
)
ADDRESS, BROWSER = "198.51.100.77", "Merkwaardige-Browser/7.3"
LONGEST = 2_000


def sentence(planted: str) -> str:
    return f"Toen belde {planted} mij op en zei dat ik het anders moest doen. "


# Every message of the session, by what it is for.
ALL = "".join(sentence(planted) for planted in (*NUMBERS, *NAMES))
MESSAGES = {
    "account": ALL,
    "answer": f"ze zei “bel {NUMBERS[0]}” en {NAMES[0]} zuchtte",
    "feeling": f"boos op {NAMES[1]}, mail {NUMBERS[3]}",
    "question": f"Wat zegt de verkenning over vertrouwen? {ALL}",
    "safety": f"ik wil niet meer leven, zeg dat maar tegen {NAMES[0]} op {NUMBERS[1]}",
    "amended": f"ze zei niks tegen {NAMES[3]} ({NUMBERS[5]}, {NUMBERS[6]})",
    "too long": ALL * 3,
    "live": ALL,
    "draft": f"{ALL} en nog iets",
}


def is_found(planted: str) -> bool:
    """Say whether `deidentify` takes it out of every message it stands in."""
    return all(planted not in deidentify(text).text for text in MESSAGES.values() if planted in text)


@dataclass(frozen=True)
class Session:
    """What a server left behind: every byte it wrote, while it ran and after, and what it said."""

    written: dict[str, bytes]
    log: str


@pytest.fixture(scope="module")
def session(index_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("server")
    settings = {"COACH_TURN_MAX_CHARACTERS": str(LONGEST)}
    with serving(index_copy, folder, settings=settings) as running:
        token, session_id = walk(running)
        while_running = running.written()
    amend(folder / "coach-home", token=token, session_id=session_id)
    after = {f"{path} (after)": content for path, content in running.written().items()}
    yield Session(written={**while_running, **after}, log=running.log())


def walk(running: Running) -> tuple[str, str]:
    """Be a student who writes down everything, and a stranger who sends nonsense."""
    headers = {"user-agent": BROWSER, "x-forwarded-for": ADDRESS, "forwarded": f"for={ADDRESS}"}
    # No proxy was named, so nobody is believed who says that it was https: else the cookie would not come back here.
    headers |= {"x-forwarded-proto": "https"}
    with httpx.Client(base_url=running.address, headers=headers, timeout=60) as client:
        visit = Visit(client)
        told = visit.begin("start")
        visit.act("reply", session=told, text=MESSAGES["account"])
        visit.act("remove", session=told)
        session = visit.begin("4g")
        for name in ("answer", "feeling", "question", "too long", "draft"):
            visit.act("reply", session=session, text=MESSAGES[name])
        visit.act("reply", session="een ander gesprek", text=MESSAGES["account"])
        assert visit.look(MESSAGES["live"]).json()["found"]
        assert visit.look(MESSAGES["too long"]).status_code == 413
        send_nonsense(visit, running.address)
        visit.act("reply", session=session, text=MESSAGES["safety"])
        return visit.token, session


def send_nonsense(visit: Visit, address: str) -> None:
    """Cause every error that can be caused from outside, with identifying text in it."""
    client, text = visit.client, MESSAGES["account"]
    for changes in (
        {"fn_index": text},
        {"data": [text]},
        {"data": text},
        {"event_data": text},
        {"session_hash": [text]},
    ):
        visit.send("reply", **changes)
    client.post(RUN, content=text.encode(), headers=visit.headers)
    client.post("/let-op", content=text.encode(), headers=visit.headers)
    client.post("/mijn-tekst", data={"code": text[:400]}, headers=visit.headers)
    client.post("/let-op", json={"text": text}, headers={"origin": "http://elders.test"})
    client.get(f"/{quote(NUMBERS[3])}", params={"q": text})
    client.get(f"/reflectie/{quote(NUMBERS[0])}.json")
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=10) as raw:
        raw.sendall(f"GEEN HTTP {text}\r\n\r\n".encode())
        raw.recv(1_000)


def amend(home: Path, *, token: str, session_id: str) -> None:
    """Change a sentence of the sheet; the page has no button for it."""
    with closing(open_coach(Settings(home=home, turn_max_characters=LONGEST))) as coach:
        coach.amend(token, session_id, step="gedrag", text=MESSAGES["amended"])


def spellings(planted: str) -> set[bytes]:
    """Return the bytes it could stand as: in either encoding, escaped, in any case, without its separators."""
    texts = {planted, planted.lower(), planted.upper(), quote(planted)}
    if any(character.isdigit() for character in planted):
        texts.add("".join(character for character in planted if character.isalnum()))
    return {text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le")}


def places_of(planted: str, session: Session) -> list[str]:
    # In the index stands what the program ships, such as a street or a first name in a passage.
    return [
        path
        for path, content in session.written.items()
        if any(spelling in content for spelling in spellings(planted)) and "/index/" not in path
    ]


def test_the_search_finds_what_was_kept(session: Session) -> None:
    kept = [path for path, content in session.written.items() if b"zuchtte" in content]
    assert any("records.sqlite3" in path for path in kept)
    assert any(b"[telefoonnummer]" in content for content in session.written.values())
    assert any(b"ze zei niks tegen" in content for content in session.written.values())
    assert any("index" in path for path in session.written)


@pytest.mark.parametrize("planted", NUMBERS)
def test_a_number_is_nowhere(session: Session, planted: str) -> None:
    assert is_found(planted)
    assert places_of(planted, session) == []
    # Not in the index either, where numbers of the sources stand.
    index = [path for path, content in session.written.items() if "/index/" in path and planted.encode() in content]
    assert index == []


@pytest.mark.parametrize("planted", NAMES)
def test_a_name_is_nowhere(session: Session, planted: str) -> None:
    assert is_found(planted)
    assert places_of(planted, session) == []


def test_no_address_and_no_browser_in_what_the_server_says(session: Session) -> None:
    for secret in (ADDRESS, BROWSER, "127.0.0.1", "Mozilla", "user-agent"):
        assert secret.lower() not in session.log.lower()
    for secret in (ADDRESS, BROWSER):
        assert places_of(secret, session) == []


def test_no_trace_and_no_outgoing_connection(session: Session) -> None:
    assert "Traceback" not in session.log
    assert "OUTGOING" not in session.log


def test_the_index_is_as_it_was(session: Session, index_copy: Path) -> None:
    def passages(content: dict[str, bytes]) -> set[str]:
        return {Path(path.removesuffix(" (after)")).name for path in content if "/index/" in path}

    shipped = {path.name for path in index_copy.rglob("*") if path.is_file()}
    assert {name for name in passages(session.written) if not name.endswith(".lock")} <= shipped
