"""Days of effect, terms, and what holds on a day, transitively and across versions."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document import Document
from ingest.effect import find_effect
from ingest.instruments import bare_title
from ingest.relations import add_relations
from ingest.validity import ValidityIndex
from tests.fakes import document
from tests.reading import read

ISSUED = date(2020, 3, 1)


def one(number: str, title: str, body: str, day: str, issuer: str = "甲区人民政府") -> str:
    return f"{issuer}\n关于印发《{title}》的通知\n{number}\n各单位：\n现将《{title}》印发给你们。\n{issuer}\n{day}\n{title}\n{body}\n"


def held(*files: str) -> tuple[list[Document], ValidityIndex]:
    found = add_relations([item for text in files for item in read(text).documents])
    return found, ValidityIndex(tuple(found))


@pytest.mark.parametrize(
    ("text", "start", "expires"),
    [
        ("本办法自印发之日起施行，有效期5年。", "2020-03-01", "2025-03-01"),
        ("本办法自公布之日起30日后施行，有效期五年。", "2020-03-31", "2025-03-31"),
        ("本办法自公布之日起三十日后施行。", "2020-03-31", None),
        ("第二十条 本办法自2020年5月1日起施行，有效期至2025年4月30日。", "2020-05-01", "2025-05-01"),
        ("本通知自2021年1月1日起执行，执行期限三年。", "2021-01-01", "2024-01-01"),
        ("本通知自2020年1月1日至2021年12月31日执行。", "2020-01-01", "2022-01-01"),
        ("本办法自发布之日起试行，试行期一年。", "2020-03-01", "2021-03-01"),
        ("本办法自印发之日起试行两年。", "2020-03-01", "2022-03-01"),
        ("本细则自2020年4月1日起施行，有效期为18个月。", "2020-04-01", "2021-10-01"),
        ("本办法自二〇二一年一月一日起施行。", "2021-01-01", None),
        ("本条例自２０２１年１月１日起施行。", "2021-01-01", None),
        ("本办法自2020年1月1日起施行。", "2020-01-01", None),  # earlier than its issue
        ("本规定第十条自2021年7月1日起施行，其余条款自2021年1月1日起施行。", "2021-01-01", None),
        ("本条例自2021年1月1日起施行，第十条自2021年7月1日起施行。", "2021-01-01", None),
        ("本办法的施行日期由市人民政府另行规定。", None, None),
        ("本办法自《中华人民共和国水法》施行之日起施行。", None, None),
        ("现公布修订后的《甲条例》，自2019年1月1日起施行。", "2019-01-01", None),
        ("许可证有效期为5年，自发证之日起计算。", "2020-03-01", None),
        ("本办法规定的许可证有效期为3年。", "2020-03-01", None),
        ("本办法自2020年9月1日起施行，居住证有效期为一年。", "2020-09-01", None),
        ("1998年1月1日起施行的《甲规定》同时废止。", "2020-03-01", None),
    ],
)
def test_a_documents_own_days(text: str, start: str | None, expires: str | None) -> None:
    effect = find_effect(document("甲", text=text, issued_on=ISSUED))
    assert (effect.start and effect.start.isoformat(), effect.expires and effect.expires.isoformat()) == (
        start,
        expires,
    )


def test_a_part_with_a_day_of_its_own_is_told() -> None:
    text = "第九条 本规定第三条自2021年7月1日起施行，其余条款自2021年1月1日起施行。"
    (found,), _ = held(one("甲政发〔2020〕1号", "甲区办法", text, "2020年12月1日"))
    assert found.effective_on == date(2021, 1, 1)
    assert [d.text for d in found.doubts if d.kind == "part_starts"] == [text]


def test_an_open_day_of_effect_is_unknown_and_ends_nothing() -> None:
    old = one("甲政发〔2018〕7号", "甲区办法", "第一条 内容。", "2018年5月1日")
    new = one(
        "甲政发〔2020〕1号", "甲区新办法",
        "第一条 《甲区办法》（甲政发〔2018〕7号）同时废止。\n第二条 本办法的施行日期由区政府另行规定。", "2020年12月1日",
    )  # fmt: skip
    (first, second), validity = held(old, new)
    assert validity.of(second, date(2024, 1, 1)).status == "unknown"
    assert validity.of(first, date(2024, 1, 1)).status == "in_force"


def test_an_expired_document_names_the_provision_of_its_term() -> None:
    body = "第一条 内容。\n第二条 本办法自2020年1月1日起施行，有效期三年。"
    (found,), validity = held(one("甲政发〔2020〕1号", "甲区办法", body, "2020年1月1日"))
    state = validity.of(found, date(2023, 1, 1))
    assert (state.status, state.since, state.provision_id) == (
        "expired",
        date(2023, 1, 1),
        "甲政发〔2020〕1号#第二条",
    )


def test_a_later_document_prolongs_a_term() -> None:
    old = one(
        "甲政发〔2020〕1号", "甲区办法", "第一条 本办法自2020年1月1日起施行，有效期三年。", "2020年1月1日"
    )
    new = one(
        "甲政发〔2022〕9号", "甲区延期方案", "一、《甲区办法》（甲政发〔2020〕1号）有效期延长至2025年12月31日。", "2022年12月1日"
    )  # fmt: skip
    (first, _), validity = held(old, new)
    assert validity.of(first, date(2025, 12, 31)).status == "in_force"
    assert validity.of(first, date(2026, 1, 1)).by_id == "甲政发〔2022〕9号"


def test_a_part_that_is_ended_leaves_the_whole_in_force() -> None:
    old = one("甲政发〔2018〕7号", "甲区办法", "第一条 内容。", "2018年5月1日")
    new = one(
        "甲政发〔2020〕1号",
        "甲区新办法",
        "第一条 《甲区办法》（甲政发〔2018〕7号）第十条停止执行。",
        "2020年12月1日",
    )
    (first, _), validity = held(old, new)
    assert validity.of(first, date(2024, 1, 1)).status == "in_force"
    assert [r.target_label for r in validity.changes(first, date(2024, 1, 1))] == ["第十条"]


def test_what_a_repealed_document_had_ended_stays_ended() -> None:
    one_, two, three = (
        one("甲政发〔2010〕1号", "甲区一办法", "第一条 内容。", "2010年1月1日"),
        one(
            "甲政发〔2015〕1号",
            "甲区二办法",
            "第一条 《甲区一办法》（甲政发〔2010〕1号）同时废止。",
            "2015年1月1日",
        ),
        one(
            "甲政发〔2020〕1号",
            "甲区三办法",
            "第一条 《甲区二办法》（甲政发〔2015〕1号）同时废止。",
            "2020年1月1日",
        ),
    )
    (first, second, _), validity = held(one_, two, three)
    assert validity.of(first, date(2014, 12, 31)).status == "in_force"
    assert validity.of(first, date(2024, 1, 1)).by == "甲政发〔2015〕1号"
    assert validity.of(second, date(2019, 12, 31)).status == "in_force"
    assert validity.of(second, date(2020, 1, 1)).provision_id == "甲政发〔2020〕1号#第一条"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("甲区办法（试行）", "甲区办法"), ("甲区办法（2023年修订）", "甲区办法"), ("甲区 办法", "甲区办法"),
        ("甲区人民政府关于印发《甲区办法》的通知", "甲区办法"), ("甲区民生项目（2023年）", "甲区民生项目（2023年）"),
    ],
)  # fmt: skip
def test_a_bare_title_is_that_of_the_instrument(title: str, bare: str) -> None:
    assert bare_title(title) == bare


def version(document_id: str, title: str, day: date, issuer: str | None = "甲区人民政府") -> Document:
    return document(document_id, title=title, issued_on=day, effective_on=day, issuer=issuer)


def test_versions_are_the_same_instrument_of_the_same_issuer_oldest_first() -> None:
    new = version("c", "甲区办法（2023年修订）", date(2023, 1, 1))
    old = version("a", "甲区办法（试行）", date(2011, 1, 1))
    mid = version("b", "甲区办法", date(2018, 1, 1))
    other = version("d", "甲区办法", date(2019, 1, 1), "乙区人民政府")
    validity = ValidityIndex((new, old, mid, other))
    assert [d.document_id for d in validity.versions(mid)] == ["a", "b", "c"]
    assert validity.versions(other) == (other,)
    assert validity.of(old, date(2020, 1, 1)).by_id == "b"
    assert validity.of(other, date(2024, 1, 1)).status == "in_force"


def test_appointments_and_plans_of_different_years_are_no_versions() -> None:
    found = (
        version("a", "甲区关于干部任免职的通知", date(2019, 1, 1)), version("b", "甲区关于干部任免职的通知", date(2020, 1, 1)),
        version("c", "2022年工作方案", date(2022, 1, 1)), version("d", "2023年工作方案", date(2023, 1, 1)),
    )  # fmt: skip
    assert [ValidityIndex(found).versions(item) for item in found] == [(item,) for item in found]


def test_without_an_issuer_the_title_must_say_whose_it_is() -> None:
    unnamed, named = (
        version("a", "甲区办法", date(2011, 1, 1), None),
        version("b", "甲区办法", date(2018, 1, 1)),
    )
    assert ValidityIndex((unnamed, named)).versions(named) == (unnamed, named)
    plain, issued = (
        version("c", "工作规则", date(2011, 1, 1), None),
        version("d", "工作规则", date(2018, 1, 1)),
    )
    assert ValidityIndex((plain, issued)).versions(issued) == (issued,)
