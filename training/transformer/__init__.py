"""A small BERT from scratch: masked words -> contrast -> hard negatives -> encoder, and a cross-encoder beside it."""
