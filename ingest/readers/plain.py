"""A .txt or .md file in, its text out, or a one-line reason why there is none."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.source import SourceText, UnreadableFile

PROBE_CHARS = 60_000  # of each of the three samples: start, middle, end

NOISE_MIN_CHARS = 4000  # a shorter text is too little to tell noise by
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def read_text(path: Path, *, name: str) -> SourceText:
    """Return the text of a .txt or .md file in UTF-8 or GB18030; `name` is the path as reports call it.

    Raises UnreadableFile for an empty, binary, wrongly encoded or meaningless file.
    """
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableFile("the file is empty; remove it or put its text in.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(name, _decode(data, "utf-16"), "utf-16")
    if b"\x00" in data[:65536]:
        raise UnreadableFile("binary data, not text; save it as UTF-8 text (.txt or .md).")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return _checked(name, data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("neither UTF-8 nor GB18030; save it as UTF-8.")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"marked as {encoding} but cannot be decoded; save it as UTF-8.") from error


def _checked(name: str, text: str, encoding: str) -> SourceText:
    probe = _sample(text)
    controls = len(re.findall(r"[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]", probe))
    words = re.findall(r"[\u3400-\u9fff]|[A-Za-z]{2,}", probe)
    if controls > len(probe) / 100 or not words:
        raise UnreadableFile(f"no readable text (decoded as {encoding}); check the file and its encoding.")
    if encoding == "gb18030" and not _looks_chinese(probe):
        raise UnreadableFile("decoded as GB18030 it is no Chinese text; save it as UTF-8.")
    if len(probe) >= NOISE_MIN_CHARS and not _looks_written(probe):
        raise UnreadableFile(f"looks like noise, not language (decoded as {encoding}); check the file.")
    return SourceText(name, LINE_ENDS.sub("\n", text), encoding)


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


# The commonest characters make up over a tenth of any real Chinese text; bytes decoded wrongly show hardly any.
COMMON = set(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府"
)


def _looks_chinese(probe: str) -> bool:
    han = [char for char in probe if "\u4e00" <= char <= "\u9fff"]
    return bool(han) and sum(char in COMMON for char in han) > len(han) / 8
