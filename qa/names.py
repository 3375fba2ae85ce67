"""Text in, the names in it out: posts, organs, persons and places, and Latin words among Chinese ones."""

from __future__ import annotations

import re
from functools import lru_cache

import rjieba

from qa.facts import plain, squashed

RANKS = (
    "区长 县长 市长 省长 镇长 乡长 州长 村长 部长 厅长 司长 局长 处长 科长 股长 院长 校长 园长 馆长 台长 所长 站长 队长 组长 班长 "
    "会长 社长 厂长 店长 行长 检察长 审判长 董事长 理事长 监事长 秘书长 主席 主任 书记 总理 总裁 总监 总经理 经理 委员长 总工程师"
).split()  # fmt: skip
POST = re.compile(rf"(?:常务副|第一副|副|代理?|原|前)?(?:{'|'.join(sorted(RANKS, key=len, reverse=True))})")
# A post as the one who acts: 区长离京外出; not as the one who is asked (向区长请假), nor in a name (区长办公会).
ACTS = re.compile(
    rf"(?<![向由报经请找跟对给受])({POST.pattern})(?=要|应|须|需|离|外出|出|休假|请假|因公|可|不|在|到|去|赴|负责|主持|召集|审|签|批|委托|必|带头|参加|本人)"
)
WITH_OTHERS = re.compile(rf"(?<![向由报经请找跟对给受])({POST.pattern})(?=[、和及或])")
ORGAN = re.compile(
    r".*(?:局|委|办|厅|院|公司|中心|委员会|街道|办事处|管理处|协会|学会|工会|妇联|银行|大学|学校|小组|指挥部|办公室|支队|大队)"
)
BARE = frozenset("局委办厅院")  # a token of its own belongs to the word before it: 城乡建设 / 委
LATIN = re.compile(r"[a-z][a-z0-9]+")
HAN = re.compile(r"[\u4e00-\u9fff]")

Names = frozenset[
    tuple[str, str]
]  # (post, 副区长), (organ, 财政局), (person, 张三), (place, 北京市), (latin, abc)


@lru_cache(4096)
def names_of(text: str) -> Names:
    """Return the names of a text; Latin words only where the text is Chinese."""
    text = plain(text)
    found = {("post", match[0]) for match in POST.finditer(text)}
    before = ""
    for word, tag in rjieba.tag(text):
        whole = before + word if word in BARE else word
        if len(whole) > 1 and HAN.match(whole):
            if ORGAN.fullmatch(whole) and not tag.startswith("v"):
                found.add(("organ", whole))
            elif tag in ("nr", "ns") and len(whole) <= 4:
                found.add(("person" if tag == "nr" else "place", whole))
        before = word
    if HAN.search(text):
        found |= {("latin", word) for word in LATIN.findall(text)}
    return frozenset(found)


def strange_names(claim: str, source: str) -> list[str]:
    """Return the names of a claim that its source does not hold; 副区长 is another than 区长."""
    body, posts = squashed(plain(source)), {name for kind, name in names_of(source) if kind == "post"}
    return sorted(
        name
        for kind, name in names_of(claim)
        if (name not in posts if kind == "post" else squashed(name) not in body)
    )


@lru_cache(4096)
def acting_posts(text: str) -> frozenset[str]:
    """Return the posts whose holders act in a text: 副区长 of 副区长离京外出要向区长请假, both of 镇长、主任离京外出."""
    found = set()
    for match in ACTS.finditer(text):
        before = re.split(r"[，。；：\s]", text[: match.start()])[-1]
        found |= {match[1], *(post for post in WITH_OTHERS.findall(before))}
    return frozenset(found)
