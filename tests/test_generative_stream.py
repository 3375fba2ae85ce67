"""A model's answer while it is written, and a server that fails on the way."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from qa.answer import Answer, Progress
from qa.assistant import Assistant
from tests.chat_models import chunk, loopback_only  # noqa: F401 (an autouse fixture)
from tests.two_districts import HOW_OFTEN, TRUE, config_of, is_extract

pytest_plugins = ["tests.two_districts"]

# --- while it writes ---


def test_only_checked_sentences_are_shown_while_the_model_writes(assistant, server):
    server.reply = f"{TRUE}常务会议每周召开9次。[1]议题材料应提前3个工作日报送区政府办公室。[1]"
    *before, answer = assistant.stream(HOW_OFTEN)
    shown = list(dict.fromkeys(item.text for item in before))
    assert shown == ["", "常务会议一般每周召开1次，必要时随时召开。〔1〕"]
    assert isinstance(answer, Answer)
    assert "3个工作日" in answer.text and "9次" not in answer.text
    assert answer.notes == ("模型的回答中有1句没有通过与原文的核对，已删去。",)


def test_closing_the_stream_of_an_answer_hangs_up_on_the_server(assistant, server):
    broke = threading.Event()

    def endless(handler) -> None:
        handler.start_stream()
        try:
            while not server.stopped.wait(0.02):
                handler.send_event(chunk("字"))
        except OSError:
            broke.set()

    server.respond = endless
    items = assistant.stream(HOW_OFTEN)
    assert isinstance(next(items), Progress)
    items.close()
    assert broke.wait(5)


def test_an_answer_that_needs_no_model_comes_at_once(assistant, server):
    (answer,) = assistant.stream("甲政发〔2023〕2号第二条")
    assert isinstance(answer, Answer)
    assert server.requests == []


def test_what_was_said_before_is_not_sent_but_the_question_as_it_stands_alone(assistant, server):
    server.reply = "常务会议一般每周召开2次。[1]"
    before = ("甲山区政府常务会议多久召开一次？", "以前的回答，内有他人的隐私。")
    answer = assistant.ask("那乙川区呢？", history=[before])
    system, user = (message["content"] for message in server.requests[0]["messages"])
    assert "隐私" not in system + user
    assert "乙川区政府常务会议多久召开一次" in user
    assert answer.notes[0].startswith("按上文理解为：")


# --- a server that fails ---


@pytest.mark.parametrize(
    "status, note, asked",
    [
        (500, "模型服务返回错误", 3),
        (429, "模型服务繁忙", 3),
        (401, "模型服务不接受密钥", 1),
        (404, "模型服务没有这个模型或地址", 1),
        (400, "模型服务返回错误", 1),
    ],
)
def test_a_bad_status_is_named_in_the_note_and_tried_again_where_that_may_help(
    assistant, server, status, note, asked
):
    server.status = [status]
    assert is_extract(assistant.ask(HOW_OFTEN), f"{note}（{status}），以下为原文摘录。")
    assert len(server.requests) == asked


def test_a_redirect_is_not_followed(assistant, server):
    server.respond = lambda handler: handler.send(307, "", Location="http://203.0.113.1/v1/chat/completions")
    assert is_extract(assistant.ask(HOW_OFTEN), "模型服务返回错误（307），以下为原文摘录。")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "no json",
        "[1]",
        '{"choices": []}',
        '{"choices": [{"index": 0}]}',
        '{"choices": [{"message": {"content": 7}}]}',
    ],
)
def test_a_body_that_is_no_chat_completion_gives_way_to_the_extractive_answer(assistant, server, body):
    server.respond = lambda handler: handler.send(200, body)
    assert is_extract(assistant.ask(HOW_OFTEN), "模型服务的回答无法读取，以下为原文摘录。")


def test_a_server_that_hangs_is_given_up_at_the_time_limit(extractive, folder, server):
    server.respond = lambda handler: server.stopped.wait(30)
    settings = config_of(folder, kind="openai", model="m", base_url=server.url, timeout_seconds=1)
    assistant = Assistant(extractive.index, settings)
    started = time.monotonic()
    assert is_extract(assistant.ask(HOW_OFTEN), "模型服务超时，以下为原文摘录。")
    assert 1.0 <= time.monotonic() - started < 10.0
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_gives_way_to_the_extractive_answer(extractive, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    assistant = Assistant(extractive.index, config_of(folder, kind="openai", model="m", base_url=url))
    assert is_extract(assistant.ask(HOW_OFTEN), "连接不上模型服务，以下为原文摘录。")
