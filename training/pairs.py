"""Training files -> Pairs: a query (or none, to be cut out of the passage) and what it should find.

The folder holds gzip JSON-lines files, one kind of record each; `SOURCES` names them and their readers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .records import Record, is_held_out, read_records

SENTENCES_HELD_OUT = 50  # one zh-en pair in so many is kept for measuring
QUESTIONS_HELD_OUT = 10  # and one LeCoQA training question
FOLDS = 2
FOLDED = {  # the sources with questions, and what tells the fold of a record: no text of one fold is asked for in another
    "cmrc": "passage", "lecoqa": "question", "docs_question": "passage", "docs_title": "text", "gov_title": "text",
    "en_zh": "en", "zh_en": "en",
}  # fmt: skip
_SHORTEST_PASSAGE = 12  # characters; less carries no statement


@dataclass(frozen=True)
class Pair:
    """What is asked and what answers it."""

    query: str  # "" where training cuts the query out of the passage
    passage: str
    context: str = ""  # title or heading path, put in front of the passage now and then


def law_title(record: Record) -> Iterator[Pair]:
    """Law and chapter -> article."""
    yield Pair(f"{record['law']} {record['chapter']}".strip(), record["text"])


def law_crop(record: Record) -> Iterator[Pair]:
    """A piece of an article -> the article."""
    if len(record["text"]) >= 2 * _SHORTEST_PASSAGE:
        yield Pair("", record["text"], f"{record['law']} {record['chapter']}".strip())


def section_title(record: Record) -> Iterator[Pair]:
    """Title and heading -> section."""
    if len(record["text"]) >= _SHORTEST_PASSAGE:
        yield Pair(f"{record['title']} {record['section']}".strip(), record["text"])


def section_crop(record: Record) -> Iterator[Pair]:
    """A piece of a section -> the section."""
    if len(record["text"]) >= 2 * _SHORTEST_PASSAGE:
        yield Pair("", record["text"], f"{record['title']} {record['section']}".strip())


def document_crop(record: Record) -> Iterator[Pair]:
    """A piece of a paragraph -> the paragraph, for each paragraph of a document."""
    for paragraph in record["text"].split("\n"):
        if len(paragraph) >= 2 * _SHORTEST_PASSAGE:
            yield Pair("", paragraph.strip(), record["title"])


def asked(record: Record) -> Iterator[Pair]:
    """Question -> passage, of which the part around the answer is kept."""
    start = max(0, record.get("answer_start", 0) - 150)
    yield Pair(record["question"], record["passage"][start : start + 400], record.get("title") or "")


def title_of_abstract(record: Record) -> Iterator[Pair]:
    """Paper title -> abstract."""
    yield Pair(record["title"], record["passage"])


def lecoqa(record: Record) -> Iterator[Pair]:
    """Question -> articles and lawyer's answer; answer and keywords -> articles."""
    if is_held_out(record["question"], one_in=QUESTIONS_HELD_OUT):
        return
    yield Pair(record["question"], record["answer"])
    for positive in record["positives"]:
        yield Pair(record["question"], positive["text"], positive["name"])
        yield Pair(record["answer"], positive["text"])
        if record["keywords"]:
            yield Pair(record["keywords"], positive["text"], positive["name"])


def english_to_chinese(record: Record) -> Iterator[Pair]:
    """English sentence -> its Chinese translation."""
    if not is_held_out(record["en"], one_in=SENTENCES_HELD_OUT):
        yield Pair(record["en"], record["zh"])


def chinese_to_english(record: Record) -> Iterator[Pair]:
    """Chinese sentence -> its English translation."""
    for pair in english_to_chinese(record):
        yield Pair(pair.passage, pair.query)


def dictionary(record: Record) -> Iterator[Pair]:
    """English gloss -> Chinese word."""
    from .glosses import clean_gloss

    for raw in record["en"][:3]:
        gloss = clean_gloss(raw)
        if gloss:
            yield Pair(gloss, record["zh"])


SOURCES: dict[str, tuple[tuple[str, Callable[[Record], Iterator[Pair]]], ...]] = {
    "law_title": (("train_law_articles", law_title),),
    "law_crop": (("train_law_articles", law_crop),),
    "gov_title": (("train_gov_sections", section_title),),
    "gov_crop": (("train_gov_sections", section_crop), ("train_gov_documents", document_crop)),
    "docs_title": (("train_docs_sections_zh", section_title),),
    "docs_crop": (("train_docs_sections_zh", section_crop),),
    "docs_question": (("train_docs_question_headings_zh", asked),),
    "cmrc": (("train_cmrc2018", asked),),
    "lecoqa": (("train_lecoqa_train", lecoqa),),
    "csl": (("train_csl_title_abstract_dev", title_of_abstract),),
    "wiki_crop": (("train_wiki_zh_small", document_crop),),
    "en_zh": (("train_zh_en_sentences", english_to_chinese),),
    "zh_en": (("train_zh_en_sentences", chinese_to_english),),
    "cedict": (("train_cedict", dictionary),),
}


def file_path(folder: Path, name: str) -> Path:
    """The file that holds a source's records."""
    return folder / f"{name}.jsonl.gz"


def fold_of(text: str) -> int:
    """Return the fold of a record by its telling text, the same on every run and machine."""
    return zlib.crc32(f"fold {text}".encode()) % FOLDS


def read_pairs(folder: Path, source: str, *, longest: int, without_fold: int = -1) -> Iterator[Pair]:
    """Yield a source's pairs with passages of at most `longest` characters; a missing file yields none.

    The pairs of `FOLDED` sources that belong to `without_fold` are left out.
    """
    for name, make in SOURCES[source]:
        path = file_path(folder, name)
        if not path.exists():
            continue
        for record in read_records(path):
            if source in FOLDED and fold_of(record[FOLDED[source]]) == without_fold:
                continue
            for pair in make(record):
                yield Pair(pair.query, pair.passage[:longest], pair.context)
