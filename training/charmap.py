"""A character-to-character table -> the compiled form that the tokenizer's `Precompiled` normalizer reads.

The form is SentencePiece's: the byte length of a double-array trie, the trie, then the replacements, each
ended by a zero byte. A trie of 4,000 characters costs one walk per character, where as many `Replace` steps
would each walk the whole text.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

_BLOCK = 256  # a node's children lie within one block, so no look-up can leave the array
_LEAF = 1 << 31
_HAS_LEAF = 1 << 8


def compile_charmap(table: Mapping[str, str]) -> bytes:
    """Return the compiled table; every key and value is one character other than NUL."""
    replacements = bytearray()
    trie: dict[int, Any] = {}
    for key, value in sorted(table.items()):
        node = trie
        for byte in key.encode("utf-8"):
            node = node.setdefault(byte, {})
        node[0] = len(replacements)  # label 0 marks the end of a key
        replacements += value.encode("utf-8") + b"\0"
    units = _lay_out(trie)
    packed = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(packed)) + packed + bytes(replacements)


def _lay_out(trie: dict[int, Any]) -> list[int]:
    """Return the trie as double-array units: a child labelled c of a node with base b stands at b ^ c."""
    units = [0] * _BLOCK
    taken = {0}  # position 0 is the root
    bases: set[int] = set()
    queue = [(trie, 0)]
    while queue:
        node, position = queue.pop()
        base = _free_base(list(node), taken, bases, len(units))
        while base >= len(units):
            units += [0] * _BLOCK
        bases.add(base)
        units[position] |= (position ^ base) << 10
        for label, child in node.items():
            place = base ^ label
            taken.add(place)
            if label == 0:
                units[position] |= _HAS_LEAF
                units[place] = _LEAF | child
            else:
                units[place] |= label
                queue.append((child, place))
    return units


def _free_base(labels: list[int], taken: set[int], bases: set[int], size: int) -> int:
    """Return the lowest base, used by no other node, at which every label finds a free place."""
    first_block = max(0, size - 4 * _BLOCK)  # earlier blocks are nearly full: searching them again is slow
    for base in range(max(1, first_block), size + _BLOCK):
        if base not in bases and not any((base ^ label) in taken for label in labels):
            return base
    raise AssertionError("a fresh block always has room")
