"""config.yaml into a Config, or an error that names the key."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import PROJECT_ROOT, SECTIONS, Config, ConfigError, load_config, parse_config


def parse(raw: Any) -> Config:
    return parse_config(raw, root=Path("/somewhere"), name="my.yaml")


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    raw = yaml.safe_load((PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert {section: set(values) for section, values in raw.items()} == {
        name: {item.name for item in fields(section)} for name, section in SECTIONS.items()
    }
    assert load_config() == Config()


def test_a_file_names_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("search:\n  top_k: 5\ncorpus:\n", encoding="utf-8")
    config = load_config(path)
    assert config.search.top_k == 5
    assert config.search.dense_weight == Config().search.dense_weight
    assert config.encoder == Config().encoder


def test_relative_paths_are_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("corpus: {path: 文件}\n", encoding="utf-8")
    config = load_config(path)
    assert config.resolve(config.corpus.path) == tmp_path / "文件"
    assert config.resolve("/data/corpus") == Path("/data/corpus")


def test_a_file_elsewhere_that_names_no_corpus_means_the_projects_own(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("search: {top_k: 5}\n", encoding="utf-8")
    config = load_config(path)
    assert config.resolve(config.corpus.path) == PROJECT_ROOT / "corpus"
    assert config.resolve(config.index.path) == PROJECT_ROOT / "data/index"
    path.write_text("corpus: {path: mine}\n", encoding="utf-8")
    assert load_config(path).resolve(load_config(path).index.path) == tmp_path / "data/index"


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("", encoding="utf-8")
    assert load_config(path).web == Config().web


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"serch": {}}, r"my\.yaml: unknown section 'serch'; known: corpus"),
        ({"search": {"topk": 3}}, r"my\.yaml: unknown key 'search\.topk'; known: top_k"),
        ({"search": {"top_k": "3"}}, r"search\.top_k: expected int, found '3'"),
        ({"search": {"top_k": True}}, r"search\.top_k: expected int, found True"),
        ({"search": {"top_k": 0}}, r"search\.top_k: expected 1 to 1000, found 0"),
        ({"search": {"dense_weight": 1.5}}, r"search\.dense_weight: expected 0 to 1, found 1\.5"),
        ({"web": {"port": 70000}}, r"web\.port: expected 1 to 65535"),
        ({"web": {"open_browser": 1}}, r"web\.open_browser: expected bool, found 1"),
        ({"index": {"backend": "redis"}}, r"index\.backend: expected one of faiss.*found 'redis'"),
        ({"encoder": {"model": None}}, r"encoder\.model: expected str, found None"),
        ({"encoder": {"batch_size": None}}, r"encoder\.batch_size: expected int, found None"),
        ({"encoder": {"query_prompt": 3}}, r"encoder\.query_prompt: expected str, found 3"),
        ({"encoder": {"dimension": True}}, r"encoder\.dimension: expected int, found True"),
        ({"encoder": {"dimension": 0}}, r"encoder\.dimension: expected 1 to 65536, found 0"),
        ({"encoder": {"normalise": "no"}}, r"encoder\.normalise: expected bool, found 'no'"),
        ({"encoder": {"backend": "tensorrt"}}, r"encoder\.backend: expected one of torch, onnx, openvino"),
        ({"search": [1]}, "section 'search' must be a mapping, found list"),
        ([1], "expected sections such as 'corpus:', found list"),
        ("text", "found str"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(raw: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(raw)


def test_a_whole_number_is_a_share() -> None:
    weight = parse({"search": {"dense_weight": 1}}).search.dense_weight
    assert weight == 1.0 and isinstance(weight, float)


def test_a_setting_that_may_be_left_open_is_told_from_one_that_is_empty() -> None:
    for left_open in ({}, {"query_prompt": None, "dimension": None}):
        encoder = parse({"encoder": left_open}).encoder
        assert (encoder.query_prompt, encoder.dimension) == (None, None)
    encoder = parse({"encoder": {"query_prompt": "", "dimension": 256}}).encoder
    assert (encoder.query_prompt, encoder.dimension) == ("", 256)


def test_a_file_that_is_no_yaml_or_is_missing_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("search: [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bad\.yaml: cannot be read"):
        load_config(path)
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read"):
        load_config(tmp_path / "none.yaml")


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Config().search.top_k = 3  # type: ignore[misc]
