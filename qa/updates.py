"""A config in, its index updated by a process of its own; how far that is, or how it ended, can be asked at any time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from config import PROJECT_ROOT


@dataclass(frozen=True)
class UpdateState:
    """What the update is doing, or how the last one ended; the old index answers until `step` is "ready"."""

    step: str = "idle"  # idle, asked, reading, embedding, opening, ready, failed
    done: int = 0  # files or chunks, of `total`
    total: int = 0
    name: str = ""  # of the file read last
    message: str = ""  # why it failed
    number: int = 0  # of this update: that of a later one is higher
    at: float = 0.0  # seconds since the epoch, when it ended

    @property
    def running(self) -> bool:
        return self.step in ("asked", "reading", "embedding", "opening")


class Updater:
    """Runs `python -m index build`, one at a time, and keeps its state; safe to ask from any thread."""

    def __init__(self, config_path: Path | None) -> None:
        self.config_path = config_path
        self.state = UpdateState()
        self._changing = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def tell(self, step: str, *, message: str = "", name: str = "", done: int = 0, total: int = 0) -> None:
        """Note the step that the update has come to."""
        with self._changing:
            begins = step in ("asked", "reading") and not self.state.running
            self.state = UpdateState(
                step, done, total, name, message, self.state.number + begins,
                time.time() if step in ("ready", "failed") else 0.0,
            )  # fmt: skip

    def run(self, *, anew: bool) -> tuple[bool, str]:
        """Update the index; return whether that went well, and what the process said."""
        command = [sys.executable, "-m", "index", "build", "--json", *(["--anew"] if anew else [])]
        command += ["--config", str(self.config_path.resolve())] if self.config_path else []
        self.tell("reading")
        said: list[str] = []
        with subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            encoding="utf-8", errors="replace",
        ) as process:  # fmt: skip
            self._process = process
            if self._closed:
                process.terminate()
            assert process.stdout
            for line in process.stdout:
                if line.startswith('{"step"'):
                    self.tell(**json.loads(line))
                else:
                    said.append(line.rstrip())
        self._process = None
        return process.returncode == 0, "\n".join(said[-40:])

    def close(self) -> None:
        """End the process that is at work: the old index stays in place."""
        self._closed = True
        if process := self._process:
            process.terminate()

    def asked(self) -> int:
        """Note that an update was asked for; return the number that it will have."""
        with self._changing:
            if not self.state.running:
                self.state = UpdateState("asked", number=self.state.number + 1)
                return self.state.number
            # What runs now may have looked before the change: the one behind it is meant.
            return self.state.number + (self.state.step != "asked")

    def settled(self, step: str, *, message: str = "") -> None:
        """End what is at work or asked for; where nothing is, what was told last stands."""
        if self.state.running:
            self.tell(step, message=message)
