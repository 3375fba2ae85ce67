"""A conversation in, the same as Markdown or as a Word file out: answers, citations in proper form, what they quote."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from docx import Document as WordDocument
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from qa.answer import Answer, Citation
from web.chat.cards import citation_line, validity_words
from web.chat.chat_texts import CHAT_TEXTS
from web.chat.conversation import Turn
from web.records.conversations import Conversation
from web.texts import Texts

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
LIST_LIKE = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")
FORBIDDEN = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
FONT, SERIF = "Microsoft YaHei", "SimSun"


def as_markdown(conversation: Conversation, turns: Sequence[Turn], texts: Texts) -> str:
    """Return the conversation as Markdown; nothing in it is taken for markup."""
    words = CHAT_TEXTS[texts.language]
    blocks = [f"# {_plain(conversation.title)}", _plain(_exported(texts))]
    for turn in turns:
        blocks.append(f"## {_plain(turn.question)}")
        if turn.answer is None:
            blocks.append(_plain(texts.error_line))
            continue
        blocks += _markdown_answer(turn.answer, texts)
    return "\n\n".join([*blocks, f"*{_plain(words.disclaimer)}*"]) + "\n"


def _markdown_answer(answer: Answer, texts: Texts) -> Iterator[str]:
    if title := texts.status_titles.get(answer.status, ""):
        yield f"**{_plain(title)}**"
    yield from (_plain(line) for line in lines_of(answer))
    if answer.comparison:
        rows = [(texts.compared, texts.compared_rule), *sides_of(answer)]
        table = [f"| {_cell(name)} | {_cell(text)} |" for name, text in rows]
        yield "\n".join([table[0], "|---|---|", *table[1:]])
    if answer.citations:
        yield f"**{_plain(texts.basis)}**"
    for citation in answer.citations:
        line = f"〔{citation.marker}〕{citation_line(citation, texts)}（{validity_words(citation.validity, texts)}）"
        quote = "\n".join(f"> {_plain(part)}  " for part in citation.quote.splitlines())
        yield f"{_plain(line)}\n\n{quote}"
    if answer.notes:
        yield "\n".join([f"**{_plain(texts.notes)}**", "", *(f"- {_plain(note)}" for note in answer.notes)])


def _plain(text: str) -> str:
    """Return one line of text that Markdown shows as it is."""
    line = SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return LIST_LIKE.sub(r"\1\\\2", line)


def _cell(text: str) -> str:
    return "<br>".join(_plain(line) for line in text.splitlines())


def as_word(conversation: Conversation, turns: Sequence[Turn], texts: Texts) -> bytes:
    """Return the conversation as a .docx file."""
    words = CHAT_TEXTS[texts.language]
    word = WordDocument()
    _set_fonts(word)
    word.sections[0].page_width, word.sections[0].page_height = Cm(21), Cm(29.7)
    word.core_properties.title, word.core_properties.author = _legal(conversation.title), texts.title
    word.add_heading(_legal(conversation.title), 0)
    _paragraph(word, _exported(texts), soft=True)
    for turn in turns:
        word.add_heading(_legal(turn.question), 1)
        if turn.answer is None:
            _paragraph(word, texts.error_line)
        else:
            _word_answer(word, turn.answer, texts)
    _paragraph(word, words.disclaimer, soft=True)
    kept = io.BytesIO()
    word.save(kept)
    return kept.getvalue()


def _word_answer(word: Word, answer: Answer, texts: Texts) -> None:
    if title := texts.status_titles.get(answer.status, ""):
        _paragraph(word, title, bold=True)
    for line in lines_of(answer):
        _paragraph(word, line)
    if answer.comparison:
        table = word.add_table(rows=0, cols=2, style="Table Grid")
        for name, text in [(texts.compared, texts.compared_rule), *sides_of(answer)]:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = _legal(name), _legal(text)
        word.add_paragraph()
    if answer.citations:
        _paragraph(word, texts.basis, bold=True)
    for citation in answer.citations:
        line = f"〔{citation.marker}〕{citation_line(citation, texts)}"
        _paragraph(word, f"{line}（{validity_words(citation.validity, texts)}）")
        _quotation(word, citation)
    if answer.notes:
        _paragraph(word, texts.notes, bold=True)
        for note in answer.notes:
            word.add_paragraph(_legal(note), style="List Bullet")


def lines_of(answer: Answer) -> list[str]:
    """Return the paragraphs of an answer without the lines that its table holds."""
    text = answer.text
    if answer.comparison:
        text = text.split(f"{answer.comparison[0].name}：", 1)[0]
    return [line for line in text.splitlines() if line.strip()]


def sides_of(answer: Answer) -> list[tuple[str, str]]:
    """Return the rows of a comparison, each with its marker."""
    return [
        (side.name, f"{side.text}〔{side.marker}〕" if side.marker is not None else side.text)
        for side in answer.comparison
    ]


def _exported(texts: Texts) -> str:
    now = datetime.now()
    return CHAT_TEXTS[texts.language].exported.format(when=f"{texts.date(now.date())} {now:%H:%M}")


def _set_fonts(word: Word) -> None:
    for name in ("Normal", "Title", "Heading 1", "Quote", "List Bullet"):
        style = word.styles[name]
        font = SERIF if name == "Quote" else FONT
        style.font.name = font
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(kind), font)
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        language = OxmlElement("w:lang")
        language.set(qn("w:eastAsia"), "zh-CN")  # else 〔，。〕 may be drawn as in Japanese
        style.element.get_or_add_rPr().append(language)
        if name == "Quote":
            style.font.italic, style.paragraph_format.left_indent = False, Cm(0.75)
        if name in ("Title", "Heading 1"):
            style.font.color.rgb = RGBColor(0x22, 0x25, 0x2A)
            style.font.size = Pt(20 if name == "Title" else 14)


def _paragraph(word: Word, text: str, *, bold: bool = False, soft: bool = False) -> None:
    run = word.add_paragraph().add_run(_legal(text))
    run.bold = bold
    if soft:
        run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x5D, 0x60, 0x67)


def _quotation(word: Word, citation: Citation) -> None:
    """Add what is quoted, the answering words bold."""
    paragraph = word.add_paragraph(style="Quote")
    at = 0
    for start, end in sorted(citation.highlights):
        start = max(start, at)
        paragraph.add_run(_legal(citation.quote[at:start]))
        paragraph.add_run(_legal(citation.quote[start:end])).bold = True
        at = max(at, end)
    paragraph.add_run(_legal(citation.quote[at:]))


def _legal(text: str) -> str:
    return FORBIDDEN.sub("", text)
