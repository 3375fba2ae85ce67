"""A vocabulary's pieces -> the characters and letter groups that they share, so that 拖欠 teaches something of 拖着."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import torch
from scipy import sparse
from tokenizers import Tokenizer

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]{5,}")
_LETTERS = 4  # length of a letter group
_PIECES_AT_LEAST = 2  # a part that fewer pieces have teaches nothing of another


def pieces_of(tokenizer: Tokenizer) -> list[str]:
    """Return the pieces in the order of their ids."""
    return [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]


def parts_of(piece: str) -> list[str]:
    """Return the characters of a Chinese word, its pairs where it has more than two; the letter groups of an English one."""
    if _HAN.fullmatch(piece):
        pairs = [piece[i : i + 2] + "#" for i in range(len(piece) - 1)] if len(piece) > 2 else []
        return [*piece, *pairs]
    if _LATIN.fullmatch(piece):
        bounded = f"<{piece}>"
        return [bounded[i : i + _LETTERS] for i in range(len(bounded) - _LETTERS + 1)]
    return []


def part_matrix(pieces: Iterable[str]) -> sparse.csr_matrix:
    """Return float32 (pieces, parts): a row holds 1 / sqrt(n) for each of the piece's n parts."""
    of_piece = [parts_of(piece) for piece in pieces]
    counts = Counter(part for parts in of_piece for part in set(parts))
    kept = (part for part, count in counts.items() if count >= _PIECES_AT_LEAST)
    column = {part: number for number, part in enumerate(kept)}
    entries = [
        (row, column[part], len(parts) ** -0.5)
        for row, parts in enumerate(of_piece)
        for part in parts
        if part in column
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_matrix(
        (values, (rows, columns)), shape=(len(of_piece), max(1, len(column))), dtype="float32"
    )


def as_torch(matrix: sparse.csr_matrix) -> torch.Tensor:
    """Return the matrix as a sparse torch tensor."""
    return torch.sparse_csr_tensor(
        torch.from_numpy(matrix.indptr).long(),
        torch.from_numpy(matrix.indices).long(),
        torch.from_numpy(matrix.data),
        size=matrix.shape,
        check_invariants=True,
    )


class SumOfParts(torch.autograd.Function):
    """parts (parts, dim) -> (pieces, dim); the gradient goes back through the transposed matrix."""

    @staticmethod
    def forward(ctx, parts, matrix, transposed):  # type: ignore[no-untyped-def]
        ctx.transposed = transposed
        return matrix @ parts

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        return ctx.transposed @ gradient, None, None
