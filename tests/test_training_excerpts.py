"""Excerpts of packs, as small as the corpus an office begins with; examples with something left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from config import load_config
from eval.fitting import opened_parts
from index.judge import Words
from ingest.corpus import read_corpus
from training.excerpts import EXCERPTS, PROVISIONS, read_excerpts, write_excerpts
from training.folds import write_unseen
from training.judge.example import Example
from training.judge.vary import FEWEST, Variation, varied
from training.packs import set_models
from training.written import Pack, read_packs

ARTICLES, TOLD = 60, "号柜由第{}科保管"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Return a pack of two rules of sixty articles, each article asked about, and a question on nothing of them."""
    corpus, questions = tmp_path / "0" / "corpus", tmp_path / "00.jsonl"
    corpus.mkdir(parents=True)
    records = [_record("食堂几点开饭", "", "")]
    for name in ("甲区保管规则", "乙区保管规则"):
        lines = [f"第{n}条 {n}{TOLD.format(n)}。" for n in range(1, ARTICLES + 1)]
        (corpus / f"{name}.txt").write_text("\n".join([name, *lines]) + "\n", encoding="utf-8")
        records += [
            _record(f"{name[:2]}{n}号柜谁管", f"{name}@undated", f"{n}{TOLD.format(n)}")
            for n in range(1, ARTICLES + 1)
        ]
    questions.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    documents = read_corpus(corpus).documents
    for config in write_excerpts(tmp_path / "0", documents, questions):
        set_models(config, {})
    return Pack(0, tmp_path / "0" / "config.yaml", tuple(documents), ())


def _record(question: str, document: str, quote: str) -> dict[str, object]:
    citations = [[{"document": document, "label": ""}]] if document else []
    return {
        "id": question, "question": question, "type": "who" if document else "unanswerable", "style": "close",
        "language": "zh-Hans", "status": "answered" if document else "not_found", "facts": [], "citations": citations,
        "quote": quote,
    }  # fmt: skip


def test_an_excerpt_holds_a_run_of_provisions_and_what_is_asked_of_them(pack: Pack) -> None:
    excerpts = read_excerpts(pack)
    assert len(excerpts) == EXCERPTS and {one.number for one in excerpts} == {0}
    for one in excerpts:
        articles = [p for d in one.documents for p in d.provisions if p.label]
        assert 0 < len(articles) <= 2 * max(PROVISIONS)
        answered = [question for question in one.questions if question.answered]
        assert answered and all(question.spans for question in answered)
        texts = "".join(document.text for document in one.documents)
        assert all(
            question.text.removesuffix("谁管")[2:] + "由" in texts.replace(" ", "") for question in answered
        )
    others = [question for one in excerpts for question in one.questions if not question.answered]
    assert others and not any(question.spans for question in others)


def test_the_same_excerpts_are_written_again(pack: Pack, tmp_path: Path) -> None:
    before = [one.documents[0].text for one in read_excerpts(pack)]
    write_excerpts(tmp_path / "0", pack.documents, tmp_path / "00.jsonl")
    assert [one.documents[0].text for one in read_excerpts(pack)] == before


def test_an_excerpt_is_opened_as_its_pack_is(toy_files: Path, toy_questions: Path, tmp_path: Path) -> None:
    for fold in range(4):
        for kind in ("tuned", "reranker", "reader", "judge"):
            (tmp_path / f"fold-{fold}-{kind}").mkdir()
    write_unseen(toy_files, tmp_path, questions=toy_questions)
    pack = read_packs(toy_files, tmp_path, questions=toy_questions)[1]
    excerpts = read_excerpts(pack)
    assert len(excerpts) == EXCERPTS
    for one in (pack, *excerpts):
        opened = load_config(one.config)
        assert opened.judge_folder and opened.judge_folder.name == "fold-1-judge"
        assert opened.encoder_folder.name == "fold-1-tuned"


def test_a_fit_reads_a_pack_and_its_excerpts(pack: Pack, tmp_path: Path) -> None:
    set_models(pack.config, {})
    (_, whole), *excerpts = opened_parts(tmp_path, 0, tmp_path / "00.jsonl")
    assert len(whole) == 2 * ARTICLES + 1 and len(excerpts) == EXCERPTS
    for assistant, asked in excerpts:
        assert asked and assistant.chunk_count <= 2 * max(PROVISIONS)


def test_an_example_varies_and_what_is_right_stays_with_its_line() -> None:
    lines = [Words(np.full(20, place + 1), np.full(20, place, dtype=np.float32)) for place in range(6)]
    known = np.arange(12, dtype=np.float32).reshape(6, 2) + 1
    question = Words(np.arange(1, 21), np.zeros(20, dtype=np.float32))
    whole = Example(question, lines, known, np.arange(6) == 3, answered=True)
    chance = np.random.default_rng(0)
    same = varied(whole, Variation(0.0, 0.0, 0.0), chance)
    assert [len(line.ids) for line in same.lines] == [20] * 6 and (same.known == known).all()
    drawn = [varied(whole, Variation(0.3, 0.5, 0.2), chance) for _ in range(400)]
    assert {len(one.lines) for one in drawn} == set(range(FEWEST, 7))
    assert 0.65 < np.mean([len(line.ids) for one in drawn for line in one.lines]) / 20 < 0.75
    assert 0.15 < np.mean([not one.known.any() for one in drawn]) < 0.25
    for one in drawn:
        assert len(one.lines) == len(one.known) == len(one.settles)
        for line, hint, settles in zip(one.lines, one.known, one.settles, strict=True):
            assert set(line.ids) == {line.above[0] + 1} and len(line.above) == len(line.ids)
            assert settles == (line.above[0] == 3)
            assert not one.known.any() or hint[0] == 2 * line.above[0] + 1
    assert len(whole.lines) == 6
    bare = Words(np.array([7]), np.zeros(1, dtype=np.float32))
    kept = varied(Example(bare, [bare], known[:1], np.array([True]), True), Variation(1.0, 1.0, 1.0), chance)
    assert kept.question.ids.tolist() == [7] and len(kept.lines) == 1  # never nothing
