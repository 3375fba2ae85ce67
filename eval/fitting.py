"""Signs and what they were signs of in, the small networks of qa.network out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from eval.metrics import normalise
from eval.questions import EvalQuestion, read_questions
from qa.assistant import Assistant

WRITTEN = Path("training/questions")  # questions on packs, by the pack's number
DEVELOPMENT = sorted(Path("eval/development").glob("*.jsonl"))  # of the same corpus, not scored
DIRECT = ("validity", "lookup", "comparison")  # types that are answered by other means than evidence
CONVERSATIONS = Path("eval/development/conversations.jsonl")
OPEN_GOLD = sorted(p for p in Path("eval/gold").glob("*.jsonl") if not p.name.startswith("heldout"))


def opened_parts(packs: Path, number: int, questions: Path) -> Iterator[tuple[Assistant, list[EvalQuestion]]]:
    """Yield a pack, and each excerpt of it, with what is asked of it: of the pack that is the file `questions`."""
    folder = packs / str(number)
    yield Assistant.open(folder / "config.yaml"), read_questions([questions])
    for config in sorted(folder.glob("excerpts/*/config.yaml")):
        if asked := read_questions([config.with_name("questions.jsonl")]):
            yield Assistant.open(config), asked


def settles(question: EvalQuestion, document_id: str, text: str) -> bool:
    """Say whether words of a document are those that settle a question, or more than half of them."""
    if document_id not in {place.document_id for required in question.citations for place in required}:
        return False
    quoted, told = normalise(question.quote), normalise(text)
    return quoted in told or (told in quoted and len(told) > len(quoted) / 2)


def networks(units: int, *, decay: float, count: int = 3, rounds: int = 60) -> Any:
    """Return an untrained scikit-learn model over standardised signs; its `predict_proba` averages the networks."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    each = [
        (str(seed), MLPClassifier((units,), "tanh", alpha=decay, max_iter=rounds, random_state=seed))
        for seed in range(count)
    ]
    return make_pipeline(StandardScaler(), VotingClassifier(each, voting="soft"))


def as_json(model: Any) -> dict[str, Any]:
    """Return a trained model as qa.network.Networks reads it."""
    scaler, trained = model[0], model[1].estimators_
    return {
        "means": _rounded(scaler.mean_),
        "deviations": _rounded(scaler.scale_),
        "networks": [
            {
                "hidden": _rounded(one.coefs_[0].T),
                "hidden_bias": _rounded(one.intercepts_[0]),
                "out": _rounded(one.coefs_[1][:, 0]),
                "out_bias": round(float(one.intercepts_[1][0]), 4),
            }
            for one in trained
        ],
    }


def _rounded(values: np.ndarray) -> Any:
    return np.round(values.astype(float), 4).tolist()
