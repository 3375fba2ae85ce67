"""What the README, its Chinese twin and docs/ name exists: commands, options, settings, files; the answer shown is the real one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from config import PROJECT_ROOT, load_config, parse_config
from qa import Assistant
from qa.__main__ import as_text

READMES = ("README.md", "README.zh-CN.md")
PAGES = (
    *READMES,
    "docs/access.md",
    "docs/api.md",
    "docs/architecture.md",
    "docs/corpus-desk.md",
    "examples/README.md",
    "docs/encoder.md",
    "eval/README.md",
    "corpus/SOURCES.md",
)
MADE_LATER = ("data/", ".venv")  # by the commands themselves
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PATH = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|yaml|toml|txt|md)")
COMMAND = re.compile(r"python -m (\w+(?:\.\w+)*)([^\n|`#]*)")


def read(page: str) -> str:
    return (PROJECT_ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(read(page)) if found == language]


def inline_code(page: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", read(page)))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def shown_answers(page: str) -> list[tuple[str, str]]:
    """Return (question, printed answer) of the console blocks of a page."""
    found = []
    for body in blocks(page, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            match = re.fullmatch(r'python -m qa "([^"]+)"', command.strip())
            if match:
                found.append((match[1], output.strip()))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_linked_file_exists(page: str):
    folder = (PROJECT_ROOT / page).parent
    assert [link for link in LINK.findall(read(page)) if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/architecture.md"])
def test_every_file_and_folder_named_in_code_style_exists(page: str):
    named = {name for name in inline_code(page) if PATH.fullmatch(name) and not name.startswith(MADE_LATER)}
    named -= {"BAAI/bge-m3", "intfloat/multilingual-e5-base", "my.yaml"}
    homes = [PROJECT_ROOT, PROJECT_ROOT / "ingest/readers", *filter(Path.is_dir, PROJECT_ROOT.iterdir())]
    assert len(named) >= 3
    assert [name for name in sorted(named) if not any((home / name).exists() for home in homes)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_is_a_target(page: str):
    assert (
        set(re.findall(r"(?<![\w-])make ([a-z]+)\b(?=[`\s:]|$)", "\n".join(code_of(page)))) <= make_targets()
    )


def code_of(page: str) -> list[str]:
    return [*inline_code(page), *(body for _, body in FENCE.findall(read(page)))]


@pytest.mark.parametrize("page", PAGES)
def test_every_python_command_exists_and_knows_the_options_it_is_given(page: str):
    for code in code_of(page):
        for module, rest in COMMAND.findall(code):
            if module in ("venv", "pip"):
                continue
            path = PROJECT_ROOT / module.replace(".", "/")
            source = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
            assert source.exists(), f"{page}: python -m {module}"
            text = source.read_text(encoding="utf-8")
            for option in set(re.findall(r"(?<!\S)\[?(--?[a-z][\w-]*)", rest)) - {"--help"}:
                assert f'"{option}"' in text, f"{page}: python -m {module} {option}"


@pytest.mark.parametrize("page", [*READMES, "docs/access.md", "docs/api.md", "docs/encoder.md"])
def test_every_yaml_block_is_a_config_that_loads(page: str):
    settings = blocks(page, "yaml")
    assert settings
    for body in settings:
        parse_config(yaml.safe_load(body), root=PROJECT_ROOT, name=page)


def test_the_makefile_explains_each_of_its_targets_and_the_readme_names_the_main_ones():
    explained = set(re.findall(r"^([a-z]+):.*?  ## \S", read("Makefile"), re.MULTILINE))
    assert explained == make_targets()
    assert [explained] == [
        set(names.split()) for names in re.findall(r"^\.PHONY:(.*)$", read("Makefile"), re.MULTILINE)
    ]
    for page in READMES:
        assert {"chat", "test", "eval"} <= set(re.findall(r"make ([a-z]+)", read(page)))


def test_the_chinese_readme_shows_the_same_commands_and_settings_as_the_english_one():
    english, chinese = READMES
    for language in ("bash", "console", "yaml", "python"):
        bare = [
            [re.sub(r"\s*#.*", "", body) for body in blocks(page, language)] for page in (english, chinese)
        ]
        assert bare[0] == bare[1], language
        assert bare[0], language


def test_both_readmes_show_the_screenshot():
    for page in READMES:
        assert "docs/images/chat.png" in LINK.findall(read(page))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    from index.build import update_index

    config = load_config(PROJECT_ROOT / "config.yaml")
    folder: Path = tmp_path_factory.mktemp("readme")
    config = replace(config, index=replace(config.index, path=str(folder)))
    return Assistant(update_index(config, report=lambda line: None), config)


@pytest.mark.slow
@pytest.mark.parametrize("page", READMES)
def test_the_answers_shown_are_what_the_command_prints(page: str, assistant: Assistant):
    shown = shown_answers(page)
    assert shown
    for question, printed in shown:
        assert as_text(assistant.ask(question)) == printed
