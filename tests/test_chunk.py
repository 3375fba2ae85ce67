"""Provisions into chunks."""

import pytest

from ingest.chunk import MAX_CONTEXT, make_chunks
from tests.reading import corpus, read_one

ITEMS = "".join(
    f"（{mark}）审议第{mark}类重大事项，听取有关部门的汇报，研究提出意见。\n"
    for mark in "一二三四五六七八九十"
)
LONG = f"甲区工作规则\n第一章 会议\n第一条 常务会议的主要任务是：\n{ITEMS}第二条 会议由区长召集。\n"


def test_a_short_article_is_one_chunk_with_its_items() -> None:
    chunks = make_chunks(read_one("第一条 任务是：\n（一）传达；\n（二）审议。\n第二条 其他。\n"), size=360)
    assert [(chunk.label, chunk.text) for chunk in chunks] == [
        ("第一条", "第一条 任务是：\n（一）传达；\n（二）审议。"), ("第二条", "第二条 其他。"),
    ]  # fmt: skip


def test_a_long_article_is_cut_at_line_ends_and_no_piece_is_too_long() -> None:
    chunks = [chunk for chunk in make_chunks(read_one(LONG), size=100) if chunk.label == "第一条"]
    assert len(chunks) > 2
    assert all(len(chunk.text) <= 100 for chunk in chunks)
    assert all(chunk.text.rstrip("\n").endswith("。") for chunk in chunks)
    assert [chunk.chunk_id.rsplit("-", 1)[1] for chunk in chunks] == [str(n) for n in range(len(chunks))]


def test_the_pieces_of_an_article_are_its_whole_text() -> None:
    document = read_one(LONG)
    article = next(item for item in document.provisions if item.label == "第一条")
    pieces = [chunk.text for chunk in make_chunks(document, size=100) if chunk.label == "第一条"]
    assert "".join(pieces) == article.text


def test_the_context_names_title_path_label_and_for_later_pieces_what_they_are_about() -> None:
    chunks = [chunk for chunk in make_chunks(read_one(LONG), size=100) if chunk.label == "第一条"]
    assert chunks[0].context == "甲区工作规则 第一章 会议 第一条"
    assert chunks[1].context == "甲区工作规则 第一章 会议 第一条 常务会议的主要任务是： 第一条"


@pytest.mark.parametrize(("size", "overlap"), [(360, 0), (120, 0), (120, 40)])
def test_every_chunk_of_the_corpus_is_where_it_says(size: int, overlap: int) -> None:
    for document in corpus().documents:
        chunks = make_chunks(document, size=size, overlap=overlap)
        assert all(document.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
        assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
        assert all(len(chunk.text) <= size for chunk in chunks)
        assert all(len(chunk.context) <= MAX_CONTEXT + 60 for chunk in chunks)


def test_without_overlap_the_chunks_of_a_document_are_its_whole_text() -> None:
    for document in corpus().documents:
        covered = {i for chunk in make_chunks(document, size=360) for i in range(chunk.start, chunk.end)}
        assert [c for i, c in enumerate(document.text) if i not in covered and not c.isspace()] == []
