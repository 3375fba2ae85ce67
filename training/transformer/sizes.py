"""Every number that decides how a transformer turns out: one `Size` each for a toy, a small and a larger one."""

from __future__ import annotations

from dataclasses import dataclass

from ..recipe import Recipe

POSITIONS = 512  # the longest text, special tokens included, that a network can read
STAGES = ("mlm", "contrastive", "hard", "cross")  # in their order


@dataclass(frozen=True)
class Size:
    """The network, and for each stage how long and on how much a step it trains."""

    layers: int
    width: int  # of a token's vector; the text's vector has as many numbers
    heads: int  # of attention; they share the width
    vocabulary: int = 32_000  # about; special tokens included
    dropout: float = 0.1
    query_tokens: int = 32  # longer queries are cropped
    passage_tokens: int = 256  # longer passages are cropped
    chunk: int = 256  # texts that pass the network at once; decides the memory needed, not what is learnt

    mlm_steps: int = 30_000
    mlm_rows: int = 128  # sequences a step
    mlm_tokens: int = 256  # length of a sequence
    mlm_rate: float = 5e-4  # highest learning rate

    contrastive_steps: int = 8_000
    contrastive_pairs: int = 1_024  # a step, all of one source
    contrastive_rate: float = 2e-4

    mined_pairs: int = 120_000  # for so many, passages are sought that look right and are not
    negatives: int = 4  # such passages a query
    hard_steps: int = 2_000
    hard_pairs: int = 256  # a step, each with its negatives
    hard_rate: float = 5e-5

    cross_steps: int = 6_000
    cross_queries: int = 64  # a step, each with its right passage and its negatives
    cross_rate: float = 1e-4

    scale: float = 20.0  # cosine is multiplied by this before the softmax
    seed: int = 20

    def __post_init__(self) -> None:
        """Raise ValueError for a network that cannot be built or cannot read its texts."""
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is no multiple of heads {self.heads}")
        longest = max(self.mlm_tokens, self.passage_tokens + 4 * self.query_tokens + 3)
        if longest > POSITIONS:
            raise ValueError(
                f"mlm_tokens, and passage_tokens + 4 * query_tokens + 3, may be {POSITIONS} at most: found {longest}"
            )

    def recipe(self) -> Recipe:
        """Return what the vocabulary and the drawing of pairs are told."""
        return Recipe(
            vocabulary=self.vocabulary,
            pairs_per_step=self.contrastive_pairs,
            query_tokens=self.query_tokens,
            passage_tokens=self.passage_tokens,
            seed=self.seed,
        )


SIZES = {
    "tiny": Size(  # a toy for the tests: seconds on any machine
        layers=2, width=64, heads=2, vocabulary=2_000, dropout=0.0, passage_tokens=64, chunk=16,
        mlm_steps=40, mlm_rows=16, mlm_tokens=32, mlm_rate=3e-3,
        contrastive_steps=40, contrastive_pairs=16, contrastive_rate=2e-3,
        mined_pairs=64, negatives=2, hard_steps=20, hard_pairs=8, hard_rate=5e-4,
        cross_steps=200, cross_queries=8, cross_rate=2e-3,
    ),
    "small": Size(layers=4, width=256, heads=4),
    "base": Size(layers=6, width=384, heads=6, mlm_steps=40_000, contrastive_steps=12_000),
}  # fmt: skip
