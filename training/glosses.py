"""CC-CEDICT records -> for each Chinese word the English words that may stand for it in a question."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .records import Record

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}")
_USELESS = re.compile(
    r"^(surname|variant of|old variant|erhua variant|see |see also|cl:|abbr\.? |used in|also written|"
    r"japanese variant|also pr|taiwan pr|pinyin|radical|place name|archaic variant|loanword)",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(to be|to|a|an|the|sb|sth)\s+", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST_GLOSS = 5  # words; longer ones explain, they do not translate


def clean_gloss(raw: str) -> str:
    """Return the gloss without brackets, "to" and articles; "" for notes on usage and for explanations."""
    if _USELESS.search(raw):
        return ""
    gloss = " ".join(_BRACKETS.sub(" ", raw).split(";")[0].split())
    gloss = _LEADING.sub("", gloss)
    return "" if _HAN.search(gloss) or len(gloss.split()) > _LONGEST_GLOSS else gloss


def gloss_table(records: Iterable[Record], *, most: int = 4) -> dict[str, list[str]]:
    """Return up to `most` different glosses for each simplified word, in the dictionary's order."""
    table: dict[str, list[str]] = {}
    for record in records:
        known = table.setdefault(record["zh"], [])
        for raw in record["en"]:
            gloss = clean_gloss(raw)
            if gloss and gloss not in known and len(known) < most:
                known.append(gloss)
    return {word: glosses for word, glosses in table.items() if glosses}
