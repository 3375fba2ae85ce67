"""`python -m qa`: what it prints, writes and exits with."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import PROJECT_ROOT, Config
from qa.__main__ import main
from qa.answer import ANSWERED, answer_to_json
from qa.assistant import Assistant

pytestmark = pytest.mark.slow
HOW_OFTEN = "甲山区政府常务会议多久召开一次？"


@pytest.fixture(scope="module")
def settings(small_config: Config, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a config file for the small corpus."""
    path = tmp_path_factory.mktemp("settings") / "config.yaml"
    parts = {"corpus": {"path": small_config.corpus.path}, "index": {"path": small_config.index.path}}
    path.write_text(yaml.safe_dump(parts, allow_unicode=True), encoding="utf-8")
    return str(path)


def run_batch(settings: str, folder: Path, *lines: str) -> list[dict[str, Any]]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    assert main(["--config", settings, "--batch", str(source), "--out", str(target)]) == 0
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def documented_keys() -> tuple[list[str], list[str], list[str]]:
    """The keys of the answer, of a citation and of its validity in docs/architecture.md."""
    page = (PROJECT_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (example,) = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    citation = example["citations"][0]
    return list(example), list(citation), list(citation["validity"])


def test_an_answer_is_printed_with_its_sources_and_exits_with_0(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([HOW_OFTEN, "--config", settings]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "区政府常务会议一般每周召开1次，必要时随时召开。〔1〕"
    assert lines[1] == "〔1〕《甲山区人民政府工作规则》（甲政发〔2023〕2号）第四条"


def test_a_question_that_names_no_district_is_answered_and_exits_with_0(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["区政府常务会议多久召开一次？", "--config", settings]) == 0
    assert "甲山：" in capsys.readouterr().out


@pytest.mark.parametrize("question", ["红烧肉怎么做？", "甲政发〔2023〕2号第四十一条"])
def test_what_is_not_answered_exits_with_1(
    settings: str, question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([question, "--config", settings]) == 1
    assert "没有" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [""],
        [HOW_OFTEN, "--batch", "a.jsonl"],
        ["--batch", "a.jsonl"],
        [HOW_OFTEN, "--as-of", "yesterday"],
        ["--what"],
        ["--batch", "a.jsonl", "--out", "b.jsonl", "--explain"],
    ],
)
def test_bad_usage_exits_with_2(
    settings: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        main([*arguments, "--config", settings])
    assert exit.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_blank_question_exits_with_2(settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["  ", "--config", settings]) == 2
    streams = capsys.readouterr()
    assert streams.out == "" and "empty" in streams.err


def test_a_config_that_cannot_be_used_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([HOW_OFTEN, "--config", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(f"corpus:\n  path: {tmp_path / 'nowhere'}\nindex:\n  path: {tmp_path / 'index'}\n")
    assert main([HOW_OFTEN, "--config", str(wrong)]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_batch_file_that_is_not_there_exits_with_2(
    settings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "--config",
        settings,
        "--batch",
        str(tmp_path / "none.jsonl"),
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(arguments) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_the_day_asked_about_is_an_option(settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([HOW_OFTEN, "--as-of", "2020-01-01", "--config", settings]) == 0
    assert "每两周召开1次" in capsys.readouterr().out


def test_json_has_the_keys_of_the_documentation_in_their_order(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([HOW_OFTEN, "--json", "--config", settings]) == 0
    answer = json.loads(capsys.readouterr().out)
    keys, of_citation, of_validity = documented_keys()
    assert list(answer) == keys
    assert list(answer["citations"][0]) == of_citation
    assert list(answer["citations"][0]["validity"]) == of_validity
    assert answer["status"] == ANSWERED and answer["answerer"] == "extractive"


def test_why_is_printed_below_the_answer_and_is_a_key_of_its_json(
    settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([HOW_OFTEN, "--explain", "--config", settings]) == 0
    answer, why = capsys.readouterr().out.split("\n\n")
    assert answer.startswith("区政府常务会议一般每周召开1次，必要时随时召开。〔1〕")
    lines = why.splitlines()
    assert lines[0] == f"question: {HOW_OFTEN}"
    assert {"query.intent: number", "query.places: 甲山", "step: from_evidence -> answered"} <= set(lines)
    assert any(line.startswith("judgement: supported, probability 0.") for line in lines)

    assert main([HOW_OFTEN, "--explain", "--json", "--config", settings]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == [*documented_keys()[0], "explanation"]
    assert printed["explanation"]["query"]["places"] == ["甲山"]
    assert printed["explanation"]["hits"][0]["parts"].keys() >= {"dense", "lexical"}


def test_the_json_is_that_of_the_answer(
    settings: str, small: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    main([HOW_OFTEN, "--json", "--config", settings])
    printed, asked = json.loads(capsys.readouterr().out), answer_to_json(small.ask(HOW_OFTEN))
    assert printed | {"latency_ms": 0} == json.loads(json.dumps(asked)) | {"latency_ms": 0}


def test_a_batch_keeps_the_order_and_never_stops_at_a_bad_line(settings: str, tmp_path: Path) -> None:
    good = {"id": "q1", "question": HOW_OFTEN}
    found = run_batch(
        settings, tmp_path, json.dumps(good), "{broken", json.dumps({"id": "q3"}), "[1]", "",
        json.dumps({"id": "q5", "question": 5}), json.dumps({"id": "q6", "question": " "}),
        json.dumps({"id": "q7", "question": HOW_OFTEN, "as_of": "someday"}),
        json.dumps({"id": "q8", "question": HOW_OFTEN, "history": [["one"]]}),
        json.dumps(good | {"id": 9}),
    )  # fmt: skip
    assert [line["id"] for line in found] == ["q1", "", "q3", "", "q5", "q6", "q7", "q8", "9"]
    assert [line.get("line") for line in found] == [None, 2, 3, 4, 6, 7, 8, 9, None]
    assert found[0]["status"] == found[-1]["status"] == ANSWERED
    for bad in found[1:-1]:
        assert set(bad) == {"id", "line", "error"}
        assert bad["error"].startswith(f"line {bad['line']}: ")


def test_a_batch_line_may_give_a_day_and_a_history(settings: str, tmp_path: Path) -> None:
    line = {"id": "a", "question": HOW_OFTEN}
    now, then, after = run_batch(
        settings, tmp_path, json.dumps(line, ensure_ascii=False), json.dumps(line | {"as_of": "2020-01-01"}),
        json.dumps(line | {"history": [["乙川区呢？", "区政府常务会议一般每月召开2次。"]]}),
    )  # fmt: skip
    assert "每周召开1次" in now["text"] and "每两周召开1次" in then["text"]
    assert after["text"] == now["text"]  # the question names its own district


def test_a_batch_line_takes_its_history_as_pairs_or_as_messages(settings: str, tmp_path: Path) -> None:
    line = {"id": "a", "question": "那乙川呢？"}
    messages = [{"role": "user", "content": HOW_OFTEN}, {"role": "assistant", "content": "每周1次。"}]
    pairs, chat, broken = run_batch(
        settings, tmp_path, json.dumps(line | {"history": [[HOW_OFTEN, "每周1次。"]]}),
        json.dumps(line | {"history": messages}), json.dumps(line | {"history": [{"role": "clerk"}]}),
    )  # fmt: skip
    assert pairs["text"] == chat["text"] and "每月召开2次" in pairs["text"]
    assert pairs["notes"][0].startswith("按上文理解为：乙川区")
    assert "message 1 has the role 'clerk'" in broken["error"]


def test_an_empty_batch_writes_an_empty_file(settings: str, tmp_path: Path) -> None:
    assert run_batch(settings, tmp_path, "") == []
