"""Citation and Document in, safe HTML out: the evidence cards.

Documents and questions are untrusted: every string passes through `html.escape` on its way into the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from ingest.document import Document, Provision, Validity
from qa.answer import Citation, CitedValidity
from web.chat.chat_texts import CHAT_TEXTS
from web.rooms.links import document_url
from web.texts import Texts

NEIGHBOURS = 320  # characters of context shown before and after the cited provision
LONGEST_SIDE = 1200  # characters shown on either side of the quotation when the provision itself is long
WHOLE = 0.6  # share of a quotation from which its answering words are marked lightly
TOOLTIP = 180  # characters of the quotation in a marker's tooltip
KNOWN_VALIDITY = ("in_force", "repealed", "invalidated", "expired", "superseded", "not_yet", "unknown")
Span = tuple[int, int]


def citation_line(citation: Citation, texts: Texts) -> str:
    """Return the citation as one writes it: 《平谷区人民政府工作规则》（京平政发〔2023〕2号）第四十一条.

    A document without a number is told apart by its issuer and date.
    """
    # A title within a title takes the single marks: 《关于印发〈…规则〉的通知》.
    title = citation.title.replace("《", "〈").replace("》", "〉")
    issued = "，".join(part for part in (citation.issuer or "", texts.date(citation.issued_on)) if part)
    reference = citation.doc_no or issued
    return f"《{title}》" + (f"（{reference}）" if reference else "") + citation.label


def provision_citation(document: Document, provision: Provision | None, texts: Texts) -> str:
    """Return 《…》（京平政发〔2023〕2号）第四十一条."""
    cited = Citation(
        marker=0, document_id=document.document_id, doc_no=document.doc_no, title=document.title,
        issuer=document.issuer, issued_on=document.issued_on.isoformat() if document.issued_on else None,
        label=provision.label if provision else "", path=(), quote="", source=document.source, start=0, end=0,
        validity=CitedValidity("unknown"),
    )  # fmt: skip
    return citation_line(cited, texts)


def citation_with_quote(citation: Citation, texts: Texts) -> str:
    """Return the citation and its words, for pasting into a document."""
    quote = citation.quote.replace("“", "‘").replace("”", "’")
    return f"{citation_line(citation, texts)}：“{quote}”"


def marked(text: str, spans: Iterable[Span], *, tag: str = "mark") -> str:
    """Return `text` escaped, its `spans` in <mark>; spans may overlap, touch or reach past the ends."""
    out, at = [], 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(text))
        if start < end:
            out += [escape(text[at:start]), f"<{tag}>", escape(text[start:end]), f"</{tag}>"]
            at = end
    return "".join(out) + escape(text[at:])


def tooltip_attributes(citation: Citation, texts: Texts) -> str:
    """Return what chat.js shows while a marker is pointed at or focused: where from, the quotation, whether it holds."""
    quote = " ".join(citation.quote.split())
    cut = quote if len(quote) <= TOOLTIP else quote[:TOOLTIP] + "…"
    status = _known(citation.validity.status)
    holds = validity_words(citation.validity, texts)
    shown = {"cite": citation_line(citation, texts), "quote": cut, "holds": holds, "status": status}
    return "".join(f' data-{name}="{_attribute(words)}"' for name, words in shown.items())


def validity_detail(validity: CitedValidity | Validity, texts: Texts) -> str:
    """Return by what and since when, 由…废止，自2023年2月15日起; "" when neither is known."""
    status = _known(validity.status)
    parts = []
    if validity.by:
        parts.append(texts.validity_by[status].format(validity.by))
    if validity.since and status != "in_force":
        parts.append(texts.validity_since[status].format(texts.date(validity.since)))
    return texts.joiner.join(parts)


def validity_words(validity: CitedValidity | Validity, texts: Texts) -> str:
    """Return the status with by what and since when: 已废止，由…废止，自2023年2月15日起."""
    parts = (texts.validity[_known(validity.status)], validity_detail(validity, texts))
    return texts.joiner.join(part for part in parts if part)


def validity_badge(validity: CitedValidity | Validity, texts: Texts) -> str:
    """Return the badge: a word and a colour for the status, by what and since when in its tooltip."""
    status = _known(validity.status)
    title = escape(validity_detail(validity, texts), quote=True)
    return f'<span class="badge {status}" title="{title}">{escape(texts.validity[status])}</span>'


def _known(status: str) -> str:
    return status if status in KNOWN_VALIDITY else "unknown"


def evidence_card(
    citation: Citation,
    document: Document | None,
    texts: Texts,
    *,
    turn: int,
    mask: Callable[[str], str] = str,
) -> str:
    """Return the card of one citation: `turn` numbers the question, `mask` hides what must not be shown."""
    number = f"{turn}-{citation.marker}"
    status = _known(citation.validity.status)
    where = _where(citation)
    return (
        f'<article class="card" id="card-{number}" tabindex="-1" aria-labelledby="card-{number}-title">'
        f"<header>{_card_number(citation, turn, texts)}"
        f'<span class="doc-no">{escape(citation.doc_no or texts.no_number)}</span>'
        f"{validity_badge(citation.validity, texts)}</header>"
        f'<h3 id="card-{number}-title">{escape(citation.title)}</h3>'
        f"{_line(f'validity-detail {status}', escape(validity_detail(citation.validity, texts)))}"
        f"{_line('where', where)}"
        f"<blockquote{_whole(citation)}>{marked(citation.quote, citation.highlights)}</blockquote>"
        f"{_line('meta', _dotted(citation.issuer or '', texts.date(citation.issued_on), *_origin(citation, texts)))}"
        f"{_card_actions(citation, document, texts, mask)}</article>"
    )


def _whole(citation: Citation) -> str:
    # Where nearly all of the quotation answers, a strong colour would mark nothing.
    marked_length = sum(end - start for start, end in citation.highlights)
    return ' class="whole"' if marked_length > WHOLE * len(citation.quote) else ""


def _card_number(citation: Citation, turn: int, texts: Texts) -> str:
    title = _attribute(texts.back_to_answer)
    target = f'href="#turn-{turn}" data-back="{turn}-{citation.marker}"'
    return f'<a class="card-number" {target} title="{title}">〔{citation.marker}〕</a>'


def _where(citation: Citation) -> str:
    label = f'<strong class="label">{escape(citation.label)}</strong>' if citation.label else ""
    path = " › ".join(escape(part) for part in citation.path if part)
    return label + (f'<span class="path">{path}</span>' if path else "")


def _origin(citation: Citation, texts: Texts) -> list[str]:
    page = [texts.page.format(page=citation.page)] if citation.page else []
    return page + [texts.scanned] * citation.scanned


def _line(css: str, html: str) -> str:
    return f'<p class="{css}">{html}</p>' if html else ""


def _dotted(*parts: str) -> str:
    return " · ".join(escape(part) for part in parts if part)


def _card_actions(
    citation: Citation, document: Document | None, texts: Texts, mask: Callable[[str], str]
) -> str:
    copy = copy_button(citation_with_quote(citation, texts), texts.copy_citation, texts)
    if document is None:
        return f'<div class="actions">{copy}</div>'
    room = f'<a class="room" href="{_attribute(document_url(citation.document_id, citation.provision_id))}">{escape(CHAT_TEXTS[texts.language].in_room)}</a>'
    return (
        f'<div class="actions">{copy}{room}</div><details class="context"><summary>'
        f'<span class="closed">{escape(texts.in_context)}</span>'
        f'<span class="opened">{escape(texts.close_context)}</span></summary>'
        f"{_line('legend', escape(texts.context_above))}"
        f'<div class="context-text" lang="zh-CN" tabindex="0">{context_html(citation, document, mask=mask)}</div>'
        "</details>"
    )


def copy_button(words: str, label: str, texts: Texts) -> str:
    """Return a button that puts `words` on the clipboard (answers.js does it)."""
    return (
        f'<button type="button" class="copy" data-copy="{_attribute(words)}" '
        f'data-copied="{_attribute(texts.copied)}">{escape(label)}</button>'
    )


def context_html(citation: Citation, document: Document, *, mask: Callable[[str], str] = str) -> str:
    """Return the document's text around the citation.

    The provision is a block of its own, the quotation in it is underlined, the answering words are in <mark>.
    `mask` must keep the length of what it masks.
    """
    quote = (citation.start, citation.end)
    provision = cited_provision(citation, document)
    first, last = context_window(document.text, provision, quote)
    text = mask(document.text[first:last])
    start, end = max(provision[0] - first, 0), min(provision[1], last) - first
    before, after = citation.start - first, citation.end - first
    words = marked(text[before:after], citation.highlights or [(0, after - before)])
    cited = f'{escape(text[start:before])}<span class="quoted">{words}</span>{escape(text[after:end])}'
    return (
        ("……\n" if first > 0 else "")
        + f'{escape(text[:start])}<span class="cited">{cited}</span>'
        + escape(text[end:].removeprefix("\n"))  # the block ends the line already
        + ("\n……" if last < len(document.text) else "")
    )


def cited_provision(citation: Citation, document: Document) -> Span:
    """Return the offsets of the provision that the citation names; those of the quotation when it is gone."""
    for provision in document.provisions:
        if provision.provision_id == citation.provision_id and _holds(provision, citation):
            return provision.start, provision.end
    return citation.start, citation.end


def _holds(provision: Provision, citation: Citation) -> bool:
    return provision.start <= citation.start and citation.end <= provision.end


def context_window(text: str, provision: Span, quote: Span) -> Span:
    """Return the offsets to show: the provision and its neighbours, cut at line ends, near the quotation."""
    first = max(0, provision[0] - NEIGHBOURS, quote[0] - LONGEST_SIDE)
    last = min(len(text), provision[1] + NEIGHBOURS, quote[1] + LONGEST_SIDE)
    if first > 0:
        line = text.find("\n", first, quote[0])
        first = line + 1 if line >= 0 else first
    if last < len(text):
        line = text.rfind("\n", quote[1], last)
        last = line if line >= 0 else last
    return first, last


def _attribute(words: str) -> str:
    return escape(words, quote=True)
