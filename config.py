"""config.yaml in, one frozen Config out: the settings of every folder, checked by name and type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml

PROJECT_ROOT = Path(__file__).resolve().parent


class ConfigError(ValueError):
    """A setting is misspelt, of the wrong type or out of its range; the message names it."""


@dataclass(frozen=True)
class CorpusConfig:
    path: str = "corpus"
    seconds_per_file: int = 3600
    follow_seconds: int = 5
    corrections: str = "data/corrections.yaml"
    trash: str = "data/trash"


@dataclass(frozen=True)
class IndexConfig:
    path: str = "data/index"
    backend: str = "faiss"
    kind: str = "auto"
    uri: str = ""
    collection: str = "gongwen"
    token_env: str = "MILVUS_TOKEN"
    timeout_seconds: int = 30


@dataclass(frozen=True)
class EncoderConfig:
    """None: the known-good value of index/known_encoders.py, else the model's own."""

    model: str = "models/gongwen-static"
    query_prompt: str | None = None
    passage_prompt: str | None = None
    dimension: int | None = None
    max_length: int | None = None
    normalise: bool = True
    backend: str = "torch"
    device: str = "cpu"
    batch_size: int = 64
    trust_remote_code: bool = False


@dataclass(frozen=True)
class ChunkConfig:
    size: int = 360
    overlap: int = 0


@dataclass(frozen=True)
class SearchConfig:
    top_k: int = 30
    dense_weight: float = 0.35
    candidates: int = 200


@dataclass(frozen=True)
class RerankerConfig:
    model: str = "models/gongwen-rerank"
    depth: int = 100
    max_length: int | None = None
    batch_size: int = 32
    device: str = "cpu"
    trust_remote_code: bool = False


@dataclass(frozen=True)
class AnswererConfig:
    kind: str = "extractive"
    reader: str = "models/gongwen-reader"
    judge: str = "models/gongwen-judge"
    model: str = ""
    base_url: str = ""
    api_key_env: str = "OPENAI_API_KEY"
    max_new_tokens: int = 400
    timeout_seconds: int = 60
    connect_seconds: int = 5
    retries: int = 2


@dataclass(frozen=True)
class QaConfig:
    home_issuer: str = ""
    max_citations: int = 6


@dataclass(frozen=True)
class WebConfig:
    """asks_per_minute None: 120 where people log in, no limit on this machine alone."""

    host: str = "127.0.0.1"
    port: int = 7860
    language: str = "zh"
    open_browser: bool = False
    max_question_chars: int = 1000
    database: str = "sqlite:///data/records.db"
    max_upload_mb: int = 100
    access: str = "none"
    public_host: str = ""
    trusted_proxies: str = ""
    proxy_header: str = "X-Remote-User"
    proxy_role_header: str = ""
    proxy_editors: str = ""
    session_idle_minutes: int = 180
    session_hours: int = 12
    asks_per_minute: int | None = None
    audit_days: int = 365
    answers_at_once: int = 0
    answers_waiting: int = 100
    mcp: bool = False


@dataclass(frozen=True)
class PrivacyConfig:
    mask_mobile_numbers: bool = True


@dataclass(frozen=True)
class Config:
    """All settings; `root` is the folder that relative paths are taken from."""

    root: Path = PROJECT_ROOT
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    index: IndexConfig = field(default_factory=IndexConfig)
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    chunk: ChunkConfig = field(default_factory=ChunkConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    reranker: RerankerConfig = field(default_factory=RerankerConfig)
    answerer: AnswererConfig = field(default_factory=AnswererConfig)
    qa: QaConfig = field(default_factory=QaConfig)
    web: WebConfig = field(default_factory=WebConfig)
    privacy: PrivacyConfig = field(default_factory=PrivacyConfig)

    def resolve(self, path: str) -> Path:
        """Return `path` as it is when absolute, else below the folder of the config file."""
        return Path(path) if Path(path).is_absolute() else self.root / path

    @property
    def reading_cache(self) -> Path:
        """The folder that keeps what the files of the corpus held, beside the index."""
        return self.resolve(self.index.path) / "read"

    @property
    def corrections_file(self) -> Path:
        """The file that keeps what people put right by hand; it need not exist."""
        return self.resolve(self.corpus.corrections)

    @property
    def encoder_folder(self) -> Path:
        """The folder that encoder.model names, beside the config file or in the project; it need not exist."""
        return self._model_folder(self.encoder.model)

    @property
    def reranker_folder(self) -> Path:
        """The folder that reranker.model names, in the same way."""
        return self._model_folder(self.reranker.model)

    @property
    def reader_folder(self) -> Path:
        """The folder that answerer.reader names, in the same way."""
        return self._model_folder(self.answerer.reader)

    @property
    def judge_folder(self) -> Path | None:
        """The folder that answerer.judge names, in the same way; None where it is ""."""
        return self._model_folder(self.answerer.judge) if self.answerer.judge else None

    def _model_folder(self, model: str) -> Path:
        beside = self.resolve(model)
        return beside if beside.is_dir() else PROJECT_ROOT / model


SECTIONS: dict[str, type] = {
    "corpus": CorpusConfig, "index": IndexConfig, "encoder": EncoderConfig, "chunk": ChunkConfig,
    "search": SearchConfig, "reranker": RerankerConfig, "answerer": AnswererConfig, "qa": QaConfig, "web": WebConfig,
    "privacy": PrivacyConfig,
}  # fmt: skip
CORPUS_PATHS = ("path", "corrections", "trash")
CHOICES = {
    ("encoder", "backend"): ("torch", "onnx", "openvino"),
    ("index", "backend"): ("faiss", "milvus"),
    ("index", "kind"): ("auto", "flat", "hnsw", "ivf"),
    ("answerer", "kind"): ("extractive", "transformers", "openai"),
    ("web", "language"): ("zh", "en"),
    ("web", "access"): ("none", "users", "proxy"),
}
RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("corpus", "seconds_per_file"): (1, 86400),
    ("corpus", "follow_seconds"): (0, 86400),
    ("index", "timeout_seconds"): (1, 3600),
    ("encoder", "dimension"): (1, 65536),
    ("encoder", "max_length"): (8, 1_000_000),
    ("encoder", "batch_size"): (1, 4096),
    ("chunk", "size"): (50, 4000),
    ("chunk", "overlap"): (0, 1000),
    ("search", "top_k"): (1, 1000),
    ("search", "dense_weight"): (0, 1),
    ("search", "candidates"): (10, 10_000),
    ("reranker", "depth"): (1, 1000),
    ("reranker", "max_length"): (8, 1_000_000),
    ("reranker", "batch_size"): (1, 100_000),
    ("answerer", "max_new_tokens"): (1, 8192),
    ("answerer", "timeout_seconds"): (1, 3600),
    ("answerer", "connect_seconds"): (1, 3600),
    ("answerer", "retries"): (0, 10),
    ("qa", "max_citations"): (1, 50),
    ("web", "port"): (1, 65535),
    ("web", "max_question_chars"): (10, 100_000),
    ("web", "max_upload_mb"): (1, 10_000),
    ("web", "session_idle_minutes"): (1, 100_000),
    ("web", "session_hours"): (1, 10_000),
    ("web", "asks_per_minute"): (0, 1_000_000),
    ("web", "audit_days"): (1, 10_000),
    ("web", "answers_at_once"): (0, 1000),
    ("web", "answers_waiting"): (1, 10_000),
}


def load_config(path: str | Path | None = None) -> Config:
    """Return the defaults overlaid with `path` (a YAML mapping; only what differs need be named).

    None reads config.yaml of the project where there is one. Raises ConfigError naming file, key, found and expected.
    """
    file = Path(path) if path is not None else PROJECT_ROOT / "config.yaml"
    if path is None and not file.exists():
        return Config()
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(
            f"{file}: cannot be read as YAML ({error}); see config.yaml of the project."
        ) from error
    return parse_config(raw, root=file.resolve().parent, name=str(file))


def parse_config(raw: object, *, root: Path, name: str) -> Config:
    """Return the Config that a parsed YAML mapping stands for; `name` is the file as errors call it."""
    if not isinstance(raw, Mapping):
        raise ConfigError(f"{name}: expected sections such as 'corpus:', found {type(raw).__name__}.")
    unknown = [key for key in raw if key not in SECTIONS]
    if unknown:
        raise ConfigError(f"{name}: unknown section {unknown[0]!r}; known: {', '.join(SECTIONS)}.")
    parts = {key: _section(name, key, raw[key] or {}) for key in raw}
    if "path" not in (raw.get("corpus") or {}):  # a file that names no corpus asks the project's own
        corpus = parts.get("corpus", CorpusConfig())
        own = {name: str(PROJECT_ROOT / getattr(CorpusConfig, name)) for name in CORPUS_PATHS}
        named = raw.get("corpus") or {}
        parts["corpus"] = replace(corpus, **{name: path for name, path in own.items() if name not in named})
        if "path" not in (raw.get("index") or {}):
            index = parts.get("index", IndexConfig())
            parts["index"] = replace(index, path=str(PROJECT_ROOT / IndexConfig.path))
    return Config(root=root, **parts)


def _section(name: str, section: str, values: object) -> Any:
    if not isinstance(values, Mapping):
        raise ConfigError(f"{name}: section {section!r} must be a mapping, found {type(values).__name__}.")
    cls = SECTIONS[section]
    types = get_type_hints(cls)  # of one type, or of one type and None
    for key, value in values.items():
        if key not in types:
            raise ConfigError(f"{name}: unknown key '{section}.{key}'; known: {', '.join(types)}.")
        kinds = get_args(types[key]) or (types[key],)
        if value is not None or type(None) not in kinds:
            _check(f"{name}: {section}.{key}", (section, key), value, kinds[0])
    return cls(**{key: float(value) if types[key] is float else value for key, value in values.items()})


def _check(where: str, key: tuple[str, str], value: object, expected: type) -> None:
    numeric = expected is float and isinstance(value, int) and not isinstance(value, bool)
    exact = isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
    if not (exact or numeric):
        raise ConfigError(f"{where}: expected {expected.__name__}, found {value!r}.")
    if key in CHOICES and value not in CHOICES[key]:
        raise ConfigError(f"{where}: expected one of {', '.join(CHOICES[key])}, found {value!r}.")
    if key in RANGES and isinstance(value, int | float) and not RANGES[key][0] <= value <= RANGES[key][1]:
        low, high = RANGES[key]
        raise ConfigError(f"{where}: expected {low} to {high}, found {value!r}.")
