"""A folder of files into a corpus: nothing lost, every bad file with its reason."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from ingest.__main__ import main
from ingest.corpus import CorpusError, corpus_fingerprint, list_files, read_corpus
from ingest.progress import Progress

RULES = "甲区人民政府\n关于印发《甲区工作规则》的通知\n甲政发〔2023〕2号\n各单位：\n现将《甲区工作规则》印发给你们。\n甲区人民政府\n2023年2月15日\n甲区工作规则\n第一条 区政府常务会议每周召开一次。\n第二条 会议由区长召集。\n"


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_bad_files_get_a_reason_and_the_others_are_all_read(tmp_path: Path) -> None:
    write(tmp_path, "规则.txt", RULES)
    write(tmp_path, "空.txt", "")
    write(tmp_path, "图.txt", b"\x89PNG\r\n\x1a\n\x00\x00")
    write(tmp_path, "安装.exe", b"MZ\x90\x00")
    write(tmp_path, "无后缀", "文字")
    write(tmp_path, "拉丁.md", "Voilà où il est né. ".encode("latin-1") * 200)
    write(tmp_path, "噪声.txt", os.urandom(100_000))
    write(tmp_path, "国标.txt", RULES.replace("2号", "3号").encode("gb18030"))
    write(tmp_path, "宽.txt", RULES.replace("2号", "4号").encode("utf-16"))
    corpus = read_corpus(tmp_path)
    reasons = {file.path: file.reason for file in corpus.files}
    assert {name for name, reason in reasons.items() if not reason} == {"规则.txt", "国标.txt", "宽.txt"}
    assert [document.doc_no for document in corpus.documents] == [
        "甲政发〔2023〕3号",
        "甲政发〔2023〕4号",
        "甲政发〔2023〕2号",
    ]
    assert ".exe is not read" in reasons["安装.exe"] and "no suffix" in reasons["无后缀"]
    assert all("\n" not in reason for reason in reasons.values())


def test_the_same_text_in_any_encoding_and_line_end_gives_the_same_provisions(tmp_path: Path) -> None:
    kinds = {"a": RULES.encode(), "b": b"\xef\xbb\xbf" + RULES.encode(), "c": RULES.replace("\n", "\r\n").encode(),
             "d": RULES.encode("gb18030"), "e": RULES.encode("utf-16"), "f": RULES.replace("\n", "\x85").encode()}  # fmt: skip
    found = []
    for name, data in kinds.items():
        (document,) = read_corpus(write(tmp_path, f"{name}.txt", data)).documents
        found.append([(p.label, p.text, p.start, p.source_start) for p in document.provisions])
    assert all(item == found[0] for item in found)


def test_form_feeds_between_pages_part_no_sentence(tmp_path: Path) -> None:
    (document,) = read_corpus(write(tmp_path, "a.txt", "第一条 甲乙，\f丙丁。\n第二条 戊。\n")).documents
    assert document.provisions[0].text == "第一条 甲乙，丙丁。"


def test_a_file_without_permission_is_reported_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "甲.txt", RULES)
    write(tmp_path, "密.txt", RULES).chmod(0)
    opened = io.open

    def denied(file: object, *args: Any, **options: Any) -> Any:
        if str(file).endswith("密.txt"):  # root may open any file, so the refusal is played
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(io, "open", denied)
    corpus = read_corpus(tmp_path)
    assert len(corpus.documents) == 1 and len(corpus.fingerprint) == 64
    assert "Permission denied" in next(file.reason for file in corpus.files if file.path == "密.txt")


def test_a_file_that_cannot_be_opened_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path, "甲.txt", RULES)
    (tmp_path / "断.txt").symlink_to(tmp_path / "没有.txt")
    corpus = read_corpus(tmp_path)
    assert len(corpus.documents) == 1


def test_folders_with_spaces_and_chinese_names_are_read_and_named_in_the_source(tmp_path: Path) -> None:
    write(tmp_path, "区 政府/二〇二三 年/规则 一.txt", RULES)
    (document,) = read_corpus(tmp_path).documents
    assert document.source == "区 政府/二〇二三 年/规则 一.txt"


def test_a_second_document_of_the_same_number_gets_an_id_of_its_own_and_a_warning(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", RULES)
    write(tmp_path, "b.txt", RULES.replace("每周", "每月"))
    first, second = read_corpus(tmp_path).documents
    assert (first.document_id, second.document_id) == ("甲政发〔2023〕2号", "甲政发〔2023〕2号~2")
    assert {item.document_id for item in second.provisions} == {second.document_id}
    assert all(item.provision_id.startswith("甲政发〔2023〕2号~2#") for item in second.provisions)
    assert any(doubt.kind == "same_id" for doubt in second.doubts)
    ids = [item.provision_id for document in (first, second) for item in document.provisions]
    assert len(ids) == len(set(ids))


def test_a_file_name_that_is_no_utf8_is_shown_with_question_marks(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xb9\xe6.txt")).write_text(RULES, encoding="utf-8")
    assert read_corpus(tmp_path).documents[0].source == "??.txt"


def test_one_file_is_a_corpus(tmp_path: Path) -> None:
    path = write(tmp_path, "规则.txt", RULES)
    assert [document.source for document in read_corpus(path).documents] == ["规则.txt"]


def test_hidden_files_and_the_list_of_sources_are_not_read(tmp_path: Path) -> None:
    for name in ("a.txt", ".git/b.txt", ".c.txt", "~$d.txt", "SOURCES.md", "README.md"):
        write(tmp_path, name, RULES)
    assert [path.name for path in list_files(tmp_path)] == ["a.txt"]


def test_a_missing_or_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"corpus\.path"):
        read_corpus(tmp_path / "none")
    with pytest.raises(CorpusError, match="no files"):
        read_corpus(tmp_path)


def test_the_fingerprint_changes_with_names_and_bytes_only(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", RULES)
    first = corpus_fingerprint(tmp_path)
    os.utime(path, (0, 0))
    assert corpus_fingerprint(tmp_path) == first
    write(tmp_path, "a.txt", RULES + "第三条 新。\n")
    assert corpus_fingerprint(tmp_path) != first
    write(tmp_path, "a.txt", RULES)
    path.rename(tmp_path / "b.txt")
    assert corpus_fingerprint(tmp_path) != first


def test_progress_counts_every_file(tmp_path: Path) -> None:
    for name in ("a.txt", "b.exe"):
        write(tmp_path, name, RULES)
    told: list[Progress] = []
    read_corpus(tmp_path, progress=told.append)
    assert {step.name for step in told} == {"a.txt", "b.exe"}
    assert [step.files for step in told] == [1, 2] and {step.files_in_all for step in told} == {2}
    assert told[-1].bytes == told[-1].bytes_in_all and told[-1].seconds_left == 0
    assert told[-1].provisions == 3


def test_the_command_reports_documents_and_skipped_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "a.txt", RULES)
    assert main([str(tmp_path)]) == 0
    write(tmp_path, "b.txt", "")
    assert main([str(tmp_path), "--dump", str(tmp_path / "dump.jsonl")]) == 1
    out = capsys.readouterr().out
    assert "甲政发〔2023〕2号  2023-02-15" in out and "skipped b.txt: the file is empty" in out
    assert (tmp_path / "dump.jsonl").read_text().count("\n") == 3


def test_the_command_refuses_a_missing_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "no such file or folder" in capsys.readouterr().err
