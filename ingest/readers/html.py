"""A saved web page (.html, .htm, .mht) in, its text out: the main column, a line a paragraph or table row."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from ingest.document import Doubt
from ingest.readers.html_lines import LineMaker, drop, is_hidden
from ingest.readers.html_main import bare, main_lines, page_title, without_site_lines
from ingest.readers.html_notes import take_linked_notes
from ingest.readers.notes import tie_typed_notes
from ingest.readers.plain import decode_text
from ingest.readers.source import SourceText, UnreadableFile

CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,20})|<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.:-]{2,20})""", re.IGNORECASE)  # fmt: skip
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs",
         "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs"}  # fmt: skip  # what browsers read them as
MOST_UNDECODED = 1 / 1000  # of the characters of a page with stray bytes
# No text of the document: programs, navigation, form controls. A form itself may hold the whole page.
NO_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video",
           "select", "button", "input", "textarea", "datalist", "head")  # fmt: skip
FURNITURE = ("nav", "header", "footer", "aside")
# What the programs behind most sites call the same parts: class="footer", id="crumbs", class="share-box".
NAMED = re.compile(
    r"(?:^|[\s_-])(?:footer?|bottom|copyright|bread-?crumbs?|crumbs?|share|bdshare\w*|toolbar|related)(?:$|[\s_-])", re.IGNORECASE
)  # fmt: skip
ROLES = ("navigation", "banner", "contentinfo", "search", "complementary")


def read_html(path: Path, *, name: str) -> SourceText:
    """Return the text of a web page; each line is a whole paragraph or a table row, the first its title.

    What is left out (navigation, hidden elements) is told in the doubts. Raises UnreadableFile where there is no text.
    """
    text, encoding, undecoded = decode_page(path.read_bytes())
    return read_page(text, name=name, encoding=encoding, undecoded=undecoded)


def read_mht(path: Path, *, name: str) -> SourceText:
    """Return the text of a page saved as one file (.mht, .mhtml). Raises UnreadableFile where it holds no page."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    for part in message.walk():
        body = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(body, bytes):
            text, encoding, undecoded = decode_page(body, declared=part.get_content_charset())
            return read_page(text, name=name, encoding=encoding, undecoded=undecoded)
    raise UnreadableFile("a web archive that holds no page; save the page as .html.")


def read_page(page: str, *, name: str, encoding: str, undecoded: int = 0) -> SourceText:
    """Return the text of a decoded page; see read_html."""
    root = parse_page(page)
    title = page_title(root)
    hidden = drop_invisible(root)
    dropped = drop_furniture(root)
    maker = LineMaker(take_linked_notes(root))
    kept, left_out = main_lines(maker.lines(root))
    kept, of_site = without_site_lines(kept)
    left_out += of_site
    head = next((index + 1 for index, line in enumerate(kept) if line.number), 0)
    texts = with_title([line.text for line in kept], title, head)
    if not maker.notes.count:
        texts = tie_typed_notes(texts)
    if not re.search(r"\w", "".join(texts)):
        raise UnreadableFile("a web page without text; save the page again once all of it is shown.")
    doubts = _doubts(hidden, [*dropped, *(line.text for line in left_out)], undecoded)
    typed = sum(len(line.text) for line in kept if line.typed)
    whole = typed * 2 < sum(len(line.text) for line in kept)  # else its lines were broken by hand, in a <pre>
    return SourceText(name, "\n".join(texts), encoding, whole_lines=whole, doubts=tuple(doubts))


def decode_page(data: bytes, *, declared: str | None = None) -> tuple[str, str, int]:
    """Return a page's text, its encoding and how many characters could not be decoded.

    A byte-order mark comes first, then UTF-8 where the bytes are such, then what the page declares, then detection:
    pages that declare gb2312 and are UTF-8 are common, the other way round they do not decode.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return (*decode_text(data), 0)
    declared = _codec(declared) or _declared(data)
    for encoding in ("utf-8", declared):
        try:
            return data.decode(encoding or "utf-8"), encoding or "utf-8", 0
        except UnicodeDecodeError:
            continue
    try:
        return (*decode_text(data), 0)
    except UnreadableFile:
        text = data.decode(declared or "gb18030", "replace")
    undecoded = text.count("\ufffd")
    if undecoded > len(text) * MOST_UNDECODED:
        raise UnreadableFile("its characters are neither UTF-8 nor GB18030 nor Big5; save it as UTF-8.")
    return text, declared or "gb18030", undecoded


def _declared(data: bytes) -> str | None:
    match = CHARSET.search(data[:4096])
    return _codec((match[1] or match[2]).decode("ascii")) if match else None


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    try:
        return WIDER.get(name.lower()) or codecs.lookup(name).name
    except LookupError:
        return None


def parse_page(text: str) -> etree._Element:
    """Return the tree of a page; nothing that it names is fetched."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text).replace("\x00", "")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.ParserError as error:
        raise UnreadableFile("an empty web page; save the page again.") from error
    if root is None:
        raise UnreadableFile("an empty web page; save the page again.")
    if fatal := parser.error_log.filter_from_fatals():  # the rest of the page is not in the tree
        raise UnreadableFile(f"a web page too deeply nested ({fatal[0].message[:40]}); save its text.")
    return root


def drop_invisible(root: etree._Element) -> list[str]:
    """Take out what no reader of the page sees; return the words of what is hidden."""
    hidden = []
    for element in list(root.iter(*NO_TEXT)):
        drop(element)
    for element in [item for item in root.iter() if is_hidden(item)]:
        hidden += words(element)
        drop(element)
    return hidden


def drop_furniture(root: etree._Element) -> list[str]:
    """Take out navigation, page headers and footers; return their words. One that holds much of the text stays."""
    total = sum(map(len, words(root)))
    dropped: list[str] = []
    for element in [item for item in root.iter() if _is_furniture(item)]:
        inside = words(element)
        if sum(map(len, inside)) * 5 <= total:
            dropped += inside
            drop(element)
    return dropped


def _is_furniture(element: etree._Element) -> bool:
    if element.tag in ("header", "footer") and any(
        up.tag in ("article", "main") for up in element.iterancestors()
    ):
        return False  # the head of an article: its title
    if element.tag in ("div", "ul", "section") and any(
        NAMED.search(element.get(key, "")) for key in ("class", "id")
    ):
        return True
    return element.tag in FURNITURE or element.get("role") in ROLES


def words(element: etree._Element) -> list[str]:
    """Return the texts inside an element, without blank ones."""
    return [text.strip() for text in element.itertext() if text.strip()]


def with_title(texts: list[str], title: str, place: int) -> list[str]:
    """Return the lines with the page's title where the text begins (`place`), unless the text holds it.

    It opens with the title, or a notice does whose instrument, further down, the page is named after.
    """
    head = "".join(texts[place : place + 4])
    found = not title or bare(title) in bare(head) or bare(title) in map(bare, texts[place:])
    return texts if found else [*texts[:place], title, *texts[place:]]


def _doubts(hidden: list[str], furniture: list[str], undecoded: int) -> Iterator[Doubt]:
    if hidden:
        yield Doubt("hidden", " ".join(hidden)[:60])
    if furniture:
        shown = " ".join(furniture)[:60]
        yield Doubt("furniture", f"{sum(map(len, furniture))} characters: {shown}")
    if undecoded:
        yield Doubt("undecoded", str(undecoded))
