"""Stand-ins of a few lines: two documents and an assistant that answers from them without an index."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from config import Config, WebConfig
from index.backend import Hit
from index.filters import Filter
from ingest.document import Document, Provision, Validity
from qa.answer import Answer, Citation, CitedValidity, ComparedSide, Progress
from qa.explain import Explanation, Judgement, Sign, Weighed
from qa.history import History
from web.records.database import open_database
from web.services import AssistantLike, Services

ARTICLE = (
    "第二条 常务会议一般每周召开1次，必要时随时召开。\n（一）讨论通过需提请审议的事项；\n（二）审议重要工作。"
)
RULES_TEXT = f"第一条 本规则自发布之日起施行。\n{ARTICLE}\n第三条 专题会议由区长召集。"
HOSTILE = "<script>window.hostile = true</script><img src=x onerror='window.hostile = true'>"


def provision(document_id: str, text: str, label: str, words: str) -> Provision:
    start = text.index(words)
    return Provision(
        provision_id=f"{document_id}#{label}", document_id=document_id, label=label, heading="",
        path=("第一章 会议制度",), text=words, start=start, end=start + len(words),
        source_start=start, source_end=start + len(words),
    )  # fmt: skip


def document(
    document_id: str, *, title: str = "甲区人民政府工作规则", text: str = RULES_TEXT, **changes
) -> Document:
    provisions = tuple(
        provision(document_id, text, line[:3], line) for line in text.split("\n") if line[0] == "第"
    )
    values = {
        "document_id": document_id, "doc_no": document_id, "title": title, "notice_title": "",
        "issuer": "甲区人民政府", "issued_on": date(2023, 2, 15), "effective_on": date(2023, 2, 15), "expires_on": None,
        "kind": "规则", "source": "rules.txt", "text": text, "provisions": provisions,
    }  # fmt: skip
    return Document(**{**values, **changes})


def citation(
    cited: Document, quote: str, *, marker: int = 1, label: str = "第二条", answering: str = "", **changes
) -> Citation:
    start = cited.text.index(quote)
    spans = ((quote.index(answering), quote.index(answering) + len(answering)),) if answering else ()
    values = {
        "marker": marker, "document_id": cited.document_id, "doc_no": cited.doc_no, "title": cited.title,
        "issuer": cited.issuer, "issued_on": "2023-02-15", "label": label,
        "path": ("第一章 会议制度",), "quote": quote, "source": cited.source, "start": start,
        "end": start + len(quote), "validity": CitedValidity("in_force"),
        "provision_id": f"{cited.document_id}#{label}", "highlights": spans,
    }  # fmt: skip
    return Citation(**{**values, **changes})


def explanation(question: str, **changes) -> Explanation:
    parts = {"dense": 0.5, "未知的一项": 1.25}
    values = {
        "question": question, "resolved": f"甲区{question}", "step": "from_evidence", "status": "answered",
        "query": {"intent": "number", "topic": "常务会议", "places": ["甲区", "乙区"], "years": [], "as_of": "2023-03-01"},
        "hits": (Weighed("《旧规则》", "第三条", HOSTILE, 0.75, {"dense": 0.5}, False),),
        "sentences": (Weighed("《新规则》", "第二条", "每周召开1次。", 1.5, parts, True),),
        "lead": {"dense": 0.25},
        "judgement": Judgement(True, 0.875, 0.25, None, (Sign("spread", 0.5, -1.125),)),
    }  # fmt: skip
    return Explanation(**{**values, **changes})


def services(assistant: AssistantLike, folder: Path, **web: Any) -> Services:
    """Return a server's parts over `assistant`, its records in `folder`, known by the name of Starlette's TestClient."""
    config = Config(root=folder, web=WebConfig(**{"public_host": "testserver", **web}))
    return Services(assistant, config, open_database(config.web.database, root=folder))


class FakeAssistant:
    """Answers every question with article two; a question with 坏 in it raises, one with 无 finds nothing, one with 比较 compares."""

    index_build = "build-20260101000000-fake"

    def __init__(self) -> None:
        self.documents: tuple[Document, ...] = (
            document("甲政发〔2023〕2号"),
            document("甲政发〔2018〕7号", title=f"旧规则{HOSTILE}", issuer=HOSTILE),
        )
        self.histories: list[list[Any]] = []
        self.explained: list[tuple[str, list[Any]]] = []
        self.closed: list[str] = []
        self.chunk_count = 6

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Answer:
        self.histories.append(list(history))
        if "坏" in question:
            raise RuntimeError("the assistant broke")
        if "无" in question:
            return Answer(question, "not_found", "库中没有依据。", notes=(f"相近：{HOSTILE}",))
        quote = "常务会议一般每周召开1次，必要时随时召开。"
        cited = tuple(
            citation(item, quote, marker=marker, answering="每周召开1次")
            for marker, item in enumerate(self.documents, start=1)
        )
        if "比较" in question:
            sides = tuple(
                ComparedSide(name, "每周召开1次。", marker) for marker, name in ((1, "甲"), (2, "乙"))
            )
            text = "\n".join(f"{side.name}：{side.text}〔{side.marker}〕" for side in sides)
            return Answer(question, "answered", text, cited, comparison=sides)
        return Answer(
            question, "answered", f"每周召开1次。〔1〕旧规则{HOSTILE}相同。〔2〕", cited, latency_ms=12.3
        )

    def explain(
        self,
        answer: Answer,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Explanation:
        self.explained.append((answer.question, list(history)))
        if "谜" in answer.question:
            raise RuntimeError("the assistant cannot explain itself")
        return explanation(answer.question)

    def stream(
        self,
        question: str,
        *,
        history: History = (),
        as_of: date | None = None,
        documents: Sequence[str] = (),
    ) -> Generator[Progress | Answer, None, None]:
        """Answer at once, but a question with 慢 in it never: it goes on until it is closed."""
        try:
            while "慢" in question:
                yield Progress(f"每周召开1次。〔1〕{HOSTILE}")
                time.sleep(0.1)
            yield self.ask(question, history=history, as_of=as_of)
        finally:
            self.closed.append(question)

    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]:
        return []

    def document(self, document_id: str) -> Document:
        return {item.document_id: item for item in self.documents}[document_id]

    def validity(self, document_id: str, as_of: date | None = None) -> Validity:
        if document_id == "甲政发〔2018〕7号":
            return Validity("repealed", "甲政发〔2023〕2号", date(2023, 2, 15))
        return Validity("in_force")
