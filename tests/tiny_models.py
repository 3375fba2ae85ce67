"""Transformers of one layer with random weights, saved as sentence-transformers saves any model."""

from __future__ import annotations

from pathlib import Path

CHARACTERS = "区政府会议每周召开一次问题烟花爆竹禁止燃放通知"
POSITIONS = 64


def save_bare_bert(folder: Path, *, labels: int = 0) -> None:
    """Write tokenizer, settings and weights; with `labels` those of a classifier of pairs."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", *CHARACTERS]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=POSITIONS, initializer_range=0.5,
    )  # fmt: skip
    config.num_labels = max(labels, 1)
    torch.manual_seed(7)
    model = BertForSequenceClassification(config) if labels else BertModel(config)
    model.save_pretrained(folder)


def save_encoder(folder: Path, bare: Path, *, prompts: dict[str, str] | None = None) -> Path:
    """Write an encoder of 16 numbers below `folder` and return it; `bare` is an empty folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    save_bare_bert(bare)
    modules = [Transformer(str(bare), max_seq_length=POSITIONS), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu", prompts=prompts).save(str(folder))
    return folder


def save_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """Write a reranker below `folder` and return it."""
    save_bare_bert(folder, labels=labels)
    return folder
