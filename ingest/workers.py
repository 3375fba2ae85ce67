"""Files in, their FileContents out, read by processes of their own: all cores, and no file can take the others down.

`python -m ingest.workers` is such a process: it reads one file a line of its standard input. Where whoever started it
was killed and the file hangs it, it ends by itself.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ingest.reading import FileContent, decode, encode, read_file

PROJECT_ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "ingest.workers"]
LENGTH_BYTES = 8
ORPHAN_SECONDS = 60.0  # past the time for a file: nobody has stopped the process, so nobody is there
GRACE_SECONDS = 2.0  # in which a process that is to end may end what it started, such as LibreOffice


class Workers:
    """Reads files in `count` processes, started when first needed; one that dies is replaced."""

    def __init__(self, count: int, *, seconds_per_file: float) -> None:
        self.seconds_per_file = seconds_per_file
        self._threads = ThreadPoolExecutor(count)
        self._own = threading.local()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._starting = threading.Lock()
        self._closed = False

    def submit(self, file: Path, name: str) -> Future[FileContent]:
        """Return the future of what `file` holds; a file that ends its process has that for its reason."""
        return self._threads.submit(self._read, file, name)

    def close(self) -> None:
        """Drop what has not begun and end the processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._starting:  # none is started behind it
            self._closed = True
        _end(list(self._processes))
        self._threads.shutdown()

    def _read(self, file: Path, name: str) -> FileContent:
        process = self._process()
        assert process.stdin and process.stdout
        late = threading.Event()

        def stop() -> None:
            late.set()
            _end([process])

        timer = threading.Timer(self.seconds_per_file, stop)
        timer.start()
        content = None
        try:
            process.stdin.write(_request(file, name, self.seconds_per_file))
            process.stdin.flush()
            content = decode(_receive(process.stdout))
        except (EOFError, BrokenPipeError):
            _end([process])
        finally:
            timer.cancel()
        if content is None or late.is_set():  # it may have been stopped right behind its answer
            code = self._drop(process)
        if content is not None:
            return content
        if late.is_set():
            return FileContent(
                name,
                reason=f"not read within {self.seconds_per_file:.0f} seconds; split it, or raise corpus.seconds_per_file.",
            )
        return FileContent(
            name, reason=f"reading it ended the process that read it (code {code}); is it damaged?"
        )

    def _drop(self, process: subprocess.Popen[bytes]) -> int:
        """Take leave of a process that has ended or is about to; return its exit code."""
        self._own.process = None
        code = process.wait()
        self._processes.discard(process)
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):  # what it was sent last
                if pipe:
                    pipe.close()
        return code

    def _process(self) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] | None = getattr(self._own, "process", None)
        if process is None:
            path = os.pathsep.join(filter(None, (str(PROJECT_ROOT), os.environ.get("PYTHONPATH"))))
            with self._starting:
                if self._closed:
                    raise CancelledError
                process = subprocess.Popen(
                    COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    # One thread each: the processes are as many as the cores.
                    env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
                )  # fmt: skip
                self._processes.add(process)
            self._own.process = process
        return process


@contextmanager
def working(count: int, *, seconds_per_file: float) -> Iterator[Workers]:
    """Give workers that are closed at the end, whatever happens."""
    workers = Workers(count, seconds_per_file=seconds_per_file)
    try:
        yield workers
    finally:
        workers.close()


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End the processes: asked first, so that what they started ends too, then killed."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _request(file: Path, name: str, seconds: float) -> bytes:
    return json.dumps([os.path.abspath(file), name, seconds + ORPHAN_SECONDS]).encode("ascii") + b"\n"


def _receive(stream: IO[bytes]) -> bytes:
    """Return one message. Raises EOFError where the stream ends before it does."""
    head = stream.read(LENGTH_BYTES)
    size = int.from_bytes(head, "big")
    data = stream.read(size) if len(head) == LENGTH_BYTES else b""
    if len(head) < LENGTH_BYTES or len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Answer each line [path, name, seconds] of standard input with the file's content, until the input ends."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # through every `finally`: no program is left running
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    for line in sys.stdin.buffer:
        path, name, seconds = json.loads(line)
        faulthandler.dump_traceback_later(seconds, exit=True)  # also where a library holds the interpreter
        data = encode(read_file(Path(path), name))
        faulthandler.cancel_dump_traceback_later()
        try:
            answers.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
            answers.flush()
        except BrokenPipeError:  # the process that asked was killed: nobody reads what is left
            os._exit(1)


if __name__ == "__main__":
    main()
