"""What is told beside the best sentence: the day that opens a list, a term that is quoted; and who acts in a sentence."""

from __future__ import annotations

import pytest

from index.build import update_index
from qa.assistant import Assistant
from qa.names import acting_posts
from tests.small_corpus import config_of

APPOINTED = """己政发〔2022〕3号
己江区人民政府关于赵青等同志任免职的通知
各街道办事处：
经2022年6月8日己江区人民政府第11次常务会议研究决定，任命：
赵青同志任己江区财政局局长；
钱白同志任己江区水务局副局长。
免去：
孙黄同志的己江区司法局副局长职务。
己江区人民政府
2022年6月10日
"""
RULES = """己政发〔2022〕5号
己江区人民政府工作规则
第一条 区长离京外出要向市政府请假，并由办公室登记。
第二条 副区长离京外出要向区长请假，回来后报告有关情况。
第三条 各单位要深入开展“两清”行动，每年组织检查。
〔注〕两清：清理河道、清理路障。
第四条 本规则自2022年7月1日起施行。
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("office")
    (folder / "corpus").mkdir()
    for number, text in enumerate((APPOINTED, RULES)):
        (folder / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")
    config = config_of(folder)
    update_index(config, report=lambda line: None)
    return Assistant.from_config(config)


@pytest.mark.parametrize(
    ("name", "post", "opens"),
    [("钱白", "任水务局副局长", []), ("孙黄", "的司法局副局长职务", ["免去："])],
)
def test_the_day_that_opens_a_list_is_told_with_its_line(
    office: Assistant, name: str, post: str, opens: list[str]
) -> None:
    answer = office.ask(f"{name}{post}是哪天的常务会议决定的？")
    first, *between = answer.text.split("\n")
    assert first.startswith("经2022年6月8日己江区人民政府第11次常务会议研究决定，任命：")
    assert [line[:3] for line in between[:-1]] == opens and between[-1].startswith(name)
    assert all(citation.quote for citation in answer.citations)


def test_a_line_of_a_list_is_told_alone_where_no_day_is_asked_for(office: Assistant) -> None:
    assert office.ask("钱白同志任什么职务？").text.startswith("钱白同志任己江区水务局副局长")


def test_a_term_that_is_quoted_is_told_with_what_it_means(office: Assistant) -> None:
    answer = office.ask("各单位要开展的“两清”行动每年检查吗？")
    assert "清理河道、清理路障" in answer.text and len(answer.citations) == 2
    assert "清理路障" not in office.ask("各单位要深入开展什么行动，每年组织检查？").text


@pytest.mark.parametrize(("who", "article"), [("区长", "第一条"), ("副区长", "第二条")])
def test_a_deputy_is_not_whom_he_stands_in_for(office: Assistant, who: str, article: str) -> None:
    assert office.ask(f"{who}要离京外出，跟谁请假？").citations[0].label == article


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("副区长离京外出要向区长请假", {"副区长"}),
        ("区长离京出访、出差，应按规定请假，并委托其他副区长主持工作", {"区长", "副区长"}),
        ("由区长签发；区长办公会研究", set()),
        ("各乡镇长、街道办事处主任离京外出要向区长请假", {"镇长", "主任"}),
        ("由区长、副区长组成，主任必须参加", {"主任"}),
        ("", set()),
    ],
)
def test_a_post_acts_or_is_only_named(text: str, posts: set[str]) -> None:
    assert acting_posts(text) == posts
