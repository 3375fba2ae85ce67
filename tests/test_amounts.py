"""What a text states in figures: amounts in any unit, how often, weekdays, dates; and which of them agree."""

from __future__ import annotations

import pytest

from qa.amounts import Amount, amounts_of, readable


def only(text: str) -> Amount:
    (amount,) = amounts_of(readable(text))
    return amount


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("每两周召开1次", "每2周1次"),
        ("每年四次", "一季度开一次"),
        ("每周召开1次", "每个礼拜都开"),
        ("每周召开1次", "once a week"),
        ("每年召开1次", "yearly"),
        ("0.4亩", "四分地"),
        ("15日内", "15天"),
        ("一年半以内的36个月", "36个月"),
        ("二百万元", "200万元"),
        ("1000米", "1公里"),
        ("周五中午", "星期五"),
        ("每周一中午", "monday"),
        ("2020年3月1日", "1 march 2020"),
        ("3月1日", "2020年3月1日"),
        ("百分之七十五", "75%"),
    ],
)
def test_one_amount_in_two_spellings_agrees(one: str, other: str) -> None:
    first, second = amounts_of(readable(one))[-1], amounts_of(readable(other))[-1]
    assert first.kind == second.kind
    assert first.agrees(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("每周召开1次", "每两周召开1次"),
        ("周五", "周一"),
        ("0.4亩", "0.26亩"),
        ("5日", "7天"),
        ("3月1日", "3月2日"),
    ],
)
def test_other_amounts_do_not_agree(one: str, other: str) -> None:
    assert not only(one).agrees(only(other))


def test_a_rate_is_no_amount_of_times_and_a_weekday_no_rate() -> None:
    assert only("常务会议每月召开2次").kind == "rate"
    assert only("原则于每周一中午召开").kind == "weekday"


def test_titles_labels_numbers_of_documents_and_years_state_nothing() -> None:
    assert amounts_of(readable("《3项制度》第四十一条，京平政发〔2023〕2号，2021年的方案")) == []


def test_a_bare_number_of_a_row_has_the_unit_of_its_head() -> None:
    row = readable("指标：森林覆盖率（%）；目标：67")
    assert amounts_of(row) == []
    assert [amount.value for amount in amounts_of(row, unit="%")] == [0.67]
