"""What the people of the applying organisation are told of the formal check: sent back, passed, refused."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.messages.actions import tell
from mangrove.intake.guards import mending_limit
from mangrove.intake.models import Application
from mangrove.intake.workflow import APPLICANT
from mangrove.registry.models import User, bodies_of

KINDS = {
    "intake.return": _("您单位的申报 %(number)s“%(what)s”已退回补正，请按所指各项改好后再交。"),
    "intake.return_by": _("您单位的申报 %(number)s“%(what)s”已退回补正，请于 %(due)s 前按所指各项改好再交。"),
    "intake.accept": _("您单位的申报 %(number)s“%(what)s”已通过形式审查，予以受理。"),
    "intake.refuse": _("您单位的申报 %(number)s“%(what)s”不予受理：%(why)s"),
}


def tell_applicants(application: Application, outcome: str, why: str) -> None:
    """Once for each end of a check; must be called in the transaction of the act."""
    opening = application.opening
    said = {"number": application.number, "what": opening.title, "what_en": opening.title_en, "why": why}
    clock = mending_limit(application.case) if outcome == "return" and application.case else None
    if clock and clock.due_on:
        outcome, said = "return_by", said | {"due": clock.due_on.isoformat()}
    tell(
        f"intake.{outcome}", to=applicants(application), key=f"{application.ref}/{outcome}/{application.rounds}",
        about=application.ref, href=reverse("intake:application", args=[application.pk]), **said,
    )  # fmt: skip


def applicants(application: Application) -> list[User]:
    people = User.objects.filter(organisation__in=bodies_of(application.organisation_id), is_active=True)
    return [user for user in people if user.has_role(APPLICANT)]
