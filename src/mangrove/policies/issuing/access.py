"""The only way to reach a draft and its opinions: its organisation, and who oversees.

Who may not know of one gets ``Http404``, who may see it but not do the act a :class:`Refusal`.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import access_case, readable_cases
from mangrove.casework.models import Case
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.workflow import OFFICER
from mangrove.policies.issuing.guards import refuse_other_than_legal, refuse_own_office
from mangrove.policies.issuing.models import Draft, Opinion
from mangrove.policies.issuing.workflow import DRAFT, LEGALITY, OPEN, REVIEWERS_ACTS, SEEKING
from mangrove.registry.models import User

Visitor = User | AnonymousUser
#: What the drafters do without moving the draft, and in which states.
WORK = {"write": OPEN, "opine": (SEEKING,), "dispose": (SEEKING,)}


def readable_drafts(user: Visitor) -> QuerySet[Draft]:
    if not isinstance(user, User) or not user.is_active:
        return Draft.objects.none()
    cases = readable_cases(user, of=[DRAFT]).filter(pk=OuterRef("case"))
    return Draft.objects.filter(Exists(cases)).select_related("case__owner", "case__organisation", "base")


def access_draft(user: Visitor, id: UUID | str, to: str = "read") -> Draft:
    """To ``read``, to take a step of the workflow, or to do one of :data:`WORK`."""
    found = readable_drafts(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这份措施草案，或您无权知晓它。"))
    if to in WORK:
        refuse_no_drafter(user, found)
        refuse_wrong_state(found, to)
    elif to != "read":
        refuse_other_office(user, access_case(user, found.case_id, to=to), to)
    return found


def refuse_other_office(user: Visitor, case: Case, to: str) -> None:
    """A review is not for the office that drafted, and that of legality for one office alone; guards ask again."""
    unit = user.unit if isinstance(user, User) else ""
    if to in REVIEWERS_ACTS:
        refuse_own_office(unit, case)
    if to in REVIEWERS_ACTS and case.state == LEGALITY:
        refuse_other_than_legal(unit, case)


def access_opinion(user: Visitor, draft_id: UUID | str, id: int, to: str = "read") -> Opinion:
    draft = access_draft(user, draft_id, to=to)
    found = Opinion.objects.filter(pk=id, seeking__draft=draft).select_related("seeking").first()
    if found is None:
        raise Http404(_("没有这条意见。"))
    found.seeking.draft = draft
    return found


def drafts_it(user: Visitor, draft: Draft) -> bool:
    """Whether this person is of the office that drafts."""
    if not isinstance(user, User) or not user.is_active or not user.has_role(OFFICER):
        return False
    if draft.case.owner_id == user.pk:
        return True
    same = draft.case.organisation_id in user.bodies
    return same and (not user.unit or draft.case.unit in ("", user.unit))


def refuse_no_drafter(user: Visitor, draft: Draft) -> None:
    if not drafts_it(user, draft):
        raise Refusal(
            _("草案由起草处室的经办人办理。"), code="policies.not_permitted", where=draft.title,
            remedy=_("请交给%(unit)s的经办人。") % {"unit": draft.case.unit or _("起草处室")},
        )  # fmt: skip


def refuse_wrong_state(draft: Draft, to: str) -> None:
    if draft.case.state in WORK[to]:
        return
    state = DRAFT.state(draft.case.state).label
    remedy = _("须改正文的，请先“撤回修改”。") if to == "write" else _("意见只在征求意见期间登记和办理。")
    raise Refusal(
        _("现为“%(state)s”，不能办理。") % {"state": state}, code="policies.wrong_state", where=draft.title, remedy=remedy,
    )  # fmt: skip


def may_start(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(OFFICER) and bool(user.organisation_id)


def access_starting(user: Visitor) -> User:
    if isinstance(user, User) and may_start(user):
        return user
    raise Refusal(
        _("措施由经办人起草。"), code="policies.not_permitted", remedy=_("请交给业务处室的经办人。")
    )
