"""The workflow runs what the Makefile runs, and picks up what that writes."""

import yaml

from coach.config import content_root

ROOT = content_root()


def test_the_workflow_measures_on_every_pull_request_and_shows_the_table() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "evals.yml").read_text(encoding="utf-8"))
    # YAML 1.1 reads the key "on" as true.
    assert "pull_request" in workflow[True]
    steps = workflow["jobs"]["evals"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[0] == "make eval"
    assert "report.md" in commands[1] and "GITHUB_STEP_SUMMARY" in commands[1]
    assert any(step.get("with", {}).get("python-version") == "3.11" for step in steps)
    upload = next(step for step in steps if step.get("uses", "").startswith("actions/upload-artifact"))
    folder = upload["with"]["path"].rstrip("/")
    assert f"coach eval --out {folder}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(step.get("if") == "always()" for step in steps[steps.index(upload) - 1 :])
