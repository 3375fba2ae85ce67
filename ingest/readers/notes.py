"""Footnotes as every reader hands them over: `<sup>n</sup>` behind the word, `<sup>n</sup> text` on a line below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.tidy import SUPERSCRIPT

RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
TYPED_NOTE = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*(?=\S)")
UNIT = re.compile(r"(?:[kcdm]?m|米)$")  # 12m²: a power, no mark
POWER = re.compile(rf"(?:{UNIT.pattern}|\d$)")  # 10³
MOST_NOTES = 999  # the marks that ingest.footnotes reads have three digits


def raised(text: str) -> str:
    """Return superscript text: digits as superscript characters, anything else as it is."""
    return text.translate(SUPERSCRIPT) if text.strip().isdigit() else text


class Notes:
    """Numbers the notes of one file in the order of their marks; `waiting` are lines to put below the paragraph."""

    def __init__(self) -> None:
        self.count = 0
        self.waiting: list[str] = []

    def add(self, text: str, *, before: str, inline: bool = False) -> str:
        """Return what stands for the mark in the sentence: a numbered mark, or the note itself where none can stand.

        No mark can stand in a table row (`inline`), nor where it would be read as a power (`before`: the text so far).
        """
        text = re.sub(r"\s+", " ", text).strip()
        if not text:
            return ""
        if inline or self.count >= MOST_NOTES or UNIT.search(before):
            return f"（注：{text}）"
        self.count += 1
        self.waiting.append(f"<sup>{self.count}</sup> {text}")
        return f"<sup>{self.count}</sup>"

    def take(self) -> list[str]:
        """Return the lines that wait, and wait for others."""
        lines, self.waiting = self.waiting, []
        return lines


def tie_typed_notes(lines: Sequence[str]) -> list[str]:
    """Return the lines with footnotes that were typed by hand (a raised digit, a line below that begins with it) tied.

    They are numbered anew, for they may begin from 1 on every page. A raised digit without a note stays what it is.
    """
    out, count = list(lines), 0
    for index, line in enumerate(lines):
        match = TYPED_NOTE.match(line)
        if not match or "\t" in line:
            continue
        place = _find_raised(out, match[1], index)
        if place is None:
            continue
        count += 1
        host, start = place
        out[host] = f"{out[host][:start]}<sup>{count}</sup>{out[host][start + len(match[1]) :]}"
        out[index] = f"<sup>{count}</sup> {out[index][match.end() :]}"
    return out


def _find_raised(lines: Sequence[str], mark: str, before: int) -> tuple[int, int] | None:
    for index in range(before - 1, max(-1, before - 100), -1):
        for match in RAISED.finditer(lines[index]):
            if match[0] == mark and match.start() and not POWER.search(lines[index][: match.start()]):
                return (index, match.start()) if "\t" not in lines[index] else None
    return None
