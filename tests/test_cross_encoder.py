"""A real CrossEncoder of one layer: scores in order, and what cannot be one refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import CrossEncoder

from index.backend import Hit
from index.cross_encoder import CrossEncoderReranker
from index.encoder import SentenceEncoder
from index.model_files import ModelError
from ingest.document import Chunk
from tests.tiny_models import POSITIONS, save_cross_encoder, save_encoder

QUESTION = "会议每周召开"
PASSAGES = ["区政府会议每周召开一次", "烟花爆竹禁止燃放", "会议", "区政府通知", "烟花爆竹问题" * 9]


def hits(texts: list[str]) -> list[Hit]:
    return [Hit(Chunk("", "", "", "", "", text, 0, len(text)), 0.0, 1, {}) for text in texts]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("重排"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> CrossEncoderReranker:
    return CrossEncoderReranker(str(folder))


def test_each_passage_gets_one_float32_in_its_place(reranker: CrossEncoderReranker) -> None:
    scores = reranker.scores(QUESTION, hits(PASSAGES))
    assert scores.shape == (5,) and scores.dtype == np.float32
    backwards = reranker.scores(QUESTION, hits(PASSAGES[::-1]))
    assert np.allclose(scores, backwards[::-1], atol=1e-6)
    assert np.ptp(scores) > 1e-3  # else the order below would say nothing
    assert (np.argsort(-scores) == len(PASSAGES) - 1 - np.argsort(-backwards)).all()


def test_the_scores_are_the_models_own(folder: Path, reranker: CrossEncoderReranker) -> None:
    import torch
    from transformers import BertForSequenceClassification, BertTokenizer

    model, tokenizer = (
        BertForSequenceClassification.from_pretrained(folder),
        BertTokenizer.from_pretrained(folder),
    )
    with torch.no_grad():
        logit = model.eval()(**tokenizer(QUESTION, PASSAGES[0], return_tensors="pt")).logits[0, 0]
    assert reranker.scores(QUESTION, hits(PASSAGES[:1]))[0] == pytest.approx(
        float(torch.sigmoid(logit)), abs=1e-6
    )


def test_the_same_is_said_twice_and_in_batches_of_any_size(
    folder: Path, reranker: CrossEncoderReranker
) -> None:
    scores = reranker.scores(QUESTION, hits(PASSAGES))
    assert (reranker.scores(QUESTION, hits(PASSAGES)) == scores).all()
    assert np.allclose(
        CrossEncoderReranker(str(folder), batch_size=1).scores(QUESTION, hits(PASSAGES)), scores, atol=1e-6
    )


def test_no_passages_have_no_scores_and_load_nothing() -> None:
    assert CrossEncoderReranker("/no/such/folder").scores(QUESTION, hits([])).shape == (0,)


def test_question_and_passage_are_cut_to_the_length_that_is_set(folder: Path) -> None:
    short = CrossEncoderReranker(str(folder), max_length=20)
    long = PASSAGES[0] * 2
    first, longer = short.scores(QUESTION, hits([long, long + "烟花爆竹"]))
    assert first == pytest.approx(longer, abs=1e-6)
    whole = CrossEncoderReranker(str(folder), max_length=POSITIONS).scores(
        QUESTION, hits([long, long + "烟花爆竹"])
    )
    assert abs(whole[0] - whole[1]) > 1e-4
    with pytest.raises(
        ModelError, match=r"reranker\.max_length: this model reads at most 64 tokens, found 65"
    ):
        CrossEncoderReranker(str(folder), max_length=POSITIONS + 1).load()


def test_a_classifier_of_several_kinds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"reranker\.model .* gives 3 numbers for a pair; a reranker gives one"
    ):
        CrossEncoderReranker(str(save_cross_encoder(tmp_path, labels=3))).load()


@pytest.mark.parametrize(
    ("name", "message"),
    [("/no/such/folder", "no such folder; name one"), ("no-such-owner/no-such-model", "cannot be loaded")],
)
def test_a_model_that_is_not_there_is_refused_by_name(name: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        CrossEncoderReranker(name).scores(QUESTION, hits(PASSAGES))
    assert f"reranker.model {name!r}" in str(caught.value) and "\n" not in str(caught.value)


def test_an_encoder_is_no_reranker_and_a_reranker_no_encoder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    encoder = save_encoder(tmp_path / "encoder", tmp_path / "bare")
    for path in (encoder, tmp_path / "bare", tmp_path):
        with pytest.raises(ModelError, match=r"reranker\.model .* scores no pairs; name a model that does"):
            CrossEncoderReranker(str(path)).load()
    saved = tmp_path / "saved"
    CrossEncoder(str(folder), device="cpu").save(str(saved))
    assert CrossEncoderReranker(str(saved)).scores(QUESTION, hits(PASSAGES)).shape == (5,)
    for path in (folder, saved):
        with pytest.raises(
            ModelError, match=r"encoder\.model .* scores pairs of texts; name one that makes vectors"
        ):
            SentenceEncoder(str(path)).load()


def test_damaged_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(ModelError, match=r"reranker\.model .* cannot be loaded"):
        CrossEncoderReranker(str(broken)).load()
