"""Every example runs as it stands against a running server, and prints an answer with its citation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import PROJECT_ROOT
from qa.assistant import Assistant
from tests.ways import config_file

EXAMPLES = PROJECT_ROOT / "examples"
COMMANDS = (
    ("ask_library.py",), ("ask_http.py",), ("ask_stream.py",), ("ask_curl.sh",), ("ask_openai.py",), ("ask_mcp.py",),
    ("ask_mcp.py", "--stdio"), ("ask_gradio.py",),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_example_prints_the_answer(
    command: tuple[str, ...], ways_url: str, real: Assistant, tmp_path: Path
):
    runner = ["bash"] if command[0].endswith(".sh") else [sys.executable]
    environment = os.environ | {
        "GONGWEN_URL": ways_url,
        "GONGWEN_CONFIG": str(config_file(real.config, tmp_path)),
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    environment.pop("GONGWEN_KEY", None)
    done = subprocess.run(
        [*runner, f"examples/{command[0]}", *command[1:]],
        cwd=PROJECT_ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "每周召开1次" in done.stdout.replace(" ", "")


def test_the_readme_of_the_examples_and_this_test_name_every_example():
    files = {file.name for file in EXAMPLES.iterdir() if file.suffix in (".py", ".sh")}
    assert {command[0] for command in COMMANDS} == files
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in files if f"`{name}`" not in text] == []
