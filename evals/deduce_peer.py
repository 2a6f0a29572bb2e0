"""The open de-identifier for Dutch clinical text, deduce, on the same paragraphs.

Its dependencies do not go together with ours, so it lives in an environment of its own whose Python is named by
COACH_DEDUCE_PYTHON; there it runs as another process.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from coach.errors import CoachError

Ranges = tuple[tuple[int, int], ...]
_PROGRAM = """
import json, sys
from deduce import Deduce
model = Deduce()
for line in sys.stdin:
    found = model.deidentify(json.loads(line))
    print(json.dumps([[int(a.start_char), int(a.end_char)] for a in found.annotations]), flush=True)
"""


def find_with_deduce(python: str, texts: Sequence[str]) -> list[Ranges] | None:
    """Return what deduce would mask in each text; None, said aloud, when it is not installed."""
    if not python or not Path(python).is_file():
        sys.stderr.write(
            "LET OP: deduce is niet vergeleken. Zet het in een eigen omgeving (python -m venv X; X/bin/pip install "
            "deduce) en geef COACH_DEDUCE_PYTHON=X/bin/python.\n"
        )
        return None
    asked = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([python, "-c", _PROGRAM], input=asked, capture_output=True, text=True, check=False)  # noqa: S603 - a program the user names
    if done.returncode:
        raise CoachError(f"deduce ({python}) stopte met {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    return [tuple((start, end) for start, end in json.loads(line)) for line in done.stdout.splitlines()]
