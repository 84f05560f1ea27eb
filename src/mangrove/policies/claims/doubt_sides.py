"""A doubt as two sides beside one another: what the claim says, and what it is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.ledger.refs import Ref
from mangrove.likeness.pages import Side
from mangrove.likeness.pages import side as marked_side
from mangrove.likeness.rules import rule
from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.doubt_tables import share_words
from mangrove.policies.claims.models import Claim, Doubt, DoubtKind
from mangrove.policies.claims.office import claim_href
from mangrove.policies.claims.texts import CORPUS, texts
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation
from mangrove.similarity import common_passages
from mangrove.ui.components import Fact, Link
from mangrove.ui.languages import listed
from mangrove.ui.numbers import yuan

#: Doubts that rest on what both firms wrote.
WITH_TEXT = (DoubtKind.ALIKE, DoubtKind.RELATED)


def sides(user: Any, one: Doubt) -> tuple[Side, Side]:
    other = other_claim(user, one)
    facts, against = FACTS[DoubtKind(one.kind)](one)
    titles = title(one.claim), title(other) if other else elsewhere(one)
    if one.kind in WITH_TEXT and other is not None:
        return with_texts(one.claim, other, titles, (facts, against))
    return Side("a", titles[0], facts, []), Side("b", titles[1], against, [])


def other_claim(user: Any, one: Doubt) -> Claim | None:
    """The other claim, for who may read it."""
    ref = Ref.parse(one.other) if one.other else None
    if ref is None or (ref.room, ref.kind) != (one.claim.ref.room, one.claim.ref.kind):
        return None
    return readable_claims(user).filter(pk=ref.id).first()


def title(claim: Claim) -> Any:
    return Link(claim.title, claim_href(claim) or reverse("policies:claim_doubts", args=[claim.pk]))


def elsewhere(one: Doubt) -> Any:
    """What it is held against where that is no claim of this room, or none that the reader may open."""
    there = one.detail.get("there", {})
    return (
        there.get("title")
        or there.get("programme")
        or one.detail.get("title")
        or OPPOSITE.get(DoubtKind(one.kind), one.get_kind_display())
    )


OPPOSITE = {
    DoubtKind.CREDIT: gettext_lazy("失信名单"), DoubtKind.WINDOW: gettext_lazy("项目实施期"), DoubtKind.SPLIT: gettext_lazy("另一份凭据"),
    DoubtKind.REPEATED: gettext_lazy("同一份清单的其他行"),
}  # fmt: skip


# --- texts ---------------------------------------------------------------------------------------------------------------


def with_texts(
    claim: Claim, other: Claim, titles: tuple[Any, Any], facts: tuple[list[Fact], list[Fact]]
) -> tuple[Side, Side]:
    """Both as they were written, each passage leading to the same words in the other."""
    said = texts(Claim.objects.filter(pk__in=[claim.pk, other.pk]))
    first, second, how = said.get(str(claim.pk), ""), said.get(str(other.pk), ""), rule(CORPUS)
    passages = common_passages(first, second, gap=how.gap, least=how.least)
    mine = [(each.first_start, each.first_end) for each in passages]
    yours = [(each.second_start, each.second_end) for each in passages]
    return (
        marked_side("a", "b", titles[0], facts[0], first, mine), marked_side("b", "a", titles[1], facts[1], second, yours),
    )  # fmt: skip


# --- facts, by kind ------------------------------------------------------------------------------------------------------

Sides = tuple[list[Fact], list[Fact]]


def paper(said: Mapping[str, Any]) -> list[Fact]:
    return [
        Fact(_("号码"), said["number"]), Fact(_("销售方"), said["seller"]), Fact(_("日期"), said["dated"]),
        Fact(_("涉及金额"), amount(said["amount"])),
    ]  # fmt: skip


def amount(fen: int) -> str:
    return _("%(amount)s 元") % {"amount": yuan(fen)}


def same_number(one: Doubt) -> Sides:
    there = one.detail["there"]
    return [firm(one), *paper(one.detail)], [Fact(_("申报单位"), there["claimant"]), *paper(there)]


def firm(one: Doubt) -> Fact:
    return Fact(_("申报单位"), named(one.claim.organisation))


def paid_before(one: Doubt) -> Sides:
    there = one.detail["there"]
    return [firm(one), *paper(one.detail)], [
        Fact(_("计划"), there["programme"]), Fact(_("年度"), str(there["year"])), Fact(_("受资助单位"), there["recipient"]),
        Fact(_("事项"), there["matter"]), Fact(_("涉及金额"), amount(there["amount"])), Fact(_("来源"), there["source"]),
    ]  # fmt: skip


def split_up(one: Doubt) -> Sides:
    own = str(one.claim.ref)
    pieces = one.detail["pieces"]
    return (
        [firm(one), *(fact for piece in pieces if piece["claim"] == own for fact in evidence(piece))],
        [fact for piece in pieces if piece["claim"] != own for fact in evidence(piece)],
    )


def evidence(piece: Mapping[str, Any]) -> Iterator[Fact]:
    kind = _("合同") if piece["kind"] == "contract" else _("发票")
    link = Link(piece["number"], reverse("funding:evidence_item", args=[piece["evidence"]]))
    yield Fact(
        kind, link, _("%(seller)s，%(dated)s，%(amount)s 元") % {**piece, "amount": yuan(piece["amount"])}
    )


def copied(one: Doubt) -> Sides:
    return [firm(one), share(one.detail)], [Fact(_("申报单位"), one.detail["claimant"])]


def share(said: Mapping[str, Any]) -> Fact:
    told = _("少见的字段 %(shared)s 处，较短的一份共 %(smaller)s 处") % {
        "shared": said["shared"],
        "smaller": said["smaller"],
    }
    return Fact(_("文本"), share_words(said["share"]), told)


def of_related(one: Doubt) -> Sides:
    detail = one.detail
    names = dict(Organisation.objects.filter(pk__in=ends(detail["way"])).values_list("pk", "name"))
    ways = [Fact(_("股权关系"), held(each, names)) for each in detail["way"]]
    found = [
        *([Fact(_("共有的销售方"), listed(detail["sellers"]))] if "sellers" in detail else []),
        *([Fact(_("相同的设备"), listed(detail["equipment"]))] if "equipment" in detail else []),
        *([share(detail["text"])] if "text" in detail else []),
    ]
    return [firm(one), *found], [Fact(_("申报单位"), detail["claimant"]), *ways]


def ends(way: list[Mapping[str, Any]]) -> set[str]:
    return {each[end] for each in way for end in ("holder", "held")}


def held(each: Mapping[str, Any], names: Mapping[str, str]) -> str:
    share = percent(each["share"])
    return _("%(holder)s 持有 %(held)s %(share)s") % {
        "holder": names.get(each["holder"], each["holder"]), "held": names.get(each["held"], each["held"]), "share": share,
    }  # fmt: skip


def percent(share: int) -> str:
    """As it is said: 60%, 33.3334%."""
    scale = vocabulary.entity("ownership").fields["share"].scale
    return f"{Decimal(share).scaleb(-scale).normalize():f}%"


def on_list(one: Doubt) -> Sides:
    said = one.detail
    return [
        firm(one), Fact(_("申报日期"), one.claim.applied_on.isoformat()), Fact(_("在名单上的日子"), listed(said["days"])),
    ], [
        Fact(_("名单"), said["list"]), Fact(_("列入日期"), said["listed_on"]), Fact(_("移出日期"), said["removed_on"] or _("仍在名单上")),
        Fact(_("来源"), said["source"]), Fact(_("失信记录"), one.key),
    ]  # fmt: skip


def listed_twice(one: Doubt) -> Sides:
    """The first line of the invoice, and the others."""
    first, *others = one.detail["lines"]
    whole = Fact(_("各行合计"), amount(one.detail["amount"]))
    number = Fact(_("号码"), one.detail["number"], one.detail["seller"])
    return [firm(one), number, *line_facts(first)], [
        *(fact for each in others for fact in line_facts(each)),
        whole,
    ]


def line_facts(line: Mapping[str, Any]) -> list[Fact]:
    return [
        Fact(_("清单行号"), str(line["line"]), line["content"]), Fact(_("合同"), line["contract"] or None),
        Fact(_("申报金额"), amount(line["amount"])),
        Fact(_("发票金额"), amount(line["of"]) if line["of"] is not None else _("清单没有写")),
    ]  # fmt: skip


def outside(one: Doubt) -> Sides:
    said = one.detail
    return [
        firm(one), Fact(_("清单行号"), str(said["line"])), Fact(_("开票日期"), said["invoice_on"]), Fact(_("涉及金额"), amount(said["amount"])),
    ], [Fact(_("费用起日"), said["begins"]), Fact(_("费用止日"), said["ends"])]  # fmt: skip


FACTS = {
    DoubtKind.REPEATED: listed_twice,
    DoubtKind.INVOICE: same_number, DoubtKind.CONTRACT: same_number, DoubtKind.ELSEWHERE: paid_before, DoubtKind.SPLIT: split_up,
    DoubtKind.ALIKE: copied, DoubtKind.RELATED: of_related, DoubtKind.CREDIT: on_list, DoubtKind.WINDOW: outside,
}  # fmt: skip
