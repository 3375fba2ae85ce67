"""Texts -> a unigram tokenizer of Chinese words and English stems.

Text is brought to NFKC, lower case and simplified characters; punctuation and blanks go. The pieces are whole
words, each with the logarithm of its share of the texts, so that the most probable cutting is the one into
words; characters and short letter groups stand by for what is in no list. Words are chosen rather than learnt
as substrings: a static embedding can translate 会议 and find it in 常务会议; 的会议 means nothing by itself.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import islice

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from .charmap import compile_charmap

UNKNOWN = "[UNK]"
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_OTHER_RUN = re.compile(r"[^\W\u3400-\u9fff\d_]+|\d+|%")
_LONGEST_HAN = 4  # characters of a Chinese word
_FREE_HAN = 2  # up to this length a word needs no entry in the dictionary
_LETTER_GROUPS = 3_000  # pieces for words that are in no list
_LETTER_GROUP_PENALTY = 6.0  # taken from their log probability, so that a listed word always wins
_LATIN_SHARE = 0.5  # of the places left for words
_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("d", ""), ("ing", ""), ("ing", "e"), ("ly", ""))


@cache
def simplified_characters() -> dict[str, str]:
    """Each traditional character that OpenCC turns into another, simplified one."""
    from opencc import OpenCC

    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")  # line by line: no phrases
    pairs = zip(characters, converted, strict=True)
    return {character: simple for character, simple in pairs if simple != character and len(simple) == 1}


@cache
def _simplifying_charmap() -> bytes:
    return compile_charmap(simplified_characters())


def new_tokenizer(vocabulary: list[tuple[str, float]] | None = None) -> Tokenizer:
    """Return a tokenizer with the given pieces and log probabilities; the first piece is `UNKNOWN`."""
    model = models.Unigram(vocabulary, unk_id=0, byte_fallback=False) if vocabulary else models.Unigram()
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Precompiled(_simplifying_charmap()),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\s\p{P}\p{S}&&[^%]]+"), behavior="removed"),
            pre_tokenizers.Split(Regex(r"[\u3400-\u9fff]+|\p{N}+|%"), behavior="isolated"),
        ]
    )
    return tokenizer


def train_tokenizer(texts: Iterable[str], *, size: int, dictionary: Collection[str]) -> Tokenizer:
    """Return a tokenizer of about `size` pieces; `dictionary` tells which long Chinese words are words."""
    normalize = new_tokenizer().normalizer.normalize_str
    han, other = count_words(map(normalize, texts))
    characters = Counter(char for counts in (han, other) for word in counts for char in word)
    pieces = {char: math.log(1e-9) for char, count in characters.items() if count > 1 or not char.isascii()}
    pieces |= letter_groups(other)
    chinese, latin = listed_han(han, dictionary), stems(other)
    ranked = [word for word, _ in chinese.most_common() if word not in pieces]
    places = max(0, size - len(pieces) - 1)
    words = ranked[: places - int(places * _LATIN_SHARE)]
    words += [word for word, _ in latin.most_common() if word not in pieces][: places - len(words)]
    counts = chinese + latin
    total = counts.total()
    pieces |= {word: math.log(counts[word] / total) for word in (*words, *pieces) if counts[word]}
    return new_tokenizer([(UNKNOWN, 0.0), *sorted(pieces.items(), key=lambda item: (-item[1], item[0]))])


def count_words(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each Chinese word, and each other word or number, occurs."""
    import jieba

    jieba.setLogLevel("WARNING")
    han: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for text in texts:
        for run in _HAN_RUN.findall(text):
            han.update(jieba.cut(run, HMM=False))
        other.update(_OTHER_RUN.findall(text))
    return han, other


def listed_han(counts: Counter[str], dictionary: Collection[str]) -> Counter[str]:
    """Return the Chinese words that get a piece; those that are too long count for the words within them."""
    listed: Counter[str] = Counter()
    for word, count in counts.items():
        for part in _parts(word, dictionary):
            listed[part] += count
    return listed


def _parts(word: str, dictionary: Collection[str]) -> list[str]:
    """Return the word itself when it is short or in the dictionary, else the longest words found in it."""
    if len(word) <= _FREE_HAN or (len(word) <= _LONGEST_HAN and word in dictionary):
        return [word]
    parts, start = [], 0
    while start < len(word):
        ends = range(min(len(word), start + _LONGEST_HAN), start, -1)
        end = next(end for end in ends if end == start + 1 or word[start:end] in dictionary)
        parts.append(word[start:end])
        start = end
    return parts


def stems(counts: Counter[str]) -> Counter[str]:
    """Return the words that are not another word and an ending: meetings is cut into meeting and s."""
    return Counter({word: count for word, count in counts.items() if not _is_inflected(word, counts)})


def _is_inflected(word: str, counts: Counter[str]) -> bool:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)] + instead
            if word.startswith(stem) and counts[stem] * 10 > counts[word]:
                return True
    return False


def letter_groups(counts: Counter[str]) -> dict[str, float]:
    """Return pieces for words that are in no list, with log probabilities below those of listed words."""
    letters = Tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(vocab_size=_LETTER_GROUPS, max_piece_length=8, show_progress=False)
    letters.train_from_iterator((word for word in counts if word.isascii() and word.isalpha()), trainer)
    trained = json.loads(letters.to_str())["model"]["vocab"]
    return {piece: score - _LETTER_GROUP_PENALTY for piece, score in trained}


def encode_all(tokenizer: Tokenizer, texts: Iterable[str], *, at_once: int = 20_000) -> Iterator[list[int]]:
    """Yield the token ids of each text, in order."""
    remaining = iter(texts)
    while batch := list(islice(remaining, at_once)):
        encodings = tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        yield from (encoding.ids for encoding in encodings)
