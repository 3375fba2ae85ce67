"""The lines of a web page in, those of its main column out; and the title that the page states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from ingest.numbering import starts_unit
from ingest.readers.html_lines import HtmlLine, running

LEAST_TEXT = 60  # Chinese characters of running text: of a page with less, all is kept
CORE = 0.6  # of the running text is in it; what is elsewhere stays, too
LEAST_LINKS = 4  # characters of links that make a menu
WIDE_MENU = 8  # characters of links that show where the column ends
SITE = re.compile(r"\s*[_|｜–—]+\s*|\s+-\s+|(?<=[\u4e00-\u9fff》）])-(?=[\u4e00-\u9fff])")

# What a site says of the page, on a line of its own: 当前位置：首页 > …, 发布时间：… 来源：… 字体：[大 中 小].
PLACE = re.compile(r"(?:您?(?:的|所在的?)?|当前)位置\s*[：:].{0,80}")
ABOUT = re.compile(
    r"(?:发布|发文|更新|录入)?(?:时间|日期)\s*[：:]|(?:信息|文章|稿件)?来源\s*[：:]|(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*[：:]|"
    r"(?:字体|字号)(?:大小)?\s*[：:【\[]|(?:作者|编辑|责任编辑|审核)\s*[：:]|分享(?:到|至)|打印(?:本页)?|关闭(?:窗口|本页)?|收藏"
)
ALONE = re.compile(
    r"发布(?:时间|日期)\s*[：:]\s*\d{4}\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?|分享(?:到|至)\s*[：:].{0,40}|"
    r"【?(?:打印(?:本页)?|关闭(?:窗口|本页)?|字体[：:].{0,12}|我要纠错|返回顶部|\s*[|】【]+\s*(?=\S))+】?|扫一扫.{0,20}|(?:上一篇|下一篇)\s*[：:].{0,60}"
)
# The foot of a site ends with its registrations; its operators and addresses stand above them.
REGISTERED = re.compile(r"ICP备|公网安备|网安备|网站标识码|版权所有|Copyright", re.IGNORECASE)
OPERATED = re.compile(
    r"(?:主办|承办|协办|技术支持|维护|地址|邮编|邮政编码|联系电话|电话|网站地图|关于我们|联系我们)"
)
SITE_LINE = 120  # characters


@dataclass
class Branch:
    """A part of the page beside the core or beside something around it: its place and what it holds."""

    height: int  # levels from the core up to what it hangs on
    before: bool  # it stands above the core
    paragraph: bool  # it is a <p>, and so is what it stands beside
    characters: int = 0
    linked: int = 0
    running: int = 0

    @property
    def is_menu(self) -> bool:
        """Whether it is mostly links."""
        return self.linked >= LEAST_LINKS and self.linked * 2 > self.characters

    @property
    def ends_column(self) -> bool:
        """Whether what it hangs on is the page."""
        return self.is_menu and self.linked >= WIDE_MENU


def main_lines(lines: Sequence[HtmlLine]) -> tuple[list[HtmlLine], list[HtmlLine]]:
    """Return the lines of the main column, and those left out around it; all are kept when it is not plain to see.

    The core is the smallest element with most of the running text: nothing in it is left out. Around it,
    menus are. From the first one outwards it is the page, no more the column: there only what has running text stays,
    and what stands right above the core (its title, its number).
    """
    sizes = running(lines)
    if sum(sizes) < LEAST_TEXT:
        return list(lines), []
    core = _core(lines, sizes)
    branches = _branches(lines, sizes, core)
    page = min((branch.height for branch in branches if branch and branch.ends_column), default=None)
    keep = [branch is None or _stays(branch, page) for branch in branches]
    kept = [line for line, stays in zip(lines, keep, strict=True) if stays]
    left_out = [line for line, stays in zip(lines, keep, strict=True) if not stays]
    lost = [line for line in left_out if not line.linked and (line.row or starts_unit(line.text))]
    return (list(lines), []) if lost else (kept, left_out)


def _core(lines: Sequence[HtmlLine], sizes: Sequence[int]) -> etree._Element:
    held: Counter[etree._Element] = Counter()
    for line, size in zip(lines, sizes, strict=True):
        if size:
            for element in chain((line.block,), line.block.iterancestors()):
                held[element] += size
    most = [element for element in held if held[element] >= CORE * sum(sizes)]
    return max(most, key=lambda element: sum(1 for _ in element.iterancestors()))


def _branches(lines: Sequence[HtmlLine], sizes: Sequence[int], core: etree._Element) -> list[Branch | None]:
    """Return for each line the branch that it is on, None for a line of the core."""
    around = {element: height for height, element in enumerate(chain((core,), core.iterancestors()))}
    path = list(around)
    found: dict[etree._Element | HtmlLine, Branch] = {}
    out: list[Branch | None] = []
    seen = False
    for line, size in zip(lines, sizes, strict=True):
        element, hangs = line.block, line.block
        while hangs not in around:
            element, hangs = hangs, hangs.getparent()
        if hangs is core:
            seen = True
            out.append(None)
            continue
        height = around[hangs]
        paragraph = element.tag == path[height - 1].tag == "p"
        place = element if element is not hangs else line  # text right in what is around the core
        branch = found.setdefault(place, Branch(height, not seen, paragraph))
        branch.characters += len(line.text)
        branch.linked += line.linked
        branch.running += size
        out.append(branch)
    return out


def without_site_lines(lines: Sequence[HtmlLine]) -> tuple[list[HtmlLine], list[HtmlLine]]:
    """Return the lines of the text, and those that the site adds: where the page is, when it was put up, who runs it."""
    end = len(lines)
    while end and _is_site_foot(lines[end - 1].text):
        end -= 1
    if not any(REGISTERED.search(line.text) for line in lines[end:]):
        end = len(lines)
    kept: list[HtmlLine] = []
    left_out: list[HtmlLine] = []
    for index, line in enumerate(lines):
        (
            left_out if line.about or index >= end or (not line.row and _is_of_site(line.text)) else kept
        ).append(line)
    return (kept, left_out) if kept else (list(lines), [])


def _is_of_site(text: str) -> bool:
    if len(text) > SITE_LINE or "。" in text:
        return False
    named = len({match[0] for match in ABOUT.finditer(text)})
    return named >= 3 or any(pattern.fullmatch(text) for pattern in (PLACE, ALONE))


def _is_site_foot(text: str) -> bool:
    if len(text) > SITE_LINE or "。" in text:
        return False
    return bool(REGISTERED.search(text) or OPERATED.match(text) or ALONE.fullmatch(text))


def _stays(branch: Branch, page: int | None) -> bool:
    if branch.is_menu:
        return False
    if page is None or branch.height < page:
        return True
    return bool(branch.running) or (branch.height == page and (branch.before or branch.paragraph))


def page_title(root: etree._Element) -> str:
    """Return the title of the text that a page states: in its metadata, its only <h1>, or its <title>; "" if none."""
    metas = {
        (item.get("name") or item.get("property") or "").lower(): item.get("content") or ""
        for item in root.iter("meta")
    }
    heads = [_words(item) for item in root.iter("h1")]
    titles = [_words(item) for item in root.iter("title")]
    body = bare("".join(root.find("body").itertext())) if root.find("body") is not None else ""
    stated = [metas.get("articletitle", ""), heads[0] if len(heads) == 1 else "", metas.get("og:title", "")]
    stated += [_without_site(title, body) for title in titles[:1]]
    return next((title.strip() for title in stated if len(re.findall(r"[\u3400-\u9fff]", title)) >= 4), "")


def _without_site(title: str, body: str) -> str:
    """Return the part of 工作规则_政策文件_某区人民政府 that names the text: one that stands in it, else the first."""
    parts = [part for part in SITE.split(title) if part.strip()]
    if bare(title) in body or not parts:
        return title
    return max((part for part in parts if bare(part) in body), key=len, default=parts[0])


def _words(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def bare(text: str) -> str:
    """Return `text` without spaces and heading marks, to compare titles by."""
    return re.sub(r"[\s#\xa0\u3000]+", "", text)
