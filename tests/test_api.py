"""The HTTP interfaces: the one wire format, the one form of errors, what is masked, counted, limited, described."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.backend import Hit, IndexUnusable
from index.filters import Filter, UnknownFilterValue
from ingest.document import Chunk
from qa.answer import Answer, Progress, answer_to_json
from qa.citations import mask_mobile_numbers
from qa.facts import placed_numbers
from tests.fakes import RULES_TEXT, FakeAssistant, document, services
from web.api.chinese import CHINESE
from web.api.documentation import METHODS
from web.api.models import AnswerBody, Citation, CitedValidity, ComparedSide
from web.api.openai_routes import CORRECTED
from web.server import create_app

NUMBER = "甲政发〔2023〕2号"
MOBILE, MASKED = "13812345678", "138****5678"


class SearchingAssistant(FakeAssistant):
    """Finds the first provision; a document of it has a slash in its id and a mobile number in its text."""

    def __init__(self) -> None:
        super().__init__()
        text = f"{RULES_TEXT}\n第四条 联系电话{MOBILE}。"
        self.documents = (
            *self.documents,
            document("办法/2020@2020-01-01", doc_no=None, text=text, kind="办法"),
        )

    def search(self, question: str, k: int = 10, filter: Filter | None = None) -> list[Hit]:
        if "断" in question:
            raise IndexUnusable("the index is damaged")
        if filter and "丁" in filter.districts:
            raise UnknownFilterValue("no document of the corpus has the district '丁'; there are: 甲.")
        found = self.documents[2].provisions[3]
        chunk = Chunk(
            "c", found.document_id, found.provision_id, found.label, "", found.text, found.start, found.end
        )
        return [Hit(chunk, 0.75, 1, {"dense": 0.5})][:k]


@pytest.fixture(scope="module")
def fake() -> SearchingAssistant:
    return SearchingAssistant()


@pytest.fixture(scope="module")
def app(fake: SearchingAssistant, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    parts = services(fake, tmp_path_factory.mktemp("api"), max_question_chars=50)
    return create_app(replace(parts, mask=mask_mobile_numbers))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def events(body: str) -> list[tuple[str, dict]]:
    """Return the (name, data) of Server-Sent Events."""
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", body)
    return [(name, json.loads(data)) for name, data in found]


def test_an_answer_is_that_of_the_one_wire_format(client: TestClient, fake: FakeAssistant):
    response = client.post("/api/v1/ask", json={"question": "多久召开一次？"})
    assert response.status_code == 200
    assert response.json() == answer_to_json(fake.ask("多久召开一次？"))


def test_the_models_name_the_fields_of_the_wire_format_in_their_order(fake: FakeAssistant):
    told = answer_to_json(fake.ask("多久召开一次？"))
    assert list(AnswerBody.model_fields) == list(told)
    assert list(Citation.model_fields) == list(told["citations"][0])
    assert list(CitedValidity.model_fields) == list(told["citations"][0]["validity"])
    assert list(ComparedSide.model_fields) == ["name", "text", "marker"]


def test_history_day_and_documents_reach_the_assistant_and_the_explanation_is_given_when_asked_for(
    client: TestClient, fake: FakeAssistant
):
    asked = {
        "question": "那乙区呢？",
        "history": [["甲区呢？", "每周"]],
        "explain": True,
        "documents": [NUMBER],
    }
    told = client.post("/api/v1/ask", json={**asked, "as_of": "2020-01-01"}).json()
    assert fake.histories[-1] == [("甲区呢？", "每周")]
    assert told["explanation"]["step"] == "from_evidence"
    messages = [{"role": "user", "content": "甲区呢？"}, {"role": "assistant", "content": "每周"}]
    client.post("/api/v1/ask", json={"question": "那乙区呢？", "history": messages})
    assert fake.histories[-1] == [("甲区呢？", "每周")]


def test_nothing_found_is_an_answer(client: TestClient):
    response = client.post("/api/v1/ask", json={"question": "无依据"})
    assert (response.status_code, response.json()["status"]) == (200, "not_found")


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        ({"question": "  "}, 422, "invalid", "empty"),
        ({"question": "长" * 51}, 422, "question_too_long", "51 characters; at most 50"),
        ({}, 422, "invalid", "question: Field required"),
        ({"question": "问", "asof": "2020-01-01"}, 422, "invalid", "asof"),
        ({"question": "问", "as_of": 0}, 422, "invalid", "as_of: Value error, a day such as 2024-01-31"),
        ({"question": "问", "documents": ["没有"]}, 422, "invalid", "no document '没有'"),
        ({"question": "问", "history": [["  ", ""]]}, 422, "invalid", "history: entry 1"),
        ({"question": "问", "history": [["长" * 51, ""]]}, 422, "invalid", "history"),
        ({"question": "问", "history": [["问", "答"]] * 101}, 422, "invalid", "history"),
        ({"question": "\ud800"}, 422, "invalid", "question"),
        ({"question": "这是坏的"}, 500, "internal", "log"),
    ],
)
def test_a_wrong_request_gets_an_error_that_says_what_is_wrong(
    client: TestClient, body: dict, status: int, code: str, words: str
):
    for path in ("/api/v1/ask", "/api/v1/ask/stream"):
        response = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert response.status_code == status
        error = response.json()["error"]
        assert error["code"] == code
        assert words in error["message"]


def test_errors_of_the_server_framework_come_in_the_same_form(client: TestClient):
    headers = {"Content-Type": "application/json"}
    for response, status, code in (
        (client.post("/api/v1/ask", content="{", headers=headers), 400, "bad_request"),
        (client.get("/api/v1/ask"), 405, "method_not_allowed"),
        (client.get("/api/v1/nothing"), 404, "not_found"),
        (client.post("/api/v1/ask", content=b" " * (2 * 1024 * 1024), headers=headers), 413, "too_large"),
    ):
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert client.get("/api/v1/ask").headers["allow"] == "POST"


def test_a_stream_ends_in_the_answer(client: TestClient, fake: FakeAssistant):
    response = client.post("/api/v1/ask/stream", json={"question": "多久？", "explain": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    ((name, answer),) = events(response.text)
    assert name == "answer"
    assert answer.pop("explanation")["question"] == "多久？"
    assert answer == answer_to_json(fake.ask("多久？"))


def test_what_fails_within_a_stream_is_said_in_it(client: TestClient):
    response = client.post("/api/v1/ask/stream", json={"question": "谜", "explain": True})
    assert events(response.text)[-1][0] == "error"


def test_a_provision_is_read_by_its_quoted_id_and_its_mobile_numbers_are_masked(client: TestClient):
    name = "办法/2020@2020-01-01#第四条"
    told = client.get(f"/api/v1/provisions/{quote(name, safe='')}").json()
    assert told["provision_id"] == name
    assert MASKED in told["text"]
    assert told["document"]["kind"] == "办法"
    missing = client.get(f"/api/v1/provisions/{quote(name + '九', safe='')}")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "no_such_provision")


def test_a_document_is_read_whole_and_masked(client: TestClient):
    told = client.get(f"/api/v1/documents/{quote('办法/2020@2020-01-01', safe='')}").json()
    assert [provision["label"] for provision in told["provisions"]] == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
    ]
    last = told["provisions"][-1]
    assert told["text"][last["start"] : last["end"]] == last["text"]
    assert MASKED in last["text"]
    assert MOBILE not in json.dumps(told)
    assert client.get("/api/v1/documents/none").json()["error"]["code"] == "no_such_document"


def test_documents_are_listed_filtered_and_paged(client: TestClient):
    every = client.get("/api/v1/documents").json()
    assert (every["total"], len(every["documents"])) == (3, 3)
    paged = client.get("/api/v1/documents", params={"offset": 1, "limit": 1}).json()
    assert (paged["total"], paged["documents"]) == (3, every["documents"][1:2])
    ended = client.get("/api/v1/documents", params={"status": "repealed"}).json()["documents"]
    assert [item["document_id"] for item in ended] == ["甲政发〔2018〕7号"]
    kinds = client.get("/api/v1/documents", params={"kind": ["办法"], "words": "工作规则"}).json()[
        "documents"
    ]
    assert [item["document_id"] for item in kinds] == ["办法/2020@2020-01-01"]
    unknown = client.get("/api/v1/documents", params={"kind": "诗"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (422, "unknown_filter_value")
    assert "规则" in unknown.json()["error"]["message"]


def test_a_search_gives_hits_and_refuses_names_that_the_corpus_does_not_hold(client: TestClient):
    (hit,) = client.get("/api/v1/search", params={"question": "电话"}).json()["hits"]
    assert (hit["provision_id"], hit["score"], hit["parts"]) == (
        "办法/2020@2020-01-01#第四条",
        0.75,
        {"dense": 0.5},
    )
    assert MASKED in hit["text"]
    refused = client.get("/api/v1/search", params={"question": "电话", "district": "丁"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unknown_filter_value")
    assert "there are: 甲" in refused.json()["error"]["message"]


def test_validity_is_told_with_what_ended_it(client: TestClient):
    told = client.get(
        "/api/v1/validity", params={"document": "甲政发〔2018〕7号", "as_of": "2024-01-01"}
    ).json()
    assert (told["status"], told["by"], told["since"], told["as_of"]) == (
        "repealed", NUMBER, "2023-02-15", "2024-01-01",
    )  # fmt: skip


def test_health_is_ready_only_when_the_index_answers(
    client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
):
    told = client.get("/health").json()
    assert (told["status"], told["index_build"], told["documents"]) == ("ready", fake.index_build, 3)
    monkeypatch.setattr("web.api.system.PROBE", "断")
    unready = client.get("/health")
    assert (unready.status_code, unready.json()["error"]["code"]) == (503, "busy")
    assert "the index is damaged" in unready.json()["error"]["message"]


def test_metrics_count_requests_by_route_and_answers_by_status(tmp_path: Path):
    with TestClient(create_app(services(FakeAssistant(), tmp_path))) as client:
        client.post("/api/v1/ask", json={"question": "无"})
        client.get(f"/api/v1/documents/{NUMBER}")
        client.get("/api/v1/nothing")
        text = client.get("/metrics").text
    assert 'gongwen_answers_total{status="not_found"} 1.0' in text
    assert 'gongwen_requests_total{method="POST",route="/api/v1/ask",status="200"} 1.0' in text
    assert 'route="/api/v1/documents/{document_id:path}",status="200"' in text
    assert 'route="none",status="404"' in text
    assert 'gongwen_request_seconds_bucket{le="0.5",route="/api/v1/ask"}' in text
    assert f'gongwen_index{{build="{FakeAssistant.index_build}"}} 1.0' in text
    assert "gongwen_index_documents 2.0" in text


def test_the_schema_describes_every_route_and_field_and_the_page_says_it_in_chinese(client: TestClient):
    schema = client.get("/api/v1/openapi.json").json()
    described = [
        text for name, part in walked(schema) if name in ("summary", "description") and (text := part) != ""
    ]
    assert [text for text in described if text not in CHINESE] == []
    assert [text for text in CHINESE if text not in described] == []
    fields = [
        (name, field)
        for name, model in schema["components"]["schemas"].items()
        for field, told in model["properties"].items()
        if not told.get("description") and "$ref" not in told
    ]
    assert fields == []
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            assert method in METHODS
            assert {"401", "429"} <= set(operation["responses"])
    asked = schema["components"]["schemas"]["AskRequest"]["properties"]["question"]
    assert asked["maxLength"] == 50


def walked(schema: object) -> Iterator[tuple[str, str]]:
    """Yield every (key, string) of a schema, examples and properties' names left out."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if isinstance(value, str):
                yield key, value
            elif key not in ("examples", "example"):
                yield from walked(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from walked(item)


def test_the_page_of_the_interfaces_needs_no_other_host_and_speaks_both_languages(client: TestClient):
    chinese = client.get("/api/v1/docs").text
    assert "接口说明" in chinese and "检索条款" in chinese
    assert not re.search(r'(?:src|href)="(?:https?:)?//', chinese)
    client.cookies.set("gongwen-language", "en")
    english = client.get("/api/v1/docs").text
    client.cookies.delete("gongwen-language")
    assert "Search the provisions" in english and "检索条款" not in english
    for name in re.findall(r'href="#([^"]+)"', english):
        assert f'id="{name}"' in english


def test_a_row_of_digits_is_no_quantity():
    assert placed_numbers("9" * 5000) == []
    assert len(placed_numbers("9" * 30 + "元")) == 1


class WaveringAssistant(FakeAssistant):
    """Writes one thing and, where the question says so, answers another."""

    def stream(self, question: str, **_: object) -> Generator[Progress | Answer, None, None]:
        yield Progress("每周")
        yield Progress("每周召开")
        yield Answer(question, "answered", "每月召开。" if "改" in question else "每周召开1次。")


def test_what_a_model_writes_is_streamed_and_a_correction_is_said_to_be_one(tmp_path: Path):
    with TestClient(create_app(services(WaveringAssistant(), tmp_path))) as client:

        def pieces(question: str) -> list[str]:
            asked = {
                "model": "gongwen-qa",
                "stream": True,
                "messages": [{"role": "user", "content": question}],
            }
            lines = client.post("/v1/chat/completions", json=asked).text.split("\n\n")
            chunks = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
            assert lines[-2] == "data: [DONE]"
            return [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]

        assert pieces("多久？") == ["", "每周", "召开", "1次。", ""]
        assert pieces("改") == ["", "每周", "召开", f"{CORRECTED}每月召开。", ""]
        streamed = events(client.post("/api/v1/ask/stream", json={"question": "多久？"}).text)
    assert [name for name, _ in streamed] == ["progress", "progress", "answer"]
    assert streamed[1][1] == {"text": "每周召开"}
