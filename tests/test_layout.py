"""Lines with their places into paragraphs: type area 100 to 400 points, type of 10, pitch of 18."""

import pytest

from ingest.readers.layout import NOTE, ROW, PageLine, head_width, join_paragraphs, join_pieces, to_source
from ingest.readers.margins import without_margins

FULL = "本条的内容写满一行共三十个汉字再没有空余的地方可以写下别的字"  # 30 characters: 300 points


def _line(
    text: str, y: float, *, indent: float = 0, size: float = 10, page: int = 1, left: float = 100
) -> PageLine:
    start = left + indent * size
    return PageLine(text, start, start + len(text) * size, y, size, page)


def _texts(lines: list[PageLine]) -> list[str]:
    return ["".join(text for _, text in item.pieces) for item in join_paragraphs(lines)]


def _body(first: float = 100, page: int = 1) -> list[PageLine]:
    """Return three paragraphs of an indented first line, a full line and a short one."""
    lines = []
    for index in range(3):
        y = first + 54 * index
        lines += [
            _line(FULL[:28], y, indent=2, page=page),
            _line(FULL, y + 18, page=page),
            _line("完。", y + 36, page=page),
        ]
    return lines


def test_an_indented_line_begins_a_paragraph_and_a_short_one_ends_it() -> None:
    assert _texts(_body()) == [FULL[:28] + FULL + "完。"] * 3


def test_a_full_last_line_ends_where_the_next_is_indented() -> None:
    lines = [
        *_body(),
        _line("甲" * 27 + "。", 262, indent=2),
        _line("乙" * 28, 280, indent=2),
        _line("丙。", 298),
    ]
    assert _texts(lines)[-2:] == ["甲" * 27 + "。", "乙" * 28 + "丙。"]


def test_without_indents_a_gap_parts_paragraphs() -> None:
    lines = [_line(FULL, y) for y in (100, 118, 136, 166, 184, 202)]  # 30 points from the third to the fourth
    assert _texts(lines) == [FULL * 3, FULL * 3]


def test_a_numbered_line_begins_a_paragraph_behind_a_full_one_that_ends_a_sentence() -> None:
    ended = FULL[:29] + "。"
    lines = [_line(FULL, 100), _line(ended, 118), _line("第二条　" + FULL[:26], 136), _line("完。", 154)]
    assert _texts(lines) == [FULL + ended, "第二条　" + FULL[:26] + "完。"]


def test_a_reference_at_the_beginning_of_a_line_goes_on_with_its_sentence() -> None:
    lines = [*_body(), _line(FULL[:28], 262, indent=2), _line("第三条规定的程序办理。", 280)]
    assert _texts(lines)[-1] == FULL[:28] + "第三条规定的程序办理。"


def test_larger_type_and_centred_lines_stand_alone() -> None:
    title = PageLine("关于某事的规定", 180, 320, 60, 20)
    chapter = PageLine("第一章　总则", 220, 280, 90, 10)
    assert _texts([title, chapter, *_body(120)])[:2] == ["关于某事的规定", "第一章　总则"]


def test_a_centred_title_that_fills_its_line_goes_on_in_the_next() -> None:
    lines = [
        PageLine("某某区人民政府关于印发某某", 120, 380, 50, 20),
        PageLine("规定的通知", 200, 300, 80, 20),
    ]
    assert _texts([*lines, *_body(120)])[0] == "某某区人民政府关于印发某某规定的通知"


def test_a_line_may_end_early_where_the_next_begins_with_a_word_that_cannot_be_parted() -> None:
    # 26 characters and 40 points left; the word takes 10 letters of 5.5
    lines = [*_body(), _line(FULL[:26], 262), _line("government的规定。", 280)]
    assert _texts(lines)[-1] == FULL[:26] + "government的规定。"
    short = [*_body(), _line(FULL[:26], 262), _line("政府的规定。", 280)]
    assert _texts(short)[-1] == "政府的规定。"


def test_contents_lines_are_never_joined() -> None:
    entry = "第一章　总则" + "." * 23 + "1"
    lines = [*_body(), _line(entry, 262), _line(entry, 280)]
    assert _texts(lines)[-2:] == [entry, entry]


def test_a_sentence_goes_on_over_a_page_break_and_a_new_one_begins_a_paragraph() -> None:
    over = [*_body(), _line(FULL[:28], 262, indent=2), _line("页首的余下内容。", 60, page=2)]
    assert _texts(over)[-1] == FULL[:28] + "页首的余下内容。"
    new = [*_body(), _line("甲" * 27 + "。", 262, indent=2), _line("第二页。", 60, indent=2, page=2)]
    assert _texts(new)[-1] == "第二页。"


def test_table_rows_are_joined_with_nothing() -> None:
    row = PageLine("1\t甲", 100, 400, 262, 10, kind=ROW)
    assert _texts([*_body(), row, _line("表后。", 280)])[-2:] == ["1\t甲", "表后。"]


def test_a_note_stands_behind_the_paragraph_with_its_mark_and_takes_its_further_lines() -> None:
    lines = _body()
    lines[1] = _line("甲<sup>1</sup>" + FULL[:17], 118)
    notes = [
        PageLine("<sup>1</sup>注的第一行，", 100, 300, 700, 8, kind=NOTE),
        PageLine("注的第二行。", 100, 200, 712, 8, kind=NOTE),
    ]
    found = _texts([*lines, *notes])
    assert found[1] == "<sup>1</sup>注的第一行，注的第二行。" and len(found) == 4


def test_pages_begin_at_their_first_character_and_empty_ones_at_the_next() -> None:
    lines = [
        *_body(),
        _line(FULL[:28], 262, indent=2),
        _line("余下。", 60, page=3),
        _line("末段。", 78, indent=2, page=3),
    ]
    source = to_source(join_paragraphs(lines), 4, "file.pdf", "pdf")
    third = source.text.index("余下。")
    assert source.page_starts == (0, third, third, len(source.text))
    assert source.text[third - 1] == FULL[27] and source.whole_lines


@pytest.mark.parametrize(
    ("text", "piece", "whole"),
    [
        ("区政府", "办公室", "区政府办公室"),
        ("the district", "government", "the district government"),
        ("the govern-", "ment", "the government"),
        ("COVID-", "19", "COVID-19"),
        ("20", "23年", "2023年"),
        ("rules,", "and", "rules, and"),
    ],
)
def test_lines_are_joined_as_their_words_want(text: str, piece: str, whole: str) -> None:
    assert join_pieces(text, piece) == whole


@pytest.mark.parametrize(
    ("text", "ems"),
    [("政府", 1.0), ("《政府", 2.0), ("字，以", 2.0), ("2023年", 4 * 0.55), ("<sup>1</sup>）", 0.55 + 1)],
)
def test_the_head_of_a_line_is_what_a_break_cannot_part(text: str, ems: float) -> None:
    assert head_width(text) == pytest.approx(ems)


def test_a_head_in_smaller_type_on_both_of_two_pages_is_left_out_but_not_the_title_with_its_words() -> None:
    lines = []
    for page in (1, 2):
        lines += [_line("某某规定", 30, size=7, page=page), *_body(130, page=page)]
    lines.insert(1, _line("某某规定", 90, size=20))
    kept = without_margins(lines, {1: 842.0, 2: 842.0})
    assert [(line.text, line.size) for line in kept if line.text == "某某规定"] == [("某某规定", 20)]
