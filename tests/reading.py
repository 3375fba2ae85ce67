"""Short cuts for tests of reading: a text in, its documents out; the corpus of the repository, read once."""

from __future__ import annotations

import gc
import time
from functools import cache

from config import PROJECT_ROOT
from ingest.corpus import Corpus, read_corpus
from ingest.document import Document, Provision
from ingest.readers.source import SourceText
from ingest.structure import ReadFile, read_documents

RULES_2019 = "北京市平谷区人民政府工作规则@2019-10-09"  # document_ids of the corpus
RULES_2023 = "京平政发〔2023〕2号"


def read(text: str) -> ReadFile:
    return read_documents(SourceText("file.txt", text, "utf-8"))


def read_one(text: str) -> Document:
    (document,) = read(text).documents
    return document


def labels(document: Document) -> list[str]:
    return [provision.label for provision in document.provisions]


def texts(document: Document) -> dict[str, str]:
    """Return each label's first text."""
    return {provision.label: provision.text for provision in reversed(document.provisions)}


def wrap(text: str, width: int = 28) -> str:
    """Return `text` with every paragraph cut into lines of `width` characters, as a PDF gives it."""
    lines = [part[i : i + width] for part in text.split("\n") for i in range(0, max(len(part), 1), width)]
    return "\n".join(lines)


@cache
def corpus() -> Corpus:
    return read_corpus(PROJECT_ROOT / "corpus")


def documents() -> dict[str, Document]:
    return {document.document_id: document for document in corpus().documents}


def provision(document_id: str, label: str, nth: int = 1) -> Provision:
    found = [item for item in documents()[document_id].provisions if item.label == label]
    return found[nth - 1]


def seconds_to_read(text: str) -> float:
    """Return the processor time of one reading; the garbage of the tests before it is none of its business."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        read(text)
        return time.process_time() - start
    finally:
        gc.enable()
