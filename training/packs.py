"""Public laws, policy documents and reports -> small corpora of 22 documents each, which training/questions asks about.

`training/questions/documents.json` names the documents of each corpus: a law's version by the keys of its records in
train_law_articles, a report by its title in train_gov_documents. Three laws of different places on one subject stand
side by side, as the rules of several offices do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from .records import Record, read_records

QUESTIONS = Path(__file__).with_name("questions")
LAW_KEYS = ("file", "repo", "law", "date")  # one version of one law
CONFIG = {
    "corpus": {"path": "corpus", "corrections": "corrections.yaml", "trash": "trash"},
    "index": {"path": "index"},
}


def write_packs(data: Path, out: Path, *, questions: Path = QUESTIONS) -> list[Path]:
    """Write each corpus to a folder of its own in `out`, with the config file that opens it; return these files.

    `questions` holds documents.json, `data` the files that this names documents of. Raises FileNotFoundError, and
    ValueError for a document that they do not hold.
    """
    listed = (questions / "documents.json").read_text(encoding="utf-8")
    wanted: list[list[dict[str, Any]]] = json.loads(listed)
    texts = _texts(data, {_key(entry) for pack in wanted for entry in pack})
    return [_write(out / str(number), pack, texts) for number, pack in enumerate(wanted)]


def set_models(config: Path, models: dict[str, dict[str, str]]) -> None:
    """Have a pack opened with other models: {"encoder": {"model": FOLDER}, …}."""
    config.write_text(yaml.safe_dump(CONFIG | models), encoding="utf-8")


def _key(entry: dict[str, Any]) -> tuple[str, ...]:
    if "file" in entry:
        return tuple(str(entry[key]) for key in LAW_KEYS)
    return (str(entry["title"]),)


def _texts(data: Path, wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return the text of each document wanted."""
    laws: dict[tuple[str, ...], list[Record]] = {}
    for record in read_records(data / "train_law_articles.jsonl.gz"):
        if (key := _key(record)) in wanted:
            laws.setdefault(key, []).append(record)
    texts = {key: "\n".join(_lines(str(key[0]), articles)) + "\n" for key, articles in laws.items()}
    reports = data / "train_gov_documents.jsonl.gz"
    for record in read_records(reports) if reports.exists() else ():
        if (key := (str(record["title"]),)) in wanted:
            texts[key] = f"{record['title']}\n{record['doc_no'] or ''}\n{record['text']}\n"
    if missing := wanted - set(texts):
        raise ValueError(f"{data}: {len(missing)} documents are not there, such as {' '.join(min(missing))}.")
    return texts


def _lines(title: str, articles: Sequence[Record]) -> Iterator[str]:
    """Yield title, headings where they change, and articles."""
    yield title
    above: list[str] = []
    for article in articles:
        headings = [heading.strip() for heading in (article["chapter"] or "").split(" / ") if heading.strip()]
        yield from (heading for heading in headings if heading not in above)
        above = headings
        yield (article["article"] + "\u3000" if article["article"] else "") + article["text"]


def _write(folder: Path, pack: list[dict[str, Any]], texts: dict[tuple[str, ...], str]) -> Path:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, entry in enumerate(pack):
        file, text = corpus / f"{number:02d}.txt", texts[_key(entry)]
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    config = folder / "config.yaml"
    if not config.exists():
        set_models(config, {})
    return config
