"""What a caller gives as history in, turns out: pairs (question, answer text), or messages with role and content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Turn = tuple[str, str]  # question, answer text
History = Sequence[Turn] | Sequence[Mapping[str, Any]]
ASKING, ANSWERING = "user", "assistant"
SILENT = ("system", "developer", "tool")  # messages of a chat that are no turn


def read_turns(history: History) -> list[Turn]:
    """Return the turns, oldest first; a question without an answer has "" for it.

    Raises ValueError, saying which entry is wrong and what is wanted.
    """
    if not isinstance(history, Sequence) or isinstance(history, str | bytes):
        raise ValueError(f"history: a list is wanted, found {type(history).__name__}; {WANTED}")
    messages = [isinstance(entry, Mapping) for entry in history]
    if any(messages) and not all(messages):
        raise ValueError(f"history: pairs and messages are mixed; {WANTED}")
    if all(messages):
        return _turns_of_messages([_message(entry, at) for at, entry in enumerate(history, start=1)])
    return [_pair(entry, at) for at, entry in enumerate(history, start=1)]


WANTED = 'give pairs ["question", "answer"], or messages {"role": "user" or "assistant", "content": "…"}.'


def _pair(entry: object, at: int) -> Turn:
    if isinstance(entry, str) or not isinstance(entry, Sequence) or len(entry) != 2:
        raise ValueError(f"history: entry {at} is {entry!r}; {WANTED}")
    question, answer = entry
    if not isinstance(question, str) or not isinstance(answer, str) or not question.strip():
        raise ValueError(
            f"history: entry {at} is {entry!r}; a question with words in it and an answer are wanted, both strings."
        )
    return question, answer


def _message(entry: Any, at: int) -> tuple[str, str]:
    role, content = entry.get("role"), entry.get("content")
    if role not in (ASKING, ANSWERING, *SILENT):
        raise ValueError(f"history: message {at} has the role {role!r}; {WANTED}")
    if not isinstance(content, str) or (role == ASKING and not content.strip()):
        raise ValueError(f"history: message {at} has the content {content!r}; a string with words is wanted.")
    return role, content


def _turns_of_messages(messages: Sequence[tuple[str, str]]) -> list[Turn]:
    """Return a turn for each question, with all that was answered before the next; a greeting before the first is none."""
    turns: list[Turn] = []
    for role, content in messages:
        if role == ASKING:
            turns.append((content, ""))
        elif role == ANSWERING and turns:
            question, answer = turns[-1]
            turns[-1] = (question, f"{answer}\n{content}".strip())
    return turns
