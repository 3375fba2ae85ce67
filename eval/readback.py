"""`python -m eval.readback --data DIR`: write laws to files, read the files back, count what came back right.

Right is an article whose label, chapter and text are the record's, all three; text is compared without white space
(that of no width included), and nothing else is left out of account. All records count: also those that are cut in
the wrong place, and those without a label. DIR holds train_law_articles.jsonl.gz, one JSON object an article: law, chapter (headings
parted by " / "), article, text, date, file, repo.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from eval.laws import FILE_NAME, Law, sample_laws
from eval.layouts import TEXT_LAYOUTS, plain
from eval.peak import Measured, measured
from eval.printed import ToolMissing, chromium, convert_to_pdf, has_office, print_pdf, scan_pdf, write_docx
from eval.readings import ArticleReading, character_errors, compare_law
from ingest.corpus import Corpus, corpus_fingerprint, read_corpus
from ingest.document import Document
from ingest.progress import reading_bar

LAYOUTS = (*TEXT_LAYOUTS, "docx", "pdf", "scan")
LAWS = {"docx": 200, "pdf": 200, "scan": 5}  # all of them in the layouts of text
MINIMUM = {**dict.fromkeys(TEXT_LAYOUTS, 0.998), "docx": 0.995, "pdf": 0.995}  # right articles
MAX_CHARACTER_ERROR = 0.02  # of scans
SHOWN = 300  # characters of a failure's text in the report
SEED = 2026
NOTES = """\
Every record counts: articles, and text outside the articles (no label): preambles, lists, cases.
Text is compared without white space. The chapter is the record's; where the records hold a heading as text (附则 as the
last line of an article, a heading cut in two), what stands below it is right below that heading. "by the field": all three
by the record's chapter field alone."""


@dataclass
class Readback:
    """What came of one layout."""

    layout: str
    laws: int = 0  # titles; a law may have several versions
    files: int = 0
    articles: int = 0
    label: int = 0
    chapter: int = 0
    text: int = 0
    right: int = 0
    as_recorded: int = 0  # right by the record's own chapter, also where that is cut or misplaced
    bytes: int = 0  # of the laws' text in UTF-8
    characters: int = 0
    wrong_characters: int | None = None  # of scans: the edit distance
    unread: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, object]] = field(default_factory=list)
    seconds: float = 0.0
    look_seconds: float = 0.0  # that telling an unchanged corpus takes
    peak_bytes: int = 0

    @property
    def share(self) -> float:
        return self.right / self.articles if self.articles else 0.0

    @property
    def character_error(self) -> float | None:
        return None if self.wrong_characters is None else self.wrong_characters / max(1, self.characters)

    @property
    def passed(self) -> bool:
        if self.character_error is not None:
            return self.character_error < MAX_CHARACTER_ERROR
        return self.share >= MINIMUM[self.layout]

    def add(self, law: Law, readings: Sequence[ArticleReading]) -> None:
        """Count the records of one law."""
        for reading in readings:
            self.articles += 1
            self.label += reading.label
            self.chapter += reading.chapter
            self.text += reading.text
            self.right += reading.right
            self.as_recorded += reading.as_recorded
            if not reading.right:
                self.kinds[reading.kind] += 1
                self.failures.append(_failure(law, reading))


def _failure(law: Law, reading: ArticleReading) -> dict[str, object]:
    article = reading.article
    return {
        "law": law.title, "file": law.name, "label": article.label, "chapter": " / ".join(article.path),
        "kind": reading.kind, "recorded": article.text[:SHOWN], "recorded_end": article.text[-40:],
        "read_chapter": " / ".join(reading.path), "read": reading.found[:SHOWN], "read_end": reading.found[-40:],
    }  # fmt: skip


def read_back(layout: str, laws: Callable[[], Iterator[Law]], *, seed: int, folder: Path) -> Readback:
    """Return what came of writing `laws` to files below `folder` and reading them; `laws` is called twice."""
    files = folder / layout
    files.mkdir()
    result = Readback(layout)
    titles = set()
    for law in _written(layout, laws(), files, seed=seed):
        titles.add(law.title)
        result.files += 1
        result.bytes += len(plain(law, random.Random(seed)).encode())
    result.laws = len(titles)
    with measured() as peak, reading_bar() as show:
        corpus = read_corpus(files, progress=show)
    with measured() as look:
        corpus_fingerprint(files)
    result.look_seconds = look.seconds
    _score(result, laws(), corpus, peak)
    return result


def _score(result: Readback, laws: Iterator[Law], corpus: Corpus, peak: Measured) -> None:
    result.seconds, result.peak_bytes = peak.seconds, peak.bytes
    result.unread = [f"{report.path}: {report.reason}" for report in corpus.files if report.reason]
    documents = documents_by_file(corpus)
    for law in laws:
        found = documents.get(law.name, [])
        result.add(law, compare_law(law, found))
        if result.layout == "scan":
            wrong, characters = character_errors(law, found)
            result.wrong_characters = (result.wrong_characters or 0) + wrong
            result.characters += characters


def documents_by_file(corpus: Corpus) -> dict[str, list[Document]]:
    """Return each file's documents by its name without suffix.

    A file whose text stands in another one too is left out of the corpus: it has that file's documents.
    """
    found: dict[str, list[Document]] = {}
    for document in corpus.documents:
        found.setdefault(Path(document.source).stem, []).append(document)
    for report in corpus.files:
        for doubt in report.doubts:
            if doubt.kind == "duplicate":
                twin = Path(doubt.text.rpartition("(")[2].rstrip(")")).stem
                found.setdefault(Path(report.path).stem, []).extend(found.get(twin, []))
    return found


# --- writing ---


def _written(layout: str, laws: Iterator[Law], folder: Path, *, seed: int) -> Iterator[Law]:
    """Write each law to a file of its own; yield it then."""
    writers = {"docx": _write_word, "pdf": _write_pdf, "scan": _write_scans}
    if layout in TEXT_LAYOUTS:
        for law in laws:
            text = TEXT_LAYOUTS[layout](law, _dice(seed, law))
            (folder / f"{law.name}.txt").write_text(text, encoding="utf-8", newline="\n")
            yield law
    else:
        yield from writers[layout](laws, folder, seed)


def _dice(seed: int, law: Law) -> random.Random:
    return random.Random(f"{seed} {law.name}")


def _write_word(laws: Iterator[Law], folder: Path, seed: int) -> Iterator[Law]:
    for law in laws:
        write_docx(law, folder / f"{law.name}.docx", _dice(seed, law))
        yield law


def _write_pdf(laws: Iterator[Law], folder: Path, seed: int) -> Iterator[Law]:
    """Print every other law by Chromium, the others by LibreOffice where it is there."""
    office = has_office()
    with tempfile.TemporaryDirectory() as aside, chromium() as browser:
        words = []
        for number, law in enumerate(laws):
            if office and number % 2:
                words.append(Path(aside) / f"{law.name}.docx")
                write_docx(law, words[-1], _dice(seed, law))
            else:
                print_pdf(law, folder / f"{law.name}.pdf", _dice(seed, law), browser)
            yield law
        if words:
            convert_to_pdf(words, folder)


def _write_scans(laws: Iterator[Law], folder: Path, seed: int) -> Iterator[Law]:
    with tempfile.TemporaryDirectory() as aside, chromium() as browser:
        for law in laws:
            dice = _dice(seed, law)
            printed = Path(aside) / f"{law.name}.pdf"
            print_pdf(law, printed, dice, browser)
            scan_pdf(printed, folder / printed.name, dice)
            yield law


# --- the report ---

HEADS = (
    "layout", "laws", "files", "articles", "label", "chapter", "text", "all three", "by the field", "MB/s", "peak MB",
    "seconds", "look s", "bar",
)  # fmt: skip


def render_table(results: Sequence[Readback]) -> str:
    """Return the figures as a table of plain text."""
    rows = [HEADS, *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def _row(result: Readback) -> tuple[str, ...]:
    def share(count: int) -> str:
        return f"{count / max(1, result.articles):.3%}"

    if result.character_error is not None:
        bar = f"character error {result.character_error:.2%}, below {MAX_CHARACTER_ERROR:.0%}"
    else:
        bar = f"at least {MINIMUM[result.layout]:.1%}"
    return (
        result.layout, str(result.laws), str(result.files), str(result.articles), share(result.label),
        share(result.chapter), share(result.text), share(result.right), share(result.as_recorded),
        f"{result.bytes / 1e6 / max(result.seconds, 1e-9):.2f}", f"{result.peak_bytes / 1e6:.0f}",
        f"{result.seconds:.1f}", f"{result.look_seconds:.2f}", f"{bar}: {'passed' if result.passed else 'MISSED'}",
    )  # fmt: skip


def render_failures(result: Readback) -> str:
    """Return how many records of each kind did not come back right, with one of each."""
    if not result.kinds and not result.unread:
        return f"{result.layout}: all {result.articles} records came back right."
    lines = [
        f"{result.layout}: {result.articles - result.right} of {result.articles} records did not come back right:"
    ]
    for kind, count in result.kinds.most_common():
        example = next(failure for failure in result.failures if failure["kind"] == kind)
        place = " ".join(filter(None, (str(example["law"]), str(example["chapter"]), str(example["label"]))))
        lines.append(f"{count:7}  {kind}, as in {place}")
    return "\n".join([*lines, *(f"         not read: {line}" for line in result.unread[:10])])


def write_report(results: Sequence[Readback], out: Path) -> Path:
    """Write readback.json: the figures of each layout, and every record that did not come back right."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "readback.json"
    rows = []
    for result in results:
        rows.append(
            {**asdict(result), "share": result.share, "character_error": result.character_error,
             "passed": result.passed, "kinds": dict(result.kinds.most_common())}
        )  # fmt: skip
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


# --- the command ---


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 when every bar is met, 1 when one is missed, 2 on bad usage or a missing file or tool."""
    options = _parser().parse_args(argv)
    if not (options.data / FILE_NAME).is_file():
        print(
            f"python -m eval.readback: no {FILE_NAME} in {options.data}; name its folder with --data.",
            file=sys.stderr,
        )
        return 2
    layouts = LAYOUTS if options.layout == "all" else (options.layout,)
    results = []
    for layout in layouts:
        count = options.laws or LAWS.get(layout)

        def laws(count: int | None = count) -> Iterator[Law]:
            return sample_laws(options.data, count, seed=options.seed)

        try:
            with tempfile.TemporaryDirectory(prefix="readback-") as folder:
                results.append(read_back(layout, laws, seed=options.seed, folder=Path(folder)))
        except ToolMissing as error:
            print(f"python -m eval.readback: {error}", file=sys.stderr)
            return 2
        print(render_failures(results[-1]), flush=True)
    print("\n" + render_table(results))
    print(NOTES)
    if options.out:
        print(f"Report: {write_report(results, options.out)}", file=sys.stderr)
    return 0 if all(result.passed for result in results) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.readback",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=f"the folder of {FILE_NAME}")
    parser.add_argument("--layout", choices=(*LAYOUTS, "all"), default="all", help="default: all of them")
    parser.add_argument(
        "--laws",
        type=int,
        metavar="N",
        help="so many, drawn by the seed (default: all; docx, pdf 200; scan 5)",
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where readback.json goes (default: nowhere)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
