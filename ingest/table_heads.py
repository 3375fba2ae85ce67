"""The rows of a table in, what heads them out: header rows of one to three lines, names of columns, forms told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.tidy import without_spaces

NUMBER_HEADS = ("序号", "编号", "项目序号", "序", "项次", "顺序号", "No.", "NO.", "№")
NOTHING = ("", "—", "——", "--", "---", "/", "-", "无")
MAX_NAME = 18  # characters of a column's name
MAX_GROUP = 60
SENTENCE_MARKS = re.compile(r"[。；，！？;!?：:]")
# The last word of a column's name, in tables of any kind: 完成时限, 责任单位, 收费标准.
KIND = re.compile(
    r"(?:号|项目|内容|标准|依据|名称|姓名|类别|类型|种类|分类|单位|部门|机构|责任人|责任|主体|对象|时限|时间|期限|日期|年度|"
    r"进度|措施|任务|目标|指标|事项|工作|要求|条件|材料|方式|方法|程序|流程|环节|步骤|等级|级别|层级|档次|分值|权重|得分|"
    r"分数|评分|金额|数量|数值|单价|总价|价格|费用|收费|资金|投资|规模|面积|比例|比重|占比|人数|户数|次数|频次|职务|职称|"
    r"电话|联系人|联系方式|地址|地点|位置|点位|区域|范围|路段|街道|乡镇|性别|年龄|民族|学历|规格|型号|用途|来源|说明|备注|"
    r"情况|问题|结果|成果|意见|情形|行为|处罚|幅度|裁量|阶段|属性|性质|状态|领导|局长|区长|主任|处长|签字人|签发人|人员|计划|实际|合计)$"
)
BLANK = re.compile(r"_{2,}|[□☐▢]|(?:^|[^\d\s])\s*年\s+月(?:\s+日)?|[（(]\s*(?:盖章|签字|签名|签章)?\s*[)）]")
TOTAL = re.compile(r"(?:合计|小计|总计|共计|累计|总和|平均)(?:[（(].{1,10}[)）])?[：:]?")
REMARK = re.compile(
    r"(?:备?注|说明|附注|资料来源|数据来源|填表说明)\s*\d{0,2}\s*[：:]|(?:备?注|说明)\s*[（(]"
)
CONTINUED = re.compile(
    r"[（(]?\s*(?:续\s*(?:上\s*)?表|接\s*上\s*(?:页|表)|续)\s*[\d一二三四五六七八九十]*\s*[)）]?"
)
GROUP = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[部章节类]"
)
UNIT_NAME = re.compile(r"[（(].{1,12}[)）]")
FIGURE = re.compile(
    r"[\d.,，%％≥≤<>＞＜~～—–+/-]+(?:万|亿)?(?:元|人|户|个|项|米|㎡|m²|亩|分|次|天|日|月|年|家|吨)?"
)
YEAR = re.compile(r"(?:19|20)\d\d(?:年(?:度|末|底|初)?)?")


squash = lru_cache(4096)(without_spaces)  # the same few names and cells come again and again


def is_figure(text: str) -> bool:
    """Say whether a cell is an amount; a year may be the name of a column."""
    return bool(FIGURE.fullmatch(squash(text))) and not YEAR.fullmatch(squash(text))


def filled(cells: Sequence[str]) -> list[int]:
    """Return the places of the cells that hold something."""
    return [index for index, cell in enumerate(cells) if cell]


def trimmed(cells: Sequence[str]) -> list[str]:
    """Return the cells without the empty ones at the end."""
    size = max((index + 1 for index, cell in enumerate(cells) if cell), default=0)
    return list(cells[:size])


def number_column(cells: Sequence[str]) -> int:
    """Return the place of the 序号 column, -1 where the row is no header."""
    if len(filled(cells)) < 2:
        return -1
    return next((index for index, cell in enumerate(cells) if squash(cell) in NUMBER_HEADS), -1)


def is_subheader(header: Sequence[str], cells: Sequence[str], key: int) -> bool:
    """The next line of a header: short words, some below the empty cells of a spanning head, none below the key."""
    places = filled(cells)
    if not places or (key < len(cells) and cells[key]):
        return False
    if any(
        len(cells[i]) > MAX_NAME or is_figure(cells[i]) or SENTENCE_MARKS.search(cells[i]) for i in places
    ):
        return False
    spanned = [i for i in places if i >= len(header) or not header[i]]
    units = all(UNIT_NAME.fullmatch(cells[i]) for i in places)
    return units or any(any(header[:i]) and _span_head(header, i) is not None for i in spanned)


def merge_header(header: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the names of the columns under a header of two lines: 经费—金额, 牵头部门 below 责任部门, 金额（万元）."""
    size = max(len(header), len(below))
    names = []
    for index in range(size):
        low = below[index] if index < len(below) else ""
        own = header[index] if index < len(header) else ""
        head = own or (_spanned_by(header, below, index) if low else "")
        names.append(_compound(squash(head), squash(low)))
    return names


def _span_head(header: Sequence[str], index: int) -> int | None:
    return next((i for i in range(min(index, len(header)) - 1, -1, -1) if header[i]), None)


def _spanned_by(header: Sequence[str], below: Sequence[str], index: int) -> str:
    """Return the head to the left that spans the column at `index`: one that has a line of its own below it."""
    place = _span_head(header, index)
    return header[place] if place is not None and place < len(below) and below[place] else ""


def _compound(head: str, low: str) -> str:
    if not low or not head:
        return low or head
    if UNIT_NAME.fullmatch(low):
        return head + low
    return low if low.endswith(head[-2:]) and len(head) > 1 else f"{head}—{low}"


def same_header(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two header rows are the same but for spaces and a cell that was read otherwise."""
    first, second = [squash(cell) for cell in trimmed(one)], [squash(cell) for cell in trimmed(other)]
    if len(first) != len(second) or not first:
        return False
    alike = sum(a == b for a, b in zip(first, second, strict=True))
    return alike == len(first) or (len(first) >= 4 and alike * 5 >= len(first) * 4)


def total_name(cells: Sequence[str]) -> str:
    """Return the name of a row of sums (合计, 小计), "" where the row is none."""
    return next(
        (squash(cells[i]).rstrip("：:") for i in filled(cells)[:2] if TOTAL.fullmatch(squash(cells[i]))), ""
    )


def is_grand(name: str) -> bool:
    """Say whether a sum is one of the whole table, not of the group above it."""
    return not name.startswith(("小计", "平均"))


def one_cell(cells: Sequence[str]) -> str:
    """Return the text of a row that has a single filled cell, else ""."""
    places = filled(cells)
    return cells[places[0]] if len(places) == 1 else ""


def is_text_row(cells: Sequence[str]) -> bool:
    """A row of one cell that is no data: a remark below the table, 续表, 单位：万元."""
    text = one_cell(cells)
    return bool(text) and bool(
        REMARK.match(text) or CONTINUED.fullmatch(text) or re.match(r"(?:计量|金额|面积)?单位\s*[：:]", text)
    )


def is_group(cells: Sequence[str]) -> bool:
    """A row of one cell that names the rows below: 四、推进机动车结构进一步优化."""
    text = one_cell(cells)
    return bool(GROUP.match(text)) and len(text) <= MAX_GROUP and not text.endswith("。")


def heads_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names the columns of the rows below, in a table without a 序号 column."""
    names, body = trimmed(rows[0]), rows[1:]
    lengths = sorted(len(trimmed(row)) for row in body) or [0]
    size = max(len(names), lengths[len(lengths) // 2])  # a row may have a cell too many
    named = [squash(name) for name in names if name]
    if len(named) < 2 or not body or len(set(named)) < len(named):
        return False
    if any(len(n) > MAX_NAME or SENTENCE_MARKS.search(n) or is_figure(n) for n in named):
        return False
    spanned = is_subheader(names, body[0], 0)
    gaps = [i for i in range(size) if i >= len(names) or not names[i]]
    if any(gap > 0 for gap in gaps) and not spanned:
        return False
    kinds = sum(bool(KIND.search(_bare(name))) for name in named)
    if size == 2:
        return kinds == 2 and not _first_names_kinds(body)
    return kinds * 2 >= len(named) or _contrasts(names, body)


def _bare(name: str) -> str:
    return re.sub(r"[（(].*?[)）]", "", name)


def _first_names_kinds(body: Sequence[Sequence[str]]) -> bool:
    """Say whether the first column holds names of fields: 项目名称, 建设单位, 建设内容."""
    first = [_bare(squash(row[0])) for row in body if row and row[0]]
    return bool(first) and sum(bool(KIND.search(cell)) for cell in first) * 5 >= len(first) * 3


def _contrasts(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Say whether a column of figures, ticks or long texts stands below a name that is neither."""
    if len(body) < 2:
        return False
    for index, name in enumerate(names):
        column = [row[index] for row in body if index < len(row) and row[index]]
        if not name or len(column) * 2 < len(body) or index == 0:
            continue
        figures = all(FIGURE.fullmatch(squash(cell)) or squash(cell) in "√✓○●×◎△▲" for cell in column)
        long = sum(len(cell) for cell in column) > max(12, 3 * len(name)) * len(column)
        if figures or long:
            return True
    return False


def is_form(rows: Sequence[Sequence[str]], *, headed: bool) -> bool:
    """Say whether a table is to be filled in: places for signatures or ticks, labels beside empty cells.

    `headed`: the first row is known to be a header.
    """
    if any(BLANK.search(cell) for row in rows for cell in row):
        return True
    size = max(len(trimmed(row)) for row in rows)
    body = [row for row in rows[1:] if not one_cell(row)]
    asks = any(trimmed(row)[-1].endswith(("：", ":")) for row in rows[headed:] if any(row))
    if asks or not body:
        return True
    holds = sum(len(filled(row)) for row in body)
    named = all(row[0] for row in body)  # a table of ticks may have one in a row
    return not named and holds * 2 < size * len(body)


def names_values(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether each row is a name and its value: 办理时限 | 5个工作日."""
    if len(rows) < 2 or max(len(trimmed(row)) for row in rows) != 2:
        return False
    names = [squash(row[0]).rstrip("：:") for row in rows]
    if not all(names) or len(set(names)) < len(names) or any(len(name) > MAX_NAME for name in names):
        return False
    if any(SENTENCE_MARKS.search(name) or FIGURE.fullmatch(name) for name in names):
        return False
    kinds = sum(bool(KIND.search(_bare(name))) for name in names)
    return kinds * 2 >= len(names) and all(len(row) > 1 and row[1] for row in rows)
