"""Giving items to experts: a plan that is looked at first, the act that carries it out, and a draw by lot.

All of it holds the lock of the round, so that two officers never give one expert one item twice, and a plan that has
been overtaken is refused and not half carried out.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.actions import open_case
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User
from mangrove.reviews.access import access_round
from mangrove.reviews.clocks import refuse_past, start_clock
from mangrove.reviews.decisions import HARD, Facts, Obstacle, drawn, obstacles
from mangrove.reviews.models import Assignment, Draw, Expert, Item, Round
from mangrove.reviews.pool import knows_applicants
from mangrove.reviews.rounds import lock_round
from mangrove.reviews.rules import rule_of
from mangrove.reviews.workflow import ASSIGNMENT, LEFT

WORDS: Mapping[Obstacle, object] = {
    "same_legal_person": gettext_lazy("与申报单位同一法人"),
    "not_serving": gettext_lazy("不在聘期、已暂停或账号停用"),
    "no_agreement": gettext_lazy("未同意保密承诺"),
    "assigned": gettext_lazy("已指派过此件"),
    "named_unsuitable": gettext_lazy("申报单位提出不适合"),
    "knows_applicants": gettext_lazy("账号另有能看到申报单位的角色"),
    "competing": gettext_lazy("所在单位在本轮有申报"),
}


@dataclass(frozen=True)
class Pair:
    """One expert and one item, with what stands against it."""

    item: Item
    expert: Expert
    obstacles: tuple[Obstacle, ...]

    @property
    def possible(self) -> bool:
        return not HARD & set(self.obstacles)

    @property
    def words(self) -> list[str]:
        return [str(WORDS[name]) for name in self.obstacles]

    @property
    def key(self) -> str:
        return f"{self.item.pk}:{self.expert.pk}"


@dataclass(frozen=True)
class Plan:
    """What an assignment by hand would do: which pairs, which not and why, and how much each expert would then have."""

    pairs: tuple[Pair, ...]
    load: Mapping[int, int]

    @property
    def possible(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.possible]

    @property
    def refused(self) -> list[Pair]:
        return [pair for pair in self.pairs if not pair.possible]

    @property
    def needs_reason(self) -> bool:
        """Whether something is set aside that is to be weighed."""
        return any(pair.obstacles for pair in self.possible)

    @property
    def digest(self) -> str:
        """What was looked at, so that nothing else is carried out."""
        text = ",".join(sorted(pair.key for pair in self.possible))
        return hashlib.sha256(text.encode()).hexdigest()


def experts_of(found: Round) -> list[Expert]:
    """The bureau's pool, in a fixed order."""
    return list(Expert.objects.filter(bureau=found.bureau_id).select_related("user__organisation"))


def loads(found: Round) -> Counter[int]:
    """By expert: how many items of this round they have, without those they left."""
    held = Assignment.objects.filter(item__round=found).exclude(case__state__in=LEFT)
    return Counter(held.values_list("expert_id", flat=True))


def pairs_of(items: Collection[Item], experts: Collection[Expert], on: date) -> list[Pair]:
    """Every expert with every item, in five queries however many there are."""
    known = Known(items)
    return [known.pair(item, expert, on) for item in items for expert in experts]


class Known:
    """What stands against experts at some items, read once."""

    def __init__(self, items: Collection[Item]) -> None:
        keys = [item.pk for item in items]
        merged = Organisation.objects.exclude(merged_into=None).values_list("pk", "merged_into")
        self.merged = dict(merged)
        self.parties: dict[int, set[str | None]] = {key: set() for key in keys}
        for item_id, organisation in Item.parties.through.objects.filter(item__in=keys).values_list(
            "item", "organisation"
        ):
            self.parties[item_id].add(self.body(organisation))
        rounds = {item.round_id for item in items}
        everybody = Item.parties.through.objects.filter(item__round__in=rounds)
        self.applying = {self.body(one) for one in everybody.values_list("organisation", flat=True)}
        self.assigned = set(Assignment.objects.filter(item__in=keys).values_list("item", "expert"))
        self.unsuitable = set(
            Item.objects.filter(pk__in=keys, unsuitable__isnull=False).values_list("pk", "unsuitable__expert")
        )

    def body(self, organisation: str | None) -> str | None:
        """The entry that answers for it: who applies under another entry of the same body is the same legal person."""
        return self.merged.get(organisation, organisation) if organisation else None

    def pair(self, item: Item, expert: Expert, on: date) -> Pair:
        key, own = (item.pk, expert.pk), self.body(expert.user.organisation_id)
        facts = Facts(
            organisation=own,
            serving=expert.serves_on(on) and expert.user.is_active and expert.user.has_role("expert"),
            agreed=expert.agreed_on is not None and expert.agreed_on <= on,
            unsuitable=key in self.unsuitable,
            assigned=key in self.assigned,
            knows_applicants=knows_applicants(expert.user, expert.bureau_id),
            competing=own is not None and own in self.applying - self.parties[item.pk],
        )
        return Pair(item, expert, tuple(obstacles(facts, self.parties[item.pk])))


def plan(found: Round, items: Collection[Item], experts: Collection[Expert], on: date) -> Plan:
    """What giving all these items to all these experts would do. Writes nothing."""
    pairs = tuple(pairs_of(items, experts, on))
    load = loads(found)
    load.update(pair.expert.pk for pair in pairs if pair.possible)
    return Plan(pairs, load)


@transaction.atomic
def assign(
    *, by: User, round_id: int, item_ids: Collection[int], expert_ids: Collection[int], seen: str, due_on: date,
    on: date, why: str = "",
) -> list[Assignment]:  # fmt: skip
    """Carry out the plan with the digest ``seen``. Raises :class:`Refusal` when it is another one by now."""
    found = scoring(by, round_id)
    items = list(found.items.filter(pk__in=item_ids))
    chosen = [expert for expert in experts_of(found) if expert.pk in expert_ids]
    planned = plan(found, items, chosen, on)
    refuse_other_plan(planned, seen, why)
    batch = uuid.uuid4()
    return [give(pair, due_on, by=by, on=on, why=why, batch=batch) for pair in planned.possible]


@transaction.atomic
def assign_one(
    *, by: User, round_id: int, code: str, username: str, due_on: date, on: date, why: str, batch: uuid.UUID
) -> Assignment:
    """One expert for one item, as a list names them. What is to be weighed needs a reason; what forbids it is refused."""
    found = scoring(by, round_id)
    items = list(found.items.filter(code=code))
    experts = [one for one in experts_of(found) if one.user.username == username]
    (pair,) = pairs_of(items, experts, on)
    refuse_obstacles(pair)
    if pair.obstacles and not why.strip():
        raise without_reason()
    return give(pair, due_on, by=by, on=on, why=why, batch=batch)


def without_reason() -> Refusal:
    return Refusal(
        _("申报单位提出不适合的，或所在单位在本轮有申报的专家，仍要指派须写明理由。"),
        code="reviews.needs_reason", where=_("理由"),
    )  # fmt: skip


def refuse_other_plan(planned: Plan, seen: str, why: str) -> None:
    if planned.digest != seen:
        raise Refusal(
            _("您看过预览之后情况有变，没有指派。"), code="reviews.plan_changed", where=_("指派"),
            remedy=_("请再看一遍下面的预览。"),
        )  # fmt: skip
    if not planned.possible:
        raise Refusal(_("没有可以指派的。"), code="reviews.nothing_to_assign", where=_("指派"))
    if planned.needs_reason and not why.strip():
        raise without_reason()


def scoring(by: User, round_id: int) -> Round:
    """The round, locked, while experts can be assigned."""
    found = access_round(by, round_id)
    if lock_round(found).state != "scoring":
        raise Refusal(
            _("只有评审中的轮次可以指派专家。"), code="reviews.not_scoring", where=found.title,
            remedy=_("请先开始评审。"),
        )  # fmt: skip
    return found


def give(pair: Pair, due_on: date, *, by: User, on: date, why: str, batch: uuid.UUID) -> Assignment:
    """One item to one expert: the case with its due date, in the expert's inbox. Raises for a hard obstacle."""
    refuse_obstacles(pair)
    made = Assignment(item=pair.item, expert=pair.expert)
    title = f"{pair.item.round.title} {pair.item.code} {pair.item.shown_title}"
    made.case = open_case(
        workflow_id=ASSIGNMENT.id, subject=made.ref, title=title, by=by.actor, on=on, why=why, owner=pair.expert.user,
        details={
            "item": str(pair.item.pk), "code": pair.item.code, "expert": pair.expert.user.username,
            "due_on": due_on.isoformat(), "set_aside": list(pair.obstacles), "batch": str(batch),
        },
    )  # fmt: skip
    made.save(force_insert=True)
    start_clock(made.case, due_on, by=by.actor, on=on, why=why)
    return made


def refuse_obstacles(pair: Pair) -> None:
    found = [name for name in pair.obstacles if name in HARD]
    if not found:
        return
    rule = rule_of(pair.item.round.rules, "same_legal_person").words if "same_legal_person" in found else ""
    raise Refusal(
        _("%(expert)s不能评审 %(code)s：%(why)s。") % {"expert": pair.expert.user.name, "code": pair.item.code, "why": WORDS[found[0]]},
        code=f"reviews.{found[0]}", where=_("评审件 %(code)s") % {"code": pair.item.code}, rule=rule,
        remedy=_("请另选专家。"),
    )  # fmt: skip


@transaction.atomic
def draw(
    *, by: User, round_id: int, item_ids: Collection[int], due_on: date, on: date, why: str = "", seed: str = "",
    matching: bool = True, load_at_most: int | None = None,
) -> list[Assignment]:  # fmt: skip
    """Draw by lot what each item lacks to the round's number of experts, among those eligible.

    ``matching``: only experts in the item's fields. There is no preview: who could look first could draw until it suits.
    ``seed`` is recorded with the pool, so that :func:`decisions.drawn` gives the same again.
    """
    found = scoring(by, round_id)
    refuse_past(due_on, on)
    seed, batch, made = seed.strip() or secrets.token_hex(16), uuid.uuid4(), []
    experts = experts_of(found)
    for item in found.items.filter(pk__in=item_ids).order_by("code"):
        wanted = found.least - held(item)
        if wanted > 0:
            able = eligible(found, item, experts, on, matching, load_at_most)
            chosen = draw_item(item, able, wanted, f"{seed}/{item.code}", by=by, on=on, why=why)
            made += [give(able[name], due_on, by=by, on=on, why=why, batch=batch) for name in chosen]
    if not made:
        raise Refusal(
            _("所选各件都已有足够的专家，没有抽取。"), code="reviews.nothing_to_draw", where=_("抽取")
        )
    return made


def held(item: Item) -> int:
    return item.assignments.exclude(case__state__in=LEFT).count()


def eligible(
    found: Round, item: Item, pool: Collection[Expert], on: date, matching: bool, load_at_most: int | None
) -> dict[str, Pair]:
    """Who of the pool may be drawn, by username; what an officer would weigh is heeded here without further ado."""
    load = loads(found)
    pairs = pairs_of([item], pool, on)
    return {
        pair.expert.user.username: pair
        for pair in pairs
        if not pair.obstacles
        and (load_at_most is None or load[pair.expert.pk] < load_at_most)
        and (not matching or suits(item, pair.expert))
    }


def suits(item: Item, expert: Expert) -> bool:
    """Whether the expert knows a field of the item; an item without fields suits everybody."""
    return not item.fields or bool(set(item.fields) & set(expert.fields))


def draw_item(
    item: Item, pool: Iterable[str], wanted: int, seed: str, *, by: User, on: date, why: str
) -> list[str]:
    names = sorted(pool)
    if len(names) < wanted:
        raise Refusal(
            _("%(code)s 还要 %(wanted)s 名专家，符合条件的只有 %(n)s 名。") % {"code": item.code, "wanted": wanted, "n": len(names)},
            code="reviews.pool_too_small", where=_("评审件 %(code)s") % {"code": item.code},
            remedy=_("请扩充专家库、放宽专长或提高每人件数上限，或手工指派。"),
        )  # fmt: skip
    chosen = drawn(seed, names, wanted)
    payload = {"item": str(item.pk), "seed": seed, "pool": names, "wanted": wanted, "drawn": chosen}
    subject = Ref("reviews", "item", str(item.pk))
    event = record("reviews.draw", subject=subject, by=by.actor, on=on, why=why, payload=payload)
    Draw.objects.create(item=item, seed=seed, pool=names, wanted=wanted, drawn=chosen, event=event)
    return chosen
