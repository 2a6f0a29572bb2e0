"""One sentence of a language model between two exact quotations of an answer, behind the same guard."""

import time
from dataclasses import dataclass, replace

from coach.config import Settings, content_root
from coach.conversation.guard import link_violations
from coach.conversation.guard_words import GuardWords, load_guard_words
from coach.errors import ModelError
from coach.library.answer import Answer
from coach.model.chat import Model, open_model
from coach.model.prompt import Prompt, load_prompt


@dataclass(frozen=True)
class Linker:
    """A model with its prompt and the guard's word lists."""

    model: Model
    prompt: Prompt
    words: GuardWords
    seconds: float = 8.0

    def link(self, answer: Answer) -> Answer:
        """Return the answer with a sentence between its first two quotations, when there is one that passes.

        The quotations stay as they are. Never raises, and never takes longer than the limit.
        """
        if len(answer.quotes) < 2:
            return answer
        until = time.monotonic() + self.seconds
        first, second = (quote.text for quote in answer.quotes[:2])
        message = self.prompt.fill(data={"question": answer.q, "first": first, "second": second})
        for _ in range(2):
            try:
                text = self.model.write(message, seconds=until - time.monotonic())
            except ModelError:
                return answer
            broken = link_violations(text, given=(answer.q, first, second), words=self.words)
            if not broken:
                return replace(answer, link=" ".join(text.split()))
            message = message.again(text, "\n".join(self.words.file.explains[rule] for rule in broken))
        return answer


def open_linker(settings: Settings) -> Linker | None:
    """Return the linker of these settings, None when no model may link."""
    if not (settings.model and settings.model_links_answers):
        return None
    folder = content_root() / "prompts" / "phrasing"
    return Linker(
        model=open_model(settings),
        prompt=load_prompt(folder / "link.md"),
        words=load_guard_words(folder / "guard", language="nl"),
        seconds=settings.model_seconds,
    )
