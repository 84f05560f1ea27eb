"""Names of articles in English: 第三条第二款第（一）项 as Article 3, paragraph 2, item (1). What is no number of an article stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
PLACES = {"十": 10, "百": 100}
NUMBER = r"[零一二三四五六七八九十百]+|\d+"
#: The parts of a statute from the widest to the narrowest, by the character that closes their number.
PARTS: Mapping[str, str] = {
    "编": "Part", "章": "Chapter", "节": "Section", "条": "Article", "款": "paragraph", "项": "item", "目": "point",
}  # fmt: skip
ONE = re.compile(rf"第[（(]?({NUMBER})([A-Z]?)[）)]?([{''.join(PARTS)}])(?:之({NUMBER}))?")
SEVERAL = re.compile(rf"第({NUMBER})至第?({NUMBER})([{''.join(PARTS)}])")
ITEM = re.compile(r"[（(]([零一二三四五六七八九十百]+)[）)]")
#: Of a text of which we have only what others say of it.
UNSEEN = "条号未见"
UNSEEN_AS = re.compile(rf"{UNSEEN}(?:（([^）]*)）)?")
#: Where the name of an English part stands right behind other words or another part.
CLINGING = re.compile(r"(?<=[^\s(（])(?=(?:Parts?|Chapters?|Sections?|Articles?) \d)")


def in_english(article: str) -> str:
    said = UNSEEN_AS.sub(unseen, article)
    said = SEVERAL.sub(several, said)
    said = ONE.sub(one, said)
    said = ITEM.sub(lambda found: f" ({value(found[1])})", said)
    said = CLINGING.sub(" ", said).replace("、", ", ")
    return re.sub(r"\s+", " ", re.sub(r",\s*,", ",", said)).removeprefix(", ").strip()


def unseen(found: re.Match[str]) -> str:
    return f"article number not seen ({found[1]})" if found[1] else "article number not seen"


def one(found: re.Match[str]) -> str:
    """Smaller parts come behind larger ones with a comma."""
    number, letter, part, added = found.groups()
    said = f"({value(number)})" if part in "项目" else f"{value(number)}{letter}"
    comma = ", " if part in "款项目" else ""
    return f"{comma}{PARTS[part]} {said}" + (f"-{value(added)}" if added else "")


def several(found: re.Match[str]) -> str:
    first, last, part = found.groups()
    return f"{PARTS[part]}s {value(first)} to {value(last)}"


def value(number: str) -> int:
    """``一百二十三`` is 123; no statute has a thousand articles of one kind."""
    if number.isdigit():
        return int(number)
    total, digit = 0, None
    for sign in number:
        if sign in PLACES:
            total += (1 if digit is None else digit) * PLACES[sign]
            digit = None
        else:
            digit = DIGITS[sign]
    return total + (digit or 0)
