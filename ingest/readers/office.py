"""A .doc, .wps, .rtf or .odt file in, its text out: LibreOffice turns it into .docx, and that is read."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.plain import check_readable, read_text
from ingest.readers.source import SourceText, UnreadableFile
from ingest.readers.word_package import ENCRYPTED_PACKAGE, LOCKED, OLE

SECONDS = 180  # for one file; a law of a hundred pages takes a few
PROGRAMS = ("soffice", "libreoffice")
FIB = b"\xec\xa5"  # how the text of a .doc begins, at the start of a sector
ENCRYPTED = 0x0100
# Nothing in a document may run or fetch anything while it is turned into .docx.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read_office(path: Path, *, name: str) -> SourceText:
    """Return the text of a .doc, .wps, .rtf or .odt file; each line is a whole paragraph or a table row.

    Raises UnreadableFile where LibreOffice is missing, and for an encrypted, damaged or empty file.
    """
    data = path.read_bytes()
    if _is_web_page(data):  # saved under the name .doc by many offices' systems
        return read_html(path, name=name)
    suffix = _real_suffix(data)
    if suffix == ".docx":
        return read_docx(path, name=name)
    if suffix == ".doc" and _is_encrypted(data):
        raise UnreadableFile(LOCKED)
    if suffix == ".txt":
        return read_text(path, name=name)
    program = find_program()
    with tempfile.TemporaryDirectory(prefix="gongwen-") as folder:
        made = convert(program, path, suffix, Path(folder))
        found = read_docx(made, name=name, restarts_known=False)
    check_readable(found.text, "what LibreOffice found")  # it reads a damaged file as if it were plain text
    return replace(found, encoding=path.suffix.lower().lstrip("."))


def find_program() -> str:
    """Return the path of LibreOffice; raises UnreadableFile saying what to install where there is none."""
    for program in PROGRAMS:
        if found := shutil.which(program):
            return found
    raise UnreadableFile(
        "needs LibreOffice, which is not installed (Debian: libreoffice-writer-nogui); "
        "install it, or save the file as .docx."
    )


def convert(program: str, path: Path, suffix: str, folder: Path) -> Path:
    """Return the .docx that LibreOffice made of a file, in `folder`; a profile of its own lets several run at once."""
    source, out, profile = folder / f"source{suffix}", folder / "out", folder / "profile"
    shutil.copyfile(path, source)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "docx", "--outdir", str(out), str(source),
    ]  # fmt: skip
    said = _run(command)
    made = out / "source.docx"
    if not made.is_file():
        why = re.sub(r"\s+", " ", said).strip()[-100:]
        raise UnreadableFile(
            f"LibreOffice could not read it: damaged, encrypted or no document ({why or 'nothing said'}); "
            "open it in Word or WPS and save it as .docx."
        )
    return made


def _run(command: list[str]) -> str:
    """Return what the program said; it is stopped with all that it started when it takes too long."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            f"LibreOffice took more than {SECONDS} seconds; open it in Word and save it as .docx."
        ) from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return said.decode("utf-8", "replace")


def _real_suffix(data: bytes) -> str:
    """Return the suffix that a file should have: LibreOffice goes by it, and files are often renamed."""
    if data.startswith(OLE):
        if "WordDocument".encode("utf-16-le") in data:
            return ".doc"  # the .wps of WPS Office is one by another name
        if ENCRYPTED_PACKAGE in data:
            raise UnreadableFile(LOCKED)
        raise UnreadableFile("damaged, or no Word document; open it in Word or WPS and save it as .docx.")
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(b"PK"):
        return ".odt" if b"opendocument" in data[:200] else ".docx"
    return ".txt"


def _is_web_page(data: bytes) -> bool:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return head.startswith((b"<html", b"<!doctype html")) or (head.startswith(b"<") and b"<html" in head)


def _is_encrypted(data: bytes) -> bool:
    """Say whether the head of a .doc's text says so: a bit 10 bytes behind its mark."""
    for start in range(512, min(len(data), 2**24), 512):
        if data[start : start + 2] == FIB:
            return bool(int.from_bytes(data[start + 10 : start + 12], "little") & ENCRYPTED)
    return False
