"""A chat model with a queue of replies, for tests: it stands in LangChain's place and everything else is real."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import PrivateAttr

from coach.app import Coach
from coach.config import Settings, content_root
from coach.conversation.phrasing import open_phraser
from coach.conversation.room import Room
from coach.model.calls import Calls
from coach.model.chat import Model

Reply = str | Exception | Callable[[str], str]


class QueueChat(BaseChatModel):
    """Gives the next reply of its queue (the last one again and again); keeps what it was sent."""

    wait_seconds: float = 0.0
    _replies: list[Reply] = PrivateAttr(default_factory=list)
    _sent: list[str] = PrivateAttr(default_factory=list)
    _cancelled: list[bool] = PrivateAttr(default_factory=list)

    @classmethod
    def of(cls, *replies: Reply, wait_seconds: float = 0.0) -> "QueueChat":
        """Return a model with these replies: texts, errors to raise, or functions of what was sent."""
        chat = cls(wait_seconds=wait_seconds)
        chat._replies = list(replies)
        return chat

    @property
    def sent(self) -> list[str]:
        """All that was sent, one text a call."""
        return self._sent

    @property
    def cancelled(self) -> list[bool]:
        """One entry for every call that was broken off."""
        return self._cancelled

    @property
    def _llm_type(self) -> str:
        return "queue"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,  # noqa: ANN401  (LangChain's signature)
    ) -> ChatResult:
        sent = "\n".join(str(message.content) for message in messages)
        self._sent.append(sent)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        text = reply(sent) if callable(reply) else reply
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **_: Any,  # noqa: ANN401  (LangChain's signature)
    ) -> ChatResult:
        try:
            await asyncio.sleep(self.wait_seconds)
        except asyncio.CancelledError:
            self._cancelled.append(True)
            raise
        return self._generate(messages)

    def with_structured_output(self, schema: Any, **_: Any) -> Runnable[Any, Any]:  # type: ignore[override]  # noqa: ANN401
        """Read the next reply as JSON, as a provider with a JSON schema would."""

        def parse(answer: Any) -> dict[str, Any]:  # noqa: ANN401  (a message)
            try:
                return {"raw": answer, "parsed": json.loads(answer.content), "parsing_error": None}
            except json.JSONDecodeError as error:
                return {"raw": answer, "parsed": None, "parsing_error": error}

        return self | RunnableLambda(parse)


def room_with(room: Room, chat: QueueChat, *, calls: Calls | None = None, **settings: Any) -> Room:  # noqa: ANN401
    """Return the room with this chat model behind the guard."""
    model = Model(chat, name="openai:proef", calls=calls or Calls())
    prompts = content_root() / "prompts"
    phraser = open_phraser(model, room, prompts=prompts, settings=Settings(model="openai:proef", **settings))
    return replace(room, phraser=phraser)


def coach_with(coach: Coach, chat: QueueChat, **settings: Any) -> Coach:  # noqa: ANN401
    """Return the coach with this chat model behind the guard."""
    return Coach(coach.settings, room=room_with(coach.room, chat, **settings), library=coach.library, store=coach.store)


def asked_of(sent: str) -> str:
    """Return the question that the script would ask, from what was sent."""
    lines = [line for line in sent.split("\n") if line.startswith(("DE VRAAG: ", "THE QUESTION: "))]
    return lines[-1].split(": ", 1)[1]


def told_of(sent: str) -> str:
    """Return what the student wrote last, from what was sent."""
    after = sent.rsplit("Nu schrijft de student:", 1)[-1].rsplit("Now the student writes:", 1)[-1]
    return after.split("\n", 2)[2].split("\n")[0] if "<<<" in after else ""
