"""A server of the OpenAI protocol and a local model, each asked directly."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from qa.generation import Generator, GeneratorError
from qa.generator_local import TransformersGenerator
from qa.generator_server import OpenAIGenerator
from qa.prompt import Message
from tests.chat_models import ScriptedServer, loopback_only, save_tiny_chat_model  # noqa: F401 (an autouse fixture)


def written(generator: Generator, messages: list[Message], tokens: int) -> str:
    return "".join(generator.stream(messages, max_new_tokens=tokens))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tiny-chat")
    save_tiny_chat_model(target)
    return target


def test_a_server_that_drips_is_given_up_at_the_time_limit(server):
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not server.stopped.wait(0.1):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    server.respond = drip
    started = time.monotonic()
    with pytest.raises(GeneratorError, match="timeout_seconds"):
        written(OpenAIGenerator(server.url, "m", "OPENAI_API_KEY", 0.5), [Message("user", "?")], 5)
    assert time.monotonic() - started < 3.0


def test_the_key_is_read_from_the_environment_and_a_placeholder_is_sent_without_one(server, monkeypatch):
    server.reply = "好。"
    ask = [Message("user", "?")]
    assert written(OpenAIGenerator(server.url, "m", "MY_KEY", 5), ask, 5) == "好。"
    monkeypatch.setenv("MY_KEY", "secret")
    written(OpenAIGenerator(server.url, "m", "MY_KEY", 5), ask, 7)
    assert server.keys == ["Bearer none", "Bearer secret"]
    assert (server.requests[1]["max_tokens"], server.requests[1]["temperature"]) == (7, 0)


def test_a_local_model_answers_greedily_and_keeps_to_its_number_of_tokens(tiny_model):
    generator = TransformersGenerator(str(tiny_model), "cpu")
    ask = [Message("system", "规则"), Message("user", "问题")]
    first = written(generator, ask, 12)
    assert first == written(generator, ask, 12)
    assert first.strip()
    assert "规则" not in first  # what it was asked is no part of what it answered
    longer = written(generator, ask, 40)
    # The first tokens are the same ones; a character that was cut in half decodes to U+FFFD.
    assert longer.startswith(first.rstrip("\ufffd"))
    assert len(longer) > len(first)


def test_a_model_that_is_not_there_is_named_with_its_setting_and_nothing_is_downloaded():
    generator = TransformersGenerator("no-such/chat-model", "cpu")
    with pytest.raises(GeneratorError, match=r"answerer\.model: 'no-such/chat-model' cannot be loaded"):
        written(generator, [Message("user", "?")], 5)


def test_a_model_without_a_chat_template_is_refused_by_name(tiny_model, tmp_path):
    plain = tmp_path / "plain"
    shutil.copytree(tiny_model, plain)
    (plain / "chat_template.jinja").unlink()
    with pytest.raises(GeneratorError, match="has no chat template"):
        written(TransformersGenerator(str(plain)), [Message("user", "?")], 5)


def test_a_question_longer_than_the_models_context_is_refused(tiny_model):
    with pytest.raises(GeneratorError, match="reads 8192 tokens"):
        written(TransformersGenerator(str(tiny_model)), [Message("user", "问")], 8192)
