"""The words of the corpus desk by language."""

from __future__ import annotations

from web.desk.texts_en import EN
from web.desk.texts_zh import ZH
from web.desk.wording import DeskTexts

__all__ = ["DESK_TEXTS", "EN", "ZH", "DeskTexts"]

DESK_TEXTS = {"zh": ZH, "en": EN}
