"""The corpus folder as editors change it: files come in whole, go to the trash and back; nothing is overwritten unasked."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import time
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from filelock import FileLock, Timeout

from config import Config
from ingest.cache import file_digest
from ingest.corpus import NOT_DOCUMENTS, CorpusError, list_files
from ingest.readers import SUFFIXES

INCOMING = ".incoming"  # hidden: no reading of the corpus looks into it
FORGOTTEN_AFTER = 24 * 3600.0  # seconds until what waits for an answer is removed
LONGEST_NAME = 200  # bytes: the systems allow 255, of which a file written aside needs some
PIECE = 2**20
LOCK_SECONDS = 30
FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DeskError(RuntimeError):
    """Something cannot be done; `kind` names the words that say why (DeskTexts.errors), `values` fill them in."""

    def __init__(self, kind: str, **values: str) -> None:
        super().__init__(kind)
        self.kind, self.values = kind, values


@dataclass(frozen=True)
class Staged:
    """A file that has come in whole and waits to be put in its place."""

    token: str
    name: str
    by: str
    size: int


@dataclass(frozen=True)
class Trashed:
    """A file in the trash: where it was, who moved it there, when and why (removed, replaced)."""

    token: str
    path: str
    by: str
    at: str
    why: str
    size: int


class CorpusFolder:
    """The corpus folder of a config and its trash; one change at a time, also among several servers."""

    def __init__(self, config: Config) -> None:
        self.root = config.resolve(config.corpus.path)
        self.trash = config.resolve(config.corpus.trash)
        self.incoming = self.root / INCOMING

    def files(self) -> dict[str, Path]:
        """Return all files of the corpus by their names, as reports and citations show them; none where none is left."""
        try:
            listed = list_files(self.root)
        except CorpusError:
            return {}
        named = ((f.name if f == self.root else f.relative_to(self.root).as_posix(), f) for f in listed)
        return {name.encode("utf-8", "replace").decode("utf-8"): file for name, file in named}

    def folders(self) -> list[str]:
        """Return the folders of the corpus that hold files, below its own, by name."""
        parents = {parent.as_posix() for name in self.files() for parent in PurePosixPath(name).parents}
        return sorted(parents - {"."})

    def file(self, name: str) -> Path:
        """Return the path of a file of the corpus. Raises DeskError where there is none of that name."""
        found = self.files().get(name)
        if found is None:
            raise DeskError("no_such_file", name=name)
        return found

    def stage(self, stream: BinaryIO, raw_name: str, *, by: str, limit: int, folder: str = "") -> Staged:
        """Write what `stream` holds aside, to be put into a folder of the corpus. Raises DeskError for what may not come in."""
        if self.root.is_file():
            raise DeskError("one_file", name=self.root.name)
        name = checked_name(raw_name)
        if folder:
            if folder not in self.folders():
                raise DeskError("no_such_folder", name=folder)
            name = f"{folder}/{name}"
        token = uuid.uuid4().hex
        with said(name):
            self.incoming.mkdir(parents=True, exist_ok=True)
            self._forget_old()
            aside = self.incoming / f"{token}.part"
            try:
                size = _copy(stream, aside, name=name, limit=limit)
                staged = Staged(token, name, by, size)
                (self.incoming / f"{token}.json").write_text(json.dumps(asdict(staged)), encoding="utf-8")
            except BaseException:
                self.drop(token)
                raise
        return staged

    def staged(self, token: str) -> Staged:
        """Return what waits under this token. Raises DeskError when it is gone."""
        try:
            return Staged(**json.loads((self.incoming / f"{_plain(token)}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise DeskError("staged_gone") from error

    def drop(self, token: str) -> None:
        """Remove what waits under this token."""
        for suffix in ("part", "json"):
            with suppress(OSError):
                (self.incoming / f"{_plain(token)}.{suffix}").unlink(missing_ok=True)

    def put(self, staged: Staged, *, replace: bool) -> str:
        """Move a staged file to its place and return what happened: added, replaced, same, or exists (it goes on waiting).

        What is replaced goes to the trash.
        """
        target, aside = self.root / staged.name, self.incoming / f"{staged.token}.part"
        with self._alone(), said(staged.name):
            there = os.path.lexists(target)
            if there and target.is_dir():
                raise DeskError("is_folder", name=staged.name)
            if there and target.is_file() and file_digest(target) == file_digest(aside):
                self.drop(staged.token)
                return "same"
            if there and not replace:
                return "exists"
            if there:
                self._to_trash(target, staged.name, by=staged.by, why="replaced")
            os.replace(aside, target)
        self.drop(staged.token)
        return "replaced" if there else "added"

    def remove(self, name: str, *, by: str) -> None:
        """Move a file of the corpus to the trash. Raises DeskError."""
        with self._alone(), said(name):
            file = self.file(name)
            token = self._to_trash(file, name, by=by, why="removed")
            try:
                file.unlink()
            except OSError:
                shutil.rmtree(self.trash / token, ignore_errors=True)
                raise

    def trashed(self) -> list[Trashed]:
        """Return what lies in the trash, what came last first."""
        found = []
        for entry in sorted(self.trash.glob("*/entry.json"), reverse=True):
            with suppress(OSError, ValueError, TypeError):  # not written here
                found.append(Trashed(**json.loads(entry.read_text(encoding="utf-8"))))
        return found

    def restore(self, token: str) -> str:
        """Bring a file back to where it was and return its name. Raises DeskError, also where another is there now."""
        with self._alone():
            entry = next((item for item in self.trashed() if item.token == token), None)
            if entry is None:
                raise DeskError("trash_gone")
            target = self.root / entry.path
            if not target.resolve().is_relative_to(self.root.resolve()):
                raise DeskError("trash_gone")
            if os.path.lexists(target):
                raise DeskError("restore_exists", name=entry.path)
            with said(entry.path):
                self.incoming.mkdir(parents=True, exist_ok=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                aside = self.incoming / f"{uuid.uuid4().hex}.part"
                try:
                    shutil.copy2(self.trash / token / "file", aside)
                    os.replace(aside, target)
                finally:
                    aside.unlink(missing_ok=True)
            shutil.rmtree(self.trash / token, ignore_errors=True)
        return entry.path

    def _to_trash(self, file: Path, name: str, *, by: str, why: str) -> str:
        """Keep a copy of the file in the trash, whole or not at all; return its token."""
        token = f"{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
        aside = self.trash / f".{token}"
        try:
            aside.mkdir(parents=True)
            shutil.copy2(file, aside / "file")
            at = datetime.now(UTC).isoformat(timespec="seconds")
            entry = Trashed(token, name, by, at, why, file.stat().st_size)
            (aside / "entry.json").write_text(json.dumps(asdict(entry)), encoding="utf-8")
            os.replace(aside, self.trash / token)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise DeskError("trash_failed", name=name, why=error.strerror or str(error)) from error
        return token

    def _forget_old(self) -> None:
        for path in self.incoming.iterdir():
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > FORGOTTEN_AFTER:
                    path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of all changes of this corpus."""
        try:
            self.trash.mkdir(parents=True, exist_ok=True)
            with locked(self.trash / "desk.lock"):
                yield
        except OSError as error:
            raise DeskError("other", name=str(self.trash), why=error.strerror or str(error)) from error


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock that all who change the corpus share. Raises DeskError where another one keeps it."""
    try:
        with FileLock(file, timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise DeskError("busy") from error


@contextmanager
def said(name: str) -> Iterator[None]:
    """Turn the system's errors into those that the desk has words for."""
    try:
        yield
    except OSError as error:
        kind = "read_only" if error.errno in READ_ONLY else "disk_full" if error.errno in FULL else "other"
        raise DeskError(kind, name=name, why=error.strerror or str(error)) from error


def checked_name(raw: str) -> str:
    """Return the name under which a file comes in: no folders, no signs that a system or a reader stumbles over.

    Raises DeskError for what ingest cannot read, or would pass over.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", raw)[-1])
    name = FORBIDDEN.sub("_", name.encode("utf-8", "replace").decode("utf-8")).strip(" .").lstrip("~$")
    stem, suffix = os.path.splitext(name)
    if not name or not stem:
        raise DeskError("no_name", name=raw)
    if suffix.lower() not in SUFFIXES:
        raise DeskError("wrong_kind", name=name, kinds="、".join(sorted(SUFFIXES)))
    if name.lower() in NOT_DOCUMENTS:
        raise DeskError("passed_over", name=name)
    if DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    room = LONGEST_NAME - len(suffix.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + suffix


def _copy(stream: BinaryIO, aside: Path, *, name: str, limit: int) -> int:
    size = 0
    with aside.open("xb") as out:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > limit:
                raise DeskError("too_large", name=name, limit=str(limit // 2**20))
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if not size:
        raise DeskError("empty", name=name)
    return size


def _plain(token: str) -> str:
    """Return the token, without what could lead anywhere else."""
    return re.sub(r"[^0-9a-f]", "", token)
