"""Read a YAML data file strictly: an error names the file and the place in it."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from coach.errors import ContentError


class Strict(BaseModel):
    """Base of all models of data files: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Return the file's content as `model`; raise `ContentError` "4g.yaml: steps[2].probes: …" otherwise."""
    text = read_text(path)
    try:
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: geen geldige YAML ({error})") from error
    try:
        return model.model_validate_json(_as_json(data, name=path.name))
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(f"{path.name}: {place(first['loc'])}: {first['msg']}") from error


def read_text(path: Path) -> str:
    """Return what stands in a text file of ours; raise `ContentError` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: kan niet worden gelezen ({error}); zet het bestand terug") from error


def place(location: tuple[int | str, ...]) -> str:
    """Write a pydantic location as a path in the file: `steps[2].probes.vaag`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.lstrip(".") or "(bestand)"


def _as_json(data: object, *, name: str) -> str:
    # Through JSON, so that strict mode takes a YAML list for a tuple but never "3" for 3.
    import json

    try:
        return json.dumps(data, default=str)
    except (TypeError, ValueError) as error:
        # A date as a key, or an alias that holds itself: YAML has them, JSON and the models do not.
        raise ContentError(f"{name}: (bestand): past niet in een gegevensbestand ({error})") from error
