"""The seed corpus and the dictionary of the fuzz target: pieces of the corpus, finds of the past, the marks of 公文."""

from __future__ import annotations

import sys
from pathlib import Path

from config import PROJECT_ROOT

PIECE = 3000  # bytes
REGRESSIONS = Path(__file__).with_name("regressions")  # each once broke a promise
DOCUMENTS = Path(__file__).with_name("documents")  # as the offices of China write them
MARKS = (
    "第", "条", "章", "节", "编", "分编", "篇", "部分", "项", "款", "之一", "一、", "十一、", "（一）", "(二)", "（1）", "1.", "1)",
    "1.1 ", "1.1.1 ", "①", "Ⅰ", "a.", "附件1", "附件：1.", "附表1", "附", "目录", "总则", "附则", "问：", "答：", "抄送：", "印发",
    "特此通知。", "本办法自发布之日起施行。", "政发〔2023〕2号", "人民政府", "关于印发《", "》的通知", "2023年2月15日", "二〇二三年",
    "— 3 —", "第3页", "........1", "序号\t任务\n1\t", "\t", "\n\n", "# ", "#### ", "**", "- ", "---", "<sup>1</sup>", "<p>", "$\\geq",
    "\\", "“", "”", "《", "》", "【", "】", "专栏1", "修改为：“", "\u3000", "\ufeff",
)  # fmt: skip


def seeds() -> dict[str, bytes]:
    """Return the seeds by name: documents, regressions, and every tenth piece of each corpus file."""
    paths = [path for folder in (DOCUMENTS, REGRESSIONS) for path in sorted(folder.glob("*.txt"))]
    found = {path.name: path.read_bytes() for path in paths}
    for path in sorted((PROJECT_ROOT / "corpus").glob("*.txt")):
        data = path.read_bytes()
        for start in range(0, len(data), 10 * PIECE):
            found[f"{path.stem}-{start}"] = data[start : start + PIECE]
    return found


def dictionary() -> str:
    """Return MARKS as a fuzzer's dictionary: one quoted string a line, every byte written as \\xNN."""
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in mark.encode()) + '"\n' for mark in MARKS)


def main(folder: Path) -> None:
    """Write the seeds into `folder`, and the dictionary beside it, as <folder>.dict."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds().items():
        (folder / name).write_bytes(data)
    folder.with_suffix(".dict").write_text(dictionary(), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
