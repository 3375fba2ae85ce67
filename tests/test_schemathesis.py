"""Schemathesis over the OpenAPI of a running server finds no 500, and every response is as the schema says.

Longer, with other inputs each time: GONGWEN_FUZZ_SECONDS=600 pytest tests/test_schemathesis.py
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from config import PROJECT_ROOT

SECONDS = os.environ.get("GONGWEN_FUZZ_SECONDS", "")
ONE_RUN = ("--max-time", "20", "--seed", "1")  # the same inputs in every run


@pytest.mark.slow
def test_schemathesis_finds_nothing(ways_url: str):
    options = ("--max-time", SECONDS) if SECONDS else ONE_RUN
    program = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    done = subprocess.run(
        [
            sys.executable, "-c", program, "--config-file", "tests/schemathesis.toml",
            "run", f"{ways_url}/api/v1/openapi.json", "--continue-on-failure", *options,
        ],
        cwd=PROJECT_ROOT, capture_output=True, encoding="utf-8", env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=float(SECONDS or 0) + 180, check=False,
    )  # fmt: skip
    assert "Tested: 12" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout[-8000:]
