"""What the pages and the interfaces are made of, handed to each of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from config import Config
from index.backend import Hit
from index.filters import Filter
from ingest.document import Document, Validity
from qa.answer import Answer, Progress
from qa.explain import Explanation
from qa.history import History
from qa.updates import UpdateState
from web.records.database import Database


class AssistantLike(Protocol):
    """What is needed of qa.Assistant."""

    @property
    def documents(self) -> tuple[Document, ...]: ...
    @property
    def index_build(self) -> str: ...
    def ask(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Answer: ...
    def stream(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Generator[Progress | Answer, None, None]: ...
    def explain(
        self,
        answer: Answer,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Explanation: ...
    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]: ...
    def document(self, document_id: str) -> Document: ...
    def validity(self, document_id: str, as_of: date | None = None) -> Validity: ...
    @property
    def chunk_count(self) -> int: ...


class Updates(Protocol):
    """What is needed of qa.live.LiveAssistant to change the corpus while it answers."""

    @property
    def state(self) -> UpdateState: ...
    def ask_for_update(self, *, anew: bool = False) -> int: ...


@dataclass(frozen=True)
class Services:
    """One server's parts; `mask` hides, at equal length, what the shown text of a document must not give away."""

    assistant: AssistantLike
    config: Config
    database: Database
    mask: Callable[[str], str] = field(default=str)
    updates: Updates | None = None  # None: the index stays as it is while this server runs
