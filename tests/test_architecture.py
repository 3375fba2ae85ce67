"""Imports point one way, files stay small, packages are listed, and the JSON is what docs/architecture.md shows."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from config import PROJECT_ROOT
from qa.answer import Answer, Citation, CitedValidity, answer_to_json

MAY_IMPORT = {
    "config": set[str](),
    "ingest": {"config"},
    "index": {"config", "ingest"},
    "qa": {"config", "ingest", "index"},
    "web": {"config", "ingest", "index", "qa"},
    "eval": {"config", "ingest", "index", "qa"},
    "training": {"config", "ingest", "index", "qa"},
}
OWN = set(MAY_IMPORT)
MOST_LINES = 400
DEVELOPER_TOOLS = {
    "web/screenshot.py",
    "eval/calibrate.py",
    "eval/fitting.py",
    "eval/follow_ups.py",
    "eval/judging.py",
    "eval/printed.py",
    "eval/peak.py",
    "eval/readings.py",
    "eval/scale.py",
}  # their packages stand in requirements-dev.txt


def modules_of(package: str) -> list[Path]:
    if package == "config":
        return [PROJECT_ROOT / "config.py"]
    return sorted((PROJECT_ROOT / package).rglob("*.py"))


def imported_packages(source: str, *, package: str) -> set[str]:
    """Return the top-level packages that a module imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(package if node.level else (node.module or "").split(".")[0])
    return found


def imports_of(package: str) -> Iterator[tuple[str, str]]:
    """Yield (file, imported package) for all modules of `package`, itself left out."""
    for file in modules_of(package):
        for name in imported_packages(file.read_text(encoding="utf-8"), package=package) - {package}:
            yield file.relative_to(PROJECT_ROOT).as_posix(), name


def listed_packages(*names: str) -> set[str]:
    """Return the distributions of requirements files, as pip normalises their names."""
    text = "\n".join((PROJECT_ROOT / name).read_text(encoding="utf-8") for name in names)
    return {normalised(name) for name in re.findall(r"^([A-Za-z][\w.-]*)==", text, re.MULTILINE)}


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_an_import_counts_inside_a_function_under_an_alias_and_from_a_relative_module():
    source = "import index.store as s\ndef f():\n    from qa import Assistant\nfrom . import pairs\nfrom .a import b\n"
    assert imported_packages(source, package="training") == {"index", "qa", "training"}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_point_one_way(package: str):
    assert modules_of(package)
    wrong = [
        f"{file} imports {name}" for file, name in imports_of(package) if name in OWN - MAY_IMPORT[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", [*sorted(MAY_IMPORT), "tests"])
def test_no_file_is_longer_than_400_lines(package: str):
    lengths = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in modules_of(package)}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_imported_package_is_pinned_in_the_requirements():
    distributions = packages_distributions()
    run_time = listed_packages("requirements.txt")
    all_listed = listed_packages("requirements.txt", "requirements-dev.txt")
    missing = []
    for package in sorted(MAY_IMPORT):
        for file, name in imports_of(package):
            if name in OWN or name in sys.stdlib_module_names:
                continue
            developer = package == "training" or file in DEVELOPER_TOOLS
            owners = {normalised(owner) for owner in distributions.get(name, [name])}
            if not owners & (all_listed if developer else run_time):
                missing.append(f"{file} imports {name}")
    assert missing == []


def test_only_one_package_brings_the_module_opencc():
    """opencc-python-reimplemented has the same module name and another converter."""
    assert {
        name for name in listed_packages("requirements.txt", "requirements-dev.txt") if "opencc" in name
    } == {"opencc"}
    assert {normalised(owner) for owner in packages_distributions()["opencc"]} == {"opencc"}


@pytest.mark.parametrize("package", ["ingest", "index", "qa", "web", "eval"])
def test_the_architecture_names_every_module(package: str):
    text = (PROJECT_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = [file for file in modules_of(package) if file.parent.name != "versions"]  # steps of migrations
    names = {file.name for file in modules} - {"__init__.py", "__main__.py"}
    assert [name for name in sorted(names) if not re.search(rf"[`/]{name}`", text)] == []


def test_every_requirement_is_pinned_exactly():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (PROJECT_ROOT / name).read_text(encoding="utf-8").splitlines():
            assert (
                not line
                or line.startswith(("#", "-r "))
                or re.fullmatch(r"[A-Za-z][\w.-]*==[\w.]+(; .+)?", line)
            ), line


def test_the_json_of_an_answer_has_the_keys_that_the_architecture_shows_in_their_order():
    text = (PROJECT_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert block is not None
    shown = json.loads(block[1])
    citation = Citation(
        marker=1, document_id="d", doc_no=None, title="t", issuer=None, issued_on=None, label="", path=(), quote="q",
        source="s", start=0, end=1, validity=CitedValidity("in_force"),
    )  # fmt: skip
    real = answer_to_json(Answer("q", "answered", "a〔1〕", (citation,)))
    assert list(shown) == list(real)
    assert list(shown["citations"][0]) == list(real["citations"][0])
    assert list(shown["citations"][0]["validity"]) == list(real["citations"][0]["validity"])
