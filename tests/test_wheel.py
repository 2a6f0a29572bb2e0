"""The built wheel carries the content and works from any directory, without the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_it_carries_content_but_no_full_text_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "coach/content/corpus/catalog.yaml" in names
    assert "coach/content/prompts/protocols/4g.yaml" in names
    assert "coach/content/prompts/protocols/en/4g.yaml" in names
    assert "coach/content/prompts/checks/general.yaml" in names
    assert "coach/content/prompts/intake/nl.yaml" in names
    assert "coach/library/e5.onnx" in names
    assert "coach/records/migrations/env.py" in names
    assert any(name.startswith("coach/content/corpus/digest/") for name in names)
    assert any(name.startswith("coach/web/") and name.endswith(".css") for name in names)
    assert "coach/web/templates/base.html" in names
    assert not [name for name in names if name.endswith(".pdf") or name.startswith(("tests/", "evals/"))]


def test_it_works_from_another_directory(wheel: Path, index_copy: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "clean")], check=True, timeout=120)
    python = tmp_path / "clean" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    # The dependencies of this environment, but not its editable install: a path in a .pth runs no other .pth.
    site = next((tmp_path / "clean" / "lib").glob("python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COACH_", "PYTHON"))}
    environment["COACH_HOME"] = str(index_copy)

    def run(*arguments: str) -> str:
        command = [str(python), "-m", "coach", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=elsewhere, env=environment, timeout=180)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [str(python), "-c", "import coach; print(coach.__file__)"], capture_output=True, text=True, cwd=elsewhere
    )
    assert str(site) in where.stdout
    assert {"4g", "ego", "oefening_4g"} <= {protocol["id"] for protocol in json.loads(run("protocols", "--json"))}
    assert json.loads(run("search", "wat is vertrouwen", "--json"))["hits"]
