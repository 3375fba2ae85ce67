"""The retrieval report over the small corpus and over public sets of a few lines, by the encoder that ships."""

import json
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from config import Config
from eval.public import dureader, lecoqa, lecoqa_all_laws
from eval.questions import EvalQuestion, read_questions
from eval.retrieval import main, parse_minimum, search_gold
from eval.searching import METHODS, rows_of, searches
from index.store import Hit
from qa.assistant import Assistant
from tests.small_corpus import NEW_RULES, YICHUAN_RULES
from tests.toy_training import write_records

HOW_EARLY = "会议材料提前几天报送"
THEFT = ("中华人民共和国刑法第二百六十四条", "盗窃公私财物，数额较大的，处三年以下有期徒刑。")
RENT = (
    "中华人民共和国民法典第七百零三条",
    "租赁合同是出租人将租赁物交付承租人使用、收益，承租人支付租金的合同。",
)
FIRE = ("消防法第四十四条", "任何人发现火灾都应当立即报警。")


def gold_line(number: int, question: str, document: str, label: str, **changes: object) -> str:
    values = {
        "id": f"q{number}", "question": question, "type": "number", "style": "close", "language": "zh-Hans",
        "status": "answered", "facts": [["每"]], "citations": [[{"document": document, "label": label}]], "quote": "",
    }  # fmt: skip
    return json.dumps(values | changes, ensure_ascii=False)


@pytest.fixture
def gold(tmp_path: Path) -> list[Path]:
    open_file, held_out = tmp_path / "open.jsonl", tmp_path / "heldout_rules.jsonl"
    how_often = gold_line(1, "甲山区政府常务会议每周召开几次？", NEW_RULES, "第四条")
    english = gold_line(2, "Who signs the minutes?", YICHUAN_RULES, "三", language="en", style="everyday")
    refused = gold_line(3, "食堂几点开饭？", "", "", status="not_found", facts=[], citations=[])
    open_file.write_text(f"{how_often}\n{english}\n{refused}\n", encoding="utf-8")
    held_out.write_text(gold_line(4, "乙川区会议材料提前几天报送？", YICHUAN_RULES, "四"), encoding="utf-8")
    return [open_file, held_out]


@pytest.fixture
def settings(small_config: Config, tmp_path: Path) -> str:
    parts = {"corpus": {"path": small_config.corpus.path}, "index": {"path": small_config.index.path}}
    (tmp_path / "settings.yaml").write_text(yaml.safe_dump(parts), encoding="utf-8")
    return str(tmp_path / "settings.yaml")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with public sets: two questions on three articles, all laws without that on fire, two queries."""
    articles = [{"name": name, "text": text} for name, text in (THEFT, RENT, FIRE)]
    asked: list[tuple[str, list[dict[str, str]]]] = [
        ("偷东西判几年", [articles[0]]),
        ("着火了要报警吗", [articles[2]]),
    ]
    write_records(tmp_path, "bench_lecoqa_gold_articles", articles)
    write_records(
        tmp_path, "bench_lecoqa_test", [{"question": q, "positives": positives} for q, positives in asked]
    )
    laws: list[dict[str, object]] = [
        {"law": "刑法", "article": "第二百六十四条", "text": f"{THEFT[1][:4]} \n{THEFT[1][4:]}"},
        {"law": "某省刑法释义", "article": "第一条", "text": THEFT[1]},
        {"law": "中华人民共和国民法典", "article": None, "text": "序言"},
    ]
    write_records(tmp_path, "train_law_articles", laws)
    passages = ["西湖在杭州。", "泰山在山东，海拔1545米。", "西湖在杭州。"]
    queries = ["西湖在哪", "泰山多高", "西湖在哪个城市"]
    write_records(
        tmp_path, "bench_dureader_robust_dev",
        [{"question": q, "passage": p} for q, p in zip(queries, passages, strict=True)],
    )  # fmt: skip
    return tmp_path


def only(questions: list[EvalQuestion], number: int) -> EvalQuestion:
    return next(question for question in questions if question.id == f"q{number}")


def test_answerable_questions_count_in_all_and_by_share_language_and_style(
    small: Assistant, gold: list[Path]
) -> None:
    rows = rows_of(list(search_gold(small, read_questions(gold))))
    counted = {(row.group, row.method): row.questions for row in rows}
    assert counted["all", "fused"] == 3
    assert counted["held out", "BM25"] == counted["zh-Hans held out", "dense"] == counted["en", "fused"] == 1
    assert counted["zh-Hans", "fused"] == counted["close", "fused"] == 2


def test_reranked_is_what_the_assistant_searches(small: Assistant, gold: list[Path]) -> None:
    question = only(read_questions(gold), 1)
    assert small.search(question.question, 1)[0].chunk.label == "第四条"
    reranked = [one for one in search_gold(small, [question]) if one.method == "reranked"]
    assert reranked[0].figures == {
        "recall_at_1": 1, "recall_at_5": 1, "recall_at_10": 1, "recall_at_50": 1, "mrr": 1,
    }  # fmt: skip
    assert reranked[0].milliseconds > 0


def test_words_alone_find_nothing_for_a_question_that_shares_none(small: Assistant, gold: list[Path]) -> None:
    english = only(read_questions(gold), 2)
    found = {one.method: one.figures["recall_at_50"] for one in search_gold(small, [english])}
    assert found["BM25"] == 0
    assert found["dense"] == 1


def test_each_retriever_alone_orders_by_its_own_score(small: Assistant) -> None:
    by = searches(small.index, dense_weight=0.35)
    for method, part in (("BM25", "lexical"), ("dense", "dense")):
        scores = [hit.parts[part] for hit in by[method](HOW_EARLY)]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0


class Backwards:
    """A reranker that turns the order of the hits around."""

    def scores(self, question: str, hits: Sequence[Hit]) -> np.ndarray:
        return np.array([-hit.score for hit in hits], dtype=np.float32)


def test_a_reranker_is_measured_beside_the_others_and_changes_none_of_them(small: Assistant) -> None:
    bare, index = copy(small.index), copy(small.index)
    bare.reranker = None
    index.reranker, index.reranked = Backwards(), len(index.chunks)
    plain, reranked = searches(bare, dense_weight=0.35), searches(index, dense_weight=0.35)
    assert [*plain, "reranked"] == [*reranked] == list(METHODS)
    found = {method: [hit.chunk.chunk_id for hit in by(HOW_EARLY)] for method, by in reranked.items()}
    assert found["fused"] == [hit.chunk.chunk_id for hit in plain["fused"](HOW_EARLY)]
    scores = [hit.parts["search"] for hit in reranked["reranked"](HOW_EARLY)]
    assert scores == sorted(scores) and scores[0] < scores[-1]


def test_held_out_questions_are_seen_as_figures_only(
    gold: list[Path], settings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["--gold", *map(str, gold), "--config", settings, "--out", str(out)]) == 0
    shown = capsys.readouterr()
    text = shown.out + shown.err + "".join(file.read_text(encoding="utf-8") for file in out.iterdir())
    assert "| held out | fused | 1 |" in text
    assert "乙川" not in text and "q4" not in text


def test_a_figure_below_its_minimum_or_not_measured_fails(
    gold: list[Path], settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = ["--gold", str(gold[0]), "--config", settings, "--minimum"]
    assert main([*usual, "reranked/zh-Hans/recall_at_1=1"]) == 0
    assert main([*usual, "fused/all/mrr=0.1", "BM25/en/recall_at_5=0.8"]) == 1
    assert "BM25/en/recall_at_5 is 0.000, wanted 0.8" in capsys.readouterr().err
    assert main([*usual, "fused/zh-Hant/mrr=0"]) == 1
    assert "no group 'zh-Hant'" in capsys.readouterr().err
    assert main([*usual, "fused/mrr=0.5"]) == 2


@pytest.mark.parametrize("text", ["fused/en/mrr", "some/en/mrr=1", "fused/en/speed=1", "fused/en/mrr=high"])
def test_a_minimum_that_cannot_be_read_says_what_is_known(text: str) -> None:
    with pytest.raises(ValueError, match="recall_at_5"):
        parse_minimum(text)


def test_public_sets_are_searched_by_the_same_index(
    gold: list[Path], settings: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--gold", str(gold[0]), "--config", settings, "--data", str(data)]
    assert main([*arguments, "--minimum", "fused/dureader/recall_at_1=1", "BM25/dureader/mrr=1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    counts = {tuple(line.split(" | ")[:2]): line.split(" | ")[2] for line in lines if line.startswith("| ")}
    assert counts["| lecoqa", "BM25"] == counts["| lecoqa", "fused"] == "2"
    assert counts["| lecoqa-all-laws", "dense"] == "1"
    assert counts["| dureader", "dense"] == "3"


def test_a_missing_public_file_is_named(
    gold: list[Path], settings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--gold", str(gold[0]), "--config", settings, "--data", str(tmp_path)]) == 2
    assert "bench_lecoqa_gold_articles.jsonl.gz" in capsys.readouterr().err


def test_an_article_is_known_by_its_text_but_for_white_space(data: Path) -> None:
    asked = lecoqa_all_laws(data)
    assert len(asked.passages) == 3
    assert asked.questions == [("偷东西判几年", frozenset({0, 1}))]  # that on fire is not among them


def test_equal_passages_are_one_and_right_for_all_their_questions(data: Path) -> None:
    assert [right for _, right in dureader(data).questions] == [{0}, {1}, {0}]
    assert [right for _, right in lecoqa(data).questions] == [{0}, {2}]
