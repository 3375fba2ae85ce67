"""Files in, their FileContents out, read by processes of their own: all cores, and no file can take the others down.

`python -m ingest.workers` is such a process: it reads one file a line of its standard input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ingest.reading import FileContent, decode, encode, read_file

PROJECT_ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "ingest.workers"]
LENGTH_BYTES = 8


class Workers:
    """Reads files in `count` processes, started when first needed; one that dies is replaced."""

    def __init__(self, count: int, *, seconds_per_file: float) -> None:
        self.seconds_per_file = seconds_per_file
        self._threads = ThreadPoolExecutor(count)
        self._own = threading.local()
        self._processes: set[subprocess.Popen[bytes]] = set()

    def submit(self, file: Path, name: str) -> Future[FileContent]:
        """Return the future of what `file` holds; a file that ends its process has that for its reason."""
        return self._threads.submit(self._read, file, name)

    def close(self) -> None:
        """Drop what has not begun and end the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._processes):
            process.kill()
        self._threads.shutdown()
        for process in list(self._processes):
            process.wait()

    def _read(self, file: Path, name: str) -> FileContent:
        process = self._process()
        assert process.stdin and process.stdout
        timer = threading.Timer(self.seconds_per_file, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps([os.fspath(file.resolve()), name]).encode("ascii") + b"\n")
            process.stdin.flush()
            return decode(_receive(process.stdout))
        except (EOFError, BrokenPipeError):
            timed_out = not timer.is_alive()
            self._own.process = None
            code = process.wait()
            self._processes.discard(process)
        finally:
            timer.cancel()
        if timed_out:
            return FileContent(
                name,
                reason=f"not read within {self.seconds_per_file:.0f} seconds; split it, or raise corpus.seconds_per_file.",
            )
        return FileContent(
            name, reason=f"reading it ended the process that read it (code {code}); is it damaged?"
        )

    def _process(self) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] | None = getattr(self._own, "process", None)
        if process is None:
            path = os.pathsep.join(filter(None, (str(PROJECT_ROOT), os.environ.get("PYTHONPATH"))))
            process = subprocess.Popen(
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                # One thread each: the processes are as many as the cores.
                env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
            self._own.process = process
            self._processes.add(process)
        return process


@contextmanager
def working(count: int, *, seconds_per_file: float) -> Iterator[Workers]:
    """Give workers that are closed at the end, whatever happens."""
    workers = Workers(count, seconds_per_file=seconds_per_file)
    try:
        yield workers
    finally:
        workers.close()


def _receive(stream: IO[bytes]) -> bytes:
    """Return one message. Raises EOFError where the stream ends before it does."""
    head = stream.read(LENGTH_BYTES)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == LENGTH_BYTES else b""
    if len(head) < LENGTH_BYTES or len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Answer each line [path, name] of standard input with the file's content, until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    for line in sys.stdin.buffer:
        path, name = json.loads(line)
        data = encode(read_file(Path(path), name))
        try:
            answers.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
            answers.flush()
        except BrokenPipeError:  # the process that asked was killed: nobody reads what is left
            os._exit(1)


if __name__ == "__main__":
    main()
