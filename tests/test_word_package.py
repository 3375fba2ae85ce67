"""Files under the name .docx that are no readable Word document: a clear word for each."""

import zipfile
from pathlib import Path

import pytest

from ingest.readers import UnreadableFile, read_source
from tests.word_files import lines, para, write_docx


def refused(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_source(path, name=path.name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_encrypted_old_and_renamed_files_get_a_clear_word(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    files = {
        "encrypted": ole + "EncryptedPackage".encode("utf-16-le"), "old": ole + "WordDocument".encode("utf-16-le"),
        "rtf": b"{\\rtf1 abc}", "text": "第一条".encode(), "damaged": b"PK\x03\x04" + b"\1" * 300,
    }  # fmt: skip
    said = {}
    for name, data in files.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
        said[name] = refused(tmp_path / f"{name}.docx")
    assert "password" in said["encrypted"] and "rename it to .doc" in said["old"]
    assert "RTF" in said["rtf"] and "no Word document" in said["text"] and "damaged" in said["damaged"]


def test_a_zip_that_is_no_word_file_and_a_cut_one_get_a_clear_word(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "zip.docx", "w") as archive:
        archive.writestr("a.txt", "甲")
    assert "no Word document" in refused(tmp_path / "zip.docx")
    data = write_docx(tmp_path / "whole.docx", para("甲" * 5000)).read_bytes()
    (tmp_path / "cut.docx").write_bytes(data[: len(data) // 2])
    assert "damaged" in refused(tmp_path / "cut.docx")


def test_a_workbook_under_the_name_docx_is_named(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", "")
    book = tmp_path / "book.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("word/document", "xl/workbook"), old.read(name).replace(b"word/document", b"xl/workbook"))  # fmt: skip
    assert "no Word document (xl/workbook.xml)" in refused(book)


def test_a_file_of_pictures_only_says_so(tmp_path: Path) -> None:
    body = para("<w:r><w:drawing><pic:pic/></w:drawing></w:r>") * 2
    assert "only 2 pictures" in refused(write_docx(tmp_path / "a.docx", body))
    assert "without text" in refused(write_docx(tmp_path / "b.docx", para("")))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "bomb.docx", "<!--" + " " * (101 * 2**20) + "-->")
    assert path.stat().st_size < 2**20
    assert "unpacks to more than 100 MB" in refused(path)


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", para("甲"))
    evil = tmp_path / "evil.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"?>", b'?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>', 1)
                data = data.replace("甲".encode(), b"&x;")
            new.writestr(name, data)
    assert "document type" in refused(evil)


def test_deep_nesting_does_not_overflow(tmp_path: Path) -> None:
    deep = "<w:sdt><w:sdtContent>" * 110 + para("甲") + "</w:sdtContent></w:sdt>" * 110
    assert lines(tmp_path, deep) == ["甲"]
