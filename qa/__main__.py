"""`python -m qa "…"`: one answer; `--batch IN.jsonl --out OUT.jsonl`: many."""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from config import ConfigError, load_config
from index.encoder import EncoderError
from index.store import IndexUnusable
from ingest.corpus import CorpusError
from qa.answer import ANSWERED, UNCLEAR, Answer, answer_to_json
from qa.assistant import Assistant
from qa.explain import explanation_as_text, explanation_to_json
from qa.history import read_turns


def main(argv: list[str] | None = None) -> int:
    """Return 0 when answered, 1 when no provision supports an answer, 2 on bad usage."""
    parser = argparse.ArgumentParser(
        prog="python -m qa", description="Ask the corpus; answers cite their provisions."
    )
    parser.add_argument("question", nargs="?", help="the question, in Chinese or English")
    parser.add_argument("--config", help="a config file (default: config.yaml)")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--explain", action="store_true", help="also say why this is the answer")
    parser.add_argument("--as-of", type=_day, help="answer as of this day: 2020-01-01")
    parser.add_argument("--batch", type=Path, help='a file of lines {"id", "question", "history"?, "as_of"?}')
    parser.add_argument("--out", type=Path, help="where --batch writes one JSON answer a line")
    args = parser.parse_args(argv)
    if bool(args.question) == bool(args.batch) or bool(args.batch) != bool(args.out):
        parser.error("give a question, or --batch IN.jsonl with --out OUT.jsonl")
    if args.explain and args.batch:
        parser.error("--explain goes with one question")
    try:
        load_config(args.config)
        assistant = Assistant.open(args.config)
    except (ConfigError, CorpusError, IndexUnusable, EncoderError) as error:
        print(error, file=sys.stderr)
        return 2
    if args.batch:
        return _batch(assistant, args.batch, args.out)
    try:
        answer = assistant.ask(args.question, as_of=args.as_of)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(_printed(assistant, answer, args))
    return 0 if answer.status in (ANSWERED, UNCLEAR) else 1


def _printed(assistant: Assistant, answer: Answer, args: argparse.Namespace) -> str:
    """Return what is printed of an answer: as text or JSON, with or without why it is the answer."""
    explanation = assistant.explain(answer, as_of=args.as_of) if args.explain else None
    if args.json:
        told = {"explanation": explanation_to_json(explanation)} if explanation else {}
        return json.dumps(answer_to_json(answer) | told, ensure_ascii=False, indent=2)
    return "\n\n".join([as_text(answer), *([explanation_as_text(explanation)] if explanation else [])])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2020-01-01") from error


def as_text(answer: Answer) -> str:
    """Return the answer as the terminal shows it: text, sources, notes."""
    lines = [answer.text]
    for citation in answer.citations:
        number = (
            f"（{citation.doc_no}）"
            if citation.doc_no
            else f"（{citation.issued_on}）"
            if citation.issued_on
            else ""
        )
        lines.append(f"〔{citation.marker}〕《{citation.title}》{number}{citation.label}")
    return "\n".join([*lines, *answer.notes])


def _batch(assistant: Assistant, source: Path, target: Path) -> int:
    """Answer every line of `source` in order; a bad line gets an error and the rest go on."""
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        print(f"{source}: cannot be read ({error})", file=sys.stderr)
        return 2
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    with ThreadPoolExecutor(os.cpu_count()) as pool, target.open("w", encoding="utf-8") as out:
        for answered in pool.map(lambda item: _answer_line(assistant, *item), numbered):
            out.write(json.dumps(answered, ensure_ascii=False) + "\n")
    return 0


def _answer_line(assistant: Assistant, number: int, line: str) -> dict[str, Any]:
    record: Any = None
    try:
        record = json.loads(line)
        history = read_turns(record.get("history") or [])
        as_of = date.fromisoformat(record["as_of"]) if record.get("as_of") else None
        question = record["question"]
        if not isinstance(question, str):
            raise TypeError("question must be a string")
        return answer_to_json(
            assistant.ask(question, history=history, as_of=as_of, id=str(record.get("id", "")))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = str(record.get("id", "")) if isinstance(record, dict) else ""
        return {"id": name, "line": number, "error": f"line {number}: {type(error).__name__}: {error}"}


if __name__ == "__main__":
    sys.exit(main())
