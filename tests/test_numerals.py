"""Chinese and Arabic numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numerals import parse_numeral, to_chinese


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1), ("十", 10), ("十一", 11), ("二十", 20), ("四十一", 41), ("廿一", 21), ("一百零五", 105),
        ("一百一十", 110), ("两百", 200), ("一千零一", 1001), ("一千二百六十", 1260), ("二〇三五", 2035),
        ("二○三五", 2035), ("〇", 0), ("11", 11), ("１１", 11), ("1 1", 11), ("九千九百九十九", 9999),
    ],
)  # fmt: skip
def test_numerals_have_their_value(text: str, value: int) -> None:
    assert parse_numeral(text) == value


@pytest.mark.parametrize("text", ["", "甲", "十甲", "1十", "一a", "第一"])
def test_what_is_no_numeral_has_no_value(text: str) -> None:
    assert parse_numeral(text) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "一"),
        (10, "十"),
        (19, "十九"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
    ],
)
def test_numbers_are_written_as_articles_are_counted(value: int, text: str) -> None:
    assert to_chinese(value) == text


@pytest.mark.parametrize("value", [0, -1, 10_000])
def test_numbers_outside_1_to_9999_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        to_chinese(value)


@given(st.integers(1, 9999))
def test_writing_and_reading_give_the_number_back(value: int) -> None:
    assert parse_numeral(to_chinese(value)) == value


@given(st.text(max_size=8))
def test_any_text_is_a_number_or_none(text: str) -> None:
    value = parse_numeral(text)
    assert value is None or value >= 0
