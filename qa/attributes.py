"""What kind of thing a question asks for, and what a text must hold to tell it: a fare needs an amount, a site a place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.lexical import normalise

NUMERAL = r"[\d一二两三四五六七八九十百千万半]"


@dataclass(frozen=True)
class Attribute:
    """`name` is what the reader is told is missing; a question that matches `asked` needs a text that matches `told`."""

    name: str
    asked: re.Pattern[str]
    told: re.Pattern[str]


def _attribute(name: str, asked: str, told: str) -> Attribute:
    return Attribute(name, re.compile(asked), re.compile(told))


END = r"[？?。!！\s]*$"  # bare keywords end with what they ask for
TIME = rf"{NUMERAL}+\s*个?(?:工作日|小时|分钟|天|日|周|月|年|季度|学期)"
ATTRIBUTES = (
    _attribute("电话", r"电话(?!预约|咨询|通知|联系|会议|报)|手机号?|联系方式|热线|号码是多少|phone|telephone|hotline", r"\d{7,}|\d{3,4}-\d{7}|热线|(?<!\d)1\d{4}(?!\d|人|名|户|次|件|元|套|亩|平[方米])"),
    _attribute("邮箱或网址", r"邮箱|网址|官网|链接|e-?mail|website", r"@|www\.|http|网站|平台"),
    _attribute(
        "地点",
        rf"地址|(?:办理|受理|办公|报名|领取|开会|停放|集合|召开)地点|地点(?:是|在|{END})|在哪(?:[里儿个座栋条]|办|领|交|开|看)|哪[里儿](?:有|能|可以|可|办|领|交)|"
        rf"什么地[方址点]|(?<!如)何处|哪[座栋幢]|[上到去]哪[里儿]|哪个?(?:会议室|窗口|大厅|地方)|(?:^|, ?)where\b|\bwhere (?:is|are|do|does|can|should|will|was|were)\b",
        r"位于|地址|设在|坐落|[街巷]\d|号楼|(?<!窗)口[，。；]|大厅|窗口|平台|网站|系统|门户|服务中心|[向到至在赴去][^，。]{0,12}(?:街道办事处|镇政府|派出所|中心|场所)|以[东西南北]|[路街]与|南起|东至|[在于][^，。]{2,20}[镇乡村路街园]",
    ),
    _attribute("楼层", r"几号?楼|几层(?=[？?、，,\s]|$)|哪一?层|几号?窗口|which floor", rf"{NUMERAL}+\s*(?:层|号?楼|号窗口)"),
    _attribute("原因", r"为什么|为何|为啥|因为啥|因为什么|干嘛|原因|理由|why|reason", r"为了?|由于|因|鉴于|旨在|以便|促进|保障|防止|避免|需要|目的|考虑|较|根据|切实|有效"),
    _attribute("出生年月", r"出生|生日|多大年纪|多大岁数|年龄|几岁|多少岁|\bage\b|how old", r"出生|年龄|岁|\d{4}年\d{1,2}月生"),
    _attribute("学历", r"学历|毕业于|哪个学校毕业|学位", r"学历|学位|毕业|本科|硕士|博士"),
    _attribute("籍贯", r"籍贯|哪里人|民族|性别", r"籍贯|族|性别|[男女]"),
    _attribute("字数", r"字数|多少字|几千?百?字", r"\d+\s*字|[百千万]字|字数"),
    _attribute("分数", r"扣几分|扣多少分|多少分(?!钟|之)|几分(?!钟|之)|分值", rf"{NUMERAL}分(?!钟|之|局|别|管|公|工|区|级|类)|分值"),
    _attribute("处罚", r"(?:怎么|如何|怎样)(?:处罚|罚)|什么处罚|罚多少|罚(?:款|金)(?:是|为)?(?:多少|几|金额|标准|幅度)|要?罚(?:多少|几)|罚不罚|penalt|\bfined?\b", r"罚|处分|追究|问责|责任|吊销|警告|取消|通报|约谈|扣"),
    _attribute("金额", r"(?:手续|使用|服务|管理|工本|报名|停车|入场)费(?:是|为|要|收|交)?多少|[交收付缴][^，。？?]{0,2}多少(?:[^，。？?]{0,6}(?:费|钱|金))|票价|房价|单价|起步价|价格|售价|多少钱|花多少|收费标准|总投资|总预算|经费预算|(?:罚款|报销|贷款)(?:金额|额度)|(?:投资|资金|经费|预算)(?:总额|额度|规模)|how much (?:money|is|are|do|does|did|can|would|will|must)\b|(?:what|which)[^?]{0,30}\b(?:budget|fare|price|fee)\b", r"\d\s*[百千万亿]*元|[一二三四五六七八九十百千]+元|[%％]|免费|无偿|不收|自[筹付理]"),
    _attribute("比例", r"百分之(?:几|多少)|百分比|占比|(?:报销|贷款|抽查|首付|中签|录取|补偿)(?:比例|率)|多少比例|比例(?:是|为)?(?:多少|几)|percent|proportion", r"\d\s*[%％‰]|百分之|[一二三四五六七八九\d]成|半数|分之|不设上限|全部|全覆盖"),
    _attribute("起算时间", r"(?:从|自)(?:哪一?[天日年月]|什么时候|何时|几[月号])(?:算|开始|起)", r"[自从][^。；，]{2,24}[起算]|起算|之日|即[日时]"),
    _attribute("截止时间", r"截止(?:日期|时间|到|是)|(?:何时|什么时候|哪天|几号)截止|最晚(?:什么时候|哪天|几号)|deadline", r"截止|截至|\d{1,2}[月日]|[^，。；]前(?!款|述|期|后|提|沿|置|往|列)|日内|之日|期限|时限|[底末]|为止"),
    _attribute("时长", r"(?:开|用|花|办|持续|讲|排|等)多(?:长时间|久)|多长时间(?!.{0,4}[一1]?[次回])|时长|how long", rf"{TIME}|随时|当[天日]|即[日时]|长期|持续|时长"),
    _attribute("结果", r"(?:最后|最终|到底|结果)(?:到底)?(?:过|成|通过|批|中|建成)?(?:了没|没有?过|怎么?样|如何)|(?:过|通过|成|批|中)了没有|结果(?:是什么|怎么?样|如何)", r"(?:通过|获|达到|完成|取得|荣获|命名)了|已(?:经)?(?:通过|获|完成|达到|建成)|结果"),
    _attribute("去向", r"调到?(?:哪|什么)|去了?(?:哪|什么)(?:里|儿|个|单位|地方)|谁接(?:的|替|任|他|她|班)|接(?:他|她|替).{0,4}的?是谁|succe(?:ed|ssor)", r"(?<!主)任[^职免]|担任|调任|接替"),
    _attribute("具体内容", r"[”\"」』][^，。？?]{0,6}(?:是|指|有|包括)(?:的?是)?哪|(?:具体|分别)(?:的?是|有|指|包括)?哪|[”\"」』][^，。？?]{0,4}(?:各|分别)(?:自)?(?:对应|代表|指|是)", r"[：:]|、[^、，。；]+、|[；;].*[；;]|》[^《》]{0,30}《|是指|即|分别[为是]|包括|和[^，。；]{1,12}[两二]"),
    _attribute("分工", r"(?:分管|主管|主抓|分工)(?:的|了|着)?(?:是)?(?:哪|什么|啥)|分管(?:工作|领域)", r"分管|主管|主抓|分工|负责|主持"),
    _attribute("第几次", r"第几[次届批期号]|第多少[次届]", rf"第\s*{NUMERAL}+\s*[次届批期号]"),
    _attribute("排名", r"排名?第几|第几名|名次|排多少", r"第\s*[\d一二三四五六七八九十]+|[前末]\d|名列|排名"),
    _attribute("车站数", r"多少站|几站|how many stations", rf"{NUMERAL}[座个]?站"),
    _attribute("公司", r"哪一?[家个]公司|中标公司|(?:which|what) company|won the (?:tender|bid|contract)|(?:哪家|哪个|什么|中标|施工|承建|运营|物业)(?:公司|企业|单位)(?:中标|承建|施工|做|建|{END})|中标(?:单位|人)", r"公司|集团|有限"),
    _attribute("表格", r"[填写交][^，。？?]{0,4}(?:表格?)(?![示态达现明决彰])|[哪什][么一]?[张份种]?表格?(?![示态达现明决彰])|which form\b", r"表(?![示态达现明决彰])"),
    _attribute("薪酬", r"工资|薪水|薪酬|年薪|月薪|salar(?:y|ies)|\bwages?\b", r"工资|薪|元/人/月|待遇"),
    _attribute("姓名", r"叫什么|名字|姓名|姓什么|谁当(?:选|的)|哪位|\bnames?\b|who is the", r"[\u4e00-\u9fff]{2,4}同志|[长任][：:]\s*[\u4e00-\u9fff]{2,4}|^[\u4e00-\u9fff]{2,4}任|姓名|(?:长|主任|书记)[\u4e00-\u9fff]{2,3}(?=总?负责|担任|主持|牵头|协助)"),
)  # fmt: skip
MEASURED = re.compile(
    r"(?:多少|几)(?P<unit>间|栋|辆|部|台|公里|平方米|平米|亩|人|户|所|座|页|级|层|米|吨|公斤|倍|份|盏|字|岁|张|套|处|趟)(?!员|口|力|才|次)"
)
ALIKE = {
    "平米": "平方米|㎡|平米|平", "平方米": "平方米|㎡|平米|平", "人": "人|名|位", "辆": "辆|台|部", "部": "部|台|辆|个", "台": "台|部|辆|个|套", "米": "米|m", "公里": "公里|千米|km",
    "户": "户|家|个", "所": "所|个|家", "座": "座|个|处", "套": "套|户", "处": "处|个|座", "栋": "栋|幢|号楼", "间": "间|个", "趟": "趟|次", "张": "张|个", "级": "级|个", "份": "份|个",
}  # fmt: skip


def untold(question: str, text: str) -> str | None:
    """Return the name of the kind of thing that the question asks for and the text does not hold; None where it does."""
    text = normalise(text)
    for attribute in ATTRIBUTES:
        if attribute.asked.search(question) and not attribute.told.search(text):
            return attribute.name
    if (match := MEASURED.search(question)) and not _is_measured(match["unit"], text):
        return match[0]
    return None


def _is_measured(unit: str, text: str) -> bool:
    units = ALIKE.get(unit, re.escape(unit))
    return bool(re.search(rf"{NUMERAL}\s*[余多几]?\s*(?:{units})|[（(](?:{units})[）)]", text))
