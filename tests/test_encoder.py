"""Encoders: the model that ships, any other by path, and what cannot be loaded."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from config import PROJECT_ROOT, EncoderConfig
from index.encoder import EncoderError, SentenceEncoder

SHIPPED = PROJECT_ROOT / "models" / "gongwen-static"


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # it may have been imported before


@pytest.fixture(scope="module")
def shipped() -> SentenceEncoder:
    return SentenceEncoder(str(SHIPPED))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of one layer with random weights, saved as sentence-transformers saves any model."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    bare, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("模型 小")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", ":", *"区政府会议每周召开一次问题烟花"]
    (bare / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(vocab_file=str(bare / "vocab.txt")).save_pretrained(bare)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=64)
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(folder))
    return folder


def test_the_shipped_model_gives_unit_rows_of_float32(shipped: SentenceEncoder) -> None:
    vectors = shipped.encode_passages(["区政府常务会议每周召开一次。", "烟花爆竹", "public notice"])
    assert vectors.dtype == np.float32 and vectors.shape[0] == 3
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_the_shipped_model_sets_what_is_alike_near(shipped: SentenceEncoder) -> None:
    query = shipped.encode_queries(["区政府常务会议多久开一次"])[0]
    near, far = shipped.encode_passages(["区政府常务会议一般每周召开1次。", "入驻企业可以申请租金补贴。"])
    assert query @ near > query @ far + 0.1


def test_the_shipped_model_gives_the_same_vectors_alone_and_in_a_batch(shipped: SentenceEncoder) -> None:
    texts = ["会议", "区政府常务会议每周召开一次，必要时随时召开。" * 10]
    assert np.allclose(shipped.encode_passages(texts)[0], shipped.encode_passages(texts[:1])[0], atol=1e-6)


def test_an_empty_text_has_a_vector_without_nan(shipped: SentenceEncoder) -> None:
    assert np.isfinite(shipped.encode_queries(["", " ", "😀"])).all()


def test_any_folder_of_sentence_transformers_is_an_encoder(tiny: Path) -> None:
    vectors = SentenceEncoder(str(tiny), batch_size=2).encode_passages(["区政府", "会议每周召开", "烟花"])
    assert vectors.shape == (3, 16)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_prompts_stand_before_the_text(tiny: Path) -> None:
    plain = SentenceEncoder(str(tiny))
    prompted = SentenceEncoder(str(tiny), query_prompt="query: ")
    assert np.allclose(prompted.encode_queries(["会议"]), plain.encode_queries(["query: 会议"]), atol=1e-6)
    assert np.allclose(prompted.encode_passages(["会议"]), plain.encode_passages(["会议"]), atol=1e-6)


def test_the_fingerprint_changes_with_weights_and_prompts_only(tiny: Path, shipped: SentenceEncoder) -> None:
    first = SentenceEncoder(str(tiny)).fingerprint
    assert SentenceEncoder(str(tiny), batch_size=7).fingerprint == first
    assert SentenceEncoder(str(tiny), query_prompt="query: ").fingerprint != first
    assert SentenceEncoder(str(tiny), passage_prompt="passage: ").fingerprint != first
    assert shipped.fingerprint != first


def test_settings_name_a_local_folder_or_a_model(tiny: Path) -> None:
    settings = EncoderConfig(model="BAAI/bge-m3", query_prompt="问：", batch_size=3)
    assert SentenceEncoder.from_settings(settings, tiny).model == str(tiny)
    encoder = SentenceEncoder.from_settings(settings, tiny / "none")
    assert (encoder.model, encoder.query_prompt, encoder.batch_size) == ("BAAI/bge-m3", "问：", 3)


@pytest.mark.parametrize(
    ("name", "advice"),
    [("no-such-owner/no-such-model", "cannot be loaded"), ("/no/such/folder", "no such folder; name one")],
)
def test_a_model_that_is_not_there_is_refused_by_name_and_says_what_to_do(name: str, advice: str) -> None:
    with pytest.raises(EncoderError, match=advice) as caught:
        SentenceEncoder(name).load()
    assert repr(name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"encoder\.model"):
        SentenceEncoder(str(tmp_path)).load()


def test_a_model_with_cut_weights_is_refused(tiny: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny, broken)
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(EncoderError, match="cannot be loaded"):
        SentenceEncoder(str(broken)).load()
