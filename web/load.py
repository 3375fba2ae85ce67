"""python -m web.load: many people ask at once; how long they wait, and whether an answer is lost."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from web.screenshot import NotStarted, served_page

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = tuple(
    p for p in sorted((ROOT / "eval" / "gold").glob("*.jsonl")) if not p.name.startswith("heldout")
)
TIMEOUT = 60  # seconds; an answer that takes longer is lost
STATUSES = ("answered", "not_found", "wrong_premise", "unclear")
Ask = Callable[[str], str]  # question -> status of its answer


@dataclass(frozen=True)
class Asked:
    """One question: seconds from asking to the whole answer; `lost` says why there was none."""

    seconds: float
    lost: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of one run a line; return 0 when the best has 95 % under a second and none was lost."""
    parser = argparse.ArgumentParser(prog="python -m web.load", description=__doc__)
    parser.add_argument("--config", type=Path, default=None, metavar="FILE")
    parser.add_argument("--url", default="", help="of a server that runs; one is started without it")
    parser.add_argument(
        "--way", choices=("http", "gradio"), default="http", help="POST /api/v1/ask, or the page's queue"
    )
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--each", type=int, default=8, help="questions of each")
    parser.add_argument(
        "--pause", type=float, default=0, metavar="S", help="seconds between a person's questions"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--questions", type=Path, default=QUESTIONS, nargs="+", metavar="FILE", help='lines {"question": …}'
    )
    options = parser.parse_args(arguments)
    lines = [line for file in options.questions for line in file.read_text(encoding="utf-8").splitlines()]
    # Each is asked once as long as they last: an answer given before is remembered.
    questions = cycle(json.loads(line)["question"] for line in lines if line.strip())
    connect = connected_by_http if options.way == "http" else connected_by_gradio
    try:
        with server(options.url, options.config) as url:
            asked_of(connect(url), list(islice(questions, 20)))  # a server that was just started is warm then
            runs = [
                asked_at_once(lambda: connect(url), questions, options.people, options.each, options.pause)
                for _ in range(options.runs)
            ]
    except (NotStarted, OSError) as error:
        print(f"web.load: {error}", file=sys.stderr)
        return 2
    for run in runs:
        print(figures(run))
    for reason in sorted({asked.lost for run in runs for asked in run if asked.lost}):
        print(f"lost: {reason}")
    return 0 if any(share_within(run, 1) >= 0.95 and not any(a.lost for a in run) for run in runs) else 1


@contextmanager
def server(url: str, config: Path | None) -> Iterator[str]:
    """Yield the address of the server to ask."""
    if url:
        yield url.rstrip("/")
        return
    with served_page(config) as started:
        yield started.rstrip("/")


def asked_at_once(
    connect: Callable[[], Ask], questions: Iterator[str], people: int, each: int, pause: float
) -> list[Asked]:
    """Return what `people` got who began together, each asking `each` questions one after the other."""
    asks = [(connect(), list(islice(questions, each))) for _ in range(people)]
    begin, done = threading.Barrier(people), list[list[Asked]]()

    def person(number: int) -> None:
        begin.wait()
        done.append(asked_of(*asks[number], pause))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [asked for one in done for asked in one]


def asked_of(ask: Ask, questions: Sequence[str], pause: float = 0) -> list[Asked]:
    """Return what became of each question, asked one after the other."""
    found = []
    for question in questions:
        started, lost = time.perf_counter(), ""
        try:
            status = ask(question)
            lost = "" if status in STATUSES else status
        except Exception as error:  # whatever it was: an answer is missing
            lost = f"{type(error).__name__}: {error}"
        found.append(Asked(time.perf_counter() - started, lost))
        time.sleep(pause)
    return found


def connected_by_http(url: str) -> Ask:
    """Return a person at POST /api/v1/ask, with a connection of their own."""
    connection = _connection(url)

    def ask(question: str) -> str:
        status, body = _sent(connection, "POST", "/api/v1/ask", {"question": question})
        return str(json.loads(body)["status"]) if status == 200 else f"{status} {body.decode()[:200]}"

    return ask


def connected_by_gradio(url: str) -> Ask:
    """Return a person at the queue of the page: a question joins it, a stream of events tells of the answer."""
    connection = _connection(url)
    _, config = _sent(connection, "GET", "/config")
    number = next(item["id"] for item in json.loads(config)["dependencies"] if item["api_name"] == "ask")

    def ask(question: str) -> str:
        session = uuid.uuid4().hex
        joining = {"data": [question, None], "fn_index": number, "session_hash": session}
        status, body = _sent(connection, "POST", "/gradio_api/queue/join", joining)
        if status != 200:
            return f"{status} {body.decode()[:200]}"
        _, body = _sent(connection, "GET", f"/gradio_api/queue/data?session_hash={session}")
        events = [json.loads(line[5:]) for line in body.decode().splitlines() if line.startswith("data:")]
        done = next((event for event in events if event["msg"] == "process_completed"), None)
        if done is None or not done["success"]:
            return f"not completed: {events[-1:]}"
        return str(done["output"]["data"][0]["status"])

    return ask


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    return HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)


def _sent(connection: HTTPConnection, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """Return the status and the whole body of a response; GONGWEN_KEY is the key where the server asks for one."""
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("GONGWEN_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
    response = connection.getresponse()
    return response.status, response.read()


def share_within(run: Sequence[Asked], seconds: float) -> float:
    """Return the share of answers that came within `seconds`."""
    return sum(asked.seconds <= seconds and not asked.lost for asked in run) / len(run)


def figures(run: Sequence[Asked]) -> str:
    """Return the figures of one run in a line."""
    waits = sorted(asked.seconds for asked in run)
    p50, p95 = (waits[min(len(waits) - 1, int(len(waits) * part))] for part in (0.5, 0.95))
    lost = sum(bool(asked.lost) for asked in run)
    return (
        f"{len(run)} questions: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
        f"{share_within(run, 1):.1%} within 1 s, {lost} lost"
    )


if __name__ == "__main__":
    sys.exit(main())
