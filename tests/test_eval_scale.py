"""python -m eval.scale: laws written until they suffice, variants of them beyond, a table of figures."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from config import PROJECT_ROOT
from eval.laws import read_laws
from eval.scale import HEAD, QUESTIONS, main, variant, write_laws
from tests.made_laws import SUBJECTS
from tests.made_laws import write_laws as write_records

ARTICLES = 15  # of each made law


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    write_records(folder)
    with gzip.open(folder / QUESTIONS, "wt", encoding="utf-8") as lines:
        for question in ("公园的保护由谁负责？", "擅自占用电梯罚多少钱？", "古树档案什么时候报送？"):
            lines.write(json.dumps({"question": question}, ensure_ascii=False) + "\n")
    return folder


def test_whole_laws_are_written_until_they_suffice(data: Path, tmp_path: Path) -> None:
    write_laws(data, ARTICLES * 2 + 1, tmp_path / "corpus")
    assert len(list((tmp_path / "corpus").iterdir())) == 3


def test_beyond_what_there_is_variants_of_other_words_are_written(data: Path, tmp_path: Path) -> None:
    write_laws(data, ARTICLES * (len(SUBJECTS) + 2), tmp_path / "corpus")
    texts = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "corpus").iterdir()}
    assert len(texts) == len(SUBJECTS) + 2 and len(set(texts.values())) == len(texts)
    law = next(read_laws(data))
    other = variant(law, 3)
    assert other.title == f"第3区域{law.title}" and other.name == f"{law.name}-3"
    assert all(new.text != old.text for new, old in zip(other.articles, law.articles, strict=True))
    assert [a.label for a in other.articles] == [a.label for a in law.articles]


@pytest.mark.slow
def test_the_command_prints_a_row_for_each_size_and_kind(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "my.yaml"
    shipped = PROJECT_ROOT / "models" / "gongwen-static"
    config.write_text(f'encoder: {{model: {shipped}}}\nreranker: {{model: ""}}\n', encoding="utf-8")
    asked = ["--data", str(data), "--sizes", "30", "--kinds", "flat,hnsw", "--config", str(config)]
    assert main(asked) == 0
    head, rule, *rows = capsys.readouterr().out.splitlines()
    assert head.count("|") == rule.count("|") == len(HEAD) + 1
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [row[3] for row in cells] == ["flat", "hnsw"]
    for row in cells:
        assert (row[0], row[1]) == ("30", "2")
        assert row[-2:] == ["1.000", "1.000"]


def test_a_folder_without_laws_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--sizes", "10"]) == 2
    assert QUESTIONS in capsys.readouterr().err
