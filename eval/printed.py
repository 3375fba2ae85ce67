"""A Law in, a file as an office makes it out: Word, PDF, the scan of a PDF. Made by public tools, of the tests only."""

from __future__ import annotations

import html
import io
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from eval.laws import Law
from eval.layouts import Paragraph, paragraphs
from ingest.readers.office import PROGRAMS

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from playwright.sync_api import Browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SCAN_DPI = 200
SCAN_QUALITY = 80  # of the JPEG
NOISE = 12.0  # standard deviation of the grey, of 255
MAX_TURN = 0.5  # degrees
FONT = "Noto Serif CJK SC"
STYLE = f"""
@page {{ size: A4; margin: 2.8cm 2.6cm }}
body {{ font: 16pt/28pt '{FONT}', serif }}
h1 {{ font-size: 22pt; line-height: 32pt; text-align: center }}
h2 {{ font-size: 16pt; text-align: center }}
p {{ margin: 0; text-indent: 2em; text-align: justify }}
"""
RUNNING = "<div style='font-size: 9px; width: 100%; text-align: center'>{}</div>"
PAGE_NUMBERS = (
    "— <span class='pageNumber'></span> —",
    "第 <span class='pageNumber'></span> 页 共 <span class='totalPages'></span> 页",
)


class ToolMissing(RuntimeError):
    """A program that makes the files is not on this machine; the message says how to get it."""


def find_tool(names: Sequence[str], package: str) -> str:
    """Return the path of the first of these programs. Raises ToolMissing."""
    if path := next((found for name in names if (found := shutil.which(name))), None):
        return path
    raise ToolMissing(f"none of {', '.join(names)} on this machine: run apt-get install {package}")


# --- Word ---


def write_docx(law: Law, path: Path, rng: random.Random) -> None:
    """Write a .docx: half of them with heading styles, half with numbers that Word counts where it can."""
    import docx

    file = docx.Document()
    styled, counted = rng.random() < 0.5, rng.random() < 0.5 and _counts_on(law)
    number = _article_numbering(file) if counted else 0
    for paragraph in paragraphs(law):
        if paragraph.level is not None:
            if styled:
                file.add_heading(paragraph.text, min(paragraph.level, 9))
            else:
                file.add_paragraph(paragraph.text)
        elif counted and paragraph.label:
            _numbered(file, paragraph.text.removeprefix(paragraph.label).lstrip(), number)
        else:
            file.add_paragraph(paragraph.text)
    file.save(str(path))


def _counts_on(law: Law) -> bool:
    """Say whether the articles are 第一条, 第二条 and so on, as a list in Word counts them."""
    from ingest.numerals import to_chinese

    labels = [article.label for article in law.articles if article.label]
    return bool(labels) and labels == [f"第{to_chinese(number)}条" for number in range(1, len(labels) + 1)]


def _article_numbering(file: WordFile) -> int:
    """Add the list 第一条, 第二条, … to the file; return its number."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    numbering = file.part.numbering_part.element
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        '<w:suff w:val="space"/><w:lvlText w:val="第%1条"/></w:lvl>'
    )
    kind = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    numbering.insert(0, kind)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return 77


def _numbered(file: WordFile, text: str, number: int) -> None:
    properties = file.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


# --- PDF ---


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the system's Chromium, headless. Raises ToolMissing."""
    from playwright.sync_api import sync_playwright

    path = find_tool(CHROMIUM, "chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def print_pdf(law: Law, path: Path, rng: random.Random, browser: Browser) -> None:
    """Print the law to a PDF with the page's number at its foot, and on half of them the title at its head."""
    page = browser.new_page()
    page.set_content(to_html(law))
    page.pdf(
        path=path, format="A4", display_header_footer=True,
        header_template=RUNNING.format(html.escape(law.title) if rng.random() < 0.5 else ""),
        footer_template=RUNNING.format(rng.choice(PAGE_NUMBERS)),
        margin={"top": "2.8cm", "bottom": "2.8cm", "left": "2.6cm", "right": "2.6cm"},
    )  # fmt: skip
    page.close()


def to_html(law: Law) -> str:
    """Return the law as a page to print."""
    body = "\n".join(map(_element, paragraphs(law)))
    return f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><style>{STYLE}</style>{body}</html>"


def _element(paragraph: Paragraph) -> str:
    tag = "p" if paragraph.level is None else "h1" if paragraph.level == 0 else "h2"
    return f"<{tag}>{html.escape(paragraph.text)}</{tag}>"


def convert_to_pdf(files: Sequence[Path], folder: Path) -> None:
    """Write each Word file to `folder` as a PDF, by LibreOffice. Raises ToolMissing."""
    program = find_tool(PROGRAMS, "libreoffice-writer")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf",
             "--outdir", str(folder), *map(str, files)],
            check=True, capture_output=True,
        )  # fmt: skip


# --- scans ---


def scan_pdf(pdf: Path, path: Path, rng: random.Random) -> None:
    """Write the pages of `pdf` as a scanner gives them: grey, noisy, a little askew, JPEG pictures in a PDF."""
    import pypdfium2

    file = pypdfium2.PdfDocument(pdf)
    pages = [_scanned(page.render(scale=SCAN_DPI / 72).to_pil(), rng) for page in file]
    file.close()
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=SCAN_DPI)


def _scanned(page, rng: random.Random):  # type: ignore[no-untyped-def]
    import numpy as np
    from PIL import Image

    turned = page.convert("L").rotate(
        rng.uniform(-MAX_TURN, MAX_TURN), resample=Image.Resampling.BICUBIC, fillcolor=255
    )
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0.0, NOISE, (turned.height, turned.width))
    grey = np.clip(np.asarray(turned, dtype=np.float32) + noise - NOISE, 0, 255).astype(np.uint8)
    stored = io.BytesIO()
    Image.fromarray(grey).save(stored, "JPEG", quality=SCAN_QUALITY)
    return Image.open(io.BytesIO(stored.getvalue()))


def has_office() -> bool:
    """Say whether LibreOffice is on this machine."""
    return any(shutil.which(name) for name in PROGRAMS)
