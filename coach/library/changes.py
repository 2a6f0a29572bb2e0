"""What has to change in the index for it to hold what it should."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from coach.library.passage import Passage

Item = TypeVar("Item")


@dataclass(frozen=True)
class Changes:
    """What to embed, what to describe anew with the vector it has, and which ids to remove."""

    embed: tuple[Passage, ...]
    redescribe: tuple[Passage, ...]
    remove: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.embed or self.redescribe or self.remove)


def compare_passages(stored: Mapping[str, Passage], wanted: Sequence[Passage]) -> Changes:
    """Compare what is stored, by id, with what is wanted; only a passage with new words needs a new vector."""
    embed, redescribe = [], []
    for passage in wanted:
        old = stored.get(passage.id)
        if old is None or old.search_text != passage.search_text:
            embed.append(passage)
        elif old != passage:
            redescribe.append(passage)
    remove = tuple(sorted(set(stored) - {passage.id for passage in wanted}))
    return Changes(tuple(embed), tuple(redescribe), remove)


def batches(items: Sequence[Item], *, size: int) -> Iterator[Sequence[Item]]:
    """Yield the items in order, `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
