"""How a question is understood: intent, labels, years, days, places, language and topic."""

from __future__ import annotations

from datetime import date

import pytest

from qa.assistant import Assistant
from qa.query import Label
from tests.small_corpus import NEW_RULES, OLD_RULES, TODAY, YICHUAN_RULES, parse

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("第四十一条", Label("article", 41)),
        ("第41条", Label("article", 41)),
        ("第 四十一 条", Label("article", 41)),
        ("第四十一条（三）", Label("article", 41, 3)),
        ("第四十一条(三)项", Label("article", 41, 3)),
        ("第四十一条第三项", Label("article", 41, 3)),
        ("第四十一条第（三）项", Label("article", 41, 3)),
        ("第4条第3款", Label("article", 4, 3)),
        ("四十六、（五）", Label("article", 46, 5)),
        ("五、（二）4", Label("article", 5, 2, 4)),
        ("第19项", Label("item", 19)),
        ("第十九项", Label("item", 19)),
        ("第三章", Label("chapter", 3)),
        ("41条", Label("article", 41)),
        ("第四十一条第一款第（三）项", Label("article", 41, 3)),
    ],
)
def test_a_label_is_read_in_any_spelling(small: Assistant, text: str, label: Label) -> None:
    assert parse(small, f"{NEW_RULES}{text}").labels == (label,)


def test_a_question_without_a_number_asks_for_no_label(small: Assistant) -> None:
    assert parse(small, "常务会议多久召开一次？").labels == ()


@pytest.mark.parametrize(
    ("label", "names"),
    [
        (Label("article", 41), ["第四十一条", "四十一"]),
        (Label("article", 46, 5), ["第四十六条（五）", "四十六、（五）"]),
        (Label("article", 5, 2, 4), ["五、（二）4"]),
        (Label("item", 19), ["第19项"]),
        (Label("chapter", 12), ["第十二章"]),
    ],
)
def test_a_label_is_looked_up_as_citations_write_it(label: Label, names: list[str]) -> None:
    assert label.names() == names


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("你好！", "smalltalk"),
        ("谢谢你", "smalltalk"),
        ("明天会下雨吗？", "smalltalk"),
        ("给我写首诗", "smalltalk"),
        ("下雨天气垃圾怎么办？", "procedure"),
        ("按现行规则能不能请假？", "yes_no"),
        ("两个区的规定有什么区别？", "comparison"),
        ("甲政发〔2018〕7号还有效吗？", "validity"),
        ("2018年的旧版还管用吗？", "validity"),
        ("电子版公文和纸质的比，管用吗？", "yes_no"),
        ("办事用哪个公众号？", "fact"),
        ("宣布文件失效由哪次会议决定？", "fact"),
        ("失效目录第14项指的是哪个办法？", "definition"),
        ("“四个安心”是什么意思？", "definition"),
        ("工作规则是什么时候印发的？", "issue"),
        ("常务会议的主要任务有哪些？", "list"),
        ("加装电梯由谁负责？", "who"),
        ("体育公园何时完工？", "date"),
        ("加装多少部电梯？", "number"),
        ("垃圾怎么处理？", "procedure"),
        ("为什么要分类投放？", "reason"),
        ("是否必须分类投放？", "yes_no"),
        ("厨余垃圾清运", "fact"),
        ("常务会议 主要任务", "list"),
        ("加装电梯 主责单位", "who"),
        ("How often does the executive meeting take place?", "number"),
    ],
)
def test_the_intent_is_read_from_the_question_word(small: Assistant, question: str, intent: str) -> None:
    assert parse(small, question).intent == intent


def test_markup_pasted_with_a_question_is_no_part_of_it(small: Assistant) -> None:
    asked = parse(small, "<p>甲山区<b>常务会议</b>多久召开一次？</p><script>alert(1)</script>")
    plain = parse(small, "甲山区 常务会议 多久召开一次？")
    assert (asked.topic, asked.intent, asked.is_english) == (plain.topic, plain.intent, False)
    assert "试行" in parse(small, "<甲山区停车办法（试行）>第三条").text


def test_traditional_characters_and_full_width_letters_are_made_regular(small: Assistant) -> None:
    query = parse(small, "甲山區政府常務會議，２０２３年多久召開一次？")
    assert query.text.startswith("甲山区政府常务会议")
    assert query.years == (2023,)
    assert [place for place, _ in query.places] == ["甲山"]


def test_the_question_is_kept_as_it_was_asked(small: Assistant) -> None:
    assert parse(small, "甲山區政府？").question == "甲山區政府？"


def test_a_number_limits_the_question_to_its_document(small: Assistant) -> None:
    assert parse(small, "甲政发〔2018〕7号第二条").documents == (OLD_RULES,)


@pytest.mark.parametrize(
    "spelling",
    ["甲政发[2018]7号", "甲政发2018年7号", "甲政发（2018）7号", "甲政发二〇一八年七号", "甲政发〔2O18〕７号", "甲政发 2018 年 第 7 号",
     "甲政发【2018】7", "为什么要废止甲政发〔2018〕7号"],
)  # fmt: skip
def test_a_number_is_read_in_any_spelling(small: Assistant, spelling: str) -> None:
    query = parse(small, spelling)
    assert [number.doc_no for number in query.numbers] == ["甲政发〔2018〕7号"]
    assert query.documents == (OLD_RULES,)


def test_one_wrong_character_of_a_title_does_no_harm(small: Assistant) -> None:
    assert NEW_RULES in parse(small, "甲山区人名政府工作规则第四条").titles


def test_last_year_is_the_end_of_that_year(small: Assistant) -> None:
    assert parse(small, "去年常务会议多久一次？").as_of == date(TODAY.year - 1, 12, 31)
    assert parse(small, "前年常务会议多久一次？").as_of == date(TODAY.year - 2, 12, 31)


def test_a_place_limits_the_question_to_its_documents(small: Assistant) -> None:
    assert parse(small, "乙川区政府常务会议多久召开一次？").documents == (YICHUAN_RULES,)


def test_a_kind_and_a_year_limit_the_question_to_that_edition(small: Assistant) -> None:
    assert parse(small, "甲山区2018年的规则里，常务会议多久召开一次？").documents == (OLD_RULES,)


def test_without_number_place_or_edition_all_documents_are_asked(small: Assistant) -> None:
    assert parse(small, "常务会议多久召开一次？").documents is None


def test_the_day_asked_about_is_today_unless_the_question_or_the_caller_names_one(small: Assistant) -> None:
    assert parse(small, "常务会议多久一次？").as_of == TODAY
    assert parse(small, "在2020年3月5日的时候，常务会议多久一次？").as_of == date(2020, 3, 5)
    assert parse(small, "截至2020年底，常务会议多久一次？").as_of == date(2020, 12, 31)
    told = parse(small, "截至2020年底，常务会议多久一次？", as_of=date(2019, 1, 1))
    assert told.as_of == date(2019, 1, 1)


def test_a_day_that_no_calendar_has_is_not_taken(small: Assistant) -> None:
    assert parse(small, "在2020年2月31日的时候，常务会议多久一次？").as_of == TODAY


def test_the_year_of_the_day_asked_about_is_no_edition(small: Assistant) -> None:
    assert parse(small, "在2020年的时候，常务会议多久一次？").years == ()


def test_our_district_is_the_home_issuers(small: Assistant) -> None:
    at_home = parse(small, "咱们区常务会议多久召开一次？", home_issuer="乙川区人民政府")
    assert at_home.documents == (YICHUAN_RULES,)
    assert parse(small, "咱们区常务会议多久召开一次？").documents is None


def test_the_topic_leaves_out_place_year_label_and_question_words(small: Assistant) -> None:
    topic = parse(small, "请问甲山区2023年规则第四条规定常务会议多久召开一次？").topic
    assert "常务会议" in topic
    assert not any(word in topic for word in ("甲山", "2023", "第四条", "多久", "请问"))


def test_an_english_question_is_read_without_the_place_and_year_it_is_limited_to(small: Assistant) -> None:
    query = parse(small, "Under the 2023 rules of Yichuan district, who signs Yichuan's minutes?")
    assert query.places and query.asked_text == "under the rules of , who signs minutes?"
    assert parse(small, "乙川区2023年的规则由谁签发？").asked_text == "乙川区2023年的规则由谁签发?"


def test_an_english_question_is_searched_whole(small: Assistant) -> None:
    query = parse(small, "How often does the executive meeting take place?")
    assert query.is_english and query.is_foreign
    assert query.search_text == "how often does the executive meeting take place?"
    assert not parse(small, "GDP 增长多少？").is_english


def test_words_in_quotation_marks_are_the_quoted_term(small: Assistant) -> None:
    assert parse(small, "“四个安心”是什么意思？").quoted == "四个安心"
    assert parse(small, "四个安心是什么意思？").quoted == ""


def test_the_focus_is_what_stands_next_to_the_question_word(small: Assistant) -> None:
    assert "清运" in parse(small, "规范收运之后厨余垃圾由谁清运？").focus


@pytest.mark.parametrize(
    ("question", "wants_old"),
    [("旧版规则怎么说？", True), ("以前多久一次？", True), ("现在多久一次？", False)],
)
def test_a_question_may_ask_for_the_old_version(small: Assistant, question: str, wants_old: bool) -> None:
    assert parse(small, question).wants_old is wants_old


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("What must parents who rent a flat submit?", "fact"),
        ("Can villagers who sold their house build another one?", "yes_no"),
        ("What price applies when the office buys by tender?", "fact"),
        ("Which body is responsible for the list of projects?", "who"),
        ("Please tell me who signs the minutes.", "who"),
        ("Can you tell me who signs the minutes?", "who"),
        ("Under the rules of 2019, who signs the minutes?", "who"),
        ("Which documents are kept, and when are they destroyed?", "list"),
        ("By when must the report be handed in?", "date"),
        ("What share of the costs is paid?", "number"),
        ("How quickly must a complaint be answered?", "number"),
    ],
)
def test_who_and_when_ask_only_where_an_english_question_asks_with_them(
    small: Assistant, question: str, intent: str
) -> None:
    assert parse(small, question).intent == intent
