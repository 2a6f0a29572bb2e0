"""What a group of transcripts has in common, in numbers: never of one student, never how well; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.records.transcript import Transcript


@dataclass(frozen=True)
class Passage:
    """A passage that came up beside the questions, and in how many conversations."""

    title: str
    place: str
    text: str
    language: str
    count: int


@dataclass(frozen=True)
class Sticking:
    """A step on which students were asked on or which they skipped, in how many conversations."""

    protocol: str
    step: str
    probed: int
    skipped: int


@dataclass(frozen=True)
class Overview:
    """The numbers of one group; themes and protocols most heard first."""

    total: int
    protocols: tuple[tuple[str, int], ...]
    # Every week from the first to the last, so that a quiet week is seen.
    weeks: tuple[str, ...]
    themes: tuple[tuple[str, int], ...]
    # Per theme, in the order of `themes`, the number in each week, and with each protocol.
    by_week: tuple[tuple[int, ...], ...]
    by_protocol: tuple[tuple[int, ...], ...]
    passages: tuple[Passage, ...]
    sticking: tuple[Sticking, ...]


_SHOWN_MAX = 8


def summarise(found: Sequence[tuple[str, Transcript]]) -> Overview:
    """Return the numbers of (week, transcript) pairs; everything counts conversations, not turns."""
    protocols = Counter(transcript.protocol_name for _, transcript in found)
    themes = Counter(name for _, transcript in found for _, name in transcript.themes)
    in_week = Counter((name, week) for week, transcript in found for _, name in transcript.themes)
    together = Counter((name, item.protocol_name) for _, item in found for _, name in item.themes)
    weeks = _weeks({week for week, _ in found})
    names, kinds = _ordered(themes), _ordered(protocols)
    return Overview(
        total=len(found),
        protocols=kinds,
        weeks=weeks,
        themes=names,
        by_week=tuple(tuple(in_week[name, week] for week in weeks) for name, _ in names),
        by_protocol=tuple(tuple(together[name, kind] for kind, _ in kinds) for name, _ in names),
        passages=_passages(transcript for _, transcript in found),
        sticking=_sticking(transcript for _, transcript in found),
    )


def _ordered(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _weeks(present: set[str]) -> tuple[str, ...]:
    if not present:
        return ()
    first, last = (date.fromisocalendar(int(week[:4]), int(week[6:]), 1) for week in (min(present), max(present)))
    days = (first + timedelta(weeks=count) for count in range((last - first).days // 7 + 1))
    return tuple(f"{day.isocalendar().year}-W{day.isocalendar().week:02d}" for day in days)


def _passages(transcripts: Iterable[Transcript]) -> tuple[Passage, ...]:
    counts: Counter[str] = Counter()
    quotes = {}
    for transcript in transcripts:
        shown = {quote.passage_id: quote for turn in transcript.turns for quote in turn.quotes}
        counts.update(shown.keys())
        quotes.update(shown)
    return tuple(
        Passage(
            title=quotes[name].title,
            place=" · ".join(
                part for part in (quotes[name].section, f"p. {quotes[name].page}" if quotes[name].page else "") if part
            ),
            text=quotes[name].text,
            language=quotes[name].language,
            count=count,
        )
        for name, count in _ordered(counts)[:_SHOWN_MAX]
    )


def _sticking(transcripts: Iterable[Transcript]) -> tuple[Sticking, ...]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for item in transcripts:
        counts.update({(item.protocol_name, turn.stuck, turn.stuck_move) for turn in item.turns if turn.stuck})
    places = sorted(
        {(protocol, step) for protocol, step, _ in counts},
        key=lambda place: (-counts[*place, "probe"] - counts[*place, "skip"], place),
    )
    found = (Sticking(*place, probed=counts[*place, "probe"], skipped=counts[*place, "skip"]) for place in places)
    return tuple(found)[:_SHOWN_MAX]
