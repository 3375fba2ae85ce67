"""What reading promises of any text, and that a generated outline written out reads back the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.numbering import CIRCLED
from ingest.numerals import to_chinese
from ingest.readers.source import SourceText
from ingest.structure import read_documents
from tests.fuzz.fuzz_ingest import read_bytes
from tests.fuzz.promises import check_reading
from tests.fuzz.seeds import MARKS, seeds
from tests.reading import read, read_one

FIXED = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

# --- any text ---

PIECES = st.one_of(
    st.sampled_from(MARKS),
    st.sampled_from(
        ["区政府", "负责办理。", "下列事项：", "甲、乙", "12", " ", "a b", "。", "\n", "\n\n", "\n第二条 "]
    ),
    st.text(max_size=6),
)


@settings(FIXED, max_examples=300)
@given(st.lists(PIECES, max_size=60).map("".join), st.booleans())
def test_any_mixture_of_marks_and_text_keeps_every_promise(text: str, whole_lines: bool) -> None:
    source = SourceText("file.txt", text, "utf-8", whole_lines=whole_lines)
    first = read_documents(source)
    check_reading(source, first)
    assert read_documents(source) == first


@settings(FIXED, max_examples=200)
@given(st.text(st.characters(), max_size=400))
def test_any_unicode_text_keeps_every_promise(text: str) -> None:
    source = SourceText("file.txt", text, "utf-8")
    check_reading(source, read_documents(source))


@pytest.mark.parametrize("name", sorted(seeds()))
def test_the_seeds_of_the_fuzzer_keep_every_promise(name: str) -> None:
    read_bytes(seeds()[name])


# --- round trips ---


@dataclass
class Node:
    """A unit of a generated outline: its mark as written, its label, its text (a heading where it has children)."""

    mark: str
    label: str
    text: str
    children: list[Node] = field(default_factory=list)

    def walk(self) -> list[Node]:
        return [self, *(node for child in self.children for node in child.walk())]


# How a unit of each scheme is written, and what its label adds to that of the unit above it.
SCHEMES = {
    "章": (lambda n: f"第{to_chinese(n)}章 ", lambda above, n: f"第{to_chinese(n)}章"),
    "条": (lambda n: f"第{to_chinese(n)}条 ", lambda above, n: f"第{to_chinese(n)}条"),
    "一": (lambda n: f"{to_chinese(n)}、", lambda above, n: to_chinese(n)),
    "（一）": (lambda n: f"（{to_chinese(n)}）", lambda above, n: f"{_listed(above)}（{to_chinese(n)}）"),
    "1": (lambda n: f"{n}.", lambda above, n: f"{_listed(above)}{n}"),
    "（1）": (lambda n: f"（{n}）", lambda above, n: f"{_listed(above)}（{n}）"),
    "①": (lambda n: CIRCLED[n - 1], lambda above, n: f"{_listed(above)}{CIRCLED[n - 1]}"),
}
# From the outermost in; 条 and 章 count on through the whole text, the others start anew in each unit.
STACKS = (
    ("章", "条", "（一）", "1"),
    ("条", "（一）", "1", "（1）"),
    ("一", "（一）", "1", "（1）", "①"),
    ("一", "1", "（1）"),
    ("（一）", "1", "①"),
)
SENTENCE = st.text("区市乡政府机关应当依法办理审批会议每月", min_size=4, max_size=60).map(
    lambda words: f"由{words}。"
)
HEADING = st.text("加强组织领导工作任务", min_size=2, max_size=8)


def _listed(above: str) -> str:
    """Between a 一 and its items stands a 、: 一、（一）."""
    return f"{above}、" if re.fullmatch("[一二三四五六七八九十]+", above) else above


@st.composite
def outlines(draw: st.DrawFn) -> list[Node]:
    """Return the units of a document, outermost first."""
    stack = draw(st.sampled_from(STACKS))
    counts = dict.fromkeys(stack, 0)

    def units(depth: int, above: str) -> list[Node]:
        if depth == len(stack):
            return []
        write, label = SCHEMES[stack[depth]]
        out = []
        if stack[depth] not in "章条":
            counts[stack[depth]] = 0
        for _ in range(draw(st.integers(1 if depth == 0 else 0, 4))):
            counts[stack[depth]] += 1
            number = counts[stack[depth]]
            if number > 19:
                break
            own = label("" if stack[depth] in "章条一" else above, number)
            below = units(depth + 1, "" if stack[depth] == "章" else own)
            heads = stack[depth] in ("章", "一") or (bool(below) and stack[depth] != "条")
            lead = "有下列情形的，应当报告：" if below else draw(SENTENCE)
            out.append(Node(write(number), own, draw(HEADING) if heads else lead, below))
        return out

    return units(0, "")


def written(nodes: list[Node]) -> list[str]:
    return [f"{node.mark}{node.text}" for top in nodes for node in top.walk()]


def wrapped(lines: list[str], width: int) -> list[str]:
    return [line[i : i + width] for line in lines for i in range(0, len(line), width)]


def squashed(text: str) -> str:
    return re.sub(r"\s", "", text)


def whole_text(node: Node) -> str:
    return squashed("".join(f"{each.mark}{each.text}" for each in node.walk()))


def assert_read_back(nodes: list[Node], text: str) -> None:
    """Every unit has its label, in order, and its own words; what else is said of it is not asked here."""
    found = read_one(text).provisions
    wanted = [node for top in nodes for node in top.walk()]
    assert [item.label for item in found] == [node.label for node in wanted]
    for item, node in zip(found, wanted, strict=True):
        own = squashed(node.mark + node.text)
        assert squashed(item.text) in (own, whole_text(node)), item.label


@settings(FIXED, max_examples=150)
@given(outlines(), st.sampled_from(["\n", "\n\n", "\r\n".replace("\r", " ")]))
def test_an_outline_of_whole_lines_reads_back_the_same(nodes: list[Node], parting: str) -> None:
    assert_read_back(nodes, "甲区工作方案\n" + parting.join(written(nodes)) + "\n")


PREAMBLE = (
    "为了加强和规范全区各部门各乡镇街道的日常工作，提高工作效率，根据有关法律法规和上级文件的要求，结合本区实际，现就有关事项通知如下。"
    * 6
)


@settings(FIXED, max_examples=150)
@given(outlines(), st.integers(18, 36), st.integers(5, 30))
def test_a_wrapped_outline_with_page_marks_reads_back_the_same(
    nodes: list[Node], width: int, page: int
) -> None:
    lines = wrapped([PREAMBLE, *written(nodes)], width)
    paged = [
        line
        for n, line in enumerate(lines)
        for line in ([line, f"— {n // page + 1} —"] if n % page == page - 1 else [line])
    ]
    found = read_one("甲区工作方案\n" + "\n".join(paged) + "\n").provisions
    wanted = [node for top in nodes for node in top.walk()]
    assert squashed(found[0].text) == PREAMBLE
    assert [item.label for item in found[1:]] == [node.label for node in wanted]
    for item, node in zip(found[1:], wanted, strict=True):
        assert squashed(item.text) in (squashed(node.mark + node.text), whole_text(node)), item.label


@settings(FIXED, max_examples=60)
@given(outlines())
def test_markdown_levels_that_lie_change_no_label(nodes: list[Node]) -> None:
    plain = [
        item.label for item in read_one("# 甲区工作方案\n\n" + "\n\n".join(written(nodes)) + "\n").provisions
    ]
    lying = [
        f"{'#' * (1 + n % 5)} {line}" if not line.endswith(("。", "：")) else line
        for n, line in enumerate(written(nodes))
    ]
    assert [
        item.label for item in read_one("# 甲区工作方案\n\n" + "\n\n".join(lying) + "\n").provisions
    ] == plain
    assert plain == [node.label for top in nodes for node in top.walk()]


def test_reading_an_empty_text_gives_no_provisions() -> None:
    assert [item for document in read("").documents for item in document.provisions] == []
