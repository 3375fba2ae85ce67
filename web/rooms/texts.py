"""The words of the frame that all pages beside the chat have, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoomTexts:
    """The strings of one language."""

    skip: str
    theme: str


ROOM_TEXTS = {
    "zh": RoomTexts(skip="跳到正文", theme="切换明暗"),
    "en": RoomTexts(skip="Skip to the text", theme="Light or dark"),
}
