"""Signing, and what happens when a figure changes afterwards.

The signature binds to the hash of the words that the signer saw. After it, figures are frozen: a revision of one
makes a difference report and nothing else, and a refreshed letter goes back to the person who signed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case, take_step
from mangrove.casework.delegations.models import Delegation
from mangrove.casework.delegations.standing import used
from mangrove.casework.models import CaseAct
from mangrove.casework.promises import record_promises, withdraw_dropped
from mangrove.figures.actions import hold
from mangrove.figures.binding import Change, Frozen, differences, freeze
from mangrove.figures.models import Value
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import seal_pending
from mangrove.proposals.access import access_reply
from mangrove.proposals.actions import latest_draft, step
from mangrove.proposals.checking import check_composed, kept_findings, refuse_unseen
from mangrove.proposals.composition import Composed, compose, draft_letter, promise_spans
from mangrove.proposals.decisions import refuse_rank
from mangrove.proposals.delegated import name_on_letter, signed_by, signer_for, told
from mangrove.proposals.models import DifferenceReport, Draft, Numbering, Reply, SignedLetter
from mangrove.proposals.paper import on_paper
from mangrove.proposals.rules import rules
from mangrove.registry.models import User


def sign(
    *,
    by: User,
    on: date,
    reply_id: str,
    opinion: str,
    seen_hash: str,
    expected_version: int,
    keep_reason: str = "",
    delegation: str = "",
) -> SignedLetter:
    """Sign the letter: opinion, name and full date, bound to ``seen_hash``, the hash of the text on the signer's page.

    The signature is sealed in the ledger before this returns. Raises :class:`Refusal` when the text is no longer
    the one that was seen, a number differs from the figures and nobody says why it stays (``keep_reason``), the rank may
    not sign a reply of this importance, a newer version asks for the same signer again, or somebody else was faster.

    ``delegation``: the id of that under which ``by`` signs in another's place. Then the other's role, reach and rank
    count; it must hold until the signature is written, so it is locked with the case.
    """
    reply = access_reply(by, reply_id)
    with transaction.atomic():
        if delegation:  # the case first, as in every act; then the delegation
            lock_case(reply.case_id, expected_version)
        signer, held = signer_for(by, on, delegation)
        access_reply(signer, reply_id, to="sign")
        refuse_rank(signer.rank, rules().sign_off_for(reply.proposal.importance))
        refuse_other_signer(reply, {by.username, signer.username})
        letter = sign_in_transaction(reply, by, on, opinion, seen_hash, expected_version, keep_reason, held)
    seal_pending()
    return letter


def sign_in_transaction(
    reply: Reply,
    by: User,
    on: date,
    opinion: str,
    seen_hash: str,
    expected_version: int,
    keep_reason: str,
    held: Delegation | None = None,
) -> SignedLetter:
    lock_case(reply.case_id, expected_version)
    draft = latest_draft(reply)
    hold_figures(compose(reply, draft, on=on))
    composed = compose(reply, draft, on=on)
    refuse_unseen(composed, seen_hash)
    on_paper(draft_letter(composed))
    kept = kept_findings(check_composed(composed, on=on), reason=keep_reason)
    signer = held.principal if held else by
    taken = take_step(
        reply.case_id, "sign", by=by.actor, roles=signer.roles, on=on, expected_version=expected_version, why=opinion,
        details={"content_hash": composed.content_hash, "rank": signer.rank, "revision": draft.revision, "result_class": reply.result_class} | kept | told(held),
    )  # fmt: skip
    letter = keep(reply, draft, composed, by, on, opinion, taken, held)
    if held is not None:
        used(held, taken.event)
    bind_promises(letter, composed, by.actor, on, opinion)
    withdraw_dropped(letter=letter.ref, parent=reply.case, by=by.actor, on=on)
    return letter


def hold_figures(composed: Composed) -> None:
    """A figure stated at this very moment is known before the text is compared, or finds the letter signed and reports."""
    used = Value.objects.filter(pk__in=[span.value_id for span in composed.figures.spans])
    hold(used.values_list("definition", flat=True))


def refuse_other_signer(reply: Reply, signers: Collection[str]) -> None:
    """A letter refreshed after signature goes to the person who signed it, or in whose place it was signed, not to another."""
    last = reply.signed_letters.order_by("-version").first()
    if last is not None and not signed_by(last) & set(signers) and was_recalled(reply):
        raise Refusal(
            _("此件由%(signer_name)s签发后撤回，须由原签发人复审。") % {"signer_name": last.signer_name},
            code="proposals.other_signer", where=_("签发人"), rule=rules().refreshed_figures,
            remedy=_("请转%(signer_name)s复审签发。") % {"signer_name": last.signer_name},
        )  # fmt: skip


def was_recalled(reply: Reply) -> bool:
    """Whether the letter was recalled since its last signature, and not handled anew (再次办理) after that."""
    acts = list(reply.case.acts.order_by("sequence").values_list("act", flat=True))
    after_signature = acts[len(acts) - acts[::-1].index("sign") :] if "sign" in acts else []
    return "recall" in after_signature and "redo" not in after_signature


def keep(
    reply: Reply,
    draft: Draft,
    composed: Composed,
    by: User,
    on: date,
    opinion: str,
    taken: CaseAct,
    held: Delegation | None = None,
) -> SignedLetter:
    return SignedLetter.objects.create(
        reply=reply, version=reply.signed_letters.count() + 1, head=dict(composed.head), body=composed.body,
        marks=[[mark.start, mark.end, mark.id] for mark in composed.marks],
        figures=[asdict(row) for row in freeze(composed.figures)], content_hash=composed.content_hash, draft=draft,
        signer=by.username, signer_name=name_on_letter(by, held), signer_rank=by.rank, opinion=opinion, signed_on=on,
        event=taken.event,
    )  # fmt: skip


def bind_promises(letter: SignedLetter, composed: Composed, by: Actor, on: date, why: str) -> None:
    """Enter each marked promise in the ledger of promises, bound to its span of the signed text."""
    record_promises(
        letter=letter.ref, letter_text=letter.body, letter_hash=letter.content_hash, spans=promise_spans(composed, letter.reply.proposal.number),
        parent=letter.reply.case, by=by, on=on, why=why,
    )  # fmt: skip


@transaction.atomic
def recall(*, by: User, on: date, reply_id: str, expected_version: int, why: str) -> CaseAct:
    """Take a signed letter back to its signer because something in it must change; the number is given up."""
    reply = access_reply(by, reply_id, to="recall")
    taken = step("recall", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why)
    Numbering.objects.filter(letter__reply=reply, letter__deliveries=None, given_up=False).update(
        given_up=True
    )
    reply.document_number = ""
    reply.save(update_fields=["document_number"])
    return taken


def current_letters() -> QuerySet[SignedLetter]:
    """The newest signed letter of each reply that was not recalled, with its figures and without its words."""
    newer = SignedLetter.objects.filter(reply=OuterRef("reply"), version__gt=OuterRef("version"))
    letters = SignedLetter.objects.filter(~Exists(newer))
    letters = letters.exclude(reply__case__state__in=("to_sign", "drafting", "in_review"))
    return letters.only("signed_on", "figures", "content_hash").order_by("reply_id")


def letters_with(definitions: Collection[str] | None) -> list[SignedLetter]:
    """Of the current letters those that print a figure of these definitions; ``None`` are all."""
    letters = list(current_letters())
    if definitions is None:
        return letters
    used = {row["value_id"] for letter in letters for row in letter.figures}
    theirs = set(Value.objects.filter(pk__in=used, definition__in=definitions).values_list("pk", flat=True))
    return [letter for letter in letters if any(row["value_id"] in theirs for row in letter.figures)]


def figures_revised(*, by: Actor, on: date, why: str, definitions: Collection[str] | None = None) -> str:
    """What the figures room is answered when a value was stated: how many signed letters it touched."""
    reports = report_differences(by=by, on=on, why=why, definitions=definitions)
    return _("%(n)s份已签发的正式函因此生成差异报告，函件本身未动。") % {"n": len(reports)} if reports else ""


@transaction.atomic
def report_differences(
    *, by: Actor, on: date, why: str, definitions: Collection[str] | None = None
) -> list[DifferenceReport]:
    """Compare the signed letters with their figures as they are now known; each whose figures differ gets a report.

    ``definitions``: whose values were written, for only letters that print one of them can differ; ``None`` asks all. The
    figures are locked meanwhile, so all is read at once, however many letters there are. Figures are read as of the day the letter was signed: what counts is that they were revised, not that time went
    on. Called in the transaction of the act that changed a figure; what was already reported is not reported again,
    and a report without changes says that the figures stand again as they were signed.
    """
    letters = letters_with(definitions)
    found = differences(
        [(letter.signed_on, tuple(Frozen(**row) for row in letter.figures)) for letter in letters]
    )
    reported = DifferenceReport.objects.filter(letter__in=letters).order_by("id")
    last = {report.letter_id: report.changes for report in reported}
    reports = []
    for letter, changes in zip(letters, ([as_row(change) for change in one] for one in found), strict=True):
        if changes != last.get(letter.pk, []):
            reports.append(write_report(letter, changes, by, on, why))
    return reports


def as_row(change: Change) -> dict[str, Any]:
    """A change as it is kept and shown."""
    return {
        "label": change.frozen.placeholder.strip("{}").split("|")[0],
        "was": change.was,
        "now": change.now,
        "was_value": change.was_value,
        "now_value": change.now_value,
        "why": change.why,
    }


def write_report(
    letter: SignedLetter, changes: list[dict[str, Any]], by: Actor, on: date, why: str
) -> DifferenceReport:
    event = record(
        "proposals.difference", subject=letter.ref, by=by, on=on, why=why,
        payload={"content_hash": letter.content_hash, "changes": changes},
    )  # fmt: skip
    return DifferenceReport.objects.create(letter=letter, changes=changes, event=event)
