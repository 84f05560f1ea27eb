"""Entering a source in the register, and what a source can tell: nothing that began after it was published."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.figures import labels
from mangrove.figures.models import Definition, Source, Status
from mangrove.figures.periods import Period
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal

ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@transaction.atomic
def add_source(
    id: str,
    *,
    title: str,
    publisher: str,
    published: date,
    by: Actor,
    on: date,
    why: str = "",
    verified: bool = False,
    note: str = "",
) -> Source:
    """Enter a source; 待核 unless somebody says that they held it in hand, and how.

    Raises :class:`Refusal` for an id that is taken or no id, a title that is missing or too long, a day to come, and 已核
    without a reason.
    """
    status = Status.VERIFIED if verified else Status.UNVERIFIED
    source = Source(
        id=id.strip(), title=title.strip(), publisher=publisher.strip(), published=published, status=status,
        note=note.strip(),
    )  # fmt: skip
    refuse_bad_id(source.pk)
    refuse_bad_words(source)
    if published > on:
        raise wrong(
            _("公布日期 %(day)s 还没有到。") % {"day": published}, _("公布日期"), _("公布之后再登记。")
        )
    if verified and not why.strip():
        raise wrong(
            _("“%(source)s”要记为已核，没有写明理由。") % {"source": source},
            _("核对状态"), _("写明谁见过原件、怎样核对的；没有见过原件的登记为待核。"),
        )  # fmt: skip
    record("figures.add_source", subject=source.ref, by=by, on=on, why=why, payload=told(source))
    source.save(force_insert=True)
    return source


def told(source: Source) -> dict[str, str]:
    """All that the register says of a source, as the ledger keeps it."""
    return {
        "title": source.title, "publisher": source.publisher, "published": source.published.isoformat() if source.published else "",
        "status": source.status, "note": source.note,
    }  # fmt: skip


def refuse_bad_id(id: str) -> None:
    if not ID.fullmatch(id):
        raise wrong(
            _("“%(id)s”不能作来源编号。") % {"id": id}, _("来源编号"), _("只用字母、数字、下划线和连字符，至多 64 个。")
        )  # fmt: skip
    if known := Source.objects.filter(pk=id).first():
        raise wrong(
            _("来源编号“%(id)s”已用于“%(source)s”。") % {"id": id, "source": known},
            _("来源编号"), _("同一份文件不必再登记；另一份文件请换一个编号。"),
        )  # fmt: skip


def refuse_bad_words(source: Source) -> None:
    for name, what, needed in (
        ("title", _("标题"), True),
        ("publisher", _("发布者"), True),
        ("note", _("备注"), False),
    ):
        said, most = getattr(source, name), getattr(Source._meta.get_field(name), "max_length", None)
        if needed and not said:
            raise wrong(_("来源没有写明%(what)s。") % {"what": what}, what, _("照原件写全。"))
        if most and len(said) > most:
            raise wrong(
                _("%(what)s有 %(n)s 字，最多 %(most)s 字。") % {"what": what, "n": len(said), "most": most}, what, _("请缩短后再登记。")
            )  # fmt: skip


def wrong(what: str, where: str, remedy: str) -> Refusal:
    return Refusal(what, code="figures.source", where=where, remedy=remedy)


def refuse_later_than_source(definition: Definition, period: Period, source: Source, where: str) -> None:
    """A letter of 2021 cannot say how many there are in 2026; what it aims at (a target, a plan) it can."""
    if definition.is_target or source.published is None or period.start <= source.published:
        return
    raise Refusal(
        _("来源“%(source)s”%(day)s公布，说不了%(period)s的“%(figure)s”。")
        % {"source": source, "day": source.published, "period": labels.period_text(period), "figure": labels.name(definition)},
        code="figures.later_than_source", where=where or _("来源"), rule=_("实绩只能出自其后公布的来源；目标、规划值不受此限"),
        remedy=_("请改用%(day)s及以后公布的来源；没有登记的，先用 mangrove figures source 登记。") % {"day": period.start},
    )  # fmt: skip
