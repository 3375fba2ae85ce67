"""A question and the conversation it belongs to in, its turn out: pending, growing, answered and kept."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from qa.answer import Progress
from web.chat.conversation import Said, Turn, history_of
from web.records.conversations import Conversations, NoConversation
from web.records.feedback import FeedbackBook
from web.services import AssistantLike
from web.texts import Texts

log = logging.getLogger(__name__)


def question_refusal(question: str, texts: Texts, *, limit: int) -> str:
    """Return why the page does not send this question, "" when it does."""
    if not question:
        return texts.empty_question
    if len(question) > limit:
        return texts.too_long.format(limit=limit, length=len(question))
    return ""


def answered_turns(
    assistant: AssistantLike, pending: Turn, turns: Sequence[Turn]
) -> Generator[Turn, None, None]:
    """Yield the pending turn as it grows, changed or not, and last as answered; on any failure, logged, as failed."""
    try:
        with closing(assistant.stream(pending.question, history=history_of(turns))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield replace(pending, so_far=item.text)
                else:
                    yield replace(pending, answer=item)
    except Exception:  # the page outlives whatever one question does to it
        log.exception("No answer to %r", pending.question)
        yield replace(pending, failed=True)


class Archive:
    """The turns of a person's conversations, as the page shows them."""

    def __init__(self, conversations: Conversations, feedback: FeedbackBook) -> None:
        self.conversations, self.feedback = conversations, feedback

    def turns(self, owner: str, conversation_id: str) -> list[Turn]:
        """Return the turns of a conversation with what this person said of them. Raises NoConversation."""
        kept = self.conversations.opened(owner, conversation_id).turns
        given = self.feedback.given(owner, [turn.turn_id for turn in kept])
        said = {turn_id: Said(item.verdict, item.word) for turn_id, item in given.items()}
        return [
            Turn(
                turn.number, turn.question, turn.answer, failed=turn.answer_json is None, turn_id=turn.turn_id,
                said=said.get(turn.turn_id),
            )
            for turn in kept
        ]  # fmt: skip

    def kept(self, owner: str, conversation_id: str, turn: Turn, *, replaces: int | None) -> tuple[str, Turn]:
        """Keep an answered or failed turn, in place of those from number `replaces` on, None: behind the last one.

        Return the conversation that now holds it, a new one where there was none.
        """
        try:
            return conversation_id, self._put(owner, conversation_id, turn, replaces)
        except NoConversation:  # the first question, or the conversation was deleted in another window
            made = self.conversations.start(owner, turn.question)
            return made, self._put(owner, made, turn, None)

    def _put(self, owner: str, conversation_id: str, turn: Turn, number: int | None) -> Turn:
        turn_id, number = self.conversations.keep(
            owner, conversation_id, number=number, question=turn.question, answer=turn.answer
        )
        return replace(turn, turn_id=turn_id, number=number)
