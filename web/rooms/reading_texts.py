"""The words of the reading room, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.rooms.doubt_texts import EN_DOUBTS, ZH_DOUBTS


@dataclass(frozen=True)
class ReadingTexts:
    """The strings of one language. `{…}` are filled in with str.format."""

    title: str
    search_label: str
    search_hint: str
    search: str
    issuer: str
    year: str
    kind: str
    sort: str
    any: str
    none: Mapping[str, str]  # by filter: what documents without a value are called
    sorts: Mapping[str, str]
    validity: str
    all_states: str
    reset: str
    found: str
    found_rough: str
    found_none: str
    found_none_but: str
    found_none_hint: str
    provisions_found: str
    to_provisions: str
    earlier: str
    later: str
    pages: str
    gone: str
    comparing_with: str
    compare_this: str
    stop_comparing: str
    contents: str
    below: str
    valid_on: str
    show: str
    today: str
    on_day: str
    by_hand: str  # of a validity that a person set
    corrected: str  # of values that a person put right
    nothing: str  # where a value was none
    relations: str
    does: Mapping[str, str]  # what this document does to others, by kind of relation
    suffers: Mapping[str, str]  # what others do to it
    part: str
    says: str
    named_in: str
    named_more: str
    named_find: str
    versions: str
    this_version: str
    compare: str
    compare_any: str
    doubts: str
    doubts_help: str
    line: str
    doubt: Mapping[str, str]  # by ingest.document.DOUBTS
    find: str
    find_label: str
    previous_match: str
    next_match: str
    matches: str
    previous: str
    next: str
    keys: str
    print: str
    ask: str
    cite: str
    link: str
    copied_citation: str
    copied_link: str
    page_of: str
    changed_by: Mapping[str, str]
    untitled: str
    table: str
    table_place: str
    no_text: str
    back: str
    missing_document: str
    missing_document_help: str
    missing_provision: str
    missing_provision_help: str
    nearest: str
    whole_document: str
    bad_value: str
    bad_day: str
    bad_number: str
    compare_title: str
    left: str
    right: str
    swap: str
    other_choice: str
    counts: Mapping[str, str]  # by kind of pair
    nothing_differs: str
    pair: Mapping[str, str]
    only_left: str
    only_right: str
    near: str
    legend: str
    unchanged: str
    order_note: str
    same_document: str


ZH_READING = ReadingTexts(
    title="阅览室",
    search_label="查找文件和条文",
    search_hint="文号、标题、机关，或者条文里的词句",
    search="查找",
    issuer="发文机关",
    year="年份",
    kind="文种",
    sort="排序",
    any="全部",
    none={"issuer": "未写明", "year": "未写明", "kind": "其他"},
    sorts={"newest": "日期，新的在前", "oldest": "日期，旧的在前", "number": "文号", "title": "标题，按拼音"},
    validity="效力",
    all_states="全部",
    reset="清除条件",
    found="{} 份文件",
    found_rough="没有文件原样含有这些字；字序相近的有 {} 份",
    found_none="没有符合条件的文件",
    found_none_but="没有文件的文号、标题或机关含有这些字，请看相关条文",
    found_none_hint="可以换一个词，或者清除部分条件。",
    provisions_found="相关条文 {} 条",
    to_provisions="看相关条文",
    earlier="上一页",
    later="下一页",
    pages="分页",
    gone="没有第 {} 页，共 {} 页。",
    comparing_with="请选择与{}对照的文件",
    compare_this="与此对照",
    stop_comparing="不再对照",
    contents="目录",
    below="{}：下级条款",
    valid_on="截至该日的效力",
    show="查看",
    today="回到今天",
    on_day="截至{}",
    by_hand="人工认定",
    corrected="经人工更正：{}",
    nothing="无",
    relations="与其他文件的关系",
    does={
        "repeals": "废止",
        "invalidates": "宣布失效",
        "replaces": "代替",
        "amends": "修改",
        "extends": "延长有效期",
        "implements": "依据",
        "amended_by": "经其修正",
    },
    suffers={
        "repeals": "被其废止",
        "invalidates": "被其宣布失效",
        "replaces": "被其代替",
        "amends": "被其修改",
        "extends": "由其延长有效期",
        "implements": "是其依据",
        "amended_by": "修正了它",
    },
    part="其中{}",
    says="见{}",
    named_in="被其提到",
    named_more="另有 {} 处",
    named_find="查找提到本文件的其他文件",
    versions="同一文件的各个版本",
    this_version="本文件",
    compare="对照",
    compare_any="与其他文件对照",
    doubts="整理原文时的疑点",
    doubts_help="这些地方请核对原件。",
    line="第 {} 行",
    doubt=ZH_DOUBTS,
    find="查找",
    find_label="在本文件中查找",
    previous_match="上一处",
    next_match="下一处",
    matches="{} 处",
    previous="上一条",
    next="下一条",
    keys="键盘 ← → 换条，/ 查找",
    print="打印",
    ask="提问",
    cite="引用",
    link="链接",
    copied_citation="已复制引用",
    copied_link="已复制链接",
    page_of="原件第 {} 页",
    changed_by={
        "amends": "已由{}修改",
        "repeals": "已由{}废止",
        "invalidates": "已由{}宣布失效",
        "replaces": "已由{}代替",
    },
    untitled="（无编号）",
    table="表格",
    table_place="序号",
    no_text="这个文件没有正文。",
    back="返回文件列表",
    missing_document="没有这份文件",
    missing_document_help="库中没有文号或标题为“{}”的文件。它可能已被移出，或者链接有误。",
    missing_provision="没有这一条",
    missing_provision_help="{}没有“{}”。",
    nearest="最接近的是",
    whole_document="看全文",
    bad_value="查询条件有误",
    bad_day="“{}”不是日期。请写成 2023-02-15 这样的形式。",
    bad_number="“{}”不是页码。请写大于 0 的整数。",
    compare_title="对照",
    left="左侧",
    right="右侧",
    swap="左右互换",
    other_choice="换一份文件对照",
    counts={
        "changed": "修改 {} 条",
        "added": "新增 {} 条",
        "removed": "删除 {} 条",
        "moved": "仅编号变动 {} 条",
        "same": "未变 {} 条",
    },
    nothing_differs="两份文件的条文相同。",
    pair={"changed": "修改", "added": "新增", "removed": "删除", "moved": "编号变动", "same": "未变"},
    only_left="右侧没有对应的条文",
    only_right="左侧没有对应的条文",
    near="相近的文字见{}{}",
    legend="<del>删去的文字</del>有删除线，<ins>新增的文字</ins>有下划线。",
    unchanged="{} · 文字未变",
    order_note="左侧文件晚于右侧，“新增”“删除”是从左到右说的。",
    same_document="请选择两份不同的文件。",
)

EN_READING = ReadingTexts(
    title="Reading room",
    search_label="Find documents and provisions",
    search_hint="Number, title, issuer, or words of a provision",
    search="Find",
    issuer="Issuer",
    year="Year",
    kind="Kind",
    sort="Order",
    any="All",
    none={"issuer": "Not stated", "year": "Not stated", "kind": "Other"},
    sorts={
        "newest": "Newest first",
        "oldest": "Oldest first",
        "number": "Number",
        "title": "Title, by pinyin",
    },
    validity="Validity",
    all_states="All",
    reset="Clear",
    found="{} documents",
    found_rough="No document has these words as written; {} have their characters in this order",
    found_none="No document fits",
    found_none_but="No document has these words in number, title or issuer; see the related provisions",
    found_none_hint="Try another word, or clear some of the filters.",
    provisions_found="{} related provisions",
    to_provisions="To the provisions",
    earlier="Previous",
    later="Next",
    pages="Pages",
    gone="There is no page {}; there are {}.",
    comparing_with="Choose the document to compare with {}",
    compare_this="Compare with this",
    stop_comparing="Stop comparing",
    contents="Contents",
    below="Below {}",
    valid_on="Validity on a day",
    show="Show",
    today="Back to today",
    on_day="on {}",
    by_hand="set by hand",
    corrected="Put right by hand: {}",
    nothing="none",
    relations="Relations with other documents",
    does={
        "repeals": "repeals",
        "invalidates": "declares invalid",
        "replaces": "takes the place of",
        "amends": "amends",
        "extends": "extends the term of",
        "implements": "rests on",
        "amended_by": "was revised by",
    },
    suffers={
        "repeals": "repealed by",
        "invalidates": "declared invalid by",
        "replaces": "replaced by",
        "amends": "amended by",
        "extends": "term extended by",
        "implements": "basis of",
        "amended_by": "revised",
    },
    part="its {}",
    says="see {}",
    named_in="mentioned by",
    named_more="and {} more",
    named_find="Find the documents that mention this one",
    versions="Versions of this instrument",
    this_version="this document",
    compare="Compare",
    compare_any="Compare with another document",
    doubts="Doubts from reading the source",
    doubts_help="Please check these places against the original.",
    line="line {}",
    doubt=EN_DOUBTS,
    find="Find",
    find_label="Find in this document",
    previous_match="Previous match",
    next_match="Next match",
    matches="{} matches",
    previous="Previous provision",
    next="Next provision",
    keys="Keys ← → for provisions, / to find",
    print="Print",
    ask="Ask",
    cite="Cite",
    link="Link",
    copied_citation="Citation copied",
    copied_link="Link copied",
    page_of="page {} of the original",
    changed_by={
        "amends": "amended by {}",
        "repeals": "repealed by {}",
        "invalidates": "declared invalid by {}",
        "replaces": "replaced by {}",
    },
    untitled="(unnumbered)",
    table="Table",
    table_place="No.",
    no_text="This document has no text.",
    back="Back to the list",
    missing_document="No such document",
    missing_document_help="No document has the number or title “{}”. It may have been removed, or the link is wrong.",
    missing_provision="No such provision",
    missing_provision_help="{} has no “{}”.",
    nearest="The nearest are",
    whole_document="The whole document",
    bad_value="This cannot be looked up",
    bad_day="“{}” is no date. Please write it like 2023-02-15.",
    bad_number="“{}” is no page. Please give a whole number above 0.",
    compare_title="Compare",
    left="Left",
    right="Right",
    swap="Swap sides",
    other_choice="Choose another document",
    counts={
        "changed": "{} changed",
        "added": "{} added",
        "removed": "{} removed",
        "moved": "{} only renumbered",
        "same": "{} unchanged",
    },
    nothing_differs="The provisions of both documents are the same.",
    pair={
        "changed": "Changed",
        "added": "Added",
        "removed": "Removed",
        "moved": "Renumbered",
        "same": "Unchanged",
    },
    only_left="Nothing corresponds on the right",
    only_right="Nothing corresponds on the left",
    near="Similar words in {}{}",
    legend="<del>Words removed</del> are struck through, <ins>words added</ins> are underlined.",
    unchanged="{} · wording unchanged",
    order_note="The document on the left is the later one; added and removed are told from left to right.",
    same_document="Please choose two different documents.",
)

READING = {"zh": ZH_READING, "en": EN_READING}
