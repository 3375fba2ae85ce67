"""A Query in, a Draft out, in the provisions' own words: which evidence answers, for which district and version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document
from ingest.relations import ValidityIndex
from qa.answer import ANSWERED, NOT_FOUND, UNCLEAR, WRONG_PREMISE
from qa.catalog import KIND_WORDS, Catalog
from qa.compose import MAX_ANSWER, compose
from qa.direct import (
    answer_document, answer_issue, answer_relation, answer_lookup, answer_unknown_number, answer_validity, document_name, no_evidence,
    numbered_units,
)  # fmt: skip
from qa.draft import Draft, Statement
from qa.evidence import APPOINTMENT, Evidence, EvidenceFinder
from qa.premise import PremiseChecker
from qa.query import Query
from qa.support import signs_of, support_model

SMALL_TALK = "您好，我是公文问答助手。请直接问公文里的规定，例如“平谷区政府常务会议多久召开一次？”，我会给出原文和出处。"
MAX_NEAREST = 3
STRICT_EVIDENCE = 3  # best sentences among which an amount asked for must stand
NEAR_EVIDENCE = 6  # the same for numbers of any other kind


LABEL_WORDS = re.compile(r"第[零〇一二两三四五六七八九十百\d]+[条项章款]|内容|讲|写|说")
ALIKE, MAX_ALIKE = 0.95, 5
NEARLY = 0.75  # of the best score
ASKING_TWICE = re.compile(r"谁|什么|哪[个些家]|多少|几[个天年成]|如何|怎么")
RIVAL = 0.92  # another district's evidence this near to the best makes a question without a district unclear


class ExtractiveAnswerer:
    """Answers from the sentences of the corpus alone."""

    def __init__(
        self, catalog: Catalog, finder: EvidenceFinder, validity: ValidityIndex, *, home_issuer: str = ""
    ) -> None:
        self.catalog, self.finder, self.validity, self.home_issuer = catalog, finder, validity, home_issuer
        self.premises = PremiseChecker(catalog, finder.index.lexical, finder.matcher)

    def answer(self, query: Query) -> Draft:
        """Return the draft of an answer; its statements are spans of documents."""
        if query.intent == "smalltalk":
            return Draft(NOT_FOUND, lead=SMALL_TALK)
        unknown = answer_unknown_number(query, self.catalog, self.validity)
        if unknown:
            return unknown
        direct = answer_document(query, self.catalog, self.validity) or answer_lookup(
            query, self.catalog, self._lookup_candidates(query)
        )
        if direct:
            return direct
        holds = self._holds(query)
        comparing = query.intent == "comparison" or len(query.editions) > 1 and query.intent != "validity"
        if comparing and (compared := self._compare(query, holds)):
            return compared
        found = self.finder.find(query, holds)
        if query.labels and not self._lookup_candidates(query) and (numbered := self._numbered(query, found)):
            if looked_up := answer_lookup(query, self.catalog, [numbered]):
                return looked_up
        if query.intent == "issue" and found:
            named = [i for i in query.titles if not query.documents or i in query.documents] or query.documents
            document = self.catalog.by_id[named[0] if named and len(named) == 1 else found[0].sentence.document_id]
            if re.search(r"文号|发文字号", query.text) and document.doc_no is None:
                return no_evidence((f"{document_name(document)}的原文没有发文字号。",))
            if issued := answer_issue(query, document):
                return issued
        if query.intent == "validity":
            best = self.catalog.by_id[found[0].sentence.document_id] if found else None
            if found and (ended := self._named_as_ended(query, found)):
                return ended
            strong = best if self.supports(query, found) else None
            if _asks_whether_it_holds(query) and (drafted := answer_validity(query, self.catalog, self.validity, strong)):
                return drafted
        missing = self.premises.lacking(query, found) if found else None
        if missing or not self.supports(query, found):
            missing = missing or (self.premises.missing_attribute(query, found[0]) if found else None)
            told = (f"相关规定没有说明：{missing}。",) if missing else ()
            return no_evidence((*told, *self._nearest(found)))
        if (wrong := self.premises.conflict(query, found[0])) and query.intent != "yes_no":
            return self._corrected(query, found, wrong)
        rivals = self._rivals(query, found)
        if rivals:
            return self._per_place(query, rivals)
        return self._from_evidence(query, found)

    # --- which documents ---

    def _holds(self, query: Query) -> dict[str, bool]:
        return {
            d.document_id: self.validity.of(d, query.as_of).status in ("in_force", "unknown", "expired")
            for d in self.catalog.documents
        }

    def _lookup_candidates(self, query: Query) -> list[Document]:
        """Return the documents that a label may be meant of: by number, by title, by place and version."""
        if query.numbers:
            ids: Sequence[str] = query.documents or ()
        elif query.titles:
            ids = [i for i in query.titles if not query.places or i in (query.documents or ())] or query.titles
        else:
            ids = query.documents or ()
        documents = [self.catalog.by_id[i] for i in ids]
        if not query.numbers and not query.titles:
            named = [kind for kind in KIND_WORDS if kind in query.text]
            documents = [d for d in documents if any(kind in d.title for kind in named or KIND_WORDS[:1])]
            if not named and len(LABEL_WORDS.sub("", query.topic).replace(" ", "")) > 3:
                documents = []  # it names a document in its own words: the evidence tells which
        holds = self._holds(query)
        wanted = [d for d in documents if d.issued_on and d.issued_on.year in query.years]
        return wanted or sorted(documents, key=lambda d: (not holds[d.document_id], -(d.issued_on or d.issued_on.min).toordinal() if d.issued_on else 0))

    def _numbered(self, query: Query, found: Sequence[Evidence]) -> Document | None:
        """Return the best document of the evidence that numbers its provisions as the question does (条, 项, 章)."""
        for evidence in found[:NEAR_EVIDENCE]:
            document = self.catalog.by_id[evidence.sentence.document_id]
            if numbered_units(document, query.labels[0].kind):
                return document
        return None

    # --- is it evidence ---

    def supports(self, query: Query, found: Sequence[Evidence], *, limit: float | None = None) -> bool:
        """Say whether the evidence is near enough to the question to stand for an answer."""
        if not found:
            return False
        near = found[:STRICT_EVIDENCE] if query.is_strict else [e for e in found if e.score >= found[0].score * NEARLY]
        if query.shape and not any(e.fits for e in near):
            return False
        model = support_model()
        return model.probability(self.signs(query, found)) >= (model.limit if limit is None else limit)

    def signs(self, query: Query, found: Sequence[Evidence]) -> dict[str, float]:
        """Return the signs that support is judged by."""
        lacking = self.premises.missing_attribute(query, found[0]) is not None
        return signs_of(query, found, self.finder.index.lexical, self.catalog, lacking=lacking)

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

    def _named_as_ended(self, query: Query, found: Sequence[Evidence]) -> Draft | None:
        """A question whether something holds that the evidence itself repeals or declares invalid."""
        if query.titles or query.numbers or query.editions or not self.supports(query, found):
            return None
        sentence = found[0].sentence
        source = self.catalog.by_id[sentence.document_id]
        for relation in source.relations:
            start = source.text.find(relation.quote)
            if start < sentence.end and sentence.start < start + len(relation.quote) and relation.target_title:
                return answer_relation(relation, self.catalog)
        return None

    # --- answers from evidence ---

    def _from_evidence(self, query: Query, found: Sequence[Evidence]) -> Draft:
        best = _fitting(query, found)
        document = self.catalog.by_id[best.sentence.document_id]
        terms = self.finder.terms(query)
        statements = [compose(document, best, query, terms)]
        if len(ASKING_TWICE.findall(query.text)) > 1 and (second := _second(best, found)):
            statements.append(compose(document, second, query, terms))
        elif query.intent in ("list", "who") and len(statements[0].text) < MAX_ANSWER:
            statements += [compose(document, other, query, terms) for other in _alike(best, found)]
        return Draft(ANSWERED, tuple(statements), notes=self._version_notes(query, document))

    def _corrected(self, query: Query, found: Sequence[Evidence], wrong: str) -> Draft:
        """Return what the text says instead of a quantity that the question takes for granted."""
        document = self.catalog.by_id[found[0].sentence.document_id]
        statement = compose(document, found[0], replace(query, intent="fact"), self.finder.terms(query))
        return Draft(WRONG_PREMISE, (statement,), lead=f"问题中的“{wrong}”与原文不符，原文为：")

    def _version_notes(self, query: Query, document: Document) -> tuple[str, ...]:
        state = self.validity.of(document, query.as_of)
        notes = []
        if state.status == "superseded":
            notes.append(f"以上出自{document_name(document)}，该文件已有新版：{state.by}。")
        elif state.status in ("repealed", "invalidated"):
            word = "废止" if state.status == "repealed" else "宣布失效"
            notes.append(f"以上出自{document_name(document)}，该文件已由{state.by}{word}。")
        elif state.status == "expired" and state.since:
            notes.append(f"以上出自{document_name(document)}，其有效期已于{state.since.isoformat()}届满。")
        older = [d for d in self.catalog.versions(document) if (d.issued_on or query.as_of) < (document.issued_on or query.as_of)]
        if older and state.status == "in_force":
            notes.append(f"依据现行版本；旧版：{'、'.join(document_name(d) for d in older)}。")
        return tuple(notes)

    # --- several districts or versions ---

    def _compare(self, query: Query, holds: dict[str, bool]) -> Draft | None:
        """Return a line for each district or version that the question compares, None when it names fewer than two."""
        groups = self._compared_groups(query, holds)
        if len(groups) < 2:
            return None
        statements, silent = [], []
        for name, ids in groups:
            found = self.finder.find(query, dict.fromkeys(holds, True), ids)
            if self.supports(query, found, limit=support_model().limit / 3):  # that the rules are comparable is taken for granted
                statements.append(self._line(query, name, found))
            else:
                silent.append(name)
        if not statements:
            return None
        notes = tuple(f"{name}：没有找到相应规定。" for name in silent)
        return Draft(ANSWERED, tuple(statements), notes=notes)

    def _compared_groups(self, query: Query, holds: dict[str, bool]) -> list[tuple[str, list[str]]]:
        places = list(query.places)
        if not places and re.search(r"[三各几]个?区|各区", query.text):
            found = {self.catalog.place_of(d.document_id) for d in self.catalog.documents}
            places = [(p, self.catalog.places[p]) for p in sorted(found) if p]
        if len(places) >= 2:
            return [(place, self._same_kind(query, ids, holds)) for place, ids in places]
        if len(query.numbers) >= 2:
            return [(number.doc_no, list(number.documents)) for number in query.numbers]
        return self._compared_versions(query, holds)

    def _same_kind(self, query: Query, ids: Sequence[str], holds: dict[str, bool]) -> list[str]:
        """Return the documents of a place that hold, or those of the years asked for."""
        dated = [i for i in ids if (day := self.catalog.by_id[i].issued_on) and day.year in query.years]
        return dated or [i for i in ids if holds[i]] or list(ids)

    def _compared_versions(self, query: Query, holds: dict[str, bool]) -> list[tuple[str, list[str]]]:
        if len(query.years) < 2 and not re.search(r"新旧|新版|旧版|变化|改了|修订|以前", query.text):
            return []
        found = self.finder.find(query, dict.fromkeys(holds, True))
        for evidence in found[:5]:
            versions = self.catalog.versions(self.catalog.by_id[evidence.sentence.document_id])
            asked = [v for v in versions if v.issued_on and v.issued_on.year in query.years]
            chosen = asked if len(asked) >= 2 else versions
            if len(chosen) >= 2:
                return [(f"{v.issued_on.year}年版" if v.issued_on else v.document_id, [v.document_id]) for v in chosen]
        return []

    def _line(self, query: Query, name: str, found: Sequence[Evidence]) -> Statement:
        document = self.catalog.by_id[found[0].sentence.document_id]
        below = replace(query, intent=_intent_below(query))
        statement = compose(document, found[0], below, self.finder.terms(query))
        return replace(statement, text=f"{name}：{statement.text}")

    def _rivals(self, query: Query, found: Sequence[Evidence]) -> dict[str, list[Evidence]]:
        """Return the evidence by place when the question names none and several places answer it alike."""
        if query.places or query.numbers or query.titles or self.home_issuer or query.is_english:
            return {}
        best: dict[str, list[Evidence]] = {}
        top = self.catalog.by_id[found[0].sentence.document_id]
        for evidence in found:
            document = self.catalog.by_id[evidence.sentence.document_id]
            place = self.catalog.place_of(document.document_id)
            near = evidence.score >= found[0].score * RIVAL or place in best
            if place and near and document.kind == top.kind and self._current(document, query):
                best.setdefault(place, []).append(evidence)
        return best if len(best) >= 2 else {}

    def _current(self, document: Document, query: Query) -> bool:
        return self.validity.of(document, query.as_of).status in ("in_force", "unknown")

    def _per_place(self, query: Query, rivals: dict[str, list[Evidence]]) -> Draft:
        statements = tuple(self._line(query, place, found) for place, found in rivals.items())
        lead = "问题没有说明是哪个区，各区规定如下："
        return Draft(UNCLEAR, statements, lead=lead, notes=("在问题中写明区名，可得到单独的回答。",))


def _fitting(query: Query, found: Sequence[Evidence]) -> Evidence:
    """Return the best evidence, or one nearly as good that holds the kind of thing asked for, which the best lacks."""
    best = found[0]
    if query.shape is None or best.fits:
        return best
    same = [e for e in found if e.fits and e.sentence.provision == best.sentence.provision]
    near = [e for e in found if e.fits and e.score >= best.score * NEARLY]
    return (same or near or [best])[0]


def _second(best: Evidence, found: Sequence[Evidence]) -> Evidence | None:
    """Return the next sentence of the same provision that speaks of the matter nearly as much."""
    for evidence in found:
        other = evidence.sentence.start != best.sentence.start
        if other and evidence.sentence.provision == best.sentence.provision and evidence.score >= best.score * NEARLY:
            return evidence
    return None


def _alike(best: Evidence, found: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences of the same provision that answer just as well: every name of a list of appointments."""
    return [
        e for e in found[1:12]
        if e.sentence.provision == best.sentence.provision and APPOINTMENT.search(e.sentence.text)
        and e.own_coverage >= best.own_coverage * ALIKE and e.sentence.start != best.sentence.start
    ][:MAX_ALIKE]  # fmt: skip


def _asks_whether_it_holds(query: Query) -> bool:
    """现行有效吗, 被什么废止: about the document itself, not about words such as 失效 in a provision."""
    return not re.search(r"哪些|几件|多少件|清单|名单|目录", query.text)


def _intent_below(query: Query) -> str:
    """Return what a comparison compares: numbers, persons, lists."""
    for name, pattern in (("number", r"多少|几|多久|多长|频次|次数|天"), ("who", r"谁|签发|主持|审批|哪个部门")):
        if re.search(pattern, query.text):
            return name
    return "fact"
