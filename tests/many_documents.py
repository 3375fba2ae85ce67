"""As many documents as asked for, made of a few words: issuers, kinds, years and relations as a large corpus has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ingest.document import Document, Relation
from tests.fakes import document

PLACES = "东城 西城 朝阳 海淀 丰台 石景山 通州 顺义 大兴 昌平 房山 门头沟 怀柔 密云 延庆 平谷".split()
KINDS = "规则 办法 通知 通告 决定 方案 意见 细则".split()
SUBJECTS = "工作 会议 垃圾分类 道路交通 农村住房 大气污染防治 政务公开 招投标 义务教育 营商环境".split()
FIRST_DAY = date(1990, 1, 1)
PATTERN = document("第0号")  # whose text and provisions all of them have


def many_documents(count: int) -> tuple[Document, ...]:
    """Return `count` documents; every tenth repeals the one before it, every seventh has a term."""
    return tuple(_made(number) for number in range(count))


def _made(number: int) -> Document:
    place, kind = PLACES[number % len(PLACES)], KINDS[number // 3 % len(KINDS)]
    subject, day = SUBJECTS[number // 7 % len(SUBJECTS)], FIRST_DAY + timedelta(days=number % 12000)
    doc_no = f"{place[0]}政发〔{day.year}〕{number}号"
    before = f"{PLACES[(number - 1) % len(PLACES)][0]}政发〔{(day - timedelta(days=1)).year}〕{number - 1}号"
    repeals = Relation("repeals", doc_no, f"{doc_no}#第三条", before, None, before, day, "同时废止。")
    return replace(
        PATTERN, document_id=doc_no, doc_no=doc_no, title=f"{place}区{subject}{kind}（第{number}号）",
        issuer=f"北京市{place}区人民政府", issued_on=day, effective_on=day, kind=kind,
        relations=(repeals,) if number % 10 == 0 and number else (),
        expires_on=day + timedelta(days=1800) if number % 7 == 0 else None,
    )  # fmt: skip
