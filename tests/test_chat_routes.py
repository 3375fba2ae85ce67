"""What the scripts of the chat page ask for, the index page around Gradio, exports and follow-up questions."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

import pytest
from docx import Document as WordDocument
from starlette.testclient import TestClient

from qa.answer import Answer, CitedValidity, ComparedSide
from tests.fakes import HOSTILE, FakeAssistant, citation, document, services
from web.access.people import VISITOR_COOKIE
from web.api.application import Interfaces
from web.chat.conversation import Turn
from web.chat.drawer import conversations_html
from web.chat.export import as_markdown, as_word
from web.chat.follow_ups import follow_ups
from web.chat.frame import FOREIGN_TAGS, FRAME_SCRIPT
from web.records.conversations import Conversation, Conversations
from web.records.feedback import FeedbackBook
from web.server import chat_page, create_app
from web.services import Services
from web.texts import EN, TEXTS, ZH

QUESTION = "多久召开一次？"
OWNER = "visitor:visitor-one-of-these-tests"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return services(FakeAssistant(), tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="module")
def client(parts: Services) -> Iterator[TestClient]:
    with TestClient(create_app(parts), cookies={VISITOR_COOKIE: OWNER.removeprefix("visitor:")}) as made:
        yield made


@pytest.fixture
def kept(parts: Services) -> tuple[str, str]:
    """The ids of a conversation and of its answered turn."""
    conversations = Conversations(parts.database)
    made = conversations.start(OWNER, QUESTION)
    answer = parts.assistant.ask(QUESTION)
    return made, conversations.keep(OWNER, made, number=0, question=QUESTION, answer=answer)[0]


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match
    return match[1]


def test_the_index_page_stands_in_its_frame_before_any_script_and_names_no_other_host(client: TestClient):
    answer = client.get("/")
    html = answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["content-encoding"] == "gzip"
    assert '<html lang="zh-CN"' in re.sub(r"\s+", " ", html)
    for words in (
        '<header class="head"',
        ZH.welcome,
        'href="/documents"',
        'id="drawer"',
        ZH.new_conversation,
    ):
        assert words in html
    assert "iframeResizer" not in html and "og:image" not in html and "manifest.json" not in html
    outside = set(
        re.findall(r"https?://[\w.-]+", re.sub(r"<script>window.gradio_config.*?</script>", "", html))
    )
    assert outside <= {"http://testserver"}


def test_gradio_takes_no_file_serves_no_folder_and_measures_nobody(client: TestClient, parts: Services):
    config = json.loads(found(r"window.gradio_config = (\{.*?\});</script>", client.get("/").text))
    assert config["analytics_enabled"] is False
    for language in TEXTS:
        blocks = chat_page(parts, language, Interfaces(parts).answering).routes[-1].app.get_blocks()  # type: ignore[attr-defined]
        assert (blocks.allowed_paths, blocks.max_file_size, blocks.analytics_enabled) == ([], 1, False)
        assert (blocks.share, blocks.enable_monitoring, blocks.mcp_server) == (False, None, False)
        assert "fonts.googleapis" not in blocks.theme_css and not blocks.theme._stylesheets
    for path in ("upload", "file=/etc/passwd", "proxy=http://x.com", "call/x"):
        assert client.get(f"/gradio_api/{path}").status_code == 404


def test_the_page_is_in_the_language_of_the_cookie(client: TestClient):
    client.cookies.set("gongwen-language", "en")
    try:
        html = client.get("/").text
    finally:
        client.cookies.delete("gongwen-language")
    assert EN.welcome in html and EN.placeholder in html and ZH.placeholder not in html
    assert '<html lang="en"' in re.sub(r"\s+", " ", html)


def test_what_has_a_name_of_its_bytes_is_kept_by_the_browser(client: TestClient):
    styles = found(r'href="(/static/chat.css\?v=\w+)"', client.get("/").text)
    assert client.get(styles).headers["cache-control"].endswith("immutable")
    assert client.get("/static/chat.css").headers["cache-control"] == "no-cache"
    script = found(r'src="\.(/assets/index-[\w-]+\.js)"', client.get("/").text)
    assert client.get(script).headers["cache-control"].endswith("immutable")


def test_a_conversation_is_found_renamed_and_deleted(client: TestClient, kept: tuple[str, str]):
    conversation, _ = kept
    assert f'data-id="{conversation}"' in client.get("/conversations", params={"words": "召开 多久"}).text
    assert conversation not in client.get("/conversations", params={"words": "没有的"}).text
    assert client.put(f"/conversations/{conversation}/title", json={"title": HOSTILE}).status_code == 204
    listed = client.get("/conversations").text
    assert "<script" not in listed and "&lt;script" in listed
    assert client.put(f"/conversations/{conversation}/title", json={"title": " "}).status_code == 422
    assert client.delete(f"/conversations/{conversation}").status_code == 204
    assert client.delete(f"/conversations/{conversation}").status_code == 404
    assert conversation not in client.get("/conversations").text


def test_nobody_else_reads_or_changes_a_conversation(
    client: TestClient, parts: Services, kept: tuple[str, str]
):
    conversation, turn = kept
    other = {"cookie": f"{VISITOR_COOKIE}=another-visitor-of-these-tests"}
    opinion = {"verdict": "right"}
    for method, path, body in (
        ("GET", f"/conversations/{conversation}.md", None),
        ("GET", f"/conversations/{conversation}.docx", None),
        ("PUT", f"/conversations/{conversation}/title", {"title": "我的"}),
        ("DELETE", f"/conversations/{conversation}", None),
        ("GET", f"/conversations/{conversation}/turns/{turn}/why", None),
        ("PUT", f"/conversations/{conversation}/turns/{turn}/feedback", opinion),
        ("DELETE", f"/conversations/{conversation}/turns/{turn}/feedback", None),
    ):
        refused = client.request(method, path, json=body, headers=other)
        assert (refused.status_code, refused.json()["detail"]) == (404, "这个对话不存在，或者已被删除。")
    assert conversation not in client.get("/conversations", headers=other).text
    assert Conversations(parts.database).opened(OWNER, conversation).title == QUESTION


def test_feedback_is_kept_with_its_answer_and_index(
    client: TestClient, parts: Services, kept: tuple[str, str]
):
    conversation, turn = kept
    path = f"/conversations/{conversation}/turns/{turn}/feedback"
    shown = client.put(path, json={"verdict": "incomplete", "word": f" {HOSTILE} "})
    assert "已评价：不完整" in shown.text and "<script" not in shown.text
    book = FeedbackBook(parts.database)
    given = book.given(OWNER, [turn])[turn]
    assert (given.verdict, given.word, given.index_build) == (
        "incomplete",
        HOSTILE,
        parts.assistant.index_build,
    )
    assert given.answer.citations[0].label == "第二条" and given.history == []
    assert client.put(path, json={"verdict": "splendid"}).status_code == 422
    assert client.put(path, json={"verdict": "right", "word": "长" * 2001}).status_code == 422
    assert "已评价" not in client.delete(path).text and book.given(OWNER, [turn]) == {}


def test_why_is_told_on_demand_and_a_failure_is_said(
    client: TestClient, parts: Services, kept: tuple[str, str], caplog: pytest.LogCaptureFixture
):
    conversation, turn = kept
    assert ZH.explanation.understood in client.get(f"/conversations/{conversation}/turns/{turn}/why").text
    answer = replace(parts.assistant.ask(QUESTION), question="谜")
    riddle, _ = Conversations(parts.database).keep(
        OWNER, conversation, number=1, question="谜", answer=answer
    )
    with caplog.at_level(logging.ERROR):
        failed = client.get(f"/conversations/{conversation}/turns/{riddle}/why")
    assert failed.status_code == 500 and ZH.explanation.failed in failed.text
    assert "cannot explain itself" in caplog.text


def test_a_download_bears_the_title_as_its_name(client: TestClient, kept: tuple[str, str]):
    conversation, _ = kept
    client.put(f"/conversations/{conversation}/title", json={"title": "会议/多久？"})
    markdown = client.get(f"/conversations/{conversation}.md")
    assert unquote(markdown.headers["content-disposition"]) == "attachment; filename*=UTF-8''会议_多久？.md"
    assert markdown.text.startswith("# 会议/多久？\n")
    word = client.get(f"/conversations/{conversation}.docx")
    assert WordDocument(io.BytesIO(word.content)).paragraphs[0].text == "会议/多久？"
    assert client.get(f"/conversations/{conversation}.exe").status_code == 422


# -- exports --

RULES = document("甲政发〔2023〕2号")
QUOTE = "常务会议一般每周召开1次，必要时随时召开。"
SAID = Conversation(conversation_id="c", owner=OWNER, title="会议 *多久*")


def turns() -> list[Turn]:
    cited = citation(
        RULES, QUOTE, answering="每周召开1次", validity=CitedValidity("repealed", "乙号", "2024-01-02")
    )
    sides = (ComparedSide("甲|区", "每周。", 1), ComparedSide("乙", "没有找到相应规定。"))
    compared = Answer(
        "比较", "answered", "不同：\n甲|区：每周。〔1〕\n乙：没有找到相应规定。", (cited,), comparison=sides
    )
    return [
        Turn(0, "# 问", Answer("问", "wrong_premise", "- 每周1次。〔1〕", (cited,), ("旧版<b>不同</b>",))),
        Turn(1, "比较", compared),
        Turn(2, "坏", failed=True),
    ]


def test_markdown_holds_answers_citations_in_proper_form_quotations_and_validity_and_no_markup_of_theirs():
    text = as_markdown(SAID, turns(), ZH)
    assert (
        text.startswith("# 会议 \\*多久\\*\n")
        and "\n## \\# 问\n\n**问题的前提与文件不符**\n\n\\- 每周1次。〔1〕\n" in text
    )
    proper = (
        "〔1〕《甲区人民政府工作规则》（甲政发〔2023〕2号）第二条（已废止，由乙号废止，自2024年1月2日起）"
    )
    assert f"\n{proper}\n\n> {QUOTE}  \n" in text
    assert "- 旧版\\<b\\>不同\\</b\\>" in text
    assert (
        "\n不同：\n\n| 比较对象 | 规定 |\n|---|---|\n| 甲\\|区 | 每周。〔1〕 |\n| 乙 | 没有找到相应规定。 |\n"
        in text
    )
    assert f"## 坏\n\n{ZH.error_line}" in text


def test_word_holds_the_same_with_a_table_and_the_answering_words_bold():
    word = WordDocument(io.BytesIO(as_word(SAID, turns(), ZH)))
    text = [paragraph.text for paragraph in word.paragraphs]
    assert text[0] == "会议 *多久*" and "# 问" in text and ZH.error_line in text
    assert (
        "〔1〕《甲区人民政府工作规则》（甲政发〔2023〕2号）第二条（已废止，由乙号废止，自2024年1月2日起）"
        in text
    )
    quotation = next(item for item in word.paragraphs if item.text == QUOTE)
    assert [run.text for run in quotation.runs if run.bold] == ["每周召开1次"]
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert rows == [["比较对象", "规定"], ["甲|区", "每周。〔1〕"], ["乙", "没有找到相应规定。"]]


def test_characters_that_word_cannot_hold_do_not_stop_an_export():
    broken = [Turn(0, "问\x00\x0b\ud800", Answer("问", "answered", "答\x01。"))]
    text = [item.text for item in WordDocument(io.BytesIO(as_word(SAID, broken, EN))).paragraphs]
    assert "问" in text and "答。" in text
    assert as_markdown(SAID, broken, EN).encode("utf-8", "replace")


# -- the list of conversations --


def test_conversations_are_grouped_by_age():
    now = datetime.now(UTC)
    listed = [
        Conversation(
            conversation_id=f"c{days}",
            owner=OWNER,
            title=f"{days}天前",
            created=now,
            changed=now - timedelta(days=days),
        )
        for days in (0, 3, 30)
    ]
    html = conversations_html(listed, ZH, today=datetime.now().astimezone().date())
    order = [html.index(words) for words in ("今天", "0天前", "近七天", "3天前", "更早", "30天前")]
    assert order == sorted(order)


# -- what may be asked next --

RULE = "第二条 常务会议一般每周召开1次，必要时随时召开。"


def rules(place: str, year: int, text: str = RULE):
    return document(
        f"{place}〔{year}〕", title=f"北京市{place}区人民政府工作规则", issuer=f"北京市{place}区人民政府", text=f"{text}\n第三条 专题会议由区长召集。",
        issued_on=date(year, 1, 1), kind="工作规则",
    )  # fmt: skip


def asked_next(answering, *others, question: str = QUESTION) -> list[str]:
    answer = Answer(question, "answered", "每周。〔1〕", (citation(answering, QUOTE),))
    return follow_ups(answer, [answering, *others])


def test_the_same_rule_elsewhere_and_in_another_version_the_next_provision_and_validity_are_suggested():
    assert asked_next(rules("平谷", 2023), rules("通州", 2022), rules("平谷", 2019)) == [
        "那通州呢？", "2019年版怎么规定？", "平谷〔2023〕第三条规定了什么？", "平谷〔2023〕现在还有效吗？",
    ]  # fmt: skip


def test_only_what_the_corpus_answers_is_suggested():
    silent = rules("通州", 2022, "第二条 公文由办公室审核后报送分管负责人。")
    notices = replace(rules("西城", 2022), kind="通知")
    assert asked_next(rules("平谷", 2023), silent, notices, question="还有效吗？") == [
        "平谷〔2023〕第三条规定了什么？"
    ]
    assert follow_ups(Answer(QUESTION, "not_found", "没有。"), [rules("平谷", 2023)]) == []
    gone = Answer(QUESTION, "answered", "每周。〔1〕", (citation(rules("平谷", 2023), QUOTE),))
    assert follow_ups(gone, [rules("通州", 2022)]) == []


def test_tags_that_name_other_hosts_are_left_out():
    html = (
        '<meta property="og:image"\n content="https://raw.example.com/x.jpg" /><meta name="twitter:creator" content="@x" />'
        '<link rel="manifest" href="/manifest.json" /><script>kept()</script><script>load("iframeResizer.js")</script><p>text</p>'
    )
    assert FRAME_SCRIPT.sub("", FOREIGN_TAGS.sub("", html)) == "<script>kept()</script><p>text</p>"
