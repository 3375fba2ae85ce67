"""Two documents side by side: which provisions correspond, what differs, and how the page tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from ingest.document import Document
from qa.assistant import Assistant
from tests.fakes import FakeAssistant, document
from tests.pages import one, select, words_of
from tests.rooms import Room
from web.rooms.comparing import Comparison, compare
from web.rooms.differences import differences
from web.rooms.links import compare_url, document_url

NEW = "京平政发〔2023〕2号"
OLD = "北京市平谷区人民政府工作规则@2019-10-09"


def room_of(folder: Path, *documents: Document) -> Room:
    fake = FakeAssistant()
    fake.documents = documents
    return Room(fake, folder)


def compared(left: str, right: str) -> Comparison:
    """Compare two documents of articles, given as their texts."""
    return compare(document("旧", text=left), document("新", text=right), left_text=left, right_text=right)


def kinds(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Return (kind, label on the left, label on the right)."""
    return [
        (pair.kind, pair.left.label if pair.left else "", pair.right.label if pair.right else "")
        for pair in comparison.pairs
    ]


def changed(text: str, other: str) -> tuple[list[str], list[str]]:
    """Return the words that only the one or the other text has."""
    one_side, other_side = differences(text, other)
    return [p.text for p in one_side if p.changed], [p.text for p in other_side if p.changed]


def test_an_article_that_moved_is_found_by_its_words_and_one_that_was_reworded_by_its_label():
    found = compared(
        "第一条 区政府全体会议由区长召集。\n第二条 会议纪要由区长签发，印发各单位。\n第三条 本规则由办公室解释。",
        "第一条 会议纪要由区长签发，印发各单位。\n第二条 区政府全体会议由副区长召集。\n第三条 本规则由区司法局负责解释。",
    )
    assert kinds(found) == [
        ("moved", "第二条", "第一条"), ("changed", "第一条", "第二条"), ("changed", "第三条", "第三条"),
    ]  # fmt: skip
    assert [found.count(kind) for kind in ("changed", "added", "removed", "moved", "same")] == [2, 0, 0, 1, 0]


def test_what_only_one_side_has_stands_where_it_stood_and_names_the_provision_that_took_its_words():
    merged = "对职权范围内的事项要按程序和时限积极负责地办理，对不符合规定的事项坚决不予办理"
    strict = "因推诿拖延造成影响和损失的，依法追究责任，移送机关查处；越权办事、以权谋私的，依法依规严肃查处"
    public = "公开透明是基本制度，信息应当公开，不公开的要说明理由。"
    found = compared(
        f"第一条 各部门要从严治政。\n第二条 {merged}。\n第三条 {strict}。\n第四条 {public}",
        f"第一条 {public}\n第二条 {merged}；{strict}。",
    )
    assert kinds(found) == [
        ("removed", "第一条", ""), ("moved", "第四条", "第一条"), ("changed", "第二条", "第二条"), ("removed", "第三条", ""),
    ]  # fmt: skip
    near = {
        pair.left.label: pair.near and pair.near.label
        for pair in found.pairs
        if pair.kind == "removed" and pair.left
    }
    assert near == {"第一条": None, "第三条": "第二条"}


def test_differences_are_told_in_words_and_the_number_of_the_article_is_none():
    assert changed(
        "第五十一条 应于会议召开前3个工作日报送。", "第四十七条 应于会议召开前5个工作日报送。"
    ) == (["3"], ["5"])
    assert changed("第一条 由区长主持。", "第一条 由区长主持。") == ([], [])
    # What happens to stand between two changes is read with them.
    assert changed("会议由区长、副区长召集并主持。", "会议由部门、各街道召集并主持。") == (
        ["区长、副区长"],
        ["部门、各街道"],
    )


def test_of_texts_that_share_next_to_nothing_whole_lines_are_marked():
    left, right = "第三条 高举旗帜，遵循准则。", "第三条 严禁越权发文、减损权益。"
    assert changed(left, right) == (["高举旗帜，遵循准则。"], ["严禁越权发文、减损权益。"])
    lead, kept = "第三条 遵循以下准则：\n", "（二）每年开会{}次。"
    old = "（一）统筹山水林田湖资源，完善城镇路网，优先发展农业科技，建设宜居环境，推动城乡一体。"
    new = (
        "（一）牢记嘱托、忠诚担当；深化接诉即办改革；提高服务质量；防范化解风险隐患；弘扬优良作风；守住底线。"
    )
    found = changed(f"{lead}{old}\n{kept.format(1)}", f"{lead}{kept.format(2)}\n{new}")
    assert found == ([f"{old}\n", "1"], ["2", new])


def test_two_versions_side_by_side_say_what_changed(real: Assistant, tmp_path: Path):
    room = Room(real, tmp_path)
    page = room.page(compare_url(OLD, NEW))
    pairs = {words_of(select(pair, "a.label")[-1]): pair for pair in select(page, ".pair")}
    when = pairs["第四十七条"]
    assert [words_of(link) for link in select(when, "a.label")] == ["第五十一条", "第四十七条"]
    assert select(when, "a.label")[1].get("href") == document_url(NEW, f"{NEW}#第四十七条")
    assert "3" in [mark.text for mark in select(when, "del")]
    assert "5" in [mark.text for mark in select(when, "ins")]
    moved = pairs["第二十四条"]
    assert "编号变动" in words_of(moved) and select(moved, "ins, del") == []
    assert "附则" in words_of(pairs["第十五章"])
    gone = next(p for p in select(page, ".pair.removed") if words_of(p).startswith("第三十七条"))
    assert "相近的文字见右侧第三十六条" in words_of(gone)
    assert words_of(one(page, ".summary .chip.changed")) == "修改 38 条"
    assert len(select(page, ".pair.changed")) > 38, "headings are shown and not counted"


def test_sides_of_a_comparison_are_told_from_left_to_right(tmp_path: Path):
    old = document(
        "旧",
        issued_on=date(2018, 1, 1),
        text="第一条 每月召开1次会议。\n第二条 由区长主持会议。\n第三条 旧的事项由旧的部门办理。",
    )
    new = document(
        "新",
        text="第一条 由区长主持会议。\n第二条 每月召开2次会议。\n第三条 本规则自2023年起施行，有效期五年。",
    )
    made = room_of(tmp_path, old, new)
    page = made.page(compare_url("旧", "新"))
    assert [chip.text for chip in select(page, ".summary .chip")] == [
        "修改 1 条",
        "新增 1 条",
        "删除 1 条",
        "仅编号变动 1 条",
    ]
    assert [words_of(mark) for mark in select(page, ".pair.changed del, .pair.changed ins")] == ["1", "2"]
    assert select(page, ".notice") == []
    back = made.page(compare_url("新", "旧"))
    assert "左侧文件晚于右侧" in words_of(one(back, ".notice"))
    assert [words_of(mark) for mark in select(back, ".pair.changed del, .pair.changed ins")] == ["2", "1"]
    same = room_of(tmp_path, old, replace(old, document_id="旧2")).page(compare_url("旧", "旧2"))
    assert "两份文件的条文相同" in words_of(one(same, ".summary"))


def test_no_word_of_either_side_is_lost(real: Assistant):
    left, right = real.document(OLD), real.document(NEW)
    texts = {p.provision_id: p.text for d in (left, right) for p in d.provisions}
    found = compare(left, right, left_text=left.text, right_text=right.text)
    sides = [side for pair in found.pairs for side in (pair.left, pair.right) if side]
    assert all("".join(piece.text for piece in side.pieces) == texts[side.provision_id] for side in sides)
    outermost = {p.provision_id for d in (left, right) for p in d.provisions if p.parent is None}
    assert {side.provision_id for side in sides} == outermost
