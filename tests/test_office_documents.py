"""Documents as the offices of China write them, each with the labels that a clerk would give its parts.

The texts stand in tests/fuzz/documents, where the fuzzer starts from them too. "" is text outside the numbering.
"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document import Document
from tests.fuzz.seeds import DOCUMENTS
from tests.reading import labels, read, read_one, texts


def document(name: str) -> Document:
    return read_one((DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8"))


LABELS = {
    "opinions_of_the_state_council": "|一|一、（一）|一、（二）|一、（二）1|一、（二）1（1）|一、（二）1（2）|一、（二）1（2）①|一、（二）1（2）②"
    "|一、（二）2|二|二、（一）|二、（二）|三|三、（一）|",
    "government_order": "|第一章|第一条|第二条|第二章|第十二条|第十二条之一|第十二条之一（一）|第十二条之一（二）|第十三条|第三章|第二十条",
    "two_issuers": "|一|二|二、（一）|二、（二）",
    "minutes": "|一|二|三|三、（一）|三、（二）",
    "reply": "",
    "public_notice": "|一|二|三|四|",
    "plan_with_three_attachments": "一|二|二、（一）|二、（二）||附件1|附件1 一|附件1 二|附件2|附件2 一|附件2 一、（一）|附件2 一、（二）"
    "|附件2 二|附件3|附件3 一|附件3 一、（一）|附件3 一、（二）|附件3 二",
    "count_through_groups": "（一）|（一）1|（一）2|（一）3|（二）|（二）4|（二）5|（三）|（三）6|（三）7|（四）|（四）8|（五）|（五）9|（五）10",
    "decimal_rules": "1|1.1|1.2|2|2.1|2.1.1|2.1.2|2.2|2.2.1|3|3.1",
    "technical_standard": "3|3.1|3.1.1|3.1.2|3.1.2 1|3.1.2 2|3.2|3.2.1",
    "parts": "第一篇|第一章|第一条|第二篇|第二章|第二条|第一部分|第二部分",
    "boxes": "第一章|第一章第一节|专栏1|专栏1 1|专栏1 2|第一章第二节|专栏2|专栏2 1|专栏2 2|第二章|第二章第一节",
    "list_of_projects": "一|第1项|第2项|二|第3项",
    "questions_and_answers": "||1|2|",
    "attached_tables": "第一条|第二条|附表1|附表1 第1项|附表1 第2项|附表2|附表2 第1项|附表2 第2项",
    "explanatory_note": "第一条|第二条|编制说明|编制说明 一|编制说明 二|编制说明 二、（一）|编制说明 二、（二）",
    "half_width_brackets": "一|一、（一）|一、（一）1）|一、（一）2）|一、（二）|一、（二）1）|一、（二）2）|二|二、（一）",
    "full_width_digits": "一|一、1|一、2|一、3|二|二、（1）|二、（2）",
    "roman_numerals": "Ⅰ|Ⅱ|Ⅲ",
    "bracketed_headings": "||1|2|",
    "articles_with_headings": "第一条|第二条|第三条|第四条|第四条（一）|第四条（二）",
    "spaced_numbers": "第一章|第一条|第二条|第二章|第三条",
    "numbers_over_a_hundred": "第九十九条|第一百条|第一百零一条|第一百零二条|第一百零三条|第一百零四条|第二百条|第二百零一条|第二百零二条",
    "speech": "",
    "speech_in_points": "",
    "english": "1|2",
    "running_header": "第一条|第二条|第三条|第四条|第五条|第六条|第七条|第八条|第九条",
    "wrapped": "第一章|第一条|第二条|第三条|第四条|第五条|第六条|第二章|第七条|第七条（一）|第七条（二）|第八条",
    "two_lists_in_an_article": "第一条|第一条（一）|第一条（二）|第一条（一）|第一条（二）|第一条（三）|第二条|第二条1|第二条2|第二条1|第二条2|第三条",
    "two_counts_in_an_article": "第一条|第一条一|第一条二|第一条一|第一条二|第二条",
    "references_at_line_starts": "第一条|第二条|第三条|第三条（一）|第四条|第五条",
    "numbers_that_count_nothing": "一|二|二、1|二、2|三",
    "amendment": "|一|二|三|四|",
    "amendment_in_paragraphs": "|一|二|三|",
    "number_in_a_sentence": "第一条|第二条|第三条",
    "contents_without_pages": "第一章|第一条|第二章|第二条|第三章|第三条",
    "contents_with_pages": "第一章|第一条|第二章|第二条|第三章|第三条",
    "distribution": "",
    "old_distribution": "",
    "wrong_numerals": "第一章|一|二|三|四|五|六|七|八|九|十|十一|十二|十三|第二章|十四|十五|十六",
    "lying_markdown": "一|一、（一）|一、（二）|二|二、（一）|二、（一）1|二、（一）2",
    "projects_with_sites": "一|一、1|一、1（1）|一、1（2）|一、2|一、2（1）|一、2（2）|二|二、1",
    "arabic_items": "第一条|第一条1|第一条2|第一条2（1）|第一条2（2）|第一条3|第二条",
    "attachment_without_header": "|附件|附件 一|附件 二|附件 二、（一）|附件 二、（二）",
    "unlisted_attachment": "一|二||检查细则|检查细则 一|检查细则 二",
    "second_series": "一|一、（一）|一、（二）|二|二、（一）|二、（二）||附件1|附件1 一|附件1 二|附件2|附件2 一|附件2 一、（一）|附件2 二",
    "arabic_articles": "第一条|第二条|第三条|第三条1|第三条2|第四条",
    "items_by_name": "第1项|第2项|第3项",
    "letters": "一|一、a|一、b|一、A|一、B|二|二、a|二、b",
    "regulation": "|第一章|第一条|第二章|第二章第一节|第二条|第二章第二节|第三条|第三章|第四条",
    "day_below_a_heading": "一|二|三|",
    "decimals_in_sections": "一|1.1|1.2|二|2.1|2.2",
}  # fmt: skip


def test_every_document_of_the_folder_has_its_labels_here() -> None:
    assert sorted(LABELS) == sorted(path.stem for path in DOCUMENTS.glob("*.txt"))


@pytest.mark.parametrize("name", LABELS)
def test_each_part_has_the_label_that_a_clerk_would_give_it(name: str) -> None:
    assert labels(document(name)) == LABELS[name].split("|")


@pytest.mark.parametrize(
    ("name", "label", "text"),
    [
        ("government_order", "第十二条之一", "第十二条之一 有下列情形之一的，不需要申请：\n（一）家庭生活；\n（二）零星散养。"),
        ("technical_standard", "3.1.2 2", "2裙房不应小于9m。"),
        ("decimal_rules", "2.1.2", "2.1.2 司机应当持证上岗。"),
        ("bracketed_headings", "2", "2.申请表。"),
        ("two_counts_in_an_article", "第一条二", "二、企业。"),
        ("references_at_line_starts", "第二条",
         "第二条 有关情形按照本办法第三条规定的程序办理。\n第三条规定的程序由区政府办公室另行制定。"),
        ("references_at_line_starts", "第四条", "第四条 单位应当守法。\n违反本办法第三条、第四条规定的，依法处罚。"),
        ("numbers_that_count_nothing", "三", "三、保障措施\n加强领导。"),
        ("amendment_in_paragraphs", "一",
         "一、将第六条修改为：“第六条河道管理单位应当巡查。\n第七条 河道管理范围内禁止下列行为：\n（一）倾倒垃圾；\n（二）修建围堤。”"),
        ("running_header", "第三条",
         "第三条 区政府各部门应当在第3季度结束后十个工作日内将工作情况报送区政府办公室，由区政府办公室汇总后报区政府常务会议审议。"),
        ("day_below_a_heading", "一", "一、时间\n2023年5月6日"),
        ("unlisted_attachment", "检查细则 二", "二、检查方法\n现场检查。"),
        ("lying_markdown", "二、（一）2", "2.治气\n治气任务。"),
    ],
)  # fmt: skip
def test_each_part_holds_its_own_words_and_no_others(name: str, label: str, text: str) -> None:
    assert texts(document(name))[label] == text


@pytest.mark.parametrize(
    ("name", "label", "path"),
    [
        ("decimal_rules", "2.1.2", ("2行车组织", "2.1 一般规定")),
        ("boxes", "专栏1 2", ("第一章 发展基础", "第一节 成就", "专栏1主要指标")),
        ("parts", "第二条", ("第二篇 目标", "第二章 定位")),
        ("decimals_in_sections", "2.2", ("二、请假",)),
        ("questions_and_answers", "2", ("问：需要什么材料？",)),
        ("bracketed_headings", "1", ("【办理材料】",)),
        ("plan_with_three_attachments", "附件3 一、（二）", ("应急流程", "一、预警")),
        ("spaced_numbers", "第三条", ("第二章 职责",)),
    ],
)
def test_the_path_names_the_headings_above(name: str, label: str, path: tuple[str, ...]) -> None:
    (item,) = [item for item in document(name).provisions if item.label == label]
    assert item.path == path


@pytest.mark.parametrize(
    ("name", "doc_no", "title", "issuer", "day"),
    [
        ("two_issuers", "甲办发〔2022〕5号", "甲市乡村振兴实施方案", "甲市人民政府办公室", date(2022, 3, 5)),
        ("government_order", None, "甲省水资源管理办法", "甲省人民政府", date(2022, 5, 20)),
        ("reply", "国函〔2021〕66号", "国务院关于同意设立甲新区的批复", "国务院", date(2021, 6, 5)),
        ("public_notice", None, "甲区人民政府关于加强犬类管理的通告", "甲区人民政府", date(2020, 1, 2)),
    ],
)
def test_the_head_says_what_the_document_is(
    name: str, doc_no: str | None, title: str, issuer: str, day: date
) -> None:
    found = document(name)
    assert (found.doc_no, found.title, found.issuer, found.issued_on) == (doc_no, title, issuer, day)


@pytest.mark.parametrize(
    ("name", "reason", "left_out"),
    [
        ("contents_without_pages", "contents", ["目录", "第一章 总则", "第二章 职责", "第三章 附则"]),
        ("running_header", "page header", ["甲区人民政府公报"] * 4),
        ("old_distribution", "distribution", ["主题词：放假 通知", "甲区人民政府办公室秘书科 2023年9月20日印发", "共印30份"]),
        ("distribution", "distribution", ["抄送：区委各部门，区人大常委会办公室，区政协办公室，", "区法院，区检察院，区人武部。",
                                          "甲区人民政府办公室 2023年9月20日印发"]),
    ],
)  # fmt: skip
def test_what_is_not_the_text_is_left_out_for_what_it_is(name: str, reason: str, left_out: list[str]) -> None:
    text = (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    skips = [text[skip.start : skip.end] for skip in read(text).skips if skip.reason == reason]
    assert skips == left_out


# --- doubts that a clerk can act on ---


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("第一条 甲。\n第三条 丙。\n", "line 2, '第三条 丙。' leaves a gap in the numbering"),
        ("一、甲。\n二、乙。\n二、丙。\n", "line 3, '二、丙。' is numbered twice"),
        ("第一条 甲。\n第二条 乙。\n第五条 戊。\n第四条 丁。\n第六条 己。\n",
         "line 4, '第四条 丁。' goes back in the numbering; kept as text of the unit above"),
        ("甲区规则\n目录\n第一章 总则\n第二章 职责\n第一条 甲。\n",
         "line 2, '目录' heads a table of contents whose end was not found; it is read as text"),
    ],
)  # fmt: skip
def test_a_doubt_names_line_words_and_reason(text: str, doubt: str) -> None:
    assert doubt in [str(item) for item in read_one(text).doubts]


def test_what_the_head_does_not_state_is_doubtful() -> None:
    full = "甲区人民政府关于停水的通知\n甲政发〔2023〕1号\n各单位：\n明日停水。\n甲区人民政府\n2023年2月1日\n"
    assert read_one(full).doubts == ()
    assert [doubt.kind for doubt in read_one("今天下午三点开会，请准时参加。\n").doubts] == [
        "no_number",
        "no_title",
        "no_date",
    ]
