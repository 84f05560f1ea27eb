"""The local rules of handling proposals, read from ``rulebooks/proposals/``. Nothing of them is in code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.ui.languages import in_chinese


@dataclass(frozen=True)
class SignOff:
    """Which ranks may sign which kind of reply, by which article."""

    id: str
    when: str
    when_en: str
    ranks: tuple[str, ...]
    source: str
    status: str

    @property
    def said(self) -> str:
        """Which replies it is about, in the reader's language."""
        return self.when if in_chinese() else self.when_en


@dataclass(frozen=True)
class Kind:
    """One kind of what comes in (建议, 提案): what its authors are called, and who gets a copy of the reply.

    ``limit`` is the key of the time limit by which a unit answers.
    """

    id: str
    person: str
    lead: str
    lead_en: str
    co_signers: str
    co_signers_en: str
    limit: str
    copies: tuple[str, ...]
    source: str

    @property
    def lead_words(self) -> str:
        """What the first of its authors is called, in the reader's language."""
        return self.lead if in_chinese() else self.lead_en

    @property
    def co_signer_words(self) -> str:
        return self.co_signers if in_chinese() else self.co_signers_en


@dataclass(frozen=True)
class Rules:
    """One jurisdiction's rules. ``rating_*``: the grades, and those that must be given with a reason."""

    jurisdiction: str
    sign_off: tuple[SignOff, ...]
    refreshed_figures: str
    result_classes: dict[str, str]
    result_classes_en: dict[str, str]
    result_classes_source: str
    openness_source: str
    contact_source: str
    numbers_source: str
    old_after_years: int
    authors: dict[str, Kind]
    grades: tuple[str, ...]
    grades_with_reason: frozenset[str]
    rating_source: str

    def sign_off_for(self, kind: str) -> SignOff:
        """The rule of that id; raises ``StopIteration`` for an id that :attr:`kinds` does not list."""
        return next(entry for entry in self.sign_off if entry.id == kind)

    def result_word(self, letter: str) -> str:
        """What a class of results means, in the reader's language; empty for a letter that is none."""
        words = self.result_classes if in_chinese() else self.result_classes_en
        return words.get(letter, "")

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Ids and words of the kinds of reply that sign-off tells apart."""
        return [(entry.id, entry.said) for entry in self.sign_off]


def rules() -> Rules:
    """The rules that the city names. Raises ``ImproperlyConfigured``, at the latest when the house opens."""
    return rules_of(
        Path(settings.MANGROVE_RULEBOOKS) / "proposals" / f"{settings.MANGROVE_PROPOSAL_RULES}.yaml"
    )


@cache
def rules_of(path: Path) -> Rules:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 -- CSafeLoader is safe
        return from_data(data)
    except FileNotFoundError as error:
        raise ImproperlyConfigured(
            f"没有建议办理的规则包 {path}。请仿照同一文件夹里的 shenzhen.yaml 写一份，"
            f"或改正 {settings.MANGROVE_CITY}/city.yaml 里的 proposals。"
        ) from error
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"规则包 {path} 读不懂或缺项：{error}。请对照 shenzhen.yaml 补齐。"
        ) from error


def from_data(data: dict[str, Any]) -> Rules:
    refreshed = data["refreshed_figures"]
    rating = data["rating"]
    return Rules(
        jurisdiction=data["jurisdiction"],
        sign_off=tuple(
            SignOff(e["id"], e["when"], e["when_en"], tuple(e["ranks"]), e["source"], e["status"])
            for e in data["sign_off"]
        ),
        refreshed_figures=f"{refreshed['rule']}——{cited(refreshed)}",
        result_classes={entry["id"]: entry["zh"] for entry in data["result_classes"]},
        result_classes_en={entry["id"]: entry["en"] for entry in data["result_classes"]},
        result_classes_source=cited(data["result_classes_source"]),
        openness_source=cited(data["openness"]),
        contact_source=cited(data["contact_before_review"]),
        numbers_source=cited(data["numbers_before_signing"]),
        old_after_years=int(data["old_figures"]["years"]),
        authors={entry["id"]: kind(entry) for entry in data["kinds"]},
        grades=tuple(rating["grades"]),
        grades_with_reason=frozenset(rating["reason_needed_for"]),
        rating_source=cited(rating),
    )


def kind(entry: dict[str, Any]) -> Kind:
    return Kind(
        id=entry["id"], person=entry["person"], lead=entry["lead"], lead_en=entry["lead_en"],
        co_signers=entry["co_signers"], co_signers_en=entry["co_signers_en"], limit=entry["limit"],
        copies=tuple(entry["copies"]), source=cited(entry),
    )  # fmt: skip


def cited(entry: dict[str, str]) -> str:
    """A source as refusals and pages cite it, always with its 已核/待核."""
    return f"{entry['source']}（{entry['status']}）"
