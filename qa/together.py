"""Evidence in, statements out: the sentence that says it, and those that the question asks for together with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document
from qa.below import is_topic
from qa.catalog import Catalog
from qa.clauses import MAX_ANSWER, focus_share, without_mark
from qa.compose import compose, defining
from qa.draft import Statement
from qa.evidence import NEARLY, Evidence, EvidenceFinder, best_fitting
from qa.listing import asks_list, children_of, opens_list
from qa.query import Query
from qa.sentences import APPOINTMENT, sentence_at
from qa.shapes import INTENT_SHAPES

STEPS_ASKED = re.compile(r"[几多哪些]个?(?:步|环节|阶段)|步骤|流程|程序")
SHORTEST_HEADING = 4  # characters of a heading that a question may name
NEIGHBOURS = 12  # best sentences among which the one that follows the answer is looked for
EACH = re.compile(r"各|分别")
ALIKE, MAX_ALIKE = 0.95, 5
ASKING_TWICE = re.compile(r"谁|什么|哪[个些家]|多少|几[个天年成]|如何|怎么")
TOTAL_ASKED = re.compile(r"一共|总共|合计|总计|总数|总和|共计|加起来|加在一起|in total|altogether|overall")
ENUMERATES = re.compile(r"[、；].*[、；]|：.*，.*，|\d[.．、].*\d[.．、]")
# What one does who is asked for: the text says 由…组成, 由…签发.
DONE = re.compile(
    r"组成|召集|主持|签发|审批|审定|审核|审查|批准|起草|承办|解释|汇总|任命|组织实施|监督|保管|发布|印发|主办|协办|初审|复核|拨付"
)
POST = re.compile(
    r"(?:副?总指挥|副?组长|主任|局长|主席|会长|总监|负责人|召集人|联络员|秘书长)(?=是谁|由谁|谁|是哪位|[？?\s]*$)"
)
TOTAL_ROW = re.compile(r"(?:合计|总计|共计|总和)$")
LEAD = re.compile(r"[^。\n]+[：:]\s*$", re.M)  # 经…研究决定任命：
PURPOSE = re.compile(r"为了|^为|[，。；]为(?!主|准|期|辅)|以便|旨在|由于|因为|鉴于|防止|避免|原因|目的|^针对")


class Gatherer:
    """Puts the statements of an answer together, out of the evidence found for a question."""

    def __init__(self, catalog: Catalog, finder: EvidenceFinder) -> None:
        self.catalog, self.finder = catalog, finder

    def statements(self, query: Query, best: Evidence, found: Sequence[Evidence]) -> list[Statement]:
        """Return the statements that answer the question: the `chosen` evidence of `found`, and what belongs to it."""
        document = self.catalog.by_id[best.sentence.document_id]
        terms = self.finder.terms(query)
        together = [
            compose(document, e, query, terms, near=found)
            for e in (best, *self._besides(document, query, best, found))
        ]
        together = [*_leads(document, query, best), *together, *self._explained(query, best)]
        statements = _apart(together)
        if len(statements) == 1 and (
            query.shape is None or EACH.search(query.text)
        ):  # else a number is enough
            statements = [with_neighbour(document, statements[0], best, found)]
        return statements

    def _besides(
        self, document: Document, query: Query, best: Evidence, found: Sequence[Evidence]
    ) -> list[Evidence]:
        """Return the further sentences of the best one's document that the question asks for together with it."""
        here = [e for e in found if e is not best and e.sentence.document_id == document.document_id]
        if best.defines:  # 约束性指标与预期性指标有何不同: two terms, two definitions
            return [e for e in here if e.defines][:MAX_ALIKE]
        if names := self.catalog.person_names(query.text):
            same = [e for e in here if e.sentence.provision == best.sentence.provision]
            return [e for e in same if any(name in e.sentence.text for name in names)][:MAX_ALIKE]
        if len(ASKING_TWICE.findall(query.text)) > 1 and (second := _second(document, query, best, found)):
            return second
        return _alike(best, found) if query.intent in ("list", "who") else []

    def _explained(self, query: Query, best: Evidence) -> list[Statement]:
        """Return what the best one's document means by a term of its own that the question quotes and the best one uses."""
        document = self.catalog.by_id[best.sentence.document_id]
        terms = self.finder.defined.named_in(query.quoted) if query.quoted and not best.defines else []
        here = [d for d in terms if d.document_id == document.document_id and d.term in best.sentence.text]
        outside = (d for d in here if not (best.sentence.start <= d.start < best.sentence.end))
        return [defining(document, sentence_at(document, d.start, d.end)) for d in outside][:1]


def _leads(document: Document, query: Query, best: Evidence) -> list[Statement]:
    """Return the words that open the list which the best sentence is a line of, where they hold what it lacks: the day
    (经2021年5月12日第9次常务会议研究决定，任命：); and those of the part of the list that it stands in (免去：)."""
    if query.shape is None or best.fits:
        return []
    start = best.sentence.provision.start
    leads = list(LEAD.finditer(document.text, start, best.sentence.start))
    fitting = [lead for lead in leads if query.shape.search(lead[0])][-1:]
    spans = [lead.span() for lead in dict.fromkeys([*fitting, *(leads[-1:] if fitting else [])])]
    return [Statement(document.text[s:e].strip(), document.document_id, s, e, ((s, e),)) for s, e in spans]


def defines_quoted(query: Query, found: Sequence[Evidence]) -> bool:
    """Say whether a question for the meaning of a term that it quotes found where the corpus defines it."""
    return query.intent == "definition" and bool(query.quoted) and any(e.defines for e in found)


def chosen(query: Query, found: Sequence[Evidence], catalog: Catalog) -> Evidence:
    """Return the evidence to quote: the best, or what stands beside it and is of the kind asked for."""
    best = best_fitting(query, found)
    if defines_quoted(query, found):  # “三率”是指哪三项
        best = next(e for e in found if e.defines)
    if best.defines and query.intent == "list" and not ENUMERATES.search(best.sentence.text):
        best = next((e for e in found if not e.defines), best)
    if STEPS_ASKED.search(query.text) and (heading := _heading_asked(query, best, found, catalog)):
        return heading
    if opens_list(best.sentence.text) and not asks_list(query):
        return _beside_lead(query, best, found)
    if query.intent in ("who", "list") and (said := who_says(query.text)):
        return _saying(said, best, found)
    if best.sentence.provision.kind == "row" and TOTAL_ASKED.search(query.text):
        return _sum_row(catalog.by_id[best.sentence.document_id], best)
    if query.intent == "reason" and not PURPOSE.search(best.sentence.text):
        return _purpose(best, found)
    return best


def _heading_asked(
    query: Query, best: Evidence, found: Sequence[Evidence], catalog: Catalog
) -> Evidence | None:
    """Return the heading near the best that the question names word for word (审核程序分哪几步), where parts stand under it."""
    for evidence in (
        e for e in found[:NEIGHBOURS] if "heading" in e.parts and e.score >= best.score * NEARLY
    ):
        document, provision = catalog.by_id[evidence.sentence.document_id], evidence.sentence.provision
        start, end = without_mark(document, evidence.sentence.start, evidence.sentence.end)
        named = document.text[start:end].strip(" 。：:\n")
        if (
            len(named) >= SHORTEST_HEADING
            and named in query.text
            and len(children_of(document, provision)) > 1
        ):
            return evidence
    return None


def _beside_lead(query: Query, best: Evidence, found: Sequence[Evidence]) -> Evidence:
    """Return the sentence beside the words that open a list which is not asked for: who convenes, not what for."""
    shape = query.shape or INTENT_SHAPES.get(query.intent)
    beside = (
        e for e in found
        if e.sentence.provision == best.sentence.provision and not opens_list(e.sentence.text)
        and focus_share(e.sentence.text, query) >= focus_share(best.sentence.text, query) and (shape is None or shape.search(e.sentence.text))
    )  # fmt: skip
    return next(beside, best)


def who_says(question: str) -> re.Pattern[str] | None:
    """Return how the text says who does what is asked about, or who holds the post; None where it asks for neither."""
    if post := POST.search(question):
        return re.compile(rf"[任为][^，。；]{{0,8}}{post[0]}|{post[0]}[由为：]")
    if done := DONE.search(question):
        between = (
            "[^。；]{1,60}" if done[0] == "组成" else "[^，。；]{1,40}"
        )  # 由区长、副区长，各部门的主任组成
        return re.compile(f"由{between}{done[0]}")
    return None


def _saying(said: re.Pattern[str], best: Evidence, found: Sequence[Evidence]) -> Evidence:
    """Return the sentence that says it so (由区公安分局负责审核), of the best's provision or near it; else the best."""
    provision = best.sentence.provision
    if said.search(best.sentence.text) or provision.kind == "row":
        return best
    near = (
        e for e in found
        if e.sentence.document_id == provision.document_id and said.search(e.sentence.text)
        and (e.score >= best.score * NEARLY or provision.start <= e.sentence.start < provision.end)
    )  # fmt: skip
    return next(near, best)


def _sum_row(document: Document, best: Evidence) -> Evidence:
    """Return the row of sums of the table that the best row stands in; the best where it has none."""
    row = best.sentence.provision
    table = row.label.rpartition(" ")[0]
    for other in document.provisions:
        alike = other.kind == "row" and other.path == row.path and other.label.rpartition(" ")[0] == table
        if alike and TOTAL_ROW.search(other.label):
            whole = replace(best.sentence, provision=other, text=other.text, start=other.start, end=other.end)
            return replace(best, sentence=whole)
    return best


def _purpose(best: Evidence, found: Sequence[Evidence]) -> Evidence:
    """Return the nearest evidence that tells a purpose or a cause: of the same provision, else of the same document."""
    told = [e for e in found if PURPOSE.search(e.sentence.text) and e.score >= best.score * NEARLY]
    same = [e for e in told if e.sentence.provision == best.sentence.provision]
    here = [e for e in told if e.sentence.document_id == best.sentence.document_id]
    return (same or here or [best])[0]


def _apart(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements without those that lie within another: an item of the list, the fields of one item twice."""
    kept: list[Statement] = []
    for statement in statements:
        if any(one.start <= statement.start and statement.end <= one.end for one in kept):
            continue
        kept = [one for one in kept if not (statement.start <= one.start and one.end <= statement.end)]
        kept.append(statement)
    return kept


def _second(document: Document, query: Query, best: Evidence, found: Sequence[Evidence]) -> list[Evidence]:
    """Return the next sentence of the same provision that speaks of the matter nearly as much, if any."""
    same = [e for e in found if e.sentence.provision == best.sentence.provision and e is not best]
    near = (e for e in same if e.score >= best.score * NEARLY)
    return [e for e in near if not is_topic(document, e.sentence, query)][:1]


def with_neighbour(
    document: Document, statement: Statement, best: Evidence, found: Sequence[Evidence]
) -> Statement:
    """Return the statement with the next sentence when that says nearly as much and both are still a short answer."""
    sentence = best.sentence
    plain = (statement.start, statement.end) == (sentence.start, sentence.end)
    if not plain or sentence.provision.kind != "text" or document.text[sentence.end - 1] != "。":
        return statement
    for other in found[1:NEIGHBOURS]:
        follows = other.sentence.provision == sentence.provision and other.sentence.start == sentence.end
        text = statement.text + other.sentence.text.strip()
        follows = follows and not opens_list(other.sentence.text)
        if follows and other.score >= best.score * NEARLY and len(text) <= MAX_ANSWER:
            marked = (*statement.marked, (other.sentence.start, other.sentence.end))
            return replace(statement, text=text, end=other.sentence.end, marked=marked)
    return statement


def _alike(best: Evidence, found: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences of the same provision that answer just as well: every name of a list of appointments."""
    return [
        e for e in found[1:12]
        if e.sentence.provision == best.sentence.provision and APPOINTMENT.search(e.sentence.text)
        and e.own_coverage >= best.own_coverage * ALIKE and e.sentence.start != best.sentence.start
    ][:MAX_ALIKE]  # fmt: skip
