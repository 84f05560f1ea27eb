"""What a person says of two texts that are alike."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.likeness.access import access_pair
from mangrove.likeness.models import Pair, Verdict
from mangrove.registry.actions import required
from mangrove.registry.models import User


@transaction.atomic
def judge(*, pair_id: int, verdict: str, why: str, expected_version: int, by: User, on: date) -> Pair:
    """Mark a pair as seen, as not the same matter, or as the same; the latter two say why. Nothing else follows."""
    access_pair(by, pair_id, to="judge")
    pair = locked(pair_id, expected_version)
    if verdict in (Verdict.DIFFERENT, Verdict.SAME):
        required(why, _("判断的理由"))
    pair.verdict, pair.why, pair.judged_by_name, pair.judged_on = verdict, why.strip(), by.name, on
    pair.version += 1
    pair.save(update_fields=["verdict", "why", "judged_by_name", "judged_on", "version"])
    payload = {
        "corpus": pair.corpus, "first": pair.first, "second": pair.second, "verdict": verdict,
        "first_digest": pair.first_digest, "second_digest": pair.second_digest, "share": pair.share,
    }  # fmt: skip
    record("likeness.judge", subject=pair.ref, by=by.actor, on=on, why=why, payload=payload)
    return pair


def locked(pair_id: int, expected_version: int) -> Pair:
    """The pair as this person saw it; who comes second is told."""
    pair = Pair.objects.select_for_update().get(pk=pair_id)
    if pair.version != expected_version:
        raise Refusal(
            _("这一对刚由别人判断过，或其中一份改过了。"), code="likeness.stale", where=str(_("相近文本")),
            remedy=_("请看过现在的样子，再判断。"),
        )  # fmt: skip
    return pair
