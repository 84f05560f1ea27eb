"""The expenses of a claim: taken from the list that came with the application, or from a corrected one, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.file_states import FileState
from mangrove.funding.decisions import evidence_key
from mangrove.intake.models import PaperFile
from mangrove.intake.papers import path_of
from mangrove.ledger.actions import record
from mangrove.ledger.hashing import canonical
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim
from mangrove.policies.claims.actions import checked, locked
from mangrove.policies.claims.evidence import release_unlisted
from mangrove.policies.claims.expense_sheets import COLUMNS, Listed, read_list, refuse_wrong
from mangrove.policies.claims.models import LONGEST_KEY, Claim, Expense
from mangrove.policies.claims.sentences import LIST_CHANGED
from mangrove.policies.claims.standing import checks
from mangrove.registry.actions import required
from mangrove.registry.importing.files import keep
from mangrove.registry.models import User

#: The paper of a scheme's form that is the list; see ``schemes/forming.py``.
PAPER = "costs"


def costs_paper(claim: Claim) -> PaperFile | None:
    """The list as it came with what was accepted."""
    if claim.application is None:
        return None
    last = claim.application.submissions.order_by("-round").first()
    return PaperFile.objects.filter(
        enclosures__submission=last, requirement=PAPER, state=FileState.CLEAN
    ).first()


def list_of(claim: Claim) -> Listed:
    """What the list of the application says, right or wrong. Raises :class:`Refusal` where there is none."""
    paper = costs_paper(claim)
    if paper is None:
        raise Refusal(
            _("这件申报没有附费用支出清单。"), code="policies.no_costs", where=claim.title, remedy=_("请上传更正的清单，并写明理由。"),
        )  # fmt: skip
    return read_list(path_of(paper.sha256).read_bytes())


@transaction.atomic
def take_expenses(
    *, claim_id: UUID, by: User, on: date, content: bytes | None = None, name: str = "", why: str = ""
) -> list[Expense]:
    """Take the list of the application, or a corrected one (``content``) that replaces all lines and says ``why``."""
    claim = locked(access_claim(by, claim_id, to="expenses"))
    if content is not None:
        required(why, _("更正的理由"))
    listed = list_of(claim) if content is None else read_list(content)
    refuse_wrong(listed, claim.title)
    if content is not None:
        keep(BytesIO(content), name)
    told = {"corrected": content is not None, "file": name, "sha256": listed.sha256}
    return replaced(claim, listed.lines, told, by=by, on=on, why=why)


@transaction.atomic
def enter_amounts(
    *, claim_id: UUID, amounts: Mapping[int, int | None], seen: str, by: User, on: date, why: str
) -> list[Expense]:
    """Enter the audited amounts, in fen by the number of the line; all else of the list stays. It is a corrected list like another.

    ``seen``: the digest of the lines as they were shown; another list that was read meanwhile is not written over.
    """
    claim = locked(access_claim(by, claim_id, to="expenses"))
    required(why, _("更正的理由"))
    lines = list(claim.expenses.order_by("number"))
    if digest_of(lines) != seen:
        raise Refusal(
            _("这一页打开之后，清单已有变动。"), code="policies.list_changed", where=claim.title, remedy=_("请打开新的一页，对着现在的清单填写。"),
        )  # fmt: skip
    changed = [
        {id: getattr(one, id) for id in COLUMNS} | {"audited": amounts.get(one.number, one.audited)}
        for one in lines
    ]
    told = {"corrected": True, "file": "", "sha256": "", "entered": "audited"}
    return replaced(claim, changed, told, by=by, on=on, why=why)


def replaced(
    claim: Claim, lines: Iterable[Mapping[str, Any]], told: Mapping[str, Any], *, by: User, on: date, why: str
) -> list[Expense]:
    """These lines stand for all that stood before. The caller holds the claim's lock."""
    claim.expenses.all().delete()
    made = Expense.objects.bulk_create(Expense(claim=claim, **line, **keys_of(line)) for line in lines)
    declared = sum(one.declared for one in made)
    payload = {**told, "lines": len(made), "declared": declared, "digest": digest_of(made)}
    record("policies.claim.expenses", subject=claim.ref, by=by.actor, on=on, why=why, payload=payload)
    release_unlisted(claim, by=by.actor, on=on, why=why or LIST_CHANGED)
    undo_checks(claim, by, on, why)
    return made


def keys_of(line: Mapping[str, Any]) -> dict[str, str]:
    invoice = evidence_key("invoice", line.get("invoice_code", ""), line.get("invoice", ""))
    contract = evidence_key("contract", "", line.get("contract", ""))
    return {"invoice_key": invoice[:LONGEST_KEY], "contract_key": contract[:LONGEST_KEY]}


def undo_checks(claim: Claim, by: User, on: date, why: str) -> None:
    """What was found of the earlier lines no longer holds: the audit, and the search for doubles."""
    for one in checks(claim):
        if one.kind in ("audit", "doubles") and one.passed:
            checked(claim, one.kind, False, LIST_CHANGED, {}, by=by.actor, on=on, why=why)


def digest_of(lines: Iterable[Expense]) -> str:
    """The SHA-256 of the lines as they are kept, for the ledger and for what was concluded from them."""
    said = [line_json(one) for one in sorted(lines, key=lambda one: one.number)]
    return hashlib.sha256(canonical({"lines": said}).encode()).hexdigest()


def line_json(line: Expense) -> Mapping[str, Any]:
    found = {id: getattr(line, id) for id in COLUMNS}
    return {id: value.isoformat() if isinstance(value, date) else value for id, value in found.items()}
