"""A dozen laws made up for tests: 编, 章, 节, 第十二条之一, lists and articles of several paragraphs."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from eval.laws import FILE_NAME
from ingest.numerals import to_chinese

SUBJECTS = "公园 河道 桥梁 集市 图书馆 消防水源 古树 校车 公共厕所 电梯 地名 健身设施".split()
PATHS = (  # of the third of articles that stands there
    (("第一章 总则",), ("第二章 规划与建设", "第一节 一般规定"), ("第三章 附则",)),
    (("第一编 通则", "第一章 总则"), ("第一编 通则", "第二章 管理"), ("第二编 责任与附则", "第三章 附则")),
    ((), (), ()),
)
DUTY = "市、区人民政府有关部门应当按照各自职责，做好{}的保护和管理工作，并将所需经费列入本级预算；乡镇人民政府予以协助。"
LIST = "有下列情形之一的，由{}主管部门责令改正，可以处二百元以上一千元以下罚款：\n（一）擅自占用或者拆除的；\n（二）未按照规定维护的；\n（三）法律、法规规定的其他情形。"
TWO = "{}的所有权人应当建立档案。\n档案应当载明建成年代、维修记录和使用情况，并在每年三月底以前报送主管部门备案。"
LONG = "任何单位和个人都有保护{}的义务，有权对损害行为进行劝阻和举报。接到举报的部门应当自接到举报之日起十五日内依法处理，并将处理结果告知举报人；不属于本部门职责的，应当在三日内移送有权处理的部门，不得推诿。"


def write_laws(folder: Path) -> Path:
    """Write the laws as the command reads them; return `folder`."""
    with gzip.open(folder / FILE_NAME, "wt", encoding="utf-8") as lines:
        for number, subject in enumerate(SUBJECTS):
            for record in _records(subject, PATHS[number % len(PATHS)]):
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return folder


def _records(subject: str, paths: tuple[tuple[str, ...], ...]) -> list[dict[str, object]]:
    labels = [f"第{to_chinese(number)}条" for number in range(1, 13)] + [
        "第十二条之一",
        "第十三条",
        "第十四条",
    ]
    texts = [template.format(subject) for template in (DUTY, LIST, TWO, LONG, DUTY)] * 3
    title = f"滨江市{subject}管理条例"
    return [
        {"law": title, "chapter": " / ".join(paths[place // 5]), "article": label, "text": text,
         "date": "2020-01-01", "file": title, "repo": "made/up"}
        for place, (label, text) in enumerate(zip(labels, texts, strict=True))
    ]  # fmt: skip
