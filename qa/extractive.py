"""A Query in, a Draft out, in the provisions' own words: which evidence answers, for which district and version."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ingest.document import Document
from ingest.validity import ValidityIndex, ends
from qa.amounts import readable
from qa.answer import ANSWERED, NOT_FOUND, WRONG_PREMISE
from qa.catalog import KIND_WORDS, Catalog
from qa.claimed import answer_wrong_date, answer_wrong_repeal
from qa.clauses import MAX_ANSWER
from qa.compare import Comparer
from qa.compose import compose
from qa.contradiction import Contradiction
from qa.direct import (
    EFFECT_ASKED,
    answer_attachment,
    answer_document,
    answer_effect,
    answer_issue,
    answer_lookup,
    attachment_spans,
    no_evidence,
    numbered_units,
    together,
)  # fmt: skip
from qa.draft import Draft, Statement, Weighed
from qa.evidence import NEARLY, Evidence, EvidenceFinder, Keep
from qa.fields import names_row
from qa.listed import item_draft, items_of
from qa.naming import day_meant, document_name
from qa.premise import PremiseChecker, is_elsewhere
from qa.query import Query
from qa.sentences import Sentence
from qa.shapes import SPAN_SHAPE
from qa.sides import ALL_PLACES
from qa.support import signs_of, support_model
from qa.together import Gatherer, chosen, defines_quoted
from qa.validity import ValidityAnswerer
from qa.versions import Versions

SMALL_TALK = (
    "您好，我是公文问答助手。请直接问公文里的规定，例如“区政府常务会议多久召开一次？”，我会给出原文和出处。"
)
MAX_NEAREST = 3
STRICT_EVIDENCE = 3  # best sentences among which an amount asked for must stand
LIKELY = 0.85  # probability of an answer from which other doubts count for less
FAR = 0.2  # cosine below which a passage has nothing to do with a question
NEAR_EVIDENCE = 6  # the same for numbers of any other kind
NUMBER_ASKED = re.compile(r"文号|发文字号")
LABEL_WORDS = re.compile(r"第[零〇一二两三四五六七八九十百\d]+[条项章款]|内容|讲|写|说")


class ExtractiveAnswerer:
    """Answers from the sentences of the corpus alone."""

    def __init__(
        self, catalog: Catalog, finder: EvidenceFinder, validity: ValidityIndex, *, home_issuer: str = ""
    ) -> None:
        self.catalog, self.finder, self.validity, self.home_issuer = catalog, finder, validity, home_issuer
        self.premises = PremiseChecker(catalog, finder.index.lexical, finder.matcher)
        self.versions = Versions(catalog, validity, finder.index.lexical)
        self.holds = ValidityAnswerer(catalog, validity)
        self.comparer = Comparer(catalog, finder, self.versions, self.supports)
        self.gatherer = Gatherer(catalog, finder)
        self._judged: tuple[tuple[Query | None, Sequence[Evidence]], tuple[Mapping[str, str], float]] = (
            (None, ()), ({}, 0.0)
        )  # fmt: skip

    def answer(self, query: Query) -> Draft:
        """Return the draft of an answer; its statements are spans of documents."""
        _, found, draft = self.settled(query)
        draft = draft or self._item_of(query, self._from_evidence(query, found))
        return replace(draft, weighed=self._weighed(query, found)) if found else draft

    def _item_of(self, query: Query, draft: Draft) -> Draft:
        """Return of the list that answers the item that is asked for by its number (…的任务第二项), else the whole answer."""
        number = query.labels[0].number if query.labels and query.labels[0].kind == "item" else 0
        items = items_of(draft, self.catalog.by_id) if number and draft.status == ANSWERED else []
        if not items or number > len(items):
            return draft
        if number in numbered_units(self.catalog.by_id[items[0].document_id], "item"):
            return draft  # a number of a table is a label
        return item_draft(items, number, self.catalog.by_id)

    def settled(self, query: Query) -> tuple[str, list[Evidence], Draft | None]:
        """Return the step that settles the question, the evidence that it had and its draft: the first that has one.

        The last step is "from_evidence": no draft yet, the evidence answers.
        """
        for step in (self._small_talk, self._direct, self._compared):
            if draft := step(query):
                return step.__name__.strip("_"), [], draft
        found = self.evidence(query)
        for judge in (self._late_lookup, self._issue, self._whether_it_holds, self._refusal, self._unclear):
            if draft := judge(query, found):
                return judge.__name__.strip("_"), found, draft
        return "from_evidence", found, None

    def evidence(self, query: Query, *, keep: Keep | None = None) -> list[Evidence]:
        """Return the evidence, what is in force in the place of what it replaced; of the attachment alone that the question
        names (京平政发〔2021〕11号附件4里…). `keep` as in EvidenceFinder.find."""
        spans = attachment_spans(query, self._named_documents(query))

        def kept(document_id: str, start: int, end: int) -> bool:
            there = not spans or any(document_id == own and start < e and s < end for own, s, e in spans)
            return there and (keep is None or keep(document_id, start, end))

        found = self.finder.find(query, self.validity.holding(query.as_of), keep=kept)
        return self.versions.current(query, found)

    def stream(self, query: Query) -> Generator[Draft, None, None]:
        """Yield the draft of an answer; one that takes time (GenerativeAnswerer) comes in parts before."""
        yield self.answer(query)

    # --- before the evidence is read ---

    def _small_talk(self, query: Query) -> Draft | None:
        return Draft(NOT_FOUND, lead=SMALL_TALK) if query.intent == "smalltalk" else None

    def _direct(self, query: Query) -> Draft | None:
        """Answer a question for a document or a provision by its number."""
        return (
            answer_wrong_repeal(query, self.catalog)
            or answer_wrong_date(query, self.catalog)
            or self.holds.of_number(query)
            or answer_document(query, self.catalog, self.validity)
            or answer_attachment(query, self._named_documents(query))
            or (
                answer_lookup(query, self.catalog, self._lookup_candidates(query))
                if query.intent != "validity"
                else None
            )
        )

    def _compared(self, query: Query) -> Draft | None:
        several = len(query.editions) > 1 or len(query.places) > 1 or bool(ALL_PLACES.search(query.text))
        several = several or self.comparer.sides.are_versions(query)
        asked = query.intent == "comparison" or (several and query.intent not in ("validity", "issue"))
        return self.comparer.compare(query) if asked else None

    # --- what the evidence says beside an answer; none of these when `found` is empty, but the refusal ---

    def _late_lookup(self, query: Query, found: Sequence[Evidence]) -> Draft | None:
        """Answer a label (第36项, 附件2) of a document that the question names in its own words only."""
        if found and (told := answer_attachment(query, [self.catalog.by_id[found[0].sentence.document_id]])):
            return told
        if (
            not query.labels
            or query.intent == "validity"
            or self._lookup_candidates(query)
            or self.premises.unknown_title(query)
        ):
            return None
        if query.labels[0].kind == "item" and found and found[0].sentence.provision.kind == "row":
            row = found[0].sentence.provision  # 附件6 第9项
            table = row.label.rpartition(" ")[0]
            return answer_lookup(query, self.catalog, [self.catalog.by_id[row.document_id]], under=table)
        if absent := self._absent_rules(query):
            return no_evidence((f"语料中没有“{absent}”的正文。", *self._nearest(found)))
        numbered = self._numbered(query, found)
        return answer_lookup(query, self.catalog, [numbered]) if numbered else None

    def _absent_rules(self, query: Query) -> str | None:
        """Return the name of rules that an article is asked of, where no document is called so; None where one is."""
        kinds = [kind for kind in KIND_WORDS if kind in query.topic]
        if not kinds or query.numbers or query.titles or query.labels[0].kind != "article":
            return None
        called = (
            self.premises.is_called(query, d, kinds)
            for d in self.catalog.documents if any(kind in d.title for kind in kinds)
        )  # fmt: skip
        return None if any(called) else query.topic[: query.topic.find(kinds[0]) + len(kinds[0])]

    def _issue(self, query: Query, found: Sequence[Evidence]) -> Draft | None:
        """Answer when, by whom and under which number a document was issued."""
        in_effect = EFFECT_ASKED.search(query.text)
        if not found or not (query.intent == "issue" or in_effect):
            return None
        scope = query.documents
        named = [i for i in query.titles if not scope or i in scope] or list(scope or ())
        if (
            len(query.numbers) > 1
            and len(named) > 1
            and not in_effect
            and not NUMBER_ASKED.search(query.text)
        ):
            return together([answer_issue(self.catalog.by_id[i]) for i in named])
        document = self.catalog.by_id[named[0] if len(named) == 1 else found[0].sentence.document_id]
        if in_effect:
            by_name = query.titles or query.numbers or query.editions
            return answer_effect(document) if by_name or self.supports(query, found) else None
        if NUMBER_ASKED.search(query.text) and document.doc_no is None:
            return no_evidence((f"{document_name(document)}的原文没有发文字号。",))
        return answer_issue(document)

    def _whether_it_holds(self, query: Query, found: Sequence[Evidence]) -> Draft | None:
        if query.intent != "validity":
            return None
        if not (query.numbers or query.titles) and self.premises.names_elsewhere(query, self.holds.titles):
            return no_evidence(self._nearest(found))
        if unknown := self._unknown_instrument(query):
            return no_evidence((f"语料中没有《{unknown}》，也没有文件提到它的效力。", *self._nearest(found)))
        return self.holds.answer(query, found, supported=self.supports(query, found))

    def _refusal(self, query: Query, found: Sequence[Evidence]) -> Draft | None:
        """Refuse what the evidence does not settle, correct what it contradicts."""
        if wrong := self.premises.contradicted(query, found) if found else None:
            return self._corrected(query, wrong)
        unnamed = self.premises.unnamed(query)
        if unnamed and not self.supports(query, found, limit=LIKELY):
            return self._not_named(query, found, *unnamed)
        if not self.supports(query, found):
            missing = next(iter(self._judgement(query, found)[0].values()), None) if found else None
            told = (f"相关规定没有说明：{missing}。",) if missing else ()
            return no_evidence((*told, *self._nearest(found)))
        return self.holds.not_of_day(query, chosen(query, found, self.catalog).sentence.document_id)

    def _unclear(self, query: Query, found: Sequence[Evidence]) -> Draft | None:
        """Answer for each district when the question names none and they differ; for the home one where it is set."""
        rivals = self.comparer.rivals(query, found)
        if not rivals:
            return None
        home = next((d.document_id for d in self.catalog.documents if d.issuer == self.home_issuer), None)
        place = self.catalog.place_of(home) if home else ""
        if place not in rivals:
            return self.comparer.per_place(query, rivals)
        draft = self._from_evidence(query, rivals[place])
        others = "、".join(other for other in rivals if other != place)
        return replace(draft, notes=(*draft.notes, f"其他区另有规定：{others}。"))

    # --- which documents ---

    def _named_documents(self, query: Query) -> list[Document]:
        """Return the documents that the question names by number or title."""
        ids = (query.documents or ()) if query.numbers else query.titles
        return [self.catalog.by_id[i] for i in ids]

    def _lookup_candidates(self, query: Query) -> list[Document]:
        """Return the documents that a label may be meant of: by number, by title, by place and version."""
        if query.numbers:
            ids: Sequence[str] = query.documents or ()
        elif query.titles:
            ids = [
                i for i in query.titles if not query.places or i in (query.documents or ())
            ] or query.titles
        else:
            ids = query.documents or ()
        documents = [self.catalog.by_id[i] for i in ids]
        if not query.numbers and not query.titles:
            named = [kind for kind in KIND_WORDS if kind in query.text]
            documents = [d for d in documents if any(kind in d.title for kind in named or KIND_WORDS[:1])]
            documents = [d for d in documents if self.premises.is_called(query, d, named)]
            if not named and len(LABEL_WORDS.sub("", query.topic).replace(" ", "")) > 3:
                documents = []  # it names a document in its own words: the evidence tells which
        holds = self.validity.holding(query.as_of)
        wanted = [d for d in documents if d.issued_on and d.issued_on.year in query.years]
        newest = sorted(documents, key=lambda d: d.issued_on or date.min, reverse=True)
        return wanted or sorted(newest, key=lambda d: not holds[d.document_id])

    def _numbered(self, query: Query, found: Sequence[Evidence]) -> Document | None:
        """Return the best document of the evidence that numbers its provisions as the question does (条, 项, 章)."""
        kinds = [kind for kind in KIND_WORDS if kind in query.text]
        for evidence in found[:NEAR_EVIDENCE]:
            document = self.catalog.by_id[evidence.sentence.document_id]
            if numbered_units(document, query.labels[0].kind) and self.premises.is_called(
                query, document, kinds
            ):
                return document
        return None

    # --- is it evidence ---

    def supports(self, query: Query, found: Sequence[Evidence], *, limit: float | None = None) -> bool:
        """Say whether the evidence is near enough to the question to stand for an answer."""
        if not found or all(_is_far(evidence) for evidence in found):
            return False
        lacking, probability = self._judgement(query, found)
        if is_elsewhere(lacking):
            return False
        enough = support_model().limit if limit is None else limit
        if query.numbers and names_row(query.text, found[0].sentence):
            enough /= 4  # the very thing stands there
        elif defines_quoted(query, found):
            enough /= 2
        return probability >= enough

    def _weighed(self, query: Query, found: Sequence[Evidence]) -> Weighed:
        best = found[0]
        return Weighed(self._judgement(query, found)[1], best.score, best.read, best.sentence.document_id)

    def _judgement(self, query: Query, found: Sequence[Evidence]) -> tuple[Mapping[str, str], float]:
        """Return what the evidence lacks and the probability that it answers; the last ones are remembered, since more
        than one step asks for them."""
        asked, judged = self._judged
        if asked[0] is not query or asked[1] is not found:
            lacking = self.premises.lacking(query, found)
            judged = lacking, support_model().probability(self._signs(query, found, lacking))
            self._judged = (query, found), judged
        return judged

    def signs(self, query: Query, found: Sequence[Evidence]) -> dict[str, float]:
        """Return the signs that support is judged by."""
        return self._signs(query, found, self.premises.lacking(query, found))

    def _signs(self, query: Query, found: Sequence[Evidence], lacking: Mapping[str, str]) -> dict[str, float]:
        return signs_of(
            query, found, self.finder.index, self.catalog, self.finder.matcher,
            lacking=lacking, besides=self.premises.besides(query, found[0]), unit_missing=_lacks_unit(query, found),
        )  # fmt: skip

    def _nearest(self, found: Sequence[Evidence]) -> tuple[str, ...]:
        places: list[str] = []
        for evidence in found:
            document = self.catalog.by_id[evidence.sentence.document_id]
            name = f"{document_name(document)}{evidence.sentence.provision.label}"
            if name not in places:
                places.append(name)
            if len(places) == MAX_NEAREST:
                break
        return (f"最接近的规定（未必相关）：{'；'.join(places)}",) if places else ()

    def _unknown_instrument(self, query: Query) -> str | None:
        """Return the quoted title that no document has and none repeals or declares invalid."""
        if query.titles or query.numbers or query.editions:
            return None
        ended = [r.target_title or "" for d in self.catalog.documents for r in d.relations if ends(r)]
        quoted = re.findall(r"《([^》]+)》", query.text)
        return next(
            (t for t in quoted if not any(t in title or (title and title in t) for title in ended)), None
        )

    # --- answers from evidence ---

    def _from_evidence(self, query: Query, found: Sequence[Evidence]) -> Draft:
        best = chosen(query, found, self.catalog)
        statements = tuple(self.gatherer.statements(query, best, found))
        bare = best.sentence.provision.is_heading and not best.fits
        if bare and statements[0].end <= best.sentence.end:  # and nothing below it
            return no_evidence(self._nearest(found))
        notes = self.versions.notes(query, statements, self.finder.terms(query))
        lead = day_meant(self.catalog.by_id[statements[0].document_id], statements[0].text)
        if query.intent == "date" or query.shape is SPAN_SHAPE:
            return Draft(ANSWERED, statements, lead=lead, notes=notes)
        return Draft(ANSWERED, statements, notes=(*notes, lead) if lead else notes)

    def _corrected(self, query: Query, wrong: Contradiction) -> Draft:
        """Return what the text says instead of what the question takes for granted."""
        document = self.catalog.by_id[wrong.evidence.sentence.document_id]
        plain = replace(query, intent="fact")
        statement = compose(document, wrong.evidence, plain, self.finder.terms(query))
        if wrong.told and wrong.told not in readable(statement.text):
            statement = replace(statement, text=_around(wrong.evidence.sentence.text, wrong.told))
        return Draft(WRONG_PREMISE, (statement,), lead=f"问题中的“{wrong.wrong}”与原文不符，原文为：")

    def _not_named(
        self, query: Query, found: Sequence[Evidence], name: str, listed: Sentence | None
    ) -> Draft:
        """Say that the documents asked about do not name a thing, with those of its kind that they do name."""
        lead = f"{document_name(self.catalog.by_id[(query.documents or ('',))[0]])}没有提到“{name}”"
        if listed is None:
            return no_evidence((f"{lead}。", *self._nearest(found)))
        text = listed.text.strip()
        statement = Statement(text, listed.document_id, listed.start, listed.end)
        return Draft(WRONG_PREMISE, (statement,), lead=f"{lead}，原文为：")


def _is_far(evidence: Evidence) -> bool:
    """Say whether the search found a sentence for no better reason than that something had to be first."""
    return evidence.hit.parts["lexical"] == 0 and evidence.hit.parts["dense"] < FAR


def _lacks_unit(query: Query, found: Sequence[Evidence]) -> bool:
    """Say whether no good sentence holds the kind of figure that the question asks for."""
    best = found[0].score * NEARLY
    near = found[:STRICT_EVIDENCE] if query.is_strict else [e for e in found if e.score >= best]
    return query.shape is not None and not any(e.fits for e in near)


def _around(text: str, told: str) -> str:
    """Return the clauses of a sentence up to the one that holds `told` (as `readable` has it), from the last semicolon on."""
    clauses = re.findall(r"[^，；。]+[，；。]?", text)
    at = next((i for i, clause in enumerate(clauses) if told in readable(clause)), len(clauses) - 1)
    start = at
    while (
        start
        and len("".join(clauses[start - 1 : at + 1])) <= MAX_ANSWER
        and clauses[start - 1][-1] not in "；。"
    ):
        start -= 1
    return "".join(clauses[start : at + 1]).strip()
