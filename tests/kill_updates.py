"""`python -m tests.kill_updates [--times 50]`: kill index updates at random moments; the old or the new index must answer.

Each round changes the corpus, starts the real update (`index.build.update_index` with the encoder that ships) in a
process of its own, kills it (SIGKILL) somewhere between its start and a little past its usual end, and asks the index
that is there then. Prints a line a round and exits 1 when one answered neither the old nor the new text.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import bm25s  # noqa: F401 - imported here so that the processes below start at once
import faiss  # noqa: F401
import sentence_transformers  # noqa: F401

from config import PROJECT_ROOT, Config, parse_config
from index.build import encoder_from_config, update_index
from index.store import load_index

FORK = multiprocessing.get_context("fork")
OTHERS = "第二条 会议材料提前5个工作日送区政府办公室。\n第三条 违反规定的，由办公室通报。\n"


def main(argv: list[str] | None = None) -> int:
    """Return 0 when the old or the new index answered in every round."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill_updates", description="Kill index updates.")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return kill_updates(Path(folder), times=args.times, seed=args.seed)


def kill_updates(folder: Path, *, times: int, seed: int) -> int:
    """Return the exit status of the command, working below `folder`."""
    rng = random.Random(seed)
    config = _config(folder)
    _write_corpus(folder / "corpus", days=1)
    started = time.monotonic()
    _run(config)
    whole = time.monotonic() - started
    held, changed, failed = 1, 0, 0
    for round_ in range(1, times + 1):
        asked = round_ + 1
        _write_corpus(folder / "corpus", days=asked)
        after = rng.uniform(0, whole * 1.1)
        _run(config, kill_after=after)
        answer = _ask(config)
        good = answer in (held, asked)
        failed += not good
        changed += answer == asked
        print(f"{round_:3}: killed after {after:.2f} s; had {held}, wrote {asked}, answers {answer}")
        held = answer if good else held
    print(f"{times} updates killed within {whole:.2f} s: {changed} answered the new text, {failed} neither")
    return 1 if failed else 0


def _config(folder: Path) -> Config:
    raw = {
        "corpus": {"path": "corpus"}, "index": {"path": "index"},
        "encoder": {"model": str(PROJECT_ROOT / "models/gongwen-static")},
    }  # fmt: skip
    return parse_config(raw, root=folder, name="kill_updates")


def _write_corpus(folder: Path, *, days: int) -> None:
    """Two files: a text whose number says which state it is, and a web page, which worker processes read."""
    folder.mkdir(exist_ok=True)
    head = f"甲区值班规则\n甲政发〔2023〕1号\n2023年2月15日\n第一条 值班记录保存{days}天。\n"
    (folder / "规则.txt").write_text(head + OTHERS, encoding="utf-8")
    page = f"<html><body><h1>乙区会议规则</h1><p>乙政发〔2023〕2号</p><p>第一条 会议每{days}天召开一次。</p></body></html>"
    (folder / "网页.html").write_text(page, encoding="utf-8")


def _run(config: Config, *, kill_after: float | None = None) -> None:
    process = FORK.Process(target=_update, args=(config,))
    process.start()
    if kill_after is None:
        process.join()
        assert process.exitcode == 0, f"the first build ended with {process.exitcode}"
        return
    process.join(kill_after)
    process.kill()
    process.join()


def _update(config: Config) -> None:
    update_index(config, report=lambda line: None)


def _ask(config: Config) -> int:
    """Return the number that the current index gives for 值班记录保存, -1 when it gives none or cannot be opened."""
    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_answer, args=(config, sender))
    process.start()
    sender.close()
    try:
        return int(receiver.recv())
    except EOFError:
        return -1
    finally:
        process.join()


def _answer(config: Config, sender: Connection) -> None:
    index = load_index(config.resolve(config.index.path), encoder_from_config(config))
    text = index.search("值班记录保存几天", top_k=1)[0].chunk.text
    sender.send(int(text.split("保存")[1].split("天")[0]))


if __name__ == "__main__":
    sys.exit(main())
