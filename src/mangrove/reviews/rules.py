"""The default settings of reviewing as data (规则包), each with article, source and 已核/待核. None of them is in code.

A round keeps the entries as they stood when it was opened (``Round.rules``), so that it explains itself later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from mangrove.casework.limits import TextLoader
from mangrove.ui.languages import in_chinese

KEYS = frozenset(
    {
        "least_experts",
        "draw_by_lot",
        "same_legal_person",
        "unsuitable_at_most",
        "comments_released",
        "discrepancy",
    }
)


@dataclass(frozen=True)
class Rule:
    """One setting: its value as a whole number, and where it is taken from."""

    key: str
    what: str
    what_en: str
    value: int
    article: str
    article_en: str
    source: str
    status: str
    note: str
    note_en: str
    pack: str

    @property
    def said(self) -> str:
        return self.what if in_chinese() else self.what_en

    @property
    def words(self) -> str:
        """``国家自然科学基金条例（2024 修订）第二十条（默认设置，待核）``: what a refusal names as its rule."""
        article = self.article if in_chinese() else self.article_en
        status = _(self.status)
        return _("%(article)s（默认设置，%(status)s）") % {
            "article": article,
            "status": status[:1].lower() + status[1:],
        }

    @property
    def note_said(self) -> str:
        return self.note if in_chinese() else self.note_en


def defaults() -> dict[str, Rule]:
    """The settings of the house by key. Raises ``ImproperlyConfigured``, at the latest at start-up."""
    return rules_of(Path(settings.MANGROVE_RULEBOOKS) / "reviews" / "defaults.yaml")


@cache
def rules_of(path: Path) -> dict[str, Rule]:
    try:
        said = yaml.load(path.read_bytes(), TextLoader)  # noqa: S506 -- builds nothing but text, lists and maps
        pack = f"{said['pack']}@{said['version']}"
        found = [read_rule(entry, pack) for entry in said["rules"]]
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"评审规则包 {path} 读不懂或缺项：{error}。") from error
    return {rule.key: rule for rule in found}


def read_rule(entry: Mapping[str, str], pack: str) -> Rule:
    return Rule(**{**entry, "value": int(entry["value"]), "pack": pack})  # type: ignore[arg-type]


def refuse_missing_rules() -> None:
    """A setting that the pages rely on and no pack gives stops the start-up, not somebody's work."""
    if missing := sorted(KEYS - set(defaults())):
        raise ImproperlyConfigured(f"评审规则包缺少 {'、'.join(missing)}。")


def frozen() -> dict[str, Any]:
    """All settings as JSON, to be kept with a round."""
    return {key: asdict(rule) for key, rule in defaults().items()}


def rule_of(kept: Mapping[str, Any], key: str) -> Rule:
    """A setting as a round keeps it."""
    return Rule(**kept[key])
