"""How long opinions are sought: from the public by its rule, from units alone by theirs; and a public round that was entered later."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.clocks import Reading, due_date
from mangrove.casework.limits import Limit, limit_in_force
from mangrove.casework.working_days import working_calendar
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.models import Draft, Seeking
from mangrove.ui.languages import in_words

PUBLIC, UNITS = "opinion_seeking", "unit_opinion_seeking"


def limit_of(public: bool, on: date) -> Limit:
    """The rule of the fewest days. Units are asked as long as the public where both are."""
    return limit_in_force(PUBLIC if public else UNITS, on)


def earliest(limit: Limit, on: date) -> date:
    """The period is no deadline of anybody, so no clock runs."""
    due = due_date(Reading(limit, on), working_calendar())
    assert due is not None  # nothing stops it
    return due


def last_day(limit: Limit, on: date, wanted: date | None) -> date:
    """``wanted`` may be later than the rule's day, never earlier. Raises :class:`Refusal`."""
    due = earliest(limit, on)
    if wanted is not None and wanted < due:
        raise Refusal(
            _("截止日 %(wanted)s 早于规则所定的 %(due)s。") % {"wanted": wanted, "due": due}, code="policies.too_short",
            where=_("截止日"), rule=cited(limit), remedy=_("请留空，或写 %(due)s 及以后的日期。") % {"due": due},
        )  # fmt: skip
    return wanted or due


def cited(limit: Limit) -> str:
    return _("%(article)s（%(status)s）") % {
        "article": limit.article_said,
        "status": in_words(limit.status),
    }


def earliest_words(on: date) -> str:
    """What the form says before anybody errs."""
    public, units = limit_of(True, on), limit_of(False, on)
    return _("%(on)s 发出的：向社会公开的最早到 %(public)s（%(public_rule)s）；只征求单位意见的最早到 %(units)s（%(units_rule)s）。") % {
        "on": on, "public": earliest(public, on), "public_rule": cited(public), "units": earliest(units, on), "units_rule": cited(units),
    }  # fmt: skip


# --- a public round that was entered later ---------------------------------------------------------------------------


def refuse_unseen(public: bool, on: date, published_at: str) -> None:
    """Nobody of the public could see it here on the days that are past, so it is said where they could."""
    if public and on < timezone.localdate() and not published_at.strip():
        raise Refusal(
            _("这是补录的公开征求意见：%(on)s 起系统里没有公开过，没有写当时在哪里公开。") % {"on": on}, code="policies.public_unseen",
            where=_("公开的出处"), rule=_("向社会公开征求意见须让社会公众看得到"),
            remedy=_("请写公开的网址，或报刊名称和日期；没有公开过的，业务日期请写今天。"),
        )  # fmt: skip


def entered_later(draft: Draft) -> list[tuple[Seeking, date]]:
    """The public rounds that began by back entry, each with the day on which it was entered, as the ledger has it."""
    acts = draft.case.acts.filter(act="circulate").select_related("event").order_by("sequence")
    rounds = draft.seekings.order_by("number")
    return [
        (round, timezone.localdate(act.recorded))
        for round, act in zip(rounds, acts, strict=False)
        if round.public and act.event.back_entry
    ]


def marks(draft: Draft) -> list[str]:
    """What whoever reads, reviews or signs must know of such rounds."""
    return [mark(round, entered) for round, entered in entered_later(draft)]


def mark(round: Seeking, entered: date) -> str:
    where = round.published_at or _("没有写")
    if round.until < entered:
        words = _(
            "第 %(n)s 轮是补录的公开征求意见：系统里没有公开过，须附公开的出处。%(entered)s 录入；公开的出处：%(where)s。"
        )
    else:
        words = _("第 %(n)s 轮是补录的公开征求意见：%(entered)s 录入之前系统里没有公开过，须附公开的出处。公开的出处：%(where)s。")  # fmt: skip
    return words % {"n": round.number, "entered": entered, "where": where.rstrip("。")}
