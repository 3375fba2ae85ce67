"""What a question takes for granted in words, against the evidence: who does it, who holds a post, that it is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import rjieba

from qa.catalog import Catalog
from qa.contradiction import OWN_CASE, WHY, Contradiction
from qa.evidence import Evidence
from qa.query import FUNCTION_WORDS, Query
from qa.sentences import sentences_of
from qa.words import WordMatcher, words_of

POST = r"(?:常务副|副)?(?:局长|主任|队长|站长|馆长|院长|校长|部长|处长|科长|区长|市长|县长|镇长|乡长|经理|书记|秘书长|所长|主席|会长|董事长)"
ORGAN = (
    rf"[\u4e00-\u9fff]{{0,10}}?(?:分局|[局委办部院厅站队]|办公室|委员会|中心|公司|政府|街道|办事处|{POST})"
)
ORGAN_NAMED = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:委员会|办公室|人民政府|法院|检察院|公安机关|主管部门|管理部门|代表大会|常委会|办事处|居委会|村委会)|"
    r"[\u4e00-\u9fff]{2,5}?[局厅](?![长限部面势])|[省市县区]长|政府"
)
DOES = r"主责|牵头|负责|主持|签发|签署|审批|审核|批准|召集|主办|承办|管理|监管|保管|出具|发放|核发|监督|组织"
ASKED_AGENT = (
    re.compile(rf"(?:由|归口?|得[找让]|属于?)(?P<who>{ORGAN})(?:来|去|统一|亲自)?(?P<does>{DOES}|管)"),
    re.compile(rf"(?:^|[\s，,])(?P<who>{ORGAN})(?P<does>牵头|负责|主持|签发|审批|审核|批准)(?=[\s，,的]|$)"),
    re.compile(rf"(?:是|归)(?P<who>{ORGAN})(?P<does>主责|牵头|负责|主管)"),
)  # fmt: skip
TOLD_AGENT = re.compile(
    rf"由(?P<who>[^，。；;：]{{2,40}}?)(?:统一|共同|具体|分别|直接)?(?:{DOES})|(?:牵头|主责|责任|负责)(?:部门|单位|人)[：:](?P<field>[^；。\n]+)"
)
SEAT = re.compile(r"(?P<what>[\u4e00-\u9fff]{2,12}?)(?:是|都)?设[在于](?P<at>[\u4e00-\u9fff]{2,12})")
SEAT_EVIDENCE = 2  # best sentences that tell where an office has its seat
PART = re.compile(r"[^；。\n]+")
CLAUSE = re.compile(r"[^，。；？?,;！!\n]+")
FREE = frozenset("允许 准许 同意 鼓励 可以 能 能够 让 准 许可 放开".split())
BARRED = re.compile(
    r"不得|严禁|禁止|不准|不许|不允许|不予|不可|一律不|不能|不应|谢绝|(?:原则上|一般|个人|均|^)不(?!超|少|低|高|断|仅|同|定|含|足|限|论|管)"
)
BAN = re.compile(r"不(?:让|许|准|得|能|允许|可以)|禁止|严禁")
ALREADY = re.compile(
    r"不是(?:已经?|都|早)?[^，。？?]{1,16}[吗嘛么]|已经?[^，。？?]{1,16}了[，,]|既然[^，。？?]{1,16}"
)
OPPOSITES = (
    ("任命|聘任", "免去|免职|解聘"), ("设立|成立|组建", "撤销|撤并"), ("提高|上调", "降低|下调"), ("增加|新增", "减少|缩减"),
    ("扩大", "缩小"), ("延长", "缩短"), ("取消", "恢复|增设"), ("征收", "减免|免征"),
)  # fmt: skip
ORDINAL_ASKED = re.compile(
    r"第几([次届])([\u4e00-\u9fff]{2,10}?)(?=研究|决定|审议|通过|讨论|上|开|召开|[？?，,的\s]|$)"
)
ORDINAL_TOLD = r"第\s*[\d一二三四五六七八九十百]+\s*{unit}([\u4e00-\u9fff]{{2,10}}?)(?=研究|决定|审议|通过|讨论|同意|[，。、；\s]|$)"
ENOUGH, NEARLY_ENOUGH = (
    0.5,
    0.35,
)  # share of the question's words that a sentence, and its clause, must come near to speak of the same thing
FIRST = 6
MAX_HEADING = 30
MAX_THING = 5  # characters that name what an office does something with


class Presumptions:
    """Finds what the best evidence tells otherwise than the question takes it to be; each check returns None for nothing."""

    def __init__(self, catalog: Catalog, matcher: WordMatcher) -> None:
        self.catalog, self.matcher = catalog, matcher

    def contradicted(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """Return the first thing taken for granted that the evidence tells otherwise."""
        if query.intent in ("yes_no", "comparison", "validity"):
            return None
        checks = (self._post, self._seat, self._agent, self._permission, self._act, self._ordinal)
        return next((wrong for check in checks if (wrong := check(query, found[:FIRST]))), None)

    def _agent(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """由区卫生健康委牵头, where the text on the same thing names another and not this one."""
        match = next((m for pattern in ASKED_AGENT if (m := pattern.search(query.text))), None)
        if not match or OWN_CASE.search(query.text):
            return None
        things = _content(query.text.replace(match[0], " "), query)
        thing = _thing_before(query.text[: match.start()])
        best: tuple[float, Evidence] | None = None
        for evidence in (*self._headed(thing, found[0]), *found):
            for part in PART.findall(evidence.sentence.text):
                told = TOLD_AGENT.search(part)
                head = evidence.sentence.provision.text.split("\n", 1)[0]
                share = self._share(things, f"{part} {head} {evidence.hit.chunk.context}") if told else 0.0
                if share >= ENOUGH and thing in part + head and (best is None or share > best[0]):
                    if _is_named(self._without_place(match["who"]), _doers(match["does"], part)):
                        return None
                    best = share, evidence
        return Contradiction(match[0].strip(" ，,"), best[1]) if best else None

    def _without_place(self, who: str) -> str:
        for place in self.catalog.places:
            who = who.removeprefix(f"北京市{place}").removeprefix(f"{place}区").removeprefix(place)
        return who

    def _headed(self, thing: str, best: Evidence) -> list[Evidence]:
        """Return the first sentence below the heading that names `thing`, in the document of the best evidence."""
        document = self.catalog.by_id[best.sentence.document_id]
        for provision in document.provisions:
            heading, _, rest = provision.text.partition("\n")
            if len(thing) > 3 and thing in heading and len(heading) <= MAX_HEADING and rest:
                start = provision.start + len(heading) + 1
                return [replace(best, sentence=sentences_of(document, start, start + 1)[0])]
        return []

    def _post(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """王小彤为区商务局副局长, where the text has him in other posts only."""
        for name in self.catalog.person_names(query.text):
            asked = re.search(
                rf"{name}(?:同志)?(?:的?职务)?(?:在?(?:19|20)\d\d年(?:\d+月)?(?:\d+日)?)?(?:为|任|担任|出任|当上?|就任|是)(?P<post>[^，。？?\s]{{0,20}}?{POST})"
                rf"|(?P<before>[\u4e00-\u9fff]{{2,20}}?{POST}){name}",
                query.text,
            )
            told = [e for e in found if name in e.sentence.text and re.search(POST, e.sentence.text)]
            if not asked or not told or re.search(r"什么|哪", asked[0]):
                continue
            post = (asked["post"] or asked["before"]).rpartition("的")[2]  # 新提拔的生态环境局副局长
            if not any(_is_post(post, e.sentence.text, self.catalog) for e in told):
                in_office = [e for e in told if re.search(rf"{name}(?:同志)?任", e.sentence.text)]
                return Contradiction(post, (in_office or told)[0])
        return None

    def _seat(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """办公室设在区城市管理委, where the text has it elsewhere."""
        asked = SEAT.search(query.text)
        if not asked or re.search(r"哪|什么|谁", asked["at"]):
            return None
        for evidence in found[:SEAT_EVIDENCE]:
            told = [m for m in SEAT.finditer(evidence.sentence.text) if m["what"][-2:] == asked["what"][-2:]]
            if told and not any(_is_named(self._without_place(asked["at"]), m["at"]) for m in told):
                return Contradiction(asked[0], evidence)
        return None

    def _permission(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """为什么允许三层楼 where three storeys are forbidden, 为什么不让 where the text lets."""
        presumed = [
            m[0] for m in CLAUSE.finditer(query.text) if WHY.search(m[0]) or ALREADY.search(m[0] + "，")
        ]
        for clause in presumed:
            tokens = list(rjieba.cut(clause))
            banned = BAN.search(clause)
            free = next((i for i, token in enumerate(tokens) if token in FREE), None)
            if banned:
                words, answers = _content(clause[banned.end() :], query), self._permits
            elif free is not None and "不" not in tokens[max(0, free - 1) : free + 2]:
                words, answers = _content("".join(tokens[free + 1 :]), query), self._forbids
            else:
                continue
            for evidence in found:
                if self._share(words, evidence.sentence.text) >= ENOUGH and answers(words, evidence):
                    return Contradiction(clause, evidence)
        return None

    def _forbids(self, words: Sequence[str], evidence: Evidence) -> bool:
        clauses = CLAUSE.findall(evidence.sentence.text)
        barred = [c for c in clauses if BARRED.search(c) and not FREE & set(rjieba.cut(c))]
        return self._share(words, " ".join(barred)) >= NEARLY_ENOUGH

    def _permits(self, words: Sequence[str], evidence: Evidence) -> bool:
        clauses = CLAUSE.findall(evidence.sentence.text)
        free = [c for c in clauses if FREE & set(rjieba.cut(c))]
        barred = BARRED.search(evidence.sentence.provision.text)
        return not barred and self._share(words, " ".join(free)) >= ENOUGH

    def _share(self, words: Sequence[str], text: str) -> float:
        """Return how far a text holds the words, near meanings counted in part: 0..1."""
        weights = np.full(len(words), 1 / max(len(words), 1), dtype=np.float32)
        return float(self.matcher.coverage(list(words), weights, [words_of(text)]).sum())

    def _act(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """任命了谁, of a document that only dismisses."""
        if not query.numbers or len(query.documents or ()) != 1:
            return None
        text = self.catalog.by_id[(query.documents or ("",))[0]].text
        for pair in OPPOSITES:
            for asked, other in (pair, pair[::-1]):
                act = re.search(asked, query.text)
                if (
                    act
                    and not re.search(asked, text)
                    and not re.search(other, query.text)
                    and re.search(other, text)
                ):
                    return Contradiction(act[0], found[0])
        return None

    def _ordinal(self, query: Query, found: Sequence[Evidence]) -> Contradiction | None:
        """第几次常务会议, where it was the 29th meeting of another kind."""
        if not (asked := ORDINAL_ASKED.search(query.text)):
            return None
        for evidence in found[:1]:
            told = re.findall(ORDINAL_TOLD.format(unit=asked[1]), evidence.sentence.text)
            if told and not any(name in asked[2] or asked[2] in name for name in told):
                return Contradiction(asked[2], evidence)
        return None


def organ_besides(query: Query, evidence: Evidence) -> str | None:
    """Return an organ of the question that the evidence does not name, where it names others."""
    told = f"{evidence.hit.chunk.context}{evidence.sentence.provision.text}"
    if not ORGAN_NAMED.search(evidence.sentence.text):
        return None
    names = (match[0] for match in ORGAN_NAMED.finditer(query.text))
    return next((name for name in names if not _is_named(name, told)), None)


def permission_besides(query: Query, evidence: Evidence) -> bool:
    """Say whether the question takes for allowed what the sentence bars, or for barred what it allows."""
    if query.intent == "yes_no":
        return False
    sentence, asked = evidence.sentence.text, set(rjieba.cut(query.text))
    barred, free = bool(BARRED.search(sentence)), bool(FREE & set(rjieba.cut(sentence)))
    return (barred and not free and bool(FREE & asked) and not BARRED.search(query.text)) or (
        free and not barred and bool(BAN.search(query.text))
    )


def _doers(does: str, text: str) -> str:
    """Return who does this very thing in a text: 区长 of 经常务副区长审核后，由区长签发; the whole text where it does not say."""
    told = re.findall(rf"由([^，。；;：]{{2,40}}?){does}", text)
    return "、".join(told) or text


def _content(text: str, query: Query) -> list[str]:
    words = words_of(text)
    return [
        w for w in words if len(w) > 1 and w not in FUNCTION_WORDS and w in query.topic and not WHY.search(w)
    ]


def _thing_before(text: str) -> str:
    """Return what an office is said to do something with: 纪要 of 常务会议的纪要由… and 专题会议纪要由…, 居住证 of 孩子的居住证，为啥归…."""
    runs = re.findall(r"[\u4e00-\u9fff]+", WHY.sub(" ", text).replace("的", " "))
    last = re.sub(r"(?:由|归口?|得|是)$", "", runs[-1]) if runs else ""
    return last if len(last) <= MAX_THING else list(rjieba.cut(last))[-1]


def _is_named(who: str, text: str) -> bool:
    """Say whether the text names an office, also shortened: 区教委 is 区教育委员会, but 副区长 is not 区长."""
    bare = re.sub(r"^(?:本|我|全)?[区市县]?(?:政府)?(?=.{2})", "", who)
    if re.fullmatch(POST, who):
        return bool(re.search(rf"(?<![副务]){who}", text))
    return bare in text or any(_is_short_for(bare, run) for run in re.findall(r"[\u4e00-\u9fff]+", text))


def _is_post(post: str, text: str, catalog: Catalog) -> bool:
    """Say whether a sentence gives someone this post: 区国资委副主任 is 国有资产监督管理委员会副主任, 主任 is not."""
    title = re.search(rf"{POST}$", post)
    organ = re.sub(r"^.*?(?:任命|任|为)", "", post[: title.start()] if title else "")
    for place in catalog.places:
        organ = organ.removeprefix(f"北京市{place}").removeprefix(place)
    organ = organ.removeprefix("区").removeprefix("市").removeprefix("县")
    return any(
        told[1] == (title[0] if title else "") and _is_short_for(organ, told[0])
        for told in re.findall(rf"([\u4e00-\u9fff（）()·\d]*?)({POST})", text)
    )


def _is_short_for(short: str, full: str) -> bool:
    """Say whether the characters of `short` stand in `full` in their order: 发改委, 发展和改革委员会."""
    rest: Iterable[str] = iter(full)
    return all(char in rest for char in short)
