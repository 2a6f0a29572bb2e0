"""Suite `privacy`: what identifies someone is masked, as typed, in small letters and in capitals, and nothing else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from coach.app import Coach
from coach.conversation.deidentify import SafeText, deidentify
from evals.cases import read_cases
from evals.deduce_peer import Ranges, find_with_deduce
from evals.metrics import CaseScores, Metric
from evals.privacy_cases import WAYS, Detail, Paragraph, PrivacyCase, unmarked
from evals.suite import Failure, SuiteResult, measure_all

_PER = 1_000


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure recall by detail (all of its letters masked), words masked wrongly, and whether labels stay the same.

    `recall.*` is over details, "p001.0" being the first of paragraph p001. `false_masks_per_1000.*` is over the words
    of clean paragraphs, `false_masks_beside.*` over the words beside details; a paragraph counts by its length.
    """
    paragraphs = [unmarked(case) for case in read_cases("privacy.jsonl", PrivacyCase, split=split)]
    scores: dict[str, CaseScores] = {}
    failures: list[Failure] = []
    for way, write in WAYS.items():
        texts = [paragraph.written(write) for paragraph in paragraphs]
        found = [deidentify(text) for text in texts]
        ranges = [tuple((span.start, span.end) for span in safe.spans) for safe in found]
        scores |= _score(paragraphs, texts, ranges, way=way)
        scores[f"stable_labels.{way}"] = _stability(paragraphs, texts, found)
        failures += _leaks(paragraphs, texts, ranges, way=way)
    return SuiteResult(
        name="privacy",
        split=split,
        n=len(paragraphs),
        metrics=measure_all(scores),
        failures=tuple(failures),
        scores=scores,
        baselines=_measure_deduce(coach.settings.deduce_python, paragraphs),
    )


def _measure_deduce(python: str, paragraphs: Sequence[Paragraph]) -> Mapping[str, tuple[Metric, ...]]:
    texts = {way: [paragraph.written(write) for paragraph in paragraphs] for way, write in WAYS.items()}
    found = find_with_deduce(python, [text for group in texts.values() for text in group])
    if found is None:
        return {"deduce ontbreekt": ()}
    scores: dict[str, CaseScores] = {}
    for number, (way, written) in enumerate(texts.items()):
        part = found[number * len(paragraphs) : (number + 1) * len(paragraphs)]
        scores |= _score(paragraphs, written, part, way=way)
    return {"deduce": measure_all(scores)}


def _score(
    paragraphs: Sequence[Paragraph], texts: Sequence[str], found: Sequence[Ranges], *, way: str
) -> dict[str, CaseScores]:
    hits: dict[str, dict[str, float]] = defaultdict(dict)
    wrong: dict[str, dict[str, list[bool]]] = defaultdict(dict)
    for paragraph, text, ranges in zip(paragraphs, texts, found, strict=True):
        for number, detail in enumerate(paragraph.details):
            masked = float(_is_masked(text, ranges, detail))
            hits[f"recall.{way}"][f"{paragraph.id}.{number}"] = masked
            hits[f"recall.{way}.{detail.type}"][f"{paragraph.id}.{number}"] = masked
        name = f"false_masks_{'beside' if paragraph.details else 'per_1000'}.{way}"
        words = paragraph.other_words()
        wrong[name][paragraph.id] = [
            any(first < end and start < last for first, last in ranges) for start, end in words
        ]
    return {**hits, **{name: _shares(groups) for name, groups in wrong.items()}}


def _shares(groups: Mapping[str, Sequence[bool]]) -> CaseScores:
    """Return scores by paragraph whose mean is the number per thousand words over all paragraphs together."""
    average = sum(len(group) for group in groups.values()) / len(groups)
    return {key: _PER * sum(group) / average for key, group in groups.items()}


def _is_masked(text: str, ranges: Ranges, detail: Detail) -> bool:
    return all(
        not text[place].isalnum() or any(start <= place < end for start, end in ranges)
        for place in range(detail.start, detail.end)
    )


def _stability(paragraphs: Sequence[Paragraph], texts: Sequence[str], found: Sequence[SafeText]) -> CaseScores:
    """Return, for paragraphs that name someone twice, the share of those people with one label."""
    scores = {}
    for paragraph, text, safe in zip(paragraphs, texts, found, strict=True):
        labels: dict[str, list[str]] = defaultdict(list)
        for detail in paragraph.details:
            if detail.type == "person":
                name = text[detail.start : detail.end].lower()
                labels[name] += [s.label for s in safe.spans if s.start < detail.end and detail.start < s.end]
        again = [given for given in labels.values() if len(given) > 1]
        if again:
            scores[paragraph.id] = sum(len(set(given)) == 1 for given in again) / len(again)
    return scores


def _leaks(
    paragraphs: Sequence[Paragraph], texts: Sequence[str], found: Sequence[Ranges], *, way: str
) -> Iterator[Failure]:
    for paragraph, text, ranges in zip(paragraphs, texts, found, strict=True):
        leaked = [d for d in paragraph.details if not _is_masked(text, ranges, d)]
        words = [(a, b) for a, b in paragraph.other_words() if any(s < b and a < e for s, e in ranges)]
        if leaked or words:
            yield Failure(
                id=f"{paragraph.id}.{way}",
                split=paragraph.split,
                asked=text,
                expected="gemaskeerd: " + ", ".join(f"{text[d.start : d.end]} ({d.type})" for d in leaked),
                found="ten onrechte: " + ", ".join(text[start:end] for start, end in words),
            )
