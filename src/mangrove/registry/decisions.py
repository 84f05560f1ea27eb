"""What follows from names alone: when two are the same, and how alike two are. Pure; a person decides on likeness."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.credit_code import check, read
from mangrove.registry.roles import ADMINISTRATORS, BY_ID
from mangrove.ui.languages import listed

ALIKE = 600
"""Likeness, in thousandths, below which a name that is no subsequence is not even a candidate."""


@dataclass(frozen=True)
class Candidate:
    """A known name that an unsure one may stand for. ``likeness`` in thousandths; ``contained``: one spells the other."""

    organisation: str
    text: str
    contained: bool
    likeness: int


def name_key(text: str) -> str:
    """What names are compared by: width and case folded, blanks dropped, so that （深圳） equals (深圳)."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def spells(short: str, long: str) -> bool:
    """Whether the characters of ``short`` occur in ``long`` in that order: 98 % of listed short names do so in their full one."""
    rest = iter(long)
    return all(character in rest for character in short)


def likeness(a: str, b: str) -> int:
    """Twice the matching characters over all characters, in whole thousandths, so that ties do not hang on rounding."""
    matched = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return 2000 * matched // (len(a) + len(b)) if a or b else 0


def candidates(name: str, known: Iterable[tuple[str, str]], limit: int = 5) -> list[Candidate]:
    """Organisations that ``name`` may mean, best first, one line each; ``known`` gives (organisation id, name).

    Names that contain it or that it contains come first, then by likeness. Never merges anything.
    """
    best: dict[str, Candidate] = {}
    for organisation, text in known:
        made = candidate(name_key(name), organisation, text)
        if made and (organisation not in best or rank(made) < rank(best[organisation])):
            best[organisation] = made
    return sorted(best.values(), key=rank)[:limit]


def candidate(key: str, organisation: str, text: str) -> Candidate | None:
    other = name_key(text)
    short, long = sorted((key, other), key=len)
    contained = len(short) >= 2 and spells(short, long)
    score = likeness(key, other)
    if not contained and score < ALIKE:
        return None
    return Candidate(organisation, text, contained, score)


def rank(found: Candidate) -> tuple[bool, int, str, str]:
    return (not found.contained, -found.likeness, found.text, found.organisation)


def sound_credit_code(text: str) -> str | None:
    """The normalised code, ``None`` for an empty one. Raises :class:`Refusal` listing every certain problem."""
    if not text.strip():
        return None
    wrong = [problem for problem in check(text) if problem.certain]
    if wrong:
        raise Refusal(
            "".join(problem.message for problem in wrong),
            code="registry.credit_code.wrong",
            where=_("统一社会信用代码“%(text)s”") % {"text": text},
            rule=_("GB 32100-2015、GB 11714-1997 校验码"),
            remedy=_("请对照营业执照或法人证书逐位核对；暂时查不到的可以留空。"),
        )
    return read(text).code


def known_roles(ids: Iterable[str]) -> list[str]:
    """Role ids in their own order, each once. Raises :class:`Refusal` for an unknown one or for none, or for two of the three administrators."""
    wanted = set(ids)
    unknown = sorted(wanted - set(BY_ID))
    if unknown or not wanted:
        what = (
            _("没有角色“%(unknown)s”。") % {"unknown": listed(unknown)}
            if unknown
            else _("账号至少要有一个角色。")
        )
        raise Refusal(
            what,
            code="registry.role.unknown",
            where=_("角色"),
            remedy=_("可用的角色：%(known)s。") % {"known": listed(BY_ID)},
        )
    refuse_two_administrators(wanted)
    return [id for id in BY_ID if id in wanted]


def refuse_two_administrators(wanted: set[str]) -> None:
    held = [BY_ID[id].label for id in ADMINISTRATORS if id in wanted]
    if len(held) > 1:
        raise Refusal(
            _("一个人不能同时是%(held)s。") % {"held": listed(held)}, code="registry.role.two_administrators", where=_("角色"),
            rule=_("三员分立：系统管理、安全管理、审计由不同的人担任"), remedy=_("请只留其中一个，其余另派人担任。"),
        )  # fmt: skip
