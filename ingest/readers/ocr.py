"""The picture of a page in, its lines of text with their places out: PP-OCR by ONNX Runtime, never a download."""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.readers.columns import Piece
from ingest.readers.pictures import Picture, cut_points, seals_faded, turned
from ingest.readers.source import UnreadableFile

MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
MAX_THREADS = 4
LONGEST_SIDE = 2400  # pixels of the picture that lines are read from, at most: A4 at 200 dots an inch
DETECTOR_SIDE = 1280  # the same where lines are looked for
UNSURE = 0.85  # mean confidence below which a page is doubtful
LEAST_CONFIDENCE = 0.5
TALL = 1.5  # a line higher than wide by this much runs down, or the page lies on its side


@dataclass(frozen=True)
class Scan:
    """What was read in a picture: pieces of lines in pixels of the picture, and how sure the reading is (0 to 1)."""

    pieces: tuple[Piece, ...]
    confidence: float
    width: int
    height: int


@dataclass(frozen=True)
class _Box:
    text: str
    score: float
    corners: NDArray[np.float64]  # (4, 2): upper left, upper right, lower right, lower left


def read_picture(picture: Picture) -> Scan:
    """Return the text of a picture, whichever way up it lies; no pieces where it holds none.

    Raises UnreadableFile when the models that come with rapidocr are not there.
    """
    clean = seals_faded(picture)
    boxes = _read_tiles(clean)
    quarter = _quarter_turns(clean, boxes)
    if quarter:
        clean = turned(clean, quarter)
        boxes = _read_tiles(clean)
    height, width = clean.shape[:2]
    pieces = _straight_pieces(boxes)
    weights = [len(box.text) for box in boxes]
    sure = float(np.average([box.score for box in boxes], weights=weights)) if boxes else 0.0
    return Scan(tuple(pieces), sure, width, height)


def _read_tiles(picture: Picture) -> list[_Box]:
    """Read a long picture in parts, cut where nothing is printed, so that its type stays large enough."""
    boxes: list[_Box] = []
    tops = cut_points(picture)
    for top, bottom in itertools.pairwise(tops):
        boxes += [
            _Box(box.text, box.score, box.corners + np.array([0, top])) for box in _read(picture[top:bottom])
        ]
    return boxes


# The models write Chinese marks in half width: full width again where they touch a Chinese character.
FULL_WIDTH = str.maketrans("(),;:!?", "（），；：！？")
HAN = r"\u3400-\u9fff“”《》〔〕（）、。，；："
HALF_MARK = re.compile(rf"(?<=[{HAN}])[(),;:!?]|[(),;:!?](?=[{HAN}])|(?<=[\d%％])[),;](?=[{HAN}]|$)")


def full_width_marks(text: str) -> str:
    """Return `text` with the brackets and marks of Chinese sentences in full width, as they are printed."""
    for _ in range(3):  # a mark may touch another: 》(
        text = HALF_MARK.sub(lambda match: match[0].translate(FULL_WIDTH), text)
    return text


def _read(picture: Picture) -> list[_Box]:
    found = _engine()(np.ascontiguousarray(picture[:, :, ::-1]))
    if found.boxes is None or found.txts is None:
        return []
    return [
        _Box(full_width_marks(text.strip()), float(score), np.asarray(corners, dtype=np.float64))
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if text.strip()
    ]


@cache
def _engine() -> Any:
    folder = Path(_package_folder()) / "models"
    missing = [name for name in MODELS.values() if not (folder / name).is_file()]
    if missing:
        raise UnreadableFile(
            f"a scan, and the models to read it are missing ({', '.join(missing)}); reinstall rapidocr: make install."
        )
    from rapidocr import RapidOCR  # slow import, and only scans need it

    settings: dict[str, Any] = {f"{part}.model_path": str(folder / name) for part, name in MODELS.items()}
    settings |= {
        "Global.log_level": "critical",
        "Global.max_side_len": LONGEST_SIDE,
        "Global.text_score": LEAST_CONFIDENCE,
        "Global.use_cls": False,  # whole pages lie upside down, not single lines: see _quarter_turns
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTOR_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads(),
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    return RapidOCR(params=settings)


def _package_folder() -> str:
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise UnreadableFile("a scan, and rapidocr, which reads scans, is not installed; run make install.")
    return spec.submodule_search_locations[0]


def threads() -> int:
    """Return the number of threads that recognition may use: OMP_NUM_THREADS where set, else the cores, 4 at most."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(int(wanted) if wanted.isdigit() else MAX_THREADS, cores))


def _quarter_turns(picture: Picture, boxes: list[_Box]) -> int:
    """Return by how many quarters, counter-clockwise, a picture must be turned to stand upright."""
    if len(boxes) < 3:
        return 0
    tall = sum(_size(box)[1] > TALL * _size(box)[0] for box in boxes)
    quarters = (1, 3) if tall * 2 > len(boxes) else (0, 2)
    if quarters[0] == 0 and not _many_upside_down(picture, boxes):
        return 0
    return max(quarters, key=lambda quarter: _reads_down(turned(picture, quarter)))


def _size(box: _Box) -> tuple[float, float]:
    return (
        float(np.ptp(box.corners[:, 0])),
        float(np.ptp(box.corners[:, 1])),
    )


def _crops(picture: Picture, boxes: list[_Box]) -> list[Picture]:
    out = []
    for box in boxes:
        left, top = np.maximum(box.corners.min(axis=0), 0).astype(int)
        right, bottom = box.corners.max(axis=0).astype(int) + 1
        crop = picture[top:bottom, left:right, ::-1]
        if crop.size and crop.shape[1] > 2 * crop.shape[0]:
            out.append(np.ascontiguousarray(crop))
    return out


def _upside_down_share(picture: Picture, boxes: list[_Box]) -> float:
    crops = _crops(picture, sorted(boxes, key=lambda box: -_size(box)[0])[:12])
    if not crops:
        return 0.0
    engine = _engine()
    _, found = engine.cls_and_rotate(crops)
    return sum(label == "180" for label, _ in found.cls_res) / len(crops)


def _many_upside_down(picture: Picture, boxes: list[_Box]) -> bool:
    return _upside_down_share(picture, boxes) > 0.5


def _reads_down(picture: Picture) -> float:
    boxes = _read(picture)
    return 1 - _upside_down_share(picture, boxes) if boxes else 0.0


def _straight_pieces(boxes: list[_Box]) -> list[Piece]:
    """Return the boxes as pieces of level lines: a picture that is a little askew is turned by its long lines."""
    long = [box for box in boxes if _size(box)[0] > 8 * _size(box)[1] / 2]
    slopes = [
        (box.corners[1, 1] - box.corners[0, 1]) / max(1.0, box.corners[1, 0] - box.corners[0, 0])
        for box in long
    ]
    slope = float(np.median(slopes)) if slopes else 0.0
    return [_piece(box, slope) for box in boxes]


def _piece(box: _Box, slope: float) -> Piece:
    left = float(box.corners[[0, 3], 0].mean())
    right = float(box.corners[[1, 2], 0].mean())
    y = float(box.corners[:, 1].mean()) - slope * (left + right) / 2
    height = (
        float(
            np.linalg.norm(box.corners[3] - box.corners[0]) + np.linalg.norm(box.corners[2] - box.corners[1])
        )
        / 2
    )
    return Piece(box.text, left + slope * y, right + slope * y, y, height)
