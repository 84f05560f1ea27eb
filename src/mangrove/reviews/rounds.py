"""A round of review: open it, enter things and files, start, end, release the comments.

Things are entered while the round is being prepared and stand still once it has started. In a blind round whatever
experts will read is searched for the applicants' names first (``leaks.py``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case, open_case, take_step, write_step
from mangrove.casework.attachments import Readable, arriving, clean_name, keep_row, put_in_place
from mangrove.casework.models import Case, CaseAct
from mangrove.casework.sniffing import sniff
from mangrove.casework.workflow import no_such_step, workflow
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User
from mangrove.reviews import hooks
from mangrove.reviews.access import access_expert, access_item, access_office, access_round
from mangrove.reviews.clocks import end_clocks, refuse_past
from mangrove.reviews.leaks import refuse_leaking_file, refuse_leaks
from mangrove.reviews.models import MODES, Item, ItemFile, Round, Unsuitable
from mangrove.reviews.pool import known_fields
from mangrove.reviews.rubrics import rubrics
from mangrove.reviews.rules import defaults, frozen, rule_of
from mangrove.reviews.workflow import COUNTING, ROUND
from mangrove.ui.languages import listed


@dataclass(frozen=True)
class Thing:
    """What a caller puts under review. ``parties``: ids of the organisations concerned; ``text`` is already redacted.

    ``set_aside``: forms of the parties' names that are ordinary words here and may stand in a blind text.
    """

    subject: Ref
    title: str
    blind_title: str
    text: str
    parties: Collection[str]
    fields: Collection[str] = ()
    set_aside: Collection[str] = field(default_factory=tuple)


@transaction.atomic
def open_round(
    *, by: User, title: str, mode: str, rubric: str, due_on: date, on: date, least: int | None = None,
    why: str = "", synthetic: bool = False,
) -> Round:  # fmt: skip
    """Open a round with the rubric and rules as they now stand. ``least``: experts an item, default from the rules.

    Raises :class:`Refusal` for an unknown mode or rubric, a date that is past, fewer experts than the default
    without a reason.
    """
    bureau = access_office(by).organisation
    rule = defaults()["least_experts"]
    least = rule.value if least is None else least
    refuse_bad_round(mode, rubric, due_on, on, least, why)
    made = Round.objects.create(
        title=title.strip(), bureau=bureau, mode=mode, rubric=rubrics()[rubric], rules=frozen(),  # type: ignore[misc]
        least=least, due_on=due_on, synthetic=synthetic,
    )  # fmt: skip
    made.case = open_case(
        workflow_id=ROUND.id, subject=made.ref, title=made.title, by=by.actor, on=on, why=why,
        owner=by, unit=by.unit, organisation=bureau,
        details={"mode": mode, "rubric": rubric, "least": least, "due_on": due_on.isoformat()},
    )  # fmt: skip
    made.save(update_fields=["case"])
    return made


def refuse_bad_round(mode: str, rubric: str, due_on: date, on: date, least: int, why: str) -> None:
    rule = defaults()["least_experts"]
    if mode not in dict(MODES) or rubric not in rubrics():
        raise Refusal(_("没有这种匿名方式或评分表。"), code="reviews.unknown_choice", where=_("评审轮次"))
    refuse_past(due_on, on)
    if least < 1 or (least < rule.value and not why.strip()):
        raise Refusal(
            _("每件至少由 %(n)s 名专家评审；少于此数须写明理由。") % {"n": rule.value},
            code="reviews.too_few_experts", where=_("每件专家数"), rule=rule.words, remedy=_("请改为 %(n)s 或写明理由。") % {"n": rule.value},
        )  # fmt: skip


@transaction.atomic
def add_item(*, by: User, round_id: int, thing: Thing, on: date, why: str = "") -> Item:
    """Put a thing under review while the round is being prepared. Raises :class:`Refusal`."""
    found = preparing(by, round_id)
    parties = known_parties(thing.parties)
    if found.blind:
        shown = {_("匿名题目"): thing.blind_title, _("供专家看的文字"): thing.text}
        refuse_leaks(parties, shown, thing.set_aside)
    refuse_empty(thing)
    item = keep_item(found, thing)
    item.parties.set(parties)
    payload = {
        "item": str(item.pk), "code": item.code, "subject": str(thing.subject), "title": thing.title,
        "blind_title": thing.blind_title, "parties": sorted(thing.parties), "set_aside": sorted(thing.set_aside),
    }  # fmt: skip
    record("reviews.add_item", subject=found.ref, by=by.actor, on=on, why=why, payload=payload)
    return item


def refuse_empty(thing: Thing) -> None:
    if not (thing.title.strip() and thing.blind_title.strip() and thing.text.strip()):
        raise Refusal(_("题目、匿名题目和文字都要有。"), code="reviews.empty_item", where=_("评审件"))


def keep_item(found: Round, thing: Thing) -> Item:
    """The row, under a code that is free; the same thing twice is refused."""
    subject = {
        "subject_room": thing.subject.room,
        "subject_kind": thing.subject.kind,
        "subject_id": thing.subject.id,
    }
    if found.items.filter(**subject).exists():
        raise Refusal(_("此件已在本轮评审中。"), code="reviews.item_known", where=thing.title)
    fields = known_fields(thing.fields) if thing.fields else []
    for _attempt in range(20):
        try:
            with transaction.atomic():
                return Item.objects.create(
                    round=found, title=thing.title.strip(), blind_title=thing.blind_title.strip(), text=thing.text,
                    fields=fields, **subject,
                )  # fmt: skip
        except IntegrityError:
            continue
    raise Refusal(_("编不出空闲的评审编号，请重试。"), code="reviews.no_code", where=found.title)


def known_parties(ids: Collection[str]) -> list[Organisation]:
    """Whom a thing concerns; at least one, all of the registry, since conflicts and blindness rest on it."""
    found = list(Organisation.objects.filter(pk__in=ids))
    if not ids or len(found) != len(set(ids)):
        raise Refusal(
            _("申报单位须是机构名录里的单位，至少一家。"), code="reviews.unknown_party", where=_("申报单位"),
            rule=_("回避和匿名都以此为准"), remedy=_("请先在机构名录登记。"),
        )  # fmt: skip
    return found


def add_file(
    *, by: User, item_id: int, upload: Readable, name: str, on: date, why: str = "", looked: bool = False
) -> ItemFile:
    """Keep a file with an item. In a blind round its text and properties are searched for the applicants' names.

    It hangs on the case of the round, which no expert reads; experts get it by their assignment, under another name.
    ``looked``: somebody has looked through its pictures and scanned pages, which cannot be searched.
    """
    item = access_item(by, item_id)
    preparing(by, item.round_id)
    name = clean_name(name)
    with arriving(upload, name) as arrived:
        kind = sniff(arrived.path, name)
        if item.round.blind:
            refuse_leaking_file(item.parties.all(), arrived.path.read_bytes(), looked)
        with transaction.atomic():
            case = case_of(preparing(by, item.round_id))
            kept = keep_row(arrived, kind, name=name, by=by.actor, case=case, on=on, why=why)
            made = ItemFile.objects.create(item=item, attachment=kept)
            payload = {"attachment": str(kept.pk), "sha256": kept.sha256, "looked": looked}
            record("reviews.add_file", subject=item.ref, by=by.actor, on=on, why=why, payload=payload)
            put_in_place(arrived)
    return made


@transaction.atomic
def name_unsuitable(*, by: User, item_id: int, expert_id: int, on: date, why: str) -> Unsuitable:
    """Enter that the applicant asks not to be reviewed by this expert; so many at most, as the rules say."""
    item = access_item(by, item_id)
    expert = access_expert(by, expert_id)
    lock_round(item.round)
    rule = rule_of(item.round.rules, "unsuitable_at_most")
    if not why.strip():
        raise Refusal(_("须写明申报单位的理由。"), code="reviews.needs_reason", where=_("理由"))
    if item.unsuitable.count() >= rule.value:
        raise Refusal(
            _("申报单位最多提出 %(n)s 名不适合的专家。") % {"n": rule.value}, code="reviews.too_many_unsuitable",
            where=_("评审件 %(code)s") % {"code": item.code}, rule=rule.words,
        )  # fmt: skip
    made, is_new = Unsuitable.objects.get_or_create(item=item, expert=expert, defaults={"reason": why})
    if is_new:
        payload = {"item": str(item.pk), "expert": expert.user.username}
        record(
            "reviews.name_unsuitable", subject=item.round.ref, by=by.actor, on=on, why=why, payload=payload
        )
    return made


@transaction.atomic
def start(*, by: User, round_id: int, on: date, expected_version: int, why: str = "") -> CaseAct:
    """From now on items stand still and experts can be assigned."""
    found = access_round(by, round_id)
    if not found.items.exists():
        raise Refusal(_("还没有评审件。"), code="reviews.no_items", where=found.title, remedy=_("请先录入。"))
    return step(found, "start", by=by, on=on, expected_version=expected_version, why=why)


@transaction.atomic
def drop(*, by: User, round_id: int, on: date, expected_version: int, why: str) -> CaseAct:
    """Give a round up before it has begun; its things may enter another."""
    return step(access_round(by, round_id), "drop", by=by, on=on, expected_version=expected_version, why=why)


@transaction.atomic
def close(*, by: User, round_id: int, on: date, expected_version: int, why: str = "") -> CaseAct:
    """End the review: what was submitted counts, what was not lapses. Refused while an item has too few reviews."""
    found = access_round(by, round_id)
    taken = step(found, "close", by=by, on=on, expected_version=expected_version, why=why)
    refuse_too_few(found)
    settle(found, by=by, on=on, why=why)
    hooks.tell(hooks.Closed(found, by, on, why))
    return taken


def refuse_too_few(found: Round) -> None:
    counted = {item.code: 0 for item in found.items.all()}
    for code in found.items.filter(assignments__case__state__in=COUNTING).values_list("code", flat=True):
        counted[code] += 1
    if short := sorted(code for code, n in counted.items() if n < found.least):
        rule = rule_of(found.rules, "least_experts")
        raise Refusal(
            _("还有 %(n)s 件不足 %(least)s 份评审：%(codes)s。") % {"n": len(short), "least": found.least, "codes": listed(short[:10])},
            code="reviews.too_few_reviews", where=found.title, rule=rule.words, remedy=_("请催办，或另行指派专家。"),
        )  # fmt: skip


def settle(found: Round, *, by: User, on: date, why: str) -> None:
    """Every assignment comes to its end. One that moves meanwhile makes the whole act refused, not half done."""
    cases = Case.objects.filter(review_assignment__item__round=found, closed_on=None).order_by("pk")
    for case in cases:
        act = "count" if case.state in COUNTING else "lapse"
        take_own_step(case, act, by=by, on=on, why=why)
        end_clocks(case, by=by.actor, on=on, why=why)


def take_own_step(case: Case, act: str, *, by: User, on: date, why: str) -> CaseAct:
    """A step that nobody takes by itself: it follows from another act."""
    now, flow = lock_case(case.pk, case.version), workflow(case.workflow)
    found = flow.move(now.state, act)
    if found is None:
        raise no_such_step(flow, now.state, act)
    return write_step(flow, now, found, by=by.actor, on=on, why=why, details={})


@transaction.atomic
def release(*, by: User, round_id: int, on: date, expected_version: int, why: str = "") -> CaseAct:
    """Let the applicants read the experts' comments, without names."""
    return step(
        access_round(by, round_id), "release", by=by, on=on, expected_version=expected_version, why=why
    )


def step(found: Round, act: str, *, by: User, on: date, expected_version: int, why: str) -> CaseAct:
    return take_step(
        case_of(found).pk, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why
    )


def case_of(found: Round) -> Case:
    """The case of a round, which it has from the act that made it."""
    assert found.case is not None
    return found.case


def lock_round(found: Round) -> Case:
    """The round's case, locked: whoever enters, assigns or ends waits for whoever does so first."""
    return Case.objects.select_for_update().get(pk=case_of(found).pk)


def preparing(by: User, round_id: int) -> Round:
    """The round, locked, while things may still be entered."""
    found = access_round(by, round_id)
    with transaction.atomic():
        state = lock_round(found).state
    if state != "preparing":
        raise Refusal(
            _("评审已经开始，评审件不能再改。"), code="reviews.started", where=found.title,
            remedy=_("请另开一轮。"),
        )  # fmt: skip
    return found
