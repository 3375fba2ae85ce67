"""Assistant.explain() over the small corpus, and the panel made of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from qa.assistant import Assistant
from qa.explain import Explanation, explanation_as_text, explanation_to_json
from tests.fakes import HOSTILE, explanation
from tests.small_corpus import TODAY
from web.chat.explanation import explanation_html
from web.texts import EN, ZH

HOW_OFTEN = "甲山区政府常务会议多久召开一次？"
OF_EACH_STEP = {
    "你好": "small_talk",
    "甲政发〔2023〕2号第四条": "direct",
    "甲山和乙川的区政府常务会议召开频次有什么不同？": "compared",
    "甲山区政府工作规则什么时候印发的？": "issue",
    "甲山区公文处理办法还有效吗？": "whether_it_holds",
    "红烧肉怎么做？": "refusal",
    "区政府常务会议多久召开一次？": "unclear",
    HOW_OFTEN: "from_evidence",
}


def why(assistant: Assistant, question: str, *, history: tuple[tuple[str, str], ...] = ()) -> Explanation:
    answer = assistant.ask(question, history=history, as_of=TODAY)
    return assistant.explain(answer, history=history, as_of=TODAY)


@pytest.mark.slow
@pytest.mark.parametrize(("question", "step"), OF_EACH_STEP.items())
def test_the_step_that_settled_the_question_is_named(small: Assistant, question: str, step: str) -> None:
    told = why(small, question)
    assert told.step == step
    assert bool(told.sentences) == (step not in ("small_talk", "direct", "compared"))


@pytest.mark.slow
def test_every_name_in_an_explanation_has_words_in_both_languages(small: Assistant) -> None:
    for told in (why(small, question) for question in OF_EACH_STEP):
        measures = {name for item in (*told.hits, *told.sentences) for name in item.parts}
        measures |= {sign.name for sign in told.judgement.signs} if told.judgement else set()
        for words in (ZH.explanation, EN.explanation):
            assert measures <= set(words.measures)
            assert told.query.keys() <= words.query.keys()
            assert told.query["intent"] in words.intents and told.step in words.steps


@pytest.mark.slow
def test_the_sentence_quoted_is_chosen_and_what_puts_it_ahead_is_said(small: Assistant) -> None:
    told = why(small, HOW_OFTEN)
    chosen = [sentence for sentence in told.sentences if sentence.chosen]
    assert [(item.label, item.text) for item in chosen] == [
        ("第四条", "第四条 区政府常务会议一般每周召开1次，必要时随时召开。")
    ]
    other = next(sentence for sentence in told.sentences if not sentence.chosen)
    assert told.lead == pytest.approx(
        {name: chosen[0].parts[name] - other.parts[name] for name in told.lead}, abs=1e-4
    )
    assert all(value > 0 for value in told.lead.values())
    assert [item.score for item in told.hits] == sorted((item.score for item in told.hits), reverse=True)


@pytest.mark.slow
def test_a_refusal_tells_its_probability_its_limit_and_what_is_lacking(small: Assistant) -> None:
    told = why(small, "红烧肉怎么做？").judgement
    assert told is not None and not told.supported and told.probability < told.limit
    assert [abs(sign.effect) for sign in told.signs] == sorted(
        (abs(sign.effect) for sign in told.signs), reverse=True
    )
    abroad = why(small, "海淀区政府常务会议多久召开一次？").judgement
    assert abroad is not None and not abroad.supported and abroad.lacking == "海淀区"


@pytest.mark.slow
def test_a_follow_up_says_what_it_was_read_as(small: Assistant) -> None:
    told = why(small, "乙川区呢？", history=((HOW_OFTEN, "每周召开1次"),))
    assert told.question == "乙川区呢？"
    assert told.resolved == "乙川区政府常务会议多久召开一次?"
    assert told.query["places"] == ["乙川"]
    assert f"resolved: {told.resolved}" in explanation_as_text(told).splitlines()


@pytest.mark.slow
def test_mobile_numbers_are_masked_in_what_was_weighed(small: Assistant) -> None:
    answer = small.ask("甲山区值班电话是多少？", as_of=TODAY)
    told = json.dumps(explanation_to_json(small.explain(answer, as_of=TODAY)), ensure_ascii=False)
    assert "****" in told
    assert not any(number in told for number in mobile_numbers(small))


def mobile_numbers(assistant: Assistant) -> list[str]:
    found = [number for d in assistant.documents for number in re.findall(r"1[3-9]\d{9}", d.text)]
    assert found
    return found


@pytest.mark.parametrize("texts", [ZH, EN])
def test_the_panel_escapes_what_it_shows_and_keeps_names_it_does_not_know(texts) -> None:
    html = explanation_html(explanation(HOSTILE), texts)
    assert "<script" not in html and "<img" not in html
    assert "未知的一项 1.25" in html and "88%" in html and "25%" in html
    assert texts.explanation.measures["spread"] + " -1.12" in html


def test_likely_text_of_the_wrong_kind_is_told_from_unlikely_text() -> None:
    told = explanation("问")
    assert told.judgement is not None
    unfit = replace(told, judgement=replace(told.judgement, supported=False))
    unlikely = replace(told, judgement=replace(told.judgement, supported=False, probability=0.1))
    assert ZH.explanation.unfit in explanation_html(unfit, ZH)
    assert ZH.explanation.unfit not in explanation_html(unlikely, ZH)
    assert ZH.explanation.unfit not in explanation_html(told, ZH)


def test_words_are_there_in_both_languages() -> None:
    for name in ("query", "intents", "steps", "measures"):
        assert getattr(ZH.explanation, name).keys() == getattr(EN.explanation, name).keys()


def test_an_explanation_of_an_answer_without_evidence_is_short() -> None:
    told = explanation("你好", sentences=(), lead={}, judgement=None, hits=())
    assert explanation_html(told, ZH).count("<h4>") == 2
