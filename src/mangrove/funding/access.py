"""The only way to pots, awards, orders, runs and evidence. Money is read by who handles it in its own organisation, and by oversight."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.funding.models import Award, Evidence, PaymentOrder, PaymentRun, Pot, PriorMoney
from mangrove.funding.workflow import APPROVER, ORDER, PREPARER
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User, bodies_of
from mangrove.registry.roles import BY_ID
from mangrove.ui.languages import listed

Visitor = User | AnonymousUser
Row = TypeVar("Row", bound=Model)

OVERSIGHT = tuple(ORDER.readers)
HANDLERS = ("case_officer", PREPARER, APPROVER)
#: Who may do what, within their own organisation.
MAY = {
    "open_pot": (PREPARER,), "add_to_pot": (PREPARER,), "correct_pot": (APPROVER,), "withdraw_pot": (APPROVER,),
    "decide": ("case_officer",), "reduce": ("case_officer",), "recover": (PREPARER,), "confirm": ("case_officer",),
    "prepare": (PREPARER,), "approve": (APPROVER,), "cancel": (PREPARER, APPROVER), "send": (APPROVER,), "take_out": (APPROVER,),
    "receive": ("case_officer", PREPARER), "register": ("case_officer", PREPARER), "release": ("case_officer",),
    "take_receipts": (PREPARER,), "show_account": (PREPARER, APPROVER), "transfer": ("case_officer", PREPARER),
}  # fmt: skip


def handles(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*HANDLERS, *OVERSIGHT)


def may(user: Visitor, act: str) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(*MAY[act])


def access_act(user: Visitor, act: str) -> User:
    """The user as one who may do this somewhere. ``Http404`` for who has no part in money, else :class:`Refusal`."""
    if not handles(user):
        raise Http404(_("没有这一页，或您无权知晓它。"))
    if isinstance(user, User) and may(user, act):
        return user
    raise Refusal(
        _("您的角色不能办这一步。"), code="funding.not_permitted",
        rule=_("由%(roles)s办理") % {"roles": listed(BY_ID[role].label for role in MAY[act])},
        remedy=_("请交给上述角色办理。"),
    )  # fmt: skip


def access_receipts(user: Any) -> User:
    return access_act(user, "take_receipts")


def access_registering(user: Any) -> User:
    return access_act(user, "register")


def within(user: Visitor, rows: QuerySet[Row], organisation: str) -> QuerySet[Row]:
    """Of these rows, those this person may know of; ``organisation`` is the path to the organisation they belong to."""
    if not isinstance(user, User) or not handles(user):
        return rows.none()
    return rows if user.has_role(*OVERSIGHT) else rows.filter(**{f"{organisation}__in": user.bodies})


def readable_pots(user: Visitor) -> QuerySet[Pot]:
    return within(user, Pot.objects.all(), "organisation")


def readable_awards(user: Visitor) -> QuerySet[Award]:
    return within(user, Award.objects.select_related("pot", "recipient"), "pot__organisation")


def readable_orders(user: Visitor) -> QuerySet[PaymentOrder]:
    return within(
        user,
        PaymentOrder.objects.select_related("award__pot", "award__recipient"),
        "award__pot__organisation",
    )


def readable_runs(user: Visitor) -> QuerySet[PaymentRun]:
    return within(user, PaymentRun.objects.all(), "organisation")


def readable_evidence(user: Visitor) -> QuerySet[Evidence]:
    """Evidence counts across programmes, so whoever handles money sees where it counts."""
    return Evidence.objects.select_related("claimant") if handles(user) else Evidence.objects.none()


def readable_prior_money(user: Visitor) -> QuerySet[PriorMoney]:
    return PriorMoney.objects.all() if handles(user) else PriorMoney.objects.none()


def found(user: Visitor, rows: QuerySet[Row], to: str, **key: Any) -> Row:
    one = rows.filter(**key).first()
    if one is None:
        raise Http404(_("没有这一项，或您无权知晓它。"))
    if to != "read":
        access_act(user, to)
    return one


def access_pot(user: Visitor, code: str, to: str = "read") -> Pot:
    return found(user, readable_pots(user), to, code=code)


def access_award(user: Visitor, uid: UUID, to: str = "read") -> Award:
    return found(user, readable_awards(user), to, uid=uid)


def access_order(user: Visitor, number: str, to: str = "read") -> PaymentOrder:
    return found(user, readable_orders(user), to, number=number)


def access_run(user: Visitor, uid: UUID, to: str = "read") -> PaymentRun:
    return found(user, readable_runs(user), to, uid=uid)


def access_evidence(user: Visitor, id: int, to: str = "read") -> Evidence:
    """Everybody who handles money reads it; only the organisation that registered it lets it go."""
    one = found(user, readable_evidence(user), to, pk=id)
    if to == "release":
        refuse_other_organisation(user, one)
    return one


def registered_here(user: Visitor, one: Evidence) -> bool:
    """Whether it was registered by an account of this person's organisation, or by none that is known."""
    registered = Event.objects.filter(
        room=one.ref.room, kind=one.ref.kind, object_id=one.ref.id, act="funding.evidence.register"
    )
    by = User.objects.filter(username__in=registered.values("actor")).first()
    return by is None or (isinstance(user, User) and bodies_of(by.organisation_id) == user.bodies)


def refuse_other_organisation(user: Visitor, one: Evidence) -> None:
    if not registered_here(user, one):
        raise Refusal(
            _("这份凭据由别的单位登记，您不能释放。"), code="funding.other_organisation", where=one.number,
            rule=_("凭据由登记它的单位释放，别处才能再用"), remedy=_("请登记它的单位办理。"),
        )  # fmt: skip
