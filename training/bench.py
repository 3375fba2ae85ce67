"""A model and benchmark files -> recall@1, recall@5 and MRR of the model, of BM25 and of both fused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from .bm25 import CharacterPairBM25
from .pairs import QUESTIONS_HELD_OUT, SENTENCES_HELD_OUT, file_path
from .records import Record, is_held_out, read_records
from .rerank.pools import PoolReader

FOLD_POOLS = ("reading", "reading in English", "statutes")
FOLD_QUESTIONS, FOLD_SEED = 6_000, 20
_RANK_OFFSET = 60  # of reciprocal rank fusion


@dataclass(frozen=True)
class Task:
    """Questions, the passages they are put to, and which of those are right."""

    name: str
    questions: list[str]
    passages: list[str]
    relevant: list[set[int]]  # for each question the numbers of its passages


@dataclass(frozen=True)
class Figures:
    """One line of the table; the figures are means over the questions, 0 to 1."""

    task: str
    method: str
    questions: int
    passages: int
    recall_at_1: float  # share of questions with a right passage in first place
    recall_at_5: float
    mrr: float


def task_of(name: str, found: Iterable[tuple[str, Sequence[str]]], pool: Iterable[str] = ()) -> Task:
    """Return the task for (question, right passages) and further passages; equal passages count once."""
    known = {passage: number for number, passage in enumerate(dict.fromkeys(pool))}
    questions, relevant = [], []
    for question, passages in found:
        questions.append(question)
        relevant.append({known.setdefault(passage, len(known)) for passage in passages})
    return Task(name, questions, list(known), relevant)


def _article(record: Record) -> str:
    return f"{record['name']}\n{record['text']}"


def lecoqa_test(folder: Path) -> Task:
    """Layperson's questions -> statute articles, among all 1,445 that answer any question of the set."""
    found = (
        (record["question"], [_article(positive) for positive in record["positives"]])
        for record in read_records(file_path(folder, "bench_lecoqa_test"))
    )
    pool = (_article(record) for record in read_records(file_path(folder, "bench_lecoqa_gold_articles")))
    return task_of("LeCoQA test", found, pool)


def lecoqa_held_out(folder: Path) -> Task:
    """The training questions that were held out -> articles, among all that answer a training question."""
    records = list(read_records(file_path(folder, "train_lecoqa_train")))
    found = (
        (record["question"], [_article(positive) for positive in record["positives"]])
        for record in records
        if is_held_out(record["question"], one_in=QUESTIONS_HELD_OUT)
    )
    return task_of(
        "LeCoQA held out", found, (_article(one) for record in records for one in record["positives"])
    )


def reading(folder: Path, *, name: str, file: str) -> Task:
    """Questions of a reading set -> their passages, among the set's different passages."""
    records = read_records(file_path(folder, file))
    return task_of(name, ((record["question"], [record["passage"]]) for record in records))


def sentences(folder: Path, *, name: str, question: str, passage: str) -> Task:
    """Sentences -> their translations, among those held out from training."""
    records = read_records(file_path(folder, "train_zh_en_sentences"))
    kept = (record for record in records if is_held_out(record["en"], one_in=SENTENCES_HELD_OUT))
    return task_of(name, ((record[question], [record[passage]]) for record in kept))


TASKS = (
    lecoqa_test,
    partial(reading, name="DuReader-robust dev", file="bench_dureader_robust_dev"),
    partial(reading, name="DRCD dev, traditional", file="bench_drcd_dev_trad"),
    partial(reading, name="CMRC trial (for choosing)", file="bench_cmrc2018_trial"),
    lecoqa_held_out,
    partial(sentences, name="English to Chinese, held out", question="en", passage="zh"),
    partial(sentences, name="Chinese to English, held out", question="zh", passage="en"),
)


def fold_tasks(folder: Path, fold: int) -> Iterator[Task]:
    """Yield the questions of a fold, for a model that was trained without it: reading, the same in English, statutes."""
    for pool in PoolReader(folder, most=FOLD_QUESTIONS, seed=FOLD_SEED).pools():
        if pool.name in FOLD_POOLS:
            passages = [f"{passage.context}\n{passage.text}" for passage in pool.passages]
            asked = [one for one in pool.asked if one.fold == fold]
            found = ((one.question, [passages[number] for number in one.right]) for one in asked)
            yield task_of(f"{pool.name}, fold {fold}", found, passages)


def first_right_ranks(scores: np.ndarray, relevant: Sequence[set[int]]) -> np.ndarray:
    """Return for each row of scores the rank, from 1, of its best right passage; ties count against."""
    best = np.array(
        [max(row[number] for number in right) for row, right in zip(scores, relevant, strict=True)]
    )
    wrong = np.ones(scores.shape, dtype=bool)
    for number, right in enumerate(relevant):
        wrong[number, list(right)] = False
    return ((scores >= best[:, None]) & wrong).sum(axis=1) + 1


def figures(task: Task, method: str, scores: np.ndarray) -> Figures:
    """Return the means for one method's scores, (questions, passages), higher better."""
    ranks = first_right_ranks(scores, task.relevant)
    return Figures(
        task=task.name,
        method=method,
        questions=len(task.questions),
        passages=len(task.passages),
        recall_at_1=float((ranks <= 1).mean()),
        recall_at_5=float((ranks <= 5).mean()),
        mrr=float((1 / ranks).mean()),
    )


def fuse_by_rank(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the sum of 1 / (60 + rank) over both; a score of 0 counts as not found and adds nothing."""
    fused = np.zeros(left.shape)
    for scores in (left, right):
        ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1) + 1
        fused += np.where(scores == 0, 0, 1 / (_RANK_OFFSET + ranks))
    return fused


def fuse_by_score(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the sum of both after each row is brought to mean 0 and deviation 1."""
    both = [
        (scores - scores.mean(axis=1, keepdims=True)) / (scores.std(axis=1, keepdims=True) + 1e-9)
        for scores in (left, right)
    ]
    return both[0] + both[1]


def measure(folder: Path, model_name: str, *, fold: int = -1) -> list[Figures]:
    """Return the figures of every task whose files the folder holds; says which are missing. With `fold` its tasks too."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(model_name, device="cpu")
    rows: list[Figures] = []
    for task in (*_tasks(folder), *(fold_tasks(folder, fold) if fold >= 0 else ())):
        dense = _similarities(model, task)
        bm25 = CharacterPairBM25(task.passages)
        lexical = np.array([bm25.scores(question) for question in task.questions])
        rows.append(figures(task, "dense", dense))
        rows.append(figures(task, "BM25", lexical))
        rows.append(figures(task, "fused by rank", fuse_by_rank(dense, lexical)))
        rows.append(figures(task, "fused by score", fuse_by_score(dense, lexical)))
    return rows


def _tasks(folder: Path) -> Iterator[Task]:
    for load in TASKS:
        try:
            yield load(folder)
        except FileNotFoundError as missing:
            print(f"skipped: {missing.filename} is not there")


def _similarities(model, task: Task) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Return the cosine of every question with every passage."""
    encode = partial(model.encode, normalize_embeddings=True, show_progress_bar=False, batch_size=256)
    return encode(task.questions).astype(np.float32) @ encode(task.passages).astype(np.float32).T


def as_table(rows: Sequence[Figures]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "| task | method | questions | passages | recall@1 | recall@5 | MRR |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        numbers = f"{row.recall_at_1:.3f} | {row.recall_at_5:.3f} | {row.mrr:.3f}"
        lines.append(f"| {row.task} | {row.method} | {row.questions} | {row.passages} | {numbers} |")
    return "\n".join(lines)


def write_figures(rows: Sequence[Figures], path: Path) -> None:
    """Write the figures as a JSON list."""
    text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
