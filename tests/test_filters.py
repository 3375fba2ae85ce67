"""What a filter leaves: by issuer, district, year, kind, day in force, document; and that a search still finds it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.__main__ import main
from index.backend import Engine
from index.filters import Filter, UnknownFilterValue, documents_left, place_of_issuer, place_of_title
from ingest.corpus import read_corpus
from ingest.document import Document
from ingest.validity import ValidityIndex
from tests.fakes import document
from tests.letter_index import build
from tests.small_corpus import FILES, NEW_RULES, OLD_RULES, YICHUAN_RULES

DOCUMENTS = (
    document("甲政发〔2021〕1号", issuer="北京市甲山区人民政府", kind="规则", issued_on=date(2021, 3, 1)),
    document("甲政发〔2023〕2号", issuer="北京市甲山区人民政府", kind="通知", issued_on=date(2023, 3, 1)),
    document("乙政发〔2023〕3号", issuer="北京市乙川区人民政府", kind="规则", issued_on=date(2023, 5, 1)),
    document("无名", issuer=None, kind="规则", issued_on=None),
)
NOWHERE = "没有之处"
ORDERS = "乙政办发〔2022〕{n}号\n\n乙川区人民政府办公室关于值班的通知\n\n各镇人民政府：\n值班记录保存{n}天。\n\n乙川区人民政府办公室\n2022年6月10日\n"


def left(wanted: Filter, documents: tuple[Document, ...] = DOCUMENTS) -> list[str]:
    kept = documents_left(wanted, documents, ValidityIndex(documents))
    return [d.document_id for d, stays in zip(documents, kept, strict=True) if stays]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(), ["甲政发〔2021〕1号", "甲政发〔2023〕2号", "乙政发〔2023〕3号", "无名"]),
        (Filter(issuers=("北京市乙川区人民政府",)), ["乙政发〔2023〕3号"]),
        (Filter(districts=("甲山",)), ["甲政发〔2021〕1号", "甲政发〔2023〕2号"]),
        (
            Filter(districts=("甲山区", "乙川")),
            ["甲政发〔2021〕1号", "甲政发〔2023〕2号", "乙政发〔2023〕3号"],
        ),
        (Filter(years=(2023,)), ["甲政发〔2023〕2号", "乙政发〔2023〕3号"]),
        (Filter(years=(1999,)), []),
        (Filter(kinds=("规则",)), ["甲政发〔2021〕1号", "乙政发〔2023〕3号", "无名"]),
        (Filter(documents=("无名",)), ["无名"]),
        (Filter(years=(2023,), kinds=("规则",)), ["乙政发〔2023〕3号"]),
        (Filter(documents=("无名",), years=(2023,)), []),
    ],
)
def test_every_part_of_a_filter_must_fit_by_one_of_its_values(wanted: Filter, ids: list[str]) -> None:
    assert left(wanted) == ids


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            Filter(issuers=(NOWHERE,)),
            "issuer '没有之处'; there are: 北京市乙川区人民政府, 北京市甲山区人民政府",
        ),
        (Filter(districts=(NOWHERE,)), "district '没有之处'; there are: 乙川, 甲山"),
        (Filter(kinds=("规则", NOWHERE)), "kind '没有之处'; there are: 规则, 通知"),
        (Filter(documents=(NOWHERE,)), "document '没有之处'; there are: 乙政发"),
    ],
)
def test_a_name_that_the_corpus_does_not_hold_is_told_with_those_there_are(
    wanted: Filter, message: str
) -> None:
    with pytest.raises(UnknownFilterValue, match=message):
        left(wanted)


def test_of_many_names_some_are_told() -> None:
    many = tuple(document(f"甲政发〔2023〕{n}号", kind=f"第{n:02}种") for n in range(30))
    with pytest.raises(UnknownFilterValue, match=r"第11种 and 18 more\.$"):
        left(Filter(kinds=(NOWHERE,)), many)


def test_in_force_leaves_out_what_is_repealed_not_begun_or_expired_and_keeps_what_has_no_day() -> None:
    documents = (
        document("始终", title="甲规则", effective_on=date(2020, 1, 1)),
        document("未始", title="乙规则", effective_on=date(2030, 1, 1)),
        document("期满", title="丙规则", effective_on=date(2020, 1, 1), expires_on=date(2022, 1, 1)),
        document("无日", title="丁规则", effective_on=None),
    )
    assert left(Filter(in_force_on=date(2024, 1, 1)), documents) == ["始终", "无日"]
    assert left(Filter(in_force_on=date(2021, 1, 1)), documents) == ["始终", "期满", "无日"]


@pytest.mark.parametrize(
    ("issuer", "place"),
    [("北京市平谷区人民政府", "平谷"), ("延庆区", "延庆"), ("国务院", ""), (None, "")],
)
def test_the_last_place_of_an_issuer_is_its_district(issuer: str | None, place: str) -> None:
    assert place_of_issuer(issuer) == place


def test_a_search_finds_what_is_in_force_on_the_day(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "corpus").mkdir()
    for name, text in FILES.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    index = build(read_corpus(tmp_path / "corpus"), tmp_path / "index", engine=engine)

    def first(**parts: object) -> str:
        wanted = Filter(kinds=("工作规则",), **parts)  # type: ignore[arg-type]
        return index.search("区政府常务会议一般多久召开", top_k=1, filter=wanted)[0].chunk.document_id

    assert first(in_force_on=date(2020, 1, 1)) == OLD_RULES
    assert first(in_force_on=date(2024, 1, 1), districts=("甲山",)) == NEW_RULES
    assert first(districts=("乙川区",)) == YICHUAN_RULES


def test_a_filter_never_starves_a_search(tmp_path: Path, engine: Engine) -> None:
    """Forty notices match the question best, and the filter leaves none of them among the candidates."""
    (tmp_path / "corpus").mkdir()
    for n in range(40):
        (tmp_path / "corpus" / f"{n}.txt").write_text(ORDERS.format(n=n + 1), encoding="utf-8")
    (tmp_path / "corpus" / "rules.txt").write_text(FILES["current-rules.txt"], encoding="utf-8")
    index = build(read_corpus(tmp_path / "corpus"), tmp_path / "index", engine=engine)
    index.candidates = 10
    held = [c.chunk_id for c in index.chunks if c.document_id == NEW_RULES]
    hits = index.search("值班记录保存几天", top_k=200, filter=Filter(districts=("甲山",)))
    assert sorted(hit.chunk.chunk_id for hit in hits) == sorted(held)
    assert {hit.chunk.document_id for hit in index.search("值班记录保存几天", top_k=5)} & {NEW_RULES} == set()
    assert np.all(np.diff([hit.score for hit in hits]) <= 0)


def test_the_command_filters_and_tells_a_wrong_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus").mkdir()
    for name in ("current-rules.txt", "old-rules.txt", "yichuan.txt"):
        (tmp_path / "corpus" / name).write_text(FILES[name], encoding="utf-8")
    config = tmp_path / "my.yaml"
    config.write_text("corpus: {path: corpus}\nindex: {path: index}\n", encoding="utf-8")
    shared = ["--config", str(config)]
    assert main(["build", *shared]) == 0
    capsys.readouterr()
    search = ["search", "常务会议多久召开一次", "-k", "1", *shared]
    assert main([*search, "--as-of", "2020-01-01", "--district", "甲山"]) == 0
    assert OLD_RULES in capsys.readouterr().out
    assert main([*search, "--year", "2023", "--issuer", "甲山区人民政府"]) == 0
    assert NEW_RULES in capsys.readouterr().out
    assert main([*search, "--year", "1999"]) == 1
    assert main([*search, "--kind", NOWHERE]) == 2
    assert f"kind '{NOWHERE}'; there are: 工作规则" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("重庆市绿化条例", "重庆"),
        ("南阳市城市市容和环境卫生管理条例", "南阳"),
        ("上海市建筑市场管理条例", "上海"),
        ("驻马店市城市市容和环境卫生管理条例", "驻马店"),
        ("2026年内蒙古自治区政府工作报告", "内蒙古"),
        ("北京市平谷区人民政府工作规则", "平谷"),
        ("城市道路管理条例", ""),
        ("风景名胜区条例", ""),
        ("市场主体登记管理条例", ""),
        ("行政区划管理条例", ""),
    ],
)
def test_a_title_begins_with_a_place_or_with_a_word_that_only_looks_like_one(title: str, place: str) -> None:
    assert place_of_title(title) == place
