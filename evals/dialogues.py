"""Suite `dialogues`: simulated students talk with the coach, and fill in the same steps as a questionnaire.

What is counted: every turn of the coach, the opening left out where a measure is about length or share; fixed safety
texts never. The student's words between “ ” are the coach's only in `coach_share…`; turned to "je" they stand outside
quotation marks, so the coach says them itself. `advice`, `verdict`, `siding`, `repeated_wording`, `repeated_mirrors`
and `long_turns` are the share of the dialogues in which that happens at least once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from coach.app import Coach
from evals import dialogues_measures as measures
from evals.dialogues_cases import read_dialogue_cases
from evals.dialogues_play import play
from evals.dialogues_script import Script, script_of
from evals.dialogues_talk import Talk
from evals.metrics import RESAMPLES, SEED, CaseScores, Metric
from evals.questionnaire import fill_in
from evals.suite import Failure, SuiteResult, measure_all

Measure = Callable[[Talk, Script], float | None]

MEASURES: Mapping[str, Measure] = {
    "one_question": measures.one_question,
    "open_questions": measures.open_questions,
    "reflections_per_question": measures.reflections_per_question,
    "reflections_per_answer": measures.reflections_per_answer,
    "mirror_faithful": measures.mirror_faithful,
    "advice": partial(measures.forbidden, kind="advice"),
    "verdict": partial(measures.forbidden, kind="verdict"),
    "siding": partial(measures.forbidden, kind="siding"),
    "other_brought_in": measures.other_brought_in,
    "repeated_wording": measures.repeated_wording,
    "repeated_mirrors": measures.repeated_mirrors,
    "coach_share_a_dialogue": measures.coach_share_a_dialogue,
    "coach_share_ordinary": measures.coach_share_ordinary,
    "coach_own_share": measures.coach_own_share,
    "long_turns": measures.long_turns,
    "words_a_turn": measures.words_a_turn,
    "words_a_sentence": measures.words_a_sentence,
    "lix": measures.lix,
    "exact_quotes": measures.exact_quotes,
    "theory_with_quote": measures.theory_with_quote,
    "step_coverage": measures.step_coverage,
    "answers_in_form": measures.answers_in_form,
    "own_insight_and_intention": measures.own_insight_and_intention,
    "stop_honoured": measures.stop_honoured,
    "asked_back_honoured": measures.asked_back_honoured,
    "nothing_lost": measures.nothing_lost,
}
# Below these a dialogue is listed among what went wrong; above zero for what must not be there.
_WHOLE = ("one_question", "mirror_faithful", "other_brought_in", "exact_quotes", "own_insight_and_intention")
_WHOLE_TOO = ("step_coverage", "stop_honoured", "asked_back_honoured", "nothing_lost", "theory_with_quote")
_NONE = ("advice", "verdict", "siding", "repeated_wording", "long_turns")
# Not between 0 and 1: reported, and not compared case by case.
_UNBOUNDED = ("reflections_per_question", "reflections_per_answer", "words_a_turn", "words_a_sentence", "lix")
# Of these less is better; of these neither more nor less is.
_SHARES = ("coach_share", "coach_share_a_dialogue", "coach_share_ordinary", "coach_own_share")
_LOW = (*_NONE, "repeated_mirrors", *_SHARES, "words_a_turn", "words_a_sentence", "lix")
_NEITHER_WAY = ("reflections_per_question", "reflections_per_answer")


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Hold every dialogue of the split with the coach and with the questionnaire, and measure both alike."""
    cases = read_dialogue_cases(split=split)
    script = script_of(coach.room)
    talks = play(coach, cases)
    pairs = zip(cases, talks, strict=True)
    forms = [fill_in(coach, case, protocol=talk.protocol) for case, talk in pairs]
    scores = score(talks, script)
    metrics = (*measure_all(scores), coach_share(talks, script))
    of_form = (*measure_all(score(forms, script)), coach_share(forms, script))
    wrong = [failure for talk in talks for failure in failures(talk, script)]
    return SuiteResult(
        name="dialogues",
        split=split,
        n=len(cases),
        metrics=(*metrics, turn_time(talks)),
        failures=(*wrong, beside_the_form(metrics, of_form)),
        scores={name: of for name, of in scores.items() if name not in _UNBOUNDED},
        baselines={"questionnaire": tuple(metric for metric in of_form if metric.n)},
    )


def score(talks: Sequence[Talk], script: Script) -> dict[str, CaseScores]:
    """Return the score of every dialogue under each measure that applies to it."""
    found = {name: {talk.id: measure(talk, script) for talk in talks} for name, measure in MEASURES.items()}
    return {name: {id_: value for id_, value in of.items() if value is not None} for name, of in found.items()}


def coach_share(talks: Sequence[Talk], script: Script) -> Metric:
    """Return the coach's part of all words that are said in the dialogues together, with its bootstrap interval.

    Dialogues of students who send only signs, one word or abuse are left out: nobody can be briefer than they are.
    """
    words = np.asarray([measures.shared_words(talk, script) for talk in talks if measures.writes(talk)] or [(0, 1)])
    draws = np.random.default_rng(SEED).integers(0, len(words), size=(RESAMPLES, len(words)))
    sums = words[draws].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums.sum(axis=1), [0.025, 0.975])
    share = words[:, 0].sum() / words.sum()
    return Metric("coach_share", round(float(share), 4), round(float(low), 4), round(float(high), 4), len(words))


def turn_time(talks: Sequence[Talk]) -> Metric:
    """Return the 95th percentile of the time of all turns in milliseconds, with its bootstrap interval."""
    times = np.asarray([turn.ms for talk in talks for turn in talk.answered] or [0.0])
    draws = np.random.default_rng(SEED).integers(0, len(times), size=(RESAMPLES, len(times)))
    low, high = np.quantile(np.quantile(times[draws], 0.95, axis=1), [0.025, 0.975])
    p95 = float(np.quantile(times, 0.95))
    return Metric("turn_ms_p95", round(p95, 1), round(float(low), 1), round(float(high), 1), len(times))


def beside_the_form(coach: Sequence[Metric], form: Sequence[Metric]) -> Failure:
    """Return, as a line of the report, where the coach does not beat the questionnaire."""
    others = {metric.name: metric.value for metric in form if metric.n}
    found: dict[str, list[str]] = {"slechter": [], "gelijk": []}
    for metric in coach:
        if metric.name in others and metric.name not in _NEITHER_WAY:
            better = (others[metric.name] - metric.value) * (1 if metric.name in _LOW else -1)
            if better <= 0:
                told = f"{metric.name} ({metric.value:.2f} tegen {others[metric.name]:.2f})"
                found["slechter" if better < 0 else "gelijk"].append(told)
    told = "; ".join(f"{name}: {', '.join(names) or 'niets'}" for name, names in found.items())
    asked = f"waar de coach de vragenlijst niet verslaat: {told}"
    return Failure("vragenlijst", "dev", asked, "beter dan de vragenlijst", told)


def failures(talk: Talk, script: Script) -> tuple[Failure, ...]:
    """Return what went wrong in one dialogue, one failure a measure, with the words in question."""
    wrong = []
    for name in (*_WHOLE, *_WHOLE_TOO, *_NONE):
        value = MEASURES[name](talk, script)
        if value is not None and (value > 0 if name in _NONE else value < 1):
            wrong.append(_failure(talk, script, name=name, value=value))
    return tuple(wrong)


def _failure(talk: Talk, script: Script, *, name: str, value: float) -> Failure:
    shown: Mapping[str, Callable[[], Sequence[str]]] = {
        "one_question": lambda: [t.coach for t in talk.turns if t.coach.count("?") != (1 if t.step else 0)],
        "mirror_faithful": lambda: measures.unfaithful(talk, script),
        "repeated_wording": lambda: list(measures.repeated(talk, script)),
        "long_turns": lambda: [
            t.coach for t in talk.answered if measures.count_words(t.coach) > measures.TURN_MAX_WORDS
        ],
        "step_coverage": lambda: sorted(talk.due - talk.covered),
        "own_insight_and_intention": lambda: [f"inzicht: {talk.insight}", f"voornemen: {talk.intention}"],
        "asked_back_honoured": lambda: [kind for kind, met in talk.moments if not met],
    }
    if name in ("advice", "verdict", "siding"):
        words: Sequence[str] = tuple(dict.fromkeys(measures.forbidden_phrases(talk, script, kind=name)))
    else:
        words = shown[name]() if name in shown else ()
    wanted = "0" if name in _NONE else "1"
    return Failure(f"{talk.id}.{name}", talk.split, f"{talk.id}: {name}", wanted, "\n".join((f"{value:.2f}", *words)))
