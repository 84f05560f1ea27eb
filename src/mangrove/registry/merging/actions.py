"""Merging two entries of one body: proposed, decided on by a second person, undone. No row of another room is touched.

The guard of all three is the lock on both entries: an import, a correction of a code and another merge take the same one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.registry.access import access_merging
from mangrove.registry.actions import merged_away, required
from mangrove.registry.labels import said
from mangrove.registry.merging.holdings import came_since, hung_on
from mangrove.registry.models import Merge, Organisation, User
from mangrove.registry.records.answering import clashing
from mangrove.ui.languages import listed

#: Records that a refusal names.
NAMED = 5


@transaction.atomic
def propose(*, kept: str, other: str, by: User, on: date, why: str) -> Merge:
    """Say that two entries are one body, and which of them is to answer for it."""
    access_merging(by)
    why = required(why, _("理由"))
    one, two = locked(kept, other)
    refuse_two_bodies(one, two)
    if Merge.objects.filter(other=two, state="proposed").exists():
        raise Refusal(
            _("“%(name)s”已有一项合并等待复核。") % {"name": two.name}, code="registry.merge.waiting", where=two.name,
            remedy=_("请等另一人复核后再提。"),
        )  # fmt: skip
    made = Merge.objects.create(
        kept=one, other=two, why=why, proposed_by=by.username, proposed_by_name=by.name, proposed_on=on
    )
    told("propose", made, by, on, why)
    return made


@transaction.atomic
def confirm(*, merge: Merge, by: User, on: date, why: str = "") -> Merge:
    """From now on the kept entry answers for both. What differs since the proposal is refused."""
    merge = decided(merge, by, "confirmed", on, why)
    merge.hung = {"kept": hung_on(merge.kept), "other": hung_on(merge.other)}
    merge.save(update_fields=["hung"])
    Organisation.objects.filter(pk=merge.other_id).update(merged_into=merge.kept_id)
    told("confirm", merge, by, on, why, hung=counted(merge.hung))
    return merge


@transaction.atomic
def decline(*, merge: Merge, by: User, on: date, why: str) -> Merge:
    """They are two; the pair is not suggested again."""
    merge = decided(merge, by, "declined", on, required(why, _("理由")))
    told("decline", merge, by, on, why)
    return merge


@transaction.atomic
def undo(*, merge: Merge, by: User, on: date, why: str) -> Merge:
    """Both answer for themselves again. What each was given since stays with it, and the ledger says what that was."""
    access_merging(by)
    why = required(why, _("理由"))
    locked(merge.kept_id, merge.other_id)
    merge = state_of(merge, "confirmed", _("这项合并没有生效，或已经撤销。"))
    since = {side: came_since(merge.hung.get(side, {}), hung) for side, hung in hung_now(merge).items()}
    merge.state, merge.undone_by, merge.undone_by_name = "undone", by.username, by.name
    merge.undone_on, merge.undone_why = on, why
    merge.save()
    Organisation.objects.filter(pk=merge.other_id).update(merged_into=None)
    told("undo", merge, by, on, why, since=since)
    return merge


def hung_now(merge: Merge) -> dict[str, dict[str, list[str]]]:
    return {"kept": hung_on(merge.kept), "other": hung_on(merge.other)}


def counted(hung: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {side: {key: len(rows) for key, rows in by_key.items()} for side, by_key in hung.items()}


def locked(kept: str, other: str) -> tuple[Organisation, Organisation]:
    """Both entries, always locked in the order of their ids. Raises :class:`Refusal` for what is not there."""
    rows = Organisation.objects.select_for_update().filter(pk__in=[kept, other]).order_by("pk")
    found = {one.pk: one for one in rows}
    if len(found) != 2:
        raise Refusal(
            _("合并要两家不同的、名录中有的机构。"), code="registry.merge.two", where=f"{kept} {other}",
            remedy=_("请从疑似重复的列表里选。"),
        )  # fmt: skip
    return found[kept], found[other]


def refuse_two_bodies(kept: Organisation, other: Organisation) -> None:
    """What no second look can make one; asked again when it is confirmed, under the lock."""
    refuse_codes(kept, other)
    for one in (kept, other):
        if one.merged_into_id:
            raise merged_away(one)
    if other.merged.exists():
        raise Refusal(
            _("“%(name)s”名下已并入别的机构，不能再并入另一家。") % {"name": other.name},
            code="registry.merge.has_merged", where=other.name, rule=_("合并只有一层，才说得清、撤得回"),
            remedy=_("请反过来保留它；两家名下都有的，先撤销其中一项合并。"),
        )  # fmt: skip


def refuse_codes(kept: Organisation, other: Organisation) -> None:
    if kept.credit_code and other.credit_code:
        raise Refusal(
            _("两家的统一社会信用代码不同：%(kept)s，%(other)s。") % {"kept": kept.credit_code, "other": other.credit_code},
            code="registry.merge.codes", where=_("统一社会信用代码"), rule=_("一个代码是一个法人（GB 32100-2015）"),
            remedy=_("代码登记错了的，先更正代码；确是两家的，不能合并。"),
        )  # fmt: skip
    if other.credit_code:
        raise Refusal(
            _("“%(name)s”有统一社会信用代码，应当保留它。") % {"name": other.name},
            code="registry.merge.keep_code", where=_("统一社会信用代码"), remedy=_("请把保留的一家换过来。"),
        )  # fmt: skip


def refuse_same_records(kept: Organisation, other: Organisation) -> None:
    """Of one body there is one row for a year: a person says which, before the two are one."""
    found = clashing(kept, other)
    if found:
        named = [f"{said(vocabulary.entity(one.entity))} {one.key}" for one in found[:NAMED]]
        raise Refusal(
            _("两家各有同一条记录：%(found)s（共%(n)s条）。") % {"found": listed(named), "n": len(found)},
            code="registry.merge.records", where=other.name, rule=_("合并以后，同一条记录只能有一份"),
            remedy=_("请先核对，把其中一家的撤下，再来复核。"),
        )  # fmt: skip


def decided(merge: Merge, by: User, state: str, on: date, why: str) -> Merge:
    """Of two who decide at once, one does: the proposal is looked at again under the lock of both entries."""
    access_merging(by)
    kept, other = locked(merge.kept_id, merge.other_id)
    merge = state_of(merge, "proposed", _("这项合并已经复核过。"))
    if by.username == merge.proposed_by:
        raise Refusal(
            _("不能复核自己提出的合并。"), code="registry.merge.own", where=other.name,
            rule=_("合并一人提出、另一人复核"), remedy=_("请另一位登记员或系统管理员复核。"),
        )  # fmt: skip
    if state == "confirmed":
        refuse_two_bodies(kept, other)
        refuse_same_records(kept, other)
    merge.state, merge.decided_by, merge.decided_by_name = state, by.username, by.name
    merge.decided_on, merge.decided_why = on, why
    merge.save()
    return merge


def state_of(merge: Merge, state: str, otherwise: str) -> Merge:
    """The row as it stands, if it stands so."""
    found = Merge.objects.select_for_update().get(pk=merge.pk)
    if found.state != state:
        raise Refusal(
            otherwise, code="registry.merge.decided", where=str(found), remedy=_("请刷新页面，看现在的情形。")
        )
    return found


def told(act: str, merge: Merge, by: User, on: date, why: str, **more: Any) -> None:
    """The history of the entry that is merged; the page of the kept one shows it as its own."""
    payload = {"merge": merge.pk, "kept": merge.kept_id, "other": merge.other_id, **more}
    record(f"registry.{act}_merge", subject=merge.other.ref, by=by.actor, on=on, why=why, payload=payload)
