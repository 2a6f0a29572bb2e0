"""An optional judge: a language model that answers Dutch rubrics on turns; it is reported and never blocks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from coach.app import Coach
from coach.config import content_root
from coach.errors import ModelError
from coach.model.chat import Model, open_model
from coach.model.prompt import Prompt, load_prompt
from evals.cases import EvalCase, read_cases
from evals.dialogues_talk import Talk
from evals.metrics import Metric, measure
from evals.suite import Failure

Answer = Literal["ja", "nee", "weigert"]
RUBRICS = ("partij", "trouw", "aansluiting")
REPEATS = 3
# A judge that is a large model is slow; so many turns, spread over the dialogues, say enough.
TURNS_MAX = 40
_SECONDS = 60.0
_SCHEMA = {
    "title": "antwoord",
    "type": "object",
    "properties": {"antwoord": {"type": "string", "enum": ["ja", "nee", "weet niet"]}},
    "required": ["antwoord"],
    "additionalProperties": False,
}


class JudgeCase(EvalCase):
    """One turn with the answer to each rubric by hand."""

    told: str
    said: str
    partij: Literal["ja", "nee"]
    trouw: Literal["ja", "nee"]
    aansluiting: Literal["ja", "nee"]


class Judge:
    """Answers each rubric three times and takes the majority."""

    def __init__(self, model: Model, prompts: Mapping[str, Prompt]) -> None:
        self._model = model
        self._prompts = prompts

    def answer(self, rubric: str, *, told: str, said: str) -> Answer:
        """Return ja or nee when most answers say so, else "weigert": no answer, no JSON, "weet niet", or divided."""
        counted = Counter(self._once(rubric, told=told, said=said) for _ in range(REPEATS))
        most, count = counted.most_common(1)[0]
        return most if 2 * count > REPEATS else "weigert"

    def _once(self, rubric: str, *, told: str, said: str) -> Answer:
        message = self._prompts[rubric].fill(data={"told": told, "said": said})
        try:
            found = self._model.fill_in(message, schema=_SCHEMA, seconds=_SECONDS).get("antwoord")
        except ModelError:
            return "weigert"
        return "ja" if found == "ja" else "nee" if found == "nee" else "weigert"


def load_rubrics() -> dict[str, Prompt]:
    """Return the rubrics; a `ContentError` names what is wrong with a file."""
    folder = content_root() / "prompts" / "judge"
    return {name: load_prompt(folder / f"{name}.md") for name in RUBRICS}


def judge_talks(coach: Coach, talks: Sequence[Talk], *, model: str) -> tuple[tuple[Metric, ...], tuple[Failure, ...]]:
    """Return what the judge makes of the turns, and how far it agrees with the answers by hand."""
    opened = open_model(coach.settings.model_copy(update={"model": model}))
    try:
        judge = Judge(opened, load_rubrics())
        agreement, told = agree(judge, read_cases("judge.jsonl", JudgeCase))
        return (*agreement, *_on_turns(judge, talks)), (told,)
    finally:
        opened.close()


def agree(judge: Judge, cases: Sequence[JudgeCase]) -> tuple[tuple[Metric, ...], Failure]:
    """Return for each rubric how often the judge says what was said by hand, its kappa, and its refusals."""
    metrics, lines = [], []
    for rubric in RUBRICS:
        pairs = [(getattr(case, rubric), judge.answer(rubric, told=case.told, said=case.said)) for case in cases]
        same = [float(by_hand == judged) for by_hand, judged in pairs]
        refused = [float(judged == "weigert") for _, judged in pairs]
        metrics += [measure(f"judge_{rubric}_agrees", same), measure(f"judge_{rubric}_refuses", refused)]
        lines.append(f"{rubric}: kappa {kappa(pairs):.2f}")
    told = "; ".join(lines)
    return tuple(metrics), Failure(
        "rechter.kappa", "dev", f"de rechter naast {len(cases)} labels: {told}", "1.00", told
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of pairs of answers; a refusal is a class of its own. Always the same answer: 0."""
    if not pairs:
        return 0.0
    observed = sum(one == other for one, other in pairs) / len(pairs)
    first, second = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    expected = sum(first[name] * second[name] for name in first) / len(pairs) ** 2
    return (observed - expected) / (1 - expected) if expected < 1 else 0.0


def _on_turns(judge: Judge, talks: Sequence[Talk]) -> tuple[Metric, ...]:
    turns = [turn for talk in talks for turn in talk.answered if turn.step and turn.student]
    chosen = turns[:: max(1, len(turns) // TURNS_MAX)][:TURNS_MAX]
    found = []
    for rubric in RUBRICS:
        answers = [judge.answer(rubric, told=turn.student or "", said=turn.coach) for turn in chosen]
        found.append(measure(f"judged_{rubric}", [float(answer == "ja") for answer in answers if answer != "weigert"]))
        found.append(measure(f"judged_{rubric}_refused", [float(answer == "weigert") for answer in answers]))
    return tuple(metric for metric in found if metric.n)
