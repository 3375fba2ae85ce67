"""The parts of the transformer recipe on toy input: vocabulary, padding, masking, contrast, negatives, the loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertForMaskedLM, BertModel

from training.batches import Bags, Encoded, encode_pairs
from training.pairs import Pair
from training.recipe import Recipe
from training.static import contrast, make_batch_maker
from training.tokenizer import new_tokenizer
from training.transformer.contrast import draw_mined
from training.transformer.loop import Keeper, Losses, PausedError, Plan, fit, rate_at, read, step_seed
from training.transformer.masked import Masked, hide, rows_of
from training.transformer.negatives import (
    Mined,
    Pool,
    by_words,
    draw_queries,
    mine,
    read_mined,
    whole_texts,
    write_mined,
)
from training.transformer.network import embed, new_config, pad, pad_pairs, shorten
from training.transformer.sizes import SIZES
from training.transformer.train import differences
from training.transformer.vocabulary import CLS, MASK, SEP, SPECIAL, as_bert_tokenizer

CPU = torch.device("cpu")
TINY = SIZES["tiny"]
PAIRS = [
    Pair("哪里禁止吸烟", "公共场所禁止吸烟"),
    Pair("哪里禁止吸烟", "医院内禁止吸烟", "控烟条例"),
    Pair("何时发工资", "按月支付工资"),
    Pair("谁交付房屋", "出租人交付房屋"),
    Pair("罚款多少", "处以罚款"),
]
WORDS = as_bert_tokenizer(
    new_tokenizer(
        [("[UNK]", 0.0), *[(char, -1.0) for char in sorted({c for p in PAIRS for c in p.query + p.passage + p.context})]]
    )
)  # fmt: skip


def bags_of(*rows: list[int]) -> Bags:
    lengths = np.array([len(row) for row in rows])
    return Bags(np.array([one for row in rows for one in row], dtype=np.int32), lengths)


def tiny_bert(tokens: int = 60) -> BertModel:
    torch.manual_seed(0)
    return BertModel(new_config(TINY, tokens)).eval()


def random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_each_size_fits_60_megabytes_in_half_precision():
    for size in SIZES.values():
        with torch.device("meta"):
            bert = BertModel(new_config(size, size.vocabulary))
        assert 2 * sum(weight.numel() for weight in bert.parameters()) <= 60e6


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"heads": 3}, "width 64 is no multiple of heads 3"),
        ({"passage_tokens": 500}, "may be 512 at most: found 631"),
        ({"mlm_tokens": 600}, "may be 512 at most: found 600"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused(changes: dict, complaint: str):
    with pytest.raises(ValueError, match=complaint):
        replace(TINY, **changes)


def test_traditional_characters_are_folded_and_marks_that_end_a_clause_stay():
    tokenizer = as_bert_tokenizer(new_tokenizer([("[UNK]", 0.0), ("会议", -1.0), ("召开", -1.0)]))
    assert tokenizer.encode("會議，※召開。").tokens == ["[CLS]", "会议", ",", "召开", "。", "[SEP]"]


def test_pairs_are_padded_as_the_saved_tokenizer_reads_them():
    texts = [("哪里禁止", "公共场所"), ("谁", "出租人交付房屋")]
    read_together = WORDS.encode_batch(texts)
    first, second = (
        bags_of(*(WORDS.encode(text[side], add_special_tokens=False).ids for text in texts))
        for side in (0, 1)
    )
    padded = pad_pairs(first, second, CPU)
    for row, expected in enumerate(read_together):
        length = len(expected.ids)
        assert padded.ids[row, :length].tolist() == expected.ids
        assert padded.types[row, :length].tolist() == expected.type_ids
        assert padded.mask[row].tolist() == [1] * length + [0] * (padded.mask.shape[1] - length)


def test_texts_are_padded_between_their_special_tokens_and_cropped_first():
    padded = pad(shorten(bags_of([7, 8, 9], [5]), 2), CPU)
    assert padded.ids.tolist() == [[CLS, 7, 8, SEP], [CLS, 5, SEP, 0]]
    assert padded.mask.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]


def test_vectors_do_not_depend_on_the_chunk_and_keep_the_order_of_the_texts():
    bert = tiny_bert()
    bags = bags_of([7, 8, 9, 10], [11], [12, 13], [14, 15, 16])
    together, apart = embed(bert, bags, chunk=4), embed(bert, bags, chunk=1)
    assert torch.allclose(together, apart, atol=1e-5)
    assert torch.allclose(together[1], embed(bert, bags_of([11]), chunk=1)[0], atol=1e-5)
    assert torch.allclose(together.norm(dim=1), torch.ones(4), atol=1e-5)


def test_gradients_do_not_depend_on_the_chunk():
    rows = random(0).integers(len(SPECIAL), 60, (8, 12))
    plan = Plan("mlm", 1, 1.0, seed=3)
    found = []
    for chunk in (2, 8):
        torch.manual_seed(0)
        model = BertForMaskedLM(new_config(TINY, 60))
        losses = list(Masked(model, rows, replace(TINY, chunk=chunk, mlm_rows=8), plan).losses(0))
        torch.stack(losses).sum().backward()
        weights = model.bert.embeddings.word_embeddings.weight
        assert weights.grad is not None
        found.append((len(losses), torch.stack(losses).sum().item(), weights.grad.clone()))
    assert (found[0][0], found[1][0]) == (4, 1)
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-5)
    assert torch.allclose(found[0][2], found[1][2], atol=1e-6)


def test_running_text_is_cut_into_rows_with_every_text_ended():
    source = encode_pairs(WORDS, [Pair("", "公共场所"), Pair("", "医院内")])
    rows = rows_of({"law_crop": source}, 5)
    tokens = [[WORDS.id_to_token(one) for one in row] for row in rows]
    assert tokens == [["[CLS]", "公", "共", "场", "所"], ["[CLS]", "[SEP]", "医", "院", "内"]]


def test_text_that_does_not_fill_one_row_is_an_error():
    with pytest.raises(ValueError, match="hold 4 tokens of text, fewer than mlm_tokens, 32"):
        rows_of({"law_crop": encode_pairs(WORDS, [Pair("", "公共场所")])}, 32)


def test_about_one_token_in_seven_is_hidden_and_never_a_special_one():
    rows = random(0).integers(len(SPECIAL), 60, (200, 50))
    rows[:, 0] = CLS
    shown, chosen = hide(rows, 60, random(1))
    assert chosen.mean() == pytest.approx(0.15 * 49 / 50, abs=0.01)
    assert not chosen[:, 0].any()
    assert (shown == rows)[~chosen].all()
    assert (shown == MASK)[chosen].mean() == pytest.approx(0.8, abs=0.03)
    assert (shown == rows)[chosen].mean() == pytest.approx(0.1, abs=0.03)


def test_contrast_is_the_mean_cross_entropy_both_ways_without_what_is_alike():
    queries = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    passages = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    none = np.zeros((2, 3), dtype=bool)
    e = np.e
    forward = (-np.log(e / (e + 1 + e)) - np.log(e / (1 + e + 1))) / 2
    back = -np.log(e / (e + 1))
    assert contrast(queries, passages, none, 1.0).item() == pytest.approx((forward + back) / 2)
    alike = np.array([[False, True, True], [True, False, True]])
    assert contrast(queries, passages, alike, 1.0).item() == pytest.approx(0.0)


@pytest.fixture
def source() -> Encoded:
    return encode_pairs(WORDS, PAIRS)


def test_passages_that_answer_the_same_question_are_alike(source: Encoded):
    alike = Pool(source).alike.toarray()
    assert alike[0].tolist() == [True, True, False, False, False]
    assert alike[2].tolist() == [False, False, True, False, False]


def test_a_passage_is_found_by_its_tokens_and_opens_with_its_title_where_asked(source: Encoded):
    pool = Pool(source)
    bags = pool.bags(np.array([1, 2]), np.array([True, False]))
    assert WORDS.decode(list(bags.ids)).replace(" ", "") == "控烟条例医院内禁止吸烟按月支付工资"
    assert pool.find(pool.bags(np.array([3, 1]), np.zeros(2, dtype=bool))).tolist() == [3, 1]


def test_bm25_ranks_only_passages_that_share_a_word():
    passages = bags_of([7, 8], [9, 10], [7, 11])
    assert sorted(by_words(bags_of([7]), passages, 3)[0]) == [0, 2]
    assert by_words(bags_of([40]), passages, 3) == [[]]


def test_a_query_is_drawn_with_the_whole_passage_that_it_comes_from(source: Encoded):
    pool, maker = Pool(source), whole_texts(make_batch_maker(WORDS, Recipe(asked=0.0), {}))
    queries, right = draw_queries(source, pool, maker, 0.0, 20, random(0))
    texts = [
        WORDS.decode(list(ids)).replace(" ", "")
        for ids in np.split(queries.ids, np.cumsum(queries.lengths)[:-1])
    ]
    assert len(texts) == 20
    assert set(zip(texts, right.tolist(), strict=True)) == {
        (pair.query, row) for row, pair in enumerate(PAIRS)
    }


def test_no_negative_is_right_for_the_same_question_and_the_nearest_others_are_taken(source: Encoded):
    pool, every = Pool(source), np.arange(5)
    queries = pool.bags(every, np.ones(5, dtype=bool))  # each passage asks for itself, so it is the nearest
    found = mine(
        tiny_bert(WORDS.get_vocab_size()), pool, queries, every, replace(TINY, negatives=3), random(0)
    )
    assert found.right.tolist() == [0, 1, 2, 3, 4]
    assert [set(row) for row in found.wrong[:2]] == [{2, 3, 4}, {2, 3, 4}]  # 0 and 1 answer one question


def test_a_passage_as_near_as_the_right_one_is_no_negative():
    twins = encode_pairs(
        WORDS, [Pair("谁", "出租人交付房屋"), Pair("何时", "出租人 交付房屋"), Pair("多少", "处以罚款")]
    )
    pool, right = Pool(twins), np.array([0, 1, 2])
    bags = pool.bags(right, np.zeros(3, dtype=bool))
    found = mine(tiny_bert(WORDS.get_vocab_size()), pool, bags, right, replace(TINY, negatives=1), random(0))
    assert found.wrong[:2, 0].tolist() == [2, 2]


def test_mined_queries_are_read_as_they_were_written_and_drawn_with_their_passages(
    tmp_path: Path, source: Encoded
):
    mined = Mined(np.array([7, 8, 9]), np.array([2, 1]), np.array([0, 2]), np.array([[2], [3]]))
    write_mined({"cmrc": mined}, tmp_path / "negatives.safetensors")
    again = read_mined(tmp_path / "negatives.safetensors")
    drawn = draw_mined(again, {"cmrc": Pool(source)}, Recipe(thinning=0.0), 9, random(0))
    rows = {
        tuple(passages): length
        for passages, length in zip(drawn.passages.tolist(), drawn.queries.lengths, strict=True)
    }
    assert rows == {(0, 2): 2, (2, 3): 1}


def test_the_learning_rate_rises_in_a_line_and_falls_in_a_line():
    plan = Plan("mlm", 100, 0.5, seed=0)
    assert [rate_at(plan, step) for step in (0, 5, 53, 99)] == pytest.approx([0.5 / 6, 0.5, 0.25, 0.5 / 94])


def test_the_seed_differs_with_run_stage_and_step():
    plans = (Plan("mlm", 9, 1.0, seed=1), Plan("mlm", 9, 1.0, seed=2), Plan("hard", 9, 1.0, seed=1))
    assert len({step_seed(plan, step) for plan in plans for step in range(9)}) == 27


def line_losses(model: torch.nn.Linear, *, fail_at: int = -1) -> Losses:
    """A toy task whose data and noise come from the step's seed alone, as those of the stages do."""

    def losses(step: int) -> Iterator[torch.Tensor]:
        if step == fail_at:
            raise RuntimeError("the machine went down")
        inputs = torch.randn(16, 3)
        yield (
            (model(torch.nn.functional.dropout(inputs, 0.2)) - inputs.sum(dim=1, keepdim=True)) ** 2
        ).mean()

    return losses


def new_line() -> torch.nn.Linear:
    torch.manual_seed(5)
    return torch.nn.Linear(3, 1)


PLAN = Plan("toy", 30, 0.1, seed=1)


def test_training_that_broke_off_goes_on_as_if_it_had_not(tmp_path: Path):
    whole, broken = Keeper(tmp_path / "whole"), Keeper(tmp_path / "broken", save_every=0)
    for keeper in (whole, broken):
        keeper.folder.mkdir()
    model = new_line()
    fit(model, line_losses(model), PLAN, whole)
    first = new_line()
    with pytest.raises(RuntimeError):
        fit(first, line_losses(first, fail_at=17), PLAN, broken)
    second = torch.nn.Linear(3, 1)
    fit(second, line_losses(second), PLAN, broken)
    expected, found = read(whole.finished("toy")), read(broken.finished("toy"))
    assert found["losses"] == expected["losses"]
    assert torch.equal(found["model"]["weight"], expected["model"]["weight"])
    assert np.mean(found["losses"][-5:]) < np.mean(found["losses"][:5])
    assert sorted(path.name for path in broken.folder.iterdir()) == ["toy.pt"]


def test_training_pauses_with_a_checkpoint_when_its_time_is_up(tmp_path: Path):
    model = new_line()
    with pytest.raises(PausedError, match="toy: paused after step 1 of 30"):
        fit(model, line_losses(model), PLAN, Keeper(tmp_path, stop_at=0))
    assert read(tmp_path / "toy.partial.pt")["step"] == 1


def test_a_loss_that_is_no_number_stops_the_training(tmp_path: Path):
    model = new_line()
    torch.nn.init.constant_(model.weight, float("nan"))
    with pytest.raises(ValueError, match="a loss before step 30 is no number; try a lower toy_rate"):
        fit(model, line_losses(model), PLAN, Keeper(tmp_path))


def test_what_differs_between_two_recipes_is_named():
    before, now = (
        {"size": {"width": 64, "seed": 1}, "torch": "2"},
        {"size": {"width": 32, "seed": 1}, "torch": "2"},
    )
    assert differences(before, now) == ["size.width: 64 then, 32 now"]
