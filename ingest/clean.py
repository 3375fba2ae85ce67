"""Lines of a file in, paragraphs out: wrapped lines joined, page marks and contents out, markup and spaces tidied.

Every paragraph knows the raw span it came from; what is left out is recorded as a Skip with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.footnotes import Footnote, strip_marks, take_footnotes
from ingest.numbering import COMMA, DIVISIONS, PAREN, read_mark, starts_unit

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
PAGE_MARK = re.compile(
    r"^(?:[-—–－_\s]+\d{1,4}[-—–－_\s]+|第\s*\d{1,4}\s*页(?:\s*[,，/共]\s*共?\s*\d{1,4}\s*页)?)$"
)
CONTENTS_ENTRY = re.compile(r"(?:[.．…·]{3,}|\t)\s*[-—]?\s*\d{1,4}\s*[-—]?$")
RULE = re.compile(r"^(?:-{2,}|\*{3,}|_{3,}|={3,})$")
HALF_WIDTH_BRACKETS = str.maketrans("()", "（）")
TERMINAL = "。！？；：:;!?…”’）)】》>"
FIELD = re.compile(rf"^(?:[{HAN}]{{2,8}})[：:](?=.)")
DOC_NO_LINE = re.compile(
    rf"^[{HAN}]{{1,12}}\s*[〔\[［【（(﹝]\s*(?:19|20)\d\d\s*[〕\]］】）)﹞]\s*第?\s*\d{{1,5}}\s*号(?:[.．…\s]*\d*)$"
)
DATE_LINE = re.compile(r"^(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$|^二[〇○零]\S{1,12}日$")


@dataclass(frozen=True)
class Line:
    """One line that holds something: its stripped text and its raw span."""

    text: str
    start: int
    end: int
    gap: bool = False  # a blank line stands before it
    indented: bool = False


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


@dataclass
class CleanText:
    blocks: list[Block] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)


def clean_text(raw: str, *, whole_lines: bool = False) -> CleanText:
    """Return the paragraphs and table rows of one file, and what was left out of it.

    `whole_lines`: each line is known to be a whole paragraph or row; none are joined.
    """
    out = CleanText()
    lines = _mend_stray_tabs(_drop_page_marks(_split(raw), out.skips))
    lines = _drop_contents(lines, out.skips)
    lines, notes = take_footnotes(lines)
    lines = _drop_rules(lines, out.skips)
    for group in [[line] for line in lines] if whole_lines else _paragraphs(lines, _wrap_width(lines)):
        out.blocks.extend(_blocks(group, notes))
    return out


def _split(raw: str) -> list[Line]:
    lines, position, gap = [], 0, False
    for text in raw.split("\n"):
        stripped = text.strip(" \u3000\xa0\u200b\ufeff\t") if "\t" not in text else text.strip(" \n\u3000")
        if stripped.strip():
            start = position + text.index(stripped)
            indented = len(text) - len(text.lstrip(" \u3000\xa0")) >= 2
            lines.append(Line(stripped, start, start + len(stripped), gap, indented))
            gap = False
        else:
            gap = True
        position += len(text) + 1
    return lines


def _drop_page_marks(lines: list[Line], skips: list[Skip]) -> list[Line]:
    kept, at_page_end = [], False
    for line in lines:
        if PAGE_MARK.match(line.text):
            skips.append(Skip(line.start, line.end, "page mark"))
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
        if "\t" not in line.text:
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
    """Leave out tables of contents: from 目录 on, as long as one of the next lines still ends in a page number."""
    kept: list[Line] = []
    index = 0
    while index < len(lines):
        end = (
            _contents_end(lines, index)
            if re.sub(r"[#*\s]", "", lines[index].text) in ("目录", "目次")
            else index
        )
        if end > index + 1:
            skips.extend(Skip(line.start, line.end, "contents") for line in lines[index:end])
            index = end
        else:
            kept.append(lines[index])
            index += 1
    return kept


def _contents_end(lines: Sequence[Line], start: int) -> int:
    end, index = start + 1, start + 1
    while index < len(lines) and index - end < 4:
        if CONTENTS_ENTRY.search(lines[index].text):
            end = index + 1
        index += 1
    return end


def text_width(text: str) -> int:
    """Return the columns that `text` takes: one for an ASCII character, two for any other."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the column at which the file's lines were wrapped, 0 where lines are whole paragraphs."""
    counts = Counter(text_width(line.text) for line in lines if "\t" not in line.text)
    total = counts.total()
    near = {width: sum(counts[width + step] for step in range(-3, 4)) for width in range(24, 111)}
    width = max(near, key=lambda key: (near[key], key))
    return width if total >= 8 and near[width] >= total * 0.3 else 0


def _paragraphs(lines: Sequence[Line], width: int) -> list[list[Line]]:
    counts = Counter(match[0] for line in lines if (match := FIELD.match(line.text)))
    fields = tuple(name for name, count in counts.items() if count >= 3)  # 主责单位：, 完成时限：
    # Where few lines have a blank one above them, a blank line parts paragraphs; where most have, it says nothing.
    blank_parts = sum(line.gap for line in lines) * 2 < len(lines)
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        parted = _is_signature(lines, index) or (bool(width) and blank_parts and line.gap)
        if groups and not parted and (
            _continues(groups[-1], line, width, fields) or (not width and _page_cut(groups, line))
        ):  # fmt: skip
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_signature(lines: Sequence[Line], index: int) -> bool:
    """An issuer's name alone on the line before a date."""
    text = lines[index].text
    dated = index + 1 < len(lines) and bool(DATE_LINE.match(lines[index + 1].text))
    return dated and len(text) <= 40 and not re.search(r"[，。；：、]", text)


def _continues(group: Sequence[Line], line: Line, width: int, fields: tuple[str, ...]) -> bool:
    """Say whether `line` goes on with the paragraph of `group`; `width` 0: lines are paragraphs, cut by pages only."""
    last, text = group[-1].text, line.text
    if "\t" in last or "\t" in text or _stands_alone(last) or _stands_alone(text):
        return False
    if text.startswith("#") or last.startswith("#") or text.startswith(("**", "- ", "<p>", "<b>")):
        return last.endswith("\\") and last.startswith("**")
    if last.startswith("**") and last.rstrip("\\").rstrip().endswith("**"):
        return False
    ended = strip_marks(last).rstrip("\\")[-1:] in TERMINAL
    if _open_bracket(last) and not starts_unit(text):
        return True
    if starts_unit(text):
        return bool(width) and text_width(last) >= width - 7 and _inline_list_goes_on(group, text)
    if text.startswith(fields) if fields else False:
        return False
    if width:
        return text_width(last) >= width - 7 and not (ended and line.indented)
    return not ended and (
        text_width(last) >= 60 or last.endswith("、") or any(mark in last for mark in "，。；")
    )


def _page_cut(groups: Sequence[Sequence[Line]], line: Line) -> bool:
    """Say whether a page ended within a sentence that holds no comma to tell by, in a file of whole paragraphs."""
    group, last, text = groups[-1], groups[-1][-1].text, line.text
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


def _stands_alone(text: str) -> bool:
    return bool(DOC_NO_LINE.match(text) or DATE_LINE.match(text))


def _open_bracket(text: str) -> bool:
    tail = text[-60:].translate(HALF_WIDTH_BRACKETS)
    return (
        any(tail.rfind(left) > tail.rfind(right) for left, right in ("《》", "〔〕", "“”", "（）"))
        and len(text) > 12
    )


def _inline_list_goes_on(group: Sequence[Line], text: str) -> bool:
    """主责单位：1.供电：… ends in a semicolon at a line's end, and `2.公交：…` goes on with it."""
    mark = re.match(r"(\d{1,2})[.．、]", text)
    joined = "".join(item.text for item in group)
    if not mark or not FIELD.match(joined):
        return False
    return bool(re.search(rf"[：；:;]\s*{int(mark[1]) - 1}[.．、]", joined))


def _blocks(group: Sequence[Line], notes: dict[str, Footnote]) -> list[Block]:
    first, last = group[0], group[-1]
    if "\t" in first.text:
        cells = tuple(tidy(cell) for cell in first.text.split("\t"))
        return [Block(" ".join(filter(None, cells)), first.start, first.end, cells=cells)]
    text = _join([line.text for line in group])
    level = len(text) - len(text.lstrip("#")) if text.startswith("#") else 0
    bare = text.lstrip("# ").strip()
    bold = bool(re.fullmatch(r"\*\*.+\*\*", bare)) and bare.count("**") == 2
    body = tidy(re.sub(r"^[-*] (?=\S)", "", bare), heading=bool(level or bold))
    if not strip_marks(body):
        return []
    block = Block(strip_marks(body), first.start, last.end, level, bold)
    found = [notes[char] for char in body if char in notes]
    return [block] + [Block(note.line(), note.start, note.end, is_note=True) for note in found]


def _join(texts: Sequence[str]) -> str:
    out = texts[0].rstrip("\\").rstrip()
    for text in texts[1:]:
        text = text.rstrip("\\").rstrip()
        glue = (
            " "
            if out[-1:].isascii() and out[-1:].isalnum() and text[:1].isascii() and text[:1].isalpha()
            else ""
        )
        out += glue + text
    return out


LATEX = {
    r"\geq": "≥",
    r"\cdot": "·",
    r"^\circ": "°",
    r"\leq": "≤",
    r"\times": "×",
    r"\%": "%",
    r"\sim": "～",
    r"\pm": "±",
}
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


MATH = re.compile(r"\$([^$]{1,60})\$")
SUP_TAG = re.compile(r"\s*<sup>(\d)</sup>")
TAG = re.compile(r"\s*</?(?:sub|p|b|br|i|u|strong)\s*/?>\s*")
EMPHASIS = re.compile(r"\*\*|\\(?=[_*#])")
BLANKS = re.compile(r"[ \t\u3000\xa0]+")
SPACED_WORD = re.compile(rf"(?<![{HAN}])([{HAN}])((?: [{HAN}])+)(?![{HAN}])")  # 目 录
UNIT_HEAD = re.compile(r"^第[^ ]{1,9}[编章节条] ")
HAN_GAP = re.compile(rf"(?<=[{HAN}”》）]) (?=[{HAN}“《（])")
LATIN_GAP = re.compile(
    rf"(?<=[{HAN}，。；：、（）《》“”〔〕]) (?=[A-Za-z\d（(≥≤])|(?<=[A-Za-z\d%）)]) (?=[{HAN}，。；：、（）])|(?<=[≥≤]) (?=\d)"
)
MARK_GAP = re.compile(r" ?([，。；：、）》”〕]) ?")
ASCII_MARK_GAP = re.compile(
    rf"(?<=[{HAN}\d%）)”》])(?: ?([,;]) ?(?=[{HAN}“《])| ([,;]) ?(?=\d))"
)  # 36% , 人均
CLOCK_GAP = re.compile(r"(?<=\d)[:：] (?=\d\d(?!\d))")  # 8: 30


def tidy(text: str, *, heading: bool = False) -> str:
    """Return `text` without markup and without the spaces that wrapping or OCR put between Chinese characters."""
    text = _without_markup(text)
    if not any(blank in text for blank in " \t\u3000\xa0"):
        return text
    text = BLANKS.sub(" ", text).strip()
    text = SPACED_WORD.sub(lambda match: match[0].replace(" ", ""), text)
    if heading or re.search(r"[，。；、]", text) or starts_unit(text):
        unit = UNIT_HEAD.match(text)
        head = unit[0] if unit else ""
        text = head + HAN_GAP.sub("", text[len(head) :])
    text = LATIN_GAP.sub("", text)
    if not re.search(rf"[{HAN}]", text):
        return text
    return CLOCK_GAP.sub(":", ASCII_MARK_GAP.sub(r"\1\2", MARK_GAP.sub(r"\1", text)))


def _without_markup(text: str) -> str:
    if "$" in text:
        text = MATH.sub(_latex, text)
    if "<" in text:
        text = SUP_TAG.sub(lambda match: match[1].translate(SUPERSCRIPT), text)
        text = TAG.sub(lambda match: " " if "p" in match[0] else "", text)
    return EMPHASIS.sub("", text) if "*" in text or "\\" in text else text


def _latex(match: re.Match[str]) -> str:
    inner = re.sub(r"\\(?:text|mathrm|mathbf)\{([^{}]*)\}", r"\1", match[1])
    inner = re.sub(r"\^\{?(\d+)\}?", lambda power: power[1].translate(SUPERSCRIPT), inner)
    for command, char in LATEX.items():
        inner = inner.replace(command, char)
    return match[0] if "\\" in inner else re.sub(r"\s+", "", inner)
