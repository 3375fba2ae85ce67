"""What files held, kept by their bytes: an ingest reads only what is new, and one that was killed goes on."""

from __future__ import annotations

import hashlib
import logging
import os
import time
import uuid
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import msgspec

from ingest.reading import FileContent, decode, encode, reading_version, renamed

log = logging.getLogger(__name__)

# Seconds: a file written later than this before a look may change again within one clock tick.
SETTLED_AFTER = 2.0
ABANDONED_AFTER = 3600.0  # seconds


class ReadCache:
    """A folder of FileContents; safe to share between processes: files are written aside and moved into place.

    Where it cannot be written (read-only, full) that is logged once, and nothing more is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writable = True
        self._digests = self._load_digests()
        self._seen: dict[str, list[object]] = {}

    def digest(self, file: Path) -> str:
        """Return the SHA-256 of the file's bytes; those of a file whose size and times are as before are not read.

        A file that cannot be opened gets its error's number: it is read once it can be.
        """
        try:
            stat = file.stat()
            sign = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
            key = _key(file)
            known = self._digests.get(key)
            if known and known[:-1] == sign:
                self._seen[key] = known
                return str(known[-1])
            digest = file_digest(file)
        except OSError as error:
            return f"error {error.errno}"
        if time.time() - max(stat.st_mtime, stat.st_ctime) > SETTLED_AFTER:
            self._seen[key] = [*sign, digest]
        return digest

    def get(self, digest: str, name: str) -> FileContent | None:
        """Return what a file of these bytes held, under this name; None when it must be read."""
        try:
            return renamed(decode(self._path(digest, name).read_bytes()), name)
        except (OSError, msgspec.DecodeError):
            return None

    def put(self, digest: str, content: FileContent) -> None:
        """Keep the content of a file that was read; that of an unreadable one is not kept."""
        if not content.reason:
            self._write(self._path(digest, content.name), encode(content))

    def forget(self) -> None:
        """Remove what all files held, so that each is read anew. Raises OSError."""
        for path in self.folder.glob("*.msgpack"):
            path.unlink(missing_ok=True)

    def keep_only(self, files: Collection[tuple[str, str]]) -> None:
        """Remove what no (digest, name) of `files` needs, and keep their digests for the next look."""
        kept = {self._path(*file).name for file in files}
        unneeded = [path for path in self.folder.glob("*.msgpack") if path.name not in kept]
        unneeded += [path for path in self.folder.glob(".*.????????") if _is_abandoned(path)]
        try:
            for path in unneeded:
                path.unlink(missing_ok=True)
        except OSError as error:
            self._give_up(error)
        self._write(self.folder / "digests.json", msgspec.json.encode(self._seen))

    def _write(self, path: Path, data: bytes) -> None:
        if not self._writable:
            return
        aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(data)
            os.replace(aside, path)
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._writable = False
        log.warning(
            "what files hold cannot be kept in %s (%s): they are read again next time", self.folder, error
        )

    def _path(self, digest: str, name: str) -> Path:
        key = f"{reading_version()} {digest} {Path(name).suffix.lower()}"
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.msgpack"

    def _load_digests(self) -> dict[str, list[object]]:
        try:
            return msgspec.json.decode(
                (self.folder / "digests.json").read_bytes(), type=dict[str, list[object]]
            )
        except (OSError, msgspec.DecodeError):  # none yet: all are worked out
            return {}


def file_digest(file: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hex. Raises OSError."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _key(file: Path) -> str:
    """Return the path as JSON can hold it: a byte of a name that is no UTF-8 as \\xff."""
    return os.fsencode(file).decode("utf-8", "backslashreplace")


def _is_abandoned(path: Path) -> bool:
    """Say whether a killed ingest left a file written aside; a younger one is being written."""
    try:
        return time.time() - path.stat().st_mtime > ABANDONED_AFTER
    except OSError:  # it is in its place by now
        return False
