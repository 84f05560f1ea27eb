"""The only way to reach a window, an application, a paper or a receipt.

An applicant sees the applications of its own organisation and no others. The office sees what was handed in to it, never a
draft. Who may not know of a thing gets ``Http404``; who may see it but not act on it gets a :class:`Refusal`.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.actions import permitted_step
from mangrove.intake.models import Application, Opening, PaperFile, Submission
from mangrove.intake.publishing import Proposed, all_proposed, known, proposed
from mangrove.intake.workflow import APPLICANT, APPLICATION, OFFICER, READERS
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User

Visitor = User | AnonymousUser


def signed_in(user: Visitor) -> User:
    if not isinstance(user, User) or not user.is_active:
        raise Http404(_("请先登录。"))
    return user


def visible_openings(user: Visitor) -> QuerySet[Opening]:
    """Windows are public matters: whoever is signed in sees each."""
    signed_in(user)
    return Opening.objects.select_related("form", "office")


def access_opening(user: Visitor, id: str, to: str = "read") -> Opening:
    """The window, to ``read``, to ``start`` an application or to ``extend`` it."""
    found = visible_openings(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有申报窗口“%(id)s”。") % {"id": id})
    if to == "start":
        refuse_no_applicant(signed_in(user))
    if to == "extend" and not keeps(signed_in(user), found):
        raise not_permitted(found.title)
    return found


def may_apply(user: Visitor) -> bool:
    return (
        isinstance(user, User) and user.is_active and user.has_role(APPLICANT) and bool(user.organisation_id)
    )


def may_open(user: Visitor) -> bool:
    """Who may open a window for its own office."""
    return isinstance(user, User) and user.is_active and user.has_role(OFFICER) and bool(user.organisation_id)


def access_form(user: Visitor, name: str) -> Proposed:
    """A form as its file has it, for who may publish it and open windows for it."""
    if not may_open(signed_in(user)):
        raise not_permitted(_("申报表单"))
    if not known(name):
        raise Http404(_("没有申报表单“%(name)s”。") % {"name": name})
    return proposed(name)


def visible_forms(user: Visitor) -> list[Proposed]:
    """Every form of the folder, for the same people."""
    if not may_open(signed_in(user)):
        raise not_permitted(_("申报表单"))
    return all_proposed()


def public_openings(user: Visitor) -> QuerySet[Opening]:
    """What anybody may read of windows, where the house shows them outside; else who is signed in."""
    if not shown_outside() and not (isinstance(user, User) and user.is_active):
        return Opening.objects.none()
    return Opening.objects.select_related("form", "office")


def shown_outside() -> bool:
    return bool(settings.MANGROVE_PUBLIC_OPENINGS)


def access_public_opening(user: Visitor, id: str) -> Opening:
    found = public_openings(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有申报窗口“%(id)s”。") % {"id": id})
    return found


def keeps(user: User, opening: Opening) -> bool:
    """Whether this officer's office and unit make the formal check of the window."""
    same = user.has_role(OFFICER) and opening.office_id in user.bodies
    return same and (not opening.unit or not user.unit or user.unit == opening.unit)


def handled_by(user: User) -> Q:
    """The applications whose formal check is for this officer's office and unit."""
    if not (user.has_role(OFFICER) and user.organisation_id):
        return Q(pk__in=[])
    own = Q(opening__office__in=user.bodies)
    return own & Q(opening__unit__in=["", user.unit]) if user.unit else own


def own_applications(user: Visitor) -> QuerySet[Application]:
    """Those of the applicant's own organisation, drafts among them."""
    if not may_apply(user):
        return Application.objects.none()
    return complete(Application.objects.filter(organisation__in=user.bodies))  # type: ignore[union-attr]


def submitted_applications(user: Visitor) -> QuerySet[Application]:
    """What was handed in, for who checks it and who oversees that."""
    if not isinstance(user, User) or not user.is_active:
        return Application.objects.none()
    seen = Q() if user.has_role(*READERS) else handled_by(user)
    return complete(Application.objects.filter(seen, case__isnull=False))


def complete(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.select_related(
        "opening__form",
        "opening__office",
        "organisation",
        "case__owner",
        "case__organisation",
        "case__promise",
    )


def visible_applications(user: Visitor) -> QuerySet[Application]:
    """Every application that a person may know of."""
    if not isinstance(user, User) or not user.is_active:
        return Application.objects.none()
    handed_in = Q(case__isnull=False) & (Q() if user.has_role(*READERS) else handled_by(user))
    own = Q(organisation__in=user.bodies) if may_apply(user) else Q(pk__in=[])
    return complete(Application.objects.filter(own | handed_in))


def readable_cases(user: User) -> Q:
    """The cases of applications that a person reads, for casework's own lists and inbox."""
    return Q(application__in=visible_applications(user).values("pk"))


def access_application(user: Visitor, id: int, to: str = "read") -> Application:
    """The application, to ``read``, to ``write`` its draft, to ``submit`` it, or for a step of its workflow."""
    found = visible_applications(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有申报“%(id)s”。") % {"id": id})
    if to in ("write", "submit"):
        refuse_not_own(signed_in(user), found)
    elif to != "read":
        refuse_step(signed_in(user), found, to)
    return found


def refuse_not_own(user: User, application: Application) -> None:
    if not (may_apply(user) and application.organisation_id in user.bodies):
        raise not_permitted(application.title)


def refuse_step(user: User, application: Application, act: str) -> None:
    if application.case is None:
        raise Refusal(
            _("还没有提交，不能办理。"), code="intake.not_submitted", where=application.title,
            remedy=_("请先提交申报。"),
        )  # fmt: skip
    step = permitted_step(APPLICATION, application.case, act, user.roles)
    if APPLICANT in step.roles:
        refuse_not_own(user, application)
    elif not keeps(user, application.opening):
        raise not_permitted(application.title)


def not_permitted(where: str) -> Refusal:
    return Refusal(
        _("您不能办理这一件。"), code="intake.not_permitted", where=where,
        remedy=_("申报由申报单位填写、提交，形式审查由开设窗口的处室办理。"),
    )  # fmt: skip


def refuse_no_applicant(user: User) -> None:
    if not may_apply(user):
        raise Refusal(
            _("您的账号不能申报。"), code="intake.no_applicant", where=user.name,
            remedy=_("申报须用带“申报单位”角色、属于申报机构的账号；请向系统管理员申请。"),
        )  # fmt: skip


def access_submission(user: Visitor, id: int) -> Submission:
    """What was handed in, and its receipt."""
    found = Submission.objects.filter(pk=id, application__in=visible_applications(user)).first()
    if found is None:
        raise Http404(_("没有回执“%(id)s”。") % {"id": id})
    found.application = access_application(user, found.application_id)
    return found


def access_paper(user: Visitor, id: int, to: str = "read") -> PaperFile:
    """A file: to the applicant always, to the office once it was handed in."""
    found = PaperFile.objects.filter(pk=id, application__in=visible_applications(user)).first()
    if found is None:
        raise Http404(_("没有附件“%(id)s”。") % {"id": id})
    found.application = access_application(user, found.application_id, to=to)
    own = may_apply(user) and found.application.organisation_id in signed_in(user).bodies
    if not own and not found.enclosures.exists():
        raise Http404(_("没有附件“%(id)s”。") % {"id": id})
    return found


def opens_now(opening: Opening, at: datetime) -> str:
    """``before``, ``open`` or ``closed``, by this server's clock."""
    if at < opening.opens_at:
        return "before"
    return "open" if opening.is_open(at) else "closed"
