"""Tune the bundled embedder for triage: writes prompts/safety_encoder.npz.

    python -m evals.fit_safety_encoder [--anew | --latest N | --mean FILE]

Learns from the sentences of `evals.fit_safety` but those that are held, and says how it does on these. Goes on from the
values that are there, or with --anew from the bundled model, which takes more rounds; a round takes twenty minutes on
two cores, and every round is written. With --latest it learns one round from the N last lines of
evals/safety_train.txt, beside twice as many others so that it keeps what it knew. With --mean it learns nothing: every
value becomes the mean of the one that is there and that of FILE, the same encoder before it learnt the latest, which
says less about what only the latest say ("Model soups", Wortsman et al. 2022). Run `python -m evals.fit_safety` after
it. Only biases, norms and scales of blocks learn (some 700 000 numbers); a linear layer on the vector gives the
label.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from coach.conversation.safety_encoder import FILE, TOKENS, read_changes
from coach.conversation.safety_model import LABELS, load_signals
from coach.library.e5 import WIDTH, tokenize
from coach.library.e5_file import PACKAGE, Image, open_image, read_layout, read_vocabulary
from evals.encoder_torch import TorchEncoder, pad
from evals.fit_safety import PROMPTS, SENTENCES, fit, read_labelled

BATCH = 32
EPOCHS, EPOCHS_ANEW = 3, 8
RATE, RATE_ANEW = 4e-4, 1e-3
# The linear layer learns so many times as fast.
HEAD_FASTER = 5
DROP = 0.1
# So many texts get something harmless before or after them: what is serious stays that among ordinary sentences.
BESIDE = 0.2
# Makes a vector of unit length large enough for a linear layer.
SIZE = 12.0
# So many batches are cut from sentences sorted by length, to pad little.
_SORTED = 20
# Of two texts together; and the tokens before the text itself, which only the first keeps.
_BESIDE_MOST = 110
_PREFIX = 4


def main() -> int:
    """Tune, write the values and print what held sentences are taken for."""
    torch.manual_seed(1)
    if "--mean" in sys.argv[1:]:
        take_mean(PROMPTS / FILE, Path(sys.argv[sys.argv.index("--mean") + 1]))
        return 0
    anew = "--anew" in sys.argv[1:]
    labelled = read_labelled()
    image = open_image()
    vocabulary = read_vocabulary(image)
    linear = fit([one for one in labelled if not one.held], signals=load_signals(PROMPTS))
    tokens = [tokenize(vocabulary, linear.telling(one.text), most=TOKENS) for one in labelled]
    encoder, head = TorchEncoder(image), nn.Linear(WIDTH, len(LABELS))
    if anew:
        nn.init.zeros_(head.weight)
    else:
        _go_on_from(PROMPTS / FILE, encoder, head)
    labels = torch.tensor([LABELS.index(one.label) for one in labelled])
    inside = [number for number, one in enumerate(labelled) if not one.held]
    if texts := _latest():
        new = [number for number in inside if labelled[number].text in texts]
        others = [number for number in inside if labelled[number].text not in texts]
        inside = new + random.Random(1).sample(others, min(len(others), 2 * len(new)))  # noqa: S311 - an order, no secret
    for _ in _learn(encoder, head, texts=Texts(tokens, labels, inside), anew=anew):
        # Every round is kept: it takes long, and the last may not be reached.
        write_encoder(PROMPTS, image, encoder, head)
    outside = [number for number, one in enumerate(labelled) if one.held]
    with torch.no_grad():
        found = torch.cat([label_scores(encoder.eval(), head, [tokens[number]]) for number in outside]).argmax(1)
    for label, name in enumerate(LABELS):
        of = [int(one) for one, number in zip(found, outside, strict=True) if labels[number] == label]
        sys.stdout.write(f"{name:<20} {np.bincount(of, minlength=len(LABELS)).tolist()}\n")
    return 0


def _latest() -> frozenset[str]:
    """Return the sentences of the last lines that --latest names; none without it."""
    if "--latest" not in sys.argv[1:]:
        return frozenset()
    number = int(sys.argv[sys.argv.index("--latest") + 1])
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()[-number:]
    return frozenset(line.split(": ", 1)[1] for line in lines if ": " in line and not line.startswith("#"))


@dataclass(frozen=True)
class Texts:
    """All texts as tokens with their labels; `inside` are the numbers of those to learn from."""

    tokens: list[list[int]]
    labels: torch.Tensor
    inside: list[int]

    def batches(self, order: random.Random) -> Iterator[tuple[list[list[int]], torch.Tensor]]:
        """Yield every text once, those of about one length together."""
        mixed = order.sample(self.inside, len(self.inside))
        size = BATCH * _SORTED
        cut = []
        for begin in range(0, len(mixed), size):
            part = sorted(mixed[begin : begin + size], key=lambda number: len(self.tokens[number]))
            cut += [part[first : first + BATCH] for first in range(0, len(part), BATCH)]
        order.shuffle(cut)
        harmless = [number for number in self.inside if self.labels[number] == 0]
        for batch in cut:
            yield [self._beside(number, harmless, order) for number in batch], self.labels[batch]

    def _beside(self, number: int, harmless: list[int], order: random.Random) -> list[int]:
        """Return the tokens of a text, now and then with a harmless text before or after them."""
        own = self.tokens[number]
        if order.random() > BESIDE:
            return own
        first, second = order.sample([own, self.tokens[order.choice(harmless)]], 2)
        return own if len(first) + len(second) > _BESIDE_MOST else first[:-1] + second[_PREFIX:]


def take_mean(path: Path, other: Path) -> None:
    """Write the mean of two encoders that were tuned from one another, in the place of the first."""
    with np.load(path, allow_pickle=False) as one, np.load(other, allow_pickle=False) as two:
        if str(one["told"]) != str(two["told"]):
            raise SystemExit(f"{other.name}: made for another model or other tensors than {path.name}")
        values = {name: one[name] for name in one.files}
        for name in ("floats", "scales", "head", "intercepts"):
            mean = (one[name].astype(np.float32) + two[name].astype(np.float32)) / 2
            values[name] = mean.astype(one[name].dtype)
    np.savez_compressed(path, **values)


def _go_on_from(path: Path, encoder: TorchEncoder, head: nn.Linear) -> None:
    with np.load(path, allow_pickle=False) as file:
        encoder.start_from(read_changes(file))
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(file["head"] / SIZE))
            head.bias.copy_(torch.from_numpy(file["intercepts"]))


def label_scores(encoder: TorchEncoder, head: nn.Linear, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return how much each text looks like each label, with the gradient that goes with it."""
    vectors = SIZE * encoder(*pad(tokens), DROP)
    found: torch.Tensor = head(functional.dropout(vectors, DROP, encoder.training))
    return found


def _learn(encoder: TorchEncoder, head: nn.Linear, *, texts: Texts, anew: bool) -> Iterator[None]:
    counts = torch.bincount(texts.labels[texts.inside], minlength=len(LABELS)).float()
    # Half way to every label counting for as much.
    weights = (counts.mean() / counts).sqrt()
    epochs, rate = (EPOCHS_ANEW, RATE_ANEW) if anew else (EPOCHS, RATE)
    epochs = 1 if _latest() else epochs
    rates = [rate, HEAD_FASTER * rate]
    groups = [{"params": list(encoder.parameters())}, {"params": list(head.parameters())}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * len(list(texts.batches(random.Random(0))))  # noqa: S311 - an order, no secret
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps + 1, pct_start=0.06, anneal_strategy="linear"
    )
    start = time.monotonic()
    for epoch in range(epochs):
        encoder.train()
        losses = []
        for batch, labels in texts.batches(random.Random(epoch)):  # noqa: S311 - an order, no secret
            scores = label_scores(encoder, head, batch)
            loss = functional.cross_entropy(scores, labels, weight=weights, label_smoothing=0.05)
            optimizer.zero_grad()
            torch.autograd.backward([loss])
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        sys.stdout.write(f"{epoch + 1} of {epochs}: loss {np.mean(losses):.3f}, {time.monotonic() - start:.0f} s\n")
        sys.stdout.flush()
        yield


def write_encoder(folder: Path, image: Image, encoder: TorchEncoder, head: nn.Linear) -> None:
    """Write what `encoder` learnt beside the bundled `image`, for `coach.conversation.safety_encoder`."""
    layout = read_layout(image)
    changes = encoder.changes()
    parts: dict[bool, list[NDArray[Any]]] = {False: [], True: []}
    for name, values in changes.items():
        parts[layout[name].packed].append(values)
    told = {"made_for": version(PACKAGE), "tensors": list(changes)}
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
