"""What the page of a claim shows: to the office all of it, to the firm what concerns it, in public words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.casework.grievances.pages import about_thing, raised
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.pages import lodging_links
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section, act_links, history, state_tag
from mangrove.intake.access import visible_applications
from mangrove.policies.claims.access import as_firm
from mangrove.policies.claims.credit import is_listed
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.standing import checks, none_found
from mangrove.policies.claims.tables import (
    DOUBTS,
    TONES,
    checks_table,
    judged_table,
    public_tag,
    scheme_words,
)
from mangrove.policies.claims.workflow import AWARDED, CHECKING, OFFICER
from mangrove.policies.firms.access import awards_of
from mangrove.policies.firms.tables import awards_table
from mangrove.policies.measures.articles import article_said
from mangrove.policies.measures.library import measure_of
from mangrove.policies.plans.models import without_texts
from mangrove.policies.plans.tables import plan_lines_table
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.schemes.rules import judged_inputs, paying, rule_on
from mangrove.registry.labels import label, named, said
from mangrove.ui.components import Fact, Link
from mangrove.ui.languages import in_words
from mangrove.ui.numbers import yuan
from mangrove.vocabulary.values import from_json


def context(user: Any, claim: Claim) -> dict[str, Any]:
    firm = as_firm(user, claim)
    return {
        "claim": claim,
        "heading": claim.title,
        "note": public_tag(claim) if firm else state_tag(claim.case, TONES),
        "crumb": ActLink(_("扶持申报"), reverse("policies:claims"), False),
        "acts": [*act_links(user, claim.case, "policies:claim_step", claim.pk), *ways_to_object(user, claim, firm)],
        "facts": facts(user, claim, firm),
        "sections": [
            declared_section(claim), *([] if firm else office_sections(user, claim)), lines_section(claim, firm),
            *money_section(user, claim, firm), *raised(user, about_thing(claim.ref)),
        ],
        "moments": None if firm else history(claim.case),
    }  # fmt: skip


def notice_of(claim: Claim) -> Notice | None:
    """The published notice of the last plan that it stood in."""
    line = claim.lines.filter(plan__notice__published_on__isnull=False).order_by("-pk").first()
    return line.plan.notice if line else None


def ways_to_object(user: Any, claim: Claim, firm: bool) -> list[ActLink]:
    """From the firm's own claim to the forms about its published result; see the notice for what each is for."""
    notice = notice_of(claim) if firm else None
    return lodging_links(user, notice) if notice else []


def refusal_facts(claim: Claim) -> list[Fact]:
    """Why the office refused it, told to the firm too."""
    last = claim.case.acts.filter(act="refuse").order_by("sequence").last()
    return [Fact(_("不予资助的理由"), in_words(last.opinion))] if last and last.opinion else []


def notice_facts(claim: Claim) -> list[Fact]:
    notice = notice_of(claim)
    return (
        [Fact(_("公示"), Link(notice.title, reverse("casework:notice", args=[notice.pk])))] if notice else []
    )


def application_fact(user: Any, claim: Claim) -> list[Fact]:
    """Its number; a link for who reads applications too, which not everybody does who reads claims."""
    if claim.application is None:
        return []
    readable = visible_applications(user).filter(pk=claim.application.pk).exists()
    address = reverse("intake:application", args=[claim.application.pk])
    return [
        Fact(_("申报"), Link(claim.application.number, address) if readable else claim.application.number)
    ]


def facts(user: Any, claim: Claim, firm: bool) -> list[Fact]:
    one = scheme(claim.scheme)
    rule = rule_on(one, claim.applied_on)
    measure = Link(rule.name, reverse("policies:measure", args=[rule.rule, rule.number]))
    owner = claim.case.owner.name if claim.case.owner and not firm else ""
    with_whom = " ".join(
        filter(
            None, [named(claim.case.organisation) if claim.case.organisation else "", claim.case.unit, owner]
        )
    )
    name = named(claim.organisation)
    page = reverse("policies:firm", args=[claim.organisation_id])
    return [
        Fact(_("企业"), name if firm else Link(name, page)), Fact(_("扶持事项"), scheme_words(claim.scheme)), Fact(_("依据"), measure),
        Fact(_("条款"), article_said(paying(one, measure_of(rule)).article)), Fact(_("申报日"), claim.applied_on.isoformat(), _("以这一天有效的规则为准")),
        *application_fact(user, claim), *([] if claim.case.closed_on else [Fact(_("在谁手里"), with_whom)]),
        *refusal_facts(claim), *notice_facts(claim), *([Fact(_("合成数据"), _("是"))] if claim.synthetic else []),
    ]  # fmt: skip


def declared_section(claim: Claim) -> Section:
    return Section(
        "declared", _("申报的内容"), facts=list(declared_facts(claim)), empty=_("没有填报事项数据。")
    )


def declared_facts(claim: Claim) -> Iterator[Fact]:
    one = scheme(claim.scheme)
    entity = vocabulary.entity(paying(one, measure_of(rule_on(one, claim.applied_on))).entity)
    for id, value in claim.declared.items():
        field = entity.fields.get(id)
        if field is not None:
            yield Fact(label(field), shown(field, value))


def shown(field: Any, value: Any) -> str:
    stored = from_json(field, value)
    if field.type == "money" and isinstance(stored, int):
        return _("%(amount)s 元") % {"amount": yuan(stored)}
    if field.enum:
        return said(field.enum.words[str(stored)])
    return vocabulary.show_value(field, stored)


# --- what the office works on -------------------------------------------------------------------------------------------


def office_sections(user: Any, claim: Claim) -> list[Section]:
    works = (
        user.has_role(OFFICER) and claim.case.organisation_id in user.bodies and claim.case.state == CHECKING
    )
    none = QueryDict()
    judged = list(judged_rows(claim))
    return [
        Section("checks", _("审核环节"), checks_table(claim, works).page(checks(claim), none), empty=_("这一事项没有审核环节。")),
        *([Section("judged", _("由人判断的"), judged_table(claim, works).page(judged, none))] if judged else []),
        Section("doubts", _("疑点"), DOUBTS.page(claim.doubts.all(), none), empty=none_found(claim)),
    ]  # fmt: skip


def judged_rows(claim: Claim) -> Iterator[dict[str, Any]]:
    last = {one.name: one for one in claim.judgements.order_by("pk")}
    fields = judged_fields(claim)
    for place, one in enumerate(judged_inputs(claim), 1):
        found = last.get(one.name)
        value = shown(fields[one.name], found.value) if found else None
        yield {
            "place": place,
            "name": one.name,
            "value": value,
            "by": found.by_name if found else one.by,
            "reason": in_words(found.reason) if found else None,
            "by_hand": one.name != scheme(claim.scheme).score,
        }


def judged_fields(claim: Claim) -> dict[str, Any]:
    one = scheme(claim.scheme)
    measure = measure_of(rule_on(one, claim.applied_on))
    return dict(measure.vocabulary.entities[paying(one, measure).entity].fields)


def lines_section(claim: Claim, firm: bool) -> Section:
    """The firm reads of it what the public notice says, once it says so."""
    rows = claim.lines.select_related("plan", "departure").defer(*without_texts("plan"))
    if firm:
        rows = rows.exclude(plan__notice__published_on=None)
    empty = _("还没有公示的资助计划。") if firm else _("还没有列入资助计划。")
    return Section("plans", _("列入的计划"), plan_lines_table(firm).page(rows, QueryDict()), empty=empty)


def money_section(user: Any, claim: Claim, firm: bool) -> list[Section]:
    """What was decided and where the money is, to who may read awards."""
    if claim.case.state != AWARDED:
        return []
    rows = awards_of(user, claim.organisation).filter(plan_line__claim=claim)
    page = awards_table(firm, is_listed(claim.organisation_id)).page(
        rows.select_related("pot").prefetch_related("orders"), QueryDict()
    )
    return [Section("money", _("决定的资金"), page)] if page.total else []
