"""The instruments that a sentence names: 《title》（number）, a bare number; the sentence with each of them as one sign.

A title may hold 废止, 修改, commas and brackets of its own: clauses are read on the masked text, where none of it is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.headers import DOC_NO, normalise_doc_no

FIRST_SIGN = 0xE000  # a private character for each mention: no source text has it
SIGN = "[\ue000-\uf8ff]"
MAX_TITLE = 150
MAX_ASIDE = 120
OPENING, CLOSING = "《", "》"
ASIDES = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】"}
INSTRUMENT = re.compile(
    r"(?:条例|规定|办法|细则|规则|通则|总则|法|意见|通知|通告|公告|公报|布告|决定|决议|命令|令|批复|答复|复函|函|电报|解释|安排|章程|规程|规范|"
    r"标准|准则|基准|导则|纲要|规划|计划|方案|预案|要点|措施|制度|指南|指引|目录|清单|名录|通报|修正案|公约|协定|若干问题|若干政策|"
    r"政策|守则|须知|说明|纪要|举措|要求|事项|任务|分工|职责|范围|定额|手册|机制|流程|程序|定价|价格|收费|问题|解答|建议|项目|号)$|^.{0,30}批转.{4,}"
)
ASIDE_AT_END = re.compile(r"(?:[（(〔\[【][^（）()〔〕\[\]【】]*[）)〕\]】])+$")
VERSION_NAME = re.compile(
    r"[（(〔\[【](?:试行|暂行|修订|修正|修改|修订稿|试行稿|试行草案|草案|[^（）()]*?(?:版|修订|修正|修改|修订版|修订本))[）)〕\]】]$"
)
FRAME = re.compile(
    r"^.{0,40}?(?:关于)?(?:重新)?(?:印发|公布|发布|颁布|转发|批转|下发)(?:给你们)?(.{4,}?)(?:的(?:通知|决定|公告|通告|令|函))?$"
)
SELF_IDENTIFYING = re.compile(
    r"中华人民共和国|国务院|全国人|最高人民|^(?![全本各我])[\u4e00-\u9fff]{1,8}?(?:省|(?<![城都上超股楼门])市|(?<![社小城市地园郊辖景校林灾库矿片])区|县|旗|州)|人民政府|委员会|(?:部|局|厅|办公室)关于"
)
NUMBER_LEAD = re.compile(
    r"^.*(?:废止|失效|修改|根据|依据|按照|依照|印发的?|发布的?|[原对将和与及以由]|文件|我[院局部]|以及)"
)


@dataclass(frozen=True)
class Mention:
    """An instrument named in a text: text[start:end] is all that names it, its number in brackets too."""

    title: str | None
    number: str | None  # normalised
    start: int
    end: int

    @property
    def is_instrument(self) -> bool:
        """《…条例》 or anything with a number is one; 《采矿许可证》 is none."""
        if self.number or self.title is None:
            return bool(self.number)
        return bool(INSTRUMENT.search(ASIDE_AT_END.sub("", self.title.strip())))


@dataclass(frozen=True)
class Masked:
    """A text with one sign for each mention; `origin[i]` is where masked character i begins in the text itself."""

    text: str
    mentions: tuple[Mention, ...]
    origin: tuple[int, ...]

    def mention(self, sign: str) -> Mention:
        return self.mentions[ord(sign) - FIRST_SIGN]


def find_mentions(text: str) -> list[Mention]:
    """Return the instruments that `text` names, in order, none within another."""
    found: list[Mention] = []
    position = 0
    while (start := text.find(OPENING, position)) >= 0:
        end = _closing(text, start)
        if end is None:
            position = start + 1
            continue
        asides_end, number = _asides(text, end + 1)
        begin = start
        before = re.search(rf"(?:{DOC_NO.pattern})\s*$", text[max(0, start - 40) : start])
        if before and not number and (own := _bare_number(before[0])):
            number, begin = own, start - len(own_words(before[0]))
        found.append(Mention(text[start + 1 : end].strip("[] "), number, begin, asides_end))
        position = max(asides_end, end + 1)
    return sorted([*found, *_bare_numbers(text, found)], key=lambda mention: mention.start)


def _closing(text: str, start: int) -> int | None:
    """Return where the title opened at `start` closes, 《…〈…〉…》 and 《…《…》…》 counted; None where it does not."""
    depth = 0
    for index in range(start, min(len(text), start + MAX_TITLE)):
        depth += (text[index] == OPENING) - (text[index] == CLOSING)
        if depth == 0:
            return index
    return None


def _asides(text: str, position: int) -> tuple[int, str | None]:
    """Return where the brackets behind a title end, and the first number in them."""
    number = None
    while match := re.match(r"\s*([（(〔\[【])", text[position:]):
        opened = position + match.end() - 1
        end = _matching(text, opened)
        if end is None:
            break
        number = number or _whole_number(text[opened + 1 : end])
        position = end + 1
    return position, number


def _whole_number(aside: str) -> str | None:
    """Return the number in brackets behind a title; None for 法（研）发〔1987〕32号, of which only a part could be read."""
    match = DOC_NO.search(re.sub(r"\s+", "", aside))
    whole = match and not re.search(r"[）)]$", re.sub(r"\s+", "", aside)[: match.start()])
    return normalise_doc_no(match[0]) if match and whole else None


def _matching(text: str, opened: int) -> int | None:
    depth = 0
    for index in range(opened, min(len(text), opened + MAX_ASIDE)):
        depth += (text[index] in ASIDES) - (text[index] in ASIDES.values())
        if depth == 0:
            return index
    return None


def _bare_numbers(text: str, titled: list[Mention]) -> Iterator[Mention]:
    """京平政发〔2018〕7号（文）同时废止: a number that stands for its document."""
    for match in DOC_NO.finditer(text):
        if any(mention.start < match.end() and match.start() < mention.end for mention in titled):
            continue
        words = own_words(match[0])
        if number := normalise_doc_no(words):
            tail = re.match(r"\s*文件?(?![件字])", text[match.end() :])
            end = match.end() + (tail.end() if tail else 0)
            yield Mention(None, number, match.end() - len(words), end)


def _bare_number(words: str) -> str | None:
    return normalise_doc_no(own_words(words))


def own_words(words: str) -> str:
    """Return a number as it was found in running text without the words before it: 同时废止甲政发〔2018〕7号."""
    bracket = re.search(r"[〔\[［【（(﹝]", words)
    head = words[: bracket.start()] if bracket else words
    lead = NUMBER_LEAD.match(head)
    return words[lead.end() :] if lead and lead.end() < len(head) else words


def mask(text: str) -> Masked:
    """Return `text` with each mention as one private character."""
    out: list[str] = []
    origin: list[int] = []
    position = 0
    mentions = find_mentions(text)[: 0xF8FF - FIRST_SIGN]
    for index, mention in enumerate(mentions):
        out.append(text[position : mention.start])
        origin += range(position, mention.start)
        out.append(chr(FIRST_SIGN + index))
        origin.append(mention.start)
        position = mention.end
    out.append(text[position:])
    origin += range(position, len(text) + 1)
    return Masked("".join(out), tuple(mentions), tuple(origin))


def exact_title(title: str) -> str:
    """Return a title without spaces and quotation marks: two spellings of one title are equal."""
    return re.sub(r"[\s《》〈〉<>“”\"‘’]", "", title)


def bare_title(title: str) -> str:
    """Return the title of the instrument itself: without 关于印发…的通知 around it and （试行）, （2023年修订） behind it."""
    name = exact_title(title)
    if frame := FRAME.match(name):
        name = frame[1]
    while (shorter := VERSION_NAME.sub("", name)) != name and shorter:
        name = shorter
    return name.translate(str.maketrans("()", "（）"))


def names_its_issuer(title: str) -> bool:
    """Whether a title says by itself whose instrument it is: 甲市公文办法, 国务院关于…的决定; 工作规则 does not."""
    return bool(SELF_IDENTIFYING.search(exact_title(title)))
