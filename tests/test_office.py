"""Old Word files through LibreOffice: the same provisions as from text, and a clear word where there are none."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.document import Document
from ingest.readers import UnreadableFile, office, read_source
from ingest.readers.word_package import OLE
from ingest.structure import read_documents
from tests.reading import labels, read_one, texts
from tests.word_files import (
    CHAPTERS,
    FOOTNOTES,
    RULES,
    para,
    reference,
    rules_as_lists,
    run,
    table,
    write_docx,
)

PROGRAM = next(filter(None, map(shutil.which, office.PROGRAMS)), None)
needs_office = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice (soffice) is not installed")


def convert_to(folder: Path, made: Path, suffix: str) -> Path:
    """Return the file that LibreOffice makes of a .docx."""
    profile = (folder / "maker").as_uri()
    command = [
        str(PROGRAM),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        suffix,
        "--outdir",
    ]
    subprocess.run([*command, str(folder), str(made)], check=True, capture_output=True, timeout=120)
    return folder / f"{made.stem}.{suffix}"


def one(path: Path) -> Document:
    (found,) = read_documents(read_source(path, name=path.name)).documents
    return found


@needs_office
@pytest.mark.parametrize("suffix", ["doc", "odt"])
def test_rules_numbered_by_word_read_back_the_same_from_other_formats(tmp_path: Path, suffix: str) -> None:
    made = write_docx(tmp_path / "rules.docx", rules_as_lists(), numbering=CHAPTERS)
    path, typed = convert_to(tmp_path, made, suffix), read_one(RULES)
    found = one(path)
    assert labels(found) == labels(typed)
    assert texts(found) == texts(typed)
    assert [doubt.kind for doubt in read_source(path, name="rules").doubts] == ["renumbered"]


@needs_office
def test_tables_and_footnotes_of_a_doc_are_read_and_the_name_wps_is_no_hindrance(tmp_path: Path) -> None:
    body = para(run("一、落实“五安”") + reference(7) + run("要求。")) + table(["序号", "任务"], ["1", "修路"])
    made = write_docx(tmp_path / "file.docx", body, footnotes=FOOTNOTES)
    path = convert_to(tmp_path, made, "doc").rename(tmp_path / "file.wps")
    found = read_source(path, name="file.wps")
    assert found.encoding == "wps" and found.whole_lines
    assert found.text.split("\n") == [
        "一、落实“五安”<sup>1</sup>要求。", "<sup>1</sup> 指生产安全、生活安全等五个方面。", "序号\t任务", "1\t修路",
    ]  # fmt: skip


@needs_office
def test_two_files_are_converted_at_the_same_time(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.rtf" for n in range(2)]
    for n, path in enumerate(paths):
        path.write_bytes(
            b"{\\rtf1\\ansi\\ansicpg936 \\u31532 ?\\u19968 ?\\u26465 ? file " + str(n).encode() + b"}"
        )
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda path: read_source(path, name=path.name).text, paths))
    assert found == ["第一条 file 0", "第一条 file 1"]


@needs_office
@pytest.mark.parametrize("named", ["", "WordDocument"])
def test_a_broken_doc_is_refused_in_one_line(tmp_path: Path, named: str) -> None:
    path = tmp_path / "broken.doc"
    path.write_bytes(OLE + bytes(range(256)) * 40 + named.encode("utf-16-le"))
    with pytest.raises(UnreadableFile, match=r"damaged|no readable text|noise") as caught:
        read_source(path, name="broken.doc")
    assert "\n" not in str(caught.value)


def test_plain_text_under_the_name_doc_is_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "plain.doc"
    path.write_bytes("第一条 为了规范工作，制定本规则。".encode("gb18030"))
    assert read_source(path, name="plain.doc").text == "第一条 为了规范工作，制定本规则。"


@needs_office
def test_a_doc_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "SECONDS", 0.05)
    path = tmp_path / "slow.rtf"
    path.write_bytes(b"{\\rtf1 slow}")
    with pytest.raises(UnreadableFile, match="took more than"):
        read_source(path, name="slow.rtf")


def test_an_encrypted_doc_is_told_by_its_head(tmp_path: Path) -> None:
    head = OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le").ljust(512, b"\0")
    fib = (b"\xec\xa5\xc1\x00" + b"\0" * 6 + b"\x00\x01").ljust(512, b"\0")
    (tmp_path / "locked.doc").write_bytes(head + fib)
    (tmp_path / "new.doc").write_bytes(OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"))
    for name in ("locked.doc", "new.doc"):
        with pytest.raises(UnreadableFile, match="encrypted with a password"):
            read_source(tmp_path / name, name=name)


def test_a_docx_or_a_web_page_under_the_name_doc_needs_no_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    write_docx(tmp_path / "new.doc", para("第一条 甲。"))
    assert read_source(tmp_path / "new.doc", name="new.doc").text == "第一条 甲。"
    (tmp_path / "page.doc").write_text("<html><body><p>第一条 乙。</p></body></html>", encoding="gb18030")
    assert read_source(tmp_path / "page.doc", name="page.doc").text == "第一条 乙。"


def test_without_libreoffice_the_reason_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "old.doc").write_bytes(OLE + b"\0" * 2000 + "WordDocument".encode("utf-16-le"))
    with pytest.raises(UnreadableFile, match=r"libreoffice-writer-nogui.*save the file as \.docx"):
        read_source(tmp_path / "old.doc", name="old.doc")
