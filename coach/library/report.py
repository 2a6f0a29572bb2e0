"""What building the index did, as people and programs read it."""

from dataclasses import asdict, dataclass
from typing import Any

from coach.library.collect import Refusal, SourceReport


@dataclass(frozen=True)
class IndexReport:
    """Counts of passages, the embedder's fingerprint, the seconds it took, the sources and the refused files."""

    passages: int
    added: int
    removed: int
    unchanged: int
    embedder: str
    seconds: float
    sources: tuple[SourceReport, ...]
    refused: tuple[Refusal, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `coach index --json` prints."""
        return {
            **asdict(self),
            "sources": [asdict(s) for s in self.sources],
            "refused": [asdict(r) for r in self.refused],
        }
