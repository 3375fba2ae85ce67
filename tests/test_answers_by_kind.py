"""Which words of the documents answer each kind of question: lists, replies, topics, sums, rules with their exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.backend import Hit
from index.build import update_index
from index.lexical import tokenize
from ingest.document import Chunk, Document
from qa.assistant import Assistant
from qa.catalog import Catalog
from qa.compose import compose
from qa.evidence import Evidence
from qa.listing import asked_count
from qa.query import Query, parse_question
from qa.sentences import sentences_of
from qa.together import chosen, with_neighbour
from qa.verdict import verdict_of
from tests.reading import read_one
from tests.small_corpus import config_of

HEAD = "东政发〔2024〕8号\n东湖市人民政府关于印发《东湖市补贴办法》的通知\n各区人民政府：\n现印发给你们。\n东湖市人民政府\n2024年3月15日\n东湖市补贴办法\n"


def asked(question: str, *documents: Document) -> Query:
    return parse_question(question, Catalog(documents), today=date(2024, 6, 1), as_of=None)


def evidence(document: Document, words: str, *, score: float = 1.0, told: str = "") -> Evidence:
    """Return the sentence that holds `words` as evidence, found by any search; `told` is the part that answers best."""
    start = document.text.index(words)
    (sentence, *_) = sentences_of(document, start, start + 1)
    answering = document.text.index(told) if told else sentence.start
    chunk = Chunk("c", document.document_id, "", "", "", sentence.text, sentence.start, sentence.end)
    return Evidence(
        sentence, score, 0.5, 0.5, read=0.0, answering=(answering, answering + len(told) if told else sentence.end), fits=True,
        hit=Hit(chunk, 1.0, 1, {}), defines=False, parts={},
    )  # fmt: skip


def answered(text: str, question: str, found: str, *others: str, told: str = "") -> str:
    """Return the answer made of the sentence that holds `found`, with `others` as the evidence beside it."""
    document = read_one(HEAD + text)
    query = asked(question, document)
    near = [evidence(document, found, told=told)]
    near += [evidence(document, words, score=1 - i / 10) for i, words in enumerate(others, 1)]
    best = chosen(query, near, Catalog([document]))
    terms = dict.fromkeys(tokenize(query.search_text), 1.0)
    statement = compose(document, best, query, terms, near=near)
    assert statement.start < statement.end <= len(document.text)
    assert all(statement.start <= start < end <= statement.end for start, end in statement.marked)
    return statement.text


MEETING = "第一条 专题会议由市长、副市长按照分工召集。会议的主要任务是：\n（一）研究专门问题；\n（二）协调跨部门事项。\n"


def test_who_convenes_is_not_answered_by_what_opens_the_list_of_tasks() -> None:
    text = answered(MEETING, "专题会议由谁召集？", "会议的主要任务是", "专题会议由市长")
    assert text == "专题会议由市长、副市长按照分工召集。"


def test_what_opens_a_list_brings_its_items() -> None:
    text = answered(MEETING, "专题会议的主要任务", "会议的主要任务是", "专题会议由市长")
    assert text.endswith("会议的主要任务是：\n（一）研究专门问题；\n（二）协调跨部门事项。")


def test_a_question_for_members_is_not_answered_with_the_tasks_below_them() -> None:
    text = answered(MEETING, "专题会议由哪些人召集？", "专题会议由市长")
    assert text == "专题会议由市长、副市长按照分工召集。"


GROUPS = "一、工作组\n设置工作组，具体如下：\n" + "".join(
    f"（{number}）{name}组\n由{name}局牵头，负责{name}的全部日常工作，每周汇总情况并向指挥部报告，同时做好与其他各组的衔接。\n"
    for number, name in zip(
        "一二三四五六七", ("综合", "监测", "抢险", "物资", "医疗", "宣传", "后勤"), strict=True
    )
)


def test_headings_below_one_heading_are_the_list() -> None:
    text = answered(GROUPS, "有哪7个工作组？", "具体如下")
    assert text.split("\n") == ["工作组", *(f"（{n}）{g}组" for n, g in zip("一二三四五六七", ("综合", "监测", "抢险", "物资", "医疗", "宣传", "后勤"), strict=True))]  # fmt: skip


COUNTED = "一、三包责任\n（一）内容\n1.包卫生。\n2.包绿化。\n3.包秩序。\n（二）管理\n1.检查。\n2.复查。\n"


@pytest.mark.parametrize(("question", "items"), [("责任是哪三包？", 3), ("三包责任有哪两个方面？", 2)])
def test_the_list_of_as_many_items_as_asked_for_is_meant(question: str, items: int) -> None:
    assert answered(COUNTED, question, "三包责任").count("\n") == items


@pytest.mark.parametrize(
    ("question", "count"),
    [("哪三包", 3), ("哪8个工作组", 8), ("门前三包 三项内容", 3), ("第3项有哪些内容", 0), ("有哪些", 0)],
)
def test_how_many_are_asked_for(question: str, count: int) -> None:
    assert asked_count(question) == count


REPLIES = "问：养老卡丢了怎么办？\n答：请先拨打12349热线挂失，再到银行网点补办。\n问：补贴什么时候到账？\n答：每月15日前拨付。\n"


@pytest.mark.parametrize(
    ("question", "found", "text"),
    [
        ("养老卡丢失如何处理？", "养老卡丢了", "请先拨打12349热线挂失，再到银行网点补办。"),
        ("补贴何时到账？", "补贴什么时候到账", "每月15日前拨付。"),
        ("补贴何时到账？", "每月15日前", "每月15日前拨付。"),
    ],
)
def test_a_question_of_the_document_is_answered_by_its_reply(question: str, found: str, text: str) -> None:
    assert answered(REPLIES, question, found) == text


TOPICS = "一、机制\n（一）巡查机制。街道每日巡查两次。发现问题的，半小时内解决。\n（二）加强宣传引导。社区每月宣传一次。\n"


@pytest.mark.parametrize(
    ("question", "found", "other", "text"),
    [
        ("街道如何发现问题", "巡查机制", "街道每日巡查", "巡查机制。街道每日巡查两次。发现问题的，半小时内解决。"),
        ("问题在什么时限内解决", "巡查机制", "发现问题的", "发现问题的，半小时内解决。"),
        ("宣传工作安排", "加强宣传引导", "社区每月", "加强宣传引导。社区每月宣传一次。"),
    ],
)  # fmt: skip
def test_a_topic_is_told_with_what_it_opens(question: str, found: str, other: str, text: str) -> None:
    assert answered(TOPICS, question, found, other) == text


TABLE = (
    "附件1\n物资储备表\n| 序号 | 乡镇 | 编织袋（条） |\n|---|---|---|\n| 1 | 大坪乡 | 5000 |\n| 2 | 小河镇 | 8000 |\n"
    "| 合计 | | 13000 |\n"
)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("编织袋一共多少条？", "合计；编织袋（条）：13000"),
        ("小河镇编织袋多少条？", "乡镇：小河镇；编织袋（条）：8000"),
    ],
)
def test_a_total_is_the_row_of_sums(question: str, text: str) -> None:
    assert answered(TABLE, question, "乡镇：小河镇") == text


def test_a_reason_is_the_clause_of_purpose_near_by() -> None:
    text = "第一条 现将办法印发执行。为减轻困难家庭负担，制定本办法。\n"
    assert answered(text, "为什么制定本办法？", "现将办法", "为减轻") == "为减轻困难家庭负担，制定本办法。"


def test_a_rule_is_told_with_its_exception() -> None:
    text = "第一条 员工不得乘坐飞机。确因工作需要的，应当经总经理批准。\n"
    assert answered(text, "员工可以乘坐飞机吗？", "员工不得") == (
        "视情况：员工不得乘坐飞机。确因工作需要的，应当经总经理批准。"
    )


@pytest.mark.parametrize(
    ("question", "rule", "verdict"),
    [
        ("部门能不能越级请示？", "各部门不得越级请示。", "不可以"),
        ("部门能不能越级请示？", "除紧急事项外，各部门不得越级请示。", "视情况"),
        ("老年人可以申请补贴吗？", "本市老年人可以申请补贴。", "可以"),
        ("员工坐飞机可以吗？", "员工出差可以坐飞机。", "可以"),
        ("能邀请企业参加吗？", "原则上不得邀请企业参加。", "视情况"),
        ("门口能停车吗？", "严禁占压盲道；不得停放机动车。", ""),  # in other words: the reader judges
        ("老年人可以提现吗？", "不得用于购买药品。", ""),  # of another thing
        ("逾期还可以报销吗？", "材料不全的，不予报销。", ""),  # of a case that may not be this one
        ("部门不得越级请示吗？", "各部门不得越级请示。", ""),  # 可以 would be read as yes
        ("需要越级请示吗？", "各部门不得越级请示。", ""),
    ],
)
def test_the_verdict_stands_only_where_the_text_settles_it(question: str, rule: str, verdict: str) -> None:
    assert verdict_of(asked(question), rule) == verdict


LONG = (
    "第一条 市政府领导同志应当带头开展调查研究，"
    + "深入基层，全面了解情况，认真研究解决群众反映的突出问题，" * 5
    + "每年调研不少于60天。\n"
)
DAYS = "每年调研不少于60天。"


def test_a_clause_cut_from_a_long_sentence_keeps_its_subject() -> None:
    text = answered(LONG, "市政府领导每年调研多少天？", "市政府领导同志", told=DAYS)
    assert text == "市政府领导同志应当带头开展调查研究，……每年调研不少于60天。"


def test_the_part_that_answers_best_is_told_of_a_long_sentence() -> None:
    document = read_one(HEAD + LONG)
    found = evidence(document, "市政府领导同志", told=DAYS)
    assert compose(document, found, asked("how much field work a year", document), {}).text == DAYS


def test_a_definition_that_lists_nothing_answers_no_question_for_a_list() -> None:
    document = read_one(HEAD + "第一条 补贴是指发给老人的资金。\n第二条 补贴用于助餐、助浴、助洁服务。\n")
    found = [replace(evidence(document, "补贴是指"), defines=True), evidence(document, "补贴用于", score=0.8)]
    best = chosen(asked("补贴包括哪些服务？", document), found, Catalog([document]))
    assert best.sentence.text.startswith("第二条")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("常务会议组成人员", "常务会议由市长、副市长组成，每月召开一次。"),
        ("常务会议的召集人由谁担任？", "召集人由市长担任。"),
        ("纪要由谁签发？", "纪要由秘书长签发。"),
    ],
)
def test_who_is_answered_by_what_says_by_whom(question: str, text: str) -> None:
    article = "第一条 常务会议由市长、副市长组成，每月召开一次。半数以上组成人员到会方可召开。召集人由市长担任。纪要由秘书长签发。\n"
    others = ("常务会议由市长", "召集人由", "纪要由秘书长")
    assert answered(article, question, "半数以上", *others) == text


@pytest.mark.parametrize(
    ("following", "text"),
    [("会议的主要任务是：", "专题会议每月召开。"), ("由市长主持。", "专题会议每月召开。由市长主持。")],
)
def test_the_sentence_that_follows_is_told_unless_it_only_opens_a_list(following: str, text: str) -> None:
    document = read_one(f"{HEAD}第一条 专题会议每月召开。{following}\n（一）研究问题；\n（二）协调事项。\n")
    best, other = evidence(document, "专题会议每月"), evidence(document, following, score=0.9)
    alone = compose(document, best, asked("专题会议", document), {})
    assert with_neighbour(document, alone, best, [best, other]).text == text


def test_of_two_documents_that_tell_alike_the_longer_one_is_no_trouble(tmp_path: Path) -> None:
    filler = "".join(f"第{n}条 各单位应当做好第{n}类物资的登记和保管工作。\n" for n in "一二三四五六七八九")
    texts = (
        "丙政发〔2023〕1号\n防汛值班规定\n第一条 值班由水务局安排，每班不少于2人，发现险情立即报告。",
        f"丙政发〔2023〕2号\n防火值班规定\n{filler}第十条 值班由应急局安排，每班不少于3人，遇有其他紧急的事情应当立即报告。",
    )
    (tmp_path / "corpus").mkdir()
    for number, text in enumerate(texts):
        (tmp_path / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")
    config = config_of(tmp_path)
    update_index(config, report=lambda line: None)
    answer = Assistant.from_config(config).ask("值班由谁安排，每班多少人？")
    assert answer.citations[0].doc_no in ("丙政发〔2023〕1号", "丙政发〔2023〕2号")


def test_the_steps_of_a_procedure_are_the_parts_below_its_heading(real: Assistant) -> None:
    answer = real.ask("平谷区2021年非本市户籍适龄儿童少年接受义务教育材料审核程序分哪几步？")
    assert answer.citations[0].label == "三"
    assert all(step in answer.text for step in ("初审", "联合审核", "反馈审核结果"))
