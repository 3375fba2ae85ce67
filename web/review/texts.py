"""The words of the feedback list and of the evaluation page, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ReviewTexts:
    """The strings of one language. `{…}` are filled in with str.format."""

    feedback_title: str
    feedback_subtitle: str
    verdicts: Mapping[str, str]
    all: str
    handled_choices: Mapping[str, str]
    words: str
    words_hint: str
    first: str
    last: str
    find: str
    none: str
    none_found: str
    history: str
    question: str
    answer: str
    citations: str
    no_citations: str
    word: str
    no_word: str
    made: str
    answered_by: str
    verdict: str
    index: str
    index_old: str
    index_now: str
    handle: str
    unhandle: str
    handled: str
    ask_again: str
    csv: str
    gold: str
    gold_help: str
    previous: str
    next: str
    pages: str
    gone: str
    bad_day: str
    back: str
    somebody: str
    evaluation_title: str
    evaluation_subtitle: str
    no_report: str
    no_report_more: str
    bad_report: str
    made_at: str
    of_questions: str
    index_same: str
    index_other: str
    index_unknown: str
    figures: Mapping[str, str]
    figures_title: str
    counts: Mapping[str, str]
    columns: Mapping[str, str]
    plots_title: str
    plots: Mapping[str, str]
    groups: Mapping[str, str]
    group_columns: tuple[str, ...]
    types: Mapping[str, str]
    failures_title: str
    failures_none: str
    failures_more: str
    failures_held_out: str
    got: str
    wanted: str
    try_it: str
    command: str
    statuses: Mapping[str, str]
    failure_words: Mapping[str, str]  # by how eval says it; what is not here is shown as it is
    citations_missing: str


ZH = ReviewTexts(
    feedback_title="反馈",
    feedback_subtitle="大家对答案的评价，连同提问时的全部内容。",
    verdicts={
        "right": "正确",
        "wrong_answer": "答案有误",
        "wrong_citation": "出处有误",
        "incomplete": "不完整",
    },
    all="全部",
    handled_choices={"open": "待处理", "done": "已处理", "all": "全部"},
    words="查找",
    words_hint="问题、答案或附言中的词",
    first="从",
    last="到",
    find="查找",
    none="还没有反馈。在问答页面的答案下方可以评价。",
    none_found="没有符合的反馈。",
    history="此前的问答",
    question="问题",
    answer="当时的答案",
    citations="引用的条款",
    no_citations="没有引用条款。",
    word="附言",
    no_word="没有附言",
    made="反馈时间",
    answered_by="反馈人",
    verdict="评价",
    index="作答的索引",
    index_old="之后索引已更新，答案可能不同",
    index_now="现在仍是这个索引",
    handle="标为已处理",
    unhandle="改回待处理",
    handled="{by}于 {at} 处理",
    ask_again="重新提问",
    csv="导出 CSV",
    gold="导出评测题草稿",
    gold_help="按 eval/README.md 的格式，每行一题；改正后放入 eval/gold，用 python -m eval --check 核对",
    previous="上一页",
    next="下一页",
    pages="分页",
    gone="没有这条反馈，可能已被本人撤回。",
    bad_day="日期不对，请按 2023-02-15 的形式填写。",
    back="返回反馈列表",
    somebody="未登录的用户",
    evaluation_title="评测",
    evaluation_subtitle="用评测题逐题提问，看答案是否正确。",
    no_report="还没有评测报告",
    no_report_more="在程序所在的文件夹里运行下面的命令，完成后刷新本页：",
    bad_report="评测报告不能读取（{why}）。请重新运行评测。",
    made_at="评测于 {at}（{age}）",
    of_questions="共 {} 题",
    index_same="用的就是现在作答的索引",
    index_other="之后索引已更新，这些数字属于更早的索引",
    index_unknown="报告没有写明用的是哪个索引",
    figures={
        "right": "完全正确：要点齐全、首条出处正确、该拒答的拒答",
        "facts": "应有的要点答出的比例",
        "all_facts": "要点全部答出",
        "first_citation": "首条出处正确",
        "first_citation_strict": "首条出处正确，条款号完全一致",
        "citation_precision": "引用的出处中正确的比例",
        "citation_precision_strict": "同上，条款号完全一致",
        "citation_recall": "应引的出处引到的比例",
        "citation_recall_strict": "同上，条款号完全一致",
        "answered": "有依据的问题没有被拒答",
        "refused": "无依据或前提有误的问题被正确拒答",
        "premise_corrected": "前提有误的问题得到纠正",
        "exact_status": "答复类型与应有的一致",
        "verified": "引文与库中原文逐字一致",
        "recall_at_1": "检索第一条即正确",
        "recall_at_5": "正确条款在检索前五条",
        "recall_at_10": "正确条款在检索前十条",
        "recall_at_50": "正确条款在检索前五十条",
        "recall_at_1_strict": "检索第一条即正确，条款号完全一致",
        "recall_at_10_strict": "检索前十条，条款号完全一致",
        "mrr": "正确条款名次倒数的平均",
        "ndcg_at_10": "检索前十条的排序得分（nDCG）",
    },
    figures_title="全部数字",
    counts={
        "questions": "题数",
        "wrong_refusals": "误拒",
        "wrongly_answered": "应拒未拒",
        "errors": "出错",
        "citations": "引用数",
        "unverified": "未核实的引用",
        "latency_p50_ms": "用时中位数（毫秒）",
        "latency_p95_ms": "用时 95 分位（毫秒）",
        "length_p50": "答案字数中位数",
    },
    columns={"all": "全部", "open": "公开题", "held out": "保留题"},
    plots_title="图表",
    plots={
        "by_type.png": "各类问题的正确率",
        "latency.png": "用时分布",
        "answer_length.png": "答案长度分布",
        "recall_at_k.png": "检索召回率",
    },
    groups={"type": "按问题类型", "style": "按提问方式", "language": "按语言", "file": "按题库文件"},
    group_columns=("题数", "完全正确", "要点齐全", "首条出处", "正确拒答", "检索前十", "95 分位（毫秒）"),
    types={
        "number": "数量",
        "date": "日期",
        "who": "主体",
        "fact": "事实",
        "list": "列举",
        "definition": "定义",
        "yes_no": "是否",
        "procedure": "程序",
        "reason": "原因",
        "table": "表格",
        "validity": "效力",
        "comparison": "比较",
        "lookup": "查条文",
        "follow_up": "追问",
        "unanswerable": "无依据",
        "wrong_premise": "前提有误",
        "close": "贴近原文",
        "everyday": "日常说法",
        "keywords": "关键词",
        "zh-Hans": "简体",
        "zh-Hant": "繁体",
        "en": "英文",
    },
    failures_title="答错的题",
    failures_none="没有答错的题。",
    failures_more="其余 {} 题",
    failures_held_out="保留题只计入数字，不在此列出。",
    got="答复",
    wanted="应为“{}”",
    try_it="到问答页面提问",
    command="命令",
    statuses={
        "answered": "作答",
        "not_found": "未找到依据",
        "wrong_premise": "前提不符",
        "unclear": "需明确范围",
    },
    failure_words={
        "fact missing": "缺少要点",
        "error": "出错",
        "wrongly refused": "误拒",
        "not refused": "应拒未拒",
        "not asked back": "应请问明范围",
        "first citation wrong": "首条出处不对",
        "unverified": "引文未能核实",
    },
    citations_missing="应引 {1} 处，缺 {0} 处",
)

EN = ReviewTexts(
    feedback_title="Feedback",
    feedback_subtitle="What people said of answers, with all that it was said of.",
    verdicts={
        "right": "Right",
        "wrong_answer": "Wrong answer",
        "wrong_citation": "Wrong citation",
        "incomplete": "Incomplete",
    },
    all="All",
    handled_choices={"open": "To do", "done": "Done", "all": "All"},
    words="Find",
    words_hint="Words of question, answer or remark",
    first="From",
    last="To",
    find="Find",
    none="No feedback yet. It is given below an answer in the chat.",
    none_found="No feedback matches.",
    history="Asked before",
    question="Question",
    answer="The answer given",
    citations="Provisions cited",
    no_citations="Nothing was cited.",
    word="Remark",
    no_word="no remark",
    made="Given at",
    answered_by="By",
    verdict="Verdict",
    index="Index that answered",
    index_old="it was updated since; the answer may differ now",
    index_now="still the same",
    handle="Mark as done",
    unhandle="Mark as to do",
    handled="done by {by}, {at}",
    ask_again="Ask again",
    csv="Export CSV",
    gold="Export draft gold questions",
    gold_help="one question a line, as eval/README.md describes; put right, move to eval/gold and check with python -m eval --check",
    previous="Previous",
    next="Next",
    pages="Pages",
    gone="There is no such feedback; it may have been withdrawn.",
    bad_day="That is no day; write 2023-02-15.",
    back="Back to the list",
    somebody="somebody not logged in",
    evaluation_title="Evaluation",
    evaluation_subtitle="Every gold question asked, every answer scored.",
    no_report="No evaluation report yet",
    no_report_more="Run this in the program's folder, then load this page again:",
    bad_report="The report cannot be read ({why}). Run the evaluation again.",
    made_at="made {at} ({age})",
    of_questions="{} questions",
    index_same="of the index that answers now",
    index_other="the index was updated since; these figures are of an older one",
    index_unknown="the report does not say of which index",
    figures={
        "right": "right: facts, first citation and status as wanted",
        "facts": "share of required facts in the answer",
        "all_facts": "all required facts in the answer",
        "first_citation": "first citation right",
        "first_citation_strict": "first citation right, same label",
        "citation_precision": "share of citations that are right",
        "citation_precision_strict": "the same, same label",
        "citation_recall": "share of required citations that are cited",
        "citation_recall_strict": "the same, same label",
        "answered": "answerable and not refused",
        "refused": "unanswerable or wrong premise, and refused",
        "premise_corrected": "wrong premise, and put right",
        "exact_status": "status exactly as wanted",
        "verified": "every quotation is the stored text",
        "recall_at_1": "right provision first in the search",
        "recall_at_5": "right provision among the first five",
        "recall_at_10": "right provision among the first ten",
        "recall_at_50": "right provision among the first fifty",
        "recall_at_1_strict": "right provision first, same label",
        "recall_at_10_strict": "right provision among the first ten, same label",
        "mrr": "mean of 1 / rank of the right provision",
        "ndcg_at_10": "nDCG of the first ten hits",
    },
    figures_title="All figures",
    counts={
        "questions": "questions",
        "wrong_refusals": "wrong refusals",
        "wrongly_answered": "wrongly answered",
        "errors": "errors",
        "citations": "citations",
        "unverified": "unverified citations",
        "latency_p50_ms": "latency p50 (ms)",
        "latency_p95_ms": "latency p95 (ms)",
        "length_p50": "answer length p50",
    },
    columns={"all": "all", "open": "open", "held out": "held out"},
    plots_title="Plots",
    plots={
        "by_type.png": "Right answers by type",
        "latency.png": "Latency",
        "answer_length.png": "Answer length",
        "recall_at_k.png": "Recall of the search",
    },
    groups={"type": "By type", "style": "By style", "language": "By language", "file": "By file"},
    group_columns=("n", "right", "all facts", "first citation", "refused", "recall@10", "p95 (ms)"),
    types={},
    failures_title="Failures",
    failures_none="No failures.",
    failures_more="{} more",
    failures_held_out="Held-out questions are counted and never listed.",
    got="Got",
    wanted="wanted “{}”",
    try_it="Ask it in the chat",
    command="Command",
    statuses={
        "answered": "answered",
        "not_found": "not found",
        "wrong_premise": "wrong premise",
        "unclear": "unclear",
    },
    failure_words={},
    citations_missing="",
)

REVIEW_TEXTS = {"zh": ZH, "en": EN}
