"""Encoders: the model that ships, any other by path, and what cannot be loaded."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config import PROJECT_ROOT, EncoderConfig
from index.encoder import EncoderError, SentenceEncoder
from tests.tiny_models import POSITIONS, save_encoder

SHIPPED = PROJECT_ROOT / "models" / "gongwen-static"


def encoder(folder: Path, **settings: Any) -> SentenceEncoder:
    return SentenceEncoder(str(folder), EncoderConfig(**settings))


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # it may have been imported before


@pytest.fixture(scope="module")
def shipped() -> SentenceEncoder:
    return SentenceEncoder(str(SHIPPED))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("模型 小"), tmp_path_factory.mktemp("bert"))


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
    vectors = encoder(tiny, batch_size=2).encode_passages(["区政府", "会议每周召开", "烟花"])
    assert vectors.shape == (3, 16) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_prompts_stand_before_the_text(tiny: Path) -> None:
    plain = encoder(tiny)
    prompted = encoder(tiny, query_prompt="query: ")
    assert np.allclose(prompted.encode_queries(["会议"]), plain.encode_queries(["query: 会议"]), atol=1e-6)
    assert not np.allclose(prompted.encode_queries(["会议"]), plain.encode_queries(["会议"]), atol=1e-3)
    assert np.allclose(prompted.encode_passages(["会议"]), plain.encode_passages(["会议"]), atol=1e-6)


def test_prompts_left_open_are_the_models_own(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    own = {"query": "query: ", "passage": "passage: "}
    folder = save_encoder(tmp_path / "own", tmp_path / "bare", prompts=own)
    made = encoder(folder)
    assert (made.query_prompt, made.passage_prompt) == ("query: ", "passage: ")
    plain = encoder(folder, query_prompt="", passage_prompt="")
    assert np.allclose(made.encode_queries(["会议"]), plain.encode_queries(["query: 会议"]), atol=1e-6)
    assert np.allclose(made.encode_passages(["会议"]), plain.encode_passages(["passage: 会议"]), atol=1e-6)
    assert made.fingerprint == encoder(folder, query_prompt="query: ", passage_prompt="passage: ").fingerprint
    assert made.fingerprint != plain.fingerprint


def test_a_folder_named_like_a_known_model_gets_its_prompts(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Multilingual-E5-small"
    shutil.copytree(tiny, folder)
    made = encoder(folder)
    assert (made.query_prompt, made.passage_prompt, made.max_length) == ("query: ", "passage: ", 512)
    assert encoder(folder, query_prompt="").query_prompt == ""
    with pytest.raises(
        EncoderError, match=r"encoder\.max_length: this model reads at most 64 tokens, found 512"
    ):
        made.load()  # it is not the model that its folder's name says
    vectors = encoder(folder, max_length=POSITIONS).encode_queries(["会议"])
    assert np.allclose(vectors, encoder(tiny).encode_queries(["query: 会议"]), atol=1e-6)


def test_fewer_numbers_are_the_first_ones_at_length_1_again(tiny: Path) -> None:
    all_numbers = encoder(tiny).encode_passages(["会议每周召开"])[0]
    first = encoder(tiny, dimension=4).encode_passages(["会议每周召开"])[0]
    assert first.shape == (4,)
    assert first == pytest.approx(all_numbers[:4] / np.linalg.norm(all_numbers[:4]), abs=1e-6)
    with pytest.raises(EncoderError, match=r"encoder\.dimension: .* has 16 numbers, found 17"):
        encoder(tiny, dimension=17).load()


def test_the_shipped_model_can_be_cut_too() -> None:
    assert encoder(SHIPPED, dimension=64, max_length=9).encode_queries(["会议"]).shape == (1, 64)


def test_what_lies_behind_the_longest_text_is_not_read(tiny: Path) -> None:
    texts = ["会议每周召开" * 4, "会议每周召开" * 4 + "烟花爆竹"]
    cut = encoder(tiny, max_length=12).encode_passages(texts)
    assert np.allclose(cut[0], cut[1], atol=1e-6)
    whole = encoder(tiny).encode_passages(texts)
    assert not np.allclose(whole[0], whole[1], atol=1e-3)


def test_without_normalising_vectors_keep_their_length(tiny: Path) -> None:
    vectors = encoder(tiny, normalise=False).encode_passages(["会议"])
    assert abs(np.linalg.norm(vectors[0]) - 1) > 0.01
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.allclose(unit, encoder(tiny).encode_passages(["会议"]), atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [{"query_prompt": "query: "}, {"passage_prompt": "passage: "}, {"dimension": 8}, {"max_length": 20}, {"normalise": False}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_the_fingerprint_changes_with_each_setting_that_changes_vectors(tiny: Path, change: Any) -> None:
    assert encoder(tiny, **change).fingerprint != encoder(tiny).fingerprint


def test_the_fingerprint_is_that_of_the_files_wherever_they_lie(
    tiny: Path, shipped: SentenceEncoder, tmp_path: Path
) -> None:
    first = encoder(tiny).fingerprint
    assert encoder(tiny, batch_size=7, device="cuda").fingerprint == first
    moved = tmp_path / "moved"
    shutil.copytree(tiny, moved)
    assert encoder(moved).fingerprint == first
    (moved / "README.md").write_text("words")
    assert encoder(moved).fingerprint == first
    (moved / "1_Pooling" / "config.json").write_text('{"embedding_dimension": 16, "pooling_mode": "cls"}')
    assert encoder(moved).fingerprint != first
    assert shipped.fingerprint != first


def test_the_fingerprint_follows_weights_that_are_replaced(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "trained"
    shutil.copytree(tiny, folder)
    first = encoder(folder).fingerprint
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    assert encoder(folder).fingerprint != first


def test_settings_name_a_local_folder_or_a_model(tiny: Path) -> None:
    settings = EncoderConfig(model="BAAI/bge-m3", query_prompt="问：", batch_size=3)
    assert SentenceEncoder.from_settings(settings, tiny).model == str(tiny)
    made = SentenceEncoder.from_settings(settings, tiny / "none")
    assert (made.model, made.query_prompt, made.settings.batch_size) == ("BAAI/bge-m3", "问：", 3)


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


def test_a_device_that_is_not_there_is_refused(tiny: Path) -> None:
    with pytest.raises(EncoderError, match=r"encoder\.model .* cannot be loaded: .*device"):
        encoder(tiny, device="no-device").load()


def test_settings_of_a_model_that_are_no_json_are_refused(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny, folder)
    (folder / "config_sentence_transformers.json").write_text("{")
    with pytest.raises(EncoderError, match=r"config_sentence_transformers\.json: cannot be read as JSON"):
        _ = encoder(folder).fingerprint


OWN_CODE = """
from transformers import BertConfig, BertModel

class MirrorConfig(BertConfig):
    model_type = "mirror"

class MirrorModel(BertModel):
    config_class = MirrorConfig
"""


def test_code_that_comes_with_a_model_runs_only_where_it_is_trusted(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules"))
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))
    folder = tmp_path / "mirror"
    shutil.copytree(tiny, folder)
    (folder / "mirror.py").write_text(OWN_CODE)
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "model_type": "mirror",
        "auto_map": {"AutoConfig": "mirror.MirrorConfig", "AutoModel": "mirror.MirrorModel"},
    }
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(EncoderError, match=r"code of its own .* set encoder\.trust_remote_code: true"):
        encoder(folder).load()
    trusted = encoder(folder, trust_remote_code=True).encode_queries(["会议"])
    assert np.allclose(trusted, encoder(tiny).encode_queries(["会议"]), atol=1e-6)
    before = encoder(folder).fingerprint
    (folder / "mirror.py").write_text(OWN_CODE + "# changed\n")
    assert encoder(folder).fingerprint != before
