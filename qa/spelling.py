"""A slip of the pen in a question (才料, 居住正, one wrong character of a title) made what the corpus has; all else is left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import rjieba

from index.lexical import HAN_RUN, normalise
from ingest.document import Document

MAX_READ = 5_000_000  # characters of the corpus whose words are learnt
LONGEST = 6
# Characters that ask and join, and verbs of one character: a run with one of them is no misspelt word.
JOINING = frozenset(
    "的了是在和与及或由被把对向为有要我你他她它这那都就也还吧得着过等给让到从以吗呢啊么嘛呀哪几谁啥怎多少什不没能会可该须咱个"
    "请去来起开办用上下出入打看问报管找放交收发送想说叫算一二三四五六七八九十两"
)


class Speller:
    """Puts right words that sound like one word of the corpus and stand nowhere in it."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._pairs: set[str] = set()  # of neighbouring characters
        counts: Counter[str] = Counter()
        left = MAX_READ
        for document in documents:
            text = normalise(f"{document.title}\n{document.text[:left]}")
            left = max(0, left - len(text))
            for run in HAN_RUN.findall(text):
                self._pairs.update(run[i : i + 2] for i in range(len(run) - 1))
                counts.update(word for word in rjieba.cut(run) if 2 <= len(word) <= LONGEST)
        self._but_one: dict[tuple[str, str], list[str]] = {}  # by what stands before and behind one character
        for word in counts:
            for around in _but_one(word):
                self._but_one.setdefault(around, []).append(word)

    def corrected(self, text: str) -> str:
        """Return `text` (normalised) with each misspelt word put right that sounds like exactly one word of the corpus."""
        for run in HAN_RUN.findall(text):
            if any(run[i : i + 2] not in self._pairs for i in range(len(run) - 1)):
                for wrong in self._strange(run):
                    if right := self._meant(wrong):
                        text = text.replace(wrong, right)
        return text

    def _strange(self, run: str) -> Iterator[str]:
        """Yield the runs of whole words, the longest first, with two neighbours that the corpus has nowhere side by side."""
        words = list(rjieba.cut(run))
        for length in range(LONGEST, 1, -1):
            for joined in _joined(words, length):
                strange = any(joined[i : i + 2] not in self._pairs for i in range(length - 1))
                if strange and not JOINING & set(joined) and not rjieba.has_word(joined):
                    yield joined

    def _meant(self, wrong: str) -> str | None:
        """Return the one word of the corpus that sounds so and differs in a single character."""
        near = (word for around in _but_one(wrong) for word in self._but_one.get(around, []) if word != wrong)
        alike = [word for word in near if _sound(word) == _sound(wrong)]
        return alike[0] if len(alike) == 1 else None


def _but_one(word: str) -> list[tuple[str, str]]:
    return [(word[:place], word[place + 1 :]) for place in range(len(word))]


def _joined(words: Sequence[str], length: int) -> Iterable[str]:
    for start in range(len(words)):
        joined = ""
        for word in words[start:]:
            joined += word
            if len(joined) >= length:
                break
        if len(joined) == length:
            yield joined


def _sound(word: str) -> str:
    return " ".join(map(_syllable, word))


@cache
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin

    return re.sub(
        r"(?<=[zcs])h|(?<=[ei]n)g", "", lazy_pinyin(character)[0]
    )  # as many speakers do not tell them apart
