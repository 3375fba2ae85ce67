"""A .txt or .md file in, its text out, or a one-line reason why there is none."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from ingest.readers.characters import share_of_common
from ingest.readers.source import SourceText, UnreadableFile

PROBE_CHARS = 60_000  # of each of the three samples: start, middle, end
PROBE_BYTES = 60_000  # the same, for telling encodings apart
HAN_ENCODINGS = ("gb18030", "big5hkscs", "cp950")

NOISE_MIN_CHARS = 4000  # a shorter text is too little to tell noise by
LEAST_COMMON = 1 / 8  # of the Chinese characters of a text: bytes decoded wrongly show hardly any
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def read_text(path: Path, *, name: str) -> SourceText:
    """Return the text of a .txt or .md file in UTF-8, GB18030 or Big5; `name` is the path as reports call it.

    Raises UnreadableFile for an empty, binary, wrongly encoded or meaningless file.
    """
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableFile("the file is empty; remove it or put its text in.")
    text, encoding = decode_text(data)
    if encoding in HAN_ENCODINGS and not _looks_chinese(_sample(text)):
        shown = "GB18030" if encoding == "gb18030" else "Big5"
        raise UnreadableFile(f"decoded as {shown} it is no Chinese text; save it as UTF-8.")
    check_readable(text, f"decoded as {encoding}")
    return SourceText(name, LINE_ENDS.sub("\n", text), encoding)


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text of a file's bytes and the encoding it was found to be in: by its mark, as UTF-8, by its characters.

    Raises UnreadableFile for binary data and for bytes that are no text in any of the encodings.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode(data, "utf-16"), "utf-16"
    if b"\x00" in data[:65536]:
        raise UnreadableFile("binary data, not text; save it as UTF-8 text (.txt or .md).")
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig"), "utf-8-sig"
    for encoding in rank_encodings(data):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding), encoding
    raise UnreadableFile("neither UTF-8 nor GB18030 nor Big5; save it as UTF-8.")


def rank_encodings(data: bytes) -> list[str]:
    """Return the Chinese encodings, first the one in which `data` shows the most of the common characters."""
    middle = len(data) // 2
    pieces = [data]
    if len(data) > 3 * PROBE_BYTES:
        pieces = [data[:PROBE_BYTES], data[middle : middle + PROBE_BYTES], data[-PROBE_BYTES:]]

    def score(encoding: str) -> float:
        return share_of_common("".join(piece.decode(encoding, "replace") for piece in pieces))

    big5 = ["big5hkscs", "cp950"]  # nearly the same; the second only where Windows' own additions are used
    return [*big5, "gb18030"] if score("big5hkscs") > score("gb18030") else ["gb18030", *big5]


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"marked as {encoding} but cannot be decoded; save it as UTF-8.") from error


def check_readable(text: str, how: str) -> None:
    """Raise UnreadableFile for control characters, for text without words and for long noise; `how` it was read."""
    probe = _sample(text)
    controls = len(re.findall(r"[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]", probe))
    words = re.findall(r"[\u3400-\u9fff]|[A-Za-z]{2,}", probe)
    if controls > len(probe) / 100 or not words:
        raise UnreadableFile(f"no readable text ({how}); check the file and its encoding.")
    if len(probe) >= NOISE_MIN_CHARS and not _looks_written(probe):
        raise UnreadableFile(f"looks like noise, not language ({how}); check the file.")


def _sample(text: str) -> str:
    if len(text) <= 3 * PROBE_CHARS:
        return text
    middle = len(text) // 2
    return text[:PROBE_CHARS] + text[middle : middle + PROBE_CHARS] + text[-PROBE_CHARS:]


def _looks_written(text: str) -> bool:
    """Say whether a long text is language: common characters where it is Chinese, vowels and spaces where it is not."""
    if len(set(text)) < 30:
        return False
    han = len(re.findall(r"[\u3400-\u9fff]", text))
    letters = re.findall(r"[A-Za-z]", text)
    if han * 4 >= len(letters):
        return han >= len(text) / 20 and (_looks_chinese(text) or "\t" in text)
    vowels = sum(letter in "aeiouAEIOU" for letter in letters)
    spaces = len(re.findall(r"\s", text))
    return 0.28 <= vowels / len(letters) <= 0.55 and spaces >= len(text) / 40


def _looks_chinese(probe: str) -> bool:
    return share_of_common("".join(re.findall(r"[\u4e00-\u9fff]+", probe))) > LEAST_COMMON
