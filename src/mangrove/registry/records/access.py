"""Who reads records: officers all of them, a firm its own, nobody else any. Who takes files of them in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.access import Visitor, refuse_stranger
from mangrove.registry.models import User
from mangrove.registry.records.models import KnownRecords, Record
from mangrove.registry.roles import ROLES
from mangrove.ui.languages import listed

#: Who keeps records, and sees what in them is about a person.
KEEPING = frozenset({"registrar", "case_officer", "payment_officer"})
#: Who decides, checks or audits by them.
READING = KEEPING | {"reviewer", "payment_approver", "signer", "chain_chief", "auditor"}
#: Who comes for an organisation, and reads what is known of it.
OWN = frozenset({"applicant", "operator"})


def reads_all(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*READING)


def reads_own(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and bool(user.organisation_id) and user.has_role(*OWN)


def reads_records(user: Any) -> bool:
    return reads_all(user) or reads_own(user)


def readable_records(user: Visitor) -> KnownRecords:
    """All versions that this reader may see."""
    if reads_all(user):
        return Record.objects.all()
    if isinstance(user, User) and reads_own(user):
        return Record.objects.filter(organisation__in=user.bodies)
    return Record.objects.none()


def readable_as_reader(user: Visitor) -> KnownRecords:
    """The same; raises ``Http404`` to whom no record is shown at all."""
    refuse_stranger(user)
    if not reads_records(user):
        raise Http404(_("没有这些记录。"))
    return readable_records(user)


def access_record(user: Visitor, entity: str, thing: UUID) -> KnownRecords:
    """The versions of one thing, the newest first. Raises ``Http404`` when unknown, and to whoever may not read it."""
    found = readable_as_reader(user).filter(entity=entity, thing=thing).order_by("-version")
    if not found.exists():
        raise Http404(_("没有这条记录。"))
    return found


def sees_personal(user: Visitor) -> bool:
    """A firm sees its own in full; of the officers those who keep the records."""
    return isinstance(user, User) and (user.has_role(*KEEPING) or not reads_all(user))


def may_import_records(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*KEEPING)


def access_importing_records(user: Visitor) -> User:
    """The user as one who may take a file in; raises :class:`Refusal` for other roles, ``Http404`` for strangers."""
    refuse_stranger(user)
    if isinstance(user, User) and may_import_records(user):
        return user
    raise Refusal(
        _("您的角色不能导入记录。"), code="registry.records.not_permitted", where=_("导入记录"),
        rule=_("记录由%(holders)s导入，何人何时导入都记在账本上") % {"holders": keepers()},
        remedy=_("请把文件转给上述角色导入。"),
    )  # fmt: skip


def access_keeping(user: Visitor, entity: str, thing: UUID) -> Record:
    """The newest version, to take the record out. Raises :class:`Refusal` to whoever may only read it."""
    found = access_record(user, entity, thing)[0]
    if may_import_records(user):
        return found
    raise Refusal(
        _("您的角色不能撤下记录。"), code="registry.records.not_permitted", where=_("撤下记录"),
        rule=_("记录由%(holders)s撤下，何人何时撤下都记在账本上") % {"holders": keepers()},
        remedy=_("请告诉上述角色这条记录有什么不对。"),
    )  # fmt: skip


def keepers() -> str:
    return listed(role.label for role in ROLES if role.id in KEEPING)
