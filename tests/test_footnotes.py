"""Footnotes leave the sentences that they interrupt and stand behind the paragraph that holds their mark."""

import pytest

from ingest.footnotes import Footnote, strip_marks
from tests.reading import read_one, texts, wrap

FIRST = (
    "第一条 切实履行维护区域“五全五安1”重大职责，确保市委、市政府、区委决策部署不折不扣贯彻落实，统筹推进各项工作，"
    "及时研究解决经济社会发展中的突出问题，不断提高政府治理能力和水平，让人民群众有更多获得感、幸福感和安全感。"
)
SECOND = (
    "第二条 预算执行中追加和标准或内容不明确的财政性资金的使用方案2：100 万元以上的报区长办公会审定，其余的由区长审批，"
    "调减预算的项目依照有关规定执行，年度执行情况由区财政局汇总后向区政府常务会议报告，并依法接受审计机关的监督检查。"
)
NOTES = (
    "\n1\n 五安：生产安全、生活安全、生态安全、生命安全、安全稳定。\n",
    "\n2\n使用方案：包括项目实施必要性说明、详细方案及预算。\n",
)


def page(text: str, note: str) -> str:
    """Return wrapped text with a footnote below its third line, in the middle of a sentence."""
    lines = wrap(text).split("\n")
    return "\n".join(lines[:3]) + "\n" + note + "\n".join(lines[3:]) + "\n"


GLUED = page(FIRST, NOTES[0]) + page(SECOND, NOTES[1])


def test_a_lone_digit_below_its_mark_is_a_footnote_and_the_sentence_is_joined() -> None:
    sentence, note = texts(read_one(GLUED))["第一条"].split("\n")
    assert sentence == FIRST.replace("五安1", "五安")
    assert note == "〔注：五全五安〕五安：生产安全、生活安全、生态安全、生命安全、安全稳定。"


def test_a_mark_between_a_word_and_an_amount_is_taken_and_the_amount_stays() -> None:
    sentence, note = texts(read_one(GLUED))["第二条"].split("\n")
    assert sentence == SECOND.replace("使用方案2：100 万元", "使用方案：100万元")
    assert note == "〔注〕使用方案：包括项目实施必要性说明、详细方案及预算。"


def test_sup_marks_are_tied_across_the_page() -> None:
    raw = "## 一、目标\n\n推广“一超四罚”<sup>1</sup>措施，持续推进。\n\n---\n\n<sup>1</sup> 一超四罚：罚车辆、罚企业。\n\n## 二、保障\n\n加强领导。\n"
    found = texts(read_one(raw))
    assert found["一"] == "一、目标\n推广“一超四罚”措施，持续推进。\n〔注〕一超四罚：罚车辆、罚企业。"
    assert "罚" not in found["二"]


def test_square_metres_are_no_footnote() -> None:
    assert "200m²" in texts(read_one("一、标准\n面积不超过200m<sup>2</sup>，高度不超过3米。\n"))["一"]


def test_a_weight_alone_on_its_line_stays_in_the_text() -> None:
    assert "\n5\n" in read_one("一、考核\n指标\n5\n其他指标\n10\n").text


def test_a_note_names_its_term_only_once() -> None:
    assert Footnote("", "甲即乙。", 0, 4).line() == "〔注〕甲即乙。"
    assert Footnote("甲", "甲：乙。", 0, 4).line() == "〔注〕甲：乙。"
    assert Footnote("甲", "指乙。", 0, 3).line() == "〔注：甲〕指乙。"


def test_private_marks_never_reach_the_text() -> None:
    assert strip_marks("甲\U000f0000乙\U000f0001") == "甲乙"
    assert not any(ord(char) >= 0xF0000 for char in read_one(GLUED).text)


TEXT = (
    "第一条 全区落实“五全五安”{}重大职责，统筹推进各项工作。\n\n第二条 推进河长制{}工作，加强监督检查。\n\n"
    "第三条 本办法自发布之日起施行。\n\n"
)
FIVE, RIVER = "五安：生产安全、生活安全。", "由负责人担任河长。"


@pytest.mark.parametrize(
    ("marks", "notes"),
    [
        (("[1]", "[2]"), ("[1]{}", "[2] {}")),
        (("〔1〕", "〔2〕"), ("〔1〕{}", "〔2〕{}")),
        (("①", "②"), ("①{}", "② {}")),
        (("（注1）", "（注2）"), ("注1：{}", "注2：{}")),
        (("¹", "²"), ("¹ {}", "²{}")),
        (("<sup>[1]</sup>", "<sup>②</sup>"), ("[1] {}", "<sup>②</sup>{}")),
        (("<sup>1</sup>", "<sup>2</sup>"), ("1. {}", "2. {}")),
        (("*", "※"), ("* {}", "※{}")),
    ],
)
@pytest.mark.parametrize("head", ["注释：\n", "脚注\n", "---\n"])
def test_notes_at_the_end_are_tied_to_their_marks_in_every_form(
    marks: tuple[str, str], notes: tuple[str, str], head: str
) -> None:
    found = texts(
        read_one(TEXT.format(*marks) + head + notes[0].format(FIVE) + "\n" + notes[1].format(RIVER) + "\n")
    )
    assert found["第一条"] == f"第一条 全区落实“五全五安”重大职责，统筹推进各项工作。\n〔注：五全五安〕{FIVE}"
    assert found["第二条"] == f"第二条 推进河长制工作，加强监督检查。\n〔注〕{RIVER}"
    assert found["第三条"] == "第三条 本办法自发布之日起施行。"


@pytest.mark.parametrize(("mark", "note"), [("[1]", "[1] {}"), ("①", "①{}"), ("（注1）", "注1：{}")])
def test_a_note_right_below_its_paragraph_is_tied_without_a_rule(mark: str, note: str) -> None:
    text = f"一、落实“五全五安”{mark}职责。\n{note.format(FIVE)}\n二、完成。\n"
    assert texts(read_one(text))["一"] == f"一、落实“五全五安”职责。\n〔注：五全五安〕{FIVE}"


def test_a_digit_behind_a_closing_quote_is_a_mark_where_notes_stand_below_注释() -> None:
    found = texts(
        read_one(
            "一、推广“三网融合”1和“六减”2，共3项。\n\n二、领导。\n\n注释\n1. 三网融合：社会服务网。\n2.六减：减事项。\n"
        )
    )
    assert (
        found["一"]
        == "一、推广“三网融合”和“六减”，共3项。\n〔注〕三网融合：社会服务网。\n〔注〕六减：减事项。"
    )
    assert found["二"] == "二、领导。"


def test_the_same_number_on_another_page_is_tied_to_its_own_mark() -> None:
    text = "一、推广“三网融合”[1]。\n---\n[1] 三网融合：社会服务网。\n二、落实“六减”[1]。\n---\n[1] 六减：减事项。\n三、完成。\n"
    found = texts(read_one(text))
    assert found["一"].endswith("〔注〕三网融合：社会服务网。")
    assert found["二"].endswith("〔注〕六减：减事项。")


def test_a_note_that_was_wrapped_is_joined() -> None:
    text = "一、推广“三网融合”[1]。\n---\n[1] 三网融合：社会服务网、城市管理网和综治维稳网，由区委政法委负\n责建设。\n二、完成。\n"
    found = texts(read_one(text))
    assert found["一"].endswith("由区委政法委负责建设。")
    assert found["二"] == "二、完成。"


def test_a_circled_number_that_begins_a_list_item_is_no_footnote() -> None:
    text = "一、内容如下：\n①制定方案；\n②组织实施。\n二、符合本条①的，按①执行。\n①另行规定。\n"
    assert "〔注" not in read_one(text).text


def test_circled_numbers_within_a_sentence_are_no_marks() -> None:
    text = "一、内容包括①修路②植树③绿化。\n①修路：指修建道路。\n"
    assert "包括①修路②植树③绿化" in read_one(text).text


@pytest.mark.parametrize(
    "sentence",
    [
        "面积200m²，合10⁴亩。",
        "参照京政发[2023]1号。",
        "参照京政办[99]1号。",
        "参照京政发〔12〕1号。",
        "边长10<sup>1</sup>米。",
    ],
)
def test_powers_and_document_numbers_are_no_marks(sentence: str) -> None:
    for note in ("[1] 某某。", "[99] 某某。", "〔12〕某某。", "² 某某。", "⁴ 某某。", "<sup>1</sup> 某某。"):
        assert "〔注" not in read_one(f"一、{sentence}\n---\n{note}\n").text


def test_a_note_to_a_table_row_stands_in_its_record() -> None:
    text = "一、表\n序号\t任务\n1\t修路[1]\n2\t植树\n\n[1] 修路：含桥梁。\n二、完。\n"
    found = texts(read_one(text))
    assert found["一 第1项"] == "任务：修路\n〔注〕修路：含桥梁。"
    assert found["一 第2项"] == "任务：植树"


def test_a_mark_without_a_note_and_a_note_without_a_mark_stay_in_the_text() -> None:
    assert "职责[1]。\n[2] 某某。" in read_one("一、落实职责[1]。\n[2] 某某。\n").text
