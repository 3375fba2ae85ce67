"""A folder of gzip JSON-lines files -> records, held-out slices and fingerprints."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def read_records(path: Path) -> Iterator[Record]:
    """Yield the JSON objects of one gzip JSON-lines file, in order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def is_held_out(text: str, *, one_in: int) -> bool:
    """True for about one text in `one_in`, the same ones on every run and machine."""
    return zlib.crc32(text.encode("utf-8")) % one_in == 0


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
