"""The words of the panel that says why an answer is what it is, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ExplanationTexts:
    """The strings of one language. What the mappings do not name is shown by the name that the code gives it."""

    title: str
    pending: str
    failed: str
    understood: str
    resolved: str
    step: str
    judgement: str
    probability: str
    lacking: str
    unfit: str  # likely enough, and yet refused
    signs: str
    sentences: str
    lead: str
    hits: str
    chosen: str
    query: Mapping[str, str]
    intents: Mapping[str, str]
    steps: Mapping[str, str]
    measures: Mapping[str, str]  # the parts of scores and the signs


ZH_INTENTS = {
    "fact": "事实", "number": "数量", "date": "时间", "who": "由谁", "list": "列举", "definition": "含义",
    "yes_no": "是否", "procedure": "程序", "reason": "原因", "validity": "效力", "comparison": "比较",
    "issue": "印发情况", "smalltalk": "寒暄",
}  # fmt: skip
EN_INTENTS = {
    "fact": "fact", "number": "number", "date": "time", "who": "who", "list": "list", "definition": "meaning",
    "yes_no": "yes or no", "procedure": "procedure", "reason": "reason", "validity": "validity",
    "comparison": "comparison", "issue": "issue", "smalltalk": "small talk",
}  # fmt: skip

ZH_EXPLANATION = ExplanationTexts(
    title="为什么这样回答",
    pending="正在整理依据…",
    failed="暂时无法说明，请稍后再试。",
    understood="对问题的理解",
    resolved="按上文理解为",
    step="作答方式",
    judgement="能否作答",
    probability="所得原文足以作答的概率为 {probability}，低于 {limit} 不作答。",
    lacking="所得原文没有说明：{words}。",
    unfit="但它与问题相去太远。",
    signs="影响最大的迹象",
    sentences="权衡过的原文",
    lead="引用的原文胜过其他，主要在于：{words}。",
    hits="检索结果",
    chosen="已引用",
    query={
        "intent": "所问", "topic": "主题", "numbers": "文号", "labels": "条款", "places": "地区", "titles": "文件",
        "years": "年份", "editions": "版本", "as_of": "截至",
    },
    intents=ZH_INTENTS,
    steps={
        "small_talk": "寒暄，不查文件",
        "direct": "按文号或条款号直接查到",
        "compared": "把所问的几个地区或版本并列",
        "late_lookup": "由问题的字句认出文件，再按条款号查到",
        "issue": "由文件的印发机关、日期和文号作答",
        "whether_it_holds": "由文件之间的废止、代替关系和有效期作答",
        "refusal": "依据不足，或与问题的前提不符",
        "unclear": "问题没有写明地区，各地规定不同",
        "from_evidence": "由最贴近问题的原文作答",
    },
    measures={
        "dense": "语义相近", "lexical": "字词相符", "search": "初步检索", "rerank": "精排", "score": "原文总分",
        "hit": "所在段落", "second": "次一段落", "gap": "领先次句", "margin": "领先其余", "cosine": "语义相近",
        "read": "阅读器判断", "read_near": "阅读器判断（相近原文）", "read_all": "阅读器判断（全部）",
        "own": "词语重合（本句）", "context": "词语重合（标题）", "unit": "含所问的单位", "shape": "含所问的形式",
        "definition": "给出定义", "year": "提到该年", "heading": "只是标题", "field": "另一栏目", "attachment": "附件名",
        "judged": "复读判断", "answers": "复读判断", "answers_most": "复读判断（最高）", "answers_any": "复读判断（全部）",
        "contradicts": "与问题的前提不符", "contradicts_most": "与问题的前提不符（最高）", "coverage": "词语重合（含标题）", "fits": "含所问的形式", "fits_near": "相近原文含所问的形式",
        "defines": "给出定义", "known_words": "该条有问题的词", "unknown_words": "库中没有的词",
        "missing_known": "该条缺少的词", "missing_here": "所限文件缺少的词", "phrase": "该条有原短语",
        "phrase_lost": "最长短语不在该条", "phrase_cut": "短语不全", "phrase_elsewhere": "短语在别处",
        "unit_missing": "没有所问的数量", "lacks_title": "未收录所问文件", "lacks_place": "未涉及所问地方", "lacks_code": "未涉及所问编号",
        "lacks_year": "不是所问年份", "lacks_years": "未涉及所问年份", "lacks_items": "未列出具体内容", "lacks_duration": "未说明时长", "lacks_kind": "未说明所问事项", "lacks_noun": "缺少所问的属性", "lacks_sibling": "说的是另一事项",
        "lacks_deed": "未说明何人办理", "lacks_reason": "未说明原因", "lacks_site": "未说明地点", "lacks_money": "未说明金额",
        "lacks_penalty": "未说明处罚", "lacks_phone": "未说明电话", "lacks_name": "未说明姓名", "other_amount": "数量与问题不同", "other_organ": "机关与问题不同", "other_permission": "允许或禁止与问题不同",
        "far_word": "相差最远的词", "far_words": "用词差距", "length": "原文长度", "topic": "主题长度", "spread": "依据分散",
        "together": "依据集中", "scoped": "限定了文件", "titled": "写明文件名", "english": "英文提问",
        **{name: f"所问为{words}" for name, words in ZH_INTENTS.items()},
    },
)  # fmt: skip

EN_EXPLANATION = ExplanationTexts(
    title="Why this answer",
    pending="Collecting the reasons…",
    failed="The reasons cannot be shown now; please try again later.",
    understood="How the question was understood",
    resolved="read, after the turns before, as",
    step="How it was answered",
    judgement="Whether it can be answered",
    probability="Probability that the text found answers it: {probability}; below {limit} no answer is given.",
    lacking="The text found does not speak of: {words}.",
    unfit="But it is too far from the question.",
    signs="Signs that weighed most",
    sentences="Text weighed",
    lead="The text quoted is ahead of the rest mainly by: {words}.",
    hits="Search results",
    chosen="quoted",
    query={
        "intent": "Asked for", "topic": "Topic", "numbers": "Numbers", "labels": "Articles", "places": "Districts",
        "titles": "Documents", "years": "Years", "editions": "Versions", "as_of": "As of",
    },
    intents=EN_INTENTS,
    steps={
        "small_talk": "Small talk; no document was read",
        "direct": "Looked up by document number or article",
        "compared": "The districts or versions asked about, side by side",
        "late_lookup": "The document recognised by the question's words, then looked up by article",
        "issue": "From the document's issuer, date and number",
        "whether_it_holds": "From repeals, replacements and terms",
        "refusal": "Not borne out, or the question's premise is contradicted",
        "unclear": "No district named, and they differ",
        "from_evidence": "From the text nearest to the question",
    },
    measures={
        "dense": "near in meaning", "lexical": "same words", "search": "first search", "rerank": "reranker",
        "score": "score of the text", "hit": "its passage", "second": "next passage", "gap": "ahead of the next",
        "margin": "ahead of the rest", "cosine": "near in meaning", "read": "the reader's judgement", "read_near": "the reader's judgement (nearby)",
        "read_all": "the reader's judgement (all)", "own": "shared words (sentence)", "context": "shared words (headings)",
        "unit": "has the unit asked for", "shape": "has the form asked for", "definition": "gives a definition",
        "year": "names the year", "heading": "a bare heading", "field": "another field", "attachment": "name of an attachment",
        "judged": "read again, word by word", "answers": "read again, word by word", "answers_most": "read again (highest)",
        "answers_any": "read again (all)", "contradicts": "contradicts the question", "contradicts_most": "contradicts the question (highest)",
        "coverage": "shared words (with headings)", "fits": "has the form asked for",
        "fits_near": "nearby text has the form asked for", "defines": "gives a definition",
        "known_words": "question's words in the provision", "unknown_words": "words that no document has",
        "missing_known": "words that the provision lacks", "missing_here": "words that the named documents lack",
        "phrase": "same phrase", "phrase_lost": "longest phrase missing", "phrase_cut": "phrase incomplete",
        "phrase_elsewhere": "phrase elsewhere", "unit_missing": "no such figure", "lacks_title": "document not held",
        "lacks_place": "place not spoken of", "lacks_code": "code not named", "lacks_year": "another year", "lacks_years": "year not spoken of", "lacks_items": "items not listed", "lacks_duration": "no duration told", "lacks_kind": "thing asked for not told",
        "lacks_noun": "attribute asked for missing", "lacks_sibling": "speaks of another thing", "lacks_deed": "nobody does such a thing", "lacks_reason": "no reason told", "lacks_site": "no place told",
        "lacks_money": "no amount of money", "lacks_penalty": "no penalty told", "lacks_phone": "no telephone number", "lacks_name": "no name told",
        "other_amount": "another amount than the question's", "other_organ": "another organ than the question's",
        "other_permission": "allowed or barred otherwise", "far_word": "farthest word", "far_words": "distance of the words", "length": "length of the text",
        "topic": "length of the topic", "spread": "spread over documents", "together": "all in one provision",
        "scoped": "limited to documents", "titled": "title named", "english": "asked in English",
        **{name: f"asks for: {words}" for name, words in EN_INTENTS.items()},
    },
)  # fmt: skip
