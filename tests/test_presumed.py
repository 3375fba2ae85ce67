"""What a question takes for granted in words: a seat, a post, on the real corpus."""

from __future__ import annotations

import pytest

from qa import Assistant


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "平谷区国家卫生区复审工作领导小组办公室设在区城市管理委，复审结束后这个办公室怎么处理？",
            "区卫生健康委",
        ),
        ("李斌2021年5月当上金海湖管委会主任，是哪次会上定下来的？", "常务副主任"),
        ("2023年平程路装路灯是区交通局主责吧，他们答应哪个月装完？", "区城市管理委"),
    ],
)
def test_what_the_text_tells_otherwise_is_put_right(real: Assistant, question: str, told: str) -> None:
    answer = real.ask(question)
    assert answer.status == "wrong_premise"
    assert told in answer.text and answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "平谷区国家卫生区复审工作领导小组办公室设在区卫生健康委，复审结束后这个办公室怎么处理？",
        "平谷村里盖平顶房，一层的和两层的最高各能盖多高？",
    ],
)
def test_what_the_text_bears_out_is_answered(real: Assistant, question: str) -> None:
    assert real.ask(question).status == "answered"
