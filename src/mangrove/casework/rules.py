"""The city's rules of objections, complaints and reports, of corrections and of keeping: read from ``rulebooks/casework``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.casework.sniffing import KINDS, Kind
from mangrove.ui.languages import in_chinese


@dataclass(frozen=True)
class Paper:
    """One thing that must come with an objection, a complaint or a report."""

    id: str
    zh: str
    en: str

    @property
    def said(self) -> str:
        return self.zh if in_chinese() else self.en


@dataclass(frozen=True)
class GrievanceRule:
    """Of one of the three: who, about what, when, to which office, with which papers, by which rule."""

    id: str
    who: tuple[str, str]
    about: tuple[str, str]
    when: tuple[str, str]
    role: str
    unit: str
    limit: str
    anonymous: bool
    papers: tuple[Paper, ...]
    cited: str

    def said(self, pair: tuple[str, str]) -> str:
        """The one of two wordings that this reader reads."""
        return pair[0 if in_chinese() else 1]


@dataclass(frozen=True)
class Rules:
    grievances: tuple[GrievanceRule, ...]
    correction_restarts: bool
    correction_cited: str
    scan_kinds: tuple[Kind, ...]
    scans_at_most: int
    reopening_restarts: bool
    reopening_cited: str
    delegated_days: int
    delegation_cited: str
    months_kept: int
    items_at_most: int
    retention_cited: str

    def grievance(self, kind: str) -> GrievanceRule:
        """The rule of that id; raises ``StopIteration`` for one that the pack does not have."""
        return next(rule for rule in self.grievances if rule.id == kind)


def rules() -> Rules:
    """The rules of this place. Raises ``ImproperlyConfigured`` where nobody has written any."""
    return rules_in(Path(settings.MANGROVE_RULEBOOKS) / "casework", settings.MANGROVE_JURISDICTION)


@cache
def rules_in(folder: Path, jurisdiction: str) -> Rules:
    for path in sorted(folder.glob("*.yaml")):
        try:
            said = yaml.safe_load(path.read_text(encoding="utf-8"))
            if said["jurisdiction"] == jurisdiction:
                return from_data(said)
        except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
            raise ImproperlyConfigured(
                f"规则包 {path} 读不懂或缺项：{error}。请对照 shenzhen.yaml 补齐。"
            ) from error
    raise ImproperlyConfigured(f"{folder} 里没有{jurisdiction}的规则包。请仿照 shenzhen.yaml 写一份。")


def from_data(said: dict[str, Any]) -> Rules:
    correction, reopening, retention = said["correction"], said["reopening"], said["retention"]
    scans = said["scans"]
    return Rules(
        grievances=tuple(map(grievance, said["grievances"])),
        correction_restarts=correction["restarts"] == "是",
        correction_cited=cited(correction),
        scan_kinds=tuple(kind_of(name) for name in scans["kinds"]),
        scans_at_most=int(scans["at_most"]),
        reopening_restarts=reopening["restarts"] == "是",
        reopening_cited=cited(reopening),
        delegated_days=int(said["delegation"]["days_at_most"]),
        delegation_cited=cited(said["delegation"]),
        months_kept=int(retention["months_at_most"]),
        items_at_most=int(retention["items_at_most"]),
        retention_cited=cited(retention),
    )


def kind_of(extension: str) -> Kind:
    """Raises ``ValueError`` for a kind of file that nobody takes."""
    for kind in KINDS:
        if f".{extension}" in kind.extensions:
            return kind
    raise ValueError(f"不收 {extension} 这种文件")


def grievance(said: dict[str, Any]) -> GrievanceRule:
    who, about, when = ((said[key], said[f"{key}_en"]) for key in ("who", "about", "when"))
    return GrievanceRule(
        id=said["id"], who=who, about=about, when=when, role=said["role"], unit=said["unit"], limit=said["limit"],
        anonymous=said["anonymous"] == "受理", cited=cited(said),
        papers=tuple(Paper(paper["id"], paper["zh"], paper["en"]) for paper in said["papers"]),
    )  # fmt: skip


def cited(said: dict[str, str]) -> str:
    """A source with its 已核 or 待核, as a refusal cites it."""
    return f"{said['source']}（{said['status']}）"
