"""Lists in a letter: how many are named, and whether 等 says that there are more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.numerals import arabic_value, chinese_value

_ITEM_END = "，。；：！？\n,;（）()"
_AND = re.compile(r"以及|(?<=[^、]{2})[和及与](?=[^、]{2})")
_AND_MORE = re.compile(r"^(?:一大批|一批|诸多|众多|多个|多种|各类|各种)")

_INNER = re.compile(r"[\u4e00-\u9fff]{1,6}、")  # PCB等配件、小基站…: 等 inside one item
_RESTART = re.compile(r"[^、]{0,6}在(?=[^、]{2})")  # 分批次、分行业在甲、乙等: the list is what follows 在

#: In letters; a longer run without a stop is no list that a letter prints.
_LONGEST_LIST = 600

OPEN, CLOSED, UNKNOWN = "列举未尽", "列举已尽", "未说明"


@dataclass(frozen=True)
class Enumeration:
    """Named things: ``count`` of them, ``total`` if the letter states one, and what 等 means.

    ``completeness`` is 列举未尽 (a larger total, or 等一大批), 列举已尽 (as many as the total) or 未说明 (等 alone). ``of`` is
    what they are called together: 领域, 优势企业.
    """

    start: int
    end: int
    text: str
    items: tuple[str, ...]
    total: int | None
    of: str
    completeness: str

    @property
    def count(self) -> int:
        """How many are named."""
        return len(self.items)


def find_enumerations(text: str) -> list[Enumeration]:
    """Lists that end in 等 or in their total (甲、乙、丙三类), in order; a list inside an item is not counted apart."""
    found: list[Enumeration] = []
    for match in _list_end().finditer(text):
        if match["etc"] and not match["total"] and _INNER.match(text, match.end()):
            continue
        listed = _listed(text, match, found[-1].end if found else 0)
        if listed:
            found.append(listed)
    return found


@cache
def _list_end() -> re.Pattern[str]:
    table = words("enumerations")
    et_cetera = f"(?<!{_class(table['not_after'])})等(?!{_class(table['not_before'])})"
    total = rf"(?P<total>\d+|[两三四五六七八九十]+)(?={any_of(table['total_units'])})(?!大[运])"
    return re.compile(
        rf"(?P<etc>{et_cetera})(?P<after>{total})?|(?P<bare>[三四五六七八九十]+)(?=[类个大项种]|方面)"
    )


def _class(letters: list[str]) -> str:
    return "[" + "".join(letters) + "]"


def _listed(text: str, end: re.Match[str], floor: int) -> Enumeration | None:
    start = _clause_start(text, end.start(), floor)
    items = _items(text[start : end.start()])
    stated = end["total"] or end["bare"]
    total = _number(stated) if stated else None
    if len(items) < 2 or (end["bare"] and total != len(items)):
        return None
    after = text[end.end() : end.end() + 40]
    first = text.index(items[0], start)
    return Enumeration(
        start=first,
        end=end.end(),
        text=text[first : end.end()],
        items=items,
        total=total,
        of=_called(after),
        completeness=_completeness(len(items), total, after),
    )


def _clause_start(text: str, end: int, floor: int) -> int:
    place, floor = end, max(floor, end - _LONGEST_LIST)
    while place > floor and text[place - 1] not in _ITEM_END:
        place -= 1
    return place


def _items(listed: str) -> tuple[str, ...]:
    """The items between the commas 、, the first without what leads up to it, the last cut at 和."""
    if "、" not in listed:
        return ()
    parts = listed.split("、")
    restart = next((i for i in range(len(parts) - 1, 0, -1) if _RESTART.match(parts[i])), 0)
    parts = parts[restart:]
    parts[0] = _without_lead_in(parts[0])
    last = parts.pop()
    parts += [piece for piece in _AND.split(last) if piece]
    return tuple(part.strip() for part in parts if part.strip())


def _without_lead_in(first: str) -> str:
    hits = list(re.finditer(any_of(words("enumerations")["lead_ins"]), first))
    for hit in reversed(hits):
        if hit.end() < len(first):
            return first[hit.end() :]
    return first


def _number(printed: str) -> int:
    value = arabic_value(printed) if printed.isdigit() else chinese_value(printed)
    return int(value) if value is not None else 0


def _called(after: str) -> str:
    table = words("enumerations")
    match = re.match(
        rf"(?:一大批|一批|诸多|众多|多个|多种|各类|各种|各|{any_of(table['total_units'])})?([\u4e00-\u9fff]{{1,12}})",
        after,
    )
    return re.split(any_of(table["called_ends"]), match[1])[0] if match else ""


def _completeness(named: int, total: int | None, after: str) -> str:
    if total is not None:
        return CLOSED if total == named else OPEN
    return OPEN if _AND_MORE.match(after) else UNKNOWN
