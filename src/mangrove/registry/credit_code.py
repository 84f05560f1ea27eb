"""Unified social credit codes (统一社会信用代码): read, take apart, and check both check digits.

The standard's tables are in ``standards/credit_code.yaml``. A code carries two check digits: the 17th closes the
organisation code (positions 9-17), the 18th the whole. Checkers that test only the last one let a code pass whose
organisation code is impossible, so both are tested and each problem names its position.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

LENGTH = 18
INNER_FROM, INNER_AT = 9, 17


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a code. ``position`` counts from 1, 0 for the whole; ``certain`` is false for a doubt."""

    position: int
    kind: str
    message: str
    expected: str = ""
    certain: bool = True

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Reading:
    """A code as read: normalised text, and what was changed to get there, in words."""

    code: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """What a code says: who registered which kind of body, where, under which organisation code."""

    authority: str
    kind: str
    region: str
    organisation_code: str


@cache
def standard() -> Any:
    text = (Path(__file__).parent / "standards" / "credit_code.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)  # noqa: S506  the C build of the safe loader


def read(text: str) -> Reading:
    """Normalise width, case and spacing, and say what was changed; nothing else is altered or guessed."""
    changes = []
    narrow = unicodedata.normalize("NFKC", text)
    if narrow != text:
        changes.append(_("全角字符已转为半角"))
    packed = "".join(c for c in narrow if not (c.isspace() or c == "-" or unicodedata.category(c) == "Cf"))
    if packed != narrow:
        changes.append(_("空格或连字符已去除"))
    if packed.upper() != packed:
        changes.append(_("小写字母已转为大写"))
    return Reading(packed.upper(), tuple(changes))


def check(text: str) -> list[Problem]:
    """Everything wrong with a code, by position; empty when it is well formed. Reads it with :func:`read` first."""
    code = read(text).code
    if len(code) != LENGTH:
        return [
            Problem(
                0,
                "length",
                _("统一社会信用代码应为%(length)s位，现为%(n)s位。") % {"length": LENGTH, "n": len(code)},
                str(LENGTH),
            )
        ]
    if problems := wrong_characters(code):
        return problems
    return [*doubtful_registration(code), *wrong_region(code), *wrong_digits(code)]


def is_valid(text: str) -> bool:
    """No certain problem; doubts (an unlisted kind of body) do not count."""
    return not any(problem.certain for problem in check(text))


def parts(code: str) -> Parts:
    """Take a checked code apart; what the tables do not list reads 未列明."""
    authority = standard()["authorities"].get(code[0], {"name": _("未列明"), "kinds": {}})
    return Parts(
        authority["name"], authority["kinds"].get(code[1], _("未列明")), code[2:8], f"{code[8:16]}-{code[16]}"
    )


def wrong_characters(code: str) -> list[Problem]:
    allowed, mistaken = standard()["outer"]["characters"], standard()["mistaken_for"]
    problems = []
    for position, character in enumerate(code, start=1):
        if character not in allowed:
            likely = mistaken.get(character, "")
            hint = _("，是否为“%(likely)s”之误？") % {"likely": likely} if likely else _("。")
            problems.append(
                Problem(
                    position,
                    "character",
                    _("第%(position)s位“%(character)s”不是代码可用的字符%(hint)s")
                    % {"position": position, "character": character, "hint": hint},
                    likely,
                )
            )
    return problems


def doubtful_registration(code: str) -> list[Problem]:
    authority = standard()["authorities"].get(code[0])
    if authority is None:
        return [
            Problem(
                1,
                "authority",
                _("第1位登记管理部门“%(code)s”未列明，请核对。") % {"code": code[0]},
                certain=False,
            )
        ]
    if code[1] not in authority["kinds"]:
        message = _("第2位机构类别“%(code)s”在%(name)s登记的类别中未列明，请核对。") % {
            "code": code[1],
            "name": authority["name"],
        }
        return [Problem(2, "category", message, certain=False)]
    return []


def wrong_region(code: str) -> list[Problem]:
    for position in range(3, 9):
        if not code[position - 1].isdigit():
            return [
                Problem(
                    position,
                    "region",
                    _("第%(position)s位“%(code)s”应为数字：第3至8位是行政区划代码。")
                    % {"position": position, "code": code[position - 1]},
                )
            ]
    if code[2:4] not in standard()["provinces"]["codes"]:
        return [
            Problem(
                3,
                "region",
                _("第3至4位“%(code)s”不是省级行政区划代码。") % {"code": code[2:4]},
                certain=False,
            )
        ]
    return []


def wrong_digits(code: str) -> list[Problem]:
    problems = []
    inner, outer = inner_digit(code), outer_digit(code)
    if code[INNER_AT - 1] != inner:
        message = _("第%(place)s位应为“%(inner)s”，现为“%(code)s”：第9至17位组织机构代码的校验位不符。") % {
            "place": INNER_AT,
            "inner": inner,
            "code": code[INNER_AT - 1],
        }
        problems.append(Problem(INNER_AT, "inner", message, inner))
    if code[LENGTH - 1] != outer:
        message = _("第%(place)s位应为“%(outer)s”，现为“%(code)s”：全码校验位不符，前17位中也可能有误。") % {
            "place": LENGTH,
            "outer": outer,
            "code": code[LENGTH - 1],
        }
        problems.append(Problem(LENGTH, "outer", message, outer))
    return problems


def inner_digit(code: str) -> str:
    """The digit that closes positions 9-16 (GB 11714): 11 minus the weighted sum modulo 11; 10 is X, 11 is 0."""
    rule = standard()["inner"]
    rest = weighted(code[INNER_FROM - 1 : INNER_AT - 1], rule) % rule["modulus"]
    digit = (rule["modulus"] - rest) % rule["modulus"]
    return "X" if digit == 10 else str(digit)


def outer_digit(code: str) -> str:
    """The character that closes positions 1-17 (GB 32100): 31 minus the weighted sum modulo 31."""
    rule = standard()["outer"]
    rest = weighted(code[: LENGTH - 1], rule) % rule["modulus"]
    character: str = rule["characters"][(rule["modulus"] - rest) % rule["modulus"]]
    return character


def weighted(text: str, rule: Any) -> int:
    return sum(
        rule["characters"].index(character) * weight
        for character, weight in zip(text, rule["weights"], strict=True)
    )
