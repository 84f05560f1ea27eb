"""A decided and numbered draft becomes a version in the library; its guide follows in time."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove.casework.clock_actions import meet_clock, start_clock
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.access import access_draft
from mangrove.policies.issuing.actions import step
from mangrove.policies.issuing.models import Draft, Publication
from mangrove.policies.issuing.numbers import refuse_taken
from mangrove.policies.issuing.standing import unevaluated
from mangrove.policies.measures import evaluating
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.publishing import publish as publish_text
from mangrove.registry.models import User

GUIDE_LIMIT = "policy_guide"


@transaction.atomic
def publish(
    *, draft_id: uuid.UUID | str, by: User, on: date, expected_version: int, why: str = ""
) -> Publication:
    """The sealed text becomes the next version of its measure, with number and guide. Raises :class:`Refusal`.

    A version before it that ended unevaluated is named in the event; it does not stand in the way.
    """
    draft = access_draft(by, draft_id, to="publish")
    text = draft.sealed
    assert text is not None  # a draft that was reviewed is sealed
    refuse_taken(draft)  # the shelf may have brought a text with the number meanwhile
    missing = unevaluated(draft, on)
    told = {
        "sha256": text.sha256,
        "document_number": draft.document_number,
        "unevaluated": str(missing or ""),
    }
    step(draft, "publish", by=by, on=on, expected_version=expected_version, why=why, details=told)
    rule = publish_text(
        text=text.text, by=by.actor, on=on, why=why, document_number=draft.document_number, guide=draft.guide,
        guide_en=draft.guide_en,
    )  # fmt: skip
    made = published(draft, rule, by, on)
    follow_guide(draft, by, on, why)
    return made


def published(draft: Draft, rule: RuleText, by: User, on: date) -> Publication:
    try:
        with transaction.atomic():
            return Publication.objects.create(draft=draft, rule=rule, by=by.username, by_name=by.name, on=on)
    except IntegrityError as error:
        raise Refusal(
            _("这份草案刚由别人公布。"), code="policies.published_already", where=draft.title, remedy=_("请刷新页面。")
        ) from error  # fmt: skip


def follow_guide(draft: Draft, by: User, on: date, why: str) -> None:
    """With a guide the draft is done; without one its days begin to run."""
    if draft.guide:
        step(draft, "explain", by=by, on=on, expected_version=draft.case.version, why=why)
    else:
        start_clock(draft.case, GUIDE_LIMIT, by=by.actor, on=on, why=why)


@transaction.atomic
def explain(
    *,
    draft_id: uuid.UUID | str,
    guide: str,
    by: User,
    on: date,
    expected_version: int,
    guide_en: str = "",
    why: str = "",
) -> Draft:
    """Publish the guide of a measure that was published without one."""
    draft = access_draft(by, draft_id, to="explain")
    step(draft, "explain", by=by, on=on, expected_version=expected_version, why=why)
    evaluating.explain(
        draft.publication.rule, guide=guide.strip(), guide_en=guide_en.strip(), by=by.actor, on=on, why=why
    )
    for clock in draft.case.clocks.filter(met_on=None):
        meet_clock(clock.pk, by=by.actor, on=on, why=why)
    return draft
