"""What the pages of reviewing show, ready for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mangrove.casework.models import Clock
from mangrove.reviews.decisions import rounded
from mangrove.reviews.models import Assignment, Item, Round, Submission
from mangrove.reviews.results import Results, Reviewed
from mangrove.reviews.rubrics import Criterion, Rubric
from mangrove.reviews.rules import Rule
from mangrove.reviews.tables import field_words, parties_of, rank_words
from mangrove.reviews.workflow import LEFT
from mangrove.ui import house
from mangrove.ui.components import Fact, Tag
from mangrove.ui.languages import as_data, in_words
from mangrove.ui.naming import link_to


def round_facts(found: Round, results: Results) -> list[Fact]:
    rubric = results.rubric
    return [
        Fact(_("匿名方式"), found.get_mode_display()),
        Fact(_("评分表"), as_data(rubric.said), in_words(rubric.status)),
        Fact(_("每件专家数"), found.least, Rule(**found.rules["least_experts"]).words),
        Fact(_("截止日期"), found.due_on),
        Fact(_("件数"), len(results.items)),
        Fact(_("合成数据"), _("是") if found.synthetic else _("否")),
    ]


@dataclass(frozen=True)
class Told:
    """A rule as the page shows it: with its article, source, and 已核/待核."""

    rule: Rule

    @property
    def tag(self) -> Tag:
        return Tag(in_words(self.rule.status), "good" if self.rule.status == "已核" else "warn")

    @property
    def value(self) -> Any:
        return (
            self.rule.value
            if self.rule.key in ("least_experts", "unsuitable_at_most", "discrepancy")
            else None
        )


def rules_told(found: Round) -> list[Told]:
    return [Told(Rule(**kept)) for kept in found.rules.values()]


@dataclass(frozen=True)
class Weighed:
    criterion: Criterion

    @property
    def weight(self) -> str:
        """``3/10``, and as it is usually written."""
        percent = self.criterion.weight * 100
        return f"{percent}%" if percent.denominator == 1 else str(self.criterion.weight)


def criteria(rubric: Rubric) -> list[Weighed]:
    return [Weighed(one) for one in rubric.criteria]


def ahead(found: Round, act: str) -> list[str]:
    """What taking a step of the round will do."""
    results = Results(found)
    words = {
        "start": [
            _("%(n)s 件进入评审，此后评审件不能再改。") % {"n": len(results.items)},
            _("之后指派或抽取专家，每件至少 %(n)s 名。") % {"n": found.least},
        ],
        "close": [
            _("已提交 %(done)s 份，计入结果。") % {"done": results.done},
            _("还没交的 %(n)s 份终止，不计入。") % {"n": sum(one.waiting for one in results.items)},
        ],
        "release": [
            _("申报单位将看到各件的评审意见和理由，不写专家姓名。"),
            Rule(**found.rules["comments_released"]).words,
        ],
    }
    return words.get(act, [])


def dues(assignments: Iterable[Assignment]) -> dict[int, date]:
    """By case: the date that still has to be kept."""
    cases = [one.case_id for one in assignments]
    running = Clock.objects.filter(case__in=cases, met_on=None, due_on__isnull=False)
    kept = running.order_by("-due_on").values_list("case", "due_on")
    return {case: due for case, due in kept if due is not None}


def reasons(assignments: Iterable[Assignment]) -> dict[int, str]:
    """By case: why an expert left."""
    gone = [one.case for one in assignments if one.case.state in LEFT]
    found = {}
    for case in gone:
        last = case.acts.order_by("sequence").last()
        found[case.pk] = last.opinion if last else ""
    return found


def assigned_rows(results: Results, reviewed: Reviewed) -> list[dict[str, Any]]:
    due, why = dues(reviewed.assignments), reasons(reviewed.assignments)
    totals = {one.assignment_id: results.total_of(one) for one in results.standing}
    return [
        {
            "assignment": one, "due": due.get(one.case_id), "total": totals.get(one.pk), "reason": why.get(one.case_id),
        }
        for one in reviewed.assignments
    ]  # fmt: skip


def item_facts(user: Any, reviewed: Reviewed) -> list[Fact]:
    item = reviewed.item
    subject = house.names(user, {item.subject}).get(item.subject)
    return [
        Fact(_("评审编号"), item.code),
        Fact(_("来件"), link_to(subject) if subject else item.subject.id),
        Fact(_("匿名题目"), as_data(item.blind_title)),
        Fact(_("申报单位"), as_data(parties_of(reviewed))),
        Fact(_("所属方向"), field_words(item.fields)),
        Fact(
            _("平均分"),
            rounded(reviewed.mean) if reviewed.mean is not None else None,
            str(reviewed.mean or ""),
        ),
        Fact(_("名次"), rank_words(reviewed)),
    ]


@dataclass(frozen=True)
class Opinion:
    """One expert's marks and words; ``who`` is empty where the reader must not know."""

    who: str
    total: str
    comment: str
    marks: list[tuple[Weighed, int, str]]


def opinion(results: Results, one: Submission, who: str = "") -> Opinion:
    marks = [
        (Weighed(c), one.marks[c.id]["mark"], one.marks[c.id]["reason"]) for c in results.rubric.criteria
    ]
    return Opinion(who, rounded(results.total_of(one)), one.comment, marks)


def opinions(results: Results, item: Item) -> list[Opinion]:
    """For officers: with names."""
    mine = [one for one in results.standing if one.assignment.item_id == item.pk]
    return [opinion(results, one, one.assignment.expert.user.name) for one in mine]


def mark_rows(results: Results) -> Iterator[dict[str, Any]]:
    for one in results.standing:
        for criterion in results.rubric.criteria:
            entry = one.marks[criterion.id]
            yield {
                "code": one.assignment.item.code, "title": one.assignment.item.title,
                "expert": one.assignment.expert.user.name, "criterion": criterion.said,
                "weight": str(criterion.weight), "mark": entry["mark"], "reason": entry["reason"],
                "comment": one.comment,
            }  # fmt: skip
