"""OpenAI's and MCP's own clients, Gradio's, and a browser's stream, each against a really running server."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from gradio_client import Client as GradioClient
from mcp import Client as McpClient

from tests.fakes import FakeAssistant, services
from tests.ways import served
from web.api.openai_models import MODEL
from web.load import (
    Asked,
    asked_at_once,
    asked_of,
    connected_by_gradio,
    connected_by_http,
    figures,
    share_within,
)
from web.mcp import main as serve_tools

QUESTION = "平谷区政府常务会议多久召开一次？"
CITED = "《北京市平谷区人民政府工作规则》（京平政发〔2023〕2号）第四十一条"


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def fake_url(fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that answers one question at a time and lets one wait."""
    parts = services(fake, tmp_path_factory.mktemp("ways"), answers_at_once=1, answers_waiting=1, mcp=True)
    with served(parts) as url:
        yield url


def chat(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


# -- OpenAI -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_openais_client_gets_an_answer_its_citations_and_a_follow_up(ways_url: str):
    client = chat(ways_url)
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).id == MODEL
    told = client.chat.completions.create(
        model=MODEL, messages=[{"role": "system", "content": "简短。"}, {"role": "user", "content": QUESTION}],
        temperature=0, max_tokens=5, tools=[], seed=1,
    )  # fmt: skip
    message: Any = told.choices[0].message
    assert "每周召开1次" in (message.content or "") and f"〔1〕{CITED}" in (message.content or "")
    assert message.citations[0]["label"] == "第四十一条"
    assert told.usage is not None and told.usage.completion_tokens == len(message.content)
    parts = [{"type": "text", "text": "那通州呢？"}]
    follow_up: Any = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": message.content},
            {"role": "user", "content": parts},  # type: ignore[list-item,misc]
        ],
    )
    assert follow_up.choices[0].message.citations[0]["doc_no"] == "通政发〔2022〕1号"
    assert "按上文理解为" in follow_up.choices[0].message.content


@pytest.mark.slow
def test_openais_client_streams_the_same_answer(ways_url: str):
    client = chat(ways_url)
    asked: Any = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
    whole: Any = client.chat.completions.create(**asked)
    chunks: list[Any] = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].choices[0].delta.citations == whole.choices[0].message.citations
    assert chunks[-1].usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "model_not_found"),
        ({"messages": []}, openai.BadRequestError, "invalid"),
        ({"messages": [{"role": "assistant", "content": "好"}]}, openai.BadRequestError, "invalid"),
        (
            {"messages": [{"role": "user", "content": "长" * 1001}]},
            openai.BadRequestError,
            "question_too_long",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            openai.BadRequestError,
            "invalid",
        ),
        ({"messages": [{"role": "user", "content": "坏"}]}, openai.InternalServerError, "internal"),
    ],
)
def test_openais_client_raises_its_own_errors(
    fake_url: str, changes: dict, error: type[openai.APIStatusError], code: str
):
    asked: Any = {"model": MODEL, "messages": [{"role": "user", "content": "问"}], **changes}
    with pytest.raises(error) as raised:
        chat(fake_url).chat.completions.create(**asked)
    assert raised.value.code == code
    assert isinstance(raised.value.body, dict) and set(raised.value.body) == {
        "message",
        "type",
        "param",
        "code",
    }


# -- MCP ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_mcps_client_asks_searches_reads_lists_and_checks(ways_url: str):
    async def talk() -> dict[str, Any]:
        async with McpClient(f"{ways_url}/mcp") as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {
                "ask",
                "search_provisions",
                "get_provision",
                "list_documents",
                "check_validity",
            }
            assert all(tool.description and tool.output_schema for tool in tools.values())
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
            calls: tuple[tuple[str, dict[str, Any]], ...] = (
                ("ask", {"question": "那通州呢？", "history": [{"role": "user", "content": QUESTION}]}),
                ("search_provisions", {"question": "常务会议", "districts": ["西城"], "k": 2}),
                ("get_provision", {"provision_id": "京平政发[2023]2号#第四十一条"}),
                ("list_documents", {"words": "工作规则", "limit": 1}),
                ("check_validity", {"document": "京平政发〔2023〕2号", "as_of": "2020-01-01"}),
            )
            told = {}
            for name, arguments in calls:
                result = await client.call_tool(name, arguments)
                assert not result.is_error, result.content
                told[name] = result.structured_content
            return told

    told = asyncio.run(talk())
    assert told["ask"]["citations"][0]["doc_no"] == "通政发〔2022〕1号"
    assert {hit["doc_no"] for hit in told["search_provisions"]["hits"]} == {"西政发〔2018〕4号"}
    assert told["get_provision"]["text"].startswith("第四十一条")
    assert told["list_documents"]["total"] > 1 and len(told["list_documents"]["documents"]) == 1
    assert told["check_validity"]["status"] == "not_yet"


@pytest.mark.slow
def test_a_wrong_call_is_told_to_the_model_in_words(ways_url: str):
    async def talk() -> list[str]:
        async with McpClient(f"{ways_url}/mcp") as client:
            words = []
            for name, arguments in (
                ("get_provision", {"provision_id": "京平政发〔2023〕2号#第九百条"}),
                ("search_provisions", {"question": "会议", "districts": ["火星"]}),
                ("list_documents", {"limit": 0}),
                ("ask", {"question": " "}),
            ):
                result = await client.call_tool(name, arguments)
                assert result.is_error
                words.append(str(result.content[0]))
            return words

    no_provision, no_district, no_limit, no_question = asyncio.run(talk())
    assert "no provision" in no_provision
    assert "火星" in no_district and "平谷" in no_district
    assert "limit" in no_limit
    assert "empty" in no_question


def test_mcp_answers_only_to_this_machines_names_and_only_where_it_is_asked_for(
    fake_url: str, tmp_path: Path
):
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    headers = {"Accept": "application/json, text/event-stream"}
    for changed, status in (
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({}, 200),
    ):
        assert httpx.post(f"{fake_url}/mcp", json=ping, headers=headers | changed).status_code == status
    with served(services(FakeAssistant(), tmp_path)) as url:
        assert httpx.post(f"{url}/mcp", json=ping, headers=headers).status_code in (404, 405)


# -- the stream, and too many at once -----------------------------------------------------------------------


def test_closing_a_stream_ends_the_work_on_the_answer(fake_url: str, fake: FakeAssistant):
    question = "慢慢流"
    with httpx.stream("POST", f"{fake_url}/api/v1/ask/stream", json={"question": question}) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: progress"
        assert json.loads(next(lines).removeprefix("data: "))["text"].startswith("每周召开1次")
        assert question not in fake.closed
    while question not in fake.closed:  # the time limit of the test run is the limit here
        time.sleep(0.02)


def test_who_comes_when_too_many_wait_is_told_to_come_again_and_the_others_are_answered(
    fake_url: str, fake: FakeAssistant
):
    quick = {"question": "多久？"}
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(timeout=20))
        slow = stack.enter_context(
            httpx.stream("POST", f"{fake_url}/api/v1/ask/stream", json={"question": "慢慢答"})
        )
        lines = slow.iter_lines()  # kept: the connection ends with it
        next(lines)  # it holds the only place
        waiting: list[int] = []
        thread = threading.Thread(
            target=lambda: waiting.append(
                httpx.post(f"{fake_url}/api/v1/ask", json=quick, timeout=20).status_code
            )
        )
        thread.start()
        while "gongwen_waiting 1.0" not in client.get(f"{fake_url}/metrics").text:
            time.sleep(0.02)
        refused = client.post(f"{fake_url}/api/v1/ask", json=quick)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
        with pytest.raises(openai.InternalServerError) as raised:
            chat(fake_url).chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "问"}])
        assert raised.value.status_code == 503
        assert client.get(f"{fake_url}/health").status_code == 200
        slow.close()
        thread.join(timeout=20)
    assert waiting == [200]


# -- nothing there ------------------------------------------------------------------------------------------


def test_an_address_of_nothing_is_a_page_for_a_person_and_a_line_for_a_program(fake_url: str):
    for language, said in (("zh", "没有这个网页"), ("en", "No such page")):
        answer = httpx.get(
            f"{fake_url}/nope", headers={"accept": "text/html"}, cookies={"gongwen-language": language}
        )
        assert answer.status_code == 404 and said in answer.text and 'href="/"' in answer.text
    assert httpx.get(f"{fake_url}/nope").json() == {"detail": "Not Found"}
    assert httpx.get(f"{fake_url}/", headers={"accept": "text/html"}).status_code == 200


# -- Gradio -------------------------------------------------------------------------------------------------


def test_gradios_client_gets_the_answer_and_a_refusal_in_words(fake_url: str, fake: FakeAssistant):
    client = GradioClient(fake_url, verbose=False)
    assert client.predict("多久？", [["甲区呢？", "每周"]], api_name="/ask")["status"] == "answered"
    assert fake.histories[-1] == [("甲区呢？", "每周")]
    with pytest.raises(Exception, match="the question is empty"):
        client.predict("", api_name="/ask")
    assert list(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == ["/ask"]
    for path in ("upload", "file=/etc/passwd", "run/ask", "call/ask"):
        assert httpx.post(f"{fake_url}/gradio_api/{path}", json={"data": []}).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("connected", [connected_by_http, connected_by_gradio])
def test_of_many_who_ask_at_once_none_is_lost(connected: Any, ways_url: str):
    run = asked_at_once(
        lambda: connected(ways_url), cycle([QUESTION, "西城区的呢？"]), people=20, each=2, pause=0
    )
    assert len(run) == 40
    assert [asked.lost for asked in run if asked.lost] == []
    assert share_within(run, 60) == 1
    assert "0 lost" in figures(run)


def test_a_run_is_told_in_figures():
    run = [*(Asked(0.1 * i) for i in range(1, 20)), Asked(0.05, lost="503 busy")]
    assert figures(run) == "20 questions: p50 1000 ms, p95 1900 ms, 50.0% within 1 s, 1 lost"
    assert asked_of(lambda question: "503 busy" if question == "乙" else "answered", ["甲", "乙"])[1].lost


def test_the_tools_do_not_start_with_a_wrong_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "wrong.yaml").write_text("web: {mpc: true}\n", encoding="utf-8")
    assert serve_tools(["--config", str(tmp_path / "wrong.yaml")]) == 2
    captured = capsys.readouterr()
    assert "web.mpc" in captured.err and captured.out == ""
