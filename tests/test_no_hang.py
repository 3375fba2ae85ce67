"""No text takes long: what makes patterns backtrack and loops look back is read in about linear time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.reading import seconds_to_read


def repeated(unit: str, *, before: str = "", behind: str = "") -> Callable[[int], str]:
    """Return what writes `unit` over and over, until the text takes the asked number of bytes in UTF-8."""
    return lambda size: before + unit * (size // len(unit.encode())) + behind


def counted(line: str, limit: int) -> Callable[[int], str]:
    """Return what writes `line` with its {n} counting from 1 to `limit`, again and again."""
    return lambda size: "".join(line.format(n=n % limit + 1) for n in range(size // len(line.encode())))


NASTY = {
    "spaces": repeated(" ", behind="甲"), "spaces in a sentence": repeated(" ", before="甲", behind="，乙"),
    "spaced characters": repeated("甲 "), "spaced Latin": repeated("甲 a "), "spaced commas": repeated("， "),
    "open brackets": repeated("（"), "open quotes": repeated("“"), "open titles": repeated("《"),
    "enumeration commas": repeated("、"), "digits": repeated("1"), "numerals": repeated("一"), "ordinals": repeated("第"),
    "spaced numerals": repeated("一 ", before="第"), "decimals": repeated("1."), "dots": repeated("."),
    "less-than signs": repeated("<"), "dollars": repeated("$a"), "unclosed TeX": repeated("$\\text{"),
    "superscripts": repeated("<sup>1</sup>"), "hashes": repeated("#"), "stars": repeated("*"), "spaced stars": repeated("** "),
    "backslashes": repeated("\\"), "underscores": repeated("_"), "dashes": repeated("- "), "tabs": repeated("\t", behind="甲"),
    "empty cells": repeated("甲\t"), "zero width": repeated("\u200b"), "blank lines": repeated("\n", behind="甲"),
    "one long word": repeated("甲"), "one long sentence": repeated("甲乙丙，丁。"), "private characters": repeated("\U000f0000"),
    "short lines": repeated("甲\n"), "marks": repeated("一、\n"), "articles": repeated("第一条 甲。\n"),
    "counted articles": counted("第{n}条 甲。\n", 9000), "counted items": counted("{n}.甲\n", 900),
    "counted chapters": counted("第{n}章 甲\n", 900), "decimal levels": counted("1.{n} 甲\n", 99), "bare numbers": counted("{n} 甲\n", 99),
    "nested lists": repeated("第一章 甲\n第一条 甲：\n一、甲：\n（一）乙：\n1.丙：\n（1）丁：\n①戊\n"),
    "circled": repeated("①甲\n②乙\n"), "listed words": repeated("一、二级\n"), "topics": repeated("一、甲\n第一条 乙\n"),
    "plain text behind a list": repeated("乙。\n", before="第一条 如下：\n（一）甲；\n"),
    "contents": repeated("目录\n第一章 甲\n"), "contents with pages": repeated("第一章....1\n", before="目录\n"), "contents only": repeated("目录\n"),
    "attachments": repeated("附件1\n"), "attachment lists": repeated("2.乙\n", before="附件：1.甲\n"), "explanations": repeated("一、甲\n编制说明\n"),
    "document numbers": repeated("甲政发〔2023〕2号\n"), "dates": repeated("2023年2月15日\n"), "signatures": repeated("甲区人民政府\n2023年2月15日\n"),
    "a long title": repeated("甲\n", before="甲" * 50_000 + "通知\n甲政发〔2023〕2号\n"), "issued titles": repeated("关于印发《"),
    "repeals": repeated("《甲》（甲政发〔2023〕2号）同时废止。"), "distribution": repeated("抄送：甲\n"), "printed": repeated("甲", behind="2023年1月1日印发"),
    "page marks": repeated("— 1 —\n"), "running headers": repeated("— 1 —\n甲区公报\n"), "rules": repeated("---\n"), "headings": repeated("## 甲乙\n"),
    "bold lines": repeated("**甲**\n"), "table rows": repeated("1\t甲\n", before="序号\t任务\n"), "table headers": repeated("序号\t任务\n"),
    "rows without numbers": repeated("\t甲\n", before="序号\t任务\n1\t甲\n"), "form rows": repeated("甲\t乙\n"),
    "amendments": repeated("一、修改为：“甲\n"), "quotations": repeated("“甲\n", before="一、修改为：\n"), "questions": repeated("问：甲\n答：乙\n"),
    "boxes": repeated("专栏1 甲\n1.乙\n"), "fields": repeated("主责单位：甲、\n"), "items within a field": repeated("2.公交：甲乙丙；\n", before="主责单位：1.供电；\n"),
    "open lines": repeated("（甲乙丙丁戊己庚辛壬癸子丑寅卯\n"), "full lines": repeated("甲乙丙丁，" * 12 + "\n"),
}  # fmt: skip


ORDINARY = (
    "第一条 区政府各部门应当在每季度结束后十个工作日内将工作情况报送区政府办公室，由其汇总后报区政府常务会议审议。\n"
    * 2000
)
ORDINARY_SECONDS = 0.08  # on an office machine of 2023 with nothing else to do


def slowness() -> float:
    """Return how many times slower this machine is just now than one that reads ORDINARY in its time; 1 at least."""
    return max(1.0, seconds_to_read(ORDINARY) / ORDINARY_SECONDS)


@pytest.mark.parametrize("name", NASTY)
def test_40_kilobytes_of_anything_are_read_at_once(name: str) -> None:
    assert seconds_to_read(NASTY[name](40_000)) < 0.5 * slowness()


@pytest.mark.slow
@pytest.mark.parametrize("name", NASTY)
def test_a_quarter_of_a_megabyte_of_anything_is_read_within_2_seconds(name: str) -> None:
    assert seconds_to_read(NASTY[name](250_000)) < 2 * slowness()


@pytest.mark.slow
def test_a_line_of_20_megabytes_is_read_within_five_seconds() -> None:
    assert seconds_to_read("区政府应当依法公开。" * 666_667) < 5 * slowness()
