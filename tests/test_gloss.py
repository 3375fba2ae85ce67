"""Words of an English question as words of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from qa.assistant import Assistant
from qa.gloss import Glosser, content_words
from tests.small_corpus import parse

AXES = {"mayor": 0, "meeting": 1, "区长": 0, "市长": 0, "会议": 1, "水": 1, "第一百二十三条规定": 1}


class OneAxisAWord:
    """Each known word is an axis, a text the sum of its words; unknown words are nothing."""

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        out = np.zeros((len(texts), 3), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                if word in AXES:
                    out[row, AXES[word]] += 1
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)

    encode_passages = encode_queries


def glosser(*words: str) -> Glosser:
    encoder = OneAxisAWord()
    return Glosser(encoder, words, encoder.encode_passages(words))  # type: ignore[arg-type]


def test_function_words_say_nothing_of_what_a_question_is_about() -> None:
    assert content_words("who must the mayor's office ask for leave?") == ["mayor", "office", "ask", "leave"]


def test_a_word_becomes_the_nearest_words_of_the_corpus() -> None:
    assert glosser("区长", "会议").gloss("what is the mayor for") == ("区长",)
    assert glosser("区长", "市长", "会议").gloss("meeting of the mayor") == ("会议", "区长", "市长")


def test_single_characters_and_long_runs_are_no_words_of_a_gloss() -> None:
    assert glosser("水", "第一百二十三条规定").gloss("meeting") == ()


def test_names_left_out_and_unknown_words_have_no_gloss() -> None:
    assert glosser("区长", "会议").gloss("meeting mayor", without=["mayor"]) == ("会议",)
    assert glosser("区长", "会议").gloss("zebra") == ()
    assert glosser().gloss("meeting") == ()


@pytest.mark.slow
def test_the_lexical_index_is_asked_the_gloss_of_an_english_question(small: Assistant) -> None:
    english = small.parse("How often does the executive meeting take place?")
    assert "会议" in english.lexical_text
    assert english.lexical_text.startswith(english.index_text)
    chinese = parse(small, "常务会议多久召开一次？")
    assert chinese.gloss == () and chinese.lexical_text == chinese.index_text


@pytest.mark.slow
def test_a_bare_date_answers_no_english_question_for_anything_else(small: Assistant) -> None:
    finder = small.evidence_finder
    query = small.parse("Who chairs the executive meeting under the 2023 rules?")
    found = finder.find(query, small.holds(query.as_of))
    assert found and all(not e.sentence.text.strip().endswith("日") for e in found)
