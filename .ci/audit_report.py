"""Print what pip-audit found; exit 1 when something is not in the list of what is known and judged."""

import json
import sys
from pathlib import Path


def main(found: Path, known: Path) -> int:
    """Compare a JSON report of pip-audit with the known ids, one a line, the reason after a "#"."""
    accepted = {line.split("#")[0].strip() for line in known.read_text(encoding="utf-8").splitlines()} - {""}
    packages = json.loads(found.read_text(encoding="utf-8"))["dependencies"]
    news = []
    for package in packages:
        for vulnerability in package.get("vulns", []):
            names = {vulnerability["id"], *vulnerability.get("aliases", [])}
            if not names & accepted:
                fixed = ", ".join(vulnerability.get("fix_versions", [])) or "nog geen"
                news.append(f"{package['name']} {package['version']}: {vulnerability['id']}, hersteld in {fixed}")
    unread = sum("skip_reason" in package for package in packages)
    sys.stdout.write("".join(f"KWETSBAAR {line}\n" for line in news))
    sys.stdout.write(
        f"{len(packages) - unread} pakketten nagekeken, {len(news)} nieuwe meldingen, {len(accepted)} bekende\n"
    )
    if unread:
        # A mirror of the registry may have the packages and not what is known of them.
        sys.stdout.write(f"### NIET GECONTROLEERD: van {unread} pakketten gaf het register geen gegevens ###\n")
    return 1 if news else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
