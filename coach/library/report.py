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

    def lines(self) -> tuple[str, ...]:
        """Return what a person wants to read: the counts, the full texts, and every refused file with the reason."""
        full = [f"  {s.key}: {s.pages} pagina's, {s.passages} passages" for s in self.sources if s.form == "full text"]
        refused = [f"  GEWEIGERD {refusal.path}: {refusal.why}" for refusal in self.refused]
        counts = f"{self.passages} passages ({self.added} nieuw, {self.removed} weg, {self.unchanged} gebleven)"
        return (f"{counts} in {self.seconds} s", *full, *refused)
