"""Promises of a letter (承诺): recorded from its text, settled by an officer, moved only by evidence.

Each promise is a case of the workflow ``casework.promises`` (``promise_workflow.py``). Owner, date and measure are 未定 until
an officer sets them, and are counted as such.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import bump, lock_case, open_case, take_step, write_step
from mangrove.casework.attachments import Readable, arriving, clean_name, keep_row, put_in_place
from mangrove.casework.clocks import refuse_far
from mangrove.casework.models import Attachment, Case, CaseAct, Promise, PromiseEvidence, PromiseSource
from mangrove.casework.promise_workflow import PROMISES, WITHDRAWN
from mangrove.casework.sniffing import sniff
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation
from mangrove.ui.lines import LINES


@dataclass(frozen=True)
class Span:
    """Characters ``start`` to ``end`` (end excluded) of the letter, and what they are: number, heading, line of work."""

    number: str
    start: int
    end: int
    heading: str = ""
    line: str = ""


@transaction.atomic
def record_promises(
    *,
    letter: Ref,
    letter_text: str,
    letter_hash: str,
    spans: Sequence[Span],
    parent: Case,
    by: Actor,
    on: date,
    why: str = "",
    owed_by: Organisation | None = None,
) -> list[Promise]:
    """Record each span of a signed letter as a promise, all or none; owner, date and measure start as 未定.

    ``parent`` is the case that the letter answers; promises belong to its organisation, unless another has made them
    (``owed_by``). A number that an earlier
    version of the letter already promised under that case is restated: the promise keeps its history and gains a
    source. One that was sent keeps its words until the newer letter is sent (:func:`send_promises`). Raises :class:`Refusal` for a span outside the text, overlapping spans, and a number given twice.
    """
    check_spans(letter_text, spans)
    known = {
        promise.number: promise
        for promise in Promise.objects.filter(case__parent=parent)
        .exclude(case__state=WITHDRAWN)
        .select_related("case")
    }
    sent = set(promises_sent().filter(promise__case__parent=parent).values_list("promise", flat=True))
    promises = []
    for span in spans:
        text = letter_text[span.start : span.end]
        told = told_of(span.number, text, letter, letter_hash, span.start, span.end)
        promise = known.get(span.number)
        if promise is None:
            owner = owed_by or parent.organisation
            promise = make_promise(span, text, told, letter, parent, owner, by=by, on=on, why=why)
        elif promise.pk not in sent:
            restate(promise, text, told, by=by, on=on, why=why)
        add_source(promise, letter, span, letter_hash)
        promises.append(promise)
    return promises


def told_of(number: str, text: str, letter: Ref, letter_hash: str, start: int, end: int) -> dict[str, Any]:
    """What the ledger is told of a promise's words and where they stand."""
    said = {"number": number, "text": text, "letter": str(letter), "letter_hash": letter_hash}
    return said | {"start": start, "end": end}


def make_promise(
    span: Span,
    text: str,
    told: dict[str, Any],
    letter: Ref,
    parent: Case,
    owner: Organisation | None,
    *,
    by: Actor,
    on: date,
    why: str,
) -> Promise:
    case = open_case(
        workflow_id=PROMISES.id, subject=letter, title=title_of(span.number, text), by=by, on=on, why=why,
        organisation=owner, parent=parent, details=told | {"heading": span.heading, "line": span.line},
    )  # fmt: skip
    return Promise.objects.create(
        number=span.number, case=case, text=text, heading=span.heading, line=span.line
    )


def restate(promise: Promise, text: str, told: dict[str, Any], *, by: Actor, on: date, why: str) -> None:
    """A later version of the letter says the promise again, perhaps in other words; the ledger keeps both."""
    payload = told | {"text_before": promise.text}
    record("casework.restate_promise", subject=promise.case.ref, by=by, on=on, why=why, payload=payload)
    promise.text = text
    promise.save(update_fields=["text"])
    promise.case.title = title_of(promise.number, text)
    promise.case.save(update_fields=["title"])


def title_of(number: str, text: str) -> str:
    return f"{number} {text}"[:300]


@transaction.atomic
def send_promises(*, letter: Ref, letter_text: str, by: Actor, on: date, why: str = "") -> None:
    """The letter was sent: its promises are made, in its words, to those who received it."""
    sources = sources_in(letter)
    for source in sources.select_related("promise__case"):
        text = letter_text[source.start : source.end]
        if source.promise.text != text:
            told = told_of(source.promise.number, text, letter, source.letter_hash, source.start, source.end)
            restate(source.promise, text, told, by=by, on=on, why=why)
    sources.update(sent_on=on)


def promises_sent() -> QuerySet[PromiseSource]:
    """Where promises stand in letters that were sent; ``promise__case`` of these is what was promised to somebody."""
    return PromiseSource.objects.filter(sent_on__isnull=False)


#: Kept with the step; what is kept is in Chinese.
DROPPED = "新一版复函签发时已不含此项承诺，此前各版均未送达。"


@transaction.atomic
def withdraw_dropped(*, letter: Ref, parent: Case, by: Actor, on: date) -> None:
    """Withdraw what earlier versions promised, were never sent, and this signed ``letter`` no longer promises."""
    kept = sources_in(letter) | promises_sent()
    dropped = Promise.objects.filter(case__parent=parent, case__closed_on=None).exclude(
        pk__in=kept.values("promise")
    )
    for case in Case.objects.select_for_update().filter(promise__in=dropped).order_by("pk"):
        if step := PROMISES.move(case.state, "withdraw"):
            write_step(PROMISES, case, step, by=by, on=on, why=DROPPED, details={"letter": str(letter)})


def add_source(promise: Promise, letter: Ref, span: Span, letter_hash: str) -> PromiseSource:
    return PromiseSource.objects.create(
        promise=promise, letter_room=letter.room, letter_kind=letter.kind, letter_id=letter.id,
        start=span.start, end=span.end, letter_hash=letter_hash,
    )  # fmt: skip


def check_spans(text: str, spans: Sequence[Span]) -> None:
    end, numbers = 0, set[str]()
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not 0 <= span.start < span.end <= len(text) or not text[span.start : span.end].strip():
            raise bad_span(
                span,
                _("第 %(start)s 至 %(end)s 字不在信函正文（共 %(n)s 字）之内，或为空白")
                % {"start": span.start, "end": span.end, "n": len(text)},
            )
        if span.start < end:
            raise bad_span(span, _("与前一项承诺的文字重叠"))
        if span.number in numbers:
            raise bad_span(span, _("同一编号用了两次"))
        end = span.end
        numbers.add(span.number)


def bad_span(span: Span, what: str) -> Refusal:
    return Refusal(
        _("承诺 %(number)s：%(what)s。") % {"number": span.number, "what": what},
        code="casework.bad_span", where=_("承诺 %(number)s") % {"number": span.number}, remedy=_("请在信函原文上重新圈定。"),
    )  # fmt: skip


def sources_in(letter: Ref) -> QuerySet[PromiseSource]:
    return PromiseSource.objects.filter(letter_room=letter.room, letter_kind=letter.kind, letter_id=letter.id)


def promises_of(letter: Ref) -> QuerySet[Promise]:
    return Promise.objects.filter(
        sources__letter_room=letter.room, sources__letter_kind=letter.kind, sources__letter_id=letter.id
    )


@transaction.atomic
def settle_promise(
    promise_id: int,
    *,
    by: Actor,
    on: date,
    expected_version: int,
    owner_unit: str | None = None,
    due_on: date | None = None,
    measure: str | None = None,
    line: str | None = None,
    why: str = "",
) -> Promise:
    """Set what is given of owner, date, measure and line of work; what is ``None`` stays. Changing what was set needs a reason.

    ``expected_version`` is ``promise.case.version``. Raises :class:`Refusal`.
    """
    promise = lock_promise(promise_id, expected_version)
    offered = {"owner_unit": owner_unit, "due_on": due_on, "measure": measure, "line": line}
    given: dict[str, Any] = {field: value for field, value in offered.items() if value is not None}
    before = {field: getattr(promise, field) for field in given}
    check_settlement(promise, given, before, on, why)
    for field, value in given.items():
        setattr(promise, field, value)
    promise.save(update_fields=list(given))
    payload = {field: {"from": as_text(before[field]), "to": as_text(given[field])} for field in given}
    record("casework.settle_promise", subject=promise.case.ref, by=by, on=on, why=why, payload=payload)
    bump(promise.case)
    return promise


def lock_promise(promise_id: int, expected_version: int) -> Promise:
    case_id = Promise.objects.values_list("case_id", flat=True).get(pk=promise_id)
    case = lock_case(case_id, expected_version)
    promise = Promise.objects.get(pk=promise_id)
    promise.case = case
    return promise


def check_settlement(
    promise: Promise, given: dict[str, Any], before: dict[str, Any], on: date, why: str
) -> None:
    if promise.case.closed_on is not None:
        raise Refusal(
            _("承诺 %(number)s 已于 %(on)s 了结，不能再改。")
            % {"number": promise.number, "on": promise.case.closed_on},
            code="casework.closed",
        )
    if not given or any(isinstance(value, str) and not value.strip() for value in given.values()):
        raise Refusal(
            _("请至少写明责任单位、期限、衡量办法、工作条线中的一项，且不能为空白。"),
            code="casework.nothing_settled",
        )
    refuse_unknown_line(given.get("line"))
    if given.get("due_on"):
        refuse_far(
            given["due_on"],
            timezone.localdate(),
            _("期限"),
            _("承诺 %(number)s") % {"number": promise.number},
        )
    if given.get("due_on") and given["due_on"] < promise.case.opened_on:
        raise Refusal(
            _("期限 %(due_on)s 早于作出承诺的 %(opened_on)s。")
            % {"due_on": given["due_on"], "opened_on": promise.case.opened_on},
            code="casework.due_before_promise",
        )
    if any(before.values()) and not why.strip():  # no line of work yet is an empty text, the others are None
        raise Refusal(
            _("更改已定的责任单位、期限、衡量办法或工作条线，须写明理由。"),
            code="casework.needs_reason",
            where=_("理由"),
        )


def refuse_unknown_line(line: str | None) -> None:
    """What an officer decides is one of the lines of work; else the promise would count under none of them."""
    if line is not None and line not in {known.id for known in LINES}:
        raise Refusal(
            _("没有工作条线“%(line)s”。") % {"line": line}, code="casework.unknown_line",
            where=_("工作条线"), remedy=_("请从八条工作条线中选一条。"),
        )  # fmt: skip


def as_text(value: date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


@transaction.atomic
def add_evidence(
    promise_id: int,
    *,
    what: str,
    source: str,
    dated: date,
    by: Actor,
    on: date,
    expected_version: int | None = None,
    attachment: Attachment | None = None,
    why: str = "",
) -> PromiseEvidence:
    """Add what shows that a promise moved: ``what`` in a sentence, ``source`` (document number, figure, page).

    ``expected_version`` is ``promise.case.version`` as the person saw it; ``None`` adds to whatever there is.
    """
    promise = promise_for_evidence(promise_id, expected_version)
    check_evidence(promise, what, source, dated)
    if attachment is not None and attachment.case_id != promise.case_id:
        raise Refusal(
            _("附件“%(name)s”不属于承诺 %(number)s。") % {"name": attachment.name, "number": promise.number},
            code="casework.bad_evidence", where=_("附件"), remedy=_("请把文件上传到此承诺名下。"),
        )  # fmt: skip
    payload = {"promise": promise.pk, "what": what, "source": source, "dated": dated.isoformat()}
    payload["sha256"] = attachment.sha256 if attachment else ""
    event = record("casework.add_evidence", subject=promise.case.ref, by=by, on=on, why=why, payload=payload)
    bump(promise.case)
    return PromiseEvidence.objects.create(
        promise=promise, what=what, source=source, dated=dated, attachment=attachment,
        added_by=by.username, event=event,
    )  # fmt: skip


def promise_for_evidence(promise_id: int, expected_version: int | None) -> Promise:
    if expected_version is not None:
        return lock_promise(promise_id, expected_version)
    case = Case.objects.select_for_update().get(promise=promise_id)
    return lock_promise(promise_id, case.version)


def check_evidence(promise: Promise, what: str, source: str, dated: date) -> None:
    if promise.case.closed_on is not None:
        raise Refusal(
            _("承诺 %(number)s 已于 %(on)s 了结，不再登记证据。")
            % {"number": promise.number, "on": promise.case.closed_on},
            code="casework.closed",
        )
    if not what.strip() or not source.strip():
        raise Refusal(
            _("证据须写明内容和出处。"),
            code="casework.bad_evidence",
            where=_("承诺 %(number)s") % {"number": promise.number},
        )
    if dated > timezone.localdate():
        raise Refusal(
            _("证据日期 %(dated)s 在今天之后。") % {"dated": dated},
            code="casework.future_date",
            where=_("证据日期"),
        )


def add_evidence_with_file(
    promise_id: int, *, upload: Readable, name: str, by: Actor, on: date, why: str = "", **said: Any
) -> PromiseEvidence:
    """:func:`add_evidence` (for ``said`` see there) together with its file: both are kept, or neither.

    Raises :class:`Refusal` as :func:`mangrove.casework.attachments.store` does, too.
    """
    name = clean_name(name)
    with arriving(upload, name) as arrived:
        kind = sniff(arrived.path, name)
        with transaction.atomic():
            case = Case.objects.get(promise=promise_id)
            attachment = keep_row(arrived, kind, name=name, by=by, case=case, on=on, why=why)
            shown = add_evidence(promise_id, attachment=attachment, by=by, on=on, why=why, **said)
            put_in_place(arrived)
    return shown


def advance(
    promise_id: int,
    act: str,
    *,
    evidence: Collection[PromiseEvidence],
    by: Actor,
    roles: Collection[str],
    on: date,
    expected_version: int,
    why: str = "",
    notice: str = "",
) -> CaseAct:
    """Take a step of the workflow ``casework.promises`` on named evidence; ``notice`` says how the deputy was told."""
    case_id = Promise.objects.values_list("case_id", flat=True).get(pk=promise_id)
    details = {"evidence": sorted(item.pk for item in evidence), "notice": notice}
    return take_step(
        case_id, act, by=by, roles=roles, on=on, why=why, expected_version=expected_version, details=details
    )
