"""Training files of a dozen records, and a static embedding trained on them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from training.recipe import Recipe, Share
from training.save import save_model, save_record
from training.static import train_vectors, train_vocabulary

TOPICS = ("抽烟", "租房", "工资", "停车", "养狗", "垃圾", "噪音", "河道", "路灯", "烟花", "公园", "学校")
RULES = {topic: f"任何人{topic}应当遵守规定，违反{topic}规定的，由有关部门处以罚款。" for topic in TOPICS}
LAW = {"file": "甲市条例", "repo": "toy", "law": "甲市条例", "date": None}


def write_records(folder: Path, name: str, records: Iterable[Mapping[str, object]]) -> None:
    """Write `records` to folder/name.jsonl.gz, one a line."""
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_toy_files(folder: Path) -> Path:
    """Write a dozen records of each training file that a reranker or reader is trained on."""
    rules = [
        {"chapter": "第一章", "article": f"第{n}条", "text": text, **LAW}
        for n, text in enumerate(RULES.values(), 1)
    ]
    write_records(folder, "train_law_articles", rules)
    asked = [
        {
            "question": f"{topic}会被罚款吗？{n}",
            "answer": text,
            "keywords": topic,
            "positives": [{"name": "甲市条例", "text": text}],
        }
        for topic, text in RULES.items()
        for n in range(2)
    ]
    write_records(folder, "train_lecoqa_train", asked)
    read = [
        {
            "question": f"{topic}由谁罚款？",
            "passage": text + "其余事项另行规定。",
            "title": topic,
            "answer_start": 5,
            "answer_starts": [5],
            "answers": [text[5:20]],
        }
        for topic, text in RULES.items()
    ]
    write_records(folder, "train_cmrc2018", read)
    write_records(folder, "train_cedict", [{"zh": "罚款", "en": ["fine"]}, {"zh": "学校", "en": ["school"]}])
    return folder


def train_toy_encoder(data: Path, folder: Path) -> Path:
    """Train a static embedding of 16 dimensions on the toy files and return its folder."""
    recipe = Recipe(
        vocabulary=300,
        dimension=16,
        steps=20,
        pairs_per_step=8,
        mixture=(Share("law_crop", 1.0), Share("cmrc", 1.0)),
    )
    trained = train_vectors(data, recipe, train_vocabulary(data, recipe))
    save_model(trained, folder)
    save_record(trained, recipe, data, folder)
    return folder


def write_toy_questions(folder: Path) -> Path:
    """Write questions on two packs that hold the toy law, some of them not answered by it."""
    folder.mkdir()
    (folder / "documents.json").write_text(json.dumps([[LAW], [LAW]], ensure_ascii=False), encoding="utf-8")
    for number in range(2):
        lines = [_asked(f"{topic}归谁处罚{number}", topic) for topic in TOPICS]
        lines += [_asked(f"{topic}要不要交押金{number}", "") for topic in TOPICS]
        (folder / f"{number:02d}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _asked(question: str, topic: str) -> str:
    place = [[{"document": "甲市条例@undated", "label": ""}]] if topic else []
    quote = RULES[topic][:-1] if topic else ""
    status = "answered" if topic else "not_found"
    record = {"question": question, "status": status, "citations": place, "quote": quote}
    return json.dumps(record, ensure_ascii=False)
