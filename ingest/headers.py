"""Where each document of a file begins, and what its head and foot say: number, title, issuer, date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ingest.clean import DATE_LINE, DOC_NO_LINE, Block
from ingest.numbering import HAN, read_mark
from ingest.numerals import parse_numeral
from ingest.tidy import without_spaces

DOC_NO = re.compile(
    rf"([{HAN}]{{1,12}}?)[〔\[［【（(﹝]\s*((?:19|20)\d\d)\s*[〕\]］】）)﹞]\s*第?\s*(\d{{1,5}})\s*号"
)
DATE = re.compile(r"((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
HAN_DATE = re.compile(
    r"([一二][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
ORGANS = "人民法院|人民检察院|人民政府办公厅|人民政府办公室|人民政府|人大常委会|委员会办公室|委员会|办公厅|办公室|国务院|管理局|分局|局|部|厅|院|公司"
ISSUER = re.compile(rf"^([{HAN}]{{2,30}}?(?:{ORGANS}))(?=$|关于|印发|文件|公告|转发|批转|通告|令|\s)")
KINDS = (
    "工作规则", "议事规则", "规则", "条例", "规定", "办法", "细则", "实施意见", "意见", "规划纲要", "规划", "行动计划", "计划",
    "工作方案", "方案", "解释", "决议", "安排", "修正案", "决定", "通告", "公告", "通知", "通报", "报告", "批复", "函", "纪要", "标准", "指引", "项目", "请示", "议案",
    "措施", "预案", "要点", "公报", "章程", "规程", "守则", "法",
)  # fmt: skip
MAX_TITLE_BLOCKS = 6
MAX_HEAD = 1000  # characters in which a notice names what it issues
INNER_TITLE = re.compile(r"(?:印发|转发|批转|公布|发布|下发)(?:给你们)?\s*[《〈](.+)[》〉]")
ISSUES_PLAIN = re.compile(rf"(?:印发|公布|发布)([^《》，。：；]{{2,60}}(?:{'|'.join(KINDS)})(?:[（(][^（）()]{{1,8}}[）)])?)的(?:通知|决定|公告|通告)$")  # fmt: skip
HELD_ON = re.compile(
    r"^(?:[（(].{0,400}?(?:通过|批准|公布|发布|修正|修订|印发).{0,400}[）)]|[—–－-]{1,2}.{0,30}在.{4,40}上(?:的讲话|的报告)?|.{0,40}年.{1,6}日在.{4,40}上)$"
)  # the line below a title: （2023年3月13日…会议通过）, ——2024年3月5日在…会议上
ISSUE_LINE = re.compile(
    r"^(?:.{4,30}(?:委员会|政府|办公[室厅]|[局厅部院委会]|公司))\s*((?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)$"
)  # below the red head of minutes: 云台县人民政府办公室 2023年3月21日
DATE_WORDS = r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
PASSED = re.compile(
    rf"日\s*([{HAN}]{{0,20}}?人民代表大会(?:常务委员会)?)第[{HAN}]{{1,5}}次会议[^（）()]{{0,6}}通过"
)
HEAD_LINES = 8


@dataclass(frozen=True)
class Head:
    """One document's span of blocks and what its head says. blocks[first:last]; the body begins at `body`."""

    first: int
    last: int
    body: int
    doc_no: str | None
    title: str
    notice_title: str
    issuer: str | None
    issued_on: date | None


def normalise_doc_no(text: str) -> str | None:
    """Return 京平政发〔2023〕2号 for any spelling of it (other brackets, spaces, 第), None where there is none."""
    match = DOC_NO.search(without_spaces(text))
    return f"{match[1]}〔{match[2]}〕{int(match[3])}号" if match else None


def parse_date(text: str) -> date | None:
    """Return the first date that `text` names, in Arabic or Chinese numerals; None where none is a real day."""
    text = unicodedata.normalize("NFKC", text)  # ２０２１年
    match = DATE.search(text)
    values = [int(part) for part in match.groups()] if match else []
    if not match and (han := HAN_DATE.search(text)):
        values = [parse_numeral(part) or 0 for part in han.groups()]
    try:
        return date(*values) if values else None
    except ValueError:
        return None


def find_documents(blocks: Sequence[Block]) -> list[Head]:
    """Return the documents of one file in order; a file without a document number is one document."""
    stated = [i for i, block in enumerate(blocks) if not block.cells and DOC_NO_LINE.match(block.text)]
    numbers = [
        i for n, i in enumerate(stated) if not n or stated[n - 1] < i - 1
    ]  # two issuers: two numbers below each other
    numbers = _stated_once(blocks, numbers)
    starts = [_title_start(blocks, index, numbers[n - 1] + 1 if n else 0) for n, index in enumerate(numbers)]
    heads = []
    if not numbers or _holds_text(blocks[: starts[0]]):
        end = starts[0] if numbers else len(blocks)
        heads.append(_read_head(blocks, 0, end, None))
    for n, index in enumerate(numbers):
        end = starts[n + 1] if n + 1 < len(starts) else len(blocks)
        heads.append(_read_head(blocks, starts[n], end, index))
    return heads


def _stated_once(blocks: Sequence[Block], numbers: Sequence[int]) -> list[int]:
    """Return the places of the numbers without one that the next repeats before any text: a cover's, a web page's."""
    return [
        index
        for index, below in pairwise([*numbers, len(blocks)])
        if below == len(blocks)
        or normalise_doc_no(blocks[index].text) != normalise_doc_no(blocks[below].text)
        or _holds_text(blocks[index + 1 : below])
    ]


def _holds_text(blocks: Sequence[Block]) -> bool:
    """Text before the first number is a document of its own when it has sentences or numbered units, not a cover."""
    return any(
        (block.text.endswith("。") and len(block.text) > 15) or read_mark(block.text) for block in blocks
    )


def _title_start(blocks: Sequence[Block], number: int, floor: int) -> int:
    """Return the index of the first title line above the number at `number`."""
    start = number
    for index in range(number - 1, max(floor, number - MAX_TITLE_BLOCKS) - 1, -1):
        if not _may_be_title(blocks[index]):
            break
        start = index
        if ISSUER.match(blocks[index].text):
            break
    return start if start < number and _is_title(blocks[start:number]) else number


def _may_be_title(block: Block) -> bool:
    text = block.text
    return not (
        block.cells or block.is_note or len(text) > 90 or text.endswith(("。", "；", "：", "，"))
        or DATE_LINE.match(text) or DOC_NO_LINE.match(text) or read_mark(text)
    )  # fmt: skip


def _is_title(blocks: Sequence[Block]) -> bool:
    joined = "".join(block.text for block in blocks)
    return bool(ISSUER.match(joined)) or joined.endswith(KINDS)


def _read_head(blocks: Sequence[Block], first: int, last: int, number: int | None) -> Head:
    doc_no = normalise_doc_no(blocks[number].text) if number is not None else None
    above = "".join(block.text for block in blocks[first:number]) if number is not None else ""
    body = first if number is None else number + 1
    while number is not None and body < last and DOC_NO_LINE.match(blocks[body].text):
        body += 1
    title = re.sub(r"^.{2,30}文件$", "", above)
    below, past = _title_below(blocks, body, last)
    if not title or title.endswith("文件") or _is_letterhead(blocks[first:number]):
        title, body = below or ("" if title.endswith("文件") else title), past
    elif below.endswith(KINDS) and (
        without_spaces(below) == without_spaces(title) or ("关于" in below and "关于" not in title)
    ):
        title, body = below, past  # the head of a page names it, or the red head 某局请示 its kind
    inner = _inner_title(title) or _inner_title("".join(block.text for block in blocks[body : body + 4]))
    inner = inner or _plainly_issued(title, blocks[body:last])
    issuer, issued_on = _signature(blocks, body, last)
    named = ISSUER.match(title) or ISSUER.match(above)
    issuer = issuer or (named[1] if named else _head_issuer(blocks[body : min(body + HEAD_LINES, last)]))
    return Head(first, last, body, doc_no, inner or title, title if inner else "", issuer, issued_on)


def _is_letterhead(blocks: Sequence[Block]) -> bool:
    """Say whether all lines above the number are names of issuers, as at the head of a letter (函)."""
    names = [name for block in blocks for name in block.text.split()]
    return all((match := ISSUER.match(name)) and match.end() == len(name) for name in names)


def _title_below(blocks: Sequence[Block], body: int, last: int) -> tuple[str, int]:
    """Return the title that stands below the number (or at the file's head), and where the text begins."""
    parts = []
    for index in range(body, min(body + MAX_TITLE_BLOCKS, last)):
        if not _may_be_title(blocks[index]):
            break
        parts.append(blocks[index].text)
        wraps = index + 1 < last and blocks[index + 1].text.startswith("的")  # …关于印发工作方案 / 的通知
        if parts[-1].endswith(KINDS) and not wraps:
            return "".join(parts), index + 1
    return ("".join(parts[:1]), body + 1) if parts and (body == 0 or ISSUER.match(parts[0])) else ("", body)


def _inner_title(text: str) -> str:
    text = text[:MAX_HEAD]
    match = INNER_TITLE.search(text) or re.search(r"现将《(.+?)》(?:印发|转发|公布)", text)
    match = match or re.match(r"《(.+)》已经.{0,20}同意，现印发", text)
    match = match or re.search(r"《(.+?)》(?:已经|业经|已于).{0,80}?(?:公布|发布|印发)", text)
    if not match:
        return ""
    title, depth = match[1], 0
    for position, char in enumerate(
        title
    ):  # 《关于印发〈…〉的通知》：stop at the bracket that closes the outermost
        depth += (char == "《") - (char == "》")
        if depth < 0:
            return title[:position]
    return title


def _plainly_issued(title: str, blocks: Sequence[Block]) -> str:
    """Return what 关于印发某某办法的通知 issues, where it stands below as a title of its own and is no attachment."""
    match = ISSUES_PLAIN.search(title)
    if not match:
        return ""
    name, texts = without_spaces(match[1]), [without_spaces(block.text) for block in blocks]
    if any(text.startswith("附件") and name in text for text in texts):
        return ""
    return match[1] if name in texts or name in map("".join, pairwise(texts)) else ""


def _signature(blocks: Sequence[Block], body: int, last: int) -> tuple[str | None, date | None]:
    """Return issuer and day of the first date line behind an issuer's name; else the first date line, else the head's."""
    first_date = None
    for index in range(body, last):
        if not DATE_LINE.match(blocks[index].text):
            continue
        day = parse_date(blocks[index].text)
        above = blocks[index - 1].text if index > body else ""
        if ISSUER.match(above) and len(above) <= 40:
            return above, day
        first_date = first_date or day
    return None, first_date or _head_date(blocks[body : min(body + HEAD_LINES, last)])


def _head_date(blocks: Sequence[Block]) -> date | None:
    """Return the day that the lines below a title give, the last where there are several: 通过, 修订, 修正."""
    for block in blocks:
        if match := ISSUE_LINE.match(block.text):
            return parse_date(match[1])
        if HELD_ON.match(block.text):
            days = [parse_date(text) for text in re.findall(rf"{DATE_WORDS}(?!\s*起)", block.text)]
            return max((day for day in days if day), default=None)
    return None


def _head_issuer(blocks: Sequence[Block]) -> str | None:
    """Return who the lines below a title say gave it: 南山市人民政府令, （…南山市第十四届人民代表大会第三次会议通过）."""
    for block in blocks:
        if HELD_ON.match(block.text) and (passed := PASSED.search(block.text)):
            return re.sub("第[^第]{1,4}届", "", passed[1])
        if (order := ISSUER.match(block.text)) and block.text[order.end() :] in ("令", "公告"):
            return order[1]
    return None


def document_kind(title: str) -> str:
    """Return what kind of document a title names (规则, 办法, 通知, …), "" where it names none."""
    bare = re.sub(r"[（(【].{0,12}[）)】]$", "", title)
    return next((kind for kind in KINDS if bare.endswith(kind)), "")
