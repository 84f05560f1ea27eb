"""What an office does to take applications in: publish a form, open a window, extend it; and how an applicant begins.

Programmes call the same acts. A draft that is begun is no act of the ledger; its first act is the submission.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.intake.access import access_opening, opens_now
from mangrove.intake.definition import Form, read_form
from mangrove.intake.known import eligibility, is_shut_out
from mangrove.intake.models import Application, FormVersion, Opening, Sheet
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User
from mangrove.ui.dates import moment


@transaction.atomic
def publish_form(*, text: str, by: Actor, on: date, why: str = "") -> FormVersion:
    """Publish a version of a form; the same text again is the same version, another text needs another number."""
    form = read_form(text)
    held = FormVersion.objects.filter(form=form.id, version=form.version).first()
    if held is not None and held.sha256 == form.sha256:
        return held
    if held is not None:
        raise Refusal(
            _("表单 %(form)s 第 %(version)s 版已经公布，内容不同。") % {"form": form.id, "version": form.version},
            code="intake.form_published", where=form.id, rule=_("公布过的表单不再改动，已有申报依它填写"),
            remedy=_("请把 version 改为下一个数再公布。"),
        )  # fmt: skip
    refuse_older(form)
    try:
        with transaction.atomic():
            made = FormVersion.objects.create(
                form=form.id, version=form.version, title=form.title.zh, title_en=form.title.en, text=text,
                sha256=form.sha256, published_on=on, published_by=by.username,
            )  # fmt: skip
    except (
        IntegrityError
    ):  # another published this number in the same moment: it is there now, the same or another
        return publish_form(text=text, by=by, on=on, why=why)
    payload = {"title": form.title.zh, "sha256": form.sha256}
    record("intake.publish_form", subject=made.ref, by=by, on=on, why=why, payload=payload)
    return made


def refuse_older(form: Form) -> None:
    """A version after the last; who holds an older file would otherwise take the form back without knowing."""
    last = FormVersion.objects.filter(form=form.id).order_by("-version").first()
    if last is not None and form.version < last.version:
        raise Refusal(
            _("表单 %(form)s 已公布到第 %(last)s 版，这份写的是第 %(version)s 版。")
            % {"form": form.id, "last": last.version, "version": form.version},
            code="intake.form_older", where=form.id, rule=_("版本只往后走"),
            remedy=_("请在最新一版上修改，并把 version 改为 %(next)s。") % {"next": last.version + 1},
        )  # fmt: skip


@transaction.atomic
def open_window(
    *, id: str, form: FormVersion, title: str, title_en: str, opens_at: datetime, closes_at: datetime,
    office: Organisation, by: Actor, on: date, unit: str = "", grace_seconds: int = 0, eligible: str = "",
    each_most: int = 1, returns_most: int = 1, why: str = "", synthetic: bool = False,
) -> Opening:  # fmt: skip
    """Open a window for a form. Raises :class:`Refusal` for a taken id, times out of order, or a condition that cannot be read."""
    refuse_bad_times(opens_at, closes_at)
    eligibility(eligible)
    if Opening.objects.filter(pk=id).exists():
        raise Refusal(
            _("窗口编号“%(id)s”已经用过。") % {"id": id}, code="intake.opening_taken", where=_("窗口编号"),
            remedy=_("请换一个编号。"),
        )  # fmt: skip
    made = Opening.objects.create(
        id=id, form=form, title=title, title_en=title_en, opens_at=opens_at, closes_at=closes_at, office=office,
        unit=unit, grace_seconds=grace_seconds, eligible=eligible, each_most=each_most, returns_most=returns_most,
        synthetic=synthetic,
    )  # fmt: skip
    record("intake.open_window", subject=made.ref, by=by, on=on, why=why, payload=described(made))
    return made


def described(opening: Opening) -> dict[str, Any]:
    times = {name: getattr(opening, name).isoformat() for name in ("opens_at", "closes_at")}
    plain = ("title", "unit", "grace_seconds", "eligible", "each_most", "returns_most", "office_id")
    return times | {"form": str(opening.form)} | {name: getattr(opening, name) for name in plain}


def refuse_bad_times(opens_at: datetime, closes_at: datetime) -> None:
    if opens_at >= closes_at:
        raise Refusal(
            _("截止时间 %(closes)s 不晚于开始时间 %(opens)s。") % {"closes": moment(closes_at), "opens": moment(opens_at)},
            code="intake.bad_times", where=_("截止时间"), remedy=_("请核对两个时间。"),
        )  # fmt: skip


@transaction.atomic
def extend_window(*, opening_id: str, closes_at: datetime, by: User, on: date, why: str) -> Opening:
    """Close later, for everybody alike, with the reason in the ledger; a window is never closed earlier than was said."""
    access_opening(by, opening_id, to="extend")
    opening = Opening.objects.select_for_update().get(pk=opening_id)
    before = opening.closes_at
    if closes_at <= before:
        raise Refusal(
            _("新的截止时间 %(new)s 不晚于原定的 %(old)s。") % {"new": moment(closes_at), "old": moment(before)},
            code="intake.not_later", where=opening.title, rule=_("公布过的截止时间只能延后"), remedy=_("请填写更晚的时间。"),
        )  # fmt: skip
    if not why.strip():
        raise Refusal(_("延长申报须写明理由。"), code="intake.needs_reason", where=_("理由"))
    opening.closes_at = closes_at
    opening.save(update_fields=["closes_at"])
    payload = {"from": before.isoformat(), "to": closes_at.isoformat()}
    record("intake.extend_window", subject=opening.ref, by=by.actor, on=on, why=why, payload=payload)
    return opening


def start(*, opening_id: str, by: User, slot: int = 1, at: datetime | None = None) -> Application:
    """The draft of this organisation in the window. A double click, or a colleague at once, begins the same one."""
    opening, now = access_opening(by, opening_id, to="start"), at or timezone.now()
    organisation = by.body
    assert organisation is not None
    held = opening.applications.filter(organisation__in=by.bodies, slot=slot).first()
    if held is not None:
        return held
    refuse_start(opening, organisation, slot, now)
    try:
        with transaction.atomic():
            return begun(opening, organisation, slot, by, now)
    except IntegrityError:
        return opening.applications.get(organisation=organisation, slot=slot)


def refuse_start(opening: Opening, organisation: Organisation, slot: int, now: datetime) -> None:
    standing = opens_now(opening, now)
    if standing != "open":
        raise closed(opening, standing)
    if not 1 <= slot <= opening.each_most:
        raise Refusal(
            _("每个单位最多申报 %(n)s 项。") % {"n": opening.each_most}, code="intake.too_many", where=opening.title,
            remedy=_("请在已有的申报里填写。"),
        )  # fmt: skip
    if is_shut_out(opening.eligible, organisation):
        raise Refusal(
            _("%(name)s不在申报对象之列。") % {"name": organisation.name}, code="intake.not_eligible", where=opening.title,
            rule=opening.eligible, remedy=_("机构名录所记有误的，请先联系登记员更正。"),
        )  # fmt: skip


def closed(opening: Opening, standing: str) -> Refusal:
    if standing == "before":
        what = _("申报窗口 %(at)s 才开始。") % {"at": moment(opening.opens_at)}
        return Refusal(what, code="intake.not_open", where=opening.title, remedy=_("请到时再来。"))
    what = _("申报窗口已于 %(at)s 截止。") % {"at": moment(opening.closes_at)}
    return Refusal(
        what, code="intake.closed", where=opening.title, rule=_("以服务器时间为准，精确到秒"),
        remedy=_("草稿仍保留；有特殊情况请联系受理处室。"),
    )  # fmt: skip


def begun(opening: Opening, organisation: Organisation, slot: int, by: User, now: datetime) -> Application:
    sections = opening.form.definition.section_ids
    made = Application.objects.create(
        opening=opening, organisation=organisation, slot=slot, started_by=by.username, started_at=now,
        unlocked=list(sections),
    )  # fmt: skip
    Sheet.objects.bulk_create(Sheet(application=made, section=id) for id in sections)
    return made
