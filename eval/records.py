"""A gzip file of JSON lines in, its objects out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of the file, in order. Raises FileNotFoundError, ValueError for a line that is no JSON."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_asked(path: Path, most: int) -> list[str]:
    """Return the `question` of the first `most` objects."""
    return [record["question"] for record in islice(read_records(path), most)]
