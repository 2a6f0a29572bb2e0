"""The same dialogues with a language model behind the guard, beside the scripted run and the questionnaire."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coach.app import Coach, with_model
from coach.conversation.room import Phrasing
from evals import dialogues
from evals.dialogues_cases import read_dialogue_cases
from evals.dialogues_play import play
from evals.dialogues_script import script_of
from evals.dialogues_talk import Talk
from evals.judge import judge_talks
from evals.metrics import Metric, measure
from evals.suite import Failure, SuiteResult, measure_all


@dataclass(frozen=True)
class Models:
    """The model that words the turns, and the one that judges them; "" for none."""

    words: str = ""
    judges: str = ""


def beside_the_model(coach: Coach, result: SuiteResult, models: Models) -> SuiteResult:
    """Return the result of the dialogues with those of the model beside them; nothing of it can fail a run."""
    cases, script = read_dialogue_cases(split=result.split), script_of(coach.room)
    with worded(coach, models.words) as with_words:
        talks = play(with_words, cases)
    of_model = (*measure_all(dialogues.score(talks, script)), dialogues.turn_time(talks))
    records = asked(talks)
    metrics = (*result.metrics, *guard_metrics(records))
    failures = (*result.failures, broken_rules(records))
    if models.judges:
        judged, told = judge_talks(coach, talks, model=models.judges)
        metrics, failures = (*metrics, *judged), (*failures, *told)
    baselines = {**result.baselines, f"taalmodel {models.words}": tuple(metric for metric in of_model if metric.n)}
    return replace(result, metrics=metrics, failures=failures, baselines=baselines)


@contextmanager
def worded(coach: Coach, model: str) -> Iterator[Coach]:
    """Give the coach with this model behind the guard, whatever is configured otherwise."""
    if not model:
        yield coach
        return
    settings = coach.settings.model_copy(update={"model": model})
    room = with_model(replace(coach.room, phraser=None), settings)
    try:
        yield Coach(settings, room=room, library=coach.library, store=coach.store)
    finally:
        if room.phraser:
            room.phraser.model.close()


def asked(talks: Sequence[Talk]) -> tuple[Phrasing, ...]:
    """Return what happened in every turn for which the model was asked."""
    return tuple(turn.phrasing for talk in talks for turn in talk.turns if turn.phrasing.model)


def guard_metrics(records: Sequence[Phrasing]) -> tuple[Metric, ...]:
    """Return how often the model's turn, its question alone, or the script was shown, and how long that took."""
    times = np.array([record.ms for record in records] or [0.0])
    shares = {
        "model_accepted": [float(record.by == "model" and record.part == "turn") for record in records],
        "model_question_only": [float(record.by == "model" and record.part == "question") for record in records],
        "model_scripted": [float(record.by == "script") for record in records],
        "model_retried": [float(bool(record.violations)) for record in records],
        "model_failed": [float(bool(record.failed)) for record in records],
    }
    latency = tuple(_percentile(times, part, n=len(records)) for part in (0.5, 0.95))
    return (*(measure(name, values) for name, values in shares.items() if values), *latency)


def _percentile(times: NDArray[np.float64], part: float, *, n: int) -> Metric:
    value = round(float(np.quantile(times, part)), 1)
    return Metric(f"model_ms_p{round(100 * part)}", value, value, value, n)


def broken_rules(records: Sequence[Phrasing]) -> Failure:
    """Return, as a line of the report, how often each rule refused a reply."""
    rules = Counter(rule for record in records for reply in record.violations for rule in reply.split("+"))
    told = ", ".join(f"{rule} {count}" for rule, count in rules.most_common()) or "geen"
    accepted = sum(record.by == "model" and record.part == "turn" for record in records)
    replies = sum(len(record.violations) for record in records) + accepted
    return Failure(
        "taalmodel.regels", "dev", f"{replies} antwoorden van het taalmodel, geweigerd om: {told}", "geen", told
    )
