"""What a comparison asks of each of its sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa import Assistant
from qa.compare import _pool
from qa.sides import own_clauses
from tests.small_corpus import parse


@pytest.mark.parametrize(
    ("question", "mine", "other", "own"),
    [
        ("出国谁批,平谷报区长,西城报到哪级?", "西城", "平谷", "出国谁批,,西城报到哪级?"),
        ("出国谁批,平谷报区长,西城报到哪级?", "平谷", "西城", "出国谁批,平谷报区长,,"),
        ("平谷和西城的会议纪要由谁签发?", "平谷", "西城", "平谷和西城的会议纪要由谁签发?"),
        (
            "平谷的纪要由谁签发?西城呢?",
            "西城",
            "平谷",
            "平谷的纪要由谁签发?西城呢?",
        ),  # nothing else is said of it
    ],
)
def test_a_side_is_asked_without_what_is_said_of_the_other(
    question: str, mine: str, other: str, own: str
) -> None:
    assert own_clauses(question, mine, [other]) == own


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("停车办法里，取消的职权和下放的职权各有几项？", ["取消", "下放"]),
        ("下放给乡镇的执法权和取消的执法权各有几项？", ["下放给乡镇", "取消"]),
    ],
)
def test_cases_are_called_by_what_tells_them_apart(real: Assistant, question: str, names: list[str]) -> None:
    assert [side.name for side in real._extract.comparer.sides.of(parse(real, question))] == names


@pytest.mark.slow
def test_sides_of_which_nothing_fits_are_still_compared(small: Assistant) -> None:
    query = parse(small, "甲山区和乙川区的常务会议多久召开一次？")
    comparer = small._extract.comparer
    told = []
    for side in comparer.sides.of(query):
        found = [replace(one, score=one.score - 20) for one in comparer._found(side)]
        assert _pool(side.query, found)[0] is found[0]
        told.append((side, found))
    assert len(comparer._chosen(told)) == 2
