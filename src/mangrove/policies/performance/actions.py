"""What people do with the review of an award: report what was measured, confirm it, send it back, take it up again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case, take_step
from mangrove.casework.attachments import arriving, clean_name, keep_row, put_in_place
from mangrove.casework.models import Attachment
from mangrove.casework.sniffing import sniff
from mangrove.ledger.refusals import Refusal
from mangrove.policies.performance.access import access_performance
from mangrove.policies.performance.amounts import promised_in, stored
from mangrove.policies.performance.decisions import outcome
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.rules import Counted, rules
from mangrove.registry.actions import required
from mangrove.registry.classified import refuse_classified_file
from mangrove.registry.models import User

#: By the place of an indicator: what was typed, in the unit that pages show.
Typed = Mapping[int, Decimal]


def report(
    *, performance_id: uuid.UUID, act: str, measured: Typed, until: date, source: str, by: User, on: date,
    expected_version: int, why: str = "", paper: UploadedFile | None = None,
) -> Performance:  # fmt: skip
    """Say what was measured of every indicator up to ``until``: the firm by ``report``, the office by ``enter``.

    The paper is kept with it, or neither is. Raises :class:`Refusal`.
    """
    performance = access_performance(by, performance_id, to=act)
    said: dict[str, Any] = {"act": act, "measured": measured, "until": until, "source": source}
    how: dict[str, Any] = {"by": by, "on": on, "expected_version": expected_version, "why": why}
    if paper is None:
        return reported(performance, **said, **how)
    name = clean_name(paper.name or "")
    with arriving(paper, name) as arrived:
        kind = sniff(arrived.path, name)
        refuse_classified_file(arrived.path, name)
        with transaction.atomic():
            lock_case(performance.case_id, expected_version)
            kept = keep_row(arrived, kind, name=name, by=by.actor, case=performance.case, on=on, why=why)
            done = reported(performance, **said, **how, paper=kept)
            put_in_place(arrived)
    return done


@transaction.atomic
def reported(
    performance: Performance, *, act: str, measured: Typed, until: date, source: str, by: User, on: date,
    expected_version: int, why: str, paper: Attachment | None = None,
) -> Performance:  # fmt: skip
    required(source, _("数据来源"))
    refuse_out_of_time(performance, until, on)
    rows = list(performance.indicators.order_by("place"))
    for one in rows:
        measure(one, measured, until, source, by, paper)
    taken = take_step(
        performance.case_id, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details={"measured": [told(one) for one in rows]},
    )  # fmt: skip
    save(rows)
    performance.case = taken.case
    return performance


def measure(
    one: Indicator, measured: Typed, until: date, source: str, by: User, paper: Attachment | None
) -> None:
    if one.place not in measured:
        raise Refusal(
            _("“%(name)s”没有填实测数。") % {"name": one.name}, code="policies.not_measured", where=one.name,
            remedy=_("每一项承诺的指标都要填；没有做到的填实际的数，可以是 0。"),
        )  # fmt: skip
    one.measured = stored(one, measured[one.place])
    one.until, one.source, one.paper = until, source, paper
    one.reported_by, one.reported_by_name = by.username, by.name


def refuse_out_of_time(performance: Performance, until: date, on: date) -> None:
    if performance.paid_on <= until <= on:
        return
    raise Refusal(
        _("统计截止日 %(until)s 不在首笔支付（%(paid)s）与业务日期（%(on)s）之间。") % {"until": until, "paid": performance.paid_on, "on": on},
        code="policies.bad_until", where=_("统计截止日"), remedy=_("请填实测的数统计到哪一天。"),
    )  # fmt: skip


@transaction.atomic
def confirm(
    *, performance_id: uuid.UUID, promised: Typed, by: User, on: date, expected_version: int, why: str = ""
) -> Performance:
    """Find for each indicator whether its promise was kept. ``promised``: what the words come to where they are no number."""
    performance = access_performance(by, performance_id, to="confirm")
    lock_case(performance.case_id, expected_version)
    rows, bar = list(performance.indicators.order_by("place")), rules().bar
    for one in rows:
        settle_promise(one, promised)
        one.outcome = outcome(known(one.promised), known(one.measured), bar)
    details = {"bar": {"met": str(bar.met), "partly": str(bar.partly)}, "found": [told(one) for one in rows]}
    taken = take_step(
        performance.case_id, "confirm", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details=details,
    )  # fmt: skip
    save(rows)
    performance.case = taken.case
    return performance


def known(amount: int | None) -> int:
    assert amount is not None  # reported and settled before
    return amount


def settle_promise(one: Indicator, promised: Typed) -> None:
    """Words that are a number stand as they are; of others the officer says what they come to."""
    if one.promised is not None:
        return
    if one.place not in promised:
        raise Refusal(
            _("“%(name)s”的承诺“%(text)s”不是一个数，请写明折成多少。") % {"name": one.name, "text": one.promised_text},
            code="policies.no_promise", where=one.name, rule=_("实测与承诺按同一单位比较"), remedy=_("照承诺的原话折算，理由写在说明里。"),
        )  # fmt: skip
    one.promised = stored(one, promised[one.place])


@transaction.atomic
def step(
    *, performance_id: uuid.UUID, act: str, by: User, on: date, expected_version: int, why: str
) -> Performance:
    """Send it back to be reported anew, or take a confirmed one up again; what was found no longer stands."""
    performance = access_performance(by, performance_id, to=act)
    taken = take_step(
        performance.case_id,
        act,
        by=by.actor,
        roles=by.roles,
        on=on,
        expected_version=expected_version,
        why=why,
    )
    forget_findings(performance)
    performance.case = taken.case
    return performance


def forget_findings(performance: Performance) -> None:
    """What was found no longer stands, nor what somebody said that words come to."""
    rows = list(performance.indicators.all())
    for one in rows:
        one.outcome = ""
        if one.in_words:
            one.promised = promised_in(one.promised_text, Counted(one.unit, one.scale, one.shown))
    save(rows)


def told(one: Indicator) -> dict[str, Any]:
    """All that an indicator says, as the ledger keeps it; amounts are integers at its scale."""
    return {
        "place": one.place, "name": one.name, "promised_text": one.promised_text, "promised": one.promised, "unit": one.unit,
        "scale": one.scale, "measured": one.measured, "until": one.until.isoformat() if one.until else None,
        "source": one.source, "paper": one.paper.sha256 if one.paper else "", "outcome": one.outcome,
    }  # fmt: skip


def save(rows: list[Indicator]) -> None:
    for one in rows:
        one.save()
