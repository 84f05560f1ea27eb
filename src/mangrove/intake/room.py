"""What intake registers with the house: navigation, the inbox is casework's, routes, and the words of its acts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.intake.access import may_apply, may_open, own_applications, submitted_applications
from mangrove.intake.naming import NAMES
from mangrove.intake.searching import SEARCH
from mangrove.intake.workflow import APPLICATION, OFFICER, READERS, RETURNED
from mangrove.registry.roles import SUPPORTED
from mangrove.ui.house import NavEntry, Room, once


def unfinished(user: Any) -> int | None:
    """How many wait for this organisation itself: drafts, and what was sent back to be mended."""
    if not may_apply(user):
        return None
    waits = Q(case=None) | Q(case__state=RETURNED)
    return once(user, "intake_mine", own_applications(user).filter(waits).count)


def to_check(user: Any) -> int | None:
    return once(user, "intake_open", submitted_applications(user).filter(case__closed_on=None).count)


def checks(user: Any) -> bool:
    return bool(user.has_role(OFFICER, *READERS))


def opening_address(id: str) -> str:
    return reverse("intake:opening", args=[id])


def form_address(id: str) -> str:
    """Of ``benchmark@1`` the page of the form."""
    return reverse("intake:form", args=[id.partition("@")[0]])


def application_address(id: str) -> str:
    return reverse("intake:application", args=[id])


ROOM = Room(
    id="intake",
    label=_("申报"),
    prefix="intake",
    search=SEARCH,
    urls="mangrove.intake.urls",
    navigation=(
        NavEntry(_("申报窗口"), "intake:openings", "applications", order=10, roles=SUPPORTED),
        NavEntry(_("我的申报"), "intake:mine", "applications", order=11, count=unfinished, visible=may_apply),
        NavEntry(
            _("申报受理"), "intake:submissions", "applications", order=12, count=to_check, visible=checks
        ),
        NavEntry(_("申报表单"), "intake:forms", "applications", order=13, visible=may_open),
    ),
    addresses={"opening": opening_address, "form": form_address, "application": application_address},
    hangs={
        "intake.application.organisation": _("申报"),
        "intake.opening.office": _("申报窗口"),
    },
    names=NAMES,
    acts={
        "intake.publish_form": _("公布表单"),
        "intake.open_window": _("开设申报窗口"),
        "intake.extend_window": _("延长申报"),
        "intake.submit": _("提交申报"),
        f"{APPLICATION.id}.open": _("立件"),
        **{f"{APPLICATION.id}.{step.act}": step.label for step in APPLICATION.steps},
    },
)
