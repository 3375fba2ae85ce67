"""Footnotes leave the sentences that they interrupt and stand behind the paragraph that holds their mark."""

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
