"""What people put right by hand: it outlasts every reading of the file, and never falls upon another document."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config import PROJECT_ROOT
from ingest.__main__ import main
from ingest.corpus import Corpus, CorpusError, corpus_fingerprint, read_corpus
from ingest.corrections import Entry, load_corrections, text_digest, write_corrections
from ingest.document import Correction, Document
from ingest.validity import ValidityIndex
from tests.small_corpus import config_of

DUTY = "甲政发〔2023〕1号\n甲区值班规则\n2023年2月15日\n第一条 值班记录保存30天。\n第二条 材料送办公室。\n"
MEETING = "甲政发〔2024〕2号\n甲区会议规则\n2024年3月1日\n第一条 会议记录保存一年。\n第二条 《甲区值守规则》（甲政发〔2023〕7号）同时废止。\n"
UNNUMBERED = "甲区档案规则\n2023年5月1日\n第一条 档案保存十年。\n第二条 档案送档案馆。\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "duty.txt").write_text(DUTY, encoding="utf-8")
    (tmp_path / "corpus" / "meeting.txt").write_text(MEETING, encoding="utf-8")
    return tmp_path


def read(root: Path) -> Corpus:
    return read_corpus(root / "corpus", cache=root / "cache", corrections=root / "corrections.yaml")


def source(corpus: Corpus, name: str) -> Document:
    (found,) = (document for document in corpus.documents if document.source == name)
    return found


def made(field: str, new: str, *, old: str = "", **more) -> Correction:
    return Correction(field, old, new, "王五", "2026-11-21T09:00:00+00:00", **more)


def correct(root: Path, name: str, *corrections: Correction) -> Corpus:
    """Correct the document of a file as the desk does, and read the corpus again."""
    corpus = read(root)
    document = source(corpus, name)
    (digest,) = (file.digest for file in corpus.files if file.path == name)
    kept = load_corrections(root / "corrections.yaml")
    entry = Entry(name, document.read_as, document.place, digest, text_digest(document), corrections)
    write_corrections(root / "corrections.yaml", [*kept, entry])
    return read(root)


def test_a_title_is_put_right_and_its_kind_follows_at_every_reading(root: Path) -> None:
    corpus = correct(root, "duty.txt", made("title", "甲区值守办法", old="甲区值班规则"))
    document = source(corpus, "duty.txt")
    assert (document.title, document.kind, document.document_id) == (
        "甲区值守办法", "办法", "甲政发〔2023〕1号",
    )  # fmt: skip
    assert document.corrections[0].old == "甲区值班规则" and document.corrections[0].by == "王五"
    assert source(corpus, "meeting.txt").corrections == ()
    without_cache = read_corpus(root / "corpus", corrections=root / "corrections.yaml")
    assert without_cache == corpus
    assert source(read_corpus(root / "corpus"), "duty.txt").title == "甲区值班规则"


def test_a_corrected_number_renames_the_document_and_relations_find_it(root: Path) -> None:
    before = read(root)
    assert (
        ValidityIndex(before.documents).of(source(before, "duty.txt"), date(2024, 6, 1)).status == "in_force"
    )
    corpus = correct(root, "duty.txt", made("doc_no", "甲政发〔2023〕7号", old="甲政发〔2023〕1号"))
    document = source(corpus, "duty.txt")
    assert document.document_id == "甲政发〔2023〕7号" and document.read_as == "甲政发〔2023〕1号"
    assert [p.provision_id for p in document.provisions][1:3] == [
        "甲政发〔2023〕7号#第一条",
        "甲政发〔2023〕7号#第二条",
    ]
    assert {p.document_id for p in document.provisions} == {"甲政发〔2023〕7号"}
    state = ValidityIndex(corpus.documents).of(document, date(2024, 6, 1))
    assert (state.status, state.by, state.by_hand) == ("repealed", "甲政发〔2024〕2号", False)


def test_days_are_put_right_and_a_number_taken_away_gives_the_id_of_title_and_day(root: Path) -> None:
    corpus = correct(
        root,
        "duty.txt",
        made("doc_no", ""),
        made("issued_on", "2022-01-05"),
        made("expires_on", "2023-01-01"),
    )
    document = source(corpus, "duty.txt")
    assert (document.doc_no, document.issued_on) == (None, date(2022, 1, 5))
    assert document.document_id == "甲区值班规则@2022-01-05"
    assert document.expires_on == date(2023, 1, 1)
    assert ValidityIndex(corpus.documents).of(document, date(2024, 1, 1)).status == "expired"


def test_what_was_lacking_is_no_doubt_once_it_is_given(root: Path) -> None:
    (root / "corpus" / "archive.txt").write_text(UNNUMBERED, encoding="utf-8")
    assert "no_number" in {doubt.kind for doubt in source(read(root), "archive.txt").doubts}
    corpus = correct(root, "archive.txt", made("doc_no", "甲政发〔2023〕9号"))
    assert "no_number" not in {doubt.kind for doubt in source(corpus, "archive.txt").doubts}
    (report,) = (file for file in corpus.files if file.path == "archive.txt")
    assert "no_number" not in {doubt.kind for doubt in report.doubts}


def test_a_validity_set_by_hand_wins_from_its_day_on_and_says_so(root: Path) -> None:
    by = {"ended_by": "甲政发〔2024〕2号", "since": date(2025, 1, 1)}
    corpus = correct(root, "duty.txt", made("validity", "repealed", old="in_force", **by))
    index, document = ValidityIndex(corpus.documents), source(corpus, "duty.txt")
    state = index.of(document, date(2025, 6, 1))
    assert (state.status, state.by, state.since, state.by_hand) == (
        "repealed", "甲政发〔2024〕2号", date(2025, 1, 1), True,
    )  # fmt: skip
    assert state.by_id == "甲政发〔2024〕2号"
    assert index.of(document, date(2024, 6, 1)).status == "in_force"
    assert index.holding(date(2025, 6, 1))["甲政发〔2023〕1号"] is False


def test_a_document_can_be_said_to_hold_whatever_repeals_it(root: Path) -> None:
    (root / "corpus" / "duty.txt").write_text(DUTY.replace("〕1号", "〕7号"), encoding="utf-8")
    repealed = read(root)
    day = date(2024, 6, 1)
    assert ValidityIndex(repealed.documents).of(source(repealed, "duty.txt"), day).status == "repealed"
    corpus = correct(root, "duty.txt", made("validity", "in_force", old="repealed"))
    state = ValidityIndex(corpus.documents).of(source(corpus, "duty.txt"), day)
    assert (state.status, state.by_hand) == ("in_force", True)


def test_a_moved_file_keeps_its_corrections(root: Path) -> None:
    correct(root, "duty.txt", made("title", "甲区值守办法"))
    (root / "corpus" / "old").mkdir()
    (root / "corpus" / "duty.txt").rename(root / "corpus" / "old" / "值班.txt")
    corpus = read(root)
    assert source(corpus, "old/值班.txt").title == "甲区值守办法" and corpus.unapplied == ()


def test_another_text_added_to_the_file_leaves_the_correction_in_place(root: Path) -> None:
    correct(root, "duty.txt", made("title", "甲区值守办法"))
    file = root / "corpus" / "duty.txt"
    file.write_text(f"{MEETING.replace('〔2024〕2号', '〔2024〕3号')}\n{DUTY}", encoding="utf-8")
    corpus = read(root)
    titles = {d.doc_no: d.title for d in corpus.documents if d.source == "duty.txt"}
    assert titles == {"甲政发〔2024〕3号": "甲区会议规则", "甲政发〔2023〕1号": "甲区值守办法"}


def options(root: Path) -> list[str]:
    """Return what has `python -m ingest` read this corpus with its corrections."""
    settings = {"corpus": {"path": "corpus", "corrections": "corrections.yaml"}, "index": {"path": "index"}}
    (root / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    return ["--config", str(root / "config.json")]


def test_a_changed_text_loses_its_correction_and_that_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    correct(root, "duty.txt", made("title", "甲区值守办法"))
    assert main(options(root)) == 0
    assert "甲区值守办法  (corrected: title)" in capsys.readouterr().out
    (root / "corpus" / "duty.txt").write_text(DUTY.replace("30天", "90天"), encoding="utf-8")
    corpus = read(root)
    assert source(corpus, "duty.txt").title == "甲区值班规则"
    (item,) = corpus.unapplied
    assert (item.reason, item.entry.source) == ("changed", "duty.txt")
    (root / "corpus" / "duty.txt").unlink()
    assert [item.reason for item in read(root).unapplied] == ["gone"]
    assert main(options(root)) == 0
    assert (
        "not applied duty.txt: corrections of 甲政发〔2023〕1号: its file is no longer"
        in capsys.readouterr().out
    )


def test_the_same_bytes_cut_otherwise_keep_a_correction_only_under_the_same_id(root: Path) -> None:
    correct(root, "duty.txt", made("title", "甲区值守办法"))
    (entry,) = load_corrections(root / "corrections.yaml")
    write_corrections(root / "corrections.yaml", [replace(entry, text_digest="of an older reading")])
    assert source(read(root), "duty.txt").title == "甲区值守办法"
    write_corrections(
        root / "corrections.yaml",
        [replace(entry, text_digest="of an older reading", document="甲政发〔2023〕8号")],
    )
    corpus = read(root)
    assert source(corpus, "duty.txt").title == "甲区值班规则"
    assert [item.reason for item in corpus.unapplied] == ["reread"]


def test_a_text_that_stands_in_two_files_is_corrected_where_it_is_kept(root: Path) -> None:
    correct(root, "duty.txt", made("doc_no", "甲政发〔2023〕8号"))
    (root / "corpus" / "a.txt").write_text(DUTY, encoding="utf-8")
    corpus = read(root)
    assert [d.source for d in corpus.documents if d.document_id == "甲政发〔2023〕8号"] == ["a.txt"]
    assert [d for d in corpus.documents if d.source == "duty.txt"] == [] and corpus.unapplied == ()


def test_the_index_is_stale_once_a_correction_is_made_and_current_when_it_is_taken_back(root: Path) -> None:
    def look() -> str:
        return corpus_fingerprint(
            root / "corpus", cache=root / "cache", corrections=root / "corrections.yaml"
        )

    first = look()
    assert read(root).fingerprint == first
    corpus = correct(root, "duty.txt", made("title", "甲区值守办法"))
    assert corpus.fingerprint == look() != first
    (root / "corrections.yaml").unlink()
    assert look() == first


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("doc_no", "甲政发2023 1号", "no document number"),
        ("issued_on", "2023-02-30", "no day"),
        ("title", " ", "needs a title"),
        ("validity", "lost", "no validity"),
        ("colour", "red", "no field"),
        ("issuer", "甲\n乙", "line break"),
        ("title", "长" * 301, "longer than 300"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_by_name(
    root: Path, field: str, value: str, said: str
) -> None:
    with pytest.raises(CorpusError, match=said):
        correct(root, "duty.txt", made(field, value))


def test_a_file_of_corrections_that_is_none_is_refused_and_names_what_is_wrong(root: Path) -> None:
    (root / "corrections.yaml").write_text("- source: 1\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corrections\.yaml: no list of corrections"):
        read(root)
    (root / "corrections.yaml").write_text("{", encoding="utf-8")
    with pytest.raises(CorpusError, match="mend or remove it"):
        read(root)


def test_a_config_that_names_its_corpus_has_corrections_and_trash_beside_itself(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    assert config.corrections_file == tmp_path / "data" / "corrections.yaml"
    own = config_of(tmp_path, corpus={"seconds_per_file": 60})
    assert own.corrections_file == PROJECT_ROOT / "data" / "corrections.yaml"
    assert own.corpus.trash == str(PROJECT_ROOT / "data" / "trash")
