"""What of personal data is shown to who need not see it: one function for each kind of field. Pure; an empty text stays empty."""

from __future__ import annotations

import re
from collections.abc import Callable

HIDDEN = "****"
#: What people write between the digits of a number.
GAP = r"[-–— \u00a0\u3000\t]{0,2}"
COUNTRY = rf"(?:\+|00)?86[)）]?{GAP}"
#: A mobile telephone, with or without the country; letters may touch it (Tel138…), more digits may not.
MOBILE = re.compile(rf"(?<![0-9])((?:{COUNTRY})?1[3-9][0-9]){GAP}[0-9]{{4}}{GAP}([0-9]{{4}})(?![0-9])")
#: The area stands in brackets or not; behind the country it has no 0.
AREA = rf"(?:{COUNTRY}[(（]?0?[1-9][0-9]{{1,2}}|0[0-9]{{2,3}})[)）]?"
LANDLINE = re.compile(rf"(?<![0-9])({AREA}{GAP}[0-9]{{3,4}}){GAP}[0-9]{{4}}(?![0-9])")
MAIL = re.compile(r"([\w.+%-])[\w.+%-]*(@[\w-]+(?:\.[\w-]+)+)")
IDENTITY = re.compile(
    rf"(?<![0-9])([0-9]{{3}})(?:{GAP}[0-9]){{11}}{GAP}([0-9]{GAP}[0-9]{GAP}[0-9]{GAP}[0-9Xx])(?![0-9])"
)
#: Account numbers of banks. A letter behind the digits makes it a credit code, which is public.
ACCOUNT = re.compile(r"(?<![0-9])(?:[0-9]{4} ?){3}[0-9 ]{0,4}([0-9]{4})(?![0-9A-Za-z])")
#: Full-width forms as they are matched, one character for one.
FOLDED = str.maketrans("０１２３４５６７８９＋－Ｘｘ", "0123456789+-Xx")


def contact(text: str) -> str:
    """138****5678, 0755-8888****, z***@example.cn; of what is none of these the first three characters."""
    masked = written(text)
    return masked if masked != text else text[:3] + HIDDEN if text else ""


def mail(text: str) -> str:
    """z***@example.cn"""
    return MAIL.sub(r"\1***\2", text)


def identity(text: str) -> str:
    """440***********1234: of whatever else identifies a person the first and the last two characters."""
    masked = replaced(IDENTITY, shortened_identity, text)
    if masked != text:
        return masked
    return text[:2] + HIDDEN + text[-2:] if len(text) > 4 else HIDDEN if text else ""


def shortened_identity(found: re.Match[str]) -> str:
    return found[1] + "*" * 11 + re.sub(GAP, "", found[2])


def bank_account(text: str) -> str:
    """The last four digits, which people compare."""
    return f"{HIDDEN}{text[-4:]}" if len(text) > 4 else HIDDEN if text else ""


def person(text: str) -> str:
    """The surname: 张**"""
    name = text.strip()
    return name[:1] + "**" if name else ""


def address(text: str) -> str:
    """Up to the district: 深圳市南山区****"""
    place = text.strip()
    found = re.match(r".{2,12}?[区县]", place)
    return (found.group() if found else place[:3]) + HIDDEN if place else ""


def written(text: str) -> str:
    """Words in which somebody may have written numbers of theirs: telephone, mail, identity, account; the words stay."""
    text = replaced(IDENTITY, shortened_identity, mail(text))
    text = replaced(MOBILE, lambda found: found[1] + HIDDEN + found[2], text)
    text = replaced(ACCOUNT, lambda found: HIDDEN + found[1], text)
    return replaced(LANDLINE, lambda found: found[1] + HIDDEN, text)


def replaced(number: re.Pattern[str], hide: Callable[[re.Match[str]], str], text: str) -> str:
    """Numbers in full-width digits are found as well; what is no number stays as it was written."""
    parts, at = list[str](), 0
    for found in number.finditer(text.translate(FOLDED)):
        parts += [text[at : found.start()], hide(found)]
        at = found.end()
    return "".join([*parts, text[at:]])
