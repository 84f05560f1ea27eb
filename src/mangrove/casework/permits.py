"""Who may do what is no step of a workflow: settle a promise, add evidence, edit the holiday table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import Scope, Text


@dataclass(frozen=True)
class Permit:
    """Roles that may do a thing, and how far they reach: within the case's organisation, or to anyone's case."""

    label: Text
    roles: Collection[str]
    scope: Scope = "organisation"

    def words(self, roles: str, holder: str) -> str:
        """``市工业和信息化局的经办人``"""
        return (
            roles
            if self.scope == "anyone" or not holder
            else gettext("%(holder)s的%(roles)s") % {"holder": holder, "roles": roles}
        )


PERMITS: Mapping[str, Permit] = {
    "settle": Permit(_("落实承诺"), ("case_officer", "registrar")),
    "add_evidence": Permit(_("登记证据"), ("case_officer", "registrar")),
}

CALENDAR = Permit(_("修改假日表"), ("registrar", "sysadmin"), "anyone")
