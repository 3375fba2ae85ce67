"""Questions written for training: the packs that they are about, an embedding that learns them, models that have not seen them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from config import load_config
from index.words import WordVectors
from tests.toy_training import RULES, TOPICS
from training.folds import write_unseen
from training.packs import QUESTIONS, write_packs
from training.tune import TuneRecipe, tune_encoder
from training.written import find_words, is_of_fold, read_packs

QUICK = TuneRecipe(steps=60, learning_rate=0.02, pairs_per_step=8, glossed=0.0)
FILES = sorted(QUESTIONS.glob("*.jsonl"))  # test_19.jsonl is of a pack that nothing is trained on


def test_a_pack_knows_what_settles_each_question(
    toy_files: Path, toy_questions: Path, tmp_path: Path
) -> None:
    first, second = read_packs(toy_files, tmp_path, questions=toy_questions)
    assert (first.fold, second.fold) == (0, 1) and is_of_fold(second.name, 1) and not is_of_fold("laws", 1)
    assert len(first.questions) == 2 * len(TOPICS)
    for question in first.questions:
        chunks = [first.chunks[number] for number in first.right_chunks(question)]
        assert bool(chunks) == question.answered == ("归谁" in question.text)
        assert all(RULES[question.text.split("归谁")[0]][:-1] in chunk.text for chunk in chunks)
    (alone,) = read_packs(toy_files, tmp_path, questions=toy_questions, without_fold=0)
    assert alone.number == 1


def test_words_are_found_whatever_the_white_space() -> None:
    text = "第一条 应 当\n办理。应当办理。"
    assert [text[start:end] for start, end in find_words(text, "应当 办理")] == ["应 当\n办理", "应当办理"]
    assert not list(find_words(text, "")) and not list(find_words(text, "不办理"))


def test_a_document_that_the_files_do_not_hold_is_named(toy_files: Path, tmp_path: Path) -> None:
    (tmp_path / "documents.json").write_text(json.dumps([[{"title": "某报告"}]]), encoding="utf-8")
    with pytest.raises(ValueError, match="某报告"):
        write_packs(toy_files, tmp_path / "out", questions=tmp_path)


def test_an_embedding_learns_the_questions_of_the_other_fold(
    toy_files: Path, toy_encoder: Path, toy_questions: Path, tmp_path: Path
) -> None:
    tune_encoder(toy_files, toy_encoder, tmp_path / "out", tmp_path, QUICK, questions=toy_questions)
    record = json.loads((tmp_path / "out" / "training.json").read_text(encoding="utf-8"))
    assert (
        record["tuned"]["questions"] == {"written": 2 * len(TOPICS)} and record["recipe"]["dimension"] == 16
    )
    losses = record["tuned"]["loss_by_tenth"]
    assert losses[-1] < losses[0]
    assert _found(tmp_path / "out", toy_files, toy_questions, tmp_path) >= _found(
        toy_encoder, toy_files, toy_questions, tmp_path
    )
    none = replace(QUICK, steps=1)
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "documents.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no questions"):
        tune_encoder(toy_files, toy_encoder, tmp_path / "b", tmp_path, none, questions=tmp_path / "none")


def _found(encoder: Path, data: Path, questions: Path, work: Path) -> float:
    words, (pack, _) = WordVectors.load(encoder), read_packs(data, work, questions=questions)
    passages = words.encode([passage.text for passage in pack.passages])
    asked = [question for question in pack.questions if question.spans]
    best = (words.encode([question.text for question in asked]) @ passages.T).argmax(axis=1)
    return float(np.mean([row in pack.right_chunks(one) for row, one in zip(best, asked, strict=True)]))


def test_a_pack_is_opened_with_models_that_have_not_seen_its_questions(
    toy_files: Path, toy_questions: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError, match="python -m training rerank"):
        write_unseen(toy_files, tmp_path, questions=toy_questions)
    for fold in range(2):
        for kind in ("tuned", "reranker", "reader", "judge"):
            (tmp_path / f"fold-{fold}-{kind}").mkdir()
    first, second = map(load_config, write_unseen(toy_files, tmp_path, questions=toy_questions))
    assert first.encoder_folder.name == "fold-0-tuned" and second.reader_folder.name == "fold-1-reader"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_questions_are_well_formed(file: Path) -> None:
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(records) > 200 and len({record["question"] for record in records}) == len(records)
    for record in records:
        assert bool(record["quote"]) == bool(record["citations"]) == (record["status"] != "not_found")
    packs = json.loads((QUESTIONS / "documents.json").read_text(encoding="utf-8"))
    assert len(packs[int(file.stem[-2:])]) > 15
    assert file.stem.isdecimal() or not (QUESTIONS / f"{file.stem[-2:]}.jsonl").exists()
