"""Pictures of pages made ready to be read: seals faded, long ones cut between lines, turned upright."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (height, width, 3), RGB

RED_EXCESS = 40  # levels by which red outshines green and blue in a seal
LONG = 2.2  # times its width: a higher picture is read in parts
PART = 1.4
FLAT = 12  # levels that a row without print differs by


def turned(picture: Picture, quarters: int) -> Picture:
    """Return the picture turned counter-clockwise by `quarters` right angles."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def is_blank(picture: Picture) -> bool:
    """Say whether nothing is printed on the page, a few specks apart."""
    grey = picture.mean(axis=2)
    paper = np.median(grey)
    return bool((np.abs(grey - paper) > 60).mean() < 0.0003)


def cut_points(picture: Picture) -> list[int]:
    """Return the rows at which the parts of a picture begin, and its height: one part unless it is very long."""
    height, width = picture.shape[:2]
    if height <= LONG * width or width < 50:
        return [0, height]
    calm = np.ptp(picture.mean(axis=2), axis=1) < FLAT
    cuts, top = [0], 0
    while height - top > LONG * width:
        wanted = top + int(PART * width)
        window = range(wanted, max(top + width // 2, wanted - width // 2), -1)
        top = next((row for row in window if calm[row]), wanted)
        cuts.append(top)
    return [*cuts, height]


def seals_faded(picture: Picture) -> Picture:
    """Return the picture with round red seals made pale, so that the signature below them can be read.

    Only a red area about as wide as it is high, and large, is a seal; a red heading stays as it is.
    """
    import cv2

    red = picture[:, :, 0].astype(np.int16)
    other = np.maximum(picture[:, :, 1], picture[:, :, 2]).astype(np.int16)
    mask = ((red - other > RED_EXCESS) & (red > 110)).astype(np.uint8)
    if mask.sum() < 200:
        return picture
    _height, width = mask.shape
    reach = max(3, width // 120)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = picture.copy()
    for left, top, wide, high, _ in _round(stats, width):
        box = (slice(top, top + high), slice(left, left + wide))
        level = picture[box][:, :, 0]  # red ink is as bright as paper in the red channel, black ink is not
        stretched = np.where(mask[box] > 0, np.maximum(level, 245), level)
        out[box] = stretched[:, :, None]
    return out


def _round(stats: NDArray[Any], width: int) -> list[tuple[int, int, int, int, int]]:
    found = []
    for row in stats[1:]:
        left, top, wide, high, area = (int(value) for value in row)
        if 0.09 * width < wide < 0.4 * width and 0.75 < wide / high < 1.33 and area > 0.05 * wide * high:
            found.append((left, top, wide, high, area))
    return found
