"""Lines of a file in, paragraphs out: wrapped lines joined, page marks and contents out, markup and spaces tidied.

Every paragraph knows the raw span it came from; what is left out is recorded as a Skip with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from ingest.footnotes import Footnote, strip_marks, take_footnotes
from ingest.numbering import ARTICLE, COMMA, DIVISIONS, HAN, PAREN, open_headings, read_mark, starts_unit
from ingest.numerals import NUMERAL
from ingest.pages import contents_lines, running_headers
from ingest.table_markup import markup_tables
from ingest.tidy import is_title, open_bracket, opens_letter, tidy

__all__ = [
    "DATE_LINE",
    "DOC_NO_LINE",
    "Block",
    "CleanText",
    "Line",
    "Skip",
    "clean_text",
    "text_width",
    "tidy",
]

PAGE_MARK = re.compile(
    r"^(?:[-—–－_\s]+\d{1,4}[-—–－_\s]+|第\s*\d{1,4}\s*页(?:\s*[,，/共]\s*共?\s*\d{1,4}\s*页)?)$"
)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
RULE = re.compile(r"^(?:-{2,}|\*{3,}|_{3,}|={3,})$")
TERMINAL = "。！？；：:;!?…”’）)】》>"
FIELD = re.compile(rf"^(?:[{HAN}]{{2,8}})[：:](?=.)")
DOC_NO_LINE = re.compile(
    rf"^[{HAN}]{{1,12}}\s*[〔\[［【（(﹝]\s*(?:19|20)\d\d\s*[〕\]］】）)﹞]\s*第?\s*\d{{1,5}}\s*号(?:[.．…\s]*\d*|\s*签\s*发\s*人\s*[：:].{{2,20}})$"
)
ORGAN_END = re.compile("(?:政府|委员会|办公[室厅]|[局厅部院委]|公司|银行)$")
# 2023年第3号, 〔2023〕第7期, ——2024年3月5日在…会议上: what stands below a title, each on a line of its own.
HEAD_LINE = re.compile(
    r"^(?:[—–－-]*\s*(?:19|20)\d\d\s*年.{2,8}日在.{4,50}上|[〔\[（(]?(?:19|20)\d\d\s*[〕\]）)年]\s*第?\s*\d{1,4}\s*[期号]|第\s*\d{1,4}\s*[期号])$"
)
REFERS = re.compile(rf"第{NUMERAL}{{1,6}}[编章节条款项]")
DISTRIBUTED = re.compile(r"(?:抄\s*送|主\s*送|分\s*送|报\s*送|主题词)\s*[：:]")
DATE_LINE = re.compile(r"^(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$|^二[〇○零]\S{1,12}日$")


@dataclass(frozen=True)
class Line:
    """One line that holds something: its stripped text and its raw span."""

    text: str
    start: int
    end: int
    gap: bool = False  # a blank line stands before it
    indented: bool = False
    row: bool = False  # made of markup: its text is not that of its span
    merged: bool = False  # a row of an HTML table: see Block.merged
    header: bool = False  # a row that the markup says to be a header


@dataclass(frozen=True)
class Skip:
    """A raw span that is in no paragraph, and why: page mark, contents, cover, rule, form feed."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Block:
    """A cleaned paragraph, or a table row (`cells` set), and the raw span it stands for."""

    text: str
    start: int
    end: int
    level: int = 0  # of a markdown heading; only a hint
    bold: bool = False  # the whole line is bold
    cells: tuple[str, ...] = ()
    is_note: bool = False  # the text of a footnote, put behind the paragraph that holds its mark
    merged: bool = False  # of a numbered row: an empty cell is known to be covered by the one above it
    header: bool = False  # of a row: it names the columns, as the markup says


@dataclass
class CleanText:
    blocks: list[Block] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)


def clean_text(raw: str, *, whole_lines: bool = False) -> CleanText:
    """Return the paragraphs and table rows of one file, and what was left out of it.

    `whole_lines`: each line is known to be a whole paragraph or row; none are joined.
    """
    out = CleanText()
    lines, markup = markup_tables(raw, _split(raw))
    out.skips.extend(Skip(start, end, "markup") for start, end in markup)
    lines = _mend_stray_tabs(_drop_page_marks(lines, out.skips))
    lines = _drop_contents(lines, out.skips)
    lines, notes = take_footnotes(lines)
    lines = _drop_rules(lines, out.skips)
    for group in [[line] for line in lines] if whole_lines else _paragraphs(lines, _wrap_width(lines)):
        blocks = _row_blocks(group[0], notes, whole_lines) if "\t" in group[0].text else _blocks(group, notes)
        out.blocks.extend(blocks)
        if not blocks or blocks[0].is_note:
            out.skips.append(Skip(group[0].start, group[-1].end, "markup"))
    return out


def _split(raw: str) -> list[Line]:
    lines, position, gap = [], 0, False
    for text in raw.split("\n"):
        stripped = text.strip(" \u3000\xa0\u200b\ufeff\t") if "\t" not in text else text.strip(" \n\u3000")
        if stripped and not stripped.isspace():
            start = position + text.index(stripped)
            indented = stripped[0] != text[0] and len(text) - len(text.lstrip(" \u3000\xa0")) >= 2
            lines.append(Line(stripped, start, start + len(stripped), gap, indented))
            gap = False
        else:
            gap = True
        position += len(text) + 1
    return lines


def _drop_page_marks(lines: list[Line], skips: list[Skip]) -> list[Line]:
    headers = running_headers([line.text for line in lines], PAGE_MARK)
    kept, at_page_end = [], False
    for index, line in enumerate(lines):
        if index in headers or PAGE_MARK.match(line.text):
            skips.append(Skip(line.start, line.end, "page header" if index in headers else "page mark"))
            at_page_end = True
        else:
            kept.append(replace(line, gap=False) if at_page_end else line)  # the blank line is the page's
            at_page_end = False
    return kept


def _mend_stray_tabs(lines: list[Line]) -> list[Line]:
    """A tab makes a table row only among other rows: an indent, or a tab behind 第一条, is a space."""
    inner = [line.text.lstrip("\t ").count("\t") for line in lines]  # those of an indent do not count
    out = list(lines)
    for index, line in enumerate(lines):
        if "\t" not in line.text or line.row:
            continue
        beside = max((inner[i] for i in (index - 1, index + 1) if 0 <= i < len(lines)), default=0)
        if not inner[index] and not beside:
            left = len(line.text) - len(line.text.lstrip("\t "))
            text = line.text[left:]
            out[index] = replace(line, text=text, start=line.start + left, end=line.start + left + len(text))
        elif inner[index] and _is_prose_with_tab(line.text.strip("\t "), beside):
            out[index] = replace(line, text=line.text.replace("\t", " "))
    return out


def _is_prose_with_tab(text: str, beside: int) -> bool:
    """Say whether a line with tabs is a sentence; `beside` is the number of tabs in its fuller neighbour."""
    mark = read_mark(text)
    behind_mark = mark is not None and "\t" in text[: mark.length] and text[mark.length :].count("\t") == 0
    if mark and mark.scheme in DIVISIONS:
        return behind_mark or not beside
    return mark is not None and mark.scheme in (COMMA, PAREN) and behind_mark and beside < 2


def _drop_rules(lines: list[Line], skips: list[Skip]) -> list[Line]:
    skips.extend(Skip(line.start, line.end, "rule") for line in lines if RULE.match(line.text))
    return [line for line in lines if not RULE.match(line.text)]


def _drop_contents(lines: list[Line], skips: list[Skip]) -> list[Line]:
    inside = contents_lines([line.text for line in lines])
    skips.extend(Skip(lines[index].start, lines[index].end, "contents") for index in sorted(inside))
    return [line for index, line in enumerate(lines) if index not in inside]


def text_width(text: str) -> int:
    """Return the columns that `text` takes: one for an ASCII character, two for any other."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the column at which the file's lines were wrapped, 0 where lines are whole paragraphs.

    Wrapped lines are alike in width, none is much wider, and they break off in mid-sentence; paragraphs end as sentences do.
    """
    counts, cut = Counter[int](), Counter[int]()
    for line in lines:
        if "\t" not in line.text:
            width = text_width(line.text)
            counts[width] += 1
            cut[width] += line.text[-1] not in TERMINAL
    total = counts.total()
    near = {width: sum(counts[width + step] for step in range(-3, 4)) for width in range(24, 111)}
    width = max(near, key=lambda key: (near[key], key))
    broken = sum(cut[width + step] for step in range(-3, 4))
    wider = sum(count for key, count in counts.items() if key > width + 8)
    alike = total >= 8 and near[width] >= max(total * 0.3, wider * 5)
    return width if alike and broken * 2 >= near[width] else 0


def _paragraphs(lines: Sequence[Line], width: int) -> list[list[Line]]:
    counts = Counter(match[0] for line in lines if (match := FIELD.match(line.text)))
    fields = tuple(name for name, count in counts.items() if count >= 3)  # 主责单位：, 完成时限：
    # Where few lines have a blank one above them, a blank line parts paragraphs; where most have, it says nothing.
    blank_parts = sum(line.gap for line in lines) * 2 < len(lines)
    indents_part = _indents_part(lines, width) if width else _mostly_indented(lines)
    headings = set[int]() if width else open_headings([line.text for line in lines])
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        parted = _is_signature(lines, index) or (bool(width) and blank_parts and line.gap)
        parted = parted or index - 1 in headings or (index == 1 and not width and is_title(lines[0].text))
        parted = parted or (bool(groups) and opens_letter([last.text for last in groups[-1]], line.text))
        if indents_part:
            parted = parted or line.indented or (bool(width) and _is_set_off(lines, index))
        if groups and not parted and (
            _continues(groups[-1], line, width, fields) or (not width and _page_cut(groups, line))
        ):  # fmt: skip
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_set_off(lines: Sequence[Line], index: int) -> bool:
    """A line that ends as no sentence does, between a sentence and an indented line: a heading."""
    behind_sentence = index > 0 and _ends(lines[index - 1].text)
    before_indent = index + 1 < len(lines) and lines[index + 1].indented
    return behind_sentence and before_indent and not _ends(lines[index].text)


def _indents_part(lines: Sequence[Line], width: int) -> bool:
    """Say whether a paragraph's first line is indented and its others are not: an indent then begins a paragraph."""
    behind_short = [line.indented for last, line in pairwise(lines) if text_width(last.text) < width - 7]
    wrapped = [
        line.indented
        for last, line in pairwise(lines)
        if text_width(last.text) >= width - 7 and not _ends(last.text)
    ]
    return (
        len(behind_short) >= 5 and sum(behind_short) >= 0.7 * len(behind_short)
        and len(wrapped) >= 5 and sum(wrapped) <= 0.1 * len(wrapped)
    )  # fmt: skip


def _mostly_indented(lines: Sequence[Line]) -> bool:
    return sum(line.indented for line in lines) >= max(4, 0.6 * len(lines))


def _is_signature(lines: Sequence[Line], index: int) -> bool:
    """An issuer's name alone on the line before a date, or before another issuer's that is."""
    text, below = lines[index].text, lines[index + 1].text if index + 1 < len(lines) else ""
    if len(text) > 40 or re.search(r"[，。；：、]", text):
        return False
    joint = ORGAN_END.search(text) and ORGAN_END.search(below) and not starts_unit(text)
    return DATE_LINE.match(below) is not None or (bool(joint) and _is_signature(lines, index + 1))


def _continues(group: Sequence[Line], line: Line, width: int, fields: tuple[str, ...]) -> bool:
    """Say whether `line` goes on with the paragraph of `group`; `width` 0: lines are paragraphs, cut by pages only."""
    last, text = group[-1].text, line.text
    if "\t" in last or "\t" in text or _stands_alone(last) or _stands_alone(text):
        return False
    if text.startswith("#") or last.startswith("#") or text.startswith(("**", "- ", "<p>", "<b>")):
        return last.endswith("\\") and last.startswith("**")
    if last.startswith("**") and last.rstrip("\\").rstrip().endswith("**"):
        return False
    ended = _ends(last)
    if text.startswith("“") and last.rstrip("”’")[-1:] in "。；：！？;:":
        return False  # each paragraph of a quotation opens with the mark
    if open_bracket(last) and not starts_unit(text):
        return True
    if starts_unit(text):
        return bool(width) and text_width(last) >= width - 7 and _inline_list_goes_on(group, text)
    if text.startswith(fields) if fields else False:
        return False
    if width:
        return text_width(last) >= width - 7 and not (ended and line.indented)
    return not ended and (
        "，" in last
        or "。" in last
        or "；" in last
        or last.endswith("、")
        or text_width(last) >= 60
        or (text.startswith("第") and _goes_on_referring(last, text))
    )


def _goes_on_referring(last: str, text: str) -> bool:
    """…按照本办法 / 第三条规定的程序办理。 is one sentence; a heading above a sentence on 第三条 is not part of it."""
    mark = read_mark(last)
    return REFERS.match(text) is not None and (mark is None or mark.scheme >= ARTICLE)


def _ends(text: str) -> bool:
    """Say whether a line ends as a sentence, a heading or a bracket does."""
    char = text[-1:]
    if char == "\\" or char >= "\U000f0000":
        char = strip_marks(text).rstrip("\\")[-1:]
    return char in TERMINAL


def _page_cut(groups: Sequence[Sequence[Line]], line: Line) -> bool:
    """Say whether a page ended within a sentence that holds no comma to tell by, in a file of whole paragraphs."""
    group, last, text = groups[-1], groups[-1][-1].text, line.text
    if len(last) < 24 and "、" not in last[-12:]:
        return False
    if any(item.startswith(("#", "*", "-", "<")) or "\t" in item for item in (last, text)):
        return False
    if (
        starts_unit(text)
        or _stands_alone(last)
        or _stands_alone(text)
        or last[-1] in TERMINAL
        or FIELD.match(text)
    ):
        return False
    if FIELD.match(group[0].text):  # 责任单位：…、区城管执 / 法局、…
        return "、" in last[-12:] and "、" in text and "。" not in text
    if text_width(last) < 48 or text[-1] not in "。；":
        return False
    return not starts_unit(last) or _is_among_sentences(groups)


def _is_among_sentences(groups: Sequence[Sequence[Line]]) -> bool:
    """Say whether the last numbered paragraph stands in a list whose other items are sentences, not headings."""
    mark = read_mark(groups[-1][0].text)
    for group in reversed(groups[-7:-1]):
        other = read_mark(group[0].text)
        if mark and other and other.scheme == mark.scheme:
            return group[-1].text.endswith(("。", "；")) and other.number == mark.number - 1
    return False


@lru_cache(maxsize=256)
def _stands_alone(text: str) -> bool:
    numbered = "号" in text and DOC_NO_LINE.match(text)
    return bool(numbered or DATE_LINE.match(text) or DISTRIBUTED.match(text) or HEAD_LINE.match(text))


def _inline_list_goes_on(group: Sequence[Line], text: str) -> bool:
    """主责单位：1.供电：… ends in a semicolon at a line's end, and `2.公交：…` goes on with it."""
    mark = re.match(r"(\d{1,2})[.．、]", text)
    if not mark or not FIELD.match(group[0].text):
        return False
    joined = "".join(item.text for item in group[-20:])
    return bool(re.search(rf"[：；:;]\s*{int(mark[1]) - 1}[.．、]", joined))


def _row_blocks(line: Line, notes: dict[str, Footnote], merged: bool) -> list[Block]:
    """Return a table row and the notes to it; `merged`: an empty cell in a numbered row is a merged one."""
    cells = [tidy(BREAK.sub(" ", cell)) for cell in line.text.split("\t")]
    found = [notes[char] for cell in cells for char in cell if char in notes]
    bare = tuple(strip_marks(cell) for cell in cells)
    text = " ".join(filter(None, bare))
    merged = merged or line.merged
    row = Block(text, line.start, line.end, cells=bare, merged=merged, header=line.header)
    return [row] + [Block(note.line(), note.start, note.end, is_note=True) for note in found]


def _blocks(group: Sequence[Line], notes: dict[str, Footnote]) -> list[Block]:
    first, last = group[0], group[-1]
    text = _join([line.text for line in group])
    level = len(text) - len(text.lstrip("#")) if text.startswith("#") else 0
    bare = text.lstrip("# ").strip()
    bold = len(bare) > 4 and bare.startswith("**") and bare.endswith("**") and bare.count("**") == 2
    bullet = bare.startswith(("- ", "* ")) and not bare[2:3].isspace()
    body = tidy(bare[2:] if bullet else bare, heading=bool(level or bold))
    stripped = strip_marks(body)
    own = [Block(stripped, first.start, last.end, level, bold)] if stripped else []
    found = [notes[char] for char in body if char in notes] if stripped != body else []
    return own + [Block(note.line(), note.start, note.end, is_note=True) for note in found]


def _join(texts: Sequence[str]) -> str:
    """Return lines as one text: a space only where a line break stood between Latin words."""
    out = [texts[0].rstrip("\\").rstrip()]
    for line in texts[1:]:
        text, before = line.rstrip("\\").rstrip(), out[-1]
        if before[-1:].isascii() and before[-1:].isalnum() and text[:1].isascii() and text[:1].isalpha():
            out.append(" ")
        if text:
            out.append(text)
    return "".join(out)
