"""Lines into paragraphs: joined where a line or a page was cut, page marks and contents out."""

import pytest

from ingest.clean import clean_text, text_width, tidy
from tests.reading import wrap

NEWLINE = "\n"


def paragraphs(raw: str) -> list[str]:
    return [block.text for block in clean_text(raw).blocks]


def reasons(raw: str) -> list[str]:
    return [skip.reason for skip in clean_text(raw).skips]


WRAPPED = """第四十一条 区政府常务会议由区长、副区长组成，由区长召集
和主持。区政府常务会议一般每周召开一次，必要时随时召开
。会议的主要任务是：讨论通过需提请市政府、区委审议的事
项；审议区政府的重要工作；讨论区政府各部门请示区政府的
重要事项；
（一）讨论、决定区政府工作中的重要事项，听取各部门的汇
报；
（二）讨论通过规范性文件。
第四十二条 区长办公会由区长召集，根据工作需要安排召开，
研究、处理区政府日常工作中的问题。
"""


def test_wrapped_lines_are_joined_into_paragraphs() -> None:
    found = paragraphs(WRAPPED)
    assert [text[:5] for text in found] == ["第四十一条", "（一）讨论", "（二）讨论", "第四十二条"]
    assert "由区长召集和主持。区政府常务会议" in found[0]
    assert found[1] == "（一）讨论、决定区政府工作中的重要事项，听取各部门的汇报；"


@pytest.mark.parametrize("mark", ["— 16 —", "-16-", "—36—", "– 3 –", "第 3 页", "第3页 共12页", "- 7 -"])
def test_a_page_mark_in_the_middle_of_a_sentence_is_left_out(mark: str) -> None:
    lines = WRAPPED.split("\n")
    cut = "\n".join([*lines[:3], "", mark, "", *lines[3:]])
    assert paragraphs(cut) == paragraphs(WRAPPED)
    assert reasons(cut) == ["page mark"]


def test_a_quotation_goes_on_over_a_line_that_ends_in_a_closing_quote() -> None:
    wrapped = (
        WRAPPED
        + "第四十三条 以发挥北京作为政策高地的全部优势和本区“两区”\n“三平台”“五子”的政策优势为依托。\n"
    )
    assert paragraphs(wrapped)[-1].endswith("“两区”“三平台”“五子”的政策优势为依托。")


def test_each_paragraph_of_a_quotation_stands_apart() -> None:
    raw = "一、修改为：\n“第六条 规章草案应当征求社会公众的意见并予以公开发布。\n“有下列情形之一的除外：\n“（一）紧急情况。”\n"
    assert len(paragraphs(raw)) == 4


def test_an_amount_with_a_point_at_the_start_of_a_line_goes_on_with_the_sentence() -> None:
    raw = (
        WRAPPED
        + "2.实施平程路（南起昌金路，北至熊儿寨老泉口郊野公园）\n14.6 公里、平关路大修工程，改善出行条件。\n"
    )
    assert paragraphs(raw)[-1].endswith("公园）14.6公里、平关路大修工程，改善出行条件。")


def test_a_sentence_that_breaks_off_above_a_reference_goes_on_with_it() -> None:
    assert paragraphs("第二条 有关情形按照本办法\n第三条规定的程序办理。\n") == [
        "第二条 有关情形按照本办法第三条规定的程序办理。"
    ]
    assert len(paragraphs("第一章 监督\n第三条规定的程序由区政府制定。\n")) == 2


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("**\n甲乙。\n", ["甲乙。"]), ("# \n甲乙。\n", ["甲乙。"])],
)
def test_markup_alone_on_its_line_is_left_out_and_recorded(raw: str, kept: list[str]) -> None:
    assert (paragraphs(raw), reasons(raw)) == (kept, ["markup"])


def test_files_of_like_short_sentences_are_not_taken_for_wrapped() -> None:
    raw = "甲区人民政府关于加强犬类管理的通告\n为加强犬类管理，现通告如下：\n一、携犬出户应当束犬链。\n二、禁止携犬进入商场。\n三、违反本通告的，由公安机关处罚。\n四、本通告自发布之日起施行。\n甲区人民政府\n2020年1月2日\n"
    assert paragraphs(raw) == raw.strip().split("\n")


def test_a_number_alone_is_no_page_mark() -> None:
    assert "page mark" not in reasons("权重\n10\n20\n")


def test_a_page_cut_in_a_file_of_whole_paragraphs_is_joined() -> None:
    found = paragraphs(
        "# 办法\n\n各乡镇街道要统筹国土空间规划，有序推进\n\n村庄规划实施，严控总量。\n\n另一段。\n"
    )
    assert found == ["办法", "各乡镇街道要统筹国土空间规划，有序推进村庄规划实施，严控总量。", "另一段。"]


def test_a_page_cut_without_a_comma_is_joined_when_the_line_was_full() -> None:
    first, second = (
        "盘活利用闲置宅基地和闲置住宅要与乡村规划和美丽乡村建",
        "设相结合，做到统筹协调、规范引导、健康发展。",
    )
    assert paragraphs(f"# 意见\n\n{first}\n\n{second}\n") == ["意见", first + second]


def test_a_document_number_cut_by_a_page_is_joined() -> None:
    found = paragraphs("# 目录\n\n11. 城市排水许可管理办法实施细则（京平政发〔2009〕\n\n18号)\n")
    assert found[-1] == "11. 城市排水许可管理办法实施细则（京平政发〔2009〕18号)"


def test_headings_and_short_lines_stay_apart() -> None:
    raw = (
        "一、总体要求\n坚持全面覆盖，依法监管。\n二、主要目标\n完善机制。\n北京市甲区人民政府\n2021年3月1日\n"
    )
    assert paragraphs(raw) == raw.strip().split("\n")


def test_a_list_within_主责单位_is_not_cut_into_items() -> None:
    item = (
        "1.完成供热管网改造，优化提升七十一条线路公交站点设置，更新城区外候车站点的线路图，全面提升服务水平。"
    )
    field = "主责单位：1.供电、供气、供暖、城区路照明：区城市管理；2.公交：区交通局"
    raw = wrap(f"{WRAPPED.replace(NEWLINE, '')}\n{item}\n{field}\n完成时限：2023年12月")
    assert "\n2.公交：区交通局\n" in raw  # the line breaks right before a number
    assert paragraphs(raw)[1:] == [item, field, "完成时限：2023年12月"]


def test_a_table_of_contents_is_left_out_and_the_text_behind_it_is_kept() -> None:
    raw = "目  录\n第一章 总则............1\n第二章 职责············3\n附则\t— 9 —\n第一章 总则\n第一条 甲乙丙丁。\n"
    assert paragraphs(raw) == ["第一章 总则", "第一条 甲乙丙丁。"]
    assert reasons(raw) == ["contents"] * 4


def test_the_word_目录_without_page_numbers_below_it_is_text() -> None:
    assert paragraphs("目录\n以下文件宣布失效。\n") == ["目录", "以下文件宣布失效。"]


def test_tab_separated_rows_keep_their_cells() -> None:
    rows = [block.cells for block in clean_text("序号\t任务\t时限\n1\t甲乙\t6月\n\t续行\t\n").blocks]
    assert rows == [("序号", "任务", "时限"), ("1", "甲乙", "6月"), ("", "续行", "")]


@pytest.mark.parametrize(
    "raw",
    [
        "\t第一条 甲乙。\n\t第二条 丙丁。\n",
        "第一条\t甲乙。\n第二条\t丙丁。\n",
        "第一条 甲乙。\n\n第二条 丙\t丁。\n",
    ],
)
def test_a_tab_in_a_sentence_makes_no_table(raw: str) -> None:
    blocks = clean_text(raw).blocks
    assert [block.cells for block in blocks] == [(), ()]
    assert [block.text[:3] for block in blocks] == ["第一条", "第二条"]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("总 则", "总则"),
        ("第一章  总  则", "第一章 总则"),
        ("推出 49 项政务服务事项，共 100 万元", "推出49项政务服务事项，共100万元"),
        (r"绿化覆盖率 $\geq 36\%$ , 人均面积 $\geq 8.5$ 平方米", "绿化覆盖率≥36%,人均面积≥8.5平方米"),
        (r"不大于 $0.45\text{W}/(\text{m}^2 \cdot \text{K})$ 、外窗", "不大于0.45W/(m²·K)、外窗"),
        (r"保留 $\unknown{x}$ 原样", r"保留 $\unknown{x}$ 原样"),
        ("<b>二、提升</b>", "二、提升"),
        ("PM<sub>2.5</sub>浓度", "PM2.5浓度"),
        ("**工作目标**", "工作目标"),
        ("8: 30至11: 30", "8:30至11:30"),
        ("关于<部分道路（试行）>的通告", "关于<部分道路（试行）>的通告"),
        ("Visit the office in Beijing", "Visit the office in Beijing"),
        ("组长：王成国 区委书记", "组长：王成国 区委书记"),
    ],
)
def test_markup_and_spaces_are_tidied(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_a_full_width_character_is_two_columns() -> None:
    assert text_width("第1条，ab") == 9


def test_blocks_and_skips_cover_every_visible_character() -> None:
    raw = "目录\n第一章 总则....1\n\n— 1 —\n\n" + WRAPPED + "---\n甲\t乙\n1\t2\n"
    clean = clean_text(raw)
    spans = [(b.start, b.end) for b in clean.blocks] + [(skip.start, skip.end) for skip in clean.skips]
    covered = {i for start, end in spans for i in range(start, end)}
    assert [char for i, char in enumerate(raw) if i not in covered and not char.isspace()] == []
