"""Tokens by number, and BM25 from them: the same as that of the index whose postings it stands for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.vocabulary import Vocabulary

TEXTS = [
    "区政府常务会议每周召开一次。",
    "会议材料提前5个工作日送区政府办公室。",
    "",
    "禁止燃放烟花爆竹。禁止燃放。",
]
CONTEXTS = ["甲区 工作规则", "甲区 工作规则 第二条", "乙区", "乙区 通告"]
WORDS = st.text(alphabet="会议区政府烟花5天 ab", max_size=20)


def test_a_text_is_written_as_one_word_a_token() -> None:
    vocabulary, written = Vocabulary.build({"text": ["ab 12 ab"], "context": ["ab"]})
    assert written == {"text": ["0 1 0"], "context": ["0"]}
    assert (vocabulary.write("12 cd ab"), vocabulary.write("cd")) == ("1 0", "")


def test_the_thirty_seventh_token_has_two_digits() -> None:
    _, written = Vocabulary.build({"text": [" ".join(str(n) for n in range(100, 140))]})
    assert written["text"][0].split()[34:38] == ["y", "z", "10", "11"]


@pytest.mark.parametrize(
    "question", ["常务会议多久召开", "禁止燃放烟花爆竹", "会议会议会议", "没有这样的词xyz", ""]
)
def test_scores_are_those_of_the_lexical_index(question: str, tmp_path: Path) -> None:
    built, written = Vocabulary.build({"text": TEXTS, "context": CONTEXTS})
    built.save(tmp_path)
    vocabulary, index = Vocabulary.load(tmp_path), LexicalIndex.build(TEXTS, CONTEXTS)
    scores = vocabulary.scores(vocabulary.write(question), written)
    assert np.allclose(scores, index.scores(question), atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8), question=WORDS)
def test_scores_and_idf_of_any_texts_are_those_of_the_lexical_index(
    texts: list[tuple[str, str]], question: str
) -> None:
    fields = {"text": [text for text, _ in texts], "context": [context for _, context in texts]}
    vocabulary, written = Vocabulary.build(fields)
    index = LexicalIndex.build(fields["text"], fields["context"])
    assert np.allclose(
        vocabulary.scores(vocabulary.write(question), written), index.scores(question), atol=1e-4
    )
    for token in ("会议", "烟花", "ab", "没有"):
        assert (vocabulary.knows(token), vocabulary.idf(token)) == (index.knows(token), index.idf(token))
