"""A fake assistant of a few lines through runner, scores and report; held-out questions stay unseen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from eval.__main__ import _below_minimum, parse_minimum
from eval.check import check_gold
from eval.questions import EvalQuestion, Place
from eval.report import build_report, overall, render_markdown, render_table, write_report
from eval.runner import quote_matches, rank_places, run_question, run_questions, verify_citation
from eval.scores import Score, recall_curves, score_outcome, summarise
from ingest.document import Chunk, Document, Provision
from qa.answer import Answer, Citation, CitedValidity

TEXT = "第一条 会议每周召开1次。第二条 会前3天报送，联系13812345678。"
SPLIT = TEXT.index("第二条")
PARTS = (("第一条", 0, SPLIT), ("第二条", SPLIT, len(TEXT)))
PROVISIONS = tuple(
    Provision(f"甲#{label}", "甲", label, (), "", TEXT[start:end], start, end, start, end)
    for label, start, end in PARTS
)
DOCUMENT = Document(
    "甲", None, "规则", "", None, None, None, None, "规则", "a.txt", text=TEXT, provisions=PROVISIONS
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    chunk: Chunk
    parts: dict[str, float] = field(default_factory=dict)


def hit(label: str, **parts: float) -> Hit:
    return Hit(Chunk(f"甲#{label}-0", "甲", f"甲#{label}", label, "", "", 0, 0), parts)


def cite(label: str, quote: str, *, start: int | None = None) -> Citation:
    start = TEXT.index(quote) if start is None else start
    end = start + len(quote)
    return Citation(
        1, "甲", None, "规则", None, None, label, (), quote, "a.txt", start, end, CitedValidity("in_force")
    )


class FakeAssistant:
    """Answers questions about 每周 rightly, breaks on 坏, and finds nothing else."""

    def ask(
        self, question: str, *, history: Sequence[tuple[str, str]] = (), as_of: date | None = None
    ) -> Answer:
        if "坏" in question:
            raise RuntimeError("broken on 坏")
        if "每周" in question:
            return Answer(
                question, "answered", "会议每周召开1次。〔1〕", (cite("第一条", "会议每周召开1次"),)
            )
        return Answer(question, "not_found", "未找到。")

    def search(self, question: str, k: int) -> list[Hit]:
        return [hit("第二条", dense=0.9, lexical=1.0), hit("第一条", dense=0.1, lexical=2.0)][:k]

    def document(self, document_id: str) -> Document:
        return {"甲": DOCUMENT}[document_id]


def gold(id: str, text: str, **changes: object) -> EvalQuestion:
    question = EvalQuestion(
        id, text, "number", "close", "zh-Hans", "answered", (("每周召开1次",),), ((Place("甲", "第一条"),),),
        "会议每周召开1次", "rules.jsonl", 1,
    )  # fmt: skip
    return replace(question, **changes)  # type: ignore[arg-type]


UNANSWERABLE = gold(
    "u", "食堂几点开？", type="unanswerable", status="not_found", facts=(), citations=(), quote=""
)  # fmt: skip
QUESTIONS = [
    gold("good", "会议每周几次？"),
    gold("refused", "会议多久一次？"),
    gold("crash", "坏了吗？"),
    UNANSWERABLE,
    gold("secret-id", "绝密的问题？", file="heldout_rules.jsonl", quote="会前3天报送"),
    gold("secret-crash", "绝密的坏问题？", file="heldout_rules.jsonl"),
]


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return [score_outcome(outcome) for outcome in run_questions(FakeAssistant(), QUESTIONS)]


def test_figures_of_a_right_answer(scores: list[Score]) -> None:
    figures = scores[0].figures
    assert scores[0].failures == ()
    assert figures["right"] == figures["first_citation"] == figures["facts"] == figures["verified"] == 1
    assert (figures["recall_at_1"], figures["recall_at_5"], figures["mrr"]) == (0, 1, 0.5)
    assert "refused" not in figures


def test_refusals_and_crashes_are_told_apart(scores: list[Score]) -> None:
    assert scores[1].failures == ("wrongly refused: status not_found",)
    assert scores[2].failures == ("error: RuntimeError: broken on 坏",)
    assert scores[3].failures == () and scores[3].figures["refused"] == 1
    summary = summarise(scores)
    assert (summary.questions, summary.wrong_refusals, summary.errors, summary.citations) == (6, 2, 2, 1)
    assert summary.figures["right"] == 2 / 6
    assert summary.figures["answered"] == 1 / 5


def test_an_answer_to_an_unanswerable_question_is_a_failure() -> None:
    score = score_outcome(run_question(FakeAssistant(), replace(UNANSWERABLE, question="食堂每周几次？")))
    assert score.failures == ("not refused: status answered",)
    assert summarise([score]).wrongly_answered == 1


def test_a_required_citation_left_out_is_listed_though_the_first_is_right() -> None:
    both = ((Place("甲", "第一条"),), (Place("甲", "第二条"),))
    score = score_outcome(run_question(FakeAssistant(), gold("two", "每周几次？", citations=both)))
    assert score.failures == ("1 of 2 required citations missing",)
    assert (score.figures["right"], score.figures["citation_recall"]) == (1, 0.5)


class Talker(FakeAssistant):
    """Answers with what was said before, and cannot be searched."""

    def ask(
        self, question: str, *, history: Sequence[tuple[str, str]] = (), as_of: date | None = None
    ) -> Answer:
        return Answer(question, "answered", f"第{len(history) + 1}问，前面是{list(history)}")

    def search(self, question: str, k: int) -> list[Hit]:
        raise AssertionError(f"{question} was searched without what was said before it")


def test_earlier_questions_are_asked_in_turn_and_answered_by_the_program_itself() -> None:
    question = gold("f", "为什么？", type="follow_up", history=("每周几次？", "那甲呢？"))
    outcome = run_question(Talker(), question)
    first = "第1问，前面是[]"
    second = f"第2问，前面是[('每周几次？', {first!r})]"
    assert outcome.text == f"第3问，前面是{[('每周几次？', first), ('那甲呢？', second)]}"
    assert "recall_at_1" not in score_outcome(outcome).figures


def test_an_ambiguous_question_without_facts_must_be_asked_back() -> None:
    question = gold("amb", "会议每周几次？", status="unclear", facts=(), citations=())
    assert score_outcome(run_question(FakeAssistant(), question)).failures == (
        "not asked back: status answered",
    )


def test_a_citation_is_verified_against_the_stored_text() -> None:
    assistant = FakeAssistant()
    assert verify_citation(assistant, cite("第一条", "会议每周召开1次")) == ""
    assert "the store holds" in verify_citation(assistant, cite("第一条", "会议每周召开1次", start=0))
    unknown = replace(cite("第一条", "会议每周召开1次"), document_id="乙")
    assert "no such document" in verify_citation(assistant, unknown)


def test_only_masked_mobile_numbers_may_differ_from_the_store() -> None:
    assert quote_matches("联系138****5678。", "联系13812345678。")
    assert not quote_matches("联系138****5678。", "联系13812349999。")
    assert not quote_matches("联系****。", "联系1381。")


def test_each_retriever_orders_the_hits_by_its_own_score() -> None:
    one, two = Place("甲", "第一条"), Place("甲", "第二条")
    rankings = rank_places([hit("第二条", dense=0.9), hit("第一条", dense=0.1, lexical=2.0), hit("第二条")])
    assert rankings == {"fused": (two, one), "dense": (two, one), "lexical": (one,)}


def test_the_curve_starts_with_the_fused_ranking(scores: list[Score]) -> None:
    curves = recall_curves(scores)
    assert list(curves) == ["fused", "dense", "lexical"]
    assert (curves["fused"][:2], curves["lexical"][0]) == ([0, 1], 1)


def test_held_out_questions_are_counted_and_never_shown(scores: list[Score], tmp_path: Path) -> None:
    write_report(scores, tmp_path)
    for name in ("report.json", "report.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "secret" not in text and "绝密" not in text
        assert "heldout_rules.jsonl" in text
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["overall"]["held out"]["questions"] == 2
    assert [question["id"] for question in report["questions"]] == ["good", "refused", "crash", "u"]
    assert "2 more in held-out files are counted" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_report_has_its_plots(scores: list[Score], tmp_path: Path) -> None:
    write_report(scores, tmp_path / "new" / "folder")
    plots = sorted(path.name for path in (tmp_path / "new" / "folder").glob("*.png"))
    assert plots == ["answer_length.png", "by_type.png", "latency.png", "recall_at_k.png"]
    assert all((tmp_path / "new" / "folder" / name).read_bytes().startswith(b"\x89PNG") for name in plots)


def test_failures_are_listed_for_reading(scores: list[Score]) -> None:
    text = render_markdown(scores)
    assert "## Failures (2)" in text
    assert "### refused · number · close · zh-Hans" in text and "- rank in search: 2" in text
    assert "### good" not in text


def test_without_held_out_files_there_is_one_column(scores: list[Score]) -> None:
    assert list(overall(scores[:4])) == ["all"]
    assert list(overall(scores)) == ["all", "open", "held out"]
    assert "first_citation" in render_table(scores[:4])


def test_a_report_of_a_single_refusal_can_be_written(scores: list[Score], tmp_path: Path) -> None:
    write_report(scores[3:4], tmp_path)
    assert build_report(scores[3:4])["overall"]["all"]["figures"] == {
        "right": 1,
        "refused": 1,
        "exact_status": 1,
    }


def test_a_figure_below_its_minimum_fails(scores: list[Score]) -> None:
    assert _below_minimum(scores, {"right": 0.3}) == 0
    assert _below_minimum(scores, {"right": 0.4}) == 1


@pytest.mark.parametrize("text", ["speed=1", "facts", "facts=many", "facts=75"])
def test_a_minimum_must_name_a_figure_and_a_share(text: str) -> None:
    with pytest.raises(ValueError, match="--minimum"):
        parse_minimum(text)


def test_gold_that_fits_the_corpus_has_no_problems() -> None:
    assert check_gold([gold("good", "?"), UNANSWERABLE], [DOCUMENT]) == []


def test_gold_that_does_not_fit_is_named_with_file_and_id() -> None:
    places = (
        (Place("甲", "第九条"),),
        (Place("乙", "第一条"),),
        (Place("甲", "第一条"), Place("甲", "第1条")),
    )
    problems = check_gold([gold("bad", "?", citations=places, quote="会前3天 报送")], [DOCUMENT])
    assert [str(problem) for problem in problems] == [
        "rules.jsonl bad: 甲 has no provision '第九条'",
        "rules.jsonl bad: no document '乙' in the corpus",
        "rules.jsonl bad: note: 甲 has no provision '第1条'",
        "rules.jsonl bad: the quote '会前3天 报送' stands in no cited provision; it stands in 甲 '第二条'",
    ]


def test_a_quote_may_be_the_cells_of_a_row_or_the_title() -> None:
    row = replace(PROVISIONS[0], label="第1项", text="指标：用地规模；目标：≤103；属性：约束性", kind="row")
    document = replace(DOCUMENT, title="会议规则", provisions=(row, replace(PROVISIONS[1], label="")))
    in_row, in_title = ((Place("甲", "第1项"),),), ((Place("甲", ""),),)
    assert check_gold([gold("row", "?", citations=in_row, quote="用地规模≤103约束性")], [document]) == []
    assert check_gold([gold("title", "?", citations=in_title, quote="会议规则")], [document]) == []
    assert len(check_gold([gold("no", "?", citations=in_row, quote="会议规则")], [document])) == 1


def test_the_check_does_not_repeat_a_held_out_quote() -> None:
    (problem,) = check_gold([QUESTIONS[4]], [DOCUMENT])
    assert "会前3天" not in str(problem) and "第二条" in str(problem)
