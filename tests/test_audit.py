"""What the audit of the pinned packages says of a report of pip-audit."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "audit_report.py"
BAD = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"], "description": ""}


def audit(tmp_path: Path, *packages: dict[str, Any], known: str = "") -> "subprocess.CompletedProcess[str]":
    (tmp_path / "found.json").write_text(json.dumps({"dependencies": packages, "fixes": []}), encoding="utf-8")
    (tmp_path / "known.txt").write_text(known, encoding="utf-8")
    command = [sys.executable, str(SCRIPT), str(tmp_path / "found.json"), str(tmp_path / "known.txt")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_vulnerability_fails_and_is_named(tmp_path: Path) -> None:
    run = audit(
        tmp_path, {"name": "goed", "version": "1", "vulns": []}, {"name": "slecht", "version": "1", "vulns": [BAD]}
    )
    assert run.returncode == 1
    assert "KWETSBAAR slecht 1: PYSEC-1, hersteld in 2.0" in run.stdout


@pytest.mark.parametrize("known", ["PYSEC-1", "# oud\nCVE-2026-1  # wordt hier niet gebruikt\n"])
def test_what_was_judged_passes(tmp_path: Path, known: str) -> None:
    assert audit(tmp_path, {"name": "slecht", "version": "1", "vulns": [BAD]}, known=known).returncode == 0


def test_what_was_not_looked_at_is_said_loudly(tmp_path: Path) -> None:
    run = audit(tmp_path, {"name": "onbekend", "skip_reason": "niet gevonden"})
    assert run.returncode == 0
    assert "NIET GECONTROLEERD: van 1 pakketten" in run.stdout
