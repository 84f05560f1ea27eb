"""The only way to reach an organisation. Accounts and names are kept by ``mangrove account`` and ``mangrove organisation``."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import AccountChange, Merge, Organisation, Organisations, User
from mangrove.registry.roles import ADMINISTRATORS, ROLES
from mangrove.ui.languages import listed

Visitor = User | AnonymousUser

#: Who keeps the registry.
IMPORTING = frozenset({"registrar", "sysadmin"})


def readable_organisations(user: Visitor) -> Organisations:
    """Whoever is signed in reads every organisation."""
    known = user.is_authenticated and user.is_active
    return Organisation.objects.all() if known else Organisation.objects.none()


def access_organisation(user: Visitor, id: str) -> Organisation:
    """The organisation, to read it. Raises ``Http404`` when unknown, and to whoever is not signed in."""
    refuse_stranger(user)
    found = Organisation.objects.select_related("district", "merged_into").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有机构“%(id)s”。") % {"id": id})
    return found


def may_import(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*IMPORTING)


def access_importing(user: Visitor) -> User:
    """The user as one who may take a file in; raises :class:`Refusal` for other roles, ``Http404`` for strangers."""
    refuse_stranger(user)
    if isinstance(user, User) and may_import(user):
        return user
    holders = listed(role.label for role in ROLES if role.id in IMPORTING)
    raise Refusal(
        _("您的角色不能导入机构名录。"), code="registry.not_permitted", where=_("导入机构名录"),
        rule=_("名录由%(holders)s导入，何人何时导入都记在账本上") % {"holders": holders},
        remedy=_("请把文件转给上述角色导入。"),
    )  # fmt: skip


def refuse_stranger(user: Visitor) -> None:
    if not (user.is_authenticated and user.is_active):
        raise Http404(_("请先登录。"))


def reads_accounts(user: Visitor) -> bool:
    """The three administrators look at all accounts; what each of them may do is for the acts."""
    return isinstance(user, User) and user.is_active and user.has_role(*ADMINISTRATORS)


def readable_accounts(user: Visitor) -> QuerySet[User]:
    refuse_unless_administrator(user)
    return User.objects.all()


def access_account(user: Visitor, pk: int) -> User:
    """Somebody's account, to look at. Raises ``Http404`` to whoever is none of the three administrators."""
    found = readable_accounts(user).select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这个账号。"))
    return found


def access_account_change(user: Visitor, pk: int) -> AccountChange:
    refuse_unless_administrator(user)
    found = AccountChange.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这项账号变动。"))
    return found


def refuse_unless_administrator(user: Visitor) -> None:
    if not reads_accounts(user):
        raise Http404(_("没有这个账号。"))


def access_merging(user: Visitor) -> User:
    """The user as one who says that two entries are one; the same roles as those that take files in."""
    refuse_stranger(user)
    if isinstance(user, User) and may_import(user):
        return user
    raise Refusal(
        _("您的角色不能合并机构。"), code="registry.not_permitted", where=_("合并机构"),
        rule=_("合并由%(holders)s提出，另一人复核") % {"holders": listed(role.label for role in ROLES if role.id in IMPORTING)},
        remedy=_("请告诉上述角色是哪两家。"),
    )  # fmt: skip


def access_merge(user: Visitor, pk: int) -> Merge:
    access_merging(user)
    found = Merge.objects.select_related("kept", "other").filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这项合并。"))
    return found
