"""The only way to reach a definition or a value. Whoever is signed in reads every figure; few may state one."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.figures.models import Definition, Value
from mangrove.figures.values import readable_values
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.registry.roles import ROLES
from mangrove.ui.languages import listed

Visitor = User | AnonymousUser

#: Who may state a value: those who handle the figures of the bureau, check them, or report for the programme.
STATING = frozenset({"case_officer", "reviewer", "chain_chief"})


def may_state(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*STATING)


def access_definition(user: Visitor, id: str) -> Definition:
    """The definition, to read it. Raises ``Http404`` when unknown."""
    refuse_stranger(user)
    parts = ("concept", "numerator", "denominator")
    found = Definition.objects.select_related(*parts).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有指标“%(id)s”。") % {"id": id})
    return found


def access_value(user: Visitor, id: int) -> Value:
    """One revision of a value, to read it. Raises ``Http404`` when unknown."""
    refuse_stranger(user)
    found = readable_values().select_related("definition__concept").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这个数值。"))
    return found


def access_stating(user: Visitor) -> User:
    """The user as one who may state values; raises :class:`Refusal` for other roles, ``Http404`` for strangers."""
    refuse_stranger(user)
    if isinstance(user, User) and may_state(user):
        return user
    holders = listed(role.label for role in ROLES if role.id in STATING)
    raise Refusal(
        _("您的角色不能录入指标数值。"), code="figures.not_permitted", where=_("录入数值"),
        rule=_("数值由%(holders)s录入，何人何时录入都记在账本上") % {"holders": holders}, remedy=_("请把数值和来源转给上述角色录入；各人都可查看和核对。"),
    )  # fmt: skip


def is_reader(user: Visitor) -> bool:
    """Whoever is signed in reads every figure."""
    return bool(user.is_authenticated and user.is_active)


def refuse_stranger(user: Visitor) -> None:
    if not is_reader(user):
        raise Http404(_("请先登录。"))
