"""Time limits as data (规则包): which rule holds on a business date, with its article, source and 已核/待核.

Packs are the YAML files of ``rulebooks/limits``; every scalar is read as text, duplicate and unknown keys are refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import in_chinese

Unit = Literal["工作日", "日", "月"]
REQUIRED = {
    "id", "key", "what", "what_en", "amount", "unit", "from", "from_en", "roll", "article", "article_en",
    "source", "status", "in_force", "until", "jurisdiction",
}  # fmt: skip
OPTIONAL = {"month_end", "extension", "notes"}
CHOICES = {
    "unit": get_args(Unit),
    "roll": ("顺延", "不顺延"),
    "month_end": ("取月末", "顺至次月首日"),
    "status": ("已核", "待核"),
}
NATIONAL = "全国"


@dataclass(frozen=True)
class Limit:
    """One rule. ``until`` is the first day on which it no longer holds, ``None`` while in force.

    ``extended_total`` is the longest the limit may be once extended, counted from the start in the rule's own
    unit; 0 when no extension is allowed. ``roll``: a last day that is no working day moves to the next one.
    """

    id: str
    key: str
    what: str
    what_en: str
    amount: int
    unit: Unit
    start_event: str
    start_event_en: str
    roll: bool
    clip_month_end: bool
    extended_total: int
    consent: str
    consent_status: str
    article: str
    article_en: str
    source: str
    status: str
    in_force: date
    until: date | None
    jurisdiction: str
    notes: str
    pack: str
    pack_hash: str

    @property
    def what_said(self) -> str:
        return self.what if in_chinese() else self.what_en

    @property
    def article_said(self) -> str:
        return self.article if in_chinese() else self.article_en

    def holds_on(self, day: date) -> bool:
        return self.in_force <= day and (self.until is None or day < self.until)

    def terms(self) -> dict[str, Any]:
        """The rule as JSON, kept with a clock so that it explains itself after the pack has changed."""
        dates = {
            "in_force": self.in_force.isoformat(),
            "until": self.until.isoformat() if self.until else None,
        }
        return asdict(self) | dates

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> Limit:
        until = date.fromisoformat(terms["until"]) if terms["until"] else None
        return cls(**{**terms, "in_force": date.fromisoformat(terms["in_force"]), "until": until})


class TextLoader(yaml.CBaseLoader):
    """Every scalar as text; a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"键 {twice[0]} 写了两次", node.start_mark)
        return super().construct_mapping(node, deep)


def bad_pack(path: Path, where: str, what: str) -> Refusal:
    return Refusal(
        f"时限规则包读不懂：{what}。", code="casework.bad_limits", where=f"{path.name} {where}".strip(),
        remedy="请对照同一文件夹内其他规则包改正。",
    )  # fmt: skip


def read_pack(path: Path) -> list[Limit]:
    """The rules of one pack file, in file order. Raises :class:`Refusal` naming the first fault."""
    raw = path.read_bytes()
    try:
        # TextLoader descends from the base loader, which builds nothing but text, lists and maps.
        said = yaml.load(raw, TextLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise bad_pack(path, "", str(error)) from error
    if not isinstance(said, dict) or set(said) != {"pack", "version", "rules"}:
        raise bad_pack(path, "", "须有且只有 pack、version、rules 三项")
    name, digest = f"{said['pack']}@{said['version']}", hashlib.sha256(raw).hexdigest()
    return [read_rule(path, rule, name, digest) for rule in said["rules"]]


def read_rule(path: Path, rule: dict[str, Any], pack: str, digest: str) -> Limit:
    where = f"规则 {rule.get('id', '？')}"
    check_keys(path, where, rule)
    extension = rule.get("extension") or {}
    try:
        return Limit(
            id=rule["id"], key=rule["key"], what=rule["what"], what_en=rule["what_en"],
            amount=positive(rule["amount"]), unit=cast(Unit, rule["unit"]),
            start_event=rule["from"], start_event_en=rule["from_en"],
            roll=rule["roll"] == "顺延", clip_month_end=rule.get("month_end", "取月末") == "取月末",
            extended_total=positive(extension["total"]) if extension else 0,
            consent=extension.get("consent", ""), consent_status=extension.get("consent_status", ""),
            article=rule["article"], article_en=rule["article_en"], source=rule["source"], status=rule["status"],
            in_force=date.fromisoformat(rule["in_force"]),
            until=date.fromisoformat(rule["until"]) if rule["until"] else None,
            jurisdiction=rule["jurisdiction"], notes=rule.get("notes", ""), pack=pack, pack_hash=digest,
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise bad_pack(path, where, str(error)) from error


def check_keys(path: Path, where: str, rule: dict[str, Any]) -> None:
    missing, extra = sorted(REQUIRED - set(rule)), sorted(set(rule) - REQUIRED - OPTIONAL)
    if missing or extra:
        raise bad_pack(path, where, f"缺少 {missing}，多出 {extra}")
    for key, allowed in CHOICES.items():
        if key in rule and rule[key] not in allowed:
            raise bad_pack(path, where, f"{key} 应为 {'、'.join(allowed)} 之一，不是“{rule[key]}”")


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(f"{text} 不是正整数")
    return number


def read_packs(folder: Path) -> list[Limit]:
    """All rules of a folder. Refuses a rule id used twice, and two rules of one matter in force on one day."""
    rules = [rule for path in sorted(folder.glob("*.yaml")) for rule in read_pack(path)]
    for index, rule in enumerate(rules):
        for other in rules[index + 1 :]:
            if rule.id == other.id or overlap(rule, other):
                raise bad_pack(folder, f"规则 {rule.id} 与 {other.id}", "编号相同，或同一事项同时有效")
    return rules


def overlap(one: Limit, other: Limit) -> bool:
    if (one.key, one.jurisdiction) != (other.key, other.jurisdiction):
        return False
    return one.holds_on(max(one.in_force, other.in_force)) and other.holds_on(
        max(one.in_force, other.in_force)
    )


@cache
def limits_of(folder: Path) -> tuple[Limit, ...]:
    """Packs are read once a process: a changed file takes effect at restart, so that one day sees one law."""
    return tuple(read_packs(folder))


def limit_in_force(key: str, on: date, *, jurisdiction: str = "") -> Limit:
    """The rule for a matter on a business date: the place's own (the city's, if none is named), else the national one.

    Raises :class:`Refusal`.
    """
    jurisdiction = jurisdiction or settings.MANGROVE_JURISDICTION
    known = [
        r for r in limits_of(Path(settings.MANGROVE_RULEBOOKS) / "limits") if r.key == key and r.holds_on(on)
    ]
    for place in (jurisdiction, NATIONAL):
        for rule in known:
            if rule.jurisdiction == place:
                return rule
    raise Refusal(
        _("%(on)s 没有关于“%(key)s”的时限规则（%(jurisdiction)s、%(national)s均无）。") % {"on": on, "key": key, "jurisdiction": jurisdiction, "national": NATIONAL},
        code="casework.no_limit", where=_("时限规则包"), remedy=_("请在 rulebooks/limits 中补上当时有效的规则及其出处。"),
    )  # fmt: skip
