"""Pictures of pages: what is read, whichever way up, and what is said about it."""

import socket
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from ingest.readers import SourceText, UnreadableFile, ocr, read_source
from ingest.readers.pictures import cut_points, is_blank, seals_faded
from ingest.readers.scan import page_ranges
from tests.pdf_files import Page, write_pdf

LINES = [
    "第一条　区政府全体会议由区长召集和主",
    "持，一般每半年召开一次。",
    "第二条　本规则自发布之日起施行。",
]
TEXT = "第一条区政府全体会议由区长召集和主持，一般每半年召开一次。\n第二条本规则自发布之日起施行。"


def _page(number: int = 0) -> Page:
    page = Page(width=420, height=300)
    for index, line in enumerate(LINES if not number else [f"第{number}页的内容在这里写明。"]):
        page.text(90 if line.startswith("第") else 60, 100 + 28 * index, line, 16)
    return page


def _picture(folder: Path, page: Page | None = None, dpi: int = 200) -> Image.Image:
    """Return a page as a scanner sees it; the test is skipped where no Chinese font is installed to print it with."""
    document = pypdfium2.PdfDocument(write_pdf(folder / "print.pdf", [page or _page()]))
    picture = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    if is_blank(np.asarray(picture)):
        pytest.skip("no Chinese font is installed")
    return picture


def _read(path: Path) -> SourceText:
    return read_source(path, name=path.name)


def _bare(text: str) -> str:
    return text.replace(" ", "")


def test_a_picture_is_read_as_paragraphs_and_said_to_be_a_scan(tmp_path: Path) -> None:
    _picture(tmp_path).save(tmp_path / "scan.png")
    source = _read(tmp_path / "scan.png")
    assert _bare(source.text) == TEXT
    assert source.whole_lines and source.page_starts == (0,) and source.encoding == "ocr"
    assert [str(doubt) for doubt in source.doubts] == [
        "read by optical character recognition; compare with the original"
    ]


@pytest.mark.parametrize("angle", [90, 180, 270, 2])
def test_a_page_that_lies_on_its_side_or_askew_is_read_the_same(tmp_path: Path, angle: int) -> None:
    _picture(tmp_path).rotate(angle, expand=True, fillcolor="white").save(tmp_path / "scan.jpg")
    assert _bare(_read(tmp_path / "scan.jpg").text) == TEXT


def test_the_mark_that_a_camera_sets_for_a_turned_picture_is_heeded(tmp_path: Path) -> None:
    picture = _picture(tmp_path).rotate(90, expand=True)  # stored lying; mark 6: turn it clockwise
    marked = Image.Exif()
    marked[0x0112] = 6
    picture.save(tmp_path / "photo.jpg", exif=marked)
    assert _bare(_read(tmp_path / "photo.jpg").text) == TEXT


def test_each_page_of_a_fax_in_one_bit_tiff_has_its_number(tmp_path: Path) -> None:
    first, second = (_picture(tmp_path, _page(number)).convert("1") for number in (1, 3))
    blank = Image.new("1", first.size, 1)
    first.save(tmp_path / "fax.tif", save_all=True, append_images=[blank, second], compression="group4")
    source = _read(tmp_path / "fax.tif")
    assert _bare(source.text) == "第1页的内容在这里写明。\n第3页的内容在这里写明。"
    at = source.text.index("第3")
    assert source.page_starts == (0, at, at) and source.page(at) == 3


def test_a_cmyk_jpeg_and_a_see_through_png_are_read(tmp_path: Path) -> None:
    picture = _picture(tmp_path)
    picture.convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    clear = picture.convert("RGBA")
    clear.putalpha(picture.convert("L").point(lambda level: 255 - level))
    clear.save(tmp_path / "clear.png")
    assert _bare(_read(tmp_path / "print.jpg").text) == TEXT
    assert _bare(_read(tmp_path / "clear.png").text) == TEXT


def test_a_red_seal_is_made_pale_and_a_red_heading_stays(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1000, 1000), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((100, 100, 900, 160), fill=(220, 20, 20))  # a heading: wide
    draw.rectangle((560, 690, 640, 710), fill="black")  # the signature under the seal
    seal = Image.new("L", picture.size, 0)
    ImageDraw.Draw(seal).ellipse((500, 600, 700, 800), outline=255, width=12)
    ImageDraw.Draw(seal).rectangle((580, 620, 620, 660), fill=255)
    for name, mask in (("ring", seal),):
        picture.paste((225, 30, 40), mask=mask)
        clean = seals_faded(np.asarray(picture))
        assert clean[130, 500].tolist() == [220, 20, 20], name
        assert clean[606, 600].min() >= 245 and clean[640, 600].min() >= 245, name
        assert clean[700, 600].max() < 60, name


def test_a_seal_over_the_signature_leaves_it_readable(tmp_path: Path) -> None:
    page = Page(width=420, height=300).text(60, 60, LINES[2].replace("　", ""), 16)
    page.text(200, 200, "某某区人民政府", 16).text(200, 230, "2023年2月15日", 16)
    picture = _picture(tmp_path, page)
    seal = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(seal)
    draw.ellipse((600, 420, 900, 720), outline=255, width=14)
    draw.regular_polygon((750, 570, 60), 5, fill=255)
    red = Image.new("RGB", picture.size, (230, 40, 50))
    stamped = Image.composite(
        Image.fromarray(np.minimum(np.asarray(red), np.asarray(picture))), picture, seal
    )
    stamped.save(tmp_path / "sealed.png")
    text = _bare(_read(tmp_path / "sealed.png").text)
    assert text.split("\n") == ["第二条本规则自发布之日起施行。", "某某区人民政府", "2023年2月15日"]


def test_a_long_screenshot_is_cut_where_nothing_is_printed() -> None:
    picture = np.full((5000, 1000, 3), 255, np.uint8)
    for top in range(0, 5000, 100):
        picture[top : top + 70, 100:900:7] = 0
    cuts = cut_points(picture)
    assert cuts[0] == 0 and cuts[-1] == 5000 and len(cuts) > 2
    assert all(cut % 100 >= 70 for cut in cuts[1:-1])
    assert cut_points(picture[:2200]) == [0, 2200]


def test_a_picture_without_text_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (600, 800), "white").save(tmp_path / "blank.png")
    with pytest.raises(UnreadableFile, match="no text was found"):
        _read(tmp_path / "blank.png")


def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 15_000, 11_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    (tmp_path / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )
    with pytest.raises(UnreadableFile, match="15000 x 11000 pixels"):
        _read(tmp_path / "bomb.png")


@pytest.mark.parametrize(
    "data", [b"no picture at all", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF"]
)
def test_damaged_pictures_get_a_reason(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file.png").write_bytes(data)
    with pytest.raises(UnreadableFile, match="picture"):
        _read(tmp_path / "file.png")


def test_of_a_mixed_pdf_only_the_scanned_pages_are_recognised(tmp_path: Path) -> None:
    grey = np.asarray(_picture(tmp_path).convert("L"))
    scanned = Page(width=420, height=300).picture(grey, 0, 0, 420, 300)
    text = Page(width=420, height=300).text(90, 100, "第三条　这一页有文字层。", 16)
    source = _read(write_pdf(tmp_path / "mixed.pdf", [scanned, text, Page(width=420, height=300)]))
    assert _bare(source.text) == f"{TEXT}\n第三条这一页有文字层。"
    assert source.page(source.text.index("第三条")) == 2
    assert [(doubt.kind, doubt.text) for doubt in source.doubts] == [("scan", "page 1")]


def test_a_text_layer_without_meaning_is_not_used(tmp_path: Path) -> None:
    page = _page().text(60, 250, "乱码" * 10, 8, font="P")
    _picture(tmp_path)
    source = _read(write_pdf(tmp_path / "file.pdf", [page]))
    assert [(doubt.kind, doubt.text) for doubt in source.doubts] == [
        ("scan", ""),
        ("bad_text_layer", "page 1"),
    ]
    assert _bare(source.text).startswith(TEXT)


def test_reading_a_scan_asks_nothing_of_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    _picture(tmp_path).save(tmp_path / "scan.png")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ocr._engine.cache_clear()
    assert _bare(_read(tmp_path / "scan.png").text) == TEXT


def test_missing_models_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _picture(tmp_path).save(tmp_path / "scan.png")
    monkeypatch.setitem(ocr.MODELS, "Rec", "gone.onnx")
    ocr._engine.cache_clear()
    with pytest.raises(UnreadableFile, match=r"gone\.onnx.*reinstall rapidocr"):
        _read(tmp_path / "scan.png")
    ocr._engine.cache_clear()


def test_threads_are_as_many_as_the_environment_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert ocr.threads() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "1000")
    assert 1 <= ocr.threads() <= 1000
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert 1 <= ocr.threads() <= ocr.MAX_THREADS


def test_marks_of_chinese_sentences_are_full_width_and_others_are_not() -> None:
    assert ocr.full_width_marks("第一条(一)区政府,各部门;36%,人均:见《规则》(试行)") == (
        "第一条（一）区政府，各部门；36%，人均：见《规则》（试行）"
    )
    assert ocr.full_width_marks("see (a), 8:30; 1,000") == "see (a), 8:30; 1,000"


def test_pages_are_named_as_ranges() -> None:
    assert page_ranges([3]) == "page 3"
    assert page_ranges([1, 4, 5, 6, 9]) == "pages 1, 4-6, 9"


def test_reading_plain_text_loads_neither_pdfium_nor_onnxruntime(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("第一条　内容。", encoding="utf-8")
    code = (
        "import sys, pathlib; from ingest.readers import read_source; "
        f"read_source(pathlib.Path({str(tmp_path / 'file.txt')!r}), name='file.txt'); "
        "print([name for name in ('pypdfium2', 'onnxruntime', 'rapidocr', 'cv2', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
