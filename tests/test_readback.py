"""Laws written to files of every layout come back article by article, and what does not is counted and named."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from eval.laws import Article, Law, read_laws, sample_laws
from eval.layouts import TEXT_LAYOUTS, paged, paragraphs, plain, wrapped
from eval.printed import convert_to_pdf, has_office, write_docx
from eval.readback import Readback, documents_by_file, main, read_back, render_failures, render_table
from eval.readings import character_errors, compare_law, in_legal_order, same_chapter
from ingest.corpus import read_corpus
from ingest.document import Document
from ingest.readers.source import SourceText
from ingest.structure import read_documents
from tests.made_laws import write_laws

ARTICLES = 12 * 15


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_laws(tmp_path_factory.mktemp("laws"))


def law_of(*articles: Article, title: str = "滨江市公园管理条例") -> Law:
    return Law("00000", title, articles)


def read_text_of(text: str) -> list[Document]:
    return list(read_documents(SourceText("00000.txt", text, "utf-8")).documents)


FIRST = Article("第一条", ("第一章 总则",), "为了加强公园管理，制定本条例。")
SECOND = Article("第二条", ("第一章 总则",), "本条例适用于本市公园。\n街头绿地参照执行。")
THIRD = Article("第三条", ("第二章 管理", "第一节 设施"), "公园应当免费开放。")
LAW = law_of(FIRST, SECOND, THIRD)


def back(layout: str, data: Path, folder: Path) -> Readback:
    return read_back(layout, lambda: sample_laws(data, None, seed=1), seed=1, folder=folder)


# --- reading back ---


@pytest.mark.parametrize("layout", [*TEXT_LAYOUTS, "docx"])
def test_every_article_comes_back_with_its_label_chapter_and_text(
    layout: str, data: Path, tmp_path: Path
) -> None:
    result = back(layout, data, tmp_path)
    assert result.failures == []
    assert (result.laws, result.files, result.articles, result.right) == (12, 12, ARTICLES, ARTICLES)
    assert result.passed


@pytest.mark.slow
@pytest.mark.browser
def test_every_article_comes_back_from_a_printed_pdf(data: Path, tmp_path: Path) -> None:
    result = back("pdf", data, tmp_path)
    assert result.failures == []
    assert (result.articles, result.right) == (ARTICLES, ARTICLES)


def test_a_tampered_file_counts_as_wrong(data: Path, tmp_path: Path) -> None:
    law = next(read_laws(data))
    text = plain(law, random.Random(1))
    (tmp_path / "00000.txt").write_text(
        text.replace("十五日内依法处理", "五日内依法处理", 1), encoding="utf-8"
    )
    (documents,) = documents_by_file(read_corpus(tmp_path)).values()
    result = Readback("plain")
    result.add(law, compare_law(law, documents))
    assert (result.articles, result.label, result.chapter, result.text, result.right) == (15, 15, 15, 14, 14)
    assert result.failures[0]["label"] == "第四条"
    assert not result.passed


def test_a_file_that_is_not_read_loses_all_its_articles(data: Path) -> None:
    law = next(read_laws(data))
    result = Readback("plain")
    result.add(law, compare_law(law, []))
    assert (result.articles, result.right) == (15, 0)
    assert dict(result.kinds) == {"article: no provision of this label": 15}


def test_a_law_whose_text_stands_in_another_file_too_is_compared_with_that_one(tmp_path: Path) -> None:
    for name in ("00000.txt", "00001.txt"):
        (tmp_path / name).write_text(plain(LAW, random.Random(1)), encoding="utf-8")
    corpus = read_corpus(tmp_path)
    assert len(corpus.documents) == 1
    found = documents_by_file(corpus)
    assert [len(found[name]) for name in ("00000", "00001")] == [1, 1]
    assert all(reading.right for reading in compare_law(replace(LAW, name="00001"), found["00001"]))


# --- one law ---


def test_a_lost_label_another_chapter_and_another_text_are_told_apart() -> None:
    text = "滨江市公园管理条例\n第二章 管理\n第一条　为了加强公园管理，制定本条例。\n第二条　本条例适用于本市公园。\n"
    readings = compare_law(LAW, read_text_of(text))
    assert [(r.label, r.chapter, r.text) for r in readings] == [
        (True, False, True),  # under 第二章
        (True, False, False),
        (False, False, False),
    ]
    assert readings[2].kind == "article: no provision of this label"


def test_white_space_does_not_count_and_any_other_character_does() -> None:
    article = Article("第一条", (), "公园 应当\u200b免费开放。")
    title = "滨江市公园管理条例\n"
    assert compare_law(law_of(article), read_text_of(title + "第一条　公园应当免费开放。\n"))[0].right
    assert not compare_law(law_of(article), read_text_of(title + "第一条　公园应当免费开放\n"))[0].text
    assert not compare_law(law_of(article), read_text_of(title + "第一条　公园应当，免费开放。\n"))[0].text


def test_an_article_of_the_next_law_does_not_stand_in_for_a_lost_one() -> None:
    text = "滨江市公园管理条例\n第一条　公园应当免费开放。\n第二条　本条例自公布之日起施行。\n"
    law = law_of(Article("第一条", (), "公园应当免费开放。"), Article("第一条", (), "公园应当免费开放。"))
    assert [reading.right for reading in compare_law(law, read_text_of(text))] == [True, False]


def test_text_outside_the_articles_is_right_in_its_place_and_wrong_inside_an_article() -> None:
    preamble = Article("", (), "为了加强公园管理，保护公园设施，现就有关问题规定如下：")
    closing = Article("", (), "此前的规定与本条例不一致的，以本条例为准。")
    law = law_of(preamble, Article("第一条", (), "公园应当免费开放。"), closing)
    readings = compare_law(law, read_text_of(plain(law, random.Random(1))))
    assert [reading.right for reading in readings] == [
        True,
        False,
        False,
    ]  # the end cannot be told from 第一条


def test_a_record_that_ends_in_the_next_heading_is_named_so() -> None:
    cut = replace(SECOND, text=SECOND.text + "\n附则")
    law = law_of(FIRST, cut, replace(THIRD, path=FIRST.path))
    kinds = [reading.kind for reading in compare_law(law, read_text_of(plain(law, random.Random(1))))]
    assert kinds[0] == ""
    assert kinds[1] == "article: the record goes on where the article was read to end"


def test_an_article_below_a_heading_that_the_record_above_swallowed_is_right_and_counted_apart() -> None:
    cut = replace(SECOND, text=SECOND.text + "\n附则")
    law = law_of(FIRST, cut, replace(THIRD, path=FIRST.path))
    readings = compare_law(law, read_text_of(plain(law, random.Random(1))))
    assert [(reading.right, reading.as_recorded) for reading in readings] == [
        (True, True),
        (False, False),
        (True, False),
    ]
    assert readings[2].path == ("附则",)


def test_an_article_below_a_heading_that_the_records_cut_in_two_is_right_and_counted_apart() -> None:
    path = ("第一章 公园、绿地、",)
    law = law_of(Article("", path, "广场和街道"), replace(FIRST, path=path))
    text = "滨江市公园管理条例\n第一章 公园、绿地、广场和街道\n第一条　为了加强公园管理，制定本条例。\n"
    readings = compare_law(law, read_text_of(text))
    assert [(reading.right, reading.as_recorded) for reading in readings] == [(False, False), (True, False)]


def test_a_wrong_heading_is_not_excused_by_one_that_stands_elsewhere() -> None:
    law = law_of(FIRST, replace(SECOND, text=SECOND.text + "\n附则"), THIRD)
    text = plain(law, random.Random(1)).replace("第二章 管理\n第一节 设施", "第三章 设施")
    assert [reading.chapter for reading in compare_law(law, read_text_of(text))] == [True, True, False]


@pytest.mark.parametrize(
    ("recorded", "path", "same"),
    [
        (("第一章 总则",), ("第一章总则",), True),
        (("第一章 总则",), ("第二章 管理",), False),
        (("第一章 总则",), (), False),
        ((), ("第一章 总则",), False),
        (("第一编 通则", "第一章 总则"), ("第一章 总则",), False),
        (("第六节 车辆", "第四章 责任"), ("第四章 责任",), True),  # a chapter ends the section before it
        (("第六节 车辆", "第四章 责任"), ("第六节 车辆", "第四章 责任"), False),
        (("第二节 摊贩",), ("第三章 经营", "第二节 摊贩"), True),  # the record does not name the chapter
        (("第二节 摊贩",), ("第三章 经营",), False),
        (("合同编", "第一章 总则"), ("合同编", "第一章 总则"), True),
        (("序言", "第一章 总则"), ("第一章 总则",), True),
    ],
)
def test_a_path_is_the_chapter_that_the_record_names(
    recorded: tuple[str, ...], path: tuple[str, ...], same: bool
) -> None:
    assert same_chapter(path, recorded) is same


def test_headings_ended_by_a_later_one_are_left_out() -> None:
    assert in_legal_order(("第一编 通则", "第三节 其他", "第二章 管理")) == ["第一编 通则", "第二章 管理"]


def test_the_character_error_counts_each_wrong_and_each_lost_character() -> None:
    law = law_of(Article("第一条", (), "公园应当免费开放。"))
    right = read_text_of("滨江市公园管理条例\n第一条　公园应当免费开放。\n")
    wrong = read_text_of("滨江市公园管理条例\n第一条　公元应当免开放。\n")
    assert character_errors(law, right) == (0, 21)
    assert character_errors(law, wrong) == (2, 21)


# --- the layouts ---


def test_headings_stand_where_the_path_changes() -> None:
    assert [(p.level, p.text) for p in paragraphs(LAW) if p.level is not None] == [
        (0, "滨江市公园管理条例"),
        (1, "第一章 总则"),
        (1, "第二章 管理"),
        (2, "第一节 设施"),
    ]
    assert plain(LAW, random.Random(1)).split("\n")[2:5] == [
        "第一条　为了加强公园管理，制定本条例。",
        "第二条　本条例适用于本市公园。",
        "街头绿地参照执行。",
    ]


def test_wrapped_lines_hold_28_characters_and_paragraphs_are_indented() -> None:
    law = law_of(Article("第一条", (), "甲" * 60))
    seed = next(n for n in range(9) if random.Random(n).random() >= 0.5)  # no mark hangs over
    assert wrapped(law, random.Random(seed)).split("\n")[1:] == [
        "\u3000\u3000第一条\u3000" + "甲" * 22,
        "甲" * 28,
        "甲" * 10,
        "",
    ]


def test_pages_are_numbered_in_the_middle_of_sentences_too() -> None:
    law = law_of(*(Article(f"第{n}条", (), "甲" * 200) for n in "一二三四五六七八九"))
    lines = paged(law, random.Random(3)).split("\n")
    marks = [index for index, line in enumerate(lines) if "—" in line or "页" in line]
    assert len(marks) >= 3
    assert any(
        lines[index - 1].endswith("甲" * 28) and lines[index + 1].startswith("甲") for index in marks
    ) or any(lines[index - 2].endswith("甲" * 28) and lines[index + 2].startswith("甲") for index in marks)


def test_the_same_seed_writes_the_same_files(data: Path, tmp_path: Path) -> None:
    law = next(read_laws(data))
    assert paged(law, random.Random("1 x")) == paged(law, random.Random("1 x"))
    drawn = [law.name for law in sample_laws(data, 5, seed=7)]
    assert drawn == [law.name for law in sample_laws(data, 5, seed=7)]
    assert len(drawn) == 5
    assert drawn == sorted(drawn)


def test_half_of_the_word_files_count_their_articles_themselves(data: Path, tmp_path: Path) -> None:
    import docx

    law = law_of(*(Article(label, (), "公园应当免费开放。") for label in ("第一条", "第二条", "第三条")))
    firsts = set()
    for seed in range(12):
        write_docx(law, tmp_path / f"{seed}.docx", random.Random(seed))
        firsts.add(docx.Document(str(tmp_path / f"{seed}.docx")).paragraphs[1].text)
    assert firsts == {"第一条\u3000公园应当免费开放。", "公园应当免费开放。"}


# --- the command ---


def test_the_command_prints_the_figure_and_writes_it_as_json(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(data), "--layout", "plain", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "plain: all 180 records came back right." in printed
    assert "100.000%" in printed
    (row,) = json.loads((tmp_path / "readback.json").read_text(encoding="utf-8"))
    assert (row["layout"], row["articles"], row["right"], row["share"], row["passed"]) == (
        "plain",
        180,
        180,
        1.0,
        True,
    )
    assert row["seconds"] > 0
    assert row["peak_bytes"] > 10_000_000


def test_the_command_fails_when_a_bar_is_missed(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tampered(law: Law, rng: random.Random) -> str:
        return plain(law, rng).replace("有权对损害行为", "有权对行为")

    monkeypatch.setitem(TEXT_LAYOUTS, "plain", tampered)
    assert main(["--data", str(data), "--layout", "plain"]) == 1
    printed = capsys.readouterr().out
    assert "plain: 36 of 180 records did not come back right:" in printed  # three articles in each of 12 laws
    assert "MISSED" in printed


def test_a_folder_without_the_laws_is_an_error_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "no train_law_articles.jsonl.gz in" in capsys.readouterr().err


def test_an_unread_file_is_shown_with_its_reason() -> None:
    result = Readback("pdf", articles=3, unread=["00001.pdf: damaged"])
    assert "not read: 00001.pdf: damaged" in render_failures(result)
    assert "MISSED" in render_table([result])


@pytest.mark.slow
@pytest.mark.skipif(not has_office(), reason="LibreOffice is not on this machine")
def test_libreoffice_prints_a_word_file(tmp_path: Path) -> None:
    write_docx(LAW, tmp_path / "a.docx", random.Random(1))
    convert_to_pdf([tmp_path / "a.docx"], tmp_path)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.browser
def test_a_scan_is_read_with_few_wrong_characters(tmp_path: Path) -> None:
    result = read_back("scan", lambda: iter([LAW]), seed=1, folder=tmp_path)
    assert result.characters == len("滨江市公园管理条例第一章总则第二章管理第一节设施") + sum(
        len(a.label + a.text.replace("\n", "")) for a in LAW.articles
    )
    assert result.character_error is not None
    assert result.character_error < 0.02
