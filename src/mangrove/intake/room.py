"""What intake registers with the house: navigation, the inbox is casework's, routes, and the words of its acts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.intake.access import may_apply, own_applications, submitted_applications
from mangrove.intake.naming import NAMES
from mangrove.intake.workflow import APPLICATION, OFFICER, READERS
from mangrove.ui.house import NavEntry, Room, once


def unfinished(user: Any) -> int | None:
    """How many drafts and open applications this organisation has."""
    if not may_apply(user):
        return None
    return once(user, "intake_mine", own_applications(user).filter(case__closed_on=None).count)


def to_check(user: Any) -> int | None:
    return once(user, "intake_open", submitted_applications(user).filter(case__closed_on=None).count)


def checks(user: Any) -> bool:
    return bool(user.has_role(OFFICER, *READERS))


def opening_address(id: str) -> str:
    return reverse("intake:opening", args=[id])


def application_address(id: str) -> str:
    return reverse("intake:application", args=[id])


ROOM = Room(
    id="intake",
    label=_("申报"),
    prefix="intake",
    urls="mangrove.intake.urls",
    navigation=(
        NavEntry(_("申报窗口"), "intake:openings", "programmes", order=10),
        NavEntry(_("我的申报"), "intake:mine", "programmes", order=11, count=unfinished, visible=may_apply),
        NavEntry(_("申报受理"), "intake:submissions", "programmes", order=12, count=to_check, visible=checks),
    ),
    addresses={"opening": opening_address, "application": application_address},
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
