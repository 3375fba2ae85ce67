"""The marks that open numbered units."""

import pytest

from ingest.numbering import (
    ARTICLE,
    CHAPTER,
    CIRCLE,
    COMMA,
    DOT,
    PAREN,
    PART,
    ROUND,
    SECTION,
    SUBPART,
    Mark,
    mark_label,
    read_mark,
    starts_unit,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "scheme", "number", "label"),
    [
        ("第一编 总则", PART, 1, "第一编"),
        ("第二分编 典型合同", SUBPART, 2, "第二分编"),
        ("第5章 实行科学民主决策", CHAPTER, 5, "第五章"),
        ("第十七章 附则", CHAPTER, 17, "第十七章"),
        ("第三节 监督", SECTION, 3, "第三节"),
        ("第十七条加强重大决策", ARTICLE, 17, "第十七条"),
        ("第 十 七 条 加强", ARTICLE, 17, "第十七条"),
        ("第一千二百六十条 本法", ARTICLE, 1260, "第一千二百六十条"),
        ("四十六、报送", COMMA, 46, "四十六"),
        ("（五）督查", PAREN, 5, "（五）"),
        ("(五) 督查", PAREN, 5, "（五）"),
        ("11、依法", DOT, 11, "11"),
        ("2. 公交", DOT, 2, "2"),
        ("（3）巡查", ROUND, 3, "（3）"),
        ("⑫其他", CIRCLE, 12, "⑫"),
    ],
)
def test_marks_are_read_with_scheme_number_and_label(text: str, scheme: int, number: int, label: str) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert (mark.scheme, mark.number, mark_label(mark)) == (scheme, number, label)


def test_an_inserted_article_keeps_its_second_number() -> None:
    mark = read_mark("第三十七条之一 因利用职业便利")
    assert mark == Mark(ARTICLE, 37, bis=1, length=8)
    assert mark_label(mark) == "第三十七条之一"


@pytest.mark.parametrize(
    "text",
    [
        "第三条规定的情形", "第三条第二款所列", "第三条、第五条", "第三条的规定", "第四章规定的程序审议", "第十二条和第十三条",
        "3.5万元", "2021年3月", "附件1", "普通的句子。", "", "第0条 无", "第99999条 无", "零、无",
    ],
)  # fmt: skip
def test_references_amounts_and_sentences_open_nothing(text: str) -> None:
    assert read_mark(text) is None


def test_an_article_that_begins_with_the_word_规定_is_one_when_a_space_stands_before_it() -> None:
    mark = read_mark("第三条 规定的期限自收到之日起算。")
    assert mark is not None and mark.number == 3


@pytest.mark.parametrize("text", ["附件1", "附 件", "## （一）标题", "- 1. 条目", "附件：名单"])
def test_marks_are_seen_behind_markdown(text: str) -> None:
    assert starts_unit(text)


def test_traditional_marks_are_read_as_their_simplified_ones() -> None:
    for traditional, simplified in (
        ("第十二條 本辦法", "第十二条 本办法"),
        ("第一節 總則", "第一节 总则"),
        ("第三條規定的事項", "第三条规定的事项"),
    ):
        assert read_mark(traditional) == read_mark(simplified)
    assert read_mark("第十二條 本辦法") is not None
