"""`python -m ingest [PATH…]`: read the corpus and print its documents and what is doubtful; --dump writes provisions."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from config import ConfigError, load_config
from ingest.corpus import Corpus, CorpusError, read_corpus
from ingest.document import Document, Provision
from ingest.relations import ValidityIndex


def main(argv: list[str] | None = None) -> int:
    """Return 0, 1 when some files could not be read, 2 on bad usage."""
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Read documents and report what was found."
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="files or folders (default: corpus.path of the config)"
    )
    parser.add_argument("--config", help="a config file (default: config.yaml)")
    parser.add_argument(
        "--dump", type=Path, help="write every provision to this file, one JSON object a line"
    )
    args = parser.parse_args(argv)
    try:
        config = load_config(args.config)
        corpora = [read_corpus(path) for path in args.paths or [config.resolve(config.corpus.path)]]
    except (ConfigError, CorpusError) as error:
        print(error, file=sys.stderr)
        return 2
    if args.dump:
        with args.dump.open("w", encoding="utf-8") as out:
            for corpus in corpora:
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in provision_rows(corpus))
    for corpus in corpora:
        print("\n".join(report_lines(corpus)))
    return 1 if any(file.reason for corpus in corpora for file in corpus.files) else 0


def provision_rows(corpus: Corpus) -> Iterable[dict[str, Any]]:
    """Yield every provision as the dump writes it."""
    for document in corpus.documents:
        for provision in document.provisions:
            yield provision_row(document, provision)


def provision_row(document: Document, provision: Provision) -> dict[str, Any]:
    """Return one provision as a JSON object: `start`, `end` count in the cleaned text, `source_*` in the file."""
    return {
        "document_id": document.document_id,
        "doc_no": document.doc_no,
        "title": document.title,
        "issuer": document.issuer,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "label": provision.label,
        "path": list(provision.path),
        "text": provision.text,
        "start": provision.start,
        "end": provision.end,
        "source": document.source,
        "source_start": provision.source_start,
        "source_end": provision.source_end,
        "kind": provision.kind,
        "is_heading": provision.is_heading,
    }


def report_lines(corpus: Corpus) -> list[str]:
    """Return the report: a line a document, then what was skipped and what is doubtful."""
    validity = ValidityIndex(corpus.documents)
    lines = []
    for document in corpus.documents:
        state = validity.of(document, date.today())
        by = f" by {state.by}" if state.by else ""
        lines.append(
            f"{document.doc_no or '(no number)'}  {document.issued_on or '(no date)'}  "
            f"{len(document.provisions):4} provisions  {state.status}{by}  {document.title}"
        )
    lines.append(
        f"{len(corpus.documents)} documents from {sum(1 for f in corpus.files if not f.reason)} files"
    )
    lines += [f"skipped {file.path}: {file.reason}" for file in corpus.files if file.reason]
    lines += [f"doubtful {file.path}: {doubt}" for file in corpus.files for doubt in file.doubts]
    return lines


if __name__ == "__main__":
    sys.exit(main())
