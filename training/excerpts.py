"""A pack -> excerpts of it: corpora of a few dozen provisions, as an office begins with, and what is asked about them.

In a small corpus words are rare that are common in a large one, and few passages stand beside the right one: what weighs
evidence must know both sizes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.corpus import read_corpus
from ingest.document import Document

from .written import Pack, cited_in, find_words, read_questions

EXCERPTS = 8  # of a pack
DOCUMENTS = (1, 2, 3)  # of an excerpt
PROVISIONS = (6, 12, 24)  # of a document in it, below its title and number
OUT = 0.15  # share kept of the questions whose answer is left out
NEVER = 0.02  # share kept of those that the pack does not answer
FOLDER, QUESTIONS = "excerpts", "questions.jsonl"


def write_excerpts(folder: Path, documents: Sequence[Document], questions: Path) -> list[Path]:
    """Write excerpts of the documents of a pack into its `folder`, each with those of its questions that concern it.

    Return their config files, still to be written; `questions.jsonl` beside each holds the questions, where one whose
    answer is left out is one that is not found.
    """
    records = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(questions.stem)
    folders = [folder / FOLDER / str(number) for number in range(EXCERPTS)]
    return [_write(one, documents, records, chance) / "config.yaml" for one in folders]


def read_excerpts(pack: Pack) -> list[Pack]:
    """Return the excerpts that were written of a pack, each a pack of the same number."""
    out = []
    for config in sorted((pack.config.parent / FOLDER).glob("*/config.yaml")):
        documents = tuple(read_corpus(config.parent / "corpus").documents)
        out.append(
            Pack(pack.number, config, documents, tuple(read_questions(config.parent / QUESTIONS, documents)))
        )
    return out


def _write(
    folder: Path, documents: Sequence[Document], records: Sequence[dict[str, Any]], chance: random.Random
) -> Path:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    chosen = chance.sample(documents, min(len(documents), chance.choice(DOCUMENTS)))
    texts = {document.document_id: _part(document, chance) for document in chosen}
    for number, text in enumerate(texts.values()):
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    for number in range(len(texts), max(DOCUMENTS)):  # of an earlier writing
        (corpus / f"{number}.txt").unlink(missing_ok=True)
    read = {document.document_id for document in read_corpus(corpus).documents}
    # Alone, some titles are read otherwise.
    known = {name: text for name, text in texts.items() if name in read}
    lines = (json.dumps(record, ensure_ascii=False) for record in _asked(records, known, chance))
    (folder / QUESTIONS).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


def _part(document: Document, chance: random.Random) -> str:
    starts = [provision.start for provision in document.provisions if provision.parent is None]
    size = chance.choice(PROVISIONS)
    first = chance.randrange(max(1, len(starts) - size))
    end = starts[first + size] if first + size < len(starts) else len(document.text)
    text = document.text[starts[first] : end] if starts else document.text
    return "\n".join([document.title, document.doc_no or "", text]) + "\n"


def _asked(
    records: Sequence[dict[str, Any]], texts: dict[str, str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Yield the questions that concern these texts."""
    for record in records:
        cited = cited_in(record)
        if cited in texts and any(find_words(texts[cited], record["quote"])):
            yield record
        elif (cited in texts and chance.random() < OUT) or (not cited and chance.random() < NEVER):
            yield record | {"status": "not_found", "facts": [], "citations": [], "quote": ""}
