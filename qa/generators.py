"""A config in, its generator out: a local transformers model, or a server that speaks the OpenAI protocol."""

from __future__ import annotations

from config import Config, ConfigError
from qa.generation import Generator
from qa.generator_local import TransformersGenerator
from qa.generator_server import OpenAIGenerator


def generator_from_config(config: Config) -> Generator:
    """Return the generator that `config.answerer` names; nothing is loaded or asked yet. Raises ConfigError."""
    settings = config.answerer
    if not settings.model:
        raise ConfigError(f"answerer.model: expected a model for answerer.kind {settings.kind!r}, found ''.")
    if settings.kind == "openai":
        return OpenAIGenerator(
            settings.base_url, settings.model, settings.api_key_env, settings.timeout_seconds,
            connect=settings.connect_seconds, retries=settings.retries,
        )  # fmt: skip
    folder = config.resolve(settings.model)
    name = str(folder) if folder.is_dir() else settings.model
    return TransformersGenerator(name, config.encoder.device, max_seconds=settings.timeout_seconds)
