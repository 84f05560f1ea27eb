"""A measure on a page of the house: the words left, the compiled rule right, drawn by the rulebook's own pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mangrove.rulebook.documenting.clauses import clause_card
from mangrove.rulebook.documenting.clauses import quota as quota_words
from mangrove.rulebook.documenting.pages import definitions, inputs, parameters
from mangrove.rulebook.documenting.source import Source, text
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.markup import Content, content
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.reader import TEXT_STATUS
from mangrove.ui.languages import STRETCH, in_chinese, in_chinese_words, in_words, strung

TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True)
class Drawn:
    """``clauses`` and ``names`` are HTML; ``notes`` what the file says of itself, in its own words."""

    clauses: SafeString
    names: SafeString
    notes: tuple[str, ...]
    count: int


def drawn(source: Source) -> Drawn:
    say = saying(source.measure)
    cards = [clause_card(one, source, say) for one in source.measure.clauses]
    names = [part(source, say) for part in (parameters, definitions, inputs)]
    notes = (text(source.top.fields("version"), "note"), text(source.top, "note"))
    return Drawn(
        marked(cards), marked(names), tuple(one for one in notes if one), len(source.measure.clauses)
    )


def language() -> str:
    return "zh" if in_chinese() else "en"


def saying(measure: Measure) -> Saying:
    return Saying(measure, language())


def marked(inner: Content) -> SafeString:
    """HTML whose Chinese words are marked as Chinese where the reader reads English."""
    html = str(content(inner))
    if in_chinese():
        return SafeString(html)
    pieces = [piece if TAG.fullmatch(piece) else STRETCH.sub(spoken, piece) for piece in TAG.split(html)]
    return SafeString("".join(pieces))


def spoken(found: re.Match[str]) -> str:
    return str(in_chinese_words(found.group()))


def text_statuses(measure: Measure) -> str:
    """原文 2；转述 5: how many clauses stand word for word, and how many do not."""
    counted = Counter(one.text_status for one in measure.clauses)
    return strung(
        _("%(status)s %(n)s 条") % {"status": in_words(one), "n": counted[one]}
        for one in TEXT_STATUS
        if counted[one]
    )


def kinds_of(measure: Measure) -> list[str]:
    """The kinds of things for which it pays, or decides who qualifies, by id; each once, in the order of the clauses."""
    paid = measure.paid() or measure.clauses
    return list(dict.fromkeys(one.entity for one in paid))


def kind_label(measure: Measure, entity: str) -> str:
    kind = measure.vocabulary.entities[entity]
    return kind.zh if in_chinese() else kind.en


def pays_for(measure: Measure) -> str:
    """项目 3 条；机构 1 条: how many of its clauses pay for which kind of thing."""
    counted = Counter(one.entity for one in measure.paid() or measure.clauses)
    return strung(
        _("%(kind)s %(n)s 条") % {"kind": kind_label(measure, one), "n": counted[one]}
        for one in kinds_of(measure)
    )


def quotas(measure: Measure) -> list[str]:
    say = saying(measure)
    return [f"{one.of}：{quota_words(one, say)}" for one in measure.quotas]


def plain_kinds(measures: list[Measure]) -> list[tuple[str, Any]]:
    """Choices for a filter: every kind of thing for which one of these measures pays."""
    found = {one: kind_label(measure, one) for measure in measures for one in kinds_of(measure)}
    return sorted(found.items(), key=lambda pair: pair[1])
