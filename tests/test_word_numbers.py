"""The numbers that Word prints before its paragraphs, from the definitions of its lists."""

from pathlib import Path

import pytest

from tests.reading import labels, read_one, texts
from tests.word_files import (
    CHAPTERS,
    RULES,
    document,
    level,
    lines,
    lists,
    numbered,
    para,
    rules_as_lists,
    source,
)


def test_rules_numbered_by_word_read_like_the_same_rules_typed(tmp_path: Path) -> None:
    made, typed = document(tmp_path, rules_as_lists(), numbering=CHAPTERS), read_one(RULES)
    assert "第四条（三）" in labels(typed)
    assert labels(made) == labels(typed)
    assert texts(made) == texts(typed)
    assert [item.path for item in made.provisions] == [item.path for item in typed.provisions]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("decimal", "11、"), ("decimalZero", "11、"), ("chineseCounting", "十一、"), ("japaneseCounting", "十一、"),
        ("chineseCountingThousand", "十一、"), ("taiwaneseCountingThousand", "十一、"), ("ideographDigital", "一一、"),
        ("chineseLegalSimplified", "拾壹、"), ("decimalFullWidth", "１１、"), ("decimalEnclosedCircle", "⑪、"),
        ("upperLetter", "K、"), ("lowerLetter", "k、"), ("upperRoman", "XI、"), ("lowerRoman", "xi、"),
        ("ideographZodiac", "戌、"), ("none", "、"),
    ],
)  # fmt: skip
def test_the_eleventh_paragraph_in_each_format(tmp_path: Path, kind: str, shown: str) -> None:
    found = lines(tmp_path, numbered("甲") * 11, numbering=lists(level(0, "%1、", kind)))
    assert found[10] == f"{shown}甲"


def test_heavenly_stems_count_to_ten(tmp_path: Path) -> None:
    found = lines(tmp_path, numbered("项") * 10, numbering=lists(level(0, "%1、", "ideographTraditional")))
    assert (found[0], found[9]) == ("甲、项", "癸、项")


def test_a_list_starts_anew_below_each_item_above_it(tmp_path: Path) -> None:
    body = "".join(numbered(text, level=depth) for text, depth in (("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0), ("戊", 1)))  # fmt: skip
    numbering = lists(level(0, "%1、") + level(1, "%1.%2", "decimal", more="<w:isLgl/>"))
    assert lines(tmp_path, body, numbering=numbering) == ["一、甲", "1.1 乙", "1.2 丙", "二、丁", "2.1 戊"]


def test_two_lists_of_one_family_count_on_and_an_override_starts_anew(tmp_path: Path) -> None:
    again = '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    anew = '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    body = numbered("甲") + numbered("乙", 2) + numbered("丙", 3) + numbered("丁", 3)
    numbering = lists(level(0, "%1、"), numbers=again + anew)
    assert lines(tmp_path, body, numbering=numbering) == ["一、甲", "二、乙", "五、丙", "六、丁"]


def test_an_override_may_replace_the_level(tmp_path: Path) -> None:
    other = f'<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">{level(0, "（%1）")}</w:lvlOverride></w:num>'
    numbering = lists(level(0, "%1、"), numbers=other)
    assert lines(tmp_path, numbered("甲", 2), numbering=numbering) == ["（一）甲"]


def test_a_number_by_style_counts_and_zero_switches_it_off(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="tiao"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="tiao2"><w:name w:val="条2"/><w:basedOn w:val="tiao"/></w:style>'
    )
    body = (
        para("甲", '<w:pStyle w:val="tiao"/>') + para("乙", '<w:pStyle w:val="tiao2"/>')
        + para("丙", '<w:pStyle w:val="tiao"/><w:numPr><w:numId w:val="0"/></w:numPr>') + para("丁", '<w:pStyle w:val="tiao"/>')
    )  # fmt: skip
    found = lines(tmp_path, body, numbering=lists(level(0, "第%1条")), styles=styles)
    assert found == ["第一条 甲", "第二条 乙", "丙", "第三条 丁"]


def test_a_style_names_its_level_by_the_link_from_the_list(tmp_path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="kuan"><w:name w:val="款"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbering = lists(level(0, "第%1条") + level(1, "（%2）", more='<w:pStyle w:val="kuan"/>'))
    body = numbered("甲") + para("乙", '<w:pStyle w:val="kuan"/>')
    assert lines(tmp_path, body, numbering=numbering, styles=styles) == ["第一条 甲", "（一）乙"]


def test_an_empty_numbered_paragraph_counts_and_a_bullet_prints_nothing(tmp_path: Path) -> None:
    numbering = lists(level(0, "%1、"), level(0, "\uf0b7", "bullet"))
    body = numbered("甲") + numbered("") + numbered("丙") + numbered("丁", 2)
    assert lines(tmp_path, body, numbering=numbering) == ["一、甲", "三、丙", "丁"]


def test_a_point_before_a_digit_keeps_its_distance(tmp_path: Path) -> None:
    body = numbered("5米以上") + numbered("其他")
    assert lines(tmp_path, body, numbering=lists(level(0, "%1.", "decimal"))) == ["1. 5米以上", "2.其他"]


def test_a_deleted_numbered_paragraph_does_not_count(tmp_path: Path) -> None:
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
        '<w:del w:id="2"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>'
    )
    found = source(tmp_path, numbered("甲") + gone + numbered("乙"), numbering=lists(level(0, "第%1条")))
    assert found.text == "第一条 甲\n第二条 乙"
    assert [doubt.kind for doubt in found.doubts] == ["tracked"]
