"""Where to go with a result: the window that is open for it, or whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.intake.models import Opening
from mangrove.policies.calculator.telling import Told
from mangrove.policies.schemes.definition import Scheme, schemes
from mangrove.rulebook.decide import Standing
from mangrove.rulebook.measures import Measure
from mangrove.ui.components import Link
from mangrove.ui.languages import in_chinese, listed


@dataclass(frozen=True)
class Onward:
    """``link`` leads on; ``words`` say where to ask where nothing is open. ``instant``: offered without applying (免申即享)."""

    link: Link | None
    words: str
    instant: bool = False


def paying_schemes() -> Mapping[tuple[str, str], Scheme]:
    """By measure and clause."""
    return {(one.measure, one.step): one for one in schemes().values()}


def scheme_for(measure: Measure, clause: str) -> Scheme | None:
    """The scheme that pays this clause, or the total that takes its money over."""
    taker = next((one.id for one in measure.clauses if clause in one.members), clause)
    found = paying_schemes()
    return found.get((measure.id, clause)) or found.get((measure.id, taker))


def open_windows(at: datetime) -> dict[str, Opening]:
    """By the id of the scheme; of several the one that closes last."""
    rows = Opening.objects.filter(opens_at__lte=at, closes_at__gt=at, form__form__in=list(schemes()))
    return {one.form.form: one for one in rows.select_related("form").order_by("closes_at")}


def onward(measure: Measure, clause: str, windows: Mapping[str, Opening], user: Any, answer: Told) -> Onward:
    """``answer``: how the clause came out for who asks."""
    scheme = scheme_for(measure, clause)
    if scheme is None:
        return Onward(None, _("没有按这一条开设申报事项；请向发文部门询问。"))
    if scheme.instant:
        return without_applying(scheme, answer)
    window = windows.get(scheme.id)
    if window is None:
        return Onward(None, _("“%(scheme)s”现在没有开放的申报窗口；请询问%(unit)s。") % {"scheme": scheme.title, "unit": scheme.unit})  # fmt: skip
    return Onward(
        Link(window.title if in_chinese() else window.title_en, window_href(window, user)),
        _("申报窗口正在开放："),
    )


def without_applying(scheme: Scheme, answer: Told) -> Onward:
    """Promised only to who qualifies by all that is known: who does not have the title is not offered what goes with it."""
    if answer.standing == Standing.FAILS:
        words = _("现在不符合。符合了也不必申报：由%(unit)s按已有的数据列出，企业确认即可。")
        return Onward(None, words % {"unit": scheme.unit}, instant=True)
    if not answer.hangs_on:
        words = _("不必申报：由%(unit)s按已有的数据列出，企业确认即可。") % {"unit": scheme.unit}
        return Onward(None, words, instant=True)
    return Onward(None, _("能不能免申即享，要看%(what)s。符合的不必申报：由%(unit)s按已有的数据列出，企业确认即可；数据里没有的，请先询问%(unit)s。") % {
        "what": listed(answer.hangs_on), "unit": scheme.unit,
    })  # fmt: skip


def window_href(window: Opening, user: Any) -> str:
    """Who has not signed in is led to the public page where there is one."""
    outside = settings.MANGROVE_PUBLIC_OPENINGS and not user.is_authenticated
    return reverse("intake:public_opening" if outside else "intake:opening", args=[window.pk])
