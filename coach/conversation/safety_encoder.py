"""The bundled embedder with other values in it: vectors made to tell what triage has to tell apart.

`evals/fit_safety_encoder.py` finds the values in `safety_encoder.npz`; `coach.library.e5` runs them.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from coach.errors import ContentError
from coach.library.e5 import QueryEncoder, open_e5
from coach.library.e5_file import PACKAGE, open_image, read_layout

FILE = "safety_encoder.npz"
# Of a text, with its prefix.
TOKENS = 160

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Encoder:
    """An embedder for triage and what reads its vectors: a vector times `head` plus `intercepts`.

    `path` is the file it was read from and `changed` when that was written; the model is opened at the first text.
    """

    path: Path
    changed: int
    head: Numbers
    intercepts: Numbers

    def scores(self, text: str) -> Numbers:
        """Return how much `text` looks like each label; ContentError or LibraryError when it does not load."""
        vector = _open(self.path, self.changed).embed_query(text).astype(float)
        scores: Numbers = self.head @ vector + self.intercepts
        return scores


def load_encoder(folder: Path) -> Encoder:
    """Read `safety_encoder.npz` from `folder`; the model itself is opened at the first text.

    ContentError when it is damaged, or made for another bundled model.
    """
    path = folder / FILE
    try:
        with np.load(path, allow_pickle=False) as file:
            made_for = json.loads(str(file["told"]))["made_for"]
            head, intercepts = file["head"].astype(float), file["intercepts"].astype(float)
        changed = path.stat().st_mtime_ns
    except (OSError, ValueError, TypeError, KeyError, EOFError, BadZipFile) as error:
        raise ContentError(f"{FILE}: {' '.join(str(error).split())[:200]}; restore the file") from error
    if made_for != version(PACKAGE):
        raise ContentError(f"{FILE}: made for {PACKAGE} {made_for}, not {version(PACKAGE)}; install the one it is for")
    return Encoder(path, changed, head, intercepts)


@cache
def _open(path: Path, _changed: int) -> QueryEncoder:
    """Return the bundled model with the values of the file at `path` in it."""
    try:
        with np.load(path, allow_pickle=False) as file:
            changes = read_changes(file)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise ContentError(f"{FILE}: {' '.join(str(error).split())[:200]}; restore the file") from error
    return open_e5(changes, most=TOKENS)


def read_changes(file: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """Return the values of each tensor; in the file they stand one after another, plain and packed apart."""
    image = open_image()
    layout = read_layout(image)
    left = {False: file["floats"], True: file["scales"]}
    found = {}
    for name in json.loads(str(file["told"]))["tensors"]:
        packed = layout[name].packed
        size = len(layout[name].view(image))
        found[name], left[packed] = left[packed][:size], left[packed][size:]
    return found
