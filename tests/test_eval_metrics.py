"""Figures worked out by hand."""

import math

import pytest

from eval.labels import label_parts, labels_match
from eval.metrics import (
    answer_length,
    citation_precision,
    citation_recall,
    fact_found,
    facts_found,
    first_citation_right,
    is_refusal,
    mean,
    missing_facts,
    ndcg_at_k,
    percentile,
    rank_of,
    recall_at_k,
    reciprocal_rank,
)
from eval.questions import Place

A1, A2, A3 = (Place("甲", label) for label in ("第一条", "第二条", "第三条"))
B1 = Place("乙", "第一条")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第四十一条", "第41条"),
        ("第四十一条（三）", "第四十一条 (三)"),
        ("第19项", "19"),
        ("第19项", "十九"),
        ("四十六、（五）", "四十六（五）"),
        ("附件1 第7项", "附件1第7项"),
        ("附件１ 二、（一）", "附件1二（一）"),
        ("第三章第二节 一", "第三章 第二节 一"),
        ("附件 第11件", "附件 第11项"),
        ("序 言", "序言"),
        ("“两街一镇”台账 第18项", "两街一镇台账 第18项"),
        ("二、（一）1②", "二（一）1②"),
        ("", " "),
    ],
)
def test_spelling_does_not_tell_labels_apart(one: str, other: str) -> None:
    assert labels_match(one, other, lenient=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第四十一条", "第四十一条（三）"),
        ("五、（二）", "五、（二）4"),
        ("第三章", "第三章第二节 一"),
        ("附件2", "附件2 第9项"),
        ("2021年行动计划", "2021年行动计划 第35项"),
    ],
)
def test_an_item_matches_its_article_only_when_lenient(one: str, other: str) -> None:
    assert labels_match(one, other) and labels_match(other, one)
    assert not labels_match(one, other, lenient=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第四条", "第四十条"),
        ("第四十条", "第四十一条"),
        ("附件1", "附件11"),
        ("附件1 第7项", "附件17"),
        ("四十六、（一）", "四十七、（一）"),
        ("第五条1", "第五条（1）"),
        ("二、（一）1", "二、（一）①"),
        ("第十条", "第十条之一"),
        ("第三章", "第三节"),
        ("大气2021年行动计划 第35项", "水2021年行动计划 第35项"),
        ("", "第一条"),
    ],
)
def test_different_provisions_do_not_match_even_when_lenient(one: str, other: str) -> None:
    assert not labels_match(one, other) and not labels_match(other, one)


def test_a_year_inside_a_title_is_no_number_of_the_label() -> None:
    assert label_parts("大气污染防治2021年行动计划 第35项") == (("大气污染防治2021年行动计划", 0), ("", 35))


def test_recall_is_the_share_of_required_citations_met_in_the_first_k() -> None:
    required = ((A1,), (A3, B1), (Place("丙", ""),))
    ranked = [A2, B1, A1]
    assert [recall_at_k(ranked, required, k) for k in (1, 2, 3)] == [0, 1 / 3, 2 / 3]


def test_reciprocal_rank_is_that_of_the_best_required_citation() -> None:
    assert reciprocal_rank([A2, B1, A1], ((A1,), (B1,))) == 1 / 2
    assert reciprocal_rank([A2], ((A1,),)) == 0
    assert reciprocal_rank([], ((A1,),)) == 0


def test_rank_needs_the_same_document() -> None:
    assert rank_of([B1, A1], (A1,)) == 2
    assert rank_of([B1], (A1,)) is None


def test_ndcg_discounts_by_rank_and_divides_by_the_best_order() -> None:
    required = ((A1,), (A2,))
    best = 1 + 1 / math.log2(3)
    assert ndcg_at_k([A1, A2], required, 10) == 1
    assert ndcg_at_k([A1, B1, A2], required, 10) == pytest.approx((1 + 1 / 2) / best)
    assert ndcg_at_k([A1, B1, A2], required, 2) == pytest.approx(1 / best)
    assert ndcg_at_k([B1], required, 10) == 0


def test_one_place_that_meets_two_citations_gains_no_more_than_the_best() -> None:
    article = Place("甲", "第一条")
    assert ndcg_at_k([article], ((Place("甲", "第一条（一）"),), (Place("甲", "第一条（二）"),)), 10) == 1


def test_precision_counts_citations_and_recall_counts_required_ones() -> None:
    required = ((A1, A2), (B1,))
    assert citation_precision([A1, A2, A3], required) == 2 / 3
    assert citation_recall([A1, A2, A3], required) == 1 / 2
    assert citation_precision([], required) is None
    assert citation_recall([], required) == 0
    assert citation_recall([A1], ()) is None


def test_strict_figures_ask_for_the_same_label() -> None:
    item = Place("甲", "第一条（二）")
    assert citation_precision([item], ((A1,),)) == 1
    assert citation_precision([item], ((A1,),), lenient=False) == 0
    assert citation_recall([item], ((A1,),), lenient=False) == 0
    assert first_citation_right([item], ((A1,),), lenient=False) is False


def test_the_first_citation_alone_decides() -> None:
    assert first_citation_right([A1, A3], ((A1,),)) is True
    assert first_citation_right([A3, A1], ((A1,),)) is False
    assert first_citation_right([], ((A1,),)) is False
    assert first_citation_right([A1], ()) is None


@pytest.mark.parametrize(
    ("text", "fact", "found"),
    [
        ("会议每周召开 1 次。〔1〕", "每周召开1次", True),
        ("应于５个\n工作日内", "5个工作日", True),
        ("不少于1〔2〕周", "1周", True),
        ("京平政发〔2023〕2号", "京平政发〔2023〕2号", True),
        ("每周召开一次", "每周召开1次", False),
        ("自公布之日起15日内", "5日", False),
        ("投入2.5万元", "5万元", False),
        ("提前十三天", "三天", False),
        ("8:00至12:00 13:00至20:00", "8:00至12:00", True),
        ("提前三天", "三天", True),
        ("自2021年", "202", False),
    ],
)
def test_a_fact_is_found_as_written_and_whole(text: str, fact: str, found: bool) -> None:
    assert fact_found(text, [fact]) is found


def test_facts_are_counted_and_missing_ones_named() -> None:
    text = "由区长签发，提前3天报送。"
    facts = (("区长签发",), ("三天", "3天"), ("2000万元", "二千万元"))
    assert facts_found(text, facts) == 2 / 3
    assert missing_facts(text, facts) == ["2000万元"]
    assert facts_found(text, ()) is None


def test_length_leaves_markers_out_and_document_numbers_in() -> None:
    assert answer_length("每周一次。〔1〕〔12〕\n") == 5
    assert answer_length("〔2023〕2号") == 8


def test_asking_back_without_an_answer_is_a_refusal() -> None:
    assert is_refusal("unclear", []) and not is_refusal("unclear", [A1])
    assert is_refusal("not_found", []) and is_refusal("wrong_premise", [A1])
    assert not is_refusal("answered", [])


def test_percentiles_are_values_that_were_measured() -> None:
    values = [30.0, 10.0, 20.0, 40.0]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile([], 0.5)) == (20.0, 40.0, None)
    assert (mean([1, 2]), mean([])) == (1.5, None)
