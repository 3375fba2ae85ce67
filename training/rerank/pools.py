"""Training files -> pools of passages, each with questions and the passages that answer them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rjieba
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.match import Passage
from ingest.chunk import SEPARATORS

from ..glosses import gloss_table
from ..openers import ENGLISH
from ..pairs import QUESTIONS_HELD_OUT, SENTENCES_HELD_OUT, file_path, fold_of
from ..records import Record, is_held_out, read_records
from ..written import Pack

PIECE_SIZES = (
    120,
    200,
    360,
)  # characters: reading passages are cut, so that the right piece must be told from the rest
LONGEST = 600  # characters of a section
HEADING = re.compile(r"^(?=.*[\u4e00-\u9fff]).{4,30}$")
KEYWORDS = (2, 6)


@dataclass(frozen=True)
class Asked:
    """A question, the numbers of its right passages, and the fold whose encoder has not seen it."""

    question: str
    right: frozenset[int]
    fold: int


@dataclass(frozen=True)
class Pool:
    """Passages and what is asked about them; `for_choosing` questions train nothing."""

    name: str
    passages: list[Passage]
    asked: list[Asked]
    for_choosing: bool = False


class PoolReader:
    """Reads the pools of a folder of training files; a missing file gives none. Same folder and seed, same pools."""

    def __init__(self, folder: Path, *, most: int, seed: int) -> None:
        """`most`: questions of a pool at most."""
        self.folder, self.most, self.chance = folder, most, random.Random(seed)
        self.glosser = Glosser(self._records("train_cedict"), self.chance)

    def pools(self) -> Iterator[Pool]:
        """Yield the pools; those of the same passages follow one another and share their list."""
        for name, read in (
            ("reading", self._reading), ("law", self._law), ("statutes", self._statutes),
            ("sections", self._sections), ("sentences", self._sentences),
        ):  # fmt: skip
            for pool in read(name):
                if pool.asked:
                    yield pool

    def _records(self, name: str) -> Iterator[Record]:
        path = file_path(self.folder, name)
        return read_records(path) if path.exists() else iter(())

    def _sample(self, asked: list[Asked], most: int = 0) -> list[Asked]:
        most = min(most or self.most, len(asked))
        return self.chance.sample(asked, most)

    def _reading(self, name: str) -> Iterator[Pool]:
        """CMRC: question -> the piece of a passage in which the answer begins; half of the pieces under their title."""
        passages: list[Passage] = []
        pieces: dict[str, list[tuple[int, int]]] = {}
        asked = []
        for record in self._records("train_cmrc2018"):
            text = record["passage"]
            if text not in pieces:
                title = record["title"] if record.get("title") and self.chance.random() < 0.5 else ""
                pieces[text] = []
                for start, piece in self._cut(text):
                    pieces[text].append((start, len(passages)))
                    passages.append(Passage(piece, title))
            begin = record["answer_starts"][0]
            right = [number for start, number in pieces[text] if start <= begin][-1]
            asked.append(Asked(record["question"], frozenset([right]), fold_of(text)))
        chosen = self._sample(asked)
        yield Pool(name, passages, chosen)
        yield Pool(name + " in English", passages, self._in_english(self._sample(chosen, self.most // 3)))

    def _cut(self, text: str) -> Iterator[tuple[int, str]]:
        size = self.chance.choice(PIECE_SIZES)
        splitter = RecursiveCharacterTextSplitter(
            separators=SEPARATORS, chunk_size=size, chunk_overlap=0, keep_separator="end",
            add_start_index=True, strip_whitespace=False,
        )  # fmt: skip
        for piece in splitter.create_documents([text]):
            yield piece.metadata["start_index"], piece.page_content

    def _law(self, name: str) -> Iterator[Pool]:
        """LeCoQA: layperson's question -> article among all law articles; words of an article -> the article."""
        passages: list[Passage] = []
        place: dict[str, int] = {}
        for record in self._records("train_law_articles"):
            if record["text"] not in place:
                place[record["text"]] = len(passages)
                context = f"{record['law']} {record['chapter']} {record['article'] or ''}"
                passages.append(Passage(record["text"], context.strip()))
        asked: list[Asked] = []
        kept: list[Asked] = []
        for record in self._records("train_lecoqa_train"):
            right = frozenset(place[one["text"]] for one in record["positives"] if one["text"] in place)
            if right:
                (kept if _kept(record) else asked).append(_asked(record, right))
        yield Pool(name, passages, asked)
        yield Pool(name + ", held out", passages, kept, for_choosing=True)
        numbers = self.chance.sample(range(len(passages)), min(self.most // 4, len(passages)))
        words = [Asked(self._keywords(passages[n]), frozenset([n]), n % 2) for n in numbers]
        yield Pool(name + ", keywords", passages, [one for one in words if one.question])

    def _keywords(self, passage: Passage) -> str:
        """Return a few words of one sentence, in their order."""
        sentence = self.chance.choice([s for s in re.split(r"[。；\n]", passage.text) if s] or [passage.text])
        words = [word for word in dict.fromkeys(rjieba.cut(sentence)) if len(word) > 1]
        count = min(len(words), self.chance.randint(*KEYWORDS))
        return " ".join(words[i] for i in sorted(self.chance.sample(range(len(words)), count)))

    def _statutes(self, name: str) -> Iterator[Pool]:
        """LeCoQA: layperson's question -> article, among all articles that answer one of its questions."""
        place: dict[tuple[str, str], int] = {}
        asked: list[Asked] = []
        kept: list[Asked] = []
        for record in self._records("train_lecoqa_train"):
            keys = [(one["name"], one["text"]) for one in record["positives"]]
            right = frozenset(place.setdefault(key, len(place)) for key in keys)
            (kept if _kept(record) else asked).append(_asked(record, right))
        passages = [Passage(text, title) for title, text in place]
        yield Pool(name, passages, asked)
        yield Pool(name + ", held out", passages, kept, for_choosing=True)
        yield Pool(name + " in English", passages, self._in_english(asked))

    def _sections(self, name: str) -> Iterator[Pool]:
        """Documentation and government reports: question or heading -> section, under its title and outer headings."""
        passages: list[Passage] = []
        place: dict[str, int] = {}
        headings = []
        for file in ("train_docs_sections_zh", "train_gov_sections"):
            for record in self._records(file):
                *outer, heading = record["section"].split(" / ")
                if record["text"] in place or len(record["text"]) < 12:
                    continue
                place[record["text"]] = len(passages)
                if HEADING.match(heading):
                    titled = f"{record['title']} {heading}" if self.chance.random() < 0.3 else heading
                    headings.append(Asked(titled, frozenset([len(passages)]), fold_of(record["text"])))
                passages.append(Passage(record["text"][:LONGEST], " ".join([record["title"], *outer])))
        asked = [
            Asked(record["question"], frozenset([place[record["passage"]]]), fold_of(record["passage"]))
            for record in self._records("train_docs_question_headings_zh")
            if record["passage"] in place
        ]
        yield Pool(name, passages, asked)
        yield Pool(name + ", headings", passages, self._sample(headings, self.most // 3))

    def _sentences(self, name: str) -> Iterator[Pool]:
        """English sentence -> Chinese sentence."""
        passages: list[Passage] = []
        place: dict[str, int] = {}
        asked = []
        for record in self._records("train_zh_en_sentences"):
            if len(record["zh"]) < 6 or record["zh"] in place:
                continue
            place[record["zh"]] = len(passages)
            if len(record["en"]) >= 12 and not is_held_out(record["en"], one_in=SENTENCES_HELD_OUT):
                asked.append(Asked(record["en"], frozenset([len(passages)]), fold_of(record["en"])))
            passages.append(Passage(record["zh"], ""))
        yield Pool(name, passages, self._sample(asked, self.most // 3))

    def _in_english(self, asked: list[Asked]) -> list[Asked]:
        """Return the questions turned into English word by word, those that this leaves words of."""
        turned = ((one, self.glosser.turned(one.question)) for one in asked)
        return [Asked(english, one.right, one.fold) for one, english in turned if english.count(" ") > 1]


def written_pools(packs: Iterable[Pack]) -> Iterator[Pool]:
    """Yield a pool for each pack: question, also one with a wrong premise -> the chunks that hold what settles it."""
    for pack in packs:
        asked = [Asked(text, chunks, pack.fold) for text, chunks in pack.settled()]
        yield Pool(pack.name, pack.passages, asked)


class Glosser:
    """Turns Chinese questions into English ones, word by word from the dictionary."""

    def __init__(self, dictionary: Iterator[Record], chance: random.Random) -> None:
        self._glosses, self._chance = gloss_table(dictionary), chance

    def turned(self, question: str) -> str:
        """Return an opening of English questions and the words that the dictionary knows."""
        words = [self._chance.choice(ENGLISH)]
        for word in rjieba.cut(question):
            if known := self._glosses.get(word):
                words.append(self._chance.choice(known[:2]))
            elif re.fullmatch(r"[\w.%]+", word, re.ASCII):
                words.append(word)
        return " ".join(words)


def _kept(record: Record) -> bool:
    return is_held_out(record["question"], one_in=QUESTIONS_HELD_OUT)


def _asked(record: Record, right: frozenset[int]) -> Asked:
    return Asked(record["question"], right, fold_of(record["question"]))
