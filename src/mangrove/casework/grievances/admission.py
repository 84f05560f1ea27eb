"""Whether an objection, a complaint, a report may be lodged: who, about what, when, with which papers, to which office."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from mangrove.casework.grievances.access import may_enter
from mangrove.casework.grievances.offices import refuse_own_affair
from mangrove.casework.notices.models import Notice, NoticeItem
from mangrove.casework.notices.workflow import OPEN, period_of
from mangrove.casework.rules import GrievanceRule, rules
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.languages import listed

if TYPE_CHECKING:
    from mangrove.casework.grievances.actions import From


@dataclass(frozen=True)
class Lodging:
    """What somebody wants to lodge."""

    kind: str
    by: User
    on: date
    content: str
    sender: From
    papers: frozenset[str]
    notice: Notice | None
    item: NoticeItem | None
    against: str
    against_unit: str
    unit: str


def admit(lodging: Lodging) -> None:
    """Raises :class:`Refusal` for the first thing that is wrong, naming the rule."""
    rule = rules().grievance(lodging.kind)
    refuse_anonymous(lodging, rule)
    refuse_missing_papers(lodging, rule)
    refuse_wordless(lodging, rule)
    if lodging.kind == "objection":
        refuse_not_own(lodging, rule)
        refuse_out_of_period(lodging, rule)
    refuse_nowhere(lodging, rule)
    business = lodging.notice.case.unit if lodging.notice else ""
    refuse_own_affair(lodging.unit, business, lodging.against_unit)
    refuse_other_office(lodging, rule)


def refuse(what: str, code: str, where: str, rule: GrievanceRule, remedy: str = "") -> Refusal:
    return Refusal(what, code=f"casework.{code}", where=where, rule=rule.cited, remedy=remedy)


def refuse_anonymous(lodging: Lodging, rule: GrievanceRule) -> None:
    sender = lodging.sender
    if rule.anonymous:
        return
    if sender.is_anonymous:
        raise refuse(
            _("匿名的不予受理。"), "anonymous", _("反映人"), rule, _("请写明反映人；身份只限受理处室知悉。")
        )
    if not sender.contact.strip() or not sender.address.strip():
        raise refuse(_("须写明联系地址和联系电话。"), "no_contact", _("联系电话"), rule)


def refuse_missing_papers(lodging: Lodging, rule: GrievanceRule) -> None:
    missing = [paper.said for paper in rule.papers if paper.id not in lodging.papers]
    if missing:
        what = _("还缺材料：%(papers)s。") % {"papers": listed(missing)}
        raise refuse(what, "missing_papers", _("所附材料"), rule, _("请补齐后再交。"))


def refuse_wordless(lodging: Lodging, rule: GrievanceRule) -> None:
    if not lodging.content.strip():
        raise refuse(_("须写明反映的内容。"), "no_content", _("内容"), rule)
    if lodging.kind == "complaint" and not lodging.against.strip():
        raise refuse(_("投诉须写明被投诉的工作人员或第三方机构。"), "no_target", _("反映的对象"), rule)
    if lodging.kind == "report" and lodging.item is None and not lodging.against.strip():
        raise refuse(_("举报须写明是哪个项目。"), "no_target", _("反映的对象"), rule)


def refuse_not_own(lodging: Lodging, rule: GrievanceRule) -> None:
    """Only the applicant itself objects, about its own published result."""
    item, sender = lodging.item, lodging.sender.organisation
    if lodging.notice is None or item is None or item.notice_id != lodging.notice.pk:
        raise refuse(_("异议须针对公示中的一项。"), "no_item", _("公示事项"), rule)
    own = sender is not None and item.applicant_id in sender.bodies
    if own and (may_enter(lodging.by, "objection") or item.applicant_id in lodging.by.bodies):
        return
    raise refuse(
        _("异议只能由申报单位本身就自己的公示结果提出。"), "not_own_result", _("公示事项"), rule,
        _("反映工作人员或第三方机构的行为，请用投诉；反映他人的项目违规，请用举报。"),
    )  # fmt: skip


def refuse_out_of_period(lodging: Lodging, rule: GrievanceRule) -> None:
    assert lodging.notice is not None
    notice, clock = lodging.notice, period_of(lodging.notice.case)
    if notice.case.state != OPEN or clock is None or clock.due_on is None or notice.published_on is None:
        raise refuse(
            _("这份公示不在公示中，不能提异议。"), "notice_closed", _("公示事项"), rule,
            _("反映工作人员或第三方机构的行为，请用投诉；反映他人的项目违规，请用举报。"),
        )  # fmt: skip
    if not notice.published_on <= lodging.on <= clock.due_on:
        what = _("异议须在公示期内提出：%(first)s 至 %(last)s。") % {
            "first": notice.published_on,
            "last": clock.due_on,
        }
        raise refuse(what, "out_of_period", _("业务日期"), rule)


def refuse_nowhere(lodging: Lodging, rule: GrievanceRule) -> None:
    """A notice says to which bureau it goes; without one it goes to that of the office that enters it."""
    if lodging.notice is None and not may_enter(lodging.by, lodging.kind):
        raise refuse(
            _("没有说明是哪份公示的事。"),
            "no_notice",
            _("公示"),
            rule,
            _("请从公示页提出，或书面送交受理处室。"),
        )


def refuse_other_office(lodging: Lodging, rule: GrievanceRule) -> None:
    """Who enters what came on paper enters it for their own office; another could not read it afterwards."""
    if may_enter(lodging.by, lodging.kind) and lodging.by.unit != lodging.unit:
        raise refuse(
            _("此件由%(unit)s受理，您不在该处室。") % {"unit": lodging.unit}, "other_unit", _("受理处室"), rule,
            _("请转该处室登记。"),
        )  # fmt: skip


def refuse_nobody_there(lodging: Lodging, people: Collection[User]) -> None:
    """To another office than the named one it goes only where somebody takes it up: it would stay open, and its notice too."""
    if people:
        return
    rule = rules().grievance(lodging.kind)
    raise refuse(
        _("%(unit)s没有受理此类事项的人员。") % {"unit": lodging.unit}, "nobody_there", _("受理处室"), rule,
        _("请写公示或规定所列的受理处室；须另行指定的，请先由系统管理员授予该处室人员受理的角色。"),
    )  # fmt: skip
