"""Quantities of provisions: what they are worth, which is more."""

from __future__ import annotations

import pytest

from qa.quantities import Quantity, order_words, quantity_of


@pytest.mark.parametrize(
    ("text", "kind", "worth"),
    [
        ("应于会议召开前5个工作日内送办公室审核。", "工作日", 5),
        ("全年蹲点调研时间累积不少于两周。", "时间", 14),
        ("在24小时内发布信息。", "时间", 1),
        ("一次性奖励50万元。", "元", 500_000),
        ("利用率达到92%。", "%", 92),
        ("一般每两周召开1次。", "次", 1 / 14),
        ("一般每月召开2次。", "次", 2 / 30),
        ("补贴每季度发放一次。", "次", 1 / 91),
    ],
)
def test_the_one_quantity_of_a_text_has_its_worth(text: str, kind: str, worth: float) -> None:
    found = quantity_of(text)
    assert found is not None
    assert (found.kind, round(found.worth, 6)) == (kind, round(worth, 6))


@pytest.mark.parametrize(
    "text", ["处1万元以上3万元以下罚款。", "由区长签发。", "一般每月召开2至3次。", "（京平政发〔2023〕2号）"]
)
def test_a_text_with_several_quantities_or_none_has_no_one_quantity(text: str) -> None:
    assert quantity_of(text) is None


def quantities(*texts: str) -> list[Quantity | None]:
    return [quantity_of(text) for text in texts]


@pytest.mark.parametrize(
    ("texts", "question", "told"),
    [
        (("不少于两周", "不少于1周"), "谁要求的时间长？", "甲更长：甲为两周，乙为1周。"),
        (("15日内审核", "20日内审核"), "哪个快？", "甲更短：甲为15日，乙为20日。"),
        (("每两周召开1次", "每周召开1次"), "哪个开得勤？", "乙更多：乙为每周召开1次，甲为每两周召开1次。"),
        (("提前7个工作日", "提前7个工作日"), "一样吗？", "一致：均为7个工作日。"),
        (("提前7天", "提前1周"), "一样吗？", "一致：均为7天。"),
        (("提前7个工作日", "提前1周"), "谁更长？", None),  # working days are no days
        (("奖励5万元", "由区长签发"), "谁更多？", None),
    ],
)
def test_quantities_of_one_kind_are_put_in_order(
    texts: tuple[str, str], question: str, told: str | None
) -> None:
    assert order_words(["甲", "乙"], quantities(*texts), question) == told
