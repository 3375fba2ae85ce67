"""The report that `python -m eval` wrote in, checked; held-out questions, if it held any, left out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

FILE = "report.json"
HELD_OUT_PREFIX = "heldout"


class ReportError(ValueError):
    """The file is no report; the message says what is wrong."""


class Summary(msgspec.Struct):
    """The figures of a group of questions."""

    questions: int
    figures: dict[str, float | None]
    wrong_refusals: int = 0
    wrongly_answered: int = 0
    errors: int = 0
    citations: int = 0
    unverified: int = 0
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    length_p50: float | None = None


class Asked(msgspec.Struct):
    """One open question and how it was answered."""

    id: str
    question: str
    file: str
    expected_status: str
    status: str
    text: str
    failures: list[str]
    history: list[str] = []


class Made(msgspec.Struct):
    """When the report was made, and of which index."""

    at: datetime
    index_build: str
    corpus: str


class Report(msgspec.Struct):
    """The whole report."""

    overall: dict[str, Summary]
    by_type: dict[str, Summary]
    by_style: dict[str, Summary]
    by_language: dict[str, Summary]
    by_file: dict[str, Summary]
    questions: list[Asked]
    made: Made | None = None

    @property
    def failed(self) -> list[Asked]:
        return [asked for asked in self.questions if asked.failures]

    def group(self, name: str) -> dict[str, Summary]:
        found: dict[str, Summary] = getattr(self, f"by_{name}")
        return found


def read_report(folder: Path) -> Report | None:
    """Return the report of a folder, None where there is none. Raises ReportError."""
    try:
        data = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReportError(str(error)) from error
    try:
        report = msgspec.json.decode(data, type=Report)
    except msgspec.DecodeError as error:
        raise ReportError(str(error)) from error
    if "all" not in report.overall:
        raise ReportError("its figures of all questions are missing")
    report.questions = [a for a in report.questions if not a.file.startswith(HELD_OUT_PREFIX)]
    return report


def count_of(summary: Summary, name: str) -> Any:
    """Return one of the counts of a summary."""
    return getattr(summary, name)
