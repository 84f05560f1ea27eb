"""What the pages of a draft show; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import act_links, clock_facts, history, state_tag
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.access import WORK, drafts_it, refuse_other_office
from mangrove.policies.issuing.asked import untold_words
from mangrove.policies.issuing.looking import decision, next_hands
from mangrove.policies.issuing.models import Draft, Opinion
from mangrove.policies.issuing.periods import marks
from mangrove.policies.issuing.standing import (
    Reading,
    compared_with,
    goes_on_from,
    reading,
    round_now,
    unevaluated,
)
from mangrove.policies.issuing.tables import REVIEWS, SEEKINGS, TONES, opinions_table
from mangrove.policies.issuing.workflow import REVIEWERS_ACTS, SEEKING
from mangrove.policies.measures.comparing import difference
from mangrove.policies.measures.drawing import Drawn, drawn
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import NUMBERS, measure_link, version_link
from mangrove.registry.models import User
from mangrove.ui.components import Fact, Link, Step

#: The way of a draft, as its page shows it: the state that each place stands for, and those that lie in it.
WAY = (
    ("drafting", gettext_lazy("起草"), ("drafting",)),
    ("seeking", gettext_lazy("征求意见"), ("seeking", "revised")),
    ("competition", gettext_lazy("公平竞争审查"), ("competition",)),
    ("legality", gettext_lazy("合法性审核"), ("legality",)),
    ("meeting", gettext_lazy("会议审议"), ("meeting",)),
    ("numbering", gettext_lazy("统一编号"), ("numbering",)),
    ("signing", gettext_lazy("公布"), ("signing",)),
    ("published", gettext_lazy("解读"), ("published",)),
)


def context(user: User, draft: Draft) -> dict[str, Any]:
    text = draft.text_now
    found = reading(text.text if text else "")
    may_work = drafts_it(user, draft)
    opinions = Opinion.objects.filter(seeking__draft=draft).select_related("seeking")
    table = opinions_table(may_work and draft.case.state in WORK["dispose"])
    return {
        "draft": draft, "note": state_tag(draft.case, TONES), "facts": facts(user, draft), "acts": acts(user, draft),
        "steps": steps(draft), "advice": advice(draft), "reading": found, "drawn": drawn_of(found), **changed(draft, found),
        "seekings": SEEKINGS.page(draft.seekings.select_related("text"), QueryDict()),
        "opinions": table.page(opinions, QueryDict()), "reviews": REVIEWS.page(draft.reviews.select_related("text"), QueryDict()),
        "moments": history(draft.case),
    }  # fmt: skip


def drawn_of(found: Reading) -> Drawn | None:
    return drawn(found.source) if found.source else None


def changed(draft: Draft, found: Reading) -> dict[str, Any]:
    """Against the version in force, or that it follows."""
    before = compared_with(draft)
    if before is None or found.source is None:
        return {}
    changes = difference(measure_of(before), found.source.measure)
    return {
        "difference": changes,
        "numbers": NUMBERS.page(changes.numbers, QueryDict()),
        "before": version_link(before),
        "changes_open": draft.sealed is not None,  # who decides comes here by a link to it
    }


def facts(user: User, draft: Draft) -> list[Fact]:
    case, text, published = draft.case, draft.text_now, getattr(draft, "publication", None)
    before, hands = goes_on_from(draft), next_hands(draft)
    return [
        *([hands] if hands else []),
        Fact(_("起草处室"), case.unit or None), Fact(_("经办人"), case.owner.name if case.owner else None),
        Fact(_("接续"), measure_link(before) if before else _("新措施"), _("第 %(n)s 版") % {"n": before.number} if before else ""),
        Fact(_("现有文字"), _("第 %(n)s 稿") % {"n": text.revision} if text else None, _("校验值 %(sha)s…") % {"sha": text.sha256[:16]} if text else ""),
        Fact(_("送审文字"), _("第 %(n)s 稿，不再改动") % {"n": draft.sealed.revision} if draft.sealed else _("未送审")),
        decision(user, draft), Fact(_("统一编号"), draft.document_number or None),
        Fact(_("公布为"), published_as(published.rule) if published else None), *clock_facts(user, case),
    ]  # fmt: skip


def published_as(rule: RuleText) -> Link:
    return measure_link(rule)


def acts(user: User, draft: Draft) -> list[ActLink]:
    """Both outcomes of a review stand on one page, so that sending back has no link of its own."""
    found = act_links(
        user, draft.case, "policies:draft_act", draft.pk, but=("send_back", *others_acts(user, draft))
    )
    return [*work(draft), *found] if drafts_it(user, draft) else found


def others_acts(user: User, draft: Draft) -> list[str]:
    """The reviews that another office does."""
    try:
        refuse_other_office(user, draft.case, "send_back")
    except Refusal:
        return list(REVIEWERS_ACTS)
    return []


def work(draft: Draft) -> list[ActLink]:
    """What the drafters may do now without moving the draft."""
    ways = {
        "write": ActLink(_("写草案"), reverse("policies:draft_write", args=[draft.pk]), False),
        "opine": ActLink(_("登记意见"), reverse("policies:opinion_new", args=[draft.pk]), False),
    }
    return [link for act, link in ways.items() if draft.case.state in WORK[act]]


def steps(draft: Draft) -> list[Step]:
    places = [id for id, _label, _states in WAY]
    now = next((n for n, (_id, _label, states) in enumerate(WAY) if draft.case.state in states), len(places))
    if draft.case.state == "dropped":
        return []
    return [
        Step(label, state="done" if n < now else "now" if n == now else "waiting")
        for n, (_id, label, _states) in enumerate(WAY)
    ]


def advice(draft: Draft) -> list[str]:
    """What whoever goes on should know first."""
    now = [] if draft.case.closed_on is not None else [*old_day(draft), *not_evaluated(draft)]
    return [*marks(draft), *not_told(draft), *now]


def not_told(draft: Draft) -> list[str]:
    """While opinions are sought: who of those asked has no message and must be written to."""
    round = round_now(draft) if draft.case.state == SEEKING else None
    words = untold_words(round) if round else ""
    return [words] if words else []


def old_day(draft: Draft) -> Iterator[str]:
    """A new version that would begin on the day of the one before it."""
    text, published = draft.text_now, getattr(draft, "publication", None)
    source = reading(text.text).source if text else None
    begins = source.measure.version.in_force if source else None
    if published is None and draft.base and begins is not None and begins == draft.base.in_force:
        yield _("施行日 %(day)s 还是第 %(n)s 版的，新的一版请在“写草案”里另定（version.in_force）。") % {
            "day": begins, "n": draft.base.number,
        }  # fmt: skip


def not_evaluated(draft: Draft) -> list[str]:
    """The version that it would go on from ends, and nobody has looked at what it achieved."""
    missing = unevaluated(draft, timezone.localdate())
    if missing is None or missing.until is None:
        return []
    return [
        _("它要接续的“%(name)s”第 %(n)s 版以 %(until)s 为失效日，还没有评估；延续之前请先登记评估。")
        % {"name": missing.name, "n": missing.number, "until": missing.until}
    ]
