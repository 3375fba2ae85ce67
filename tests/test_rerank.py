"""The reranker: figures of the search, the network without torch as with it, hits put in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index.backend import Hit
from index.match import BY_WORD, WORD
from index.rerank import MATCHED, PairModel, WordReranker, beside_the_best, searched
from ingest.document import Chunk
from training.rerank.fit import FitRecipe, Network

FOLDER = Path(__file__).parents[1] / "models" / "gongwen-rerank"
TEXTS = [
    "区政府全体会议每半年召开一次。",
    "区政府常务会议原则上每周召开一次，由区长召集和主持。",
    "禁止燃放烟花爆竹的区域包括滨河街道、兴谷街道。",
    "公文由区政府办公室主任审核后，报分管副区长签发。",
]


class Words:
    def knows(self, token: str) -> bool:
        return True

    def idf(self, token: str) -> float:
        return 3.0


def hits(texts: list[str]) -> list[Hit]:
    return [
        Hit(
            Chunk(str(n), "d", "p", "", "甲区工作规则", text, 0, len(text)),
            1.0,
            n,
            {"dense": 0.3, "lexical": 2.0},
        )
        for n, text in enumerate(texts, 1)
    ]


@pytest.fixture(scope="module")
def reranker() -> WordReranker:
    return WordReranker.load(FOLDER, Words())


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("常务会议多久开一次？", 1),
        ("哪些地方不能放鞭炮", 2),
        ("誰簽發公文", 3),
        ("where are fireworks banned", 2),
    ],
)
def test_the_passage_that_answers_is_first(reranker: WordReranker, question: str, first: int) -> None:
    scores = reranker.scores(question, hits(TEXTS))
    assert scores.shape == (4,) and scores.dtype == np.float32
    assert scores.argmax() == first
    backwards = reranker.scores(question, hits(TEXTS[::-1]))
    assert np.allclose(scores, backwards[::-1], atol=1e-4)


def test_one_hit_and_equal_hits_have_finite_scores(reranker: WordReranker) -> None:
    assert np.isfinite(reranker.scores("会议", hits(TEXTS[:1]))).all()
    same = reranker.scores("会议", hits([TEXTS[0]] * 3))
    assert np.allclose(same, same[0], atol=1e-4)


def test_without_torch_the_network_says_the_same() -> None:
    chance = np.random.default_rng(1)
    whole = chance.normal(size=(5, MATCHED.stop + 3)).astype(np.float32)
    by_word = chance.normal(size=(5, 4, BY_WORD)).astype(np.float32)
    words = chance.normal(size=(4, WORD)).astype(np.float32)
    figures = beside_the_best(whole)
    network = Network(FitRecipe(), figures, by_word[:, 0], words).eval()
    padded = torch.zeros(1, 5, 6, BY_WORD)
    padded[0, :, :4] = torch.from_numpy(by_word)
    about = torch.zeros(1, 6, WORD)
    about[0, :4] = torch.from_numpy(words)
    with torch.no_grad():
        wanted = network(torch.from_numpy(figures)[None], padded, about, torch.arange(6)[None] < 4)[0].numpy()
    model = PairModel({name: tensor.numpy() for name, tensor in network.state_dict().items()})
    assert np.allclose(model.scores(whole, by_word, words), wanted, atol=1e-4)
    assert np.ptp(wanted) > 1e-3


def test_the_figures_of_the_search_only_compare() -> None:
    dense, lexical = np.array([0.8, 0.5, 0.1]), np.array([0.0, 12.0, 3.0])
    assert np.allclose(searched(dense, lexical), searched(0.5 * dense + 0.3, 4 * lexical), atol=1e-4)
    nothing = searched(dense, np.zeros(3))
    assert np.isfinite(nothing).all() and not nothing[:, 5].any()
