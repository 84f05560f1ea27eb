"""The special audit (专项审计): the published measure decides line by line what of the expenses is recognised, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim
from mangrove.policies.claims.actions import Found, checked, doubt, locked
from mangrove.policies.claims.evidence import of_line
from mangrove.policies.claims.expenses import digest_of
from mangrove.policies.claims.models import Check, Claim, DoubtKind, DoubtState, Expense
from mangrove.policies.claims.repeats import Again, again, listed_twice
from mangrove.policies.claims.unmet import unmet
from mangrove.policies.measures.library import measure_of, version_on
from mangrove.policies.measures.models import RuleText
from mangrove.policies.schemes.definition import scheme
from mangrove.registry.models import User
from mangrove.rulebook.decide import Run, Standing
from mangrove.rulebook.explaining.lacking import Missing, missing
from mangrove.rulebook.explaining.parts import Part, Unfolding
from mangrove.rulebook.explaining.saying import Saying
from mangrove.rulebook.explaining.trying import Trying
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Stored, Thing

PROJECT, LINE = "support_project", "expense_line"
#: Clauses of the audit's measure: what a line comes to, and of that the equipment; and their totals by field of the project.
RECOGNISED, EQUIPMENT = "recognised", "recognised_equipment"
TOTALS = {"audited_investment": "audited", "equipment_investment": "audited_equipment"}
INVOICED_ON = "invoice_on"


@dataclass(frozen=True)
class LineFinding:
    """``recognised`` and of it ``equipment`` in fen, ``None`` where a datum is missing. ``failing`` are conditions not met,
    ``lacking`` what must be known first; ``upheld``: a person found its invoice paid for elsewhere; ``again``: its invoice stands
    on an earlier line too."""

    line: Expense
    standing: Standing
    recognised: int | None
    equipment: int | None
    failing: tuple[Part, ...] = ()
    lacking: tuple[Missing, ...] = ()
    upheld: str = ""
    again: Again | None = None

    @property
    def waits(self) -> bool:
        """Whether it would be recognised, and a person has still to say that its invoice is not counted twice."""
        return self.again is not None and not self.again.upheld and self.standing == Standing.MEETS

    @property
    def known(self) -> bool:
        return self.recognised is not None and self.equipment is not None


@dataclass(frozen=True)
class Audit:
    """``begins`` and ``ends``: days between which an invoice counts, both included; ``totals`` in fen by field of the project."""

    rule: RuleText
    begins: date | None
    ends: date | None
    lines: tuple[LineFinding, ...]
    totals: Mapping[str, int | None]

    @property
    def measure(self) -> Measure:
        return measure_of(self.rule)


def rule_for(claim: Claim) -> RuleText:
    """The version of the audit's measure that held on the day of applying. Raises :class:`Refusal` where none did."""
    name = scheme(claim.scheme).audit
    found = version_on(name, claim.applied_on) if name else None
    if found is None:
        raise Refusal(
            _("%(on)s 没有有效的专项审计规则。") % {"on": claim.applied_on}, code="policies.no_audit_rule", where=claim.title,
            remedy=_("请先在措施库公布当日有效的一版；这一事项不审计的，不用办这一步。"),
        )  # fmt: skip
    return found


def window(claim: Claim) -> tuple[date | None, date | None]:
    """From the project's first day to its completion, or to the closing day of the window of applying where none is stated."""
    begins, finished = (day_of(claim.declared.get(id)) for id in ("begins_on", "finished_on"))
    return begins, finished or closing_day(claim)


def day_of(said: Any) -> date | None:
    return date.fromisoformat(said) if said else None


def closing_day(claim: Claim) -> date | None:
    """The last day on which one could apply: a window that closes at midnight had closed the day before."""
    if claim.application is None:
        return None
    return timezone.localdate(claim.application.opening.closes_at - timedelta(microseconds=1))


# --- findings ----------------------------------------------------------------------------------------------------------


def findings(claim: Claim) -> Audit:
    """What the measure says of each line and of all together. Raises :class:`Refusal` where there is no rule or no line."""
    rule, (begins, ends) = rule_for(claim), window(claim)
    lines = list(claim.expenses.order_by("number"))
    if not lines:
        raise Refusal(
            _("还没有读入费用支出清单。"), code="policies.no_expenses", where=claim.title,
            rule=_("清单读不出的，不能通过专项审计"), remedy=_("请先读入清单；读不出的，上传更正的清单。"),
        )  # fmt: skip
    upheld, twice = paid_elsewhere(claim), again(claim, lines)
    told = {one.pk: words for one in lines if (words := upheld_of(one, claim, upheld))}
    out = {*told, *(pk for pk, one in twice.items() if one.upheld)}
    project = Thing(PROJECT, claim.thing, {"id": claim.thing, "spent_from": begins, "spent_until": ends})
    counted = [thing_of(one, project) for one in lines if one.pk not in out]
    deciding = Trying(
        measure_of(rule), population([project, *counted], measure_of(rule)), Run(claim.applied_on)
    )
    found = tuple(finding(deciding, one, told.get(one.pk, ""), twice.get(one.pk)) for one in lines)
    totals = {id: total(deciding, clause, project) for id, clause in TOTALS.items()}
    return Audit(rule, begins, ends, found, totals)


def population(things: list[Thing], measure: Measure) -> Population:
    entities = measure.vocabulary.entities
    return Population(
        things,
        {
            (id, link): entities[id].relations[link].to
            for id in (PROJECT, LINE)
            for link in entities[id].relations
        },
    )


def thing_of(line: Expense, project: Thing) -> Thing:
    """What has a number is there: a line without the number of its voucher has no voucher."""
    fields: dict[str, Stored] = {
        "number": line.number, "content": line.content, "equipment": line.equipment, "declared": line.declared,
        "audited": line.audited, "input_tax": line.input_tax, INVOICED_ON: line.invoice_on,
        "has_voucher": bool(line.voucher), "has_contract": bool(line.contract), "has_invoice": bool(line.invoice),
        "has_bank_slip": bool(line.bank_slip), "listed_in_form": line.listed_in_form,
    }  # fmt: skip
    return Thing(LINE, str(line.number), fields, {"project": project.key})


def finding(deciding: Trying, line: Expense, upheld: str, twice: Again | None) -> LineFinding:
    if upheld or (twice and twice.upheld):
        return LineFinding(line, Standing.FAILS, 0, 0, upheld=upheld, again=twice)
    thing = deciding.population.things[LINE, str(line.number)]
    outcome, equipment = (deciding.outcome(deciding.clauses[id], thing) for id in (RECOGNISED, EQUIPMENT))
    parts = () if outcome.standing == Standing.MEETS else Unfolding(deciding).of_clause(outcome, thing)
    lacks = [one for one in (outcome, equipment) if one.standing == Standing.LACKS]
    lacking = {(one.entity, one.field): one for each in lacks for one in missing(each, thing, deciding)}
    return LineFinding(
        line, outcome.standing, outcome.fen, equipment.fen, tuple(one for one in parts if one.holds is False),
        tuple(lacking.values()), again=twice,
    )  # fmt: skip


def total(deciding: Trying, clause: str, project: Thing) -> int | None:
    return deciding.outcome(deciding.clauses[clause], project).fen


def paid_elsewhere(claim: Claim) -> Mapping[str, str]:
    """Invoices of which a person said that they count elsewhere, by key, with the reason."""
    kinds = (DoubtKind.INVOICE, DoubtKind.ELSEWHERE)
    found = claim.doubts.filter(kind__in=kinds, state=DoubtState.UPHELD)
    return {one.detail["key"]: one.reason for one in found if one.detail.get("key")}


def upheld_of(line: Expense, claim: Claim, upheld: Mapping[str, str]) -> str:
    keys = [one.key for one in of_line(line, claim.applied_on) if one.kind == "invoice"]
    return next((upheld[key] for key in keys if key in upheld), "")


# --- in words ------------------------------------------------------------------------------------------------------------


def reasons(one: LineFinding, audit: Audit, language: str) -> list[str]:
    """Why a line is not recognised: each condition not met with the value that it has, or what must be known first."""
    say = Saying(audit.measure, language, (LINE, str(one.line.number)))
    failing = [unmet(part, say) for part in one.failing]
    lacking = [
        say.pick("缺数据：", "Not known: ") + say.field_name(each.entity, each.field) for each in one.lacking
    ]
    upheld = (
        [say.pick("发票经核实已用于别处：", "Its invoice was found to count elsewhere: ") + one.upheld]
        if one.upheld
        else []
    )
    return [*upheld, *([on_an_earlier_line(one.again, say)] if one.again else []), *failing, *lacking]


def on_an_earlier_line(one: Again, say: Saying) -> str:
    if one.upheld:
        return say.pick(
            f"与第 {one.first} 行是同一张发票，经核实重复计列：{one.upheld}",
            f"The same invoice as on line {one.first}, found to be counted twice: {one.upheld}",
        )
    return say.pick(
        f"与第 {one.first} 行是同一张发票，是否重复计列待核实",
        f"The same invoice as on line {one.first}; whether it is counted twice is still to be judged",
    )


# --- concluding ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def conclude_audit(
    *, claim_id: UUID, passed: bool, opinion: str, by: User, on: date, report: str = "", why: str = ""
) -> Check:
    """End the audit: what the measure recognises stands as the audited amounts. ``report`` names the auditor's report, if any.

    Raises :class:`Refusal` where the list was not read, or a line lacks a datum and the audit is to pass.
    """
    claim = locked(access_claim(by, claim_id, to="check"))
    found = findings(claim) if passed else findings_if_any(claim)
    if passed and found is not None:
        refuse_unknown(found, claim)
    if found is not None:
        doubt(claim, [*listed_twice(claim), *window_doubts(claim, found)], by=by.actor, on=on, why=why)
    detail = detail_of(found, claim, report) if found else {"report": report}
    return checked(claim, "audit", passed, opinion, detail, by=by.actor, on=on, why=why)


def findings_if_any(claim: Claim) -> Audit | None:
    return findings(claim) if claim.expenses.exists() else None


def refuse_unknown(found: Audit, claim: Claim) -> None:
    unknown = [one for one in found.lines if not one.known]
    if unknown:
        first = unknown[0]
        raise Refusal(
            _("有 %(n)s 行缺数据，不能认定。第一处：第 %(line)s 行，%(what)s") % {
                "n": len(unknown), "line": first.line.number, "what": "；".join(reasons(first, found, "zh")),
            },
            code="policies.audit_lacks", where=claim.title, rule=_("没有填的为缺数据，不当作零"),
            remedy=_("请按审计材料补齐，上传更正的清单。"),
        )  # fmt: skip


def window_doubts(claim: Claim, found: Audit) -> Iterator[Found]:
    """Lines whose invoice lies outside the project's time; the measure says which."""
    for one in found.lines:
        if (
            any(datum.field == INVOICED_ON for part in one.failing for datum in part.data)
            and one.line.invoice_on
        ):
            keys = [proof.key for proof in of_line(one.line, claim.applied_on) if proof.kind == "invoice"]
            yield Found(
                DoubtKind.WINDOW, (keys or [f"line-{one.line.number}"])[0],
                detail={
                    "line": one.line.number, "invoice_on": one.line.invoice_on.isoformat(), "amount": one.line.declared,
                    "begins": found.begins.isoformat() if found.begins else "", "ends": found.ends.isoformat() if found.ends else "",
                },
            )  # fmt: skip


def detail_of(found: Audit, claim: Claim, report: str) -> dict[str, Any]:
    """What was found, line by line, as it is kept: in Chinese, and in fen."""
    return {
        "recognised": {id: fen for id, fen in found.totals.items() if fen is not None},
        "rule": {"rule": found.rule.rule, "number": found.rule.number, "sha256": found.rule.sha256},
        "begins": found.begins.isoformat() if found.begins else "", "ends": found.ends.isoformat() if found.ends else "",
        "digest": digest_of(one.line for one in found.lines), "report": report,
        "lines": [
            {
                "number": one.line.number, "declared": one.line.declared, "recognised": one.recognised,
                "equipment": one.equipment, "standing": str(one.standing), "failing": reasons(one, found, "zh"),
            }
            for one in found.lines
        ],
    }  # fmt: skip


def stands(claim: Claim, last: Check | None) -> bool:
    """Whether what was concluded is what the lines and the judged doubts come to now."""
    if last is None or not last.passed:
        return False
    if not claim.expenses.exists():
        return not last.detail.get("lines")
    now = findings(claim)
    return bool(
        last.detail.get("recognised") == {id: fen for id, fen in now.totals.items() if fen is not None}
    )
