"""A character in, the one that is meant out: fonts share the glyphs of radicals and ideographs, so PDFs mix them up."""

from __future__ import annotations

import unicodedata

# Radicals of the supplement that look like a simplified or traditional ideograph; NFKC leaves them as they are.
SUPPLEMENT = dict(
    zip(
        "⺁⺃⺇⺈⺊⺋⺏⺐⺑⺒⺓⺔⺖⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乚几刀卜卩尣尢𡯂巳幺彑忄扌攵旡月母民氵氺灬爫爫丬犭王疋罒示礻竹糹纟罓罒罓羊羊羋耂肀聿月臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)  # fmt: skip
STROKES = {"㇐": "一", "㇑": "丨", "㇒": "丿", "㇔": "丶", "㇏": "乀", "㇚": "亅", "㇠": "乙"}
SPACES = dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " ")
LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
MEANT = {**SUPPLEMENT, **STROKES, **SPACES, **LIGATURES}


def unify(char: str) -> str:
    """Return the character that `char` stands for: 一 for the radical ⼀, fi for its ligature, others unchanged."""
    if char in MEANT:
        return MEANT[char]
    if "\u2f00" <= char <= "\u2fd5" or "\uf900" <= char <= "\ufaff":
        return unicodedata.normalize("NFKC", char)
    return char
