"""An assistant that follows its corpus: files added, changed or removed while it runs answer, or no longer answer, soon."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Sequence
from datetime import date
from pathlib import Path

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
from qa.updates import Updater, UpdateState

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
        self._updater = Updater(config_path)
        self._asked: bool | None = None  # whether anew; None: nobody asked
        self._asking = threading.Lock()
        self._wake = threading.Event()
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
    def state(self) -> UpdateState:
        """How far the update of the index is, or how the last one ended."""
        return self._updater.state

    def ask_for_update(self, *, anew: bool = False) -> int:
        """Have the index updated now, all of it `anew` if so asked; return the number of that update (see `state`)."""
        with self._asking:
            self._asked = anew or bool(self._asked)
            number = self._updater.asked()
        self._wake.set()
        return number

    @property
    def chunk_count(self) -> int:
        """As Assistant.chunk_count."""
        return self._current.chunk_count

    def reopen(self) -> bool:
        """Open the index that another process has put in place since; say whether there was one."""
        build = current_build(self._folder)
        if build == self._build:
            if self.state.step == "opening":
                self._updater.tell("ready")
            return False
        before, self._build = self._build, build  # one that cannot be opened is tried once
        try:
            index = open_index(self.config)
        except ServerUnreachable as error:
            self._build = before  # it may answer at the next look
            self._say(f"the new index cannot be opened now, the old one goes on answering: {error}")
            self._updater.settled("failed", message=str(error))
            return False
        except (IndexUnusable, EncoderError) as error:
            log.error("the new index cannot be opened, the old one goes on answering: %s", error)
            self._updater.settled("failed", message=str(error))
            return False
        except OSError:
            self._build = before
            raise
        index.encoder = self._current.index.encoder  # it is loaded
        self._current = Assistant(index, self.config)
        if self.state.step in ("opening", "failed"):
            self._updater.tell("ready")
        return True

    def update(self) -> bool:
        """Update the index in a process of its own when the corpus has changed and is at rest, or when that was asked
        for; say whether it did."""
        with self._asking:
            asked, self._asked = self._asked, None
            if asked is not None:
                self._updater.tell("asked")
        try:
            looked = look_at_corpus(self.config)
            held = read_manifest(self._folder).corpus
        except (CorpusError, IndexUnusable) as error:
            self._say(f"the corpus cannot be followed: {error}")
            self._updater.settled("failed", message=str(error))
            return False
        at_rest, self._looked = looked == self._looked, looked
        if looked == held and not asked:
            self._updater.settled("ready")
            return False
        waits = not at_rest or (looked == self._tried and time.monotonic() < self._retry_at)
        if asked is None and waits:
            return False
        self._tried, self._retry_at = looked, time.monotonic() + RETRY_SECONDS
        went_well, said = self._updater.run(anew=bool(asked))
        if not went_well:
            self._updater.tell("failed", message=said)
            if not self._stop.is_set():  # else it was ended with this process
                self._say(
                    f"corpus changed, but updating the index failed; the old one answers, and it is tried again every "
                    f"{RETRY_SECONDS} seconds:\n{said}"
                )
            return False
        self._updater.tell("opening")
        log.warning("corpus changed, index updated:\n%s", said)
        return True

    def follow(self, seconds: float) -> None:
        """Look for changes every `seconds` (0: only when asked to), in a thread, until `close`."""
        self._thread = threading.Thread(target=self._follow, args=(seconds,), daemon=True, name="follow")
        self._thread.start()

    def close(self) -> None:
        """Stop looking; an update that runs is ended, and the index stays as it is."""
        self._stop.set()
        self._wake.set()
        self._updater.close()
        if self._thread:
            self._thread.join()

    def _follow(self, seconds: float) -> None:
        while True:
            self._wake.wait(seconds or None)
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                self.update()
                self.reopen()
            except Exception as error:  # a full disk, too little memory: said, and tried again
                log.exception("following the corpus failed")
                self._updater.settled("failed", message=str(error))

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
