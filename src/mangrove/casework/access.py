"""The only way to reach a case, an attachment, a promise, a time limit or the holiday table.

Who may not know of a thing gets ``Http404``; who may see it but not act on it gets a :class:`Refusal`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.actions import permitted_step, role_names
from mangrove.casework.models import Attachment, Case, CaseAct, Clock, Promise
from mangrove.casework.permits import CALENDAR, PERMITS, Permit
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.workflow import Scope, Step, Workflow, available, workflow, workflows
from mangrove.ledger.refusals import Refusal
from mangrove.registry.labels import named
from mangrove.registry.models import User

Visitor = User | AnonymousUser

#: What further cases a room above opens to whom, by the room's name for it; see :func:`open_cases`.
_openings: dict[str, Callable[[User], Q]] = {}

#: The workflows that a room above opens by its own rule alone; see :func:`decide_cases`.
_decided: dict[str, Callable[[User], Q]] = {}


def open_cases(name: str, opening: Callable[[User], Q]) -> None:
    """Let a room above say which further cases some people may read: a deputy, the promises made to them."""
    _openings[name] = opening


def decide_cases(workflow_id: str, readable: Callable[[User], Q]) -> None:
    """Let a room above alone say who reads the cases of a workflow, so that its files follow its own pages."""
    _decided[workflow_id] = readable


def readable_cases(user: Visitor, of: Collection[Workflow] = ()) -> QuerySet[Case]:
    """The cases, of the workflows named or of all, that a user may know of.

    They are own ones, opened or acted on, those the roles open, and of the own organisation those of the workflows in
    which the roles take part.
    """
    if not isinstance(user, User) or not user.is_active:
        return Case.objects.none()
    flows = of or workflows()
    readable = opened_by_role(user, [flow for flow in flows if flow.id not in _decided])
    for flow in flows:
        if flow.id in _decided:
            readable |= Q(workflow=flow.id) & _decided[flow.id](user)
    return Case.objects.filter(readable)


def opened_by_role(user: User, flows: Collection[Workflow]) -> Q:
    """Of these workflows' cases, those that the person's roles open or in which they had a hand themselves."""
    every = Q(workflow__in=[flow.id for flow in flows])
    everything = [flow.id for flow in flows if reads_all(user, flow)]
    if len(everything) == len(flows):
        return every
    mine = Q(workflow__in=everything) | Q(owner=user) | Q(opened_by=user.username)
    if user.organisation_id:
        shared = [flow.id for flow in flows if takes_part(user, flow)]
        mine = Q(organisation__in=user.bodies, workflow__in=shared) | mine
    mine |= Q(Exists(CaseAct.objects.filter(case=OuterRef("pk"), by=user.username)))
    for opening in _openings.values():
        mine |= opening(user)
    return every & mine


def readable_promises(user: Visitor) -> QuerySet[Promise]:
    """The promises that a user may know of."""
    return Promise.objects.filter(Exists(readable_cases(user, of=[PROMISES]).filter(pk=OuterRef("case"))))


def reads_all(user: User, flow: Workflow) -> bool:
    wide = {role for step in flow.steps if step.scope == "anyone" for role in step.roles}
    return user.has_role(*flow.readers, *wide)


def takes_part(user: User, flow: Workflow) -> bool:
    """Whether a role of this person has a step in the workflow, or reads it."""
    return user.has_role(*flow.readers, *(role for step in flow.steps for role in step.roles))


def within(user: User, scope: Scope) -> Q:
    """The cases that a role of that scope reaches; an empty unit, on either side, stands for the whole organisation."""
    if scope == "anyone":
        return Q()
    own = Q(owner=user)
    if not user.organisation_id:
        return own
    same = Q(organisation__in=user.bodies)
    if scope == "unit" and user.unit:
        same &= Q(unit__in=["", user.unit])
    return own | same


def reaches(user: User, case: Case, step: Step | Permit) -> bool:
    """The same as :func:`within`, for one loaded case and a step or permit."""
    if step.scope == "anyone" or case.owner_id == user.pk:
        return True
    if case.organisation_id not in user.bodies:
        return False
    return step.scope == "organisation" or not user.unit or case.unit in ("", user.unit)


def steps_for(user: Visitor, case: Case) -> list[Step]:
    """The steps this user may take on the case as it stands, in table order; for the buttons of a page."""
    if not isinstance(user, User) or not user.is_active or case.closed_on is not None:
        return []
    flow = workflow(case.workflow)
    return [step for step in available(flow, case.state, user.roles) if reaches(user, case, step)]


def access_case(user: Visitor, id: int, to: str = "read") -> Case:
    """The case, to ``read`` or for an act of its workflow. Raises ``Http404`` or :class:`Refusal`."""
    case = readable_cases(user).select_related("owner", "organisation").filter(pk=id).first()
    if case is None or not isinstance(user, User):
        raise Http404(_("没有办件“%(id)s”。") % {"id": id})
    if to != "read":
        refuse_out_of_reach(user, case, to)
    return case


def refuse_out_of_reach(user: User, case: Case, act: str) -> None:
    flow = workflow(case.workflow)
    step = permitted_step(flow, case, act, user.roles)
    if not reaches(user, case, step):
        holder = " ".join(filter(None, [named(case.organisation) if case.organisation else "", case.unit]))
        raise Refusal(
            _("此件由%(holder)s办理，您不能“%(label)s”。") % {"holder": holder or _("其他单位"), "label": step.label},
            code="casework.other_unit", where=case.title, rule=_("流程“%(flow)s”") % {"flow": flow.label}, remedy=_("如应由您办理，请先请对方改派。"),
        )  # fmt: skip


def access_attachment(user: Visitor, id: int) -> Attachment:
    """An attachment is reached by whoever may read its case. Raises ``Http404``."""
    found = Attachment.objects.filter(pk=id, case__in=readable_cases(user)).select_related("case").first()
    if found is None:
        raise Http404(_("没有附件“%(id)s”。") % {"id": id})
    return found


def access_promise(user: Visitor, id: int, to: str = "read") -> Promise:
    """A promise, to ``read``, for an act of its workflow, or to ``settle`` or ``add_evidence``.

    Raises ``Http404`` or :class:`Refusal`.
    """
    found = Promise.objects.filter(pk=id).first()
    if found is None:
        raise Http404(_("没有承诺“%(id)s”。") % {"id": id})
    if to in PERMITS:
        found.case = access_case(user, found.case_id)
        refuse_without_permit(user, found.case, to)
    else:
        found.case = access_case(user, found.case_id, to)
    return found


def access_clock(user: Visitor, id: int) -> Clock:
    """A time limit, to read; what may be done with it is for the room that started it. Raises ``Http404``.

    Time limits are matters of the house: who reads a case only because it was opened to them does not reach its clocks.
    """
    found = Clock.objects.filter(pk=id, case__in=readable_cases(user)).select_related("case").first()
    if found is None or not of_the_house(user, found.case):
        raise Http404(_("没有时限“%(id)s”。") % {"id": id})
    return found


def of_the_house(user: Visitor, case: Case) -> bool:
    """Whether this person deals with or oversees the case, rather than having it opened to them by :func:`open_cases`."""
    if not isinstance(user, User):
        return False
    flow = workflow(case.workflow)
    same = case.organisation_id in user.bodies
    return case.owner_id == user.pk or reads_all(user, flow) or (same and takes_part(user, flow))


def may_act(user: Visitor, case: Case, act: str) -> bool:
    """Whether the permit for ``act`` (a key of :data:`PERMITS`) covers this user and this case."""
    permit = PERMITS[act]
    return (
        isinstance(user, User)
        and user.is_active
        and user.has_role(*permit.roles)
        and reaches(user, case, permit)
    )


def refuse_without_permit(user: Visitor, case: Case, act: str) -> None:
    if may_act(user, case, act):
        return
    permit, holder = PERMITS[act], named(case.organisation) if case.organisation else ""
    raise Refusal(
        _("您不能办理“%(label)s”。") % {"label": permit.label},
        code="casework.not_permitted", where=case.title,
        remedy=_("由以下人员办理：%(roles)s。") % {"roles": permit.words(role_names(permit.roles), holder)},
    )  # fmt: skip


def may_change_calendar(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*CALENDAR.roles)


def refuse_calendar(user: Visitor) -> None:
    """Raises :class:`Refusal` for who may read the holiday table but not change it."""
    if not may_change_calendar(user):
        raise Refusal(
            _("您不能办理“%(label)s”。") % {"label": CALENDAR.label},
            code="casework.not_permitted", where=_("假日表"), remedy=_("由以下人员办理：%(roles)s。") % {"roles": role_names(CALENDAR.roles)},
        )  # fmt: skip
