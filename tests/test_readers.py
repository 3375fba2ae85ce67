"""Bytes into text, or one line that says why not."""

import os
import random
import string
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.readers import UnreadableFile, read_source
from ingest.readers.source import MAX_BYTES

TRADITIONAL = "第一條 為了規範政府工作，根據有關法律，結合本區實際，制定本規則。\n第二條 區政府全體會議每半年召開一次。\n"
CHINESE = "第一条 为了规范工作，根据法律，制定本规则。\n第二条 区政府全体会议一般每半年召开一次。\n"


def _read(folder: Path, data: bytes, name: str = "file.txt") -> str:
    path = folder / name
    path.write_bytes(data)
    return read_source(path, name=name).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    assert _read(tmp_path, CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "big5hkscs", "cp950", "gb18030", "gbk"])
@pytest.mark.parametrize("times", [1, 50, 5000])
def test_traditional_text_is_read_in_its_encoding(tmp_path: Path, encoding: str, times: int) -> None:
    assert _read(tmp_path, (TRADITIONAL * times).encode(encoding)) == TRADITIONAL * times


@pytest.mark.parametrize("sentence", ["會議每週召開。", "由區長主持", "經費由市財政負擔"])
def test_a_few_words_are_enough_to_tell_big5(tmp_path: Path, sentence: str) -> None:
    assert _read(tmp_path, sentence.encode("big5")) == sentence
    assert _read(tmp_path, sentence.encode("gb18030")) == sentence


def test_characters_of_hong_kong_and_of_windows_are_read(tmp_path: Path) -> None:
    hong_kong, windows = "第一條 灣仔𨋢及深水埗嘅規定。", "第一條 費用以歐元€計算。"
    assert _read(tmp_path, hong_kong.encode("big5hkscs")) == hong_kong
    assert _read(tmp_path, windows.encode("cp950")) == windows


def test_reading_text_loads_no_library_for_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CHINESE, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from ingest.readers import read_source; "
        f"read_source(Path({str(tmp_path / 'a.txt')!r}), name='a'); "
        "print([name for name in ('lxml', 'docx', 'subprocess', 'email') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_one_newline(tmp_path: Path, end: str) -> None:
    assert _read(tmp_path, f"第一条 甲乙。{end}第二条 丙丁。".encode()) == "第一条 甲乙。\n第二条 丙丁。"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"PK\x03\x04" + b"\x00" * 50, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("Voilà déjà où il était né, à côté du café. ".encode("latin-1") * 200, "neither UTF-8 nor GB18030"),
        (CHINESE.encode("utf-16-le"), "binary"),
        (b"\xff\xfe\x00", "utf-16"),
        (b"12345 67890 . , ; " * 400, "no readable text"),
    ],
)
def test_unreadable_bytes_get_a_reason_of_one_line(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        _read(tmp_path, data)
    assert "\n" not in str(caught.value)


def test_gb18030_bytes_that_are_no_chinese_are_refused(tmp_path: Path) -> None:
    rare = "".join(chr(code) for code in range(0x9000, 0x9200))
    with pytest.raises(UnreadableFile, match="no Chinese text"):
        _read(tmp_path, rare.encode("gb18030"))


@pytest.mark.parametrize("kind", ["bytes", "no zero bytes", "printable", "characters"])
def test_50_mb_of_noise_is_refused_within_seconds(tmp_path: Path, kind: str) -> None:
    rng, size = random.Random(5), 50 * 2**20
    if kind == "bytes":
        data = os.urandom(size)
    elif kind == "no zero bytes":
        data = os.urandom(size).replace(b"\0", b"\1")
    elif kind == "printable":
        data = "".join(rng.choices(string.printable, k=2**20)).encode() * 50
    else:
        data = "".join(chr(rng.randrange(0x4E00, 0x9FFF)) for _ in range(2**16)).encode() * (
            size // (3 * 2**16)
        )
    start = time.perf_counter()
    with pytest.raises(UnreadableFile) as caught:
        _read(tmp_path, data)
    assert time.perf_counter() - start < 5
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_a_file_beyond_the_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableFile, match="more than 200 MB"):
        read_source(path, name="big.txt")


def test_noise_behind_a_good_beginning_is_noticed(tmp_path: Path) -> None:
    noise = "".join(random.Random(6).choices(string.ascii_letters + string.digits, k=2_000_000))
    with pytest.raises(UnreadableFile, match="noise"):
        _read(tmp_path, (CHINESE * 200 + noise).encode())


def test_a_long_english_text_is_language(tmp_path: Path) -> None:
    text = "The committee shall meet once a week and report to the district government. " * 100
    assert _read(
        tmp_path, (text + "A quick brown fox jumps over the lazy dog, 1234567890.").encode()
    ).startswith("The committee")
