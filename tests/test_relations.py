"""Which document ends which, and what holds on a day."""

from datetime import date

import pytest

from ingest.document import Document
from ingest.relations import ValidityIndex, add_relations
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
