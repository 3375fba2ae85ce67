"""Every word of the page, in Chinese and in English: one frozen Texts per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from web.chat.explanation_texts import EN_EXPLANATION, ZH_EXPLANATION, ExplanationTexts

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """The strings of one language. `{…}` are filled in with str.format."""

    language: str  # as in <html lang>
    title: str
    other_language: str  # what the language button says
    new_conversation: str
    send: str
    stop: str
    stopped: str
    placeholder: str
    question_label: str
    hint: str
    log: str  # names the conversation to a screen reader
    welcome: str
    welcome_more: str
    examples: str
    asked: str
    answered: str
    pending: str
    checking: str  # under what a model wrote so far
    copy_answer: str
    copy_citation: str
    copied: str
    basis: str  # heads the list of citations in a copied answer
    compared: str  # heads the names of a comparison's sides
    compared_rule: str  # heads what each of them says
    notes: str
    milliseconds: str
    seconds: str
    answerers: Mapping[str, str]
    status_titles: Mapping[str, str]  # "" means: needs no title
    error_line: str
    absent_title: str  # of a page that there is not
    absent_help: str
    absent_back: str
    lost_title: str
    lost: str
    empty_question: str
    too_long: str
    evidence_tab: str
    evidence_empty: str
    evidence_none: str
    evidence_of: str
    marker_label: str
    back_to_answer: str
    in_context: str
    close_context: str
    context_above: str
    page: str
    scanned: str
    no_number: str
    provisions: str
    issued: str
    effective: str
    expires: str
    notice: str
    source: str
    validity: Mapping[str, str]
    validity_by: Mapping[str, str]
    validity_since: Mapping[str, str]
    joiner: str  # between the parts of a line, such as the two parts of a validity
    pages: Mapping[str, str]  # the links of web/navigation.py
    pages_label: str
    explanation: ExplanationTexts

    def date(self, value: date | str | None) -> str:
        """Return a date (or ISO date) as this language writes it; "" for None, other words unchanged."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return str(value)
        if value is None:
            return ""
        if self.language == "zh-CN":
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

    def duration(self, milliseconds: float) -> str:
        """Return a duration in the unit that a person would use."""
        if milliseconds < 1000:
            return self.milliseconds.format(max(1, round(milliseconds)))
        return self.seconds.format(milliseconds / 1000)


ZH = Texts(
    language="zh-CN",
    title="公文问答",
    other_language="English",
    new_conversation="新对话",
    send="发送",
    stop="停止",
    stopped="已停止，问题还在输入框里。",
    placeholder="请输入问题，或者文号、条款",
    question_label="问题",
    hint="回车发送，Shift＋回车换行，/ 回到输入框，Esc 停止",
    log="对话",
    welcome="请问您想查哪一条规定？",
    welcome_more="可以直接提问，也可以只写文号、条款。答案只引用库中文件的原文，并附文号、条款和效力状态。",
    examples="不妨试试",
    asked="提问",
    answered="答复",
    pending="正在查阅文件…",
    checking="模型仍在作答；以上各句已与原文核对。",
    copy_answer="复制答案",
    copy_citation="复制出处",
    copied="已复制",
    basis="依据：",
    compared="比较对象",
    compared_rule="规定",
    notes="说明",
    milliseconds="用时 {} 毫秒",
    seconds="用时 {:.1f} 秒",
    answerers={"extractive": "原文摘录", "generative": "模型归纳，已核对原文"},
    status_titles={
        "answered": "",
        "not_found": "库中未找到依据",
        "wrong_premise": "问题的前提与文件不符",
        "unclear": "需要明确范围",
        "error": "未能作答",
    },
    error_line="处理这个问题时出了差错，已记入日志。请稍后再试，或者换一种问法；如仍不行，请联系管理员。",
    absent_title="没有这个网页",
    absent_help="地址可能有误，或者网页已经移走。",
    absent_back="回到问答",
    lost_title="连接中断",
    lost="与服务器的连接中断了，正在重新连接。问题还在输入框里，恢复后可再发送。",
    empty_question="请先输入问题。",
    too_long="问题太长了：最多 {limit} 个字，现有 {length} 个字。请删减后再发送。",
    evidence_tab="依据",
    evidence_empty="提问之后，这里列出答案所依据的条文：文号、条款、原文和效力状态。",
    evidence_none="这个答复没有引用条文。",
    evidence_of="问题：{question}",
    marker_label="依据{marker}：{citation}",
    back_to_answer="回到答案",
    in_context="在原文中查看",
    close_context="收起原文",
    context_above="红线内为所引条款，下划线为所引原文，黄底为作答的文字",
    page="原件第{page}页",
    scanned="扫描件文字识别，请核对原件",
    no_number="无文号",
    provisions="{} 个条款",
    issued="发文日期",
    effective="施行日期",
    expires="有效期至",
    notice="印发通知",
    source="来源文件",
    validity={
        "in_force": "现行有效",
        "repealed": "已废止",
        "invalidated": "已宣布失效",
        "expired": "已过有效期",
        "superseded": "已有新版",
        "not_yet": "尚未生效",
        "unknown": "效力未明",
    },
    validity_by={
        "repealed": "由{}废止",
        "invalidated": "由{}宣布失效",
        "superseded": "新版为{}",
        "expired": "依据{}",
        "not_yet": "依据{}",
        "in_force": "依据{}",
        "unknown": "参见{}",
    },
    validity_since={
        "repealed": "自{}起",
        "invalidated": "自{}起",
        "superseded": "自{}起",
        "expired": "自{}起不再有效",
        "not_yet": "自{}起施行",
        "in_force": "自{}起",
        "unknown": "{}",
    },
    joiner="，",
    pages={
        "chat": "问答",
        "documents": "阅览室",
        "desk": "文件管理",
        "feedback": "反馈",
        "evaluation": "评测",
    },
    pages_label="页面",
    explanation=ZH_EXPLANATION,
)

EN = Texts(
    language="en",
    title="Gongwen QA",
    other_language="中文",
    new_conversation="New",
    send="Send",
    stop="Stop",
    stopped="Stopped. Your question is still in the box.",
    placeholder="Ask a question, in Chinese or English",
    question_label="Question",
    hint="Enter sends, Shift+Enter starts a new line, / goes to the box, Esc stops",
    log="Conversation",
    welcome="Which rule are you looking for?",
    welcome_more=(
        "Ask in your own words, or give a document number and an article. Answers quote the documents "
        "themselves, with number, article and whether they still hold."
    ),
    examples="For example",
    asked="Question",
    answered="Answer",
    pending="Looking through the documents…",
    checking="The model is still writing; the sentences above were checked against the text.",
    copy_answer="Copy answer",
    copy_citation="Copy citation",
    copied="Copied",
    basis="Sources:",
    compared="Compared",
    compared_rule="What it says",
    notes="Notes",
    milliseconds="{} ms",
    seconds="{:.1f} s",
    answerers={"extractive": "quoted", "generative": "summarised by a model, checked against the text"},
    status_titles={
        "answered": "",
        "not_found": "Nothing in the documents supports an answer",
        "wrong_premise": "The documents contradict the question",
        "unclear": "Please narrow the question",
        "error": "No answer",
    },
    error_line=(
        "Something went wrong with this question; it has been logged. Please try again later or put it "
        "differently; if it keeps failing, tell the administrator."
    ),
    absent_title="No such page",
    absent_help="The address may be mistyped, or the page has moved.",
    absent_back="Back to the questions",
    lost_title="Connection lost",
    lost="The server does not answer; connecting again. Your question is kept in its box.",
    empty_question="Please enter a question first.",
    too_long="The question is too long: at most {limit} characters, it has {length}. Please shorten it.",
    evidence_tab="Sources",
    evidence_empty="After a question, the provisions behind its answer stand here, with what they say.",
    evidence_none="This answer cites no provision.",
    evidence_of="Question: {question}",
    marker_label="Source {marker}: {citation}",
    back_to_answer="Back to the answer",
    in_context="In context",
    close_context="Hide context",
    context_above="Red line: the provision. Underlined: the words quoted. Yellow: those that answer.",
    page="page {page} of the original",
    scanned="read from a scan: compare with the original",
    no_number="No number",
    provisions="{} provisions",
    issued="Issued",
    effective="In force from",
    expires="Valid until",
    notice="Covering notice",
    source="Source file",
    validity={
        "in_force": "In force",
        "repealed": "Repealed",
        "invalidated": "Declared invalid",
        "expired": "Past its term",
        "superseded": "Newer version exists",
        "not_yet": "Not yet in force",
        "unknown": "Validity not known",
    },
    validity_by={
        "repealed": "by {}",
        "invalidated": "by {}",
        "superseded": "newer: {}",
        "expired": "see {}",
        "not_yet": "see {}",
        "in_force": "see {}",
        "unknown": "see {}",
    },
    validity_since={
        "repealed": "since {}",
        "invalidated": "since {}",
        "superseded": "since {}",
        "expired": "since {}",
        "not_yet": "from {}",
        "in_force": "since {}",
        "unknown": "{}",
    },
    joiner=", ",
    pages={
        "chat": "Ask",
        "documents": "Reading room",
        "desk": "Corpus desk",
        "feedback": "Feedback",
        "evaluation": "Evaluation",
    },
    pages_label="Pages",
    explanation=EN_EXPLANATION,
)

TEXTS = {"zh": ZH, "en": EN}
