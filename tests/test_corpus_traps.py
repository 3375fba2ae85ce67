"""The five files of the corpus, trap by trap: expected values were written by hand from the files themselves."""

from __future__ import annotations

import re

import pytest

from ingest.document import Document, Provision
from ingest.numerals import to_chinese
from tests.reading import RULES_2019, RULES_2023, corpus, documents, provision

DISTRICT, OFFICE = "北京市平谷区人民政府", "北京市平谷区人民政府办公室"
APPOINTMENTS = f"{DISTRICT}关于干部任免职的通知"

# file, number, day, issuer, title
DOCUMENTS = [
    ("000", "京平政发〔2023〕1号", "2023-01-09", DISTRICT, "平谷区2023年重要民生实事项目"),
    ("000", "京平政发〔2023〕2号", "2023-02-15", DISTRICT, "北京市平谷区人民政府工作规则"),
    ("000", "京平政发〔2023〕4号", "2023-03-27", DISTRICT, APPOINTMENTS),
    ("001", None, "2019-10-09", DISTRICT, "北京市平谷区人民政府工作规则"),
    ("001", "京平政发〔2019〕21号", "2019-10-30", DISTRICT, APPOINTMENTS),
    ("001", "京平政发〔2019〕22号", "2019-10-30", DISTRICT, APPOINTMENTS),
    (
        "001",
        "京平政发〔2019〕23号",
        "2019-11-07",
        DISTRICT,
        f"{DISTRICT}关于部分道路禁止货车、农用车通行的通告",
    ),
    ("001", "京平政发〔2019〕24号", "2019-11-18", DISTRICT, "平谷区创新企业加速器鼓励办法"),
    (
        "001",
        "京平政发〔2019〕25号",
        "2019-12-05",
        DISTRICT,
        f"{DISTRICT}关于宣布失效招投标领域相关文件的决定",
    ),
    (
        "001",
        "京平政发〔2019〕26号",
        "2019-12-26",
        DISTRICT,
        f"{DISTRICT}关于调整禁止、限制燃放烟花爆竹区域的通告",
    ),
    (
        "001",
        "京平政办发〔2019〕7号",
        "2019-11-19",
        OFFICE,
        "关于在市场监管领域全面推行部门联合“双随机、一公开”监管的实施方案",
    ),
    (
        "002",
        "京平政发〔2021〕4号",
        "2021-07-01",
        DISTRICT,
        "平谷区关于加强农村住房保障落实户有所居的实施意见",
    ),
    (
        "002",
        "京平政发〔2021〕5号",
        "2021-03-29",
        DISTRICT,
        "平谷区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要",
    ),
    ("002", "京平政发〔2021〕6号", "2021-04-01", DISTRICT, "平谷区2021年国家卫生区复审工作实施方案"),
    (
        "002",
        "京平政发〔2021〕8号",
        "2021-04-25",
        DISTRICT,
        f"{DISTRICT}关于落实《北京市人民政府关于取消和下放一批行政执法职权的决定》的通知",
    ),
    ("002", "京平政发〔2021〕9号", "2021-04-26", DISTRICT, f"{DISTRICT}关于宣布失效部分区政府文件的决定"),
    ("002", "京平政发〔2021〕10号", "2021-05-17", DISTRICT, APPOINTMENTS),
    ("002", "京平政发〔2021〕11号", "2021-05-07", DISTRICT, "2021年平谷区交通综合治理行动计划"),
    ("002", "京平政发〔2021〕12号", "2021-07-07", DISTRICT, f"{DISTRICT}关于干部免职的通知"),
    (
        "002",
        "京平政办发〔2021〕2号",
        "2021-03-29",
        OFFICE,
        "平谷区进一步优化营商环境更好服务市场主体工作方案",
    ),
    ("002", "京平政办发〔2021〕3号", "2021-05-24", OFFICE, "平谷区深入打好污染防治攻坚战2021年行动计划"),
    (
        "002",
        "京平政办发〔2021〕4号",
        "2021-05-26",
        OFFICE,
        "平谷区2021年非本市户籍适龄儿童少年接受义务教育材料审核实施细则",
    ),
    ("002", "京平政办发〔2021〕5号", "2021-03-26", OFFICE, "关于进一步加强“门前三包”责任制延伸治理的意见"),
    ("003", "西政发〔2018〕4号", "2018-03-20", "北京市西城区人民政府", "北京市西城区人民政府工作规则"),
    ("004", "通政发〔2022〕1号", "2022-01-12", "北京市通州区人民政府", "通州区人民政府工作规则"),
]


def test_the_corpus_holds_these_25_documents() -> None:
    found = [(d.source[:3], d.doc_no, str(d.issued_on), d.issuer, d.title) for d in corpus().documents]
    assert found == DOCUMENTS


# --- articles and items ---

COUNTED = [
    (RULES_2023, "第{}条", 77), (RULES_2019, "第{}条", 81), ("京平政发〔2019〕24号", "第{}条", 21),
    ("西政发〔2018〕4号", "{}", 68), ("通政发〔2022〕1号", "{}", 85),
]  # fmt: skip


@pytest.mark.parametrize(("document_id", "form", "count"), COUNTED)
def test_articles_are_labelled_from_first_to_last_without_gap(
    document_id: str, form: str, count: int
) -> None:
    wanted = [form.format(to_chinese(number)) for number in range(1, count + 1)]
    found = [item.label for item in documents()[document_id].provisions if item.label in wanted]
    assert found == wanted


def test_the_33_projects_are_labelled_in_order_in_five_parts() -> None:
    projects = [item for item in documents()["京平政发〔2023〕1号"].provisions if item.label.endswith("项")]
    assert [item.label for item in projects] == [f"第{number}项" for number in range(1, 34)]
    parts = list(dict.fromkeys(item.path[0] for item in projects))
    assert [int(re.search(r"（(\d+)项）", part)[1]) for part in parts] == [  # type: ignore[index]
        sum(item.path[0] == part for item in projects) for part in parts
    ]
    assert len(parts) == 5
    assert all("\n主责单位：" in item.text and "\n完成时限：" in item.text for item in projects)


@pytest.mark.parametrize(("document_id", "form", "count"), COUNTED)
def test_each_article_begins_with_its_own_mark_and_holds_no_other(
    document_id: str, form: str, count: int
) -> None:
    for number in range(1, count + 1):
        text = provision(document_id, form.format(to_chinese(number))).text
        mark = form.format(to_chinese(number)) if "条" in form else rf"(?:{to_chinese(number)}|{number})、"
        assert re.match(mark, text)
        assert (
            len(
                re.findall(
                    r"(?m)^第[一二三四五六七八九十百]+[条章]"
                    if "条" in form
                    else r"(?m)^[一二三四五六七八九十]+、",
                    text,
                )
            )
            <= 1
        )


@pytest.mark.parametrize(
    ("document_id", "label", "start", "end"),
    [
        (
            RULES_2023,
            "第一条",
            "第一条 根据《中华人民共和国宪法》《中华人民共和国地方各级人民代表大会",
            "结合本区实际，制定本规则。",
        ),
        (RULES_2023, "第十条", "第十条 全面正确履行经济调节、市场监管、社会管理、公共", "。"),
        (RULES_2023, "第三十三条", "第三十三条 区政府及各部门必须自觉接受社会公众和新闻", "。"),
        (RULES_2023, "第五十五条", "第五十五条 坚持精简文件，没有实质内容、可发可不发的，", "。"),
        (
            RULES_2023,
            "第七十七条",
            "第七十七条 本规则自印发之日起施行,《北京市平谷区人民",
            "（京平政发〔2021〕28号）同时废止。",
        ),
        (RULES_2019, "第六十条", "第六十条 区政府领导同志出席以区委、区政府名义举办的", "。"),
        (RULES_2019, "第八十一条", "第八十一条 本规则自印发之日起施行,", "（京平政发〔2019〕1号）同时废止。"),
        ("西政发〔2018〕4号", "三十三", "三十三、区政府及各部门要按照从严治党的要求，规范权", "。"),
        (
            "西政发〔2018〕4号",
            "六十八",
            "六十八、本规则自发布之日起实行。",
            "六十八、本规则自发布之日起实行。",
        ),
        ("通政发〔2022〕1号", "一", "一、为进一步转变政府职能，建设人民满意的法治政府、创新政", "。"),
        ("通政发〔2022〕1号", "六十六", "六十六、区政府副区级（含）以上领导出国访问，经常务副区长", "。"),
    ],
)
def test_articles_begin_and_end_with_their_own_words(
    document_id: str, label: str, start: str, end: str
) -> None:
    text = provision(document_id, label).text
    assert text.startswith(start) and text.endswith(end)


def test_chapters_are_the_paths_of_their_articles() -> None:
    assert provision(RULES_2023, "第四十一条").path == ("第九章 会议制度",)
    assert provision(RULES_2019, "第十七条").path == ("第五章 实行科学民主决策",)
    assert provision("通政发〔2022〕1号", "十九").path == ("第5章 实行科学民主决策",)
    chapters = {name: sum(bool(re.fullmatch("第[一二三四五六七八九十]+章", item.label)) for item in documents()[name].provisions)
                for name in (RULES_2023, RULES_2019, "西政发〔2018〕4号", "通政发〔2022〕1号", "京平政发〔2021〕5号")}  # fmt: skip
    assert list(chapters.values()) == [15, 16, 16, 18, 12]


# --- nothing foreign in the text ---


def _all() -> list[tuple[Document, Provision]]:
    return [(document, item) for document in corpus().documents for item in document.provisions]


@pytest.mark.parametrize(
    "pattern",
    [
        r"[—–-]\s*\d{1,3}\s*[—–-]\s*$",  # page marks
        r"[.．…·]{3,}\s*\d+",  # lines of a table of contents
        r"(?m)^抄\s*送", r"(?m)\d日\s*印\s*发$",  # distribution
        r"</?(?:sup|sub|p|b|br)>", r"\*\*", r"(?m)^#", r"\$", r"\\(?:geq|leq|%)",  # markup
        "[\ue000-\uf8ff\U000f0000-\U000ffffd]",  # private characters
        r"五安1|保5|治6|法11|方案12|直13",  # footnote digits
        r"序号\s+标准|序号\s+重点任务|^序号",  # header rows
    ],
)  # fmt: skip
def test_no_provision_holds_what_the_page_put_around_the_text(pattern: str) -> None:
    found = [
        (document.document_id, item.label)
        for document, item in _all()
        if item.kind != "form" and re.search(pattern, item.text)
    ]
    assert found == []


# --- sentences cut by pages, notes and lines ---


@pytest.mark.parametrize(
    ("document_id", "label", "words"),
    [
        (RULES_2023, "第九条", "依照法律规定独立行使审计监督权"),  # — 16 — stands within it
        (RULES_2023, "第四十七条", "会议召开前5个工作日内将议题材料"),
        (
            "京平政发〔2019〕23号",
            "三",
            "《北京市平谷区人民政府关于<平谷区部分道路禁止货车、农用车通行（试行）>的通告》（京平政发〔2017〕18号）",
        ),
        ("京平政发〔2021〕4号", "六", "美丽乡村建设相结合"),
        ("京平政发〔2021〕4号", "附件2 四", "建筑工匠组织的施工队伍"),
        ("京平政发〔2021〕4号", "附件3 二、（三）", "满足村民生产生活需要。"),
        ("京平政发〔2021〕11号", "二、（一）10", "区城管执法局、区市场监管局"),
        ("京平政发〔2021〕9号", "附件 11", "（京平政发〔2009〕18号)"),
        (RULES_2019, "第四十九条", "使用方案：100万元以上1000万元（含）以下的报区长办公会"),
        (RULES_2019, "第四十九条", "1000万元以上的追加和标准或内容不明确的财政性资金支出依次提请"),
    ],
)
def test_cut_sentences_are_joined(document_id: str, label: str, words: str) -> None:
    assert words in provision(document_id, label).text


@pytest.mark.parametrize(
    ("document_id", "label", "note"),
    [
        (
            RULES_2019,
            "第三条（一）",
            "〔注：五全五安〕五全：全域、全员、全时、全要素、全责任安全；五安：生产安全、生活安全",
        ),
        (RULES_2019, "第十七条", "〔注：一线工作法〕是指入村入户、接土接地、沾水沾泥、见人见事。"),
        (RULES_2019, "第四十九条", "〔注〕使用方案：包括项目实施必要性说明、详细方案及预算"),
        (
            RULES_2019,
            "第七十二条",
            "〔注：四不两直〕是指不发通知、不打招呼、不听汇报、不用陪同接待、直奔基层、直插现场。",
        ),
        (
            "京平政发〔2021〕11号",
            "二、（一）6",
            "〔注〕一超四罚：罚运输车辆、罚驾驶人、罚货运企业、罚装载企业",
        ),
    ],
)
def test_footnotes_stand_with_the_article_of_their_mark_and_name_their_term(
    document_id: str, label: str, note: str
) -> None:
    assert f"\n{note}" in provision(document_id, label).text


# --- lists, numbers, attachments ---


def test_the_numbers_within_主责单位_are_no_items() -> None:
    text = provision("京平政发〔2023〕1号", "第2项").text
    assert text.endswith(
        "\n主责单位：1.照明设施安装：区城市管理委；2.信号灯升级改造：市公安局平谷分局\n完成时限：1.照明设施安装：2023年10月；2.信号灯升级改造：2023年6月"
    )
    assert (
        "2.异地就医备案：区医保局；3.自助办税区：区税务局" in provision("京平政发〔2023〕1号", "第22项").text
    )


def test_arabic_labels_among_chinese_ones_are_normalised_and_the_text_is_kept() -> None:
    for label, arabic in (("十一", "11、"), ("十五", "15、"), ("十九", "19、")):
        assert provision("通政发〔2022〕1号", label).text.startswith(arabic)


@pytest.mark.parametrize(
    ("document_id", "label"), [("西政发〔2018〕4号", "四十六"), ("西政发〔2018〕4号", "四十七")]
)
def test_two_neighbours_have_lists_of_their_own(document_id: str, label: str) -> None:
    assert provision(document_id, f"{label}、（一）").parent == provision(document_id, label).provision_id


def test_two_lists_in_one_item_are_both_kept() -> None:
    first, second = (provision("通政发〔2022〕1号", "四十七、（一）", nth) for nth in (1, 2))
    assert first.text == "（一）研究决定区政府日常工作中的重点、难点专项工作；"
    assert second.text.startswith("（一）落实城市副中心党工委管委会会议")
    assert first.provision_id != second.provision_id


def test_two_sections_四_are_both_kept_and_the_doubling_is_reported() -> None:
    assert provision("京平政发〔2021〕6号", "四").heading == "四、组织机构"
    assert provision("京平政发〔2021〕6号", "四", 2).heading == "四、工作内容及步骤"
    assert any(doubt.kind == "repeat" for doubt in documents()["京平政发〔2021〕6号"].doubts)


@pytest.mark.parametrize(
    ("document_id", "label", "title"),
    [
        ("京平政发〔2021〕4号", "附件5", "平谷区腾退宅基地减量指导意见"),
        ("京平政发〔2021〕11号", "附件1", "平谷区电动三四轮车“整秩序、保畅通、净路面”行动工作方案"),
        ("京平政发〔2021〕11号", "附件3", "2021年平谷区中小学校周边交通综合治理工作方案"),
        ("京平政发〔2021〕11号", "附件4", "2021年平谷区旅游景区交通综合治理工作方案"),
        ("京平政发〔2021〕11号", "附件5", "2021年平谷区“文明交通行动”实施方案"),
        ("京平政发〔2021〕11号", "附件6", "“两街一镇”交通秩序堵点乱点治理工作台账"),
    ],
)
def test_attachments_are_found_even_where_their_header_is_lost(
    document_id: str, label: str, title: str
) -> None:
    assert provision(document_id, label).heading == title
    assert provision(document_id, f"{label} 一" if label != "附件6" else "附件6 第1项").path[0] == title


def test_the_attachments_are_numbered_to_the_last() -> None:
    found = {
        item.label.split(" ")[0]
        for item in documents()["京平政发〔2021〕4号"].provisions
        if item.label.startswith("附件")
    }
    assert found == {f"附件{n}" for n in range(1, 7)} | {f"附件1-{n}" for n in range(1, 11)}


def test_the_measures_of_24号_are_not_mixed_with_the_rules_above_them() -> None:
    assert provision("京平政发〔2019〕24号", "第十七条").text.startswith(
        "第十七条 支持高层次人才进入平谷工作。"
    )
    assert provision(RULES_2019, "第十七条").text.startswith(
        "第十七条加强重大决策事项前期的调查研究，按照“一线工作法”要求"
    )


def test_weights_of_the_chopped_table_stay_in_its_article() -> None:
    text = provision("京平政发〔2019〕24号", "第十九条").text
    assert "科技奖励的数量占比\n5\n" in text and "带动能力\n10\n" in text
