"""Tune the bundled embedder for triage: writes prompts/safety_encoder.npz, and the graph that goes with it.

    python -m evals.fit_safety_encoder

Learns from the sentences of `evals.fit_safety` but those that are held, and says how it does on these. Takes about an
hour on one core; run `python -m evals.fit_safety` after it. Only biases, norms and scales of blocks learn (some 700 000
numbers); a linear layer on the vector gives the label.
"""

import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from coach.conversation.safety_encoder import FILE, GRAPH
from coach.conversation.safety_model import LABELS, ends
from coach.library.e5_file import PACKAGE, Image, open_image, read_layout, read_vocabulary
from coach.library.e5_tuned import WIDTH, tokenize
from evals.encoder_graph import build_graph
from evals.encoder_torch import TorchEncoder, pad
from evals.fit_safety import PROMPTS, Labelled, read_labelled

EPOCHS, BATCH = 8, 32
RATE, HEAD_RATE = 1e-3, 5e-3
DROP = 0.1
# Makes a vector of unit length large enough for a linear layer.
SIZE = 12.0
# So many batches are cut from sentences sorted by length, to pad little.
_SORTED = 20


def main() -> int:
    """Tune, write the values and print what held sentences are taken for."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    labelled = read_labelled()
    image = open_image()
    vocabulary = read_vocabulary(image)
    tokens = [tokenize(vocabulary, ends(one.text)) for one in labelled]
    encoder, head = TorchEncoder(image), nn.Linear(WIDTH, len(LABELS))
    nn.init.zeros_(head.weight)
    labels = torch.tensor([LABELS.index(one.label) for one in labelled])
    inside = [number for number, one in enumerate(labelled) if not one.held]
    _learn(encoder, head, tokens=tokens, labels=labels, inside=inside)
    write_encoder(PROMPTS, image, encoder, head, [labelled[number] for number in inside])
    outside = [number for number, one in enumerate(labelled) if one.held]
    with torch.no_grad():
        found = torch.cat([label_scores(encoder.eval(), head, [tokens[number]]) for number in outside]).argmax(1)
    for label, name in enumerate(LABELS):
        of = [int(one) for one, number in zip(found, outside, strict=True) if labels[number] == label]
        sys.stdout.write(f"{name:<20} {np.bincount(of, minlength=len(LABELS)).tolist()}\n")
    return 0


def label_scores(encoder: TorchEncoder, head: nn.Linear, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return how much each text looks like each label, with the gradient that goes with it."""
    vectors = SIZE * encoder(*pad(tokens), DROP)
    found: torch.Tensor = head(functional.dropout(vectors, DROP, encoder.training))
    return found


def _learn(
    encoder: TorchEncoder, head: nn.Linear, *, tokens: list[list[int]], labels: torch.Tensor, inside: list[int]
) -> None:
    counts = torch.bincount(labels[inside], minlength=len(LABELS)).float()
    # Half way to every label counting for as much.
    weights = (counts.mean() / counts).sqrt()
    groups = [{"params": list(encoder.parameters()), "lr": RATE}, {"params": list(head.parameters()), "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * len(list(_batches(inside, tokens, random.Random(0))))  # noqa: S311 - an order, no secret
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [RATE, HEAD_RATE], total_steps=steps + 1, pct_start=0.06, anneal_strategy="linear"
    )
    start = time.monotonic()
    for epoch in range(EPOCHS):
        encoder.train()
        losses = []
        for batch in _batches(inside, tokens, random.Random(epoch)):  # noqa: S311 - an order, no secret
            scores = label_scores(encoder, head, [tokens[number] for number in batch])
            loss = functional.cross_entropy(scores, labels[batch], weight=weights, label_smoothing=0.05)
            optimizer.zero_grad()
            torch.autograd.backward([loss])
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        sys.stdout.write(f"{epoch + 1} of {EPOCHS}: loss {np.mean(losses):.3f}, {time.monotonic() - start:.0f} s\n")
        sys.stdout.flush()


def _batches(numbers: Sequence[int], tokens: Sequence[Sequence[int]], order: random.Random) -> Iterator[list[int]]:
    mixed = order.sample(numbers, len(numbers))
    size = BATCH * _SORTED
    cut = []
    for begin in range(0, len(mixed), size):
        part = sorted(mixed[begin : begin + size], key=lambda number: len(tokens[number]))
        cut += [part[first : first + BATCH] for first in range(0, len(part), BATCH)]
    order.shuffle(cut)
    yield from cut


def write_encoder(
    folder: Path, image: Image, encoder: TorchEncoder, head: nn.Linear, learnt_from: Sequence[Labelled]
) -> None:
    """Write what `encoder` learnt beside the bundled `image`, for `coach.conversation.safety_encoder`."""
    layout, graph = read_layout(image), build_graph()
    (folder / GRAPH).write_bytes(graph)
    changes = encoder.changes()
    parts: dict[bool, list[NDArray[Any]]] = {False: [], True: []}
    for name, values in changes.items():
        parts[layout[name].packed].append(values)
    told = {
        "made_for": version(PACKAGE),
        "graph": hashlib.sha256(graph).hexdigest(),
        "tensors": list(changes),
        "sentences": len(learnt_from),
        "digest": hashlib.sha256("\n".join(one.text for one in learnt_from).encode()).hexdigest()[:16],
    }
    np.savez_compressed(
        folder / FILE,
        told=np.array(json.dumps(told)),
        floats=np.concatenate(parts[False]).astype(np.float16),
        scales=np.concatenate(parts[True]).astype(np.float16),
        head=(SIZE * head.weight.detach().numpy()).astype(np.float32),
        intercepts=head.bias.detach().numpy().astype(np.float32),
    )


if __name__ == "__main__":
    sys.exit(main())
