"""The expert pool: admit, change, suspend, reinstate, and the expert's own agreement to secrecy.

Each act is atomic and writes its event with all that the row holds afterwards, so that the row can be checked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.registry.roles import LEDGER_READERS
from mangrove.reviews.access import access_expert, access_office
from mangrove.reviews.models import Expert
from mangrove.reviews.workflow import OFFICER

#: The enum of the vocabulary whose words are fields of expertise.
FIELDS = "project_track"


@transaction.atomic
def admit(
    *, by: User, username: str, fields: Collection[str], active_from: date, active_until: date | None = None,
    agreed_on: date | None = None, on: date, why: str = "",
) -> Expert:  # fmt: skip
    """Take an account with the role of expert into the bureau's pool. Raises :class:`Refusal`."""
    bureau = access_office(by).organisation
    user = expert_account(username)
    refuse_too_knowing(user, bureau.pk)  # type: ignore[union-attr]
    refuse_bad_term(active_from, active_until)
    try:
        with transaction.atomic():
            made = Expert.objects.create(
                user=user, bureau=bureau, fields=known_fields(fields),  # type: ignore[misc]
                active_from=active_from, active_until=active_until, agreed_on=agreed_on,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(
            _("%(name)s已在本单位专家库里。") % {"name": user.name}, code="reviews.already_admitted", where=username,
            remedy=_("请在专家库里修改。"),
        ) from error  # fmt: skip
    return written(made, "admit", by=by, on=on, why=why)


def expert_account(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.has_role("expert"):
        raise Refusal(
            _("没有账号“%(name)s”，或它没有专家角色。") % {"name": username}, code="reviews.not_an_expert", where=_("账号"),
            remedy=_("请系统管理员先建账号并给予专家角色。"),
        )  # fmt: skip
    return user


def knows_applicants(user: User, bureau: str) -> bool:
    """Whether the account sees by another role what a blind round hides: an officer of that bureau, a reader of the ledger."""
    return user.has_role(*LEDGER_READERS) or (bureau in user.bodies and user.has_role(*OFFICER))


def refuse_too_knowing(user: User, bureau: str) -> None:
    if knows_applicants(user, bureau):
        raise Refusal(
            _("%(name)s 的账号另有经办、审计或系统管理的角色，看得到申报单位。") % {"name": user.name},
            code="reviews.too_knowing", where=_("账号"), rule=_("评审与经办、审计、系统管理分开"),
            remedy=_("请用只有专家角色的账号。"),
        )  # fmt: skip


def known_fields(ids: Collection[str]) -> list[str]:
    """The fields in the vocabulary's order. Raises :class:`Refusal` for an unknown one or for none."""
    words = vocabulary.enum(FIELDS).words
    unknown = sorted(set(ids) - set(words))
    if unknown or not ids:
        raise Refusal(_("请至少选一项专长，且都在词表中。"), code="reviews.bad_fields", where=_("专长"))
    return [id for id in words if id in ids]


def refuse_bad_term(active_from: date, active_until: date | None) -> None:
    if active_until is not None and active_until <= active_from:
        raise Refusal(_("聘期的终止日须晚于起始日。"), code="reviews.bad_term", where=_("聘期至"))


@transaction.atomic
def change(
    *, by: User, expert_id: int, fields: Collection[str], active_from: date, active_until: date | None,
    on: date, why: str = "",
) -> Expert:  # fmt: skip
    """Change the fields of expertise or the term."""
    found = locked(by, expert_id)
    refuse_bad_term(active_from, active_until)
    found.fields, found.active_from, found.active_until = known_fields(fields), active_from, active_until
    found.save()
    return written(found, "change_expert", by=by, on=on, why=why)


@transaction.atomic
def suspend(*, by: User, expert_id: int, on: date, why: str) -> Expert:
    """No new work for this expert; what is under way is recused item by item where it must be."""
    return set_suspended(locked(by, expert_id), True, "suspend", by=by, on=on, why=why)


@transaction.atomic
def reinstate(*, by: User, expert_id: int, on: date, why: str) -> Expert:
    return set_suspended(locked(by, expert_id), False, "reinstate", by=by, on=on, why=why)


def set_suspended(expert: Expert, to: bool, act: str, *, by: User, on: date, why: str) -> Expert:
    if not why.strip():
        raise Refusal(_("暂停或恢复专家须写明理由。"), code="reviews.needs_reason", where=_("理由"))
    if expert.suspended == to:
        what = _("这位专家已经暂停。") if to else _("这位专家没有暂停。")
        raise Refusal(what, code="reviews.same_standing", where=expert.user.name)
    expert.suspended = to
    expert.save(update_fields=["suspended"])
    return written(expert, act, by=by, on=on, why=why)


@transaction.atomic
def agree(*, by: User, on: date) -> list[Expert]:
    """The expert agrees to secrecy and to review in person, in every pool that holds them; again changes nothing."""
    mine = Expert.objects.select_for_update().filter(user=by, agreed_on=None).order_by("pk")
    agreed = list(mine)
    for one in agreed:
        one.agreed_on = on
        one.save(update_fields=["agreed_on"])
        written(one, "agree", by=by, on=on, why="")
    return agreed


def locked(by: User, expert_id: int) -> Expert:
    access_expert(by, expert_id)
    return Expert.objects.select_for_update(of=("self",)).select_related("user").get(pk=expert_id)


def written(expert: Expert, act: str, *, by: User, on: date, why: str) -> Expert:
    record(f"reviews.{act}", subject=expert.ref, by=by.actor, on=on, why=why, payload=kept(expert))
    return expert


def kept(expert: Expert) -> dict[str, Any]:
    """The row as the ledger writes it."""
    return {
        "username": expert.user.username,
        "bureau": expert.bureau_id,
        "fields": list(expert.fields),
        "active_from": expert.active_from.isoformat(),
        "active_until": expert.active_until.isoformat() if expert.active_until else None,
        "agreed_on": expert.agreed_on.isoformat() if expert.agreed_on else None,
        "suspended": expert.suspended,
    }
