"""What changed between two versions, for a page: the numbers by name, the words and rules of each article in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mangrove.policies.measures.articles import article_said
from mangrove.policies.measures.drawing import language, quotas
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.simulate.telling import Teller
from mangrove.rulebook.simulate.texts import (
    ArticleChange,
    PartChange,
    article_changes,
    constant_changes,
    measure_changes,
)
from mangrove.ui.languages import strung

CHANGES = {"added": gettext_lazy("新增"), "removed": gettext_lazy("删去"), "changed": gettext_lazy("修改")}
TONES = {"added": "good", "removed": "bad", "changed": "info"}
#: The parts of an article and of the head, as an officer calls them; a number may stand behind the first two.
PARTS: dict[str, str | LazyText] = {
    "when": gettext_lazy("条件"), "cap": gettext_lazy("上限"), "article": gettext_lazy("条号"), "text": gettext_lazy("条文"),
    "text_status": gettext_lazy("条文状态"), "for": gettext_lazy("对象"), "keep": gettext_lazy("取法"),
    "members": gettext_lazy("组成"), "amount": pgettext_lazy("of a clause", "金额"), "less": gettext_lazy("扣除"),
    "shares": gettext_lazy("分担"), "measure": gettext_lazy("措施名称"), "version.in_force": gettext_lazy("施行日"),
    "version.until": gettext_lazy("失效日"), "version.decided_by": gettext_lazy("以何日期定适用"),
    "version.status": gettext_lazy("状态"), "version.source": gettext_lazy("出处"), "quotas": gettext_lazy("名额"),
}  # fmt: skip
NUMBERED = re.compile(r"(when|cap)(\d+)", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One part that changed; ``change.pieces`` are drawn as they stand."""

    label: Any
    change: PartChange


@dataclass(frozen=True)
class Article:
    id: str
    article: str
    text: str
    change: Any
    tone: str
    parts: list[Part]


@dataclass(frozen=True)
class NumberChange:
    """A row of the table of numbers."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    numbers: list[NumberChange]
    frame: list[Part]
    articles: list[Article]

    @property
    def nothing(self) -> bool:
        return not (self.numbers or self.frame or self.articles)


def difference(old: Measure, new: Measure) -> Difference:
    articles = article_changes(old, new)
    numbers = list(number_changes(old, new, {one.id for one in articles if one.change != "changed"}))
    return Difference(numbers, list(frame(old, new)), [article(one) for one in articles])


def number_changes(old: Measure, new: Measure, whole: set[str]) -> Iterator[NumberChange]:
    """Not those of articles that came or went as a ``whole``: they are told with the article."""
    teller = Teller(new.vocabulary, language())
    for one in constant_changes(old, new):
        if one.name.partition(".")[0] not in whole:
            yield NumberChange(number_label(one.name), teller.constant(one.old), teller.constant(one.new))


def number_label(name: str) -> str:
    """A parameter by its name; a number written in an article by the article, the part and its place: ``park 上限``."""
    clause, dot, part = name.partition(".")
    part, _mark, place = part.partition("#")
    if not dot:
        return name
    words = _("%(clause)s %(part)s") % {"clause": clause, "part": part_label(part)}
    return _("%(words)s（第 %(n)s 个数）") % {"words": words, "n": place} if place else words


def frame(old: Measure, new: Measure) -> Iterator[Part]:
    for one in measure_changes(old, new):
        if not one.part.startswith("quotas."):  # told below, in words
            yield Part(part_label(one.part), one)
    before, after = strung(quotas(old)), strung(quotas(new))
    if before != after:
        yield Part(PARTS["quotas"], PartChange("quotas", before, after))


def article(one: ArticleChange) -> Article:
    parts = [Part(part_label(each.part), each) for each in one.parts]
    return Article(
        one.id,
        article_said(one.clause.article),
        one.clause.text,
        CHANGES[one.change],
        TONES[one.change],
        parts,
    )


def part_label(part: str) -> Any:
    if found := NUMBERED.fullmatch(part):
        return _("%(part)s %(n)s") % {"part": PARTS[found[1]], "n": found[2]}
    if part.startswith("definitions."):
        return _("定义“%(name)s”") % {"name": part.partition(".")[2]}
    return PARTS.get(part, part)
