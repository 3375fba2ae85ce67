"""The words that the corpus itself defines, and where: footnotes, “…”是指…, “十大…”：…, “两库一单”(…)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.lexical import normalise
from ingest.document import Document

PATTERNS = (
    re.compile(r"^〔注：([^〕]{1,30})〕"),
    re.compile(r"^〔注〕([^：:，。]{1,30}?)即?[：:]"),
    re.compile(r"(?:^|。)“([^”]{2,20})”[：:]"),
    re.compile(r"“([^”]{2,20})”[（(][^）)]{6,}[）)]"),
    re.compile(r"(?:^|。|所称|所指)的?“?([\u4e00-\u9fff]{2,12}?)”?，?(?:是指|是介于|系指)"),
    re.compile(r"(?:^|。|；)\s*(?:[（(]?\d{1,2}[.．、）)]\s*)?([\u4e00-\u9fff]{2,12})[：:]是?指"),
    re.compile(r"中的“([^”]{1,12})”，以"),
    re.compile(
        r"(?:^|[，。（(、])([\u4e00-\u9fff]{2,8})[（(]([\u4e00-\u9fff]{2,10}、){1,6}[\u4e00-\u9fff]{2,10}[）)]"
    ),
)


@dataclass(frozen=True)
class Definition:
    """Where a term is defined: the span of the sentence in the document's text."""

    term: str
    document_id: str
    start: int
    end: int


class DefinedTerms:
    """All defined terms of a corpus."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._by_term: dict[str, list[Definition]] = {}
        for document in documents:
            for definition in _definitions(document):
                self._by_term.setdefault(normalise(definition.term), []).append(definition)

    def named_in(self, text: str) -> list[Definition]:
        """Return the definitions of the longest defined term that `text` names (of every term of that length)."""
        squashed = re.sub(r"[\s“”\"'‘’「」『』]", "", text)
        named = [term for term in self._by_term if len(term) >= 2 and re.sub(r"[“”\s]", "", term) in squashed]
        longest = max((len(term) for term in named), default=0)
        return [definition for term in named if len(term) == longest for definition in self._by_term[term]]


def _definitions(document: Document) -> Iterable[Definition]:
    for line in re.finditer(r"[^\n]+", document.text):
        for pattern in PATTERNS:
            for match in pattern.finditer(line[0]):
                start = (
                    line.start()
                    if line[0].startswith("〔注")
                    else line.start() + _sentence_start(line[0], match.start(1))
                )
                stop = document.text.find("。", line.start() + match.end(), line.end())
                end = line.end() if stop < 0 or line[0].startswith("〔注") else stop + 1
                term = re.sub(r"^.*(?:所称|所指)的?", "", match[1])  # 本办法所称大户是指…
                yield Definition(term.strip("“”"), document.document_id, start, end)


def _sentence_start(line: str, position: int) -> int:
    return line.rfind("。", 0, position) + 1
