"""A .docx file in, its XML parts out, or a one-line reason why it is no readable Word document."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath

from lxml import etree

from ingest.readers.source import UnreadableFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same words in ISO's strict variant
MAX_XML = 100 * 2**20  # of one part, unpacked: a law of a million characters takes a tenth of it
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # the stream that holds an encrypted .docx
LOCKED = "encrypted with a password; open it in Word, remove the password and save it again."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class WordPackage:
    """The parts of a .docx or .docm that hold words; each is parsed when asked for, without entities or network."""

    def __init__(self, path: Path) -> None:
        self._zip = _open(path)
        self.main = self._main_part()
        kinds = dict(self._relations(self.main))
        self.document = self._parse(self.main)
        self.styles, self.numbering, self.footnotes, self.endnotes = (
            self._parse(kinds[kind]) if kind in kinds else None
            for kind in ("styles", "numbering", "footnotes", "endnotes")
        )

    def _main_part(self) -> str:
        if "[Content_Types].xml" not in self._zip.namelist():
            raise UnreadableFile("a zip archive but no Word document; unpack it and put in what it holds.")
        part = dict(self._relations("")).get("officeDocument", "")
        if "word" not in part and "document" not in part:
            raise UnreadableFile(
                f"an Office file but no Word document ({part or 'no main part'}); save it as .docx."
            )
        if part not in self._zip.namelist():
            raise UnreadableFile(
                f"damaged: its text ({part}) is missing; open it in Word and save it as .docx."
            )
        return part

    def _relations(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield (kind, part name) of what `part` refers to inside the file; "" is the file itself."""
        folder, _, file = part.rpartition("/")
        name = join(folder, "_rels", f"{file}.rels")
        if name not in self._zip.namelist():
            return
        for relation in self._parse(name):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                target = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                if target in self._zip.namelist() or not part:
                    yield relation.get("Type", "").rpartition("/")[2], target

    def _parse(self, name: str) -> etree._Element:
        data = _unpack(self._zip, name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data.replace(STRICT, W[1:-1].encode()), parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(
                f"damaged: {name} is no XML ({str(error)[:60]}); open it in Word and save it as .docx."
            ) from error
        if root.getroottree().docinfo.doctype:
            raise UnreadableFile(
                f"{name} declares a document type, which no Word file does; save it as .docx in Word."
            )
        return root


def _open(path: Path) -> zipfile.ZipFile:
    with path.open("rb") as file:
        head = file.read(8)
    if head == OLE:
        raise UnreadableFile(_ole_reason(path))
    if not head.startswith(b"PK"):
        what = "an RTF file" if head.startswith(b"{\\rtf") else "no Word document"
        raise UnreadableFile(
            f"{what} under the name {path.suffix}; open it in Word or WPS and save it as .docx."
        )
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(f"a damaged Word file ({error}); open it in Word and save it again.") from error


def _ole_reason(path: Path) -> str:
    if ENCRYPTED_PACKAGE in path.read_bytes():
        return LOCKED
    return f"an old Word file under the name {path.suffix}; rename it to .doc, or save it as .docx in Word."


def _unpack(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).flag_bits & 1:
        raise UnreadableFile("encrypted with a password; save it without one.")
    try:
        with archive.open(name) as part:
            data = part.read(MAX_XML + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError) as error:
        raise UnreadableFile(f"a damaged Word file ({error}); open it in Word and save it again.") from error
    if len(data) > MAX_XML:
        raise UnreadableFile(f"{name} unpacks to more than {MAX_XML // 2**20} MB; split the file.")
    return data
