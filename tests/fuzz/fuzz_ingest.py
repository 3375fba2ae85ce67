"""Any bytes in, the promises of reading checked: what a fuzzer calls, and what the tests replay its seeds through.

To fuzz for ten minutes (finds go to findings/, and belong into tests/fuzz/regressions/ once mended):

    python -m tests.fuzz.seeds build/fuzz
    mkdir -p findings
    python -m tests.fuzz.fuzz_ingest build/fuzz -dict=build/fuzz.dict -artifact_prefix=findings/ \
        -max_total_time=600 -timeout=5 -max_len=4096
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ingest.readers import UnreadableFile
from ingest.readers.plain import read_text
from ingest.readers.source import SourceText
from ingest.structure import read_documents
from tests.fuzz.promises import check_reading


def read_bytes(data: bytes) -> None:
    """Read `data` as a file and as text, whatever it is; raises when a promise is broken."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        Path(file.name).write_bytes(data)
        try:
            source = read_text(Path(file.name), name="fuzz.txt")
        except UnreadableFile:  # refused with a reason; as text of a page it must be read all the same
            source = SourceText("fuzz.txt", data.decode("utf-8", "replace"), "utf-8")
    for whole_lines in (False, True):
        text = SourceText(source.path, source.text, source.encoding, whole_lines=whole_lines)
        check_reading(text, read_documents(text))


def main() -> None:
    """Fuzz until the time is up; exits with the fuzzer's status."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, read_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
