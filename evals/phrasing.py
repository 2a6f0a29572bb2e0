"""Suite `phrasing`: replies of a language model, written by hand, held against the guard."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal

from coach.app import Coach
from coach.config import content_root
from coach.conversation.checks import Checks
from coach.conversation.guard import asks_as_script, question_alone, violations
from coach.conversation.guard_words import GuardWords
from coach.conversation.phrasing import label_of, load_guards, wordings_of
from coach.conversation.reply import Brief
from coach.conversation.room import Room
from coach.conversation.state import Language, State
from coach.conversation.wording import mirrored, say_mirror
from evals.cases import EvalCase, read_cases
from evals.suite import Failure, SuiteResult, measure_all


class Scene(EvalCase):
    """Where in a conversation a reply would stand: what the student told, and the question of the script."""

    language: Language
    protocol: str
    step: str
    issue: str | None
    told: str
    before: tuple[str, ...]
    asked: tuple[str, ...]
    question: str


class PhrasingCase(EvalCase):
    """One reply, and the rule it breaks (none: it may be shown)."""

    scene: str
    rule: Literal[
        "one_question", "open_question", "language", "too_long", "advice", "verdict", "praise", "diagnosis", "grade",
        "siding", "invented", "contact", "markup", "emoji", "meta", "repeats", "off_move", "malformed",
    ] | None  # fmt: skip
    reply: str


def run(coach: Coach, *, split: str) -> SuiteResult:
    """Measure how many bad replies are refused, for the right reason, and how many good ones pass.

    `good_asked` counts those as well of which only the question is asked, behind the script's mirror.
    """
    found = judged(coach.room, split=split)
    alone = asked_alone(coach.room, found, split=split)
    rejected = {case.id: float(bool(broken)) for case, broken in found if case.rule}
    named = {case.id: float(case.rule in broken) for case, broken in found if case.rule}
    passed = {case.id: float(not broken) for case, broken in found if not case.rule}
    asked = {name: float(whole or name in alone) for name, whole in passed.items()}
    scores = {"bad_rejected": rejected, "right_rule": named, "good_passed": passed, "good_asked": asked}
    wrong = [
        Failure(case.id, case.split, case.reply, case.rule or "geen", ", ".join(broken) or "geen")
        for case, broken in found
        if (case.rule is None) == bool(broken) or (case.rule and case.rule not in broken)
    ]
    return SuiteResult(
        name="phrasing", split=split, n=len(found), metrics=measure_all(scores), failures=tuple(wrong), scores=scores
    )


def judged(room: Room, *, split: str) -> tuple[tuple[PhrasingCase, tuple[str, ...]], ...]:
    """Return every case with the rules it was found to break."""
    scenes = {scene.id: scene for scene in read_cases("phrasing_scenes.jsonl", Scene, split=split)}
    guards = load_guards(room, folder=content_root() / "prompts" / "phrasing" / "guard")
    return tuple(
        (case, _broken(case, scenes[case.scene], room=room, guards=guards))
        for case in read_cases("phrasing.jsonl", PhrasingCase, split=split)
    )


def weighings(room: Room) -> tuple[Callable[[], object], ...]:
    """Return, for every dev case, what the guard does with a reply before a student sees it, to time it."""
    scenes = {scene.id: scene for scene in read_cases("phrasing_scenes.jsonl", Scene, split="dev")}
    guards = load_guards(room, folder=content_root() / "prompts" / "phrasing" / "guard")
    briefs = {name: brief_of(scene, room) for name, scene in scenes.items()}

    def weigh(case: PhrasingCase) -> object:
        brief = briefs[case.scene]
        words, labels = guards[brief.language], partial(label_of, room.checks)
        broken = violations(case.reply, brief, words=words, label_of=labels)
        return broken and question_alone(case.reply, brief, broken=broken, words=words, label_of=labels)

    return tuple(partial(weigh, case) for case in read_cases("phrasing.jsonl", PhrasingCase, split="dev"))


def asked_alone(room: Room, found: Sequence[tuple[PhrasingCase, tuple[str, ...]]], *, split: str) -> Mapping[str, str]:
    """Return, by case, the question of a refused reply that is asked all the same, behind the script's mirror.

    That is the reply's own where it may be shown, and the script's where the reply asks just that.
    """
    scenes = {scene.id: scene for scene in read_cases("phrasing_scenes.jsonl", Scene, split=split)}
    guards = load_guards(room, folder=content_root() / "prompts" / "phrasing" / "guard")
    shown = {}
    for case, broken in found:
        brief = brief_of(scenes[case.scene], room)
        words = guards[brief.language]
        alone = broken and question_alone(
            case.reply, brief, broken=broken, words=words, label_of=lambda text: label_of(room.checks, text)
        )
        shown[case.id] = alone or (broken and asks_as_script(case.reply, brief, words=words))
    return {name: text for name, text in shown.items() if text}


def brief_of(scene: Scene, room: Room) -> Brief:
    """Return the brief that the coach would have given."""
    step = room.speeches[scene.language].protocols[scene.protocol].step(scene.step)
    state = State(protocol=scene.protocol, length="kort", seed=0, language=scene.language, turns=1)
    piece = mirrored(room, state, scene.told)
    return Brief(
        language=scene.language,
        step=scene.step,
        said=(*scene.before, scene.told),
        question=scene.question,
        lead=say_mirror(room.speech(state).texts, piece, state=state)[0] if piece else "",
        wordings=wordings_of(step),
        asked=scene.asked,
    )


def _broken(case: PhrasingCase, scene: Scene, *, room: Room, guards: Mapping[Language, GuardWords]) -> tuple[str, ...]:
    checks: Checks = room.checks
    return violations(
        case.reply, brief_of(scene, room), words=guards[scene.language], label_of=lambda text: label_of(checks, text)
    )
