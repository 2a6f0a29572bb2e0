"""After indexing: let the configured model propose keys for the passages that are new."""

from coach.config import Settings
from coach.library.generated import write_generated
from coach.library.guide import load_guide_content
from coach.library.index import open_index
from coach.model.chat import open_model

# Nobody waits for it as a student does, so it gets more time than a turn.
_TIMES_LONGER = 8


def propose_keys(settings: Settings) -> str:
    """Write keys for new full-text passages beside the index; return, in Dutch, what was done."""
    model, index = open_model(settings), open_index(settings)
    try:
        passages = index.passages()
        _, keys = load_guide_content({passage.id for passage in passages if passage.form == "digest"})
        covered, count = write_generated(
            settings.generated_keys,
            passages,
            model=model,
            seconds=_TIMES_LONGER * settings.model_seconds,
            known={key.text for key in keys},
        )
    finally:
        index.close()
        model.close()
    return f"het taalmodel stelde {count} zoekzinnen voor bij {covered} nieuwe passages; ze worden nooit getoond"
