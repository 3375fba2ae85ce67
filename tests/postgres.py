"""A PostgreSQL server of its own for tests: its data in a folder that goes with it, on a port of this machine alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.milvus_server import free_port

START_SECONDS = 60
ROLE = "gongwen"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the URL of a new server, in SQLAlchemy's form and without the name of a database. Raises RuntimeError."""
    programs = _programs()
    # The server refuses to run as root; the folders of a test run are closed to everybody else.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="gongwen-postgres-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        if user:
            shutil.chown(folder, user, user)
        made = subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C",
             "--no-sync"],
            user=user, group=user, cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", "", "-F"],
                user=user, group=user, cwd=folder, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            _wait_for(port, process, folder / "log")
            yield f"postgresql+pg8000://{ROLE}@127.0.0.1:{port}"
        finally:
            process.send_signal(2)  # ends the sessions that are open, then itself
            process.wait(20)


def _programs() -> Path:
    """Return the folder of the server's programs; Debian's are not on the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    servers = [
        folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    if not servers:
        raise RuntimeError("no PostgreSQL server on this machine: run apt-get install postgresql")
    return servers[-1]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            listening = probe.connect_ex(("127.0.0.1", port)) == 0
        if listening and b"ready to accept connections" in log.read_bytes():
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(
        f"no PostgreSQL server within {START_SECONDS} s: {log.read_text(errors='replace')[-2000:]}"
    )
