"""What read_documents promises, for any text."""

import re
import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.chunk import make_chunks
from ingest.numerals import to_chinese
from tests.reading import corpus, documents, read, read_one, seconds_to_read, wrap

SENTENCES = [
    "区政府每周召开会议。",
    "由区长召集和主持",
    "下列事项：",
    "组织领导",
    "完成时限：6月",
    "甲、乙、",
    "“引号",
    "（未完",
    "a b 12",
    "￥#*",
]
MARKS = [
    "第一编 ", "第二分编", "第一章 ", "第3章", "第二节 ", "第一条 ", "第二条", "第十条之一 ", "第99999条 ", "第0条", "一、", "二、",
    "11、", "（一）", "(二)", "1.", "2、", "（1）", "①", "附件1", "附件：1.", "附 件", "## ", "#### 一、", "**", "- ", "\t", "1\t",
    "序号\t任务", "目录", "第一章........1", "— 3 —", "---", "1", "<sup>1</sup>", "<sup>1</sup> 注：", "抄送：", "特此通知。",
    "甲政发〔2023〕2号", "甲区人民政府", "2023年2月15日", "本办法自发布之日起施行，有效期为九千年。", "总则", "附则", "\U000f0000", "",
]  # fmt: skip
LINES = st.builds(
    lambda mark, rest, times: mark + rest * times,
    st.sampled_from(MARKS),
    st.sampled_from(["", *SENTENCES]),
    st.integers(1, 4),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, max_size=40).map("\n".join))
def test_any_mixture_of_lines_is_read_and_every_promise_holds(text: str) -> None:
    result = read(text)
    covered = set()
    for document in result.documents:
        ids = [item.provision_id for item in document.provisions]
        assert len(ids) == len(set(ids))
        for item in document.provisions:
            assert document.text[item.start : item.end] == item.text
            assert 0 <= item.source_start < item.source_end <= len(text)
            assert item.parent is None or item.parent in ids
            covered |= set(range(item.source_start, item.source_end))
        for chunk in make_chunks(document, size=60):
            assert document.text[chunk.start : chunk.end] == chunk.text
            assert chunk.provision_id in ids
    for skip in result.skips:
        covered |= set(range(skip.start, skip.end))
    lost = [char for i, char in enumerate(text) if i not in covered and not char.isspace()]
    assert [char for char in lost if char.isalnum()] == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_is_read(text: str) -> None:
    for document in read(text).documents:
        assert all(document.text[item.start : item.end] == item.text for item in document.provisions)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30, unique=True).map(sorted))
def test_articles_in_order_are_all_found_whatever_is_missing(numbers: list[int]) -> None:
    wanted = [f"第{to_chinese(number)}条" for number in numbers]
    document = read_one("\n".join(f"{label} 内容如此。" for label in wanted))
    assert [item.label for item in document.provisions] == wanted


def test_reading_twice_gives_the_same() -> None:
    text = "第一章 总则\n第一条 甲：\n（一）乙。\n第二条 丙。\n"
    assert read(text) == read(text)


def test_the_head_of_a_document_is_read() -> None:
    document = read_one(
        "甲区人民政府\n关于印发《甲区工作规则》的通知\n甲政发[2023] 2 号\n各单位：\n现将《甲区工作规则》印发给你们。\n甲区人民政府\n"
        "2023年2月15日\n甲区工作规则\n第一条 甲。\n"
    )
    assert (document.doc_no, document.title, document.issuer) == (
        "甲政发〔2023〕2号",
        "甲区工作规则",
        "甲区人民政府",
    )
    assert (document.issued_on, document.kind) == (date(2023, 2, 15), "工作规则")
    assert document.notice_title == "甲区人民政府关于印发《甲区工作规则》的通知"


@pytest.mark.parametrize(
    "number", ["甲政发【2023】2号", "甲政发（2023）第2号", "甲政发 〔2023〕 02 号", "甲政发﹝2023﹞2号"]
)
def test_a_document_number_is_normalised(number: str) -> None:
    assert (
        read_one(f"甲区人民政府关于停水的通知\n{number}\n各单位：\n明日停水。\n").doc_no
        == "甲政发〔2023〕2号"
    )


def test_two_documents_in_one_file_are_parted_at_the_second_title() -> None:
    one = "甲区人民政府关于停水的通知\n甲政发〔2023〕{0}号\n各单位：\n第{0}次停水。\n甲区人民政府\n2023年2月1日\n"
    first, second = read(one.format(1) + one.format(2)).documents
    assert (first.doc_no, second.doc_no) == ("甲政发〔2023〕1号", "甲政发〔2023〕2号")
    assert "第2次" not in first.text and "第2次停水" in second.text


def test_a_number_within_a_sentence_is_no_new_document() -> None:
    text = "第一条 原办法（甲政发\n〔2021〕28号）同时废止，按照\n甲政发〔2021〕29号执行。\n"
    assert len(read(text).documents) == 1


def test_a_document_without_a_number_is_known_by_title_and_day() -> None:
    document = read_one("甲区工作规则\n第一条 甲。\n甲区人民政府\n2019年10月9日\n")
    assert document.doc_no is None
    assert document.document_id == "甲区工作规则@2019-10-09"
    assert "no_number" in [doubt.kind for doubt in document.doubts]


def test_a_text_without_structure_is_one_unnumbered_provision() -> None:
    (item,) = read_one("今天下午三点开会，请准时参加。\n").provisions
    assert (item.label, item.text) == ("", "今天下午三点开会，请准时参加。")


def test_an_empty_text_holds_no_provisions() -> None:
    assert [item for document in read(" \n\n").documents for item in document.provisions] == []


def test_provision_ids_of_the_corpus_are_unique() -> None:
    ids = [item.provision_id for document in corpus().documents for item in document.provisions]
    assert len(ids) == len(set(ids))


# --- round trips: a document written out again, plain or as a printer would cut it, reads the same ---

RULES = ["京平政发〔2023〕2号", "北京市平谷区人民政府工作规则@2019-10-09"]


def written(document_id: str) -> tuple[str, dict[str, str]]:
    """Return the articles of a document as a plain file, and their texts by label."""
    document = documents()[document_id]
    articles = {
        item.label: item.text
        for item in document.provisions
        if re.fullmatch("第[一二三四五六七八九十]+条", item.label)
    }
    lines, chapter = [document.title], ""
    for item in document.provisions:
        if item.label in articles and item.text == articles[item.label]:
            if item.path and item.path[0] != chapter:
                chapter = item.path[0]
                lines.append(chapter)
            lines.append(item.text)
    return "\n".join(lines) + "\n", articles


def paged(text: str) -> str:
    """Return `text` with a page mark after every 30 lines."""
    lines = text.split("\n")
    pages = ["\n".join(lines[i : i + 30]) for i in range(0, len(lines), 30)]
    return "".join(f"{page}\n\n— {n} —\n\n" for n, page in enumerate(pages, start=1))


def squashed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("document_id", RULES)
@pytest.mark.parametrize(
    "cut", [str, wrap, lambda text: paged(wrap(text)), lambda text: paged(wrap(text, 35))]
)
def test_articles_written_out_are_read_back_word_for_word(
    document_id: str, cut: Callable[[str], str]
) -> None:
    text, articles = written(document_id)
    found = {
        item.label: squashed(item.text) for item in read_one(cut(text)).provisions if item.label in articles
    }
    assert found == {label: squashed(article) for label, article in articles.items()}


def test_reading_takes_less_than_a_second_for_a_megabyte() -> None:
    text = "\n".join(document.text for document in corpus().documents) * 3
    start = time.process_time()
    read(text)
    assert time.process_time() - start < len(text.encode()) / 1e6


def test_a_long_file_takes_no_more_time_a_line_than_a_short_one() -> None:
    """Twenty times the lines may take at most forty times as long: nothing looks at all lines for each line."""
    times = []
    for count, runs in ((500, 5), (10_000, 2)):
        lines = [f"{n}. 第{n}次会议讨论决定有关事项" if n % 3 else f"## （{n}）标题" for n in range(1, count)]
        times.append(min(seconds_to_read("附件：\n" + "\n".join(lines)) for _ in range(runs)))
    assert times[1] < 40 * max(times[0], 0.01)
