"""Training files -> readings: a question and the sentences that may answer it, the right ones marked, or none right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import rjieba

from index.lexical import LexicalIndex
from index.reader import Line, lines_of, split_lines
from qa.assistant import Assistant

from ..packs import set_models
from ..pairs import QUESTIONS_HELD_OUT, file_path, fold_of
from ..records import Record, is_held_out, read_records
from ..rerank.pools import Glosser
from ..written import Pack
from .cloze import KINDS, ClozeMaker

TITLED = 0.6  # share of readings that show the title
UNANSWERED = 0.4  # share of readings whose answer is taken out
FROM_ELSEWHERE = 0.6  # share of readings with sentences of other passages among them
MOST_ELSEWHERE = 12
MOST_LINES = 40
LONGEST = (40, 80, 160)  # characters of a line
ARTICLES = 6  # read for a question of LeCoQA
LAWS = 220  # read of all laws
MOST_READ = 60  # lines of a written question
HALF = 0.5  # share of the quoted words that a line must hold to be a right one
SIDE = 2  # articles before and behind the one asked about
NAMED = 0.25  # share of questions that name the law
UNTOLD, EXCHANGED = (
    0.2,
    0.2,
)  # share of questions for what the sentence does not tell, and with a word of something else
STRANGE = 12  # one question in so many is also asked of what has nothing to do with it
IN_ENGLISH = 3  # one reading in so many is also read in English


@dataclass(frozen=True)
class Reading:
    """A question, the lines that are read for it, which of them answer it, and the fold whose encoder has not seen it."""

    question: str
    lines: list[Line]
    right: np.ndarray  # bool (lines,); none where the answer was taken out
    fold: int


@dataclass(frozen=True)
class Told:
    """A passage cut into lines."""

    lines: list[Line]
    starts: list[int]  # of each line in the passage


@dataclass(frozen=True)
class Kind:
    """Readings of one source; `idf` tells how rare a token is in its passages."""

    name: str
    readings: list[Reading]
    idf: Callable[[str], float]


class ReadingMaker:
    """Makes readings of the training files in a folder; same folder and seed, same readings."""

    def __init__(self, folder: Path, near: Callable[[str], str], *, about_laws: int, seed: int) -> None:
        """`near` gives a word of nearly the same meaning, or "" where it knows none; `about_laws` questions are cut out."""
        self.folder, self.about_laws, self.chance = folder, about_laws, random.Random(seed)
        self.cloze = ClozeMaker(self.chance, near)
        self.glosser = Glosser(self._records("train_cedict"), self.chance)

    def kinds(self) -> Iterator[Kind]:
        """Yield each kind of readings, and the same in English."""
        for kind in (self._spans(), self._articles(), self._laws()):
            yield self._with_strangers(kind)
            turned = (
                replace(one, question=self.glosser.turned(one.question))
                for one in kind.readings[::IN_ENGLISH]
            )
            english = [one for one in turned if one.question.count(" ") > 1]
            yield Kind(f"{kind.name} in English", english, kind.idf)

    def _with_strangers(self, kind: Kind) -> Kind:
        """Return the kind with some of its questions asked a second time, of the lines of another question."""
        asked = self.chance.sample(kind.readings, len(kind.readings) // STRANGE)
        strange = [
            Reading(one.question, other.lines, np.zeros(len(other.lines), dtype=bool), one.fold)
            for one, other in zip(asked, self.chance.sample(kind.readings, len(asked)), strict=True)
            if one.lines is not other.lines
        ]
        return replace(kind, readings=kind.readings + strange)

    def _records(self, name: str) -> Iterator[Record]:
        path = file_path(self.folder, name)
        return read_records(path) if path.exists() else iter(())

    def _spans(self) -> Kind:
        """CMRC: question -> the sentences of its passage that hold the answer, others of other passages among them."""
        records = list(self._records("train_cmrc2018"))
        told = {
            record["passage"]: self._told(record["passage"], record.get("title") or "") for record in records
        }
        every = [(text, place) for text, one in told.items() for place in range(len(one.lines))]
        lexical = LexicalIndex.build(
            [told[text].lines[place].text for text, place in every], [""] * len(every)
        )
        made = []
        for record in records:
            text = record["passage"]
            one, titled = told[text], self.chance.random() < TITLED
            right = answering(record, one)
            elsewhere: list[Line] = []
            if self.chance.random() < FROM_ELSEWHERE:
                order = np.argsort(-lexical.scores(record["question"]))[: 4 * MOST_ELSEWHERE]
                others = [every[row] for row in order if every[row][0] != text][
                    : self.chance.randint(1, MOST_ELSEWHERE)
                ]
                elsewhere = [told[other].lines[place] for other, place in others]
            lines = [line if titled else replace(line, context="") for line in [*one.lines, *elsewhere]]
            marked = np.concatenate(
                [right, np.array([_holds(record, line.text) for line in elsewhere], dtype=bool)]
            )
            made.append(self._reading(record["question"], lines, marked, fold_of(text)))
        return Kind("spans", [one for one in made if one], lexical.idf)

    def _articles(self) -> Kind:
        """LeCoQA: layperson's question -> the sentences of the articles that answer it, among those of near articles."""
        asked, place = [], dict[tuple[str, str], int]()
        for record in self._records("train_lecoqa_train"):
            right = {place.setdefault((one["name"], one["text"]), len(place)) for one in record["positives"]}
            if not is_held_out(record["question"], one_in=QUESTIONS_HELD_OUT):
                asked.append((record["question"], right))
        told = [self._told(text, name) for name, text in place]
        lexical = LexicalIndex.build([text for _, text in place], [name for name, _ in place])
        made = []
        for question, right in asked:
            order = [int(row) for row in np.argsort(-lexical.scores(question))[:ARTICLES]]
            read = sorted(right) + [row for row in order if row not in right]
            lines = [line for row in read for line in told[row].lines]
            marked = np.array([row in right for row in read for _ in told[row].lines], dtype=bool)
            made.append(self._reading(question, lines, marked, fold_of(question)))
        return Kind("articles", [one for one in made if one], lexical.idf)

    def _laws(self) -> Kind:
        """Questions cut out of sentences of laws, among the articles around and others with the same words."""
        laws: dict[str, list[Record]] = {}
        for record in self._records("train_law_articles"):
            laws.setdefault(record["law"], []).append(record)
        chosen = self.chance.sample(sorted(laws), min(LAWS, len(laws)))
        articles = [record for law in chosen for record in laws[law] if record["article"]]
        told = [self._told(r["text"], f"{r['law']} {r['chapter']} {r['article']}") for r in articles]
        lexical = LexicalIndex.build([r["text"] for r in articles], [r["law"] for r in articles])
        words = [
            word
            for r in self.chance.sample(articles, min(1000, len(articles)))
            for word in rjieba.cut(r["text"])
        ]
        made = []
        for _ in range(self.about_laws if articles else 0):
            place = self.chance.randrange(len(articles))
            if asked := self._asked_of_law(told[place], articles[place], words):
                question, right = asked
                near = range(max(0, place - SIDE), min(len(articles), place + SIDE + 1))
                order = [int(row) for row in np.argsort(-lexical.scores(question))[:ARTICLES]]
                others = [row for row in dict.fromkeys([*near, *order]) if row != place]
                lines = [*told[place].lines, *(line for row in others for line in told[row].lines)]
                marked = np.concatenate([right, np.zeros(len(lines) - len(right), dtype=bool)])
                made.append(self._reading(question, lines, marked, fold_of(question)))
        return Kind("laws", [one for one in made if one], lexical.idf)

    def _asked_of_law(self, told: Told, article: Record, words: list[str]) -> tuple[str, np.ndarray] | None:
        """Return a question about one line of an article, and which of its lines answer it; None where none can be made."""
        row = self.chance.randrange(len(told.lines))
        text, kinds = article["text"], self.cloze.kinds_told(told.lines[row].text)
        right = np.arange(len(told.lines)) == row
        if self.chance.random() < UNTOLD:
            kinds = [kind for kind in KINDS if not kind.told.search(text)]
            right = np.zeros(len(told.lines), dtype=bool)
        question = self.cloze.ask(told.lines[row].text, self.chance.choice(kinds)) if kinds else ""
        if question and right.any() and self.chance.random() < EXCHANGED:
            question, right = (
                self.cloze.with_another(question, words, text),
                np.zeros(len(told.lines), dtype=bool),
            )
        if not question:
            return None
        return (article["law"] if self.chance.random() < NAMED else "") + question, right

    def _told(self, text: str, title: str) -> Told:
        spans = list(split_lines(text, self.chance.choice(LONGEST)))
        return Told(lines_of(text, spans, title), [start for start, _ in spans])

    def _reading(self, question: str, lines: Sequence[Line], right: np.ndarray, fold: int) -> Reading | None:
        """Return the reading, its answer taken out now and then; None where too little is left."""
        kept = np.flatnonzero(~right) if self.chance.random() < UNANSWERED else np.arange(len(lines))
        if len(kept) > MOST_LINES:  # the right ones stay
            rest = [row for row in kept if not right[row]]
            some = set(self.chance.sample(rest, max(0, MOST_LINES - int(right[kept].sum()))))
            kept = np.array([row for row in kept if right[row] or row in some][:MOST_LINES])
        if len(kept) < 2:
            return None
        return Reading(question, [lines[int(row)] for row in kept], right[kept], fold)


def written_kind(pack: Pack, encoder: Path) -> Kind:
    """Return the readings of a pack: each question with the lines that are read for it when it is asked.

    Those that the documents do not settle have no right line; wrong premises are left out.
    """
    set_models(pack.config, {"encoder": {"model": str(encoder.resolve())}})
    assistant = Assistant.open(pack.config)
    finder, made = assistant.evidence_finder, []
    for asked in pack.questions:
        if asked.spans and not asked.answered:
            continue
        query = assistant.parse(asked.text)
        read = finder.lines(query, assistant.holds(query.as_of))
        right = np.array(
            [asked.held_by(document, *one.span, share=HALF) for document, one in read], dtype=bool
        )
        others = np.flatnonzero(~right)[: max(0, MOST_READ - int(right.sum()))]
        kept = np.sort(np.concatenate([np.flatnonzero(right), others]))
        if len(kept) > 1 and (right[kept].any() or not asked.answered):
            lines = [read[row][1].line for row in kept]
            made.append(Reading(query.asked_text, lines, right[kept], pack.fold))
    return Kind(pack.name, made, assistant.index.lexical.idf)


def answering(record: Record, told: Told) -> np.ndarray:
    """Return bool (lines,): the line in which an answer begins, and those that hold one word for word."""
    ends = [start + len(line.text) for start, line in zip(told.starts, told.lines, strict=True)]
    begins = [
        any(start <= place < end for place in record["answer_starts"])
        for start, end in zip(told.starts, ends, strict=True)
    ]
    return np.array(begins, dtype=bool) | [_holds(record, line.text) for line in told.lines]


def _holds(record: Record, text: str) -> bool:
    return any(answer in text for answer in record["answers"])
