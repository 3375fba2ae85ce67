"""The tree of units, their labels, paths and texts."""

import pytest

from tests.reading import labels, read, read_one, texts, wrap


def paths(text: str) -> dict[str, tuple[str, ...]]:
    return {provision.label: provision.path for provision in read_one(text).provisions}


def test_an_article_holds_its_items_and_each_item_is_a_provision() -> None:
    document = read_one(
        "第一章 总则\n第一条 会议的任务是：\n（一）传达；\n（二）审议。\n第二条 会议每周召开。\n"
    )
    assert labels(document) == ["第一章", "第一条", "第一条（一）", "第一条（二）", "第二条"]
    whole, item = document.provisions[1], document.provisions[2]
    assert whole.text == "第一条 会议的任务是：\n（一）传达；\n（二）审议。"
    assert item.parent == whole.provision_id and item.path == ("第一章 总则",)
    assert document.provisions[0].is_heading and not whole.is_heading


def test_the_paragraph_behind_a_list_belongs_to_the_article() -> None:
    found = texts(read_one("第一条 任务是：\n（一）传达；\n（二）审议。\n会议由区长主持。\n第二条 其他。\n"))
    assert found["第一条（二）"] == "（二）审议。"
    assert found["第一条"].endswith("会议由区长主持。")


def test_parts_divisions_chapters_and_sections_nest_in_paths() -> None:
    text = "第一编 总则\n第一分编 通则\n第一章 一般规定\n第一节 范围\n第一条 甲。\n第二编 分则\n第一章 具体\n第二条 乙。\n"
    assert paths(text)["第一条"] == ("第一编 总则", "第一分编 通则", "第一章 一般规定", "第一节 范围")
    assert paths(text)["第二条"] == ("第二编 分则", "第一章 具体")


def test_chapters_that_begin_again_in_each_part_are_labelled_with_it() -> None:
    found = labels(read_one("第一编 总则\n第一章 范围\n第一条 甲。\n第二编 分则\n第一章 具体\n第二条 乙。\n"))
    assert found == ["第一编", "第一编第一章", "第一条", "第二编", "第二编第一章", "第二条"]


def test_an_unnumbered_heading_above_chapters_is_in_the_path() -> None:
    text = "合同法典\n总则\n第一章 范围\n第一条 甲。\n合同编\n第一章 订立\n第二条 乙。\n附则\n第三条 丙。\n"
    found = paths(text)
    assert found["第一条"] == ("总则", "第一章 范围")
    assert found["第二条"] == ("合同编", "第一章 订立")
    assert found["第三条"] == ("附则",)


def test_topics_above_articles_are_headings_and_not_items() -> None:
    text = "一、管辖\n第一条 下列案件：\n（一）甲；\n（二）乙。\n二、回避\n第二条 应当回避。\n三、证据\n（一）举证\n第三条 谁主张谁举证。\n"
    found = paths(text)
    assert found["第一条"] == ("一、管辖",)
    assert found["第二条"] == ("二、回避",)
    assert found["第三条"] == ("三、证据", "（一）举证")
    assert texts(read_one(text))["第一条"].endswith("（二）乙。")


def test_items_without_full_stops_right_above_an_article_stay_items() -> None:
    found = texts(read_one("第一条 材料包括：\n一、申请书\n二、身份证\n第二条 其他。\n"))
    assert found["第一条"] == "第一条 材料包括：\n一、申请书\n二、身份证"


def test_a_clause_on_its_own_force_stays_in_its_article() -> None:
    text = "第一条 依法处罚。\n本条例规定的行政处罚，由综合执法部门实施。\n第二条 本条例自公布之日起施行。\n本条例施行前的行为，适用原规定。\n"
    found = texts(read_one(text))
    assert found["第一条"].endswith("由综合执法部门实施。")
    assert found["第二条"].endswith("适用原规定。")


def test_an_inserted_article_follows_its_number() -> None:
    text = "第三十七条 甲。\n第三十七条之一 乙。\n第三十七条之二 丙。\n第三十八条 丁。\n"
    assert labels(read_one(text)) == ["第三十七条", "第三十七条之一", "第三十七条之二", "第三十八条"]


def test_a_wrapped_reference_opens_no_article() -> None:
    sentence = "第一条 区政府常务会议讨论决定事项的范围和程序以及会议纪要的签发、执行和督办，"
    text = (
        wrap(f"{sentence}依照本规则\n")
        + "\n第四章规定的程序审议，并按照\n第三十条的规定办理。\n第二条 会议由区长召集。\n"
    )
    wide = wrap(
        "为了规范区政府的工作程序，提高工作效率，根据有关法律法规和市政府工作规则，制定本规则，供各部门遵照执行。"
        * 5
    )
    document = read_one(wide + "\n" + text)
    assert [label for label in labels(document) if label] == ["第一条", "第二条"]


def test_articles_far_apart_are_kept_in_an_excerpt() -> None:
    assert labels(read_one("第五条 甲。\n第二十条 乙。\n第九十九条 丙。\n")) == [
        "第五条",
        "第二十条",
        "第九十九条",
    ]


def test_a_gap_in_the_numbering_is_reported() -> None:
    document = read_one("第一条 甲。\n第三条 乙。\n")
    assert labels(document) == ["第一条", "第三条"]
    assert any(doubt.kind == "gap" for doubt in document.doubts)


def test_arabic_numbers_within_a_chinese_count_join_it() -> None:
    text = "".join(f"{mark}、事项{n}的要求。\n" for n, mark in enumerate("一二三四五六七八九十", start=1))
    assert labels(read_one(text + "11、事项十一的要求。\n十二、事项十二的要求。\n"))[-3:] == [
        "十",
        "十一",
        "十二",
    ]


def test_two_lists_from_一_in_one_unit_are_both_kept_with_ids_of_their_own() -> None:
    text = "一、会议的任务是：\n（一）甲；\n（二）乙。\n会议每周召开。副区长会议的任务是：\n（一）丙；\n（二）丁。\n二、其他。\n"
    document = read_one(text)
    assert labels(document) == ["一", "一、（一）", "一、（二）", "一、（一）", "一、（二）", "二"]
    assert len({item.provision_id for item in document.provisions}) == 6


def test_numbers_that_count_on_through_sections_are_projects() -> None:
    text = "一、设施（2项）\n1.道路大修。\n2.公交优化。\n二、环境（1项）\n3.新建绿地。\n"
    assert [label for label in labels(read_one(text)) if "项" in label] == ["第1项", "第2项", "第3项"]


def test_items_of_a_plan_are_labelled_down_to_the_last_number() -> None:
    text = "# 方案\n\n## 一、目标\n\n总体目标。\n\n## 二、任务\n\n### （一）治理\n\n#### 1. 执法\n\n（1）检查：每周检查。\n\n（2）通报：每月通报。\n"
    found = labels(read_one(text))
    assert found[-2:] == ["二、（一）1（1）", "二、（一）1（2）"]


def test_an_attachment_numbers_from_the_start_again() -> None:
    text = "一、正文。\n附件：1.名单\n2.标准\n\n附件1\n名单\n一、组长。\n附件2\n标准\n一、要求。\n"
    document = read_one(text)
    assert "附件1 一" in labels(document) and "附件2 一" in labels(document)
    assert texts(document)["附件2 一"] == "一、要求。"


def test_a_lost_attachment_header_is_found_by_its_listed_title() -> None:
    text = "# 通知\n\n一、正文。\n\n附件：1. 申请审批流程\n\n2. 建筑风貌引导细则\n\n# 附件1\n\n# 申请审批流程\n\n一、条件。\n\n# 建筑风貌引导细则\n\n一、风貌。\n"
    assert texts(read_one(text))["附件2 一"] == "一、风貌。"


def test_distribution_lines_are_left_out() -> None:
    read_file = read(
        "一、正文。\n北京市甲区人民政府\n2021年3月1日\n抄送：区委办公室。\n甲区人民政府办公室 2021年3月2日印发\n"
    )
    (document,) = read_file.documents
    assert "抄送" not in document.text and "印发" not in document.text
    assert {skip.reason for skip in read_file.skips} == {"distribution"}


def test_an_attachment_behind_the_distribution_lines_is_kept() -> None:
    text = "一、正文。\n北京市甲区人民政府\n2021年3月1日\n抄送：区委办公室。\n甲区人民政府办公室 2021年3月2日印发\n附件1\n名单\n一、组长。\n"
    assert texts(read_one(text))["附件1 一"] == "一、组长。"


@pytest.mark.parametrize("heading", ["第八章 附则", "第一章 资金管理"])
def test_a_chapter_out_of_order_is_one_when_its_articles_count_on(heading: str) -> None:
    text = f"第四章 检查\n第一条 甲。\n{heading}\n第二条 乙。\n第五章 林权\n第三条 丙。\n"
    assert paths(text)["第二条"] == (heading,)


def test_the_texts_of_a_document_hold_every_paragraph_once() -> None:
    document = read_one("引言一句。\n第一条 甲：\n（一）乙。\n特此通知。\n")
    tops = [item.text for item in document.provisions if item.parent is None]
    assert "\n".join(tops) == document.text


def test_topics_are_found_in_an_excerpt_that_leaves_some_out() -> None:
    found = paths("一、管辖\n第一条 甲。\n三、诉讼参加人\n第九条 乙。\n")
    assert found["第九条"] == ("三、诉讼参加人",)


def test_a_closing_clause_below_a_long_item_without_a_full_stop_is_not_the_item() -> None:
    document = read_one(
        "一、废止《甲》。\n二、废止《甲市信息化促进条例》（2007年9月14日会议通过）\n本决定自公布之日起施行。\n"
    )
    assert labels(document) == ["一", "二", ""]


def test_the_text_below_the_addressee_is_not_taken_for_distribution() -> None:
    text = "主送：各乡镇人民政府\n为做好工作，现通知如下。\n一、加强领导。\n"
    assert labels(read_one(text)) == ["", "一"]


@pytest.mark.parametrize(
    "line", ["14.6公里的道路完工。", "1.5万元以上。", "3.2%以内。", "2.5 亿元投资到位。"]
)
def test_an_amount_at_the_start_of_a_paragraph_is_no_decimal_level(line: str) -> None:
    assert labels(read_one(f"一、任务。\n{line}\n二、要求。\n")) == ["一", "二"]
