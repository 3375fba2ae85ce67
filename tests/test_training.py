"""The training package on toy files: pairs, glosses, vocabulary, batches, BM25, one model from end to end."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from tests.toy_training import write_records
from training.batches import (
    Bags,
    ask,
    encode_pairs,
    expansions,
    keep,
    spellings,
    take,
    translations,
)
from training.bench import Task, as_table, figures, fuse_by_rank, measure, task_of
from training.bm25 import CharacterPairBM25, terms_of
from training.glosses import clean_gloss, gloss_table
from training.pairs import SOURCES, Pair, read_pairs
from training.recipe import Recipe, Share
from training.records import is_held_out
from training.save import quantize, save_model, save_record
from training.static import make_batch_maker, train_vectors, train_vocabulary
from training.tokenizer import listed_han, new_tokenizer, stems, train_tokenizer

ARTICLES = {
    "第一条": "公共场所禁止吸烟，个人不得在医院和学校点燃香烟。",
    "第二条": "房屋租赁合同应当采用书面形式，出租人应当交付房屋。",
    "第三条": "用人单位应当按月向劳动者支付工资，不得拖欠工资。",
    "第四条": "机动车不得在校门两侧停放，违者由公安机关处以罚款。",
}


def small_tokenizer(*pieces: str) -> Tokenizer:
    return new_tokenizer([("[UNK]", 0.0), *[(piece, -float(len(piece) == 1) - 1) for piece in pieces]])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    articles = [
        {"law": f"{city}市管理条例", "chapter": "第一章 总则", "article": label, "text": f"{city}市{text}"}
        for city in ("甲", "乙", "丙", "丁", "戊")
        for label, text in ARTICLES.items()
    ]
    write_records(folder, "train_law_articles", articles)
    words = [
        ("吸烟", "smoking"),
        ("医院", "hospital"),
        ("工资", "wages"),
        ("房屋", "house"),
        ("合同", "contract"),
    ]
    write_records(folder, "train_cedict", [{"zh": zh, "en": [f"to {en} (v)"]} for zh, en in words])
    questions = [
        {"question": "哪里不能抽烟？", "passage": ARTICLES["第一条"], "answer_start": 0, "title": "吸烟"},
        {"question": "租房要签合同吗？", "passage": ARTICLES["第二条"], "answer_start": 0, "title": "租房"},
    ]
    write_records(folder, "train_cmrc2018", questions)
    write_records(folder, "bench_dureader_robust_dev", questions)
    return folder


def test_a_law_article_is_found_by_its_heading_and_by_a_piece_of_itself(data: Path):
    titled = list(read_pairs(data, "law_title", longest=100))
    assert titled[0] == Pair("甲市管理条例 第一章 总则", "甲市" + ARTICLES["第一条"])
    cropped = list(read_pairs(data, "law_crop", longest=100))
    assert cropped[0] == Pair("", "甲市" + ARTICLES["第一条"], "甲市管理条例 第一章 总则")


def test_a_reading_passage_is_cut_to_the_part_around_its_answer(tmp_path: Path):
    record = {"question": "问", "passage": "前" * 200 + "答" + "后" * 400, "answer_start": 200, "title": None}
    write_records(tmp_path, "train_cmrc2018", [record])
    (pair,) = read_pairs(tmp_path, "cmrc", longest=1_000)
    assert pair == Pair("问", "前" * 150 + "答" + "后" * 249)


def test_a_missing_file_gives_no_pairs(tmp_path: Path):
    assert list(read_pairs(tmp_path, "wiki_crop", longest=100)) == []


def test_no_source_trains_on_a_benchmark_file():
    assert all(name.startswith("train_") for files in SOURCES.values() for name, _ in files)


def test_the_held_out_share_is_the_same_on_every_run():
    assert [number for number in range(40) if is_held_out(str(number), one_in=10)] == [6, 29, 37]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("to smoke (tobacco)", "smoke"),
        ("the house; home", "house"),
        ("variant of 帆[fan1]", ""),
        ("CL:個|个[ge4]", ""),
        ("a person who has no fixed home at all", ""),
    ],
)
def test_glosses_lose_their_notes(raw: str, clean: str):
    assert clean_gloss(raw) == clean


def test_a_word_has_each_gloss_once():
    records = [{"zh": "工资", "en": ["wages", "pay"]}, {"zh": "工资", "en": ["to pay", "CL:个"]}]
    assert gloss_table(records) == {"工资": ["wages", "pay"]}


def test_traditional_full_width_and_capital_letters_are_folded():
    assert new_tokenizer().normalizer.normalize_str("區政府會議 ＡＢ") == "区政府会议 ab"


def test_a_long_word_that_is_in_no_dictionary_counts_for_the_words_within():
    counts = Counter({"常务会议": 3, "公共场所": 2, "会议": 1})
    assert listed_han(counts, {"常务", "会议", "公共场所"}) == {"常务": 3, "会议": 4, "公共场所": 2}


def test_inflected_words_get_no_piece_of_their_own():
    counts = Counter({"meeting": 5, "meetings": 2, "news": 4, "convene": 1, "convened": 3})
    assert stems(counts) == {"meeting": 5, "news": 4, "convene": 1}


def test_texts_are_cut_into_words_and_endings():
    texts = ["常务会议每周召开", "会议由区长召开", "the meeting", "two meetings"] * 3
    tokenizer = train_tokenizer(texts, size=200, dictionary={"常务", "会议"})
    assert tokenizer.encode("常務會議").tokens == ["常务", "会议"]
    assert tokenizer.encode("Meetings").tokens == ["meeting", "s"]


def test_a_bag_keeps_its_first_token_when_all_would_go():
    bags = keep(Bags(np.array([1, 2, 3]), np.array([2, 1])), np.array([False, False, True]))
    assert (bags.ids.tolist(), bags.lengths.tolist()) == ([1, 3], [1, 1])


def test_a_token_is_replaced_by_its_expansion():
    table = expansions([[], [[7, 8]], []])
    bags = table.replace(
        take(np.array([1, 2, 1]), np.array([0, 2]), np.array([2, 1])), np.array([True] * 3), random(0)
    )
    assert (bags.ids.tolist(), bags.lengths.tolist()) == ([7, 8, 2, 7, 8], [3, 2])


def test_the_words_of_a_question_are_added_to_the_chosen_bags_only():
    openers = Bags(np.array([8, 9]), np.array([2]))
    bags = ask(Bags(np.array([1, 2]), np.array([1, 1])), openers, np.array([True, False]), random(0))
    assert (bags.ids.tolist(), bags.lengths.tolist()) == ([1, 8, 9, 2], [3, 1])


def random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_words_are_spelt_out_and_translated():
    tokenizer = small_tokenizer("吸烟", "吸", "烟", "smoking")
    word = tokenizer.token_to_id("吸烟")
    spelt, english = spellings(tokenizer), translations(tokenizer, {"吸烟": ["smoking"]})
    bags, every = Bags(np.array([word]), np.array([1])), np.array([True])
    assert [tokenizer.id_to_token(one) for one in spelt.replace(bags, every, random(0)).ids] == ["吸", "烟"]
    assert [tokenizer.id_to_token(one) for one in english.replace(bags, every, random(0)).ids] == ["smoking"]


def test_a_cropped_query_is_taken_out_of_its_passage():
    tokenizer = small_tokenizer(*"甲乙丙丁戊己庚辛")
    encoded = encode_pairs(tokenizer, [Pair("", "甲乙丙丁戊己庚辛")])
    recipe = Recipe(thinning=0, splitting=0, asked=0, cut_out=1, crop_tokens=(3, 3))
    batch = make_batch_maker(tokenizer, recipe, {}).draw(encoded, 1, 0.0, random(1))
    assert len(batch.queries.ids) == 3
    assert sorted([*batch.queries.ids, *batch.passages.ids]) == sorted(
        tokenizer.encode("甲乙丙丁戊己庚辛").ids
    )


def test_pairs_with_the_same_question_are_no_negatives_of_each_other():
    tokenizer = small_tokenizer(*"甲乙丙丁")
    encoded = encode_pairs(tokenizer, [Pair("甲", "乙"), Pair("甲", "丙"), Pair("丁", "丙")])
    alike = make_batch_maker(tokenizer, Recipe(), {}).draw(encoded, 3, 0.0, random(0)).alike
    assert alike.sum() == 4  # 甲-甲 and 丙-丙, each seen from both sides


def test_quantized_rows_are_near_the_vectors():
    vectors = np.array([[0.0, 0.0], [1.27, -0.64]], dtype=np.float32)
    rows, factors = quantize(vectors)
    assert rows.tolist() == [[0, 0], [127, -64]]
    assert np.allclose(rows * factors[:, None], vectors)


def test_bm25_terms_are_character_pairs_and_whole_words():
    assert terms_of("区政府A4纸 2023年") == ["区政", "政府", "a4", "纸", "2023", "年"]


def test_bm25_prefers_the_passage_that_has_the_words():
    scores = CharacterPairBM25(["房屋租赁合同", "按月支付工资"]).scores("工资何时支付")
    assert scores[1] > scores[0] == 0


def test_equal_passages_count_once():
    task = task_of("toy", [("问一", ["甲"]), ("问二", ["乙"])], pool=["乙", "丙"])
    assert (task.passages, task.relevant) == (["乙", "丙", "甲"], [{2}, {0}])


def test_figures_are_shares_of_the_questions_and_ties_count_against_the_right_passage():
    task = Task("toy", ["一", "二"], ["甲", "乙", "丙"], [{0}, {1}])
    found = figures(task, "dense", np.array([[3.0, 2.0, 1.0], [1.0, 1.0, 0.0]]))
    assert (found.recall_at_1, found.recall_at_5, found.mrr) == (0.5, 1.0, 0.75)


def test_fusion_puts_first_what_both_rank_high():
    fused = fuse_by_rank(np.array([[3.0, 2.0, 1.0]]), np.array([[1.0, 3.0, 2.0]]))
    assert fused.argmax() == 1


def test_the_same_recipe_and_vocabulary_give_the_same_vectors(data: Path):
    recipe = Recipe(
        dimension=8, steps=3, pairs_per_step=8, mixture=(Share("law_crop", 1.0), Share("cmrc", 1.0))
    )
    tokenizer = small_tokenizer(*"公共场所禁止吸烟房屋租赁合同工资机动车")
    first, second = (train_vectors(data, recipe, tokenizer).vectors for _ in range(2))
    assert np.array_equal(first, second)


def test_a_toy_model_learns_loads_and_finds_a_held_out_question(data: Path, tmp_path: Path):
    from sentence_transformers import SentenceTransformer

    recipe = Recipe(
        vocabulary=300, dimension=32, steps=100, pairs_per_step=16, crop_tokens=(3, 6), learning_rate=0.02,
        mixture=(Share("law_crop", 2.0, glossed=0.5), Share("cmrc", 1.0), Share("cedict", 1.0)),
    )  # fmt: skip
    trained = train_vectors(data, recipe, train_vocabulary(data, recipe))
    assert trained.losses[-1] < trained.losses[0]

    out = tmp_path / "model"
    save_model(trained, out)
    save_record(trained, recipe, data, out)
    model = SentenceTransformer(str(out), device="cpu")
    passages = model.encode(list(ARTICLES.values()))
    assert passages.dtype == np.float32
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    for question, right in [("医院和学校禁止吸烟", 0), ("單位拖欠工資", 2), ("wages", 2)]:
        assert (passages @ model.encode(question)).argmax() == right

    record = json.loads((out / "training.json").read_text(encoding="utf-8"))
    assert record["pairs"] == {"law_crop": 20, "cmrc": 2, "cedict": 5}
    assert set(record["data"]) == {
        f"train_{name}.jsonl.gz" for name in ("law_articles", "cmrc2018", "cedict")
    }
    rows = measure(data, str(out))
    assert [row.method for row in rows[:2]] == ["dense", "BM25"]
    assert "DuReader-robust dev" in as_table(rows)
