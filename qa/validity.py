"""Whether a document still holds, what ended it, what it ended: from the relations and days of the corpus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from ingest.document import Document, Relation, Validity
from ingest.effect import find_effect
from ingest.validity import ValidityIndex, ended_validity, ends
from qa.answer import ANSWERED, WRONG_PREMISE
from qa.catalog import Catalog
from qa.direct import no_evidence, starts_to_hold
from qa.draft import Draft, Statement
from qa.evidence import Evidence
from qa.named import Instrument, Instruments, newest
from qa.naming import day_words, document_name, shortened, state_words, target_name
from qa.query import Query
from qa.sentences import smallest_provision
from qa.unheld import ASKS_CONTENT, named_then, unknown_of
from qa.words import words_of

REPEALS_WHAT = re.compile(
    r"(?<!被)(?:废[止掉]?|清掉|取代|代替|替代|顶替|宣布失效)了?\s*(?:的是)?(?:哪|什么|几|多少)|(?:废止|废掉|取代|代替|替代)了[^，。？被]{1,14}(?:哪|什么|几)|同时(?:废止|失效)\s*[？?]?$|(?:废止|取代|代替|替代|宣布失效)(?:的)?\s*(?:文件)?\s*(?:清单|名单|目录|件数|数量)"
    r"|宣布[^，。？]{0,16}(?:哪|什么)[^，。？]{0,8}(?:失效|废止)|(?:废止|失效)的[^。？?]{0,24}[有是]哪[些几]|哪[些个几份项部件][^，。？]{0,12}被.{1,30}(?:废止|宣布失效|取代)"
    r"|what (?:did|does|was).{0,60}(?:repeal|replace)|which .{0,40}(?:did|does) .{0,60}(?:repeal|replace)"
)
# Whether, since when, by what: asked of a document, and not what it says of its subject.
HOLDS_ASKED = re.compile(
    r"(?:有效|失效|废止|作废|过期|到期|算数|作数|管用|适用|生效)了?\s*[吗么没不嘛？?]|是否|有没有|还能|能不能|现行|哪一?[版份个年部]|版本|最新|过期|停用|施行了|实施了|还.{1,12}[吗么不没]"
    r"|(?:被|给|让|叫).{0,14}(?:废|取代|代替|替代|顶替|替下|叫停|接替)|(?:哪|什么|谁|啥)[^，。？]{0,10}(?:废|取代|代替|替代|顶替|替下|叫停|接替|宣布失效)|(?:何时|什么时候|哪一?天|哪年|几时)"
    r"|still|in force|in effect|repeal|version|expire"
)
# 京平政发〔2021〕4号废止以后，…: it is taken to have ended.
ENDED_BEFORE = re.compile(r"(?:废止|失效|作废|停用)(?:了|掉)?(?:以后|之后|后(?![来续])|的时候)")
COUNTED = re.compile(r"(?:多少|几)\s*[件份个项部]|件数|how many")
SINCE_ASKED = re.compile(r"哪一?天|何时|什么时候|几时|哪年|since when|from what date|\bwhen\b")
COUNT_STATED = re.compile(r"\d+\s*[件份个项部]")
ENDED_WORDS = re.compile(r"失效|废止|停止执行")
NAMED_SO = re.compile(
    r"(?:标题|题目|名称|名字|文件名)[里中上]?[^，。？]{0,2}[带含有是]着?[“\"]?([\u4e00-\u9fff]{2,6}?)[”\"]?(?:的|字样|[二两]字)"
)
NO_LONGER = re.compile(r"停止执行|不再(?:作为|执行|适用)")
CHANGE_WORDS = {"amends": "修改", "repeals": "废止", "invalidates": "宣布失效", "replaces": "代替"}
LISTED_AT_MOST = 6  # ended documents that get a statement each
MIN_NAMED = 0.3  # share of an instrument's title that a question must name to mean it
MAX_CHAIN = 4
MAX_LISTED = 700  # characters of a list of ended documents
READ_EVIDENCE = 5


class ValidityAnswerer:
    """Answers 还有效吗, 被什么废止, 废止了什么, 现行的是哪一版, citing the provision that says so."""

    def __init__(self, catalog: Catalog, validity: ValidityIndex) -> None:
        self.catalog, self.validity = catalog, validity
        self.instruments = Instruments(catalog)

    @cached_property
    def titles(self) -> str:
        """What the corpus holds or names as ended, and who issued it."""
        return "\n".join(f"{item.title}\n{item.source.issuer or ''}" for item in self.instruments.all).lower()

    def answer(self, query: Query, found: Sequence[Evidence], *, supported: bool) -> Draft | None:
        """Return the answer about the document that the question names, else about that of the evidence.

        None where the question asks what an ended document, or the one that ends it, says.
        """
        listed = REPEALS_WHAT.search(query.text) or (COUNTED.search(query.text) and not query.labels)
        if not listed and ASKS_CONTENT.search(query.text) and not HOLDS_ASKED.search(query.text):
            return None
        meant = self._named(query) or self.instruments.meant(query) or (self._ending(query) if listed else [])
        if not meant and supported:
            meant = self._told(query, found)
        if not meant:
            return None
        sources = [item.source for item in meant if item.relation is None]
        if listed:
            ending = [d for d in sources if any(ends(r) for r in d.relations)] or [
                item.source for item in meant if item.relation
            ]
            if not ending:
                return None
            told = ended_by(
                ending[0], counted=bool(COUNTED.search(query.text)), only=_condition(query, ending[0])
            )
            days = {relation.since for relation in ending[0].relations if ends(relation)}
            if told and SINCE_ASKED.search(query.text) and len(days) == 1 and (day := day_words(days.pop())):
                told = (*told[:-1], replace(told[-1], text=f"{told[-1].text.rstrip('。')}（自{day}起）。"))
            return Draft(ANSWERED, told) if told else None
        first = meant[0]
        if first.relation and (unknown := self._unknown(query, first.relation)):
            return unknown
        if first.relation:
            return Draft(ANSWERED, self._ended(first.relation, query.as_of))
        document = self._version_asked(query, sources)
        then = named_then(self.instruments, document, query.as_of) if not query.numbers else None
        if then and then.relation and str(document.issued_on)[:4] not in map(str, query.years):
            return Draft(ANSWERED, self._ended(then.relation, query.as_of))
        draft = self.about(document, query)
        holds = self.validity.of(document, query.as_of).status == "in_force"
        return replace(draft, status=WRONG_PREMISE) if holds and ENDED_BEFORE.search(query.text) else draft

    def about(self, document: Document, query: Query) -> Draft:
        """Return whether `document`, or the article of it that the question names, holds, with what says so."""
        as_of, state = query.as_of, self.validity.of(document, query.as_of)
        text = f"{document_name(document)}{state_words(state)}。"
        term = find_effect(document).term_span
        own_term = not state.by_hand and state.by_id in (None, document.document_id)
        if state.status == "expired" and term and own_term:
            quoted = shortened(document.text[slice(*term)].strip())
            statements = [Statement(f"{text.removesuffix('。')}：“{quoted}”", document.document_id, *term)]
        else:
            statements = [Statement(text, *self._proof(document, state))]
        statements += self._chain(state, as_of)
        if state.status == "in_force" and document.expires_on and term:
            text = f"有效期届满后自{day_words(document.expires_on)}起失效：“{shortened(document.text[slice(*term)].strip())}”"
            statements.append(Statement(text, document.document_id, *term))
        if state.status in ("in_force", "not_yet") or query.labels:
            statements += self._changed(document, query)
        return Draft(ANSWERED, tuple(statements))

    def of_number(self, query: Query) -> Draft | None:
        """Say that a document number is not in the corpus, and what other documents say of it."""
        missing = [number.doc_no for number in query.numbers if not number.documents]
        if not missing:
            return None
        known = self._of_number(missing[0], query.as_of)
        if known and not query.labels and (unknown := self._unknown(query, known[1])):
            return unknown
        if known:
            status = WRONG_PREMISE if query.labels else ANSWERED
            return Draft(
                status,
                self._ended(known[1], query.as_of),
                notes=("该文件本身不在语料中，以上依据提到它的文件。",),
            )
        series = missing[0].split("〔")[0]
        same = [d.doc_no for d in self.catalog.documents if d.doc_no and d.doc_no.split("〔")[0] == series]
        notes = ("语料中同一发文字号的文件：" + "、".join(same[:12]),) if same else ()
        if mentioned := self._mention(missing[0]):
            return Draft(
                WRONG_PREMISE, (mentioned,), lead=f"语料中没有{missing[0]}，提到它的原文为：", notes=notes
            )
        return Draft(WRONG_PREMISE, lead=f"语料中没有{missing[0]}。", notes=notes)

    def not_of_day(self, query: Query, document_id: str) -> Draft | None:
        """Refuse to answer of a day on which the document that would answer was not even issued, or another one held
        that the corpus only names; None where it may answer."""
        document, day = self.catalog.by_id[document_id], day_words(query.as_of)
        if document.issued_on and document.issued_on > query.as_of:
            told = f"{document_name(document)}于{day_words(document.issued_on)}才印发；语料中没有找到{day}的规定。"
            return no_evidence((told,))
        named = document.document_id not in query.editions and not query.numbers
        if named and (then := named_then(self.instruments, document, query.as_of)) and then.relation:
            told = f"{day}有效的是{target_name(then.relation)}，语料中没有它的正文。"
            return no_evidence((told, self._ended(then.relation, query.as_of)[0].text))
        return None

    def _unknown(self, query: Query, relation: Relation) -> Draft | None:
        """Refuse what is asked of a document that the corpus only names and that nothing tells; None where something does."""
        if not (unknown := unknown_of(query, relation)):
            return None
        ended = self._ended(relation, query.as_of)[0].text
        return no_evidence((f"语料没有说明{target_name(relation)}{unknown}。", ended))

    def _mention(self, doc_no: str) -> Statement | None:
        """Return the line of the corpus that mentions a number."""
        for document in self.catalog.documents:
            if (at := document.text.find(doc_no)) >= 0:
                start, end = document.text.rfind("\n", 0, at) + 1, document.text.find("\n", at)
                end = end if end >= 0 else len(document.text)
                return Statement(
                    shortened(document.text[start:end].strip()), document.document_id, start, end
                )
        return None

    def _of_number(self, doc_no: str, as_of: date) -> tuple[Validity, Relation] | None:
        """Return what had ended a document that the corpus only names by that day, else what ended it later."""
        return self.validity.of_number(doc_no, as_of) or self.validity.of_number(doc_no, date.max)

    # --- which document ---

    def _named(self, query: Query) -> list[Instrument]:
        """Return what the question names by number, by title or by kind and year."""
        within = query.documents if query.places else None
        titles = [i for i in query.titles if within is None or i in within]
        ids = query.documents if query.numbers else titles or query.editions
        named = [Instrument("", self.catalog.by_id[i]) for i in ids or ()]
        if named or query.numbers:
            return named
        for title in re.findall(r"《([^》]+)》", query.text):
            of_title = self.validity.of_title
            if found := of_title(title, query.as_of) or of_title(title, date.max):
                return [Instrument(title, self.catalog.by_id[found[1].document_id], found[1])]
        return []

    def _ending(self, query: Query) -> list[Instrument]:
        """Return the one document of the places and years asked about that ends a whole list: 2021年宣布失效的文件一共几件."""
        ids = query.documents or tuple(self.catalog.by_id)
        named = [d for i in ids if ENDED_WORDS.search((d := self.catalog.by_id[i]).title)]
        lists = [d for d in named if sum(map(ends, d.relations)) > 1]
        asked = [d for d in lists if not query.years or (d.issued_on and d.issued_on.year in query.years)]
        return [Instrument("", asked[0])] if len(asked) == 1 else []

    def _told(self, query: Query, found: Sequence[Evidence]) -> list[Instrument]:
        """Return what the best evidence ends and the question names in part, else the document of the best evidence."""
        asked = set(words_of(query.text))
        stated = [r for e in found[:READ_EVIDENCE] if e.score >= found[0].score for r in self._ended_at(e)]
        best = max(stated, key=lambda r: _share_named(r.target_title or "", asked), default=None)
        source = self.catalog.by_id[found[0].sentence.document_id]
        row = found[0].sentence.provision.kind != "text" or len(stated) == 1  # a line that ends one document
        if best and ((query.is_english and row) or _share_named(best.target_title or "", asked) >= MIN_NAMED):
            return [Instrument("", source, best)]
        return [Instrument("", source)]

    def _ended_at(self, evidence: Evidence) -> list[Relation]:
        """Return the relations that the sentence states and that end a document by title."""
        sentence, source = evidence.sentence, self.catalog.by_id[evidence.sentence.document_id]
        return [
            r for r in source.relations
            if ends(r) and r.target_title and (start := source.text.find(r.quote)) < sentence.end
            and sentence.start < start + len(r.quote)
        ]  # fmt: skip

    def _version_asked(self, query: Query, named: Sequence[Document]) -> Document:
        """Return the version of the year asked for, else the one that holds, else the newest."""
        dated = [d for d in named if d.issued_on and d.issued_on.year in query.years]
        if len(query.years) == 1 and dated:
            return newest(dated)
        versions = named if query.numbers else list(self.validity.versions(named[0]))
        versions = [d for d in versions if d in dated] or list(versions)
        holding = [d for d in versions if self.validity.of(d, query.as_of).status == "in_force"]
        return newest(holding or list(versions))

    # --- what is said of it ---

    def _chain(self, state: Validity, as_of: date) -> list[Statement]:
        """Return what ended the document that ended it, and so on to one that holds."""
        statements: list[Statement] = []
        while state.by_id and state.status != "expired" and len(statements) < MAX_CHAIN:
            document = self.catalog.by_id[state.by_id]
            state = self.validity.of(document, as_of)
            if state.status in ("in_force", "unknown", "not_yet"):
                break
            text = f"{document_name(document)}{state_words(state)}。"
            statements.append(Statement(text, *self._proof(document, state)))
        return statements

    def _ended(self, relation: Relation, as_of: date) -> tuple[Statement, ...]:
        """Return 《…》已废止，自…起，依据…：“…同时废止。”, what that means, and whether what ended it still holds."""
        source = self.catalog.by_id[relation.document_id]
        state = ended_validity(relation, source)
        if relation.since and relation.since > as_of:
            later = state_words(state).split("，")[0].removeprefix("已")
            text = f"{target_name(relation)}在{day_words(as_of)}仍然有效，尚未{later}，自{day_words(relation.since)}起才{later}，依据{state.by}。"
            return (Statement(text, source.document_id, *_span(source, relation.quote)),)
        text = f"{target_name(relation)}{state_words(state)}：“{shortened(relation.quote)}”"
        statements = [Statement(text, source.document_id, *_span(source, relation.quote))]
        if state.status == "invalidated" and not NO_LONGER.search(relation.quote):
            statements += _meaning(source)
        return (*statements, *self._chain(state, as_of))

    def _changed(self, document: Document, query: Query) -> list[Statement]:
        """Return what others amended in the document or ended of its parts, a statement for each sentence that says so.

        Asked about one article, what bears on that one alone.
        """
        labels = {name for label in query.labels for name in label.names()}
        by_quote: dict[tuple[str, str], list[Relation]] = {}
        changes = self.validity.changes(document, query.as_of)
        parts = {(r.document_id) for r in changes if r.target_label}
        for relation in changes:
            whole = not relation.target_label and relation.document_id in parts
            other = labels and relation.target_label and not _bears_on(relation.target_label, labels)
            if not whole and not other:
                by_quote.setdefault((relation.document_id, relation.quote), []).append(relation)
        out = []
        for (source_id, quote), relations in by_quote.items():
            source = self.catalog.by_id[source_id]
            where = "、".join(dict.fromkeys(r.target_label for r in relations if r.target_label))
            text = f"其中{where or '部分内容'}已由{document_name(source)}{CHANGE_WORDS[relations[0].kind]}：“{shortened(quote)}”"
            out.append(Statement(text, source_id, *_span(source, quote)))
        return out

    def _proof(self, document: Document, state: Validity) -> tuple[str, int, int]:
        """Return the place that says so: the provision of the validity, else the clause from which the document holds."""
        source = self.catalog.by_id[state.by_id] if state.by_id else document
        if state.provision_id:
            provision = next(p for p in source.provisions if p.provision_id == state.provision_id)
            return source.document_id, provision.start, provision.end
        return source.document_id, *starts_to_hold(source)


def ended_by(document: Document, *, counted: bool = False, only: str = "") -> tuple[Statement, ...]:
    """Return what a document repeals or invalidates: how many where that is asked, else each with its sentence.

    `only`: a pattern; of a list some of whose items fit it these alone are meant.
    """
    by_quote: dict[str, list[str]] = {}
    for relation in filter(ends, document.relations):
        by_quote.setdefault(relation.quote, []).append(target_name(relation))
    if not by_quote:
        return ()
    fitting = {
        quote: named
        for quote, names in by_quote.items()
        if (named := [n for n in names if re.search(only, n)])
    }
    some = 0 < len(fitting) < len(by_quote)
    by_quote = fitting if some else by_quote
    spans = [_span(document, quote) for quote in by_quote]
    names = [name for group in by_quote.values() for name in group]
    if counted and not some and (stated := _stated_count(document, len(names))):
        return (Statement(document.text[slice(*stated)].strip(), document.document_id, *stated),)
    if counted or len(by_quote) > LISTED_AT_MOST:
        start, end = min(s for s, _ in spans), max(e for _, e in spans)
        text = f"共{len(names)}件：{shortened('；'.join(names), MAX_LISTED)}"
        return (
            Statement(
                text, document.document_id, start, end, label=smallest_provision(document, start, end).label
            ),
        )
    return tuple(
        Statement(_with_names(names, quote), document.document_id, *_span(document, quote))
        for quote, names in by_quote.items()
    )


def _condition(query: Query, document: Document) -> str:
    """Return the pattern of the names that a question limits a list of ended documents to (文号为京平政办发, 2009年发的,
    名称带“暂行”), "" where it does not."""
    words = [*re.findall(r"[“‘\"「]([^”’\"」]{2,12})[”’\"」]", query.question), *NAMED_SO.findall(query.text)]
    words += re.findall(r"[\u4e00-\u9fff]{0,2}政办?发(?![\[〔（(\d])", query.text)
    years = [f"〔{year}〕" for year in query.years if document.issued_on and year != document.issued_on.year]
    return "|".join(
        f"(?<![\u4e00-\u9fff]){re.escape(w)}" if "政" in w else re.escape(w) for w in (*words, *years)
    )


def _meaning(source: Document) -> list[Statement]:
    """Return the sentence by which what a document declares invalid is no longer to be used."""
    for match in re.finditer(r"[^。\n]+。?", source.text):
        if NO_LONGER.search(match[0]) and ENDED_WORDS.search(match[0]):
            start = max(match[0].find("凡"), 0)  # 凡宣布失效的文件，自…起停止执行
            text = shortened(match[0][start:].strip().rstrip("：:"))
            return [Statement(f"“{text}”", source.document_id, match.start() + start, match.end())]
    return []


def _stated_count(document: Document, count: int) -> tuple[int, int] | None:
    """Return the span of the sentence that says how many are ended, where it says as many as there are."""
    for match in re.finditer(r"[^。\n]+。?", document.text):
        told = COUNT_STATED.search(match[0])
        if told and ENDED_WORDS.search(match[0]) and int(re.sub(r"\D", "", told[0])) == count:
            return match.span()
    return None


def _with_names(names: Sequence[str], quote: str) -> str:
    """Return a sentence, after the names of what it ends where it does not name them in full."""
    plain = re.sub(r"[《》]", "", quote)
    named = all(re.sub(r"[《》]", "", name) in plain for name in names)
    return shortened(quote) if named else f"{'、'.join(names)}：{shortened(quote)}"


def _bears_on(changed: str, labels: set[str]) -> bool:
    return any(changed.startswith(label) or label.startswith(changed) for label in labels)


def _span(document: Document, quote: str) -> tuple[int, int]:
    start = document.text.find(quote)
    return start, start + len(quote)


def _share_named(title: str, asked: set[str]) -> float:
    words = words_of(title)
    return sum(word in asked for word in words) / (len(words) or 1)
