"""A question in, a Query out: what is asked for, of which documents, of which day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import rjieba

from index.lexical import normalise
from ingest.numbering import HAN_NUMERAL
from ingest.numerals import parse_numeral, to_chinese
from qa.catalog import DOC_NO_ASKED, AskedNumber, Catalog, regular_numbers, romanised
from qa.shapes import unit_shape
from qa.words import words_of

# The order matters: the first pattern that matches is the intent.
INTENTS: tuple[tuple[str, str], ...] = (
    ("smalltalk", r"^(?:你好|您好|嗨|哈喽|在吗|早上好|下午好|晚上好|谢谢|多谢|感谢|辛苦|再见|拜拜|你是谁|你是什么|你叫什么|你会什么|你能做什么|你能干什么|hello|hi|hey|good (?:morning|afternoon|evening)|thanks|thank you|bye|who are you|what can you do)(?:名字|了|你|您|的|so much|very much|啦|哦|哈)*[\s!！。,，啊呀吗?？]*$"),
    ("comparison", r"哪[一]?[个份部版][^，。？]{0,8}(?:早|晚|先|更新)|谁[^，。？]{0,8}[给得要开罚收报]得?[多少高低长短勤][？?]?$|比一比|比起来|哪[个边家][^，。？]{0,4}[多少长短高低勤早晚大小][？?]?$|[两新].{0,3}版.{0,12}改|变化(?:[吗么]|\s*[？?]?$)|变了?没|差在哪|[和与跟][^，。？]{2,14}都(?:由|归|要|得|是)?(?:谁|什么|多少|多久|几|啥|哪)|从[^，。？]{1,8}改[成为]|(?:19|20)\d\d\s*vs\s*(?:19|20)\d\d|[老旧]版\s*新版|新版\s*[老旧]版|都一样|各(?:开|要|能|可|该|得|需|多少|几)|\b(?:the )?same\b|(?<!no )(?:longer|shorter|higher|lower)\b|一样[吗么不嘛？?]|一致[吗么]|差多[少远]|谁.{0,8}更|谁.{0,8}(?:时间|要求|期限|金额).{0,3}[长短高低多少][？?]?$|区别|不同|差别|差异|对比|比较|相比|异同|有何变化|有什么变化|改了什么|分别|各自|各是|各有|哪个.{0,6}(?:更|长|短|多|少|高|低)|differ|compare|comparison|respectively"),
    ("validity", r"(?:被|给|让|叫)[^，。？]{0,12}(?:顶替|替下|替换|废|叫停|停用|取消|撤销|接替)|清掉|废掉|终止(?:了)?效力|(?:就|才)?(?:停用|叫停|不让用)|还能(?:不能)?(?:拿来|接着|继续)?用|最新的?一?版|该(?:看|照|按|用|以)哪.{0,2}[份版个部]|是否(?:已经?)?(?:施行|实施|生效|实行)|(?:施行|实施|生效|实行|执行)了?(?:没有?|吗|么)|有效的(?:是|文号|版本)|(?:already|yet) in (?:force|effect)|(?:还|仍|现在|如今|目前)(?:然)?(?:能|可以)?(?:不能)?(?:继续)?(?:照着?|按照?|依照?|沿?用|执行|施行|实行|作为|管用)[^，。？]{0,10}[吗么不没]|(?:现在|目前|眼下|最新)的?[^，。？]{0,16}是哪[年个一份版]|(?:改|修改|修订|修正)过(?:了)?[吗没么]|(?:什么时候|何时|哪一?天|哪年|几时)(?:会|就|才)?(?:到期|过期|失效|作废|届满|为止)|有效期[^，。？]{0,6}(?:多[久长]|几年|到|哪)|(?:算不算|作不作|管不管|有没有|能不能|还用不用)(?:数|用|效)|(?:which|current) version|still (?:count|apply|stand|valid|hold)|还?(?:有效|管用|算数|作数|能用|适用)的?[吗么不没]|有没有效|是否.{0,4}(?:有效|失效|废止|作废)|现行(?:有效|的?(?:是|版本)|[吗么？?])|否现行|(?:照|用|按|以)哪.{0,2}[份版个]|失效|废止|作废|过期|过了?有效期|被.{0,12}(?:取代|代替|替代)|哪个版本|哪一版|still (?:valid|in force|in effect)|repeal|expired|in force"),
    ("definition", r"是什么意思|什么意思|指(?:的)?是?(?:什么|哪)|是指|何谓|何为|什么叫|含义|定义|怎么理解|^什么是|是什么[？?]?$|是啥|what (?:does|is meant|do).{0,60}mean|define|definition|refer to"),
    ("issue", r"落款|(?:印发|发布|公布|成文|签发|出台|发文)的?(?:日期|时间)|(?:何时|什么时候|哪天|哪一天|几号|哪年).{0,4}(?:印发|发布|公布|出台|发的)|(?:哪个|什么)(?:机关|单位|部门)(?:印发|发布|发的|制定)|(?:发文字号|文号)(?:是|多少|[？?]|$)|(?:哪[个一]|什么|啥)(?:发文字号|文号)|几号文"),
    ("list", r"哪些|哪几|哪[一二三四五六七八九十两]{1,2}[个项条类种方大包步]|哪[二三四五六七八九十两几]{1,2}[位名家件处]|有什么|都有啥|包括|包含|列出|列举|(?<!共)(?:几个方面|几类|几种|几项)|哪\d|清单|what are|which(?! (?:\w+ )?(?:bod(?:y|ies)|departments?|units?|office|agency|authority|bureau|organ|organisation)\b)|^(?:please )?(?:list|name)\b"),
    ("who", r"谁|何人|哪[个一]?(?:部门|单位|机构|领导|人|科室|局|委|级|组)|哪家|由.{0,8}(?:负责|牵头|签发|审批|主持)[？?]|责任单位|牵头|主责|负责人|组长|\b(?:who|whom|whose)\b|(?:which|what) (?:\w+ )?(?:department|unit|body|bodies|office|agency|authority|bureau|organ|organisation)"),
    ("date", r"何时|[什啥]么?时候|什么时间|哪天|哪一天|几月|几号|几点|哪年|截止|期限|时限|多久(?:内|之内)|日期|\bwhen\b|deadline|what date|by what time"),
    ("number", r"多少|几|多大|多高|多长|多久|多远|比例|百分之|频次|次数|金额|标准是|how (?:many|much|long|often|far|large|high|soon|big|tall|wide|old|quickly|fast|frequently|early)|what (?:percentage|number|amount|share|proportion|rate)|maximum|minimum"),
    ("procedure", r"[怎咋]么?(?:办|弄|申请|走|做|报|处理|操作|审|批)|如何|流程|程序|步骤|手续|怎样|how (?:do|does|to|is|are|should|can)|procedure|process|steps"),
    ("reason", r"为什么|为何|原因|理由|目的|为啥|因为啥|凭什么|干嘛|why|reason|purpose"),
    ("yes_no", r"吗|(?<![什怎这那多])么[？?]?$|是否|能不能|可不可以|可否|能否|是不是|会不会|要不要|需不需要|行不行|允不允许|得不得|让不让|[许准]不[许准]|算不算|该不该|用不用|有没有|^(?:is|are|can|may|must|do|does|should|will)\b"),
)  # fmt: skip
# What holds or ends is a document or an article of one; a pass that has expired is no matter of validity.
INSTRUMENT = re.compile(
    r"办法|规则|规定|规矩|条例|细则|规范|章程|方案|意见|通知|通告|公告|决定|决议|计划|规划|纲要|政策|文件|制度|标准|指南|(?<!电子|纸质|网页|手机|中文|英文)版|(?<![众账帐门牌编型符口挂])号|《|第.{1,5}条|文号|in force|in effect|repeal|\b(?:rule|polic|notice|measure|document|version|regulation|plan|decision|opinion|provision|article)"
)
# 宣布失效由哪次会议决定, 失效目录第14项指的是哪个办法: of the meeting, of the words, not of what ended.
NOT_WHETHER_IT_HOLDS = re.compile(
    r"哪(?:一?次|个|场)[^，。？]{0,10}会|(?:依据|根据|依照)(?:的?是)?(?:哪|什么|啥)[^，。？]{0,4}(?:文件|法律|法规|规定)|指的?是?(?:哪|什么|啥)|什么意思|第[^，。？]{1,4}[项件条]的?(?:是|写|列)的?(?:哪|什么|啥)"
)
# 西城 常务会议 主要任务: bare keywords that end in a word for many things.
LIST_NOUN = re.compile(r"(?:任务|职责|情形|条件|措施|材料|原则|内容|范围|成员|名单|步骤|要求)\s*[？?。]?$")
WHO_NOUN = re.compile(r"(?:单位|部门|机构|负责人|牵头人|组长|主任|签发人|审批人|组成人员)\s*[？?。]?$")
LABEL = re.compile(
    rf"(?:第\s*|(?<=[则法定例程范》号]))({HAN_NUMERAL}{{1,6}}|\d{{1,4}})\s*条(?:\s*第?(?:{HAN_NUMERAL}|\d)款(?=\s*第?[（(]?(?:{HAN_NUMERAL}|\d)+[）)]?项))?(?:\s*第?[（(]({HAN_NUMERAL}{{1,3}}|\d{{1,2}})[）)]|\s*第?({HAN_NUMERAL}{{1,3}}|\d{{1,2}})\s*[项款])?"
    rf"|第\s*({HAN_NUMERAL}{{1,5}}|\d{{1,3}})\s*([项章])"
)
# 四十六、（五） and 五、（二）4, as citations write them.
COMMA_LABEL = re.compile(
    rf"(?<!{HAN_NUMERAL})({HAN_NUMERAL}{{1,4}})、\s*[（(]({HAN_NUMERAL}{{1,3}})[）)](\d{{0,2}})(?!\d)"
)
CONTENT_ASKED = re.compile(
    r"(?:讲|说|写|规定|内容|是怎么|怎么说|原文|全文|条文|写了|说了|讲了|规定了)|(?:什么|啥)(?![\u4e00-\u9fff])|what|say|text|content|read"
)
OLD_VERSION = re.compile(
    r"旧版|老版|原来的|以前的?|之前的?|过去|当时|废止前|旧规则|老规则|previous|former|old version"
)
MARKUP = re.compile(
    r"<(script|style)\b.*?</\1\s*>|</?[a-z][^<>\u4e00-\u9fff]*>", re.DOTALL | re.IGNORECASE
)  # pasted with a question
YEAR = re.compile(r"((?:19|20)\d\d)\s*年?")
SHORT_YEAR = re.compile(r"(?<![\d第〔（(\[年月-])([0-2]\d)(?:年(?=的?(?:那|这|[版规老旧新时说写也定]))|版)")
DAY_ASKED = re.compile(
    r"(?:在|截至|截止到?)?(?P<y>(?:19|20)\d\d)年(?:(?P<m>\d{1,2})月)?(?:(?P<d>\d{1,2})日)?(?:的?时候?|当时|那时|那会儿|底|初)"
)
# The same of a question whether something holds, where a plain date is the day asked about unless something happened on it.
MONTHS = "january february march april may june july august september october november december".split()
MONTH_NAMED = rf"(?P<m>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)})"
VALID_ON = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:截[至止]到?|在|于|到)?\s*(?P<y>(?:19|20)\d\d)(?:年|[-./])(?P<m>\d{1,2})(?:月|[-./](?=\d))(?:(?P<d>\d{1,2})[日号]?+)?+(?!\d|\s*(?:印|出的|宣布|发布|公布|发的|制定|出台|通过|召开|施行|实施|执行|失效|废止|起|以?后|的))",
        r"(?:截[至止]到?)(?P<y>(?:19|20)\d\d)年",
        r"(?P<y>(?:19|20)\d\d)年(?:(?P<m>\d{1,2})月)?[^。？?]{1,24}?(?:那时候?|那会儿|那阵子?|当时|彼时)",
        rf"\b(?:as of|on|at|in|by) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{MONTH_NAMED},? (?P<y>(?:19|20)\d\d)",
        rf"\b(?:as of|on|at|in|by) {MONTH_NAMED}(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?)?,? (?P<y>(?:19|20)\d\d)",
        r"\b(?:as of|back in|(?=in \d{4},? (?:was|were|did))in) (?P<y>(?:19|20)\d\d)\b(?!-)",
    )
)
PAST_YEARS = ("去年", "前年", "大前年")
PAST_YEAR = re.compile(r"(?<!到)((?<!大)前年|去年|大前年)(?!度)")
HOME = re.compile(r"咱们?区|我们?区|本区|咱们?这[儿里]?(?!个)|我们这[儿里]?(?!个)")
OFF_TOPIC = re.compile(
    r"(?:今|明|后)[天晚].{0,8}(?:天气|下不下[雨雪]|会?下[雨雪]吗|多少度|冷不冷|热不热)|天气(?:怎么样|如何|预报)[？?]?$|"
    r"(?:写|作|来|编|讲|说)一?[首个篇段](?:诗|歌|故事|笑话|作文|小说|情书)|讲个笑话|股[票价市].{0,8}(?:涨|跌|买|卖|行情|推荐)|彩票|"
    r"推荐.{0,8}(?:餐厅|饭馆|饭店|电影|歌|小说|酒店|菜)|菜谱|(?:赏析|全诗)|"
    r"\brecommend\b.{0,40}(?:restaurant|movie|hotel|song|book)|weather (?:today|tomorrow|forecast)|tell me a joke|write (?:me )?a poem"
)
ENGLISH_ASKING = re.compile(
    r"(?:(?:by|to|from|for|in|on|under|at|with|of|within|until|since) )?(?:what|which|who[ms]?|whose|how|when|where|why|is|are|can|may|"
    r"must|do|does|did|should|will|was|were|has|have)\b"
)
RELATIVE = re.compile(
    r"(?<![,;?.] )(?<!\band )(?<!\bby )(?<!\bme )(?<!\bus )(?<!\bknow )\b(?:who|whom|whose|which|when|where)\b"
)
FOCUS_WORDS = 3
ASKING = re.compile(
    r"多少|多久|多长|多大|多高|几|谁|哪|什么|啥|怎么|怎样|如何|为何|吗|么|是否|能不能|可否|能否|是不是|行不行"
)
# Words that ask and join, and say nothing of what is asked about.
ASKING_PHRASES = re.compile(
    r"请问|请教|想问一?下?|想知道|想了解|告诉我|帮我|查一?下|是什么意思|什么意思|什么时候|什么时间|什么样|为什么|为啥|为何|干嘛|凭什么|是什么|有什么|什么|"
    r"多少|多久|多长|多大|多高|怎么办|怎么样|怎么|怎样|如何|哪些|哪个|哪几|哪里|哪天|哪家|几个|谁|是否|能不能|可不可以|可否|能否|是不是|"
    r"有没有|要不要|需不需要|到底|究竟|的话|一下|关于"
)
FUNCTION_WORDS = frozenset(
    "的 了 是 在 和 与 及 或 由 被 把 对 向 为 有 要 我 你 他 她 它 咱 咱们 我们 你们 这 那 这个 那个 都 就 也 还 吧 得 着 过 等 给 让 到 从 以 "
    "吗 呢 啊 么 嘛 呀 哪 几 个 应 须 能 会 可 可以 应该 应当 需要 必须 一般 具体 分别 规定 根据 按照 按 以及 还是 或者 如果 所 其 该 上 下 中 里 "
    "内 一 不 没 没有 再 才 又 很 最 自己".split()
)


@dataclass(frozen=True)
class Label:
    """A provision asked for by its number: 第四十一条（三） is ("article", 41, 3); 第19项 is ("item", 19); 五、（二）4 has a sub-item."""

    kind: str  # "article", "item" or "chapter"
    number: int
    item: int = 0
    sub: int = 0

    def names(self) -> list[str]:
        """Return the labels it may stand under, the likeliest first."""
        chinese = to_chinese(self.number)
        if self.kind == "item":
            return [f"第{self.number}项"]
        if self.kind == "chapter":
            return [f"第{chinese}章"]
        if self.sub:
            return [f"{chinese}、（{to_chinese(self.item)}）{self.sub}"]
        tail = f"（{to_chinese(self.item)}）" if self.item else ""
        return [f"第{chinese}条{tail}", f"{chinese}、{tail}" if tail else chinese]


@dataclass(frozen=True)
class Query:
    """What a question asks. `documents` None means all; `topic` is the question without what only asks or scopes."""

    question: str
    text: str  # half width, lower case, simplified
    topic: str
    intent: str
    numbers: tuple[AskedNumber, ...]
    labels: tuple[Label, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]  # (place, document ids), as the question names them
    titles: tuple[str, ...]  # ids of documents named by their title
    years: tuple[int, ...]
    editions: tuple[str, ...]  # ids of the documents of the kind and year named: 2019年的规则
    wants_old: bool
    as_of: date
    is_english: bool
    within: tuple[str, ...] = ()  # ids of the documents that the caller limits the question to, () for all
    gloss: tuple[str, ...] = ()  # words of the corpus that mean what those of an English question do

    @property
    def shape(self) -> re.Pattern[str] | None:
        """What an answer must hold: 元, %, a span of time; None where any sentence may answer."""
        return self._unit[0] if self._unit else None

    @property
    def is_strict(self) -> bool:
        """Say whether a sentence without `shape` cannot be the answer: no amount without 元."""
        return self._unit is not None and self._unit[1]

    @cached_property
    def _unit(self) -> tuple[re.Pattern[str], bool] | None:
        if self.intent in ("validity", "smalltalk", "definition"):
            return None
        return unit_shape(without_relative_words(self.text))

    @property
    def is_foreign(self) -> bool:
        """Say whether the question has no Chinese word at all."""
        return not re.search(r"[\u4e00-\u9fff]", self.text)

    @cached_property
    def search_text(self) -> str:
        """What is searched: the topic, or the whole question where it is English or nothing else is left of it."""
        return self.text if self.is_english else (self.topic or self.text)

    @cached_property
    def asked_text(self) -> str:
        """What reader and reranker are asked: an English question without the places and years that it limits itself to.

        Spelt as they are, those stand in no text; the reader would take their Chinese names for what is asked about.
        """
        if not self.is_english:
            return self.text
        text = DOC_SCOPE.sub(" ", self.text)
        for spelt in (spelt for place, _ in self.places for spelt in romanised(place)):
            text = re.sub(rf"\b{re.escape(spelt)}(?:'s)?(?: district)?", " ", text)
        return re.sub(r"\s+", " ", text).strip()

    @cached_property
    def index_text(self) -> str:
        """What the index is asked: `search_text`, and the labels of articles that the question names."""
        labels = (f"第{label.number}条" for label in self.labels if label.kind == "article")
        return " ".join([self.search_text, *labels])

    @cached_property
    def lexical_text(self) -> str:
        """What the lexical index is asked: `index_text` and the gloss."""
        return " ".join([self.index_text, *self.gloss])

    @cached_property
    def focus(self) -> tuple[str, ...]:
        """The content words nearest to the question word, what is asked about; the last ones of bare keywords."""
        asking = list(ASKING.finditer(self.text))
        position = asking[-1].start() if asking else len(self.text)
        placed = [(self.text.find(word), word) for word in words_of(self.search_text) if len(word) > 1]
        ranked = sorted(
            (abs(place - position) - (len(word) if place < position else 0), word) for place, word in placed
        )
        return tuple(word for _, word in ranked[:FOCUS_WORDS])

    @cached_property
    def quoted(self) -> str:
        """The words that the question puts in quotation marks, together; Chinese words in English stand as quoted."""
        marked = re.findall(r"[“\"'‘「『]([^”\"'’」』]{2,30})[”\"'’」』]", self.text)
        return " ".join(
            [*marked, *(re.findall(r"[\u4e00-\u9fff]{2,}", self.text) if self.is_english else [])]
        )

    @property
    def documents(self) -> tuple[str, ...] | None:
        """The ids that the question limits itself to, None for no limit; of the caller's ones where it has any of them."""
        named = self._named
        if not self.within:
            return named
        return tuple(i for i in named or () if i in self.within) or self.within

    @property
    def _named(self) -> tuple[str, ...] | None:
        if self.numbers:
            return tuple(i for number in self.numbers for i in number.documents)
        if self.editions and self.intent not in ("comparison", "validity"):
            return self.editions
        if self.places:
            return tuple(i for _, ids in self.places for i in ids)
        return None


def parse_question(
    question: str, catalog: Catalog, *, today: date, as_of: date | None, home_issuer: str = "",
    within: Sequence[str] = (),
) -> Query:  # fmt: skip
    """Return the Query of a question; `as_of` given by the caller goes before a day that the question names."""
    plain = MARKUP.sub(" ", question).strip()
    text = _whole_years(catalog.speller.corrected(regular_numbers(normalise(plain))), catalog)
    if home_issuer:
        text = HOME.sub(catalog_place(catalog, home_issuer), text)
    numbers = tuple(catalog.asked_numbers(text))
    titles = tuple(catalog.asked_titles(text))
    places = tuple(catalog.asked_places(text).items())
    intent = _intent(text)
    day = _day_named(text, intent)
    years = tuple(int(y) for y in dict.fromkeys(YEAR.findall(text.replace(day[0], "") if day else text)))
    here = [i for _, ids in places for i in ids]
    editions = tuple(catalog.asked_editions(text, years, here))
    return Query(
        question=question, text=text, topic=topic_of(text, places), intent=intent, numbers=numbers,
        labels=_labels(text), places=places, titles=titles,
        years=years, editions=editions, wants_old=bool(OLD_VERSION.search(text)),
        as_of=as_of or _day_asked(text, day, today) or today, is_english=_is_english(text), within=tuple(within),
    )  # fmt: skip


def catalog_place(catalog: Catalog, issuer: str) -> str:
    """Return the place of the home issuer (平谷), or its name where it names none."""
    mine = [d.document_id for d in catalog.documents if d.issuer == issuer]
    return catalog.place_of(mine[0]) if mine else issuer


def without_relative_words(text: str) -> str:
    """Return an English question that begins with its question word without who, which, when and where further on.

    What must parents who rent a home submit: it asks for no person. Behind a comma, "and" or "tell me" they ask too.
    """
    begin = ENGLISH_ASKING.match(text)
    return text[: begin.end()] + RELATIVE.sub(" ", text[begin.end() :]) if begin else text


def _intent(text: str) -> str:
    text = without_relative_words(text)
    if OFF_TOPIC.search(text):
        return "smalltalk"
    found = next(
        (name for name, pattern in INTENTS
         if re.search(pattern, text) and (name != "validity" or (INSTRUMENT.search(text) and not NOT_WHETHER_IT_HOLDS.search(text)))), "fact",
    )  # fmt: skip
    if found == "fact" and (WHO_NOUN.search(text) or LIST_NOUN.search(text)):
        return "who" if WHO_NOUN.search(text) else "list"
    return found


def _whole_years(text: str, catalog: Catalog) -> str:
    """Return the text with the years of documents in full: 2019年那版 for 19年那版, 2023版 for 23版."""
    return SHORT_YEAR.sub(lambda m: f"20{m[0]}" if int(f"20{m[1]}") in catalog.years else m[0], text)


def _labels(text: str) -> tuple[Label, ...]:
    found = []
    for match in LABEL.finditer(text):
        number, item = parse_numeral(match[1] or match[4]), match[2] or match[3]
        if number:
            kind = "article" if match[1] else "item" if match[5] == "项" else "chapter"
            found.append(Label(kind, number, (parse_numeral(item) or 0) if item else 0))
    for match in COMMA_LABEL.finditer(text):
        found.append(
            Label("article", parse_numeral(match[1]) or 0, parse_numeral(match[2]) or 0, int(match[3] or 0))
        )
    return tuple(dict.fromkeys(found))


def _day_named(text: str, intent: str) -> re.Match[str] | None:
    """Return the words by which a question names the day it asks about."""
    patterns = (DAY_ASKED, *VALID_ON) if intent == "validity" else (DAY_ASKED,)
    return next((match for pattern in patterns if (match := pattern.search(text))), None)


def _day_asked(text: str, named: re.Match[str] | None, today: date) -> date | None:
    if not named:
        past = PAST_YEAR.search(text)
        return date(today.year - PAST_YEARS.index(past[1]) - 1, 12, 31) if past else None
    parts = named.groupdict()
    month, day = parts.get("m") or "12", parts.get("d")
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in MONTHS].index(month[:3])
    try:
        return date(int(named["y"]), number, int(day or (31 if number == 12 else 28)))
    except ValueError:
        return None


def _is_english(text: str) -> bool:
    latin = len(re.findall(r"[a-z]{2,}", text))
    return latin >= 3 and latin * 3 > len(re.findall(r"[\u4e00-\u9fff]", text))


def topic_of(text: str, places: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Return a question without what only asks, joins or limits it to documents."""
    topic = DOC_SCOPE.sub(" ", DOC_NO_ASKED.sub(" ", text))
    for place, _ in places:
        topic = re.sub(rf"(?:北京市)?{re.escape(place)}(?:区|县|市)?", " ", topic)
    topic = re.sub(r"[？?！!。，,、：:；;“”\"'（）()]", " ", ASKING_PHRASES.sub(" ", topic))
    return re.sub(
        r"\s+", " ", "".join(" " if word in FUNCTION_WORDS else word for word in rjieba.cut(topic))
    ).strip()


DOC_SCOPE = re.compile(r"(?:19|20)\d\d年?版?|第[零〇一二两三四五六七八九十百\d]+[条项款]")
