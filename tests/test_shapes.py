"""What an answer must look like: an amount, a share, a telephone number, a span of time."""

from __future__ import annotations

import pytest

from qa.shapes import INTENT_SHAPES, SPAN_SHAPE, unit_shape


@pytest.mark.parametrize(
    ("question", "answer", "no_answer", "strict"),
    [
        ("违规投放罚款多少？", "处5000元罚款。", "责令改正3次。", True),
        ("租金补贴标准是多少钱？", "每月补贴800元。", "补贴3个月。", True),
        ("达标率是多少？", "达标率不低于90%。", "共有90个小区。", True),
        ("值班电话是多少？", "电话69961234。", "设置2部电话。", True),
        ("区水务局局长叫什么名字？", "陈立同志任区水务局局长；", "区水务局负责清运。", True),
        ("常务会议几次？", "每周召开1次。", "由区长主持。", False),
        ("例会在星期几？", "原则于周三下午召开。", "一般每周召开1次。", True),
        ("禁行的法律依据是什么？", "根据《道路交通安全法》，决定如下。", "货车禁止通行。", True),
        ("是依据哪些文件清理的？", "根据市政府的决定，进行清理。", "对22件文件宣布失效。", True),
        ("两层的能盖多高？", "高度不得超过7.2米。", "层数在两层以下。", False),
        ("提前几个工作日报送？", "提前3个工作日报送。", "报送区政府办公室。", False),
        ("多久完成？", "6个月内完成。", "由区教委完成。", False),
        ("什么时候完成？", "2023年10月。", "由区教委完成。", False),
        ("新建几处公园？", "新建体育公园3处。", "新建体育公园。", False),
    ],
)
def test_an_answer_holds_the_unit_asked_for(question: str, answer: str, no_answer: str, strict: bool) -> None:
    found = unit_shape(question)
    assert found is not None
    shape, is_strict = found
    assert shape.search(answer) and not shape.search(no_answer)
    assert is_strict is strict


@pytest.mark.parametrize("question", ["由谁签发？", "主要任务有哪些？", "效率如何提高？", "what is it?"])
def test_other_questions_ask_for_no_unit(question: str) -> None:
    assert unit_shape(question) is None


@pytest.mark.parametrize("span", ["3个工作日", "两周", "每季度", "随时", "当日", "年底前", "自发布之日起"])
def test_a_span_of_time_is_known_by_its_words(span: str) -> None:
    assert SPAN_SHAPE.search(span)


def test_a_plain_sentence_holds_no_span_of_time() -> None:
    assert not SPAN_SHAPE.search("由区长召集和主持。")


@pytest.mark.parametrize(
    ("intent", "fitting", "other"),
    [
        ("who", "由区教委牵头。", "每周1次。"),
        ("definition", "本办法所称单位是指企业。", "新建公园3处。"),
        ("reason", "为规范工作，制定本规则。", "新建公园3处。"),
        ("yes_no", "不得随意倾倒。", "新建公园3处。"),
        ("list", "主要任务是：", "新建公园3处。"),
    ],
)
def test_each_intent_has_its_own_kind_of_answer(intent: str, fitting: str, other: str) -> None:
    assert INTENT_SHAPES[intent].search(fitting)
    assert not INTENT_SHAPES[intent].search(other)


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("what share of the costs is paid?", "补贴费用的30%", "补贴费用"),
        ("how far in advance must it be reported?", "提前一周报送", "提前报送"),
        ("how quickly must it be answered?", "在30分钟内处置", "及时处置"),
        ("how big must an office be?", "不少于200平方米", "有办公场所"),
    ],
)
def test_an_english_question_asks_for_a_unit(question: str, answer: str, other: str) -> None:
    found = unit_shape(question)
    assert found is not None and found[0].search(answer) and not found[0].search(other)
