"""A small protocol and its checks, for tests of what walks through a protocol."""

from pathlib import Path
from typing import Any

from coach.conversation.checks import Checks, load_checks
from coach.conversation.protocol import Protocol
from coach.conversation.state import State

# A check "vorm" that calls each answer with "vaag" or "kort" in it vague or short, and five things to hear.
CHECKS = """
corrected_signals: [vaag]
signals: {vaag: vaag, kort: kort, bang: bang, niet_bang: niet bang, macht: baas, verwijt: mijn schuld, plan: morgen}
checks:
  vorm: {rules: [{any: [vaag], say: vaag}, {any: [kort], say: kort}], otherwise: ok}
  gedrag: {rules: [{any: [vaag], say: oordeel}], otherwise: ok}
heard:
  bang_wel: {any: [bang], none: [niet_bang]}
  bang_niet: {any: [niet_bang]}
  machtsverschil: {any: [macht]}
  zelfverwijt: {any: [verwijt]}
  plan_met_moment: {any: [plan]}
contrasts: [[bang_wel, bang_niet]]
"""


def small_checks(folder: Path) -> Checks:
    """Write the small checks into `folder` and load them."""
    (folder / "general.yaml").write_text(CHECKS, encoding="utf-8")
    return load_checks(folder)


def step(id_: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  (data as in a file)
    """Return a step as data; every wording of it names the step."""
    data: dict[str, Any] = {
        "id": id_,
        "name": id_.capitalize(),
        "why": f"Waarom {id_}.",
        "means": f"Wat {id_} is.",
        "questions": tuple(f"{id_}: vraag {number}?" for number in range(5)),
        "smaller": tuple(f"{id_}: kleiner {number}?" for number in range(3)),
        "about": id_,
        "label": f"Mijn {id_}",
    }
    if "check" in changes:
        changes.setdefault(
            "probes", {issue: tuple(f"{id_}: {issue} {n}?" for n in range(3)) for issue in ("vaag", "kort")}
        )
    return {**data, **changes}


def protocol_data(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401  (data as in a file)
    """Return a protocol as data; both routes take all the steps unless changed."""
    ids = tuple(one["id"] for one in steps)
    data: dict[str, Any] = {
        "id": "proef",
        "version": 1,
        "name": "Proef",
        "fits": "Past bij een proef.",
        "purpose": "Doel.",
        "opening": "Begin.",
        "grounded_in": "digest:grond",
        "exercise": "digest:oefening",
        "proposal": {"reasons": ("Reden een.", "Reden twee.", "Reden drie.")},
        "minutes": {"kort": 5, "lang": 12},
        "routes": {"kort": ids, "lang": ids},
        "steps": steps,
        "product": {"title": "Mijn zinnen", "lead": "Kijk of het klopt."},
    }
    return {**data, **changes}


def protocol(*steps: dict[str, Any], **changes: Any) -> Protocol:  # noqa: ANN401  (data as in a file)
    """Return the protocol that `protocol_data` describes."""
    return Protocol.model_validate(protocol_data(*steps, **changes))


# A fact with a check, a feeling that may be told early, the other, and the intention that is taken as told.
SMALL = protocol(
    step("feit", check="vorm"),
    step("gevoel", heard="bang_wel"),
    step("ander", kind="closing", brings_other=True),
    step("voornemen", kind="closing", heard="plan_met_moment", heard_then="keep"),
)


def begun(**changes: Any) -> State:  # noqa: ANN401  (fields of the state)
    """Return a state of the small protocol before its first question."""
    return State(**{"protocol": "proef", "length": "kort", "seed": 1, **changes})
