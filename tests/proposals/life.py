"""A small proposal and the people who handle it, led to any state by the same acts that officers use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from laying import laid
from mangrove.casework.calendars import load_calendar
from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM
from mangrove.proposals import actions, sending, signing
from mangrove.proposals.composition import compose
from mangrove.proposals.models import Numbering, Proposal, Rating, Reply, SignedLetter
from mangrove.proposals.registration import register_proposal
from mangrove.registry.city import load_registry
from mangrove.registry.models import Organisation, User

TEXT = """你们提出的建议收悉，现答复如下。
一、已开展的工作
（一）网络建设。截至目前，全市已建成5G基站{{基站总数}}。
二、下一步打算
（一）完善奖励补贴。[[C01|将拟订配套扶持政策]]；[[C02|推动5G网络用电降本]]。
专此答复。"""

#: username: (name, organisation, rank, roles)
PEOPLE: dict[str, tuple[str, str, str, list[str]]] = {
    "registrar": ("登记员甲", "sz_gov_office", "", ["registrar"]),
    "officer": ("经办人甲", "szgxj", "", ["case_officer"]),
    "officer_b": ("经办人乙", "szgxj", "", ["case_officer"]),
    "reviewer": ("核稿人甲", "szgxj", "", ["reviewer"]),
    "director": ("局长", "szgxj", "局长", ["signer"]),
    "vice": ("分管副局长", "szgxj", "副局长", ["signer"]),
    "clerk": ("系统管理员", "szgxj", "", ["sysadmin"]),
    "elsewhere": ("发改委经办人", "sz_ndrc", "", ["case_officer"]),
    "deputy": ("代表甲", "sz_npc", "", ["deputy"]),
    "co_deputy": ("代表乙", "sz_npc", "", ["deputy"]),
    "stranger": ("代表丙", "sz_npc", "", ["deputy"]),
    "liaison": ("选联任工委联络员", "sz_deputies_office", "", ["deputies_office"]),
    "inspector": ("督查室督办员", "sz_inspection", "", ["inspector"]),
    "chain": ("链长办联络员", "sz_chain_office", "", ["chain_chief"]),
    "auditor": ("审计员", "sz_audit", "", ["auditor"]),
}


@laid
def prepare() -> None:
    """The city's organisations, calendar and figures, and our people."""
    city, today = Path(settings.MANGROVE_CITY), timezone.localdate()
    load_registry(city, by=SYSTEM, on=today, why="装入")
    load_calendar(by=SYSTEM, on=today)
    load_figures(city, by=SYSTEM, on=today, why="装入")
    for username, (name, organisation, rank, roles) in PEOPLE.items():
        User.objects.create(
            username=username, name=name, organisation_id=organisation, rank=rank, roles=roles, password="!"
        )


def who(username: str) -> User:
    return User.objects.get(username=username)


def today() -> date:
    return timezone.localdate()


def register(number: str = "20260001", **more: Any) -> Proposal:
    given = {
        "title": "关于5G网络建设的建议",
        "meeting": "市七届人大八次会议",
        "lead_deputy": "代表甲",
        "co_signers": "代表乙",
    }
    given |= {"deputies": [who("deputy"), who("co_deputy")], "on": today(), "by": who("registrar")}
    return register_proposal(number=number, **given | more)


def hand_over(proposal: Proposal, organisation: str = "szgxj", part: str = "主办", **more: Any) -> Reply:
    proposal.case.refresh_from_db()
    given: dict[str, Any] = {"by": who("registrar"), "on": today(), "expected_version": proposal.case.version}
    unit = Organisation.objects.get(pk=organisation)
    return actions.hand_over(proposal_id=proposal.pk, organisation=unit, part=part, **given | more)


def at(reply: Reply, username: str, **more: Any) -> dict[str, Any]:
    """Who acts on the reply as it now stands, today."""
    reply.case.refresh_from_db()
    now = {"by": who(username), "on": today(), "reply_id": reply.pk, "expected_version": reply.case.version}
    return now | more


def step(reply: Reply, act: str, username: str, **more: Any) -> None:
    actions.step(act, **at(reply, username, **more))


def write(reply: Reply, text: str = TEXT, username: str = "officer") -> None:
    last = reply.drafts.order_by("-revision").first()
    actions.save_draft(
        by=who(username), reply_id=reply.pk, text=text, base_revision=last.revision if last else 0
    )


def particulars(reply: Reply, **more: Any) -> None:
    given = at(reply, "officer", result_class="B", openness="主动公开")
    actions.set_particulars(**given | more)


def contact(reply: Reply, **more: Any) -> None:
    given = {
        "deputy": "代表甲",
        "means": "电话",
        "summary": "听取意见。",
        "on": today(),
        "by": who("officer"),
    }
    actions.record_contact(reply_id=reply.pk, **given | more)


def seen_hash(reply: Reply) -> str:
    """The hash of the text that a signer sees now."""
    now = Reply.objects.get(pk=reply.pk)
    return compose(now, actions.latest_draft(now), on=today()).content_hash


def pass_review(reply: Reply, **more: Any) -> None:
    actions.pass_review(**at(reply, "reviewer", why="核对无误。", seen_hash=seen_hash(reply)) | more)


def sign(reply: Reply, username: str = "director", **more: Any) -> SignedLetter:
    return signing.sign(**at(reply, username, opinion="同意签发。", seen_hash=seen_hash(reply)) | more)


def recipients(reply: Reply) -> list[str]:
    return [f"{reply.proposal.lead_deputy}代表", *reply.copies]


def deliver(reply: Reply, **more: Any) -> None:
    sending.deliver(**at(reply, "officer", to=recipients(reply), means="公文交换") | more)


def number(reply: Reply, text: str | None = None, **more: Any) -> None:
    text = (
        text
        if text is not None
        else f"样例函〔2026〕{Numbering.objects.filter(number__contains='2026', given_up=False).count() + 1}号"
    )
    sending.give_number(**at(reply, "reviewer", document_number=text) | more)


def rate(
    reply: Reply, username: str = "deputy", attitude: str = "满意", result: str = "满意", **more: Any
) -> Rating:
    return actions.rate(**at(reply, username, attitude=attitude, result=result) | more)


def prepare_draft(reply: Reply) -> None:
    """Do what is still missing before review, and send it there."""
    reply.refresh_from_db()
    if not reply.contacts.exists():
        contact(reply)
    if not reply.result_class:
        particulars(reply)
    if not reply.drafts.exists():
        write(reply)
    actions.submit(**at(reply, "officer"))


#: What leads from each state to the next, in order.
ONWARD: tuple[tuple[str, Callable[[Reply], object]], ...] = (
    ("handed", lambda reply: step(reply, "accept", "officer")),
    ("drafting", prepare_draft),
    ("in_review", lambda reply: pass_review(reply)),
    ("to_sign", sign),
    ("signed", number),
    ("numbered", deliver),
    ("delivered", rate),
    ("rated", lambda reply: step(reply, "close", "liaison")),
)


def lead_to(state: str, reply: Reply | None = None) -> Reply:
    """A reply in that state: a new proposal's, or this one led on from where it stands."""
    reply = reply or hand_over(register())
    for name, onward in ONWARD:
        reply.case.refresh_from_db()
        if reply.case.state == state:
            break
        if reply.case.state == name:
            onward(reply)
    reply.refresh_from_db()
    reply.case.refresh_from_db()
    assert reply.case.state == state
    return reply
