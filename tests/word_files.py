"""Word files made of raw XML, for what python-docx cannot write: lists, footnotes, merged cells, tracked changes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from ingest.document import Document
from ingest.readers import SourceText, read_source
from ingest.structure import read_documents

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def write_docx(path: Path, body: str, **parts: str) -> Path:
    """Write a Word file with this body; `parts` are the contents of styles, numbering, footnotes and endnotes."""
    types = [f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>']
    relations = []
    files = {"word/document.xml": _root("document", f"<w:body>{body}</w:body>")}
    for name, content in parts.items():
        files[f"word/{name}.xml"] = _root(name, content)
        types.append(f'<Override PartName="/word/{name}.xml" ContentType="{WORD}.{name}+xml"/>')
        relations.append(f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>')
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(types)}</Types>'
    )
    files["_rels/.rels"] = _relations(
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    )
    files["word/_rels/document.xml.rels"] = _relations("".join(relations))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _root(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {NAMESPACES}>{content}</w:{name}>'


def _relations(content: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}</Relationships>'


def run(text: str, props: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(content: str, props: str = "") -> str:
    """Return a paragraph of runs, or of plain text where `content` is no XML."""
    inner = content if content.startswith("<") else run(content) if content else ""
    return f"<w:p><w:pPr>{props}</w:pPr>{inner}</w:p>"


def numbered(text: str, list_id: int = 1, level: int = 0) -> str:
    """Return a paragraph of a list."""
    return para(
        text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    )  # fmt: skip


def level(depth: int, text: str, kind: str = "chineseCountingThousand", *, more: str = "") -> str:
    """Return the definition of one level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*definitions: str, numbers: str = "") -> str:
    """Return the content of numbering.xml: list n (from 1) has the levels of the nth definition."""
    families = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{levels}</w:abstractNum>'
        for n, levels in enumerate(definitions, 1)
    )
    own = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, len(definitions) + 1)
    )
    return families + own + numbers


def cell(*texts: str, props: str = "") -> str:
    """Return a table cell with a paragraph for each text (or raw XML)."""
    inner = "".join(text if text.startswith(("<w:p>", "<w:tbl>")) else para(text) for text in texts)
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{inner}</w:tc>"


def table(*rows: list[str]) -> str:
    """Return a table; a cell given as plain text is one paragraph."""
    lines = "".join(
        "<w:tr>" + "".join(c if c.startswith("<w:tc>") else cell(c) for c in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr/>{lines}</w:tbl>"


RULES = """北京市某区人民政府工作规则
第一章 总则
第一条 为了规范区政府工作，根据有关法律，制定本规则。
第二条 区政府工作的准则是：
（一）执政为民；
（二）依法行政。
第二章 会议制度
第三条 区政府全体会议一般每半年召开1次。
第四条 下列事项提请常务会议讨论：
（一）重要规划；
（二）财政预算；
（三）其他事项。
"""
CHAPTERS = lists(
    level(0, "第%1章") + level(1, "第%2条", more='<w:lvlRestart w:val="0"/>') + level(2, "（%3）")
)


def rules_as_lists() -> str:
    """The rules with every number left to Word."""
    body = ""
    for line in RULES.strip().split("\n"):
        mark, _, rest = line.partition(" ")
        if mark.startswith("第") and mark.endswith(("章", "条")):
            body += numbered(rest, level=0 if mark.endswith("章") else 1)
        else:
            body += numbered(line[3:], level=2) if line.startswith("（") else para(line)
    return body


def source(folder: Path, body: str, **parts: str) -> SourceText:
    return read_source(write_docx(folder / "file.docx", body, **parts), name="file.docx")


def lines(folder: Path, body: str, **parts: str) -> list[str]:
    return source(folder, body, **parts).text.split("\n")


def document(folder: Path, body: str, **parts: str) -> Document:
    (found,) = read_documents(source(folder, body, **parts)).documents
    return found


FOOTNOTES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:id="7">{para("<w:r><w:footnoteRef/></w:r>" + run(" 指生产安全、生活安全等五个方面。"))}</w:footnote>'
    f'<w:footnote w:id="3">{para("单位：指本区各部门。")}</w:footnote>'
)


def reference(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
