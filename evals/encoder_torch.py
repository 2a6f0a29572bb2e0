"""The bundled embedder as a torch module, to tune it: biases, norms and the scales of its blocks can learn.

The same numbers as `coach.library.e5` runs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from coach.library.e5 import WIDTH
from coach.library.e5_file import BLOCK, Image, Tensor, read_layout, unpack

LAYERS, HEADS = 12, 12
EPSILON = 1e-12
PAD = 1


class TorchEncoder(nn.Module):
    """multilingual-e5-small with the weights of the bundled file; `changes` says what was learnt."""

    word_table: torch.Tensor
    pos_table: torch.Tensor
    type_table: torch.Tensor

    def __init__(self, image: Image) -> None:
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

    def start_from(self, changes: Mapping[str, NDArray[Any]]) -> None:
        """Take what was learnt before, in the form of `changes`."""
        with torch.no_grad():
            for name, values in changes.items():
                learnt = self.learnt[_key(name)]
                learnt.copy_(torch.from_numpy(values.astype(np.float32)).view(learnt.shape))

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


def pad(tokens: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return texts as a table of tokens, filled up with PAD, and where there are any."""
    width = max(len(one) for one in tokens)
    ids = torch.tensor([[*one, *[PAD] * (width - len(one))] for one in tokens])
    there = torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in tokens])
    return ids, there


def _key(name: str) -> str:
    return name.replace(".", "_")


def _values(tensor: Tensor, image: Image) -> torch.Tensor:
    stored = tensor.view(image)
    return torch.from_numpy(unpack(stored).ravel() if tensor.packed else stored.astype(np.float32))
