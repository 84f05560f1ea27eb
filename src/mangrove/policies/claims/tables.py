"""The lists of claims, of the checks of one, and of its judgements."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.standing import moved_words
from mangrove.casework.things import state_tag
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.standing import Asked
from mangrove.policies.claims.workflow import CLAIM
from mangrove.policies.schemes.definition import schemes
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import in_words
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {
    "checking": "info", "ready": "info", "planned": "info", "announced": "info", "awarded": "good", "refused": "bad",
    "withdrawn": "calm",
}  # fmt: skip


def scheme_words(id: str) -> str:
    """The scheme's title; of one that the rulebooks no longer have, its id."""
    found = schemes().get(id)
    return str(found.title) if found else id


def claim_link(claim: Claim) -> Link:
    return Link(claim.title, reverse("policies:claim", args=[claim.pk]))


def public_tag(claim: Claim) -> Tag:
    """The state as the firm is told it."""
    return Tag(CLAIM.state(claim.case.state).public_label, TONES.get(claim.case.state, "info"))


def holder(claim: Claim) -> Any:
    return Short(claim.case.owner.name) if claim.case.owner else claim.case.unit


def since(claim: Any) -> str:
    """The last step, of a row of ``with_standing``; of what has had none since, the day of acceptance."""
    return moved_words(claim.moved_at, claim.moved_on) if claim.moved_at else claim.case.opened_on.isoformat()


def claims_table(public: bool) -> Table:
    """``public``: for the firm, which is shown public words and not who doubts what."""
    tag = public_tag if public else lambda one: state_tag(one.case, TONES)
    office = [] if public else [
        Column("doubts", _("疑点"), numeric=True, sort="open_doubts", cell=lambda one: one.open_doubts or None),
        Column("holder", _("经办"), cell=holder),
    ]  # fmt: skip
    return Table(
        "claims",
        _("扶持申报"),
        [
            Column("title", _("项目"), sort="title", cell=claim_link, export=lambda one: one.title),
            Column(
                "organisation", _("企业"), sort="organisation__name", cell=lambda one: named(one.organisation)
            ),
            Column("scheme", _("扶持事项"), sort="scheme", cell=lambda one: scheme_words(one.scheme)),
            Column(
                "applied_on",
                _("申报日"),
                sort="applied_on",
                cell=lambda one: Short(one.applied_on.isoformat()),
            ),
            Column("state", _("状态"), sort="case__state", cell=tag),
            *office,
            SYNTHETIC,
        ],
        order="-applied_on",
        empty=_("形式审查通过的扶持申报列在这里。"),
    )


OUTCOMES: dict[bool, tuple[Any, Tone]] = {True: (_("通过"), "good"), False: (_("不通过"), "bad")}


def outcome_tag(asked: Asked) -> Tag:
    return Tag(*OUTCOMES[asked.last.passed]) if asked.last else Tag(_("未办"), "calm")


#: Checks with a page of their own; the others are ended on one form.
OWN_PAGES = {"audit": "policies:audit", "doubles": "policies:claim_doubts", "review": "policies:claim_review"}


def check_page(claim: Claim, kind: str) -> str:
    if kind in OWN_PAGES:
        return reverse(OWN_PAGES[kind], args=[claim.pk])
    return reverse("policies:check", args=[claim.pk, kind])


def check_label(claim: Claim, one: Asked) -> Any:
    """The way to what was found, where the check has a page of its own."""
    return Link(one.label, check_page(claim, one.kind)) if one.kind in OWN_PAGES else one.label


def checks_table(claim: Claim, works: bool) -> Table:
    """``works``: the reader may act on it."""
    act = Column(
        "act",
        _("办理"),
        cell=lambda one: Link(_("办理"), check_page(claim, one.kind)),
    )
    return Table(
        "checks",
        _("审核环节"),
        [
            Column("label", _("环节"), cell=lambda one: check_label(claim, one)),
            Column("outcome", _("结论"), cell=outcome_tag),
            Column("who", _("办理人"), cell=lambda one: Short(one.last.by_name) if one.last else None),
            Column("on", _("日期"), cell=lambda one: Short(one.last.on.isoformat()) if one.last else None),
            Column("opinion", _("说明"), cell=lambda one: in_words(one.last.opinion) if one.last else None),
            *([act] if works else []),
        ],
    )  # fmt: skip


def judged_table(claim: Claim, works: bool) -> Table:
    act = Column(
        "act",
        _("办理"),
        cell=lambda one: (
            Link(_("判断"), reverse("policies:judge", args=[claim.pk, one["place"]]))
            if one["by_hand"]
            else None
        ),
        absent=_("来自专家评审"),
    )
    return Table(
        "judged",
        _("由人判断的"),
        [
            Column("name", _("判断什么")),
            Column("value", _("判断"), absent=_("未判断")),
            Column("by", _("由谁判断")),
            Column("reason", _("理由")),
            *([act] if works else []),
        ],
    )


DOUBT_TONES: dict[str, Tone] = {"open": "warn", "upheld": "bad", "dismissed": "calm"}
DOUBTS = Table(
    "doubts",
    _("疑点"),
    [
        Column("kind", _("疑点"), cell=lambda one: one.get_kind_display()),
        Column("found_on", _("发现日"), cell=lambda one: Short(one.found_on.isoformat())),
        Column("state", _("核实"), cell=lambda one: Tag(one.get_state_display(), DOUBT_TONES[one.state])),
        Column("judged_by_name", _("核实人")),
        Column("reason", _("理由")),
    ],
)
