"""Organisations named in a letter: those the registry knows, and bureaus known by how their names end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from mangrove.documents.reading.lexicon import any_of, words

_TITLES = re.compile(r"《[^《》\n]*》")
_HAN = r"[\u4e00-\u9fff]"


@dataclass(frozen=True)
class OrganisationMention:
    """One mention; ``org_id`` is the registry's, "" when the name is not in the registry (未入册)."""

    start: int
    end: int
    text: str
    org_id: str

    @property
    def in_registry(self) -> bool:
        """Whether the registry knows the name."""
        return bool(self.org_id)


def find_organisations(
    text: str, names: Mapping[str, str], *, own_city: bool = False
) -> list[OrganisationMention]:
    """Every organisation named, in order; of names that overlap, the longest and then the registry's is taken.

    names: what the registry calls organisations, short and full, to their ids. Names in 《…》 titles are not mentions.
    own_city: the letter is of the registry's city, so that a name without its city (市教育局) means the registry's.
    """
    taken = [False] * len(text)
    for title in _TITLES.finditer(text):
        taken[title.start() : title.end()] = [True] * len(title[0])
    found = []
    for start, end, org_id in sorted(
        [*_known(text, names), *_by_ending(text)], key=lambda span: (span[0] - span[1], not span[2])
    ):
        if not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            sure = means_one_body(text[start:end]) or (own_city and _stands_apart(text, start))
            found.append(OrganisationMention(start, end, text[start:end], org_id if sure else ""))
    return sorted(found, key=lambda mention: mention.start)


def is_of(city: str, issuer: str) -> bool:
    """Whether a body is of the city: 深圳市水务局 is of 深圳; 吉林省水利厅 is not of the city 吉林."""
    return bool(city) and re.search(rf"{re.escape(city)}(?!省)", issuer) is not None


class Whose(StrEnum):
    """Whose letter it is: of the registry's own city, of somewhere else, or of a place that its names do not tell."""

    OWN = "own"
    OTHER = "other"
    UNKNOWN = "unknown"


def whose(home: str, *named: str) -> Whose:
    """Where a letter is from. ``named``: who issues and who signs it; either may bear the city that the other leaves out."""
    if any(is_of(home, name) for name in named):
        return Whose.OWN
    return Whose.OTHER if home and any(_is_elsewhere(name) for name in named) else Whose.UNKNOWN


def _is_elsewhere(name: str) -> bool:
    """杭州市经信局 and 国家数据局; 南山区教育局 is of whichever city has that district."""
    table = words("organisations")
    places = [place for place in table["places"] if place not in table["districts"]]
    begins = rf"{table['party']}(?:{table['other_place']}|{table['national']})"
    return bool(re.search(any_of(places), name) or re.match(begins, name))


def means_one_body(name: str) -> bool:
    """华为 and 深圳市教育局 mean one body wherever they stand; 市教育局 is another in each city."""
    table = words("organisations")
    if name in table["known"] or re.match(any_of(table["places"]), name):
        return True
    return re.fullmatch(table["own"], name) is None


def _stands_apart(text: str, start: int) -> bool:
    """Whether no name of a place runs into the name: 敦煌市教育局 is no bureau of ours."""
    head = text[max(0, start - 2) : start]
    after = any_of(words("organisations")["own_after"])
    return re.search(rf"(?:^|{after}|(?!{_HAN})[\s\S])$", head) is not None


def _known(text: str, names: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Places of the registry's names, the longest first."""
    usable = [name for name in names if len(name) > 1]
    if not usable:
        return []
    pattern = re.compile(any_of(usable))
    return [(match.start(), match.end(), names[match[0]]) for match in pattern.finditer(text)]


def _by_ending(text: str) -> Iterator[tuple[int, int, str]]:
    table = words("organisations")
    for pattern in _generic():
        for match in pattern.finditer(text):
            if not _is_a_word(match[0], table["not"]) and not re.fullmatch(table["incomplete"], match[0]):
                yield match.start(), match.end(), ""


def _is_a_word(name: str, exceptions: list[str]) -> bool:
    return any(name.endswith(word) for word in exceptions)


@cache
def _generic() -> tuple[re.Pattern[str], ...]:
    """A region and what it has (市交通运输局, 深圳市人大常委会选联任工委), a bureau's own name, a ministry's; companies; facilities."""
    table = words("organisations")
    sign = rf"(?!{any_of(table['not_inside'])})(?![{table['stops']}]){_HAN}"
    plain = rf"(?:(?![市省区县]){sign})"
    after = f"(?!{any_of(table['after'])})"
    named, bare = _region(table, sign)
    tail = rf"(?:{any_of(table['company_endings'])})?"
    department = rf"(?:{plain}{{2,8}}?{table['departments']})?"
    # 和 stands inside many bureaus' names (工业和信息化局), so whole names are tried before letters.
    core = rf"(?:{any_of(table['bodies'])}|{plain}{{0,14}}?{any_of(table['endings'])})"
    regional = rf"(?:{named}|{bare}){core}{tail}(?:{any_of(table['inner'])})*{after}{department}"
    partners = "|".join(table["partners"])
    proper = rf"(?:(?<=[、，与和由])|(?<={partners}))(?!{any_of(table['partners'])}){sign}{{2,12}}?{any_of(table['proper_endings'])}"
    offices = rf"{any_of(table['known'])}|{regional}|{proper}|{any_of(table['bodies'])}{after}"
    letters = rf"(?:(?![{table['stops']}]){_HAN})"
    companies = rf"{named}{letters}{{1,16}}?{any_of(table['company_endings'])}"
    facility = rf"{any_of(table['facilities'])}{after}(?!区)"
    facilities = rf"(?:{named}{plain}{{0,10}}?|{bare}(?<!我.)(?<!本.){plain}{{2,10}}?){facility}"
    purse = rf"{bare}{table['purses']}"
    handed = rf"{table['handed_to']}{_HAN}{{3,14}}?{table['departments']}{table['handling']}"
    return tuple(re.compile(pattern) for pattern in (offices, companies, facilities, handed, purse))


def _region(table: dict[str, list[str]], sign: str) -> tuple[str, str]:
    """A place by its name, with one more place below it; and 市, 区 alone."""
    free = rf"(?:(?<!{_HAN})|(?<={'|'.join(table['before_place'])}))"
    place = rf"{free}(?!{any_of(table['not_places'])})(?:(?![市省区县委]){sign}){{2,3}}?[省市区县]"
    below = rf"(?:(?:(?![市省区县]){sign}){{0,4}}?{any_of(table['levels'])})?"
    not_region = f"(?!{any_of(table['not_after_region'])})"
    named = rf"(?:(?<!届){any_of(table['places'])}[省市区县]?|{place}){not_region}(?:{below}{not_region})"
    bare = rf"(?<![{table['generic']}])[省市区县]{not_region}"
    return named, bare
