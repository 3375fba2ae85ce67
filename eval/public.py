"""Files of public question sets in, questions with their right passages out, put to the index as it searches a corpus.

Every passage is one chunk, its name as context line; a question's right passages are all that its set names.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from eval.records import read_records
from eval.searching import RECALL_AT, Searched, searches, timed
from index.faiss_backend import FaissEngine
from index.rerank import WordReranker
from index.store import FORMAT, Hit, Manifest, PassageIndex
from ingest.document import Chunk

Passage = tuple[str, str]  # its name ("" for none) and its text


@dataclass(frozen=True)
class PublicSet:
    """Different passages, and questions each with the numbers of its right passages (none: not asked)."""

    name: str
    passages: list[Passage]
    questions: list[tuple[str, frozenset[int]]]


def lecoqa(folder: Path) -> PublicSet:
    """Lay questions on law -> articles, among all that answer any question of the whole set."""
    pool = {_article(record): None for record in read_records(folder / "bench_lecoqa_gold_articles.jsonl.gz")}
    return _public_set("lecoqa", pool, lambda passage: passage, _lecoqa_questions(folder))


def lecoqa_all_laws(folder: Path) -> PublicSet:
    """The same questions -> articles, among all different articles of all laws and their versions.

    An article that says the same as another counts once, under the name of a law that is in force where one is. It is
    right when its text is, but for white space. Questions without a right article among them are left out.
    """
    names: dict[str, str] = {}
    for law in read_records(folder / "train_law_articles.jsonl.gz"):
        name = f"{law['law']}{law['article'] or ''}"
        names[law["text"]] = name if law.get("latest") else names.get(law["text"], name)
    pool = ((name, text) for text, name in names.items())
    return _public_set("lecoqa-all-laws", pool, _text_alone, _lecoqa_questions(folder))


def dureader(folder: Path) -> PublicSet:
    """Queries of a search engine -> passages of the web."""
    records = list(read_records(folder / "bench_dureader_robust_dev.jsonl.gz"))
    found = [(str(record["question"]), [("", str(record["passage"]))]) for record in records]
    pool = {passage: None for _, passages in found for passage in passages}
    return _public_set("dureader", pool, lambda passage: passage, found)


PUBLIC_SETS: tuple[Callable[[Path], PublicSet], ...] = (lecoqa, lecoqa_all_laws, dureader)


def search_public(folder: Path, like: PassageIndex, *, dense_weight: float) -> list[Searched]:
    """Return every question of every public set as each method searched it, with all that `like` searches by.

    The passages are kept by FAISS, whatever keeps those of `like`. Raises FileNotFoundError.
    """
    sets = (read(folder) for read in PUBLIC_SETS)
    return [one for asked in sets for one in _search_set(asked, like, dense_weight=dense_weight)]


def _search_set(asked: PublicSet, like: PassageIndex, *, dense_weight: float) -> Iterator[Searched]:
    print(f"{asked.name}: indexing {len(asked.passages)} passages", file=sys.stderr, flush=True)
    index = _index(asked.passages, like)
    for method, search in searches(index, dense_weight=dense_weight).items():
        search(asked.questions[0][0])  # what is loaded on first use is not timed
        for question, right in asked.questions:
            hits, milliseconds = timed(search, question)
            yield Searched(method, (asked.name,), _figures(hits, right), milliseconds)


def _figures(hits: list[Hit], right: frozenset[int]) -> dict[str, float]:
    rank = next((hit.rank for hit in hits if int(hit.chunk.chunk_id) in right), None)
    found = {f"recall_at_{k}": float(rank is not None and rank <= k) for k in RECALL_AT}
    return found | {"mrr": 1 / rank if rank else 0.0}


def _index(passages: list[Passage], like: PassageIndex) -> PassageIndex:
    chunks = [
        Chunk(str(number), "", "", "", context=name, text=text, start=0, end=len(text))
        for number, (name, text) in enumerate(passages)
    ]
    vectors = like.encoder.encode_passages([f"{chunk.context}\n{chunk.text}" for chunk in chunks])
    engine = FaissEngine()
    with TemporaryDirectory() as folder:
        backend = engine.build(Path(folder), vectors, chunks, np.zeros(len(chunks), dtype=np.int64))
    manifest = Manifest(FORMAT, "", like.manifest.encoder, "", 0, 0, engine.name)
    index = PassageIndex(manifest, (), chunks, backend, like.encoder)
    index.reranked, index.candidates = like.reranked, like.candidates
    index.reranker = like.reranker
    if isinstance(like.reranker, WordReranker):  # it reads how rare words are
        index.reranker = like.reranker.over(index.lexical)
    return index


def _public_set(
    name: str,
    pool: Iterable[Passage],
    key: Callable[[Passage], Passage],
    found: Iterable[tuple[str, list[Passage]]],
) -> PublicSet:
    """Return the set in which a question's right passages are those with the `key` of one that it names."""
    passages = list(pool)
    numbers: dict[Passage, list[int]] = {}
    for number, passage in enumerate(passages):
        numbers.setdefault(key(passage), []).append(number)
    questions = [
        (question, frozenset(n for passage in right for n in numbers.get(key(passage), ())))
        for question, right in found
    ]
    return PublicSet(name, passages, [(question, right) for question, right in questions if right])


def _lecoqa_questions(folder: Path) -> list[tuple[str, list[Passage]]]:
    records = read_records(folder / "bench_lecoqa_test.jsonl.gz")
    return [
        (record["question"], [_article(positive) for positive in record["positives"]]) for record in records
    ]


def _article(record: dict[str, Any]) -> Passage:
    return str(record["name"]), str(record["text"])


def _text_alone(passage: Passage) -> Passage:
    return "", "".join(passage[1].split())
