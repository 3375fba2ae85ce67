"""The reading room: its list, its documents, two side by side, and what it says to an address that leads nowhere."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest
from lxml.html import HtmlElement

from ingest.document import Correction, Document, Doubt, Relation
from qa.assistant import Assistant
from qa.citations import mask_mobile_numbers
from tests.fakes import HOSTILE, FakeAssistant, document
from tests.many_documents import many_documents
from tests.pages import one, plain, select, words_of
from tests.rooms import Room
from tests.small_corpus import NEW_RULES, OLD_RULES
from web.rooms.links import compare_url, document_url

NEW = "京平政发〔2023〕2号"
OLD = "北京市平谷区人民政府工作规则@2019-10-09"
ACCELERATOR = "京平政发〔2019〕24号"  # its term ended in 2024
ODD_IDS = ("a/b", "甲 乙@2020", "x#y?z=1&w", "100%", "甲/compare/乙", "../乙", "“引”<b>")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture(scope="module")
def room(real: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(real, tmp_path_factory.mktemp("real"), mask_mobile_numbers)


@pytest.fixture
def shelved(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Makes a room of the documents given."""
    count = iter(range(100))

    def make(*documents: Document) -> Room:
        fake = FakeAssistant()
        fake.documents = documents
        return Room(fake, tmp_path / str(next(count)))

    yield make


def titles(page: HtmlElement) -> list[str]:
    return [words_of(link) for link in select(page, ".documents h2 a")]


def test_the_list_names_every_document_with_number_state_and_what_made_it_so(room: Room, real: Assistant):
    page = room.page("/documents")
    assert words_of(one(page, "#found")) == f"{len(real.documents)} 份文件"
    assert len(titles(page)) == len(real.documents) == 25
    rows = [words_of(row) for row in select(page, ".documents li")]
    new = next(row for row in rows if row.startswith(NEW))
    assert "现行有效" in new and "北京市平谷区人民政府工作规则" in new and "2023年2月15日" in new
    old = next(row for row in rows if "2019年10月9日" in row)
    assert "无文号 已有新版 新版为京平政发〔2023〕2号，自2023年2月15日起" in old
    assert any("已过有效期 自2024年11月18日起不再有效" in row for row in rows)
    assert [words_of(chip) for chip in select(page, ".states .chip")] == [
        "全部",
        "现行有效 23",
        "已过有效期 1",
        "已有新版 1",
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("issuer=北京市西城区人民政府", 1),
        ("year=2019", 8),
        ("kind=工作规则", 4),
        ("kind=-", 1),
        ("status=superseded", 1),
        ("status=in_force&kind=工作规则", 3),
        ("q=京平政发[2023]2号", 1),
        ("q=平谷 工作规则", 2),
        ("year=1900", 0),
        ("issuer=某某局", 0),
        ("status=zz", 0),
        ("q=\\d%2B(%00😀[", 0),
    ],
)
def test_filters_and_words_leave_what_fits(room: Room, query: str, count: int):
    page = room.page(f"/documents?{query}")
    assert len(titles(page)) == count
    assert (f"{count} 份文件" in words_of(one(page, "#found"))) == (count > 0)


def test_a_filter_counts_what_the_other_filters_and_the_words_leave(room: Room):
    page = room.page("/documents?kind=工作规则&q=平谷")
    years = [words_of(option) for option in select(page, "#year option")]
    assert years == ["全部", "2023（1）", "2019（1）"]
    assert "工作规则（2）" in [words_of(option) for option in select(page, "#kind option")]


def test_orders(room: Room):
    numbers = [
        words_of(n) for n in select(room.page("/documents?sort=number&q=京平政发"), ".documents .doc-no")
    ]
    assert numbers[:5] == [f"京平政发〔2019〕{n}号" for n in (21, 22, 23, 24, 25)]
    assert numbers.index("京平政发〔2021〕9号") < numbers.index("京平政发〔2021〕10号")
    assert titles(room.page("/documents?sort=oldest"))[0] == "北京市西城区人民政府工作规则"
    assert titles(room.page("/documents?sort=title"))[0] == "2021年平谷区交通综合治理行动计划"


def test_a_search_marks_the_words_in_titles_and_in_the_provisions_that_it_finds(room: Room):
    page = room.page("/documents?q=常务会议")
    assert words_of(one(page, "#found")).startswith("没有文件的文号、标题或机关含有这些字")
    first = select(page, ".hits li")[0]
    assert words_of(first).startswith("第四十一条 现行有效")
    assert {mark.text for mark in select(first, "mark")} == {"常务会议"}
    link = select(first, "a")[0].get("href")
    assert link == document_url(NEW, f"{NEW}#第四十一条", find="常务会议")
    page = room.page("/documents?q=工作规则")
    assert {mark.text for mark in select(page, ".documents mark")} == {"工作规则"}


def test_a_search_keeps_to_the_filters_and_says_nothing_of_provisions_where_they_leave_no_document(
    room: Room,
):
    page = room.page("/documents?q=常务会议多久召开一次&issuer=北京市西城区人民政府")
    assert {words_of(hit).split(" · ")[0] for hit in select(page, ".hits .meta")} == {"西政发〔2018〕4号"}
    assert select(room.page("/documents?q=常务会议&year=1900"), ".hits") == []


def test_characters_in_their_order_find_a_title_that_no_word_finds(room: Room):
    page = room.page("/documents?q=平谷政府规则")
    assert "字序相近的有 2 份" in words_of(one(page, "#found"))


def test_the_part_that_a_script_fetches_is_the_list_of_the_page(room: Room):
    whole = room.page("/documents?q=工作规则&sort=oldest")
    part = room.client.get("/documents?q=工作规则&sort=oldest&part=results").text
    assert "<html" not in part
    assert plain(lxml.html.fromstring(part).text_content()) == plain(one(whole, "#results").text_content())


def test_pages_of_a_long_list(shelved: Callable[..., Room]):
    many = shelved(*many_documents(120))
    page = many.page("/documents?sort=oldest&page=2")
    assert titles(page)[0].endswith("（第25号）") and len(titles(page)) == 25
    assert [words_of(link) for link in one(page, ".pager")] == ["上一页", "1", "2", "3", "4", "5", "下一页"]
    assert "page=3" in select(page, ".pager [rel=next]")[0].get("href")
    assert "没有第 6 页，共 5 页" in words_of(many.page("/documents?page=6"))


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=-1", "q=" + "长" * 1001])
def test_a_request_that_cannot_be_is_refused_in_words(room: Room, query: str):
    assert words_of(one(room.page(f"/documents?{query}", status=400), "h1")) == "查询条件有误"


def test_every_document_is_printed_whole_with_a_place_for_each_provision(room: Room, real: Assistant):
    for shown in real.documents:
        page = room.page(document_url(shown.document_id))
        paper = one(page, ".paper")
        ids = [element.get("id") for element in select(paper, "[id]")]
        assert len(set(ids)) == len(ids)
        wanted = {p.provision_id.removeprefix(f"{shown.document_id}#") or "~1" for p in shown.provisions}
        assert wanted == set(ids), shown.document_id
        assert len(select(page, ".contents a")) >= len(shown.provisions) - 1
        for extra in select(paper, ".tools, .paper-title, .paper-number"):
            extra.drop_tree()
        printed, text = plain(paper.text_content()), plain(mask_mobile_numbers(shown.text))
        if not any(p.kind == "row" for p in shown.provisions):
            assert printed == text, shown.document_id
        assert not MOBILE.search(page.text_content())


def test_a_table_has_its_fields_as_columns_and_a_row_for_each_line(room: Room):
    page = room.page(document_url("京平政办发〔2021〕5号"))
    table = one(page, ".sheet-table table")
    heads = [words_of(cell) for cell in select(table, "thead th")]
    assert heads == [
        "序号",
        "乡镇(街道)",
        "管理类型",
        "道路名称",
        "街巷长",
        "重点区域(点位)",
        "网格员",
        "管控时段",
    ]
    row = next(row for row in select(table, "tr") if row.get("id") == "附件 第2项")
    assert [words_of(cell) for cell in select(row, "td")] == [
        "兴谷街道", "严禁类", "平谷南街", "尤瑞苍", "大卖场周边", "韦保红", "7:00至21:00",
    ]  # fmt: skip
    below = row.getnext()
    assert below.get("id") is None and [words_of(cell) for cell in below] == [
        "", "", "", "农贸街(大市场 后街)", "付强", "大市场后街", "张丽荣", "",
    ]  # fmt: skip
    assert any(cell.get("colspan") == "7" for cell in select(table, "td")), "a damaged row keeps its words"


def test_a_document_says_what_it_is_and_whether_it_holds_on_the_day_asked(room: Room):
    today = room.page(document_url(OLD))
    assert words_of(one(today, ".title-panel .badge")) == "已有新版"
    by = one(today, ".title-panel .validity-detail a")
    assert (words_of(by), by.get("href")) == (
        "新版为京平政发〔2023〕2号，自2023年2月15日起",
        document_url(NEW),
    )
    then = room.page(document_url(OLD, as_of="2020-01-01"))
    assert words_of(one(then, ".title-panel .badge")) == "现行有效"
    assert "截至2020年1月1日" in words_of(one(then, ".title-panel"))
    assert (
        words_of(one(room.page(document_url(NEW, as_of="2020-01-01")), ".title-panel .badge")) == "尚未生效"
    )
    term = one(room.page(document_url(ACCELERATOR)), ".title-panel .validity-detail a").get("href")
    assert term.startswith(document_url(ACCELERATOR) + "#"), "the provision that sets the term"
    assert "“昨天”不是日期" in words_of(room.page(document_url(NEW, as_of="昨天"), status=400))


def test_versions_and_relations_lead_both_ways_to_the_provision_that_says_so(
    small: Assistant, room: Room, tmp_path: Path
):
    page = room.page(document_url(NEW))
    versions = one(page, ".versions")
    assert select(versions, "a.button")[0].get("href") == compare_url(OLD, NEW)
    relations = plain(one(page, ".relations").text_content())
    assert (
        "废止《北京市平谷区人民政府关于印发北京市平谷区人民政府工作规则的通知》（京平政发〔2021〕28号）"
        in relations
    )
    assert "依据《中华人民共和国宪法》见第一条" in relations

    made = Room(small, tmp_path)
    old = made.page(document_url(OLD_RULES))
    assert "已废止 由甲政发〔2023〕2号废止，自" in words_of(one(old, ".title-panel"))
    links = {link.get("href") for link in select(one(old, ".relations"), "a")}
    assert {document_url(NEW_RULES), compare_url(OLD_RULES, NEW_RULES)} <= links
    assert any(link.startswith(document_url(NEW_RULES) + "#") for link in links)
    assert document_url(OLD_RULES) in {
        link.get("href") for link in select(made.page(document_url(NEW_RULES)), ".relations a")
    }


def test_a_document_named_in_a_text_is_a_link_and_knows_who_names_it(room: Room):
    naming, named = "京平政发〔2021〕11号", "京平政办发〔2021〕5号"
    page = room.page(document_url(naming))
    assert document_url(named) in {link.get("href") for link in select(page, ".paper a")}
    back = one(room.page(document_url(named)), ".relations")
    assert "被其提到《2021年平谷区交通综合治理行动计划》（京平政发〔2021〕11号）二、（一）17" in plain(
        back.text_content()
    )


def test_a_provision_changed_later_says_so_from_the_day_of_the_change_on(shelved: Callable[..., Room]):
    rules = document("甲政发〔2023〕2号")
    changed = Relation(
        "amends", "甲政发〔2024〕9号", "甲政发〔2024〕9号#第一条", rules.doc_no, rules.title, rules.document_id,
        date(2024, 5, 1), "第二条修改为……", target_label="第二条",
    )  # fmt: skip
    later = document(
        "甲政发〔2024〕9号", title="关于修改工作规则的决定", issued_on=date(2024, 5, 1), relations=(changed,)
    )
    made = shelved(rules, later)
    note = one(made.page(document_url(rules.document_id)), "#第二条 .amended")
    assert words_of(note) == "已由《关于修改工作规则的决定》（甲政发〔2024〕9号）修改，自2024年5月1日起"
    assert select(note, "a")[0].get("href") == document_url("甲政发〔2024〕9号", "甲政发〔2024〕9号#第一条")
    assert select(made.page(document_url(rules.document_id, as_of="2024-04-30")), ".amended") == []


def test_what_people_put_right_is_told_beside_what_was_read(shelved: Callable[..., Room]):
    corrections = (
        Correction("title", f"旧名{HOSTILE}", "甲办法", by="赵六", at="2026-01-02T03:04:05"),
        Correction("doc_no", "", "甲政发〔2024〕1号", by="赵六", at="2026-01-02T03:04:05"),
        Correction("validity", "in_force", "repealed", by="赵六", at="2026-01-02T03:04:05"),
    )
    made = shelved(document("甲", title="甲办法", corrections=corrections), document("乙", title="乙办法"))
    told = words_of(one(made.page(document_url("甲")), ".title-panel"))
    assert f"经人工更正：旧名{HOSTILE} → 甲办法；无 → 甲政发〔2024〕1号" in told and "人工认定" in told
    assert "人工" not in words_of(one(made.page(document_url("乙")), ".title-panel"))


def test_doubts_are_told_in_the_readers_language(shelved: Callable[..., Room]):
    doubted = document("甲", doubts=(Doubt("gap", "第四条", line=12), Doubt("scan", page=3)), scanned=True)
    page = shelved(doubted).page("/documents/甲")
    assert [plain(item.text_content()) for item in select(page, ".doubts li")] == [
        "编号有缺：“第四条”第12行", "由扫描件识别，请核对原件原件第3页",
    ]  # fmt: skip
    assert "扫描件文字识别，请核对原件" in words_of(one(page, ".title-panel"))


def test_words_are_found_in_a_document_and_counted(room: Room):
    page = room.page(document_url(NEW, find="常务会议 签发"))
    assert {mark.text for mark in select(page, ".paper mark")} == {"常务会议", "签发"}
    assert words_of(one(page, "#matches")) == f"{len(select(page, '.paper mark'))} 处"
    assert words_of(one(room.page(document_url(NEW, find="没有的词")), "#matches")) == "0 处"


def test_hostile_text_is_shown_and_is_no_markup(shelved: Callable[..., Room]):
    text = f"第一条 {HOSTILE}《{HOSTILE}》\n第二条 指标：{HOSTILE}；目标：1。"
    bad = document(
        "坏", title=HOSTILE, notice_title=HOSTILE, issuer=HOSTILE, kind=HOSTILE, source=HOSTILE, text=text
    )
    worse = document(HOSTILE, title=HOSTILE, text=text + "改", doubts=(Doubt("gap", HOSTILE),))
    made = shelved(bad, worse)
    asked = quote(HOSTILE)
    for address in (
        "/documents", f"/documents?q={asked}&issuer={asked}&year={asked}&sort={asked}&compare={asked}",
        f"/documents/坏?find={asked}", document_url(HOSTILE), compare_url("坏", HOSTILE),
    ):  # fmt: skip
        page = made.page(address)
        assert [script.get("src") for script in select(page, "script")] == [
            "/static/house.js",
            "/static/session.js",
            *(["/static/reading.js"] if "/compare/" not in address else []),
        ]
        assert select(page, "img") == []
    for address in (f"/documents/无{asked}", f"/documents/坏?label={asked}"):
        assert "<script>window" in made.page(address, status=404).text_content()
    assert "<script>window" in made.page(f"/documents/坏?as_of={asked}", status=400).text_content()


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_id_of_any_characters_has_an_address(shelved: Callable[..., Room], odd: str):
    made = shelved(document(odd, title="甲办法"), document("乙", title="乙办法"))
    assert words_of(one(made.page(document_url(odd)), "h1")) == "甲办法"
    assert made.location(f"/documents?doc={quote(odd, safe='')}") == document_url(odd)
    page = made.page(compare_url(odd, "乙"))
    assert [words_of(link) for link in select(page, ".heads h2")] == ["甲办法", "乙办法"]


def test_an_unknown_document_gets_a_page_that_says_what_was_asked_and_offers_the_nearest(room: Room):
    page = room.page("/documents/京平政发〔2023〕22号", status=404)
    assert "库中没有文号或标题为“京平政发〔2023〕22号”的文件" in words_of(page)
    assert document_url(NEW) in {link.get("href") for link in select(page, ".message a")}
    assert room.page(document_url(NEW) + "/compare/没有", status=404) is not None
    assert "请选择两份不同的文件" in words_of(room.page(compare_url(NEW, NEW), status=400))


def test_a_label_leads_to_its_provision_and_an_unknown_one_to_the_nearest(room: Room):
    assert room.location("/documents/") == "/documents"
    assert room.location(document_url(NEW, label="第四十一条")) == document_url(NEW, f"{NEW}#第四十一条")
    page = room.page(document_url(NEW, label="第七十八条"), status=404)
    assert "没有“第七十八条”" in words_of(page)
    assert document_url(NEW, f"{NEW}#第七十七条") in {link.get("href") for link in select(page, ".message a")}


def test_the_page_speaks_english_where_the_reader_chose_it(room: Room):
    room.client.cookies.set("gongwen-language", "en")
    try:
        page = room.page(document_url(NEW))
        assert page.get("lang") == "en"
        assert words_of(one(page, ".title-panel .badge")) == "In force"
        assert one(page, ".paper").get("lang") == "zh-CN"
        assert "Relations with other documents" in words_of(page)
        assert "25 documents" in words_of(one(room.page("/documents"), "#found"))
    finally:
        room.client.cookies.clear()


def test_the_room_follows_the_documents_of_its_assistant(tmp_path: Path):
    fake = FakeAssistant()
    made = Room(fake, tmp_path)
    made.page("/documents/丙", status=404)
    fake.documents = (*fake.documents, document("丙", title="丙办法"))
    assert words_of(one(made.page("/documents/丙"), "h1")) == "丙办法"
    assert "丙办法" in titles(made.page("/documents"))


def seconds(room: Room, address: str, times: int = 3) -> float:
    """Return the shortest of a few requests: what the page takes, not what else the machine does."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        assert room.client.get(address).status_code == 200
        taken.append(time.perf_counter() - started)
    return min(taken)


def test_the_longest_document_and_any_list_of_a_hundred_thousand_are_shown_at_once(
    room: Room, real: Assistant, shelved: Callable[..., Room]
):
    longest = max(real.documents, key=lambda d: len(d.text))
    assert seconds(room, document_url(longest.document_id)) < 0.1
    many = shelved(*many_documents(100_000))
    for query in (
        "",
        "?q=垃圾分类",
        "?q=海淀 2005&sort=title",
        "?q=海淀垃圾办法",
        "?issuer=北京市平谷区人民政府&status=expired&page=9",
    ):
        assert seconds(many, f"/documents{query}") < 0.2, query
    assert "100000 份文件" in words_of(one(many.page("/documents"), "#found"))
