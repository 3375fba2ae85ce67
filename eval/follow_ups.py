"""`python -m eval.follow_ups`: fit which reading of a follow-up is meant; writes qa/follow_up.json.

The conversations are those of training/questions/conversations, each pack opened with models that have not seen its
questions (`python -m training packs`), with questions on a new topic, also of the excerpts of each pack; and on this project's corpus those of eval/development and the follow-ups in the open
files of eval/gold. Cross-validated by question.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from eval.fitting import CONVERSATIONS, OPEN_GOLD, WRITTEN, as_json, networks, opened_parts, settles
from eval.questions import EvalQuestion, read_questions
from qa.assistant import Assistant
from qa.draft import Draft
from qa.follow_choice import MODEL_FILE, SIGNS, signs_of

WRITTEN_CONVERSATIONS = WRITTEN / "conversations"
NEW_TOPICS = 60  # of each pack and excerpt at most: questions behind one that they have nothing to do with
REFUSED = ("not_found", "wrong_premise")
REPEATED = 4  # times that a question on this project's corpus counts
HIDDEN_UNITS, DECAY, ROUNDS, PARTS = 16, 3.0, 150, 6
PASSES = 2
NEUTRAL: dict[str, object] = {
    "means": [0.0] * len(SIGNS), "deviations": [1.0] * len(SIGNS),
    "networks": [{"hidden": [[0.0] * len(SIGNS)], "hidden_bias": [0.0], "out": [0.0], "out_bias": 0.0}],
}  # fmt: skip

Asked = tuple[
    list[str], list[list[float]], list[bool], bool
]  # ways, signs, which are right, whether of this project's corpus


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.follow_ups", description=__doc__)
    parser.add_argument(
        "--packs", type=Path, required=True, help="the folder packs in the --work of the training"
    )
    args = parser.parse_args(argv)
    files = sorted(WRITTEN_CONVERSATIONS.glob("[0-9]*.jsonl"))
    _write(NEUTRAL)
    for _ in range(PASSES):  # in the first the turns before the last are read as they stand
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(partial(_of_pack, args.packs), [*files, None]))
        _write(_fit([one for part in parts for one in part]))
    return 0


def _write(model: dict[str, object]) -> None:
    MODEL_FILE.write_text(json.dumps(model) + "\n", encoding="utf-8")


def _of_pack(packs: Path, file: Path | None) -> list[Asked]:
    """Return what is asked of a pack, or of this project's corpus."""
    if file is None:
        return _asked(Assistant.open(None), read_questions([*OPEN_GOLD, CONVERSATIONS]), own=True)
    number = int(file.stem)
    alone = next(f for f in (WRITTEN / file.name, WRITTEN / f"test_{file.name}") if f.is_file())
    (whole, questions), *excerpts = opened_parts(packs, number, alone)
    out = _asked(whole, [*read_questions([file]), *_new_topics(questions, number)], own=False)
    for excerpt, questions in excerpts:  # where everything is near to everything
        out += _asked(excerpt, _new_topics(questions, number), own=False)
    return out


def _new_topics(questions: Sequence[EvalQuestion], number: int) -> list[EvalQuestion]:
    """Return some of these questions, which stand alone, each behind another one."""
    chance, many = random.Random(number), min(NEW_TOPICS, len(questions) // 2)
    asked = chance.sample(questions, 2 * many)
    pairs = zip(asked[:many], asked[many:], strict=True)
    return [replace(later, history=(earlier.question,)) for earlier, later in pairs]


def _asked(assistant: Assistant, questions: Sequence[EvalQuestion], *, own: bool) -> list[Asked]:
    """Return the readings of each question that has several and one that is right."""
    out = []
    for question in questions:
        turns = [(earlier, "") for earlier in question.history]
        query, before, readings = assistant.readings(question.question, turns)
        if before is None or len(readings) < 2:
            continue
        right = [_is_right(assistant, question, one.draft) for one in readings]
        if any(right):
            signs = [[row[name] for name in SIGNS] for row in signs_of(query, before, readings)]
            out.append(([one.way for one in readings], signs, right, own))
    return out


def _is_right(assistant: Assistant, question: EvalQuestion, draft: Draft) -> bool:
    """Say whether a draft refuses what is to be refused, or else cites the words that settle the question."""
    if not question.answerable or draft.status in REFUSED:
        return draft.status in REFUSED and not question.answerable
    return any(
        settles(question, s.document_id, assistant.document(s.document_id).text[s.start : s.end])
        for s in draft.statements
    )


def _fit(asked: list[Asked]) -> dict[str, object]:
    """Return the model, and print how often the right reading is chosen."""
    from sklearn.model_selection import GroupKFold

    rows = np.array([row for _, signs, _, _ in asked for row in signs], dtype=np.float32)
    right = np.array([one for _, _, each, _ in asked for one in each])
    group = np.array([number for number, (ways, *_) in enumerate(asked) for _ in ways])
    own = np.array([gold for ways, _, _, gold in asked for _ in ways])
    scores = np.zeros(len(rows))
    for train, test in GroupKFold(PARTS).split(rows, right, group):
        repeated = np.concatenate([train, *[train[own[train]]] * (REPEATED - 1)])
        model = networks(HIDDEN_UNITS, decay=DECAY, rounds=ROUNDS).fit(rows[repeated], right[repeated])
        scores[test] = model.predict_proba(rows[test])[:, 1]
    for name, some in (("written", ~own), ("own", own)):
        chosen = [
            bool(right[at[int(scores[at].argmax())]])
            for number in np.unique(group[some]) if len(at := np.flatnonzero(group == number))
        ]  # fmt: skip
        print(f"{name}: {len(chosen)} with a right reading, it is chosen for {np.mean(chosen):.1%}")
    repeated = np.concatenate([np.arange(len(rows)), *[np.flatnonzero(own)] * (REPEATED - 1)])
    return as_json(networks(HIDDEN_UNITS, decay=DECAY, rounds=ROUNDS).fit(rows[repeated], right[repeated]))


if __name__ == "__main__":
    raise SystemExit(main())
