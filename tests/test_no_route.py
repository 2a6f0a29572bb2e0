"""A whole session where there is no network: in a namespace with a loopback and no route."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Runs inside the namespace: puts the loopback up, shows that nothing else can be reached, and walks a session.
INSIDE = """
import fcntl, json, socket, struct, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import httpx
from real_server import serving
from visits import Visit

SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
    fcntl.ioctl(made, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_RUNNING))
try:
    socket.create_connection(("192.0.2.1", 80), timeout=3).close()
    sys.exit("there is a route")
except OSError as error:
    unreachable = error.strerror
index, folder = Path(sys.argv[2]), Path(sys.argv[3])
with serving(index, folder, settings={}) as running:
    with httpx.Client(base_url=running.address, timeout=60) as client:
        visit = Visit(client)
        session = visit.begin("4g")
        answers = ["ze zei \\u201cdoe jij dat maar\\u201d", "ik was boos", "wat is een verborgen agenda?",
                   "ik wil niet meer leven", "nee", "verder", "stop"]
        shown = [visit.act("reply", session=session, text=text) for text in answers]
        found = visit.look("bel 06-12345678").json()["found"]
        files = [client.get(f"/reflectie/{session}{ending}").status_code for ending in ("", ".docx", ".json")]
        page = client.get("/mijn-tekst").status_code
print(json.dumps({"unreachable": unreachable, "finished": 'id="blad"' in shown[-1], "found": len(found),
                  "files": files, "page": page, "log": running.log()}))
"""


def test_a_whole_session_without_a_route(index_copy: Path, tmp_path: Path) -> None:
    command = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("NIET GETEST: unshare ontbreekt (pakket util-linux), dus er is geen netwerk zonder route te maken")
    if allowed.returncode:
        pytest.skip(f"NIET GETEST: een netwerk zonder route mag hier niet worden gemaakt ({allowed.stderr.strip()})")
    here = str(Path(__file__).parent)
    run = subprocess.run(
        [*command, sys.executable, "-c", INSIDE, here, str(index_copy), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["unreachable"] == "Network is unreachable"
    assert told["finished"]
    assert told["found"] == 1
    assert told["files"] == [200, 200, 200]
    assert told["page"] == 200
    # Nothing was even tried, not an address looked up.
    assert "OUTGOING" not in told["log"]


def test_no_library_keeps_or_sends_anything_of_its_own(tmp_path: Path) -> None:
    # onnxruntime would keep a device id and what it wants to tell its maker under the home directory. What it sends it
    # sends without Python, so that what is written is looked at, and not who is called.
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "COACH_HOME": str(tmp_path / "coach"), "XDG_CACHE_HOME": ""}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    run = subprocess.run(
        [sys.executable, "-m", "coach", "triage"],
        input="de overdracht liep uit en ik wist niet wat ik moest zeggen",
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert sorted(path.relative_to(home) for path in home.rglob("*")) == []
