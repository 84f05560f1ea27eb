"""What an expert's pages show: nothing here reads who applied, unless the round is held under names."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.reviews import pages
from mangrove.reviews.access import own_assignments
from mangrove.reviews.decisions import total
from mangrove.reviews.models import Assignment, Expert, ItemFile, Submission
from mangrove.reviews.results import Results
from mangrove.reviews.rubrics import Criterion, read_rubric
from mangrove.reviews.tables import field_words, state_tag
from mangrove.reviews.workflow import READING, WAITING
from mangrove.ui.components import Fact
from mangrove.ui.languages import as_data, listed


class Desk:
    """An expert's assignments in the order of their codes, which are drawn at random."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def assignments(self) -> list[Assignment]:
        found = own_assignments(self.user).select_related("case", "item__round__bureau")
        return sorted(found, key=lambda one: (one.item.round_id, one.item.code))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        due, totals = pages.dues(self.assignments), self.totals
        return [
            {
                "uid": one.pk, "code": one.item.code, "title": one.item.shown_title, "round": one.item.round.title,
                "case": one.case, "due": due.get(one.case_id), "total": totals.get(one.pk),
            }
            for one in self.assignments
        ]  # fmt: skip

    @property
    def totals(self) -> dict[UUID, Any]:
        mine = Submission.objects.filter(assignment__in=self.assignments, standing=True)
        rubrics = {one.pk: read_rubric(one.item.round.rubric) for one in self.assignments}
        return {
            one.assignment_id: total(
                rubrics[one.assignment_id], {id: e["mark"] for id, e in one.marks.items()}
            )
            for one in mine
        }

    @property
    def waiting(self) -> list[Assignment]:
        return [one for one in self.assignments if one.case.state in WAITING]

    @property
    def given(self) -> int:
        """How many are the expert's to review, without those that were left."""
        return len(self.waiting) + self.done

    @property
    def done(self) -> int:
        return sum(one.case.state in ("submitted", "counted") for one in self.assignments)

    @property
    def first(self) -> UUID | None:
        return self.waiting[0].pk if self.waiting else None

    @cached_property
    def must_agree(self) -> bool:
        return Expert.objects.filter(user=self.user, agreed_on=None).exists()

    def following(self, found: Assignment) -> UUID | None:
        """The next that waits after this one, round the end; ``None`` when nothing else does."""
        others = [one for one in self.waiting if one.pk != found.pk]
        here = (found.item.round_id, found.item.code)
        later = [one for one in others if (one.item.round_id, one.item.code) > here]
        return (later or others)[0].pk if others else None


def reading(user: User, found: Assignment) -> dict[str, Any]:
    """The item as this expert may see it now."""
    desk, item = Desk(user), found.item
    open_ = found.case.state in READING
    results = Results(item.round)
    own = found.submissions.filter(standing=True).first()
    return {
        "found": found, "item": item, "desk": desk, "tag": state_tag(found.case), "readable": open_,
        "facts": facts(found), "files": files(found) if open_ else [], "following": desk.following(found),
        "opinion": pages.opinion(results, own) if own else None, "reopened": reopened(found),
    }  # fmt: skip


def facts(found: Assignment) -> list[Fact]:
    item = found.item
    due = pages.dues([found]).get(found.case_id)
    told = [
        Fact(_("评审编号"), item.code),
        Fact(_("轮次"), as_data(item.round.title)),
        Fact(_("所属方向"), field_words(item.fields)),
        Fact(_("截止日期"), due or _("无")),
        Fact(_("匿名方式"), item.round.get_mode_display()),
    ]
    if item.round.blind:
        return told
    return [*told, Fact(_("申报单位"), as_data(listed(named(party) for party in item.parties.all())))]


def reopened(found: Assignment) -> str:
    """Why the marks were given back, while they are."""
    last = found.case.acts.order_by("sequence").last()
    return last.opinion if last is not None and last.act == "reopen" else ""


def heading(criterion: Criterion) -> str:
    return f"{criterion.said} · {pages.Weighed(criterion).weight}"


def files(found: Assignment) -> list[dict[str, Any]]:
    return [
        {
            "name": file_name(found, one, number), "size": one.attachment.size,
            "href": reverse("reviews:file", args=[found.pk, number]),
        }
        for number, one in enumerate(found.item.files.select_related("attachment"), start=1)
    ]  # fmt: skip


def file_name(found: Assignment, one: ItemFile, number: int) -> str:
    """``48213-1.pdf``: of the uploader's name only the ending stays."""
    return f"{found.item.code}-{number}{Path(one.attachment.name).suffix.lower()}"
