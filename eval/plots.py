"""Figures in, PNG plots out: labelled in Chinese where a CJK font is installed, else in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.scores import Summary

CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC")
BARS = ("right", "all_facts", "first_citation", "recall_at_10")
CHINESE = {
    "right": "答对", "all_facts": "要点齐全", "first_citation": "首条引用正确",
    "recall_at_10": "检索 recall@10",
    "share of questions": "占问题的比例", "latency (ms)": "回答用时（毫秒）", "questions": "问题数",
    "answer length (characters)": "答案长度（字）", "answers": "答案数", "k": "前 k 条",
    "recall@k of provisions": "条文 recall@k", "fused": "融合", "dense": "向量", "lexical": "词面",
}  # fmt: skip


def plot_groups(summaries: Mapping[str, Summary], path: Path) -> None:
    """Draw, for each group, a bar for each figure of BARS that the group defines."""
    width = 0.8 / len(BARS)
    with _canvas(path, wide=True) as axes:
        for place, name in enumerate(BARS):
            bars = [
                (index + (place - (len(BARS) - 1) / 2) * width, summary.figures[name])
                for index, summary in enumerate(summaries.values())
                if name in summary.figures
            ]
            axes.bar([x for x, _ in bars], [height for _, height in bars], width, label=_label(name))
        names = [f"{name} ({summary.questions})" for name, summary in summaries.items()]
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right")
        axes.set_ylim(0, 1.02)
        axes.set_ylabel(_label("share of questions"))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=len(BARS), frameon=False)


def plot_latencies(latencies: Sequence[float], path: Path) -> None:
    """Draw the histogram of milliseconds per answer."""
    _histogram(latencies, path, "latency (ms)", "questions")


def plot_lengths(lengths: Sequence[int], path: Path) -> None:
    """Draw the histogram of characters per answer."""
    _histogram(lengths, path, "answer length (characters)", "answers")


def plot_recall(curves: Mapping[str, Sequence[float]], ks: Sequence[int], path: Path) -> None:
    """Draw recall@k of the fused ranking, solid, and of each retriever's part, dashed."""
    with _canvas(path) as axes:
        for index, (name, values) in enumerate(curves.items()):
            axes.plot(ks, values, marker="o", linestyle="--" if index else "-", label=_label(name))
        axes.set_xscale("log")
        axes.set_xticks(ks, [str(k) for k in ks])
        axes.minorticks_off()
        axes.set_ylim(0, 1.02)
        axes.set_xlabel(_label("k"))
        axes.set_ylabel(_label("recall@k of provisions"))
        axes.grid(alpha=0.3)
        if curves:
            axes.legend(frameon=False)


def _histogram(values: Sequence[float], path: Path, x_label: str, y_label: str) -> None:
    with _canvas(path) as axes:
        axes.hist(values, bins=30)
        axes.set_xlabel(_label(x_label))
        axes.set_ylabel(_label(y_label))


@contextmanager
def _canvas(path: Path, *, wide: bool = False) -> Iterator[Axes]:
    """Give the axes of a new figure, and save it as `path` at the end."""
    font = _cjk_font()
    with rc_context({"font.family": [font, "sans-serif"] if font else ["sans-serif"]}):
        figure = Figure(figsize=(11, 5) if wide else (7, 4.2), dpi=120, layout="constrained")
        yield figure.subplots()
        figure.savefig(path, format="png")


def _cjk_font() -> str | None:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in installed), None)


def _label(text: str) -> str:
    return CHINESE.get(text, text) if _cjk_font() else text
