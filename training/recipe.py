"""Every size and share that decides how an encoder turns out, in one frozen dataclass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """How often one source is drawn, and how its queries are disguised."""

    source: str  # a key of pairs.SOURCES
    weight: float  # relative to the other sources
    glossed: float = 0.0  # share of its queries turned into English, word by word


DEFAULT_MIXTURE = (
    Share("law_title", 0.8, glossed=0.2),
    Share("law_crop", 3.0, glossed=0.35),
    Share("gov_title", 0.4, glossed=0.3),
    Share("gov_crop", 1.5, glossed=0.4),
    Share("docs_title", 1.5, glossed=0.1),
    Share("docs_crop", 1.0, glossed=0.2),
    Share("docs_question", 0.8, glossed=0.3),
    Share("cmrc", 2.0, glossed=0.25),
    Share("lecoqa", 1.2, glossed=0.25),
    Share("csl", 0.2, glossed=0.2),
    Share("wiki_crop", 0.2, glossed=0.3),
    Share("zh_en", 1.2),
    Share("en_zh", 2.0),
    Share("cedict", 1.5),
)


@dataclass(frozen=True)
class Recipe:
    """Sizes of the model and of its training."""

    vocabulary: int = 52_000
    dimension: int = 384
    steps: int = 1_800
    pairs_per_step: int = 2_048
    sources_per_step: int = 1  # 1: negatives come from the same source, which makes them harder
    learning_rate: float = 0.004  # of the tokens' own vectors
    parts_rate: float = 0.006  # of the characters' and letter groups'
    weights_rate: float = 0.01
    own_share: float = 0.7  # length of a token's own first vector, where it has parts; that of a part is 1
    token_drop: float = 0.2  # share of all tokens left out in a step
    scale: float = 20.0  # cosine is multiplied by this before the softmax
    query_tokens: int = 32  # longer queries are cropped
    crop_tokens: tuple[int, int] = (4, 20)  # length of a query cut out of its passage
    passage_tokens: int = 160
    thinning: float = 0.3  # at most this share of a query's tokens is dropped
    splitting: float = 0.1  # share of tokens spelt out character by character
    asked: float = 0.5  # share of cropped or glossed queries that get the words of a question
    cut_out: float = 0.5  # share of cropped queries whose words are taken out of the passage
    context: float = 0.5  # share of passages that open with their title
    section_characters: int = 400  # longer sections are cut when they are read
    seed: int = 20
    without_fold: int = (
        -1
    )  # 0 or 1: half of the asked pairs is left out, to train what reads this encoder's scores
    mixture: tuple[Share, ...] = DEFAULT_MIXTURE
