"""Words and marks -> the tokenizer of a BERT: the same folding to simplified lower case, with special tokens."""

from __future__ import annotations

import json

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(len(SPECIAL))
_MARKS = ",。、;:()《》“”?!./-"  # as NFKC leaves them; a reader of word order sees where clauses end


def as_bert_tokenizer(words: Tokenizer) -> Tokenizer:
    """Return a tokenizer with the pieces of `words`, a unigram one, and marks and special tokens before them."""
    pieces = json.loads(words.to_str())["model"]["vocab"][1:]  # without its own token for the unknown
    known = {piece for piece, _ in pieces}
    ahead = [*SPECIAL, *(mark for mark in _MARKS if mark not in known)]
    vocabulary = [(token, 0.0) for token in ahead] + [(piece, score) for piece, score in pieces]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNK, byte_fallback=False))
    tokenizer.normalizer = words.normalizer
    kept = "".join(rf"\{mark}" for mark in _MARKS)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(rf"[\s\p{{P}}\p{{S}}&&[^%{kept}]]+"), behavior="removed"),
            pre_tokenizers.Split(Regex(rf"[\u3400-\u9fff]+|\p{{N}}+|[%{kept}]"), behavior="isolated"),
        ]
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    return tokenizer


def for_transformers(tokenizer: Tokenizer, *, most: int) -> PreTrainedTokenizerFast:
    """Return the tokenizer as transformers saves and loads it; texts are cut after `most` tokens."""
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=most,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
