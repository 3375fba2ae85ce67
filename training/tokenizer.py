"""Texts -> a unigram tokenizer: NFKC, lower case, traditional to simplified; no punctuation, no blanks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from .charmap import compile_charmap

UNKNOWN = "[UNK]"
_HAN = re.compile(r"[\u3400-\u9fff]")
_SPARE = 1.35  # train this many times the wanted pieces, then drop the unwanted ones


@cache
def simplified_characters() -> dict[str, str]:
    """Each traditional character that OpenCC turns into another, simplified one."""
    from opencc import OpenCC

    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")  # line by line: no phrases
    pairs = zip(characters, converted, strict=True)
    return {character: simple for character, simple in pairs if simple != character and len(simple) == 1}


def new_tokenizer(vocabulary: list[tuple[str, float]] | None = None) -> Tokenizer:
    """Return a tokenizer with the given pieces and log probabilities; the first piece is `UNKNOWN`."""
    model = models.Unigram(vocabulary, unk_id=0, byte_fallback=False) if vocabulary else models.Unigram()
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Precompiled(compile_charmap(simplified_characters())),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\s\p{P}\p{S}&&[^%]]+"), behavior="removed"),
            pre_tokenizers.Split(Regex(r"[\u3400-\u9fff]+|\p{N}+"), behavior="isolated"),
        ]
    )
    return tokenizer


def train_tokenizer(texts: Iterable[str], *, size: int, longest_han_piece: int) -> Tokenizer:
    """Return a tokenizer of at most `size` pieces in which no piece has more Han characters than asked."""
    draft = new_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=int(size * _SPARE), special_tokens=[UNKNOWN], unk_token=UNKNOWN, max_piece_length=14,
        n_sub_iterations=2, show_progress=False,
    )  # fmt: skip
    draft.train_from_iterator(texts, trainer)
    scored = [
        (piece, score) for piece, score in json.loads(draft.to_str())["model"]["vocab"] if piece != UNKNOWN
    ]
    return new_tokenizer(keep_pieces(scored, size=size, longest_han_piece=longest_han_piece))


def keep_pieces(
    scored: list[tuple[str, float]], *, size: int, longest_han_piece: int
) -> list[tuple[str, float]]:
    """Return `UNKNOWN` and the most probable pieces, `size` in all, without over-long Han pieces."""
    fitting = [(piece, score) for piece, score in scored if len(_HAN.findall(piece)) <= longest_han_piece]
    fitting.sort(key=lambda item: (-item[1], item[0]))
    return [(UNKNOWN, 0.0), *fitting[: size - 1]]


def encode_all(tokenizer: Tokenizer, texts: Iterable[str], *, at_once: int = 20_000) -> Iterator[list[int]]:
    """Yield the token ids of each text, in order."""
    remaining = iter(texts)
    while batch := list(islice(remaining, at_once)):
        encodings = tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        yield from (encoding.ids for encoding in encodings)
