"""An opinion sent by who has one, from their own account, on a draft that the public is asked about, while its days run.

Reading needs no account where the house allows it; sending does, and one account sends so many in a round. The same words sent
twice are one opinion with one receipt.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.access import Visitor
from mangrove.policies.issuing.models import Opinion
from mangrove.policies.issuing.models import Seeking as Round
from mangrove.policies.issuing.opinions import locked, said
from mangrove.policies.issuing.standing import reading
from mangrove.policies.issuing.workflow import SEEKING
from mangrove.policies.measures.house_rules import house_rules
from mangrove.registry.actions import required
from mangrove.registry.models import User

#: Of whom the office learns no more than this.
DEPUTY, SOMEBODY = "代表、委员（网上提出）", "网上提出"
#: Who sends, as the ledger and the timeline have it; the account stands in the row alone, and no account can have this name.
SENDER = Actor("-sender-", "提出意见的人", "")


def open_rounds(user: Visitor, day: date) -> QuerySet[Round]:
    """The rounds in which the public is asked, that run on that day; of each draft the newest."""
    known = isinstance(user, User) and user.is_active
    if not known and not settings.MANGROVE_PUBLIC_DRAFTS:
        return Round.objects.none()
    newer = Round.objects.filter(draft=OuterRef("draft"), number__gt=OuterRef("number"))
    running = Round.objects.filter(
        public=True, started_on__lte=day, until__gte=day, draft__case__state=SEEKING
    )
    return (
        running.exclude(Exists(newer))
        .select_related("draft__case__organisation", "text")
        .order_by("until", "pk")
    )


def access_open_round(user: Visitor, draft_id: uuid.UUID, day: date) -> Round:
    found = open_rounds(user, day).filter(draft=draft_id).first()
    if found is None:
        raise Http404(_("没有这份正在征求意见的草案。"))
    return found


def own_opinions(user: Visitor) -> QuerySet[Opinion]:
    """What this person sent by their own account."""
    if not isinstance(user, User) or not user.is_active:
        return Opinion.objects.none()
    sent = Opinion.objects.filter(by=user.username).exclude(receipt="")
    return sent.select_related("seeking__draft__case__organisation").order_by("-received_on", "-pk")


def access_own_opinion(user: Visitor, receipt: str) -> Opinion:
    found = own_opinions(user).filter(receipt=receipt).first()
    if found is None:
        raise Http404(_("没有这条意见。"))
    return found


def articles(round: Round) -> list[str]:
    """What an opinion may be about, in the order of the text; the whole where the text does not read."""
    source = reading(round.text.text).source
    return list(dict.fromkeys(one.article for one in source.measure.clauses)) if source else []


@transaction.atomic
def send(*, draft_id: uuid.UUID, clause: str, text: str, by: User, on: date) -> Opinion:
    """``clause``: an article of the draft, or nothing for the whole. Raises :class:`Refusal`, or ``Http404`` once the days are over."""
    required(text, _("意见内容"))
    draft = locked(access_open_round(by, draft_id, on).draft, "opine")
    round = access_open_round(by, draft_id, on)
    words = text.strip()
    refuse_clause(round, clause)
    refuse_length(words)
    sent = round.opinions.filter(by=by.username).exclude(receipt="")
    known = sent.filter(clause=clause, text=words).first()
    if known is not None:
        return known
    refuse_too_many(sent.count())
    made = Opinion(
        seeking=round, number=round.opinions.count() + 1, public=True, source=source_of(by), text=words, clause=clause,
        receipt=new_receipt(), received_on=on, by=by.username, by_name=SENDER.name,
    )  # fmt: skip
    record("policies.draft.opine", subject=draft.case.ref, by=SENDER, on=on, why="", payload=said(made))
    made.save(force_insert=True)
    return made


def new_receipt() -> str:
    """Drawn by lot: it tells neither who nor how many."""
    return f"YJ{secrets.token_hex(5).upper()}"


def source_of(user: User) -> str:
    """A firm by its name, a person by no more than what they are."""
    if user.has_role("applicant") and user.body is not None:
        return user.body.name[:150]
    return DEPUTY if user.has_role("deputy") else SOMEBODY


def refuse_clause(round: Round, clause: str) -> None:
    if clause and clause not in articles(round):
        raise Refusal(
            _("草案里没有“%(clause)s”。") % {"clause": clause}, code="policies.no_article", where=_("针对哪一条"),
            remedy=_("请从草案的条文里选，或选“全文”。"),
        )  # fmt: skip


def refuse_length(words: str) -> None:
    rules = house_rules()
    if len(words) > rules.longest:
        raise Refusal(
            _("意见有 %(n)s 个字，最多 %(most)s 个字。") % {"n": len(words), "most": rules.longest}, code="policies.opinion_long",
            where=_("意见内容"), rule=rules.opinions_cited, remedy=_("请分条提出。"),
        )  # fmt: skip


def refuse_too_many(sent: int) -> None:
    rules = house_rules()
    if sent >= rules.each_most:
        raise Refusal(
            _("您对这份草案已经提了 %(n)s 条意见，不能再提。") % {"n": sent}, code="policies.opinions_many",
            where=_("意见内容"), rule=rules.opinions_cited, remedy=_("还有意见的，请书面送起草单位。"),
        )  # fmt: skip
