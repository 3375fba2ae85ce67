"""Which document ends which, and what holds on a day."""

import json
from datetime import date
from pathlib import Path

import pytest

from ingest.clauses import deeds
from ingest.document import Document
from ingest.relations import add_relations
from ingest.validity import ValidityIndex
from tests.reading import read

ISSUER = "甲区人民政府"


def notice(number: str, title: str, body: str, day: str) -> str:
    return f"{ISSUER}\n关于印发《{title}》的通知\n{number}\n各单位：\n现将《{title}》印发给你们。\n{ISSUER}\n{day}\n{title}\n{body}\n"


OLD = notice(
    "甲政发〔2018〕7号",
    "甲区工作规则",
    "第一条 旧规则的内容。\n第二条 本规则自印发之日起施行。",
    "2018年5月1日",
)
NEW = notice(
    "甲政发〔2023〕2号", "甲区工作规则",
    "第一条 新规则的内容。\n第二条 本规则自2023年3月1日起施行，《甲区人民政府关于印发甲区工作规则的通知》（甲政发〔2018〕7号）同时废止。",
    "2023年2月15日",
)  # fmt: skip


def held(*files: str) -> tuple[list[Document], ValidityIndex]:
    found = add_relations([document for text in files for document in read(text).documents])
    return found, ValidityIndex(tuple(found))


def test_a_repealed_document_holds_until_the_new_one_takes_effect() -> None:
    (old, new), validity = held(OLD, NEW)
    assert validity.of(old, date(2023, 2, 28)).status == "in_force"
    ended = validity.of(old, date(2023, 3, 1))
    assert (ended.status, ended.by, ended.since, ended.by_id) == (
        "repealed",
        "甲政发〔2023〕2号",
        date(2023, 3, 1),
        new.document_id,
    )
    assert ended.provision_id == "甲政发〔2023〕2号#第二条"


def test_a_document_does_not_hold_before_its_day() -> None:
    (_, new), validity = held(OLD, NEW)
    assert validity.of(new, date(2023, 2, 20)).status == "not_yet"
    assert validity.of(new, date(2023, 3, 1)).status == "in_force"


def test_the_relation_quotes_the_sentence_and_names_its_target() -> None:
    (old, new), _ = held(OLD, NEW)
    (relation,) = new.relations
    assert (relation.kind, relation.target_no, relation.target_id) == (
        "repeals",
        "甲政发〔2018〕7号",
        old.document_id,
    )
    assert "甲政发〔2018〕7号）同时废止。" in relation.quote
    assert relation.quote in new.text


def test_a_repealed_document_outside_the_corpus_is_known_by_number_and_title() -> None:
    _, validity = held(NEW)
    found = validity.of_number("甲政发〔2018〕7号", date(2024, 1, 1))
    assert found is not None and found[0].status == "repealed"
    assert validity.of_number("甲政发〔2018〕7号", date(2023, 1, 1)) is None
    assert validity.of_number("甲政发〔1999〕1号", date(2024, 1, 1)) is None
    assert validity.of_title("甲区人民政府关于印发甲区工作规则的通知", date(2024, 1, 1)) is not None


def test_an_older_version_that_nothing_repeals_is_superseded() -> None:
    older = notice("甲政发〔2011〕3号", "甲区工作规则", "第一条 更旧的内容。", "2011年1月1日")
    (first, *_), validity = held(older, OLD)
    state = validity.of(first, date(2020, 1, 1))
    assert (state.status, state.by) == ("superseded", "甲政发〔2018〕7号")
    assert validity.of(first, date(2017, 1, 1)).status == "in_force"


def test_notices_of_the_same_title_do_not_supersede_each_other() -> None:
    texts = [
        f"{ISSUER}\n关于干部任免职的通知\n甲政发〔2019〕{n}号\n各单位：\n任命甲为局长。\n{ISSUER}\n2019年10月{n}日\n"
        for n in (21, 22)
    ]
    (first, _), validity = held(*texts)
    assert validity.of(first, date(2024, 1, 1)).status == "in_force"


@pytest.mark.parametrize(
    ("day", "status"), [(date(2024, 11, 17), "in_force"), (date(2024, 11, 18), "expired")]
)
def test_a_term_of_five_years_ends_five_years_after_it_began(day: date, status: str) -> None:
    text = notice(
        "甲政发〔2019〕24号",
        "甲区鼓励办法",
        "第一条 内容。\n第二条 本办法自发布之日起实施，有效期为5年。",
        "2019年11月18日",
    )
    (document,), validity = held(text)
    assert document.expires_on == date(2024, 11, 18)
    assert validity.of(document, day).status == status


def test_a_term_of_something_else_is_not_the_documents_own() -> None:
    text = notice("甲政发〔2019〕25号", "甲区证照办法", "第一条 许可证有效期为3年。", "2019年11月18日")
    assert held(text)[0][0].expires_on is None


def test_a_decision_invalidates_what_its_attachment_lists() -> None:
    text = (
        f"{ISSUER}\n关于宣布失效部分区政府文件的决定\n甲政发〔2021〕9号\n各单位：\n决定对2件文件宣布失效。\n{ISSUER}\n2021年4月26日\n"
        "附件\n宣布失效的区政府文件目录\n1.甲区工作规则（甲政发〔2018〕7号）\n2.甲县用地办法（甲政发〔1988〕69号）\n"
    )
    (old, decision), validity = held(OLD, text)
    assert [relation.target_no for relation in decision.relations] == [
        "甲政发〔2018〕7号",
        "甲政发〔1988〕69号",
    ]
    assert validity.of(old, date(2021, 4, 26)).status == "invalidated"
    assert validity.of(old, date(2021, 4, 25)).status == "in_force"


def test_a_document_said_to_be_repealed_already_is_no_deed_of_this_one() -> None:
    text = notice(
        "甲政发〔2022〕1号",
        "甲区清理办法",
        "第一条 《甲区旧办法》（甲政发〔2001〕1号）已废止。",
        "2022年1月1日",
    )
    assert held(text)[0][0].relations == ()


def test_without_a_day_nothing_is_said() -> None:
    (document,), validity = held("第一条 内容。\n")
    assert validity.of(document, date(2024, 1, 1)).status == "unknown"


# --- real sentences of laws, labelled by reading them ---

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent / "relation_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("labelled", SENTENCES, ids=lambda row: row["sentence"][:24])
def test_a_real_sentence_does_what_it_says_and_nothing_else(labelled: dict) -> None:
    found = [[d.kind, d.title, d.number, d.label, d.since] for d in deeds(labelled["sentence"])]
    assert [deed for deed in found if deed[0] != "implements"] == labelled["stated"]


# --- phrasings of a clause: (kind, number or title, part) ---


@pytest.mark.parametrize(
    ("clause", "stated"),
    [
        ("《甲办法》（甲政发〔2011〕3号）同时废止。", [("repeals", "甲政发〔2011〕3号", "")]),
        ("废止《甲办法》、《乙规定》。", [("repeals", "甲办法", ""), ("repeals", "乙规定", "")]),
        ("甲政发〔2018〕7号、甲政发〔2018〕8号文件同时废止。",
         [("repeals", "甲政发〔2018〕7号", ""), ("repeals", "甲政发〔2018〕8号", "")]),
        ("决定停止执行《甲办法》。", [("invalidates", "甲办法", "")]),
        ("本标准代替《乙标准》。", [("replaces", "乙标准", "")]),
        ("《甲办法》等3件文件予以废止。", [("repeals", "甲办法", "")]),
        ("《甲办法》中第十条停止执行。", [("invalidates", "甲办法", "第十条")]),
        ("《甲办法》附件2废止。", [("repeals", "甲办法", "附件2")]),
        ("对《甲办法》（甲政发〔2011〕3号）第五条进行调整。", [("amends", "甲政发〔2011〕3号", "第五条")]),
        ("将《甲办法》第三条修改为：“内容”。", [("amends", "甲办法", "第三条")]),
        ("《甲办法》有效期延长至2025年12月31日。", [("extends", "甲办法", "")]),
        ("根据《乙条例》和有关规定，制定本办法。", [("implements", "乙条例", "")]),
        ("下列文件同时废止：《甲办法》（甲政发〔2011〕3号）；《乙规定》。",
         [("repeals", "甲政发〔2011〕3号", ""), ("repeals", "乙规定", "")]),
        ("与本办法不一致的，以本办法为准。", []),
        ("《甲办法》与本通知不一致的，以本通知为准。", []),
        ("不因《甲办法》废止而失效。", []),
        ("《甲办法》废止前已经办理的，继续有效。", []),
        ("《甲办法》已废止。", []),
        ("已被废止的《甲办法》", []),
        ("《甲办法》予以保留，继续有效。", []),
        ("建议废止《甲办法》。", []),
        ("《甲办法》应当及时修改或者废止。", []),
        ("废止劳动教养制度。", []),
        ("原《许可证》同时作废。", []),
        ("根据《乙条例》，《甲办法》同时废止。", [("repeals", "甲办法", "")]),
    ],
)  # fmt: skip
def test_a_clause_does_only_what_is_said_outright(clause: str, stated: list[tuple[str, str, str]]) -> None:
    assert [(d.kind, d.number or d.title, d.label) for d in deeds(clause)] == stated


def test_items_behind_a_lead_are_ended_each_by_its_own_provision() -> None:
    body = (
        "第一条 内容。\n第二条 本规则自2023年3月1日起施行，下列文件同时废止：\n"
        "（一）《甲区公文办法》（甲政发〔2011〕3号）；\n（二）《甲区会议办法》（甲政发〔2012〕4号）。\n第三条 《甲区旧事办法》由区政府解释。"
    )
    (document,), _ = held(notice("甲政发〔2023〕2号", "甲区工作规则", body, "2023年2月15日"))
    assert [(r.kind, r.target_no, r.provision_id, str(r.since)) for r in document.relations] == [
        ("repeals", "甲政发〔2011〕3号", "甲政发〔2023〕2号#第二条（一）", "2023-03-01"),
        ("repeals", "甲政发〔2012〕4号", "甲政发〔2023〕2号#第二条（二）", "2023-03-01"),
    ]


def test_rows_of_a_table_are_ended_each_and_a_row_that_is_kept_is_not() -> None:
    text = (
        f"{ISSUER}\n关于公布文件清理结果的通知\n甲政发〔2021〕9号\n各单位：\n现将清理结果公布如下。\n{ISSUER}\n2021年4月26日\n"
        "附件\n废止和失效的文件目录\n序号\t文件名称\t文号\t清理结果\n"
        "1\t甲区公文办法\t甲政发〔2011〕3号\t废止\n2\t甲区会议办法\t甲政发〔2012〕4号\t继续有效\n3\t甲区用地办法\t甲政发〔2013〕5号\t失效\n"
    )
    (document,), _ = held(text)
    assert [(r.kind, r.target_no, r.target_title) for r in document.relations] == [
        ("repeals", "甲政发〔2011〕3号", "甲区公文办法"),
        ("invalidates", "甲政发〔2013〕5号", "甲区用地办法"),
    ]
    assert len({r.provision_id for r in document.relations}) == 2


def test_the_units_of_an_amending_decision_are_told() -> None:
    text = (
        f"{ISSUER}\n关于修改《甲区工作规则》的决定\n甲政发〔2020〕6号\n各单位：\n决定对《甲区工作规则》（甲政发〔2018〕7号）作如下修改：\n"
        f"一、第一条修改为：“新内容。”\n二、删去第二条。\n{ISSUER}\n2020年6月1日\n"
    )
    (old, decision), validity = held(OLD, text)
    assert [(r.kind, r.target_id, r.target_label) for r in decision.relations] == [
        ("amends", old.document_id, ""), ("amends", old.document_id, "第一条"), ("amends", old.document_id, "第二条"),
    ]  # fmt: skip
    assert validity.of(old, date(2021, 1, 1)).status == "in_force"
    assert len(validity.changes(old, date(2021, 1, 1))) == 3 and not validity.changes(old, date(2020, 5, 31))


def test_another_districts_instrument_of_the_same_bare_title_is_not_meant() -> None:
    mine = notice("甲政发〔2018〕7号", "工作规则", "第一条 内容。", "2018年5月1日")
    theirs = mine.replace(ISSUER, "乙区人民政府").replace("甲政发", "乙政发")
    new = notice("甲政发〔2023〕2号", "新规则", "第一条 《工作规则》同时废止。", "2023年2月15日")
    found, _ = held(mine, theirs, new)
    assert [r.target_id for r in found[2].relations] == ["甲政发〔2018〕7号"]
    alone, _ = held(theirs, new)
    assert [r.target_id for r in alone[1].relations] == [None]


def test_a_stated_year_of_issue_tells_which_one_is_meant() -> None:
    later = notice("甲政发〔2018〕7号", "甲区公文办法", "第一条 内容。", "2018年5月1日")
    new = notice(
        "甲政发〔2023〕2号", "甲区新办法", "第一条 2001年3月1日甲区人民政府发布的《甲区公文办法》同时废止。", "2023年2月15日"
    )  # fmt: skip
    found, _ = held(later, new)
    assert [r.target_id for r in found[1].relations] == [None]
