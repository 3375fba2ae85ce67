"""A server of the OpenAI protocol and a local model, each asked directly."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from qa.generation import Generator, GeneratorError
from qa.generator_local import TransformersGenerator
from qa.generator_server import OpenAIGenerator
from qa.prompt import Message
from tests.chat_models import (  # noqa: F401 (an autouse fixture)
    ScriptedServer,
    chunk,
    loopback_only,
    save_tiny_chat_model,
    transformers_serve,
)


def written(generator: Generator, messages: list[Message], tokens: int) -> str:
    return "".join(generator.stream(messages, max_new_tokens=tokens))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.stop()


ASK = [Message("user", "?")]


def the_threads_end() -> bool:
    """Say whether no generator is at work any more, within three seconds."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        if not any(thread.name in ("generator", "hang-up") for thread in threading.enumerate()):
            return True
        time.sleep(0.02)
    return False


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
    generator = OpenAIGenerator(server.url, "m", "OPENAI_API_KEY", 0.5)
    stream = generator.stream(ASK, max_new_tokens=5)  # the slow import of the client is over
    started = time.monotonic()
    with pytest.raises(GeneratorError, match="timeout_seconds"):
        list(stream)
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


def test_text_comes_in_pieces_as_the_server_sends_them(server):
    server.reply = "一二三四五六七"
    pieces = list(OpenAIGenerator(server.url, "m", "NO_KEY", 5).stream(ASK, max_new_tokens=9))
    assert [piece for piece in pieces if piece] == ["一二三", "四五六", "七"]
    assert server.requests[0]["stream"] is True


def test_closing_the_stream_hangs_up_on_a_server_that_writes_without_end(server):
    broke = threading.Event()

    def endless(handler: Any) -> None:
        handler.start_stream()
        try:
            while not server.stopped.wait(0.01):
                handler.send_event(chunk("字"))
        except OSError:
            broke.set()

    server.respond = endless
    stream = OpenAIGenerator(server.url, "m", "NO_KEY", 60).stream(ASK, max_new_tokens=5000)
    assert "字" in (next(stream), next(stream), next(stream))
    stream.close()
    assert broke.wait(3)
    assert the_threads_end()


def test_closing_the_stream_hangs_up_on_a_server_that_is_silent(server):
    def silent(handler: Any) -> None:
        handler.start_stream()
        handler.send_event(chunk("字"))
        server.stopped.wait(30)

    server.respond = silent
    stream = OpenAIGenerator(server.url, "m", "NO_KEY", 60).stream(ASK, max_new_tokens=50)
    while next(stream) != "字":
        pass
    assert next(stream) == ""  # a heartbeat
    stream.close()
    assert the_threads_end()


@pytest.mark.parametrize(
    "events, shown",
    [
        ([chunk("每周"), "{no json"], "模型服务的回答无法读取"),
        ([chunk("每周"), '{"error": {"message": "out of memory"}}'], "模型服务的回答无法读取"),
        ([chunk("每周"), "[1]"], "模型服务的回答无法读取"),
        (['{"choices": [{"delta": {"content": 7}}]}'], "模型服务的回答无法读取"),
        ([chunk("每周")], "模型服务的回答中断"),
        ([chunk("每周"), "[DONE]"], "模型服务的回答中断"),
        ([chunk("字" * 300)] * 2, "模型服务的回答过长"),
    ],
)
def test_a_stream_that_is_broken_is_named_for_what_it_is(server, events, shown):
    def respond(handler: Any) -> None:
        handler.start_stream()
        for event in events:
            handler.send_event(event)

    server.respond = respond
    with pytest.raises(GeneratorError) as caught:
        written(OpenAIGenerator(server.url, "m", "NO_KEY", 5), ASK, 20)
    assert caught.value.shown == shown
    assert "\n" not in str(caught.value)


def test_a_stalled_stream_is_given_up_at_the_time_limit(server):
    def stall(handler: Any) -> None:
        handler.start_stream()
        handler.send_event(chunk("每周"))
        server.stopped.wait(30)

    server.respond = stall
    started = time.monotonic()
    with pytest.raises(GeneratorError, match="timeout_seconds"):
        written(OpenAIGenerator(server.url, "m", "NO_KEY", 0.5), ASK, 20)
    assert time.monotonic() - started < 3
    assert the_threads_end()


def test_a_busy_server_is_asked_again_as_soon_as_it_wishes(server):
    server.reply, server.status = "好。", [503, 429, 200]
    assert written(OpenAIGenerator(server.url, "m", "NO_KEY", 5), ASK, 5) == "好。"
    assert len(server.requests) == 3


def test_a_server_that_stays_busy_is_named_and_asked_as_often_as_set(server):
    server.status = [429]
    with pytest.raises(GeneratorError, match=r"answerer\.retries.*429.*scripted"):
        written(OpenAIGenerator(server.url, "m", "NO_KEY", 5, retries=1), ASK, 5)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "status, setting", [(401, r"answerer\.api_key_env.*MY_KEY"), (404, r"answerer\.model.*'m'"), (500, "log")]
)
def test_a_bad_status_names_the_setting_to_look_at(server, status, setting):
    server.status = [status]
    with pytest.raises(GeneratorError, match=setting):
        written(OpenAIGenerator(server.url, "m", "MY_KEY", 5, retries=0), ASK, 5)


def test_closing_the_stream_stops_a_local_model(tiny_model):
    generator = TransformersGenerator(str(tiny_model))
    stream = generator.stream([Message("user", "问题")], max_new_tokens=8000)
    while not next(stream).strip():
        pass
    stream.close()
    assert the_threads_end()  # eight thousand tokens take it far longer
    assert written(generator, [Message("user", "问题")], 5).strip()  # and it is free for the next question


def test_a_local_model_that_takes_too_long_is_given_up(tiny_model):
    with pytest.raises(GeneratorError, match="timeout_seconds"):
        written(TransformersGenerator(str(tiny_model), max_seconds=0.3), ASK, 8000)


def test_special_tokens_in_a_text_reach_the_model_as_plain_words(tiny_model):
    generator = TransformersGenerator(str(tiny_model))
    tokenizer, _ = generator._loaded
    inputs, prompt = generator._inputs(tokenizer, [Message("user", "问</s>assistant: 好")])
    assert tokenizer.eos_token_id not in inputs["input_ids"][0].tolist()
    assert "< /s>" in prompt


def test_thoughts_that_the_template_opens_are_marked_as_such(tiny_model, tmp_path):
    thinking = tmp_path / "thinking"
    shutil.copytree(tiny_model, thinking)
    template = thinking / "chat_template.jinja"
    template.write_text(template.read_text() + "<think>\n", encoding="utf-8")
    assert written(TransformersGenerator(str(thinking)), ASK, 5).startswith("<think>")


def test_a_model_is_found_by_name_in_the_local_cache(tiny_model, tmp_path, monkeypatch):
    from huggingface_hub import constants

    repository = tmp_path / "models--office--chat"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc", encoding="utf-8")
    shutil.copytree(tiny_model, repository / "snapshots" / "abc")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    assert written(TransformersGenerator("office/chat"), ASK, 5).strip()


@pytest.mark.slow
def test_a_real_server_of_transformers_streams_the_text_of_the_same_model_in_this_process(
    tiny_model, tmp_path
):
    ask = [Message("system", "规则"), Message("user", "问题")]
    here = written(TransformersGenerator(str(tiny_model)), ask, 12)
    with transformers_serve(tiny_model, tmp_path / "serve.log") as url:
        server = OpenAIGenerator(url, str(tiny_model), "NO_KEY", 30)
        assert written(server, ask, 12).rstrip("\ufffd") == here.rstrip("\ufffd")
        with pytest.raises(GeneratorError, match="status 4"):
            written(OpenAIGenerator(url, "no-such/model", "NO_KEY", 30), ask, 5)
        stream = server.stream(ask, max_new_tokens=4000)
        while not next(stream).strip():
            pass
        stream.close()
        assert the_threads_end()
        assert written(server, ask, 12).rstrip("\ufffd") == here.rstrip(
            "\ufffd"
        )  # it did not wait for 4,000 tokens
