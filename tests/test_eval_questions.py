"""Gold lines become questions, and each way of being wrong is named."""

import json
from datetime import date
from pathlib import Path

import pytest

from eval.questions import GoldError, Place, read_questions

LINE = {
    "id": "x-001",
    "question": "多久开一次会？",
    "type": "number",
    "style": "everyday",
    "language": "zh-Hans",
    "status": "answered",
    "facts": [["每周1次", "每周一次"]],
    "citations": [[{"document": "甲发〔2023〕1号", "label": "第三条"}]],
    "quote": "会议每周召开1次",
}


def write(folder: Path, *lines: object, name: str = "gold.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_a_line_becomes_a_question_that_knows_where_it_stands(tmp_path: Path) -> None:
    (question,) = read_questions([write(tmp_path, LINE)])
    assert question.facts == (("每周1次", "每周一次"),)
    assert question.citations == ((Place("甲发〔2023〕1号", "第三条"),),)
    assert (question.file, question.line, question.answerable, question.held_out) == (
        "gold.jsonl",
        1,
        True,
        False,
    )


def test_history_and_as_of_are_optional(tmp_path: Path) -> None:
    line = {**LINE, "history": ["谁开会？", "多久一次？"], "as_of": "2021-06-30"}
    (question,) = read_questions([write(tmp_path, line)])
    assert question.history == ("谁开会？", "多久一次？")
    assert question.as_of == date(2021, 6, 30)


def test_files_named_heldout_are_held_out(tmp_path: Path) -> None:
    (question,) = read_questions([write(tmp_path, LINE, name="heldout_rules.jsonl")])
    assert question.held_out


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"type": "how_much"}, "type is 'how_much'"),
        ({"style": "loud"}, "style is 'loud'"),
        ({"language": "zh"}, "language is 'zh'"),
        ({"status": "ok"}, "status is 'ok'"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"question": " "}, "question must be a non-empty string"),
        ({"facts": ["每周1次"]}, "facts must be a list of lists"),
        ({"facts": [[]]}, "facts must be a list of lists"),
        ({"facts": [[3]]}, "facts must hold non-empty strings"),
        ({"citations": [[{"document": "甲"}]]}, "a citation is"),
        ({"citations": [[{"document": "", "label": ""}]]}, "a citation's document"),
        ({"status": "not_found"}, "leave both empty"),
        ({"facts": [], "citations": []}, "at least one fact or citation"),
        ({"history": [["谁？", "区长。"]]}, "history must be"),
        ({"history": "谁？"}, "history must be"),
        ({"type": "follow_up"}, "give the earlier questions"),
        ({"as_of": "yesterday"}, "as_of must be a day"),
    ],
)
def test_an_error_names_file_line_and_key(tmp_path: Path, change: dict[str, object], named: str) -> None:
    path = write(tmp_path, {**LINE, "id": "x-000"}, {**LINE, **change})
    with pytest.raises(GoldError, match=r"gold\.jsonl line 2") as error:
        read_questions([path])
    assert named in str(error.value)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    line = {key: value for key, value in LINE.items() if key != "quote"}
    with pytest.raises(GoldError, match="key 'quote' is missing"):
        read_questions([write(tmp_path, line)])


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('\n{"id": ', encoding="utf-8")
    with pytest.raises(GoldError, match=r"gold\.jsonl line 2: not JSON"):
        read_questions([path])


def test_an_id_used_in_two_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"b\.jsonl line 1: id 'x-001' is already used in a\.jsonl line 1"):
        read_questions([write(tmp_path, LINE, name="a.jsonl"), write(tmp_path, LINE, name="b.jsonl")])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"none\.jsonl: cannot be read"):
        read_questions([tmp_path / "none.jsonl"])
