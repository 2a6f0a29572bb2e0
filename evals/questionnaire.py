"""The baseline: the same steps as a fixed questionnaire: the first wording of each, no mirror, no probe, no answer."""

from coach.app import Coach
from coach.conversation.protocol import Protocol, Step
from coach.conversation.state import START
from evals.dialogues_cases import DialogueCase, Student
from evals.dialogues_play import answers_in_form
from evals.dialogues_talk import Ended, Spoken, Talk


def fill_in(coach: Coach, case: DialogueCase, *, protocol: str) -> Talk:
    """Let a simulated student fill in the form of a protocol; at the start the first question is what happened.

    Nobody asks a form what it means, so of what is said in between only "stop" counts: the student puts it away.
    """
    student = Student(case)
    form = None if protocol == START else coach.protocol(protocol)
    steps = _steps(form, case)
    asked = [(START, coach.room.speeches["nl"].intake.opening[0])] if case.protocol == START else []
    asked += [(step.id, step.questions[0]) for step in steps]
    turns = [Spoken(None, asked[0][1], asked[0][0], opening=True)]
    answers: list[tuple[str, str]] = []
    ended: Ended = "self"
    for number, (step, _) in enumerate(asked, 1):
        moment = student.moment(message=number, step=step)
        if moment and moment.kind == "stop":
            turns.append(Spoken(moment.say, "", ""))
            ended = "stop"
            break
        text = student.answer(step)
        answers.append((step, text))
        following = asked[number] if number < len(asked) else ("", "")
        turns.append(Spoken(text, following[1], following[0]))
    written = dict(answers)
    return Talk(
        id=case.id,
        split=case.split,
        conflict=case.conflict,
        protocol=protocol,
        turns=tuple(turns),
        ended=ended,
        due=frozenset(step.id for step in steps),
        covered=frozenset(written),
        brought=any(step.brings_other and step.id in written for step in steps),
        closes=bool(steps),
        insight=written.get("inzicht", ""),
        intention=written.get("voornemen", ""),
        in_form=answers_in_form(coach, steps, answers),
        moments=_moments(case, ended=ended),
    )


def _steps(form: Protocol | None, case: DialogueCase) -> tuple[Step, ...]:
    """Return the steps of the form: all of the route; what an offer would open is asked of everyone."""
    return tuple(step for step in form.route(case.length) if step.kind != "offer") if form else ()


def _moments(case: DialogueCase, *, ended: Ended) -> tuple[tuple[str, bool], ...]:
    """Return what the form does with what is said in between: it can be put away, and answers nothing."""
    heard = [moment.kind for moment in case.moments if moment.kind != "stop" or ended == "stop"]
    return tuple((kind, kind in ("stop", "skip", "unknown", "other")) for kind in heard)
