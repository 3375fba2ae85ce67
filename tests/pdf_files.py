"""PDF files written by hand for tests: text where it is wanted, ruling lines, pictures, turned pages, a password.

Coordinates are points from the upper left corner. The Chinese font is one that every reader knows and none embeds.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

WIDTH, HEIGHT = 595, 842
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
FONTS = {"F": ("UniGB-UCS2-H", ""), "V": ("UniGB-UCS2-V", ""), "P": ("Identity-H", "/ToUnicode 4 0 R")}
PRIVATE_USE = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
    b"1 beginbfrange <0000> <00FF> <E000> endbfrange endcmap end"
)


@dataclass
class Page:
    """One page, written by its methods."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    content: list[str] = field(default_factory=list)
    pictures: list[np.ndarray] = field(default_factory=list)

    def text(
        self, x: float, y: float, text: str, size: float = 12, *, angle: float = 0, font: str = "F",
        hidden: bool = False, spacing: float = 0,
    ) -> Page:  # fmt: skip
        """Write `text` with its baseline at `y`; font V runs down, font P has no meaning to a reader."""
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        code = (
            bytes(byte for char in text for byte in (0, ord(char) % 200 + 1))
            if font == "P"
            else text.encode("utf-16-be")
        )
        self.content.append(
            f"BT /{font} {size} Tf {3 if hidden else 0} Tr {spacing} Tc "
            f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x} {self.height - y} Tm <{code.hex()}> Tj ET"
        )
        return self

    def paragraph(
        self, y: float, text: str, *, size: float = 12, left: float = 80, right: float = 500, pitch: float = 20,
        indent: float = 2,
    ) -> float:  # fmt: skip
        """Write `text` in lines between two edges, the first indented by ems; return the y of the next line."""
        first = True
        while text:
            x = left + (indent * size if first else 0)
            count = int((right - x) // size)
            self.text(x, y, text[:count], size)
            text, first, y = text[count:], False, y + pitch
        return y

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> Page:
        self.content.append(f"{x1} {self.height - y1} m {x2} {self.height - y2} l S")
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> Page:
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        return self

    def picture(self, grey: np.ndarray, x: float, y: float, width: float, height: float) -> Page:
        """Put a grey picture (uint8) with its upper left corner at (x, y)."""
        self.pictures.append(grey)
        name = f"I{len(self.pictures)}"
        self.content.append(f"q {width} 0 0 {height} {x} {self.height - y - height} cm /{name} Do Q")
        return self


def write_pdf(path: Path, pages: Sequence[Page], *, user_password: str | None = None) -> Path:
    """Write the pages as a PDF, encrypted when a user password is given ("": for the owner only); return `path`."""
    objects: dict[int, tuple[bytes, bytes | None]] = {}
    objects[4] = (b"", PRIVATE_USE)
    number, fonts = 10, []
    for name, (encoding, extra) in FONTS.items():
        objects[number] = (
            f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{encoding} "
            f"/DescendantFonts [{number + 1} 0 R] {extra} >>".encode(),
            None,
        )
        objects[number + 1] = (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
            None,
        )
        fonts.append(f"/{name} {number} 0 R")
        number += 2
    kids, number = [], 30
    for page in pages:
        names = []
        for index, grey in enumerate(page.pictures, start=1):
            height, width = grey.shape
            head = (
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray "
                "/BitsPerComponent 8 /Filter /FlateDecode"
            )
            objects[number] = (head.encode(), zlib.compress(grey.astype(np.uint8).tobytes()))
            names.append(f"/I{index} {number} 0 R")
            number += 1
        objects[number] = (b"", "\n".join(page.content).encode())
        objects[number + 1] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.rotate} "
            f"/Contents {number} 0 R /Resources << /Font << {' '.join(fonts)} >> "
            f"/XObject << {' '.join(names)} >> >> >>".encode(),
            None,
        )
        kids.append(f"{number + 1} 0 R")
        number += 2
    objects[1] = (b"<< /Type /Catalog /Pages 2 0 R >>", None)
    objects[2] = (f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode(), None)
    path.write_bytes(_file(objects, user_password))
    return path


def _file(objects: dict[int, tuple[bytes, bytes | None]], password: str | None) -> bytes:
    trailer, key = "/Root 1 0 R", b""
    if password is not None:
        owner = _rc4(hashlib.md5(_padded("owner")).digest()[:5], _padded(password))
        rights = (-4).to_bytes(4, "little", signed=True)
        key = hashlib.md5(_padded(password) + owner + rights + b"0123456789abcdef").digest()[:5]
        objects[3] = (
            f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{_rc4(key, PADDING).hex()}> /P -4 >>".encode(),
            None,
        )
        trailer += (
            " /Encrypt 3 0 R /ID [<" + b"0123456789abcdef".hex() + "> <" + b"0123456789abcdef".hex() + ">]"
        )
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for number, (head, stream) in sorted(objects.items()):
        places[number] = len(out)
        if stream is not None:
            salted = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
            data = _rc4(salted, stream) if key else stream
            body = b"<< " + head + b" /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"
        else:
            body = head
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    return bytes(out) + f"trailer << /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


def _padded(password: str) -> bytes:
    return (password.encode() + PADDING)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
