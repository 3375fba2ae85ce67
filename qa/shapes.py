"""What the answer to a question must look like: an amount in 元, a share in %, a time span, a telephone number."""

from __future__ import annotations

import re

HAN_NUMBER = r"[一二两三四五六七八九十百千半几]"
SPAN = rf"(?:\d|{HAN_NUMBER})\s*个?(?:工作日|小时|分钟|天|日|周|月|年|季度|学期)|随时|每[日天周月季年]|持续|长期|全过程|年底|当[日天月年]|之日起|\d{{1,2}}月|[底末]前|即[日时]"
SPAN_SHAPE = re.compile(SPAN)
# What is asked, what its answer holds, and whether a sentence without it cannot be the answer; the first that fits.
UNIT_SHAPES: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = (
    (re.compile(r"(?:法律|法规|政策|文件|制定)依据|(?:依据|根据|依照|按照)(?:的?是|了)?(?:什么|啥|哪)|依据[是为]?[？?\s]*$|凭(?:什么|啥|哪)(?:法|文件|规定|条)|(?:legal|what) (?:basis|authority)|under (?:what|which) law"),
     re.compile(r"根据|依据|依照|按照|遵照|按《"), True),
    (re.compile(r"多少钱|多少[十百千万亿]*元|几块钱|几[十百千万亿]*元"), re.compile(r"元|免费|无偿|\d万|不收"), True),
    (re.compile(r"金额|投资.{0,6}多少|罚款.{0,6}(?:多少|几)|罚多少|(?:补贴|补助|奖励|补偿|收费|经费|预算|资金|费用|工资|租金).{0,8}(?:多少|几何|标准)|how much"),
     re.compile(r"元|[%％]|免费|无偿|\d万"), True),
    (re.compile(r"比例|百分之|占比|百分比|[^效]率(?:是|为|达到|要求|要|须)?.{0,6}(?:多少|几)|几成|percent|proportion|what (?:share|rate|fraction)"),
     re.compile(r"[%％‰]|成|半数|分之|比例|不设上限"), True),
    (re.compile(r"(?:电话|手机)(?:号码?|是|多少|[？?。\s]*$)|(?:联系|咨询|监督|举报|服务)电话|联系方式|邮箱|网址|phone number|e-?mail"), re.compile(r"\d{7,}|@|www\.|http"), True),
    (re.compile(r"叫什么|名字|姓名|姓什么|哪位|who is the"), re.compile(r"[\u4e00-\u9fff]{2,4}同志[任的为]|[长任][：:]\s*[\u4e00-\u9fff]{2,4}|^[\u4e00-\u9fff]{2,4}任"), True),
    (re.compile(r"几[次回趟]|多少[次回趟]|频次|频率|多久.{0,4}[一1]?[次回]|how (?:often|frequently)|how many times"),
     re.compile(rf"(?:\d|{HAN_NUMBER})\s*[次回]|每[日天周月季年]"), False),
    (re.compile(r"(?:礼拜|星期|周)几|which day of the week|what day"), re.compile(r"周[一二三四五六日]|星期[一二三四五六日天]"), True),
    (re.compile(r"几个?(?:小时|钟头|分钟)|多少个?(?:小时|钟头|分钟)|几点|how many (?:hours|minutes)|what time"),
     re.compile(rf"(?:\d|{HAN_NUMBER})\s*个?(?:小时|分钟|钟头)|(?:\d|{HAN_NUMBER})[时点]|\d\s*[:：]\s*\d\d"), False),
    (re.compile(r"几个?(?:工作日|天|日)|多少个?(?:工作日|天|日)|提前几|(?:working|calendar|business|how many) days"),
     re.compile(rf"(?:\d|{HAN_NUMBER})\s*个?(?:工作日|天|日|小时|周|月)"), False),
    (re.compile(r"多久|多长时间|几个?(?:周|星期|月|年)|多少个?(?:月|年)|提前多|how (?:soon|long|quickly|fast|early)|how far (?:in advance|ahead|before)|within how many|how many (?:weeks|months|years)"),
     SPAN_SHAPE, False),
    (re.compile(r"哪[一]?天|几月|几号|何时|[什啥]么?时候|什么时间|哪年|日期|截止|时限|期限|what date|when\b|deadline"), re.compile(SPAN + r"|\d{4}年"), False),
    (re.compile(r"多[高宽深厚]|how (?:high|tall|wide|deep)"), re.compile(r"\d\s*(?:米|厘米|毫米|公里|m\b)"), False),
    (re.compile(r"多少|几[个项条件家名人次处所部台类种级层米亩]|多大|多远|how (?:many|large|high|big|tall|wide|old)|maximum|minimum"),
     re.compile(rf"\d|{HAN_NUMBER}(?:个|项|条|件|家|名|人|次|处|层|级|米|种|类|位)"), False),
)  # fmt: skip
INTENT_SHAPES = {
    "who": re.compile(r"[局委办部院会长组任员队镇府科处]|同志|负责|牵头|签发|审批"),
    "definition": re.compile(r"是指|指的?是|〔注|即：|：|以下简称|是介于|称为|不以.*为|为一户"),
    "reason": re.compile(r"为了?|以便|旨在|由于|因|目的"),
    "yes_no": re.compile(r"不得|严禁|禁止|可以?|应当?|必须|须|不予|允许|无效|不(?![断仅但同足])|原则上"),
    "list": re.compile(r"、.*、|：$|包括|以下|如下|下列"),
    "procedure": re.compile(r"申请|审核|报|提出|经|程序|办理|批准|后"),
    "date": re.compile(SPAN + r"|\d{4}年"),
    "number": re.compile(rf"\d|{HAN_NUMBER}(?:个|次|天|日|年|月|周|倍|分之|人|名|件|家|级|米|元|小时)"),
}


def unit_shape(text: str) -> tuple[re.Pattern[str], bool] | None:
    """Return what an answer to this question must hold, and whether nothing else can answer; None for no unit."""
    return next(((answer, strict) for asked, answer, strict in UNIT_SHAPES if asked.search(text)), None)
