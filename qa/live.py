"""An assistant that follows its corpus: files added, changed or removed while it runs answer, or no longer answer, soon."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from datetime import date
from pathlib import Path

from config import PROJECT_ROOT
from index.backend import Hit, ServerUnreachable
from index.build import look_at_corpus, open_index
from index.encoder import EncoderError
from index.filters import Filter
from index.store import IndexUnusable, current_build, read_manifest
from ingest.corpus import CorpusError
from ingest.document import Document, Validity
from qa.answer import Answer, Progress
from qa.assistant import Assistant
from qa.explain import Explanation
from qa.history import History

log = logging.getLogger(__name__)

RETRY_SECONDS = 60


class LiveAssistant:
    """Answers from the newest index of its config's folder; while one is being built or opened, from the one before."""

    def __init__(self, assistant: Assistant, config_path: Path | None = None) -> None:
        self._current, self.config, self.config_path = assistant, assistant.config, config_path
        self._build = self._build_of(assistant)
        self._tried: str | None = None  # fingerprint of the corpus of the last update
        self._looked: str | None = None
        self._retry_at = 0.0
        self._said = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def documents(self) -> tuple[Document, ...]:
        return self._current.documents

    @property
    def index_build(self) -> str:
        """As Assistant.index_build."""
        return self._current.index_build

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
        id: str = "",
    ) -> Answer:
        """As Assistant.ask."""
        return self._current.ask(question, history=history, as_of=as_of, documents=documents, id=id)

    def explain(
        self,
        answer: Answer,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Explanation:
        """As Assistant.explain."""
        return self._current.explain(answer, history=history, as_of=as_of, documents=documents)

    def stream(
        self, question: str, *, history: History = (), as_of: date | None = None, documents: Sequence[str] = (),
        id: str = "",
    ) -> Generator[Progress | Answer, None, None]:  # fmt: skip
        """As Assistant.stream."""
        return self._current.stream(question, history=history, as_of=as_of, documents=documents, id=id)

    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]:
        """As Assistant.search."""
        return self._current.search(question, k, filter)

    def document(self, document_id: str) -> Document:
        """As Assistant.document."""
        return self._current.document(document_id)

    def validity(self, document_id: str, as_of: date | None = None) -> Validity:
        """As Assistant.validity."""
        return self._current.validity(document_id, as_of)

    @property
    def chunk_count(self) -> int:
        """As Assistant.chunk_count."""
        return self._current.chunk_count

    def reopen(self) -> bool:
        """Open the index that another process has put in place since; say whether there was one."""
        build = current_build(self._folder)
        if build == self._build:
            return False
        before, self._build = self._build, build  # one that cannot be opened is tried once
        try:
            index = open_index(self.config)
        except ServerUnreachable as error:
            self._build = before  # it may answer at the next look
            self._say(f"the new index cannot be opened now, the old one goes on answering: {error}")
            return False
        except (IndexUnusable, EncoderError) as error:
            log.error("the new index cannot be opened, the old one goes on answering: %s", error)
            return False
        index.encoder = self._current.index.encoder  # it is loaded
        self._current = Assistant(index, self.config)
        return True

    def update(self) -> bool:
        """Update the index in a process of its own when the corpus has changed and is at rest; say whether it did."""
        try:
            looked = look_at_corpus(self.config)
            held = read_manifest(self._folder).corpus
        except (CorpusError, IndexUnusable) as error:
            self._say(f"the corpus cannot be followed: {error}")
            return False
        at_rest, self._looked = looked == self._looked, looked
        if looked == held or not at_rest or (looked == self._tried and time.monotonic() < self._retry_at):
            return False
        self._tried, self._retry_at = looked, time.monotonic() + RETRY_SECONDS
        command = [sys.executable, "-m", "index", "build"]
        command += ["--config", str(self.config_path.resolve())] if self.config_path else []
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            self._say(
                f"corpus changed, but updating the index failed; the old one answers, and it is tried again every "
                f"{RETRY_SECONDS} seconds:\n{done.stderr.strip()}"
            )
            return False
        log.warning("corpus changed, index updated:\n%s", done.stderr.strip())
        return True

    def follow(self, seconds: float) -> None:
        """Look for changes every `seconds`, in a thread, until `close`."""
        self._thread = threading.Thread(target=self._follow, args=(seconds,), daemon=True, name="follow")
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _follow(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            try:
                self.update()
                self.reopen()
            except OSError:  # a folder that is gone for a moment, a disk that is full: said, and tried again
                log.exception("following the corpus failed")

    def _say(self, trouble: str) -> None:
        """Log a trouble once, not at every look."""
        if trouble != self._said:
            log.error("%s", trouble)
        self._said = trouble

    def _build_of(self, assistant: Assistant) -> str | None:
        """Return the name of the build that answers; None when another was put in place since it was opened."""
        build = current_build(self._folder)
        try:
            same = read_manifest(self._folder) == assistant.index.manifest
        except IndexUnusable:
            return None
        return build if same else None

    @property
    def _folder(self) -> Path:
        return self.config.resolve(self.config.index.path)
