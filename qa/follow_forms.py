"""The forms by which a question shows that it leaves something out: 那…呢, 第二项, 它, 为什么？"""

from __future__ import annotations

import re

import rjieba

from ingest.numbering import HAN_NUMERAL
from ingest.numerals import parse_numeral
from qa.query import ASKING, Query

LEAD = re.compile(
    r"^(?:那么|那(?![些个里儿边份项条种位次天年段])|然后|接着|另外|再问一?下?|请问|好的?|嗯|哦|and\b|then\b|so\b|ok(?:ay)?\b|[,，、\s])+"
)
CHANGED = re.compile(r"^(?:换成|换作|如果是|要是|假如是|若是|至于|(?:what|how) about|and)\s*")
TAIL = re.compile(r"(?:的话|的)?(?:呢|吗|么)?[？?。!！\s]*$")
# 西城怎么规定的？ asks what was asked before.
ASKED_ALIKE = re.compile(
    r"(?:(?:又?是?|的)?(?:怎么样|什么样|(?:怎么|怎样|如何)(?:规定|要求|说|定|写|讲|办|做|安排|处理|算)?|什么(?:规定|要求|情况|标准|说法))的?|(?:也|又|还)是?(?:这样|一样|如此|同样)|呢|的规定|的情况)$"
)
COMPARED = re.compile(r"一样|相同|不同|区别|差别|差异|相比|对比|比较|比起来|比呢|一致|differ|compare|same as")
ITEM = re.compile(
    rf"^(?:其中|里面|上面|以上|这里面|它|清单|列表)?的?(?:第\s*[（(]?({HAN_NUMERAL}{{1,3}}|\d{{1,2}})[）)]?\s*(项|个|条|点|种|类|款|步|方面|件|名|位|部分|$)"
    r"|(最后一?)(?:项|个|条|点|种|类|步|件|名|位)|(?:what is |what's )?the (first|second|third|fourth|fifth|sixth|last)(?: (?:one|item|point|task|condition))?)"
)
NEXT = re.compile(r"^(?:再|接着|然后)*的?(?:下|后)(?:面那?)?一?([条项款个点])")
REST = re.compile(
    r"^(?:就|只|光|难道)*有?这(?:些|几[个项条种类点])[了吗么嘛吧啊]*$|^还有(?:吗|么|没有?|呢|啥|别的|其他|其它|哪些|什么|哪几[个项条种]).{0,4}$"
    r"|^(?:其[他它余]|别|剩下|另外)的?(?:几?[个项条种类些])?(?:呢|是什么|是啥|有哪些|都?有什么)$|^(?:what else|anything else|any others?|is that all)$"
)
_WRONG = r"(?:不对|错了|我?(?:打|说|写|搞|弄|问)错了|sorry|no)[，,。！!\s]+"
_NOT = r"不是(?!说|要|应)[^，,吗么]{1,12}[，,]\s*"
_MEANT = r"是(?:想)?问|我?(?:想问|问|说|要|指)的(?:其实)?是|我是(?:想问|问|说|指)|(?:其实|应该)是|i meant?\b"
# 打错了，是北京的快递; 不是聊城，是济南那个规定; 是宁波不是北京; 我问的是地下室.
CORRECTION = re.compile(
    rf"^(?:(?:{_WRONG}(?:{_NOT})?|{_NOT})(?:{_MEANT}|是)?|{_MEANT}|是(?=[^，,是]{{1,14}}[，,]?不是[^，,？?]{{1,12}}[。!！]*$))\s*"
    r"(?P<meant>.+?)(?:[，,]?而?不是[^，,？?]{1,12})?[。.!！\s]*$"
)
ENGLISH_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}
SAID = re.compile(
    r"情况|情形|具体|到底|究竟|说的?|讲的?|写的?|内容|规定|指|意思|详细|原文|是|的|了|呢|什么|哪个|哪些|啥|怎么|[\s，,。？?!！]"
)
SOURCE = re.compile(
    r"^(?:这|那|以上|上述|刚才)?(?:个|条|些|里|说)?(?:的|是)?(?:规定|说法|答案|回答)?(?:的|是|有)?(?:什么)?(?:依据|出处|来源|原文|原话|条文)(?:是|在|出自)?(?:什么|哪[里儿个份条]?|啥)?(?:文件|规定)?$"
    r"|^(?:这|那)?(?:是)?(?:哪一?[条款]|第几[条款]|(?:哪个|哪份|什么|哪一份)文件(?:里|中)?|出自哪.{0,4}|哪里)(?:规定|写|说|讲)?(?:的|了)*$"
    r"|^(?:what|which) (?:article|provision|document|source)(?: (?:is that|says (?:that|so|this)))?$"
)
DOCUMENT_NOUN = (
    r"(?:文件|规则|办法|规定|通知|方案|意见|通告|公告|决定|细则|条例|计划|纲要|制度|规范|章程|规划)"
)
PRONOUN = re.compile(
    rf"(?P<document>(?:这|那|该|此|本|上述|以上)[个份部项]?{DOCUMENT_NOUN}|(?:this|that|the) (?:document|notice|plan|measure|rule|regulation|decision)s?\b)"
    r"|(?P<provision>(?:这|该|本|那|上述)一?条(?:规定|款)?)"
    r"|(?P<person>他们?|她们?|此人|该同志|这个人|这位)"
    r"|(?P<place>那里|那儿|那边|当地|\bthere\b)"
    r"|(?P<thing>它们?|(?:这|那)[个项条种类些次](?!月|年|星期|礼拜|周|季度|时候)|此[项类]|上述|前述|其(?![他它余中实次])|这(?=是|要|能|得|还|有|由|会|算|叫|意味|怎|样|$)|该(?=项|会议|区域|项目|企业|部门|单位|补贴|奖励|工作)|\b(?:it|its|they|their|them|this|that|these|those)\b)"
)
# 通州那份规则呢？ The place counts, the document is found by it.
OF_THERE = re.compile(rf"(?<=[\u4e00-\u9fff])的?那[个份条部]{DOCUMENT_NOUN}?(?=[，,呢？?。怎]|$)")
PROVISION = re.compile(r"(?:这|该|本|那|上述)一?条(?:规定|款)?|that (?:article|provision)")
OF_DOCUMENT = re.compile(
    r"有效|管用|作数|失效|废止|作废|过期|取代|代替|生效|施行|实施日|开始(?:实行|执行)|印发|发布|公布|出台|发文|文号|解释权?|"
    r"附则|落款|全文|标题|多少[条章项]|几[条章]|取消了?哪|修订|版本|in force|valid|take effect|come into|repeal|issued"
)
# Words that say what is asked of a subject, and are none: 由谁审批, 要提前几天, 电话多少.
ASKED_OF = frozenset(
    "时候 时间 日期 期限 时限 规定 要求 情况 原因 理由 依据 目的 内容 标准 条件 材料 流程 程序 手续 步骤 负责 审批 批准 审核 审定 签发 签字 签署 同意 "
    "决定 牵头 主持 召集 组织 报送 报告 报备 备案 申请 办理 提交 提前 提出 通知 电话 地址 地点 号码 电话号码 联系 联系人 方式 生效 施行 实施 执行 实行 开始 "
    "有效 有效期 失效 废止 作废 发布 印发 公布 制定 出台 解释 适用 例外 处罚 罚款 后果 责任 金额 比例 数量 次数 频次 召开 一次 每年 每次 最多 最少 至少 "
    "最高 最低 最晚 上限 下限 参加 出席 列席 组成 完成 单位 部门 领导 负责人 牵头人 主任 人员 成员 组长 具体 工作日 多少钱 费用 公开 报道 举例 例子 "
    "违反 不按 逾期 超过 超期 期间 延期 延长 需要 必须 应该 可以 起来 下来 上去 进行 这样 那样 这么 那么 为啥 还有 别的 其他 特殊 意思 名称 名字 全称 简称 对象 范围 用途 "
    "who whom when why what where which how often long many much soon days day is are was were do does did the of to in for on by and or at be "
    "can must should may will it its they their them this that these those there there's then about with from have has had under approves approve approved approval signs sign signed "
    "chairs chair chaired convenes responsible charge reason purpose deadline time date limit required need needed required apply applies exceptions exception phone number telephone years days months weeks hours percent else happens get gets".split()
)
TOPICAL = ("n", "v", "a", "j", "l", "i", "eng", "x")  # kinds of word that may name a topic
NAMING = ("n", "j", "l", "i", "eng", "x")  # those that name a thing


def corrected(text: str) -> str:
    """Return a follow-up that puts right what was asked or understood (打错了，是北京的) as one that asks: 北京的呢."""
    match = CORRECTION.match(text.strip())
    if not match:
        return text
    return match["meant"] if ASKING.search(match["meant"]) else f"{match['meant']}呢"


def bare(text: str) -> str:
    """Return a follow-up without what leads it in and without its final marks."""
    return leadless(text).strip(" ？?。!！")


def leadless(text: str) -> str:
    """Return a follow-up without what leads it in."""
    return LEAD.sub("", text)


def is_led(text: str) -> bool:
    """Say whether it opens as one that goes on: 那…, and …."""
    return LEAD.match(text) is not None


def topic_words(query: Query) -> list[tuple[str, bool]]:
    """Return the words of a question that name its topic, each with whether it names a thing."""
    found = []
    for piece in query.topic.split():
        for word, tag in rjieba.tag(piece):
            if len(word) < 2 or word in ASKED_OF or not tag.startswith(TOPICAL) or tag in ("vd", "ad"):
                continue
            found.append((word, tag.startswith((*NAMING, "vn"))))
    return found


def item_number(match: re.Match[str]) -> int:
    """Return the number of the item that ITEM found, -1 for the last."""
    if match[4]:
        return ENGLISH_ORDINALS[match[4]]
    return -1 if match[3] else parse_numeral(match[1]) or 0
