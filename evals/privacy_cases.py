"""Paragraphs with their identifying details marked, and how such a paragraph is written without care for capitals.

    python -m evals.privacy_cases DEV_FILE TEST_FILE

puts paragraphs of an outside author into cases/privacy.jsonl, those of the second file unread as the test split.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evals.cases import CASES, EvalCase

_MARKED = re.compile(r"\[\[([a-z_]+)\|([^\]]*)\]\]")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


class PrivacyCase(EvalCase):
    """A paragraph in which `[[type|text]]` marks what identifies someone; one without marks is clean."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Detail:
    """One identifying detail and its offsets in the unmarked paragraph."""

    start: int
    end: int
    type: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph without its marks."""

    id: str
    split: str
    text: str
    details: tuple[Detail, ...]

    def other_words(self) -> tuple[tuple[int, int], ...]:
        """Return where the words stand that are no part of a detail."""
        words = (match.span() for match in _WORD.finditer(self.text))
        return tuple(
            (start, end)
            for start, end in words
            if not any(detail.start < end and start < detail.end for detail in self.details)
        )

    def written(self, way: Callable[[str], str]) -> str:
        """Return the paragraph in another case, letter by letter, so that offsets stay."""
        changed = (way(letter) for letter in self.text)
        return "".join(new if len(new) == 1 else old for new, old in zip(changed, self.text, strict=True))


WAYS: Mapping[str, Callable[[str], str]] = {"typed": str, "lower": str.lower, "upper": str.upper}


def unmarked(case: PrivacyCase) -> Paragraph:
    """Return a case as text and details."""
    text, details, position = "", [], 0
    for match in _MARKED.finditer(case.text):
        text += case.text[position : match.start()]
        details.append(Detail(len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        position = match.end()
    return Paragraph(case.id, case.split, text + case.text[position:], tuple(details))


def main() -> None:
    """Write the case file; lines of our own (note "eigen") stay."""
    path = CASES / "privacy.jsonl"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if json.loads(line).get("note") == "eigen"]
    lines = []
    for split, name in zip(("dev", "test"), sys.argv[1:3], strict=True):
        for line in Path(name).read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            lines.append({"id": case["id"], "split": split, "text": case["text"], "note": case.get("note", "")})
    written = [json.dumps(line, ensure_ascii=False) for line in lines] + kept
    path.write_text("\n".join(written) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
