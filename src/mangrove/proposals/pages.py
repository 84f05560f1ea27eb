"""What the pages show, gathered from models and engines; templates only lay it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mangrove.casework.access import steps_for
from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.models import CaseAct, Clock
from mangrove.figures.assertions import Backing, backing, registered
from mangrove.figures.tables import backing_tag
from mangrove.proposals.access import (
    Visitor,
    may_change_limits,
    may_rate,
    reads_as_deputy,
    visible_letters,
    visible_replies,
)
from mangrove.proposals.decisions import Satisfaction, satisfaction
from mangrove.proposals.delegated import offered
from mangrove.proposals.models import Claim, Delivery, DifferenceReport, Proposal, Rating, Reply, SignedLetter
from mangrove.proposals.rules import rules
from mangrove.proposals.workflow import AFTER_SENDING, BAR, CO_BAR, RATEABLE
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.components import Fact, Link, Step, StepState, Tag, Tone
from mangrove.ui.languages import beside, in_words, listed
from mangrove.ui.thresholds import soon_days


@dataclass(frozen=True)
class ActLink:
    """A step that this person may take now."""

    act: str
    label: Any
    href: str
    primary: bool


#: Steps that go back or stop: never the primary button.
BACKWARD = {
    "return_to_office",
    "send_back",
    "decline",
    "recall",
    "close_unrated",
    "redo",
    "keep_units",
    "withdraw",
}


def reply_acts(user: User, reply: Reply) -> list[ActLink]:
    """The steps open to this person, the one that leads onward first."""
    links = [
        ActLink(
            step.act,
            step.label,
            reverse("proposals:act", args=[reply.pk, step.act]),
            step.act not in BACKWARD,
        )
        for step in steps_for(user, reply.case)
        if step.act != "rate"
    ]
    if not any(link.act == "sign" for link in links) and offered(user, reply):
        links.append(ActLink("sign", _("代签"), reverse("proposals:act", args=[reply.pk, "sign"]), True))
    if may_rate(user, reply):
        links.append(ActLink("rate", _("评价"), reverse("proposals:act", args=[reply.pk, "rate"]), True))
    return sorted(links, key=lambda link: not link.primary)


def proposal_acts(user: User, proposal: Proposal) -> list[ActLink]:
    return [
        ActLink(step.act, step.label, reverse("proposals:proposal_act", args=[proposal.pk, step.act]), True)
        for step in steps_for(user, proposal.case)
        if step.act != "unit_returned"  # follows from the unit's own act on its reply
    ]


def proposal_facts(proposal: Proposal) -> list[Fact]:
    authors = rules().authors[proposal.kind]
    return [
        *([Fact(_("办理状态"), _("登记已撤销"))] if proposal.withdrawn else []),
        Fact(_("编号"), proposal.number),
        Fact(_("类别"), proposal.get_kind_display()),
        Fact(_("会议"), proposal.meeting),
        Fact(_("督办级别"), dict(rules().kinds)[proposal.importance]),
        Fact(authors.lead_words, proposal.lead_deputy),
        Fact(authors.co_signer_words, proposal.co_signers),
        Fact(_("登记日期"), proposal.received_on.isoformat()),
        *([] if proposal.original_text else [Fact(_("建议原文"), _("未录入"))]),
        Fact(_("说明"), proposal.note or "—"),
    ]


@dataclass(frozen=True)
class ClaimView:
    """A claim of the letter that came in, and what the figures know to stand behind it."""

    claim: Claim
    backing: Backing

    @property
    def tag(self) -> Tag:
        return backing_tag(self.backing)


def claims(proposal: Proposal) -> list[ClaimView]:
    """The claims without a number, each as the figure check judges it."""
    known = registered()
    return [ClaimView(one, backing(one.text, known)) for one in proposal.claims.all()]


@dataclass(frozen=True)
class Particulars:
    """What stands around the text of a letter."""

    document_number: str
    result_class: str
    openness: str
    openness_reason: str
    copies: Sequence[str]
    contact: str


def particulars(reply: Reply) -> Particulars:
    """What stands around the letter: as set now, or for who may read only what was sent, as it was sent.

    Those have ``sent_letters`` on the reply, see :func:`with_particulars`.
    """
    sent = getattr(reply, "sent_letters", None)
    if not sent:
        return Particulars(
            reply.document_number, reply.result_class, reply.openness, reply.openness_reason, reply.copies, reply.contact
        )  # fmt: skip
    head = sent[0].head
    return Particulars(
        sent[0].numbering.number, head.get("result_class", ""), head["openness"], head.get("openness_reason", ""),
        head["copies"], head["contact"],
    )  # fmt: skip


def with_particulars(user: Visitor, replies: QuerySet[Reply]) -> QuerySet[Reply]:
    """The replies with what :func:`particulars` needs to know, however many they are."""
    if not reads_as_deputy(user):
        return replies
    letters = visible_letters(user).select_related("numbering").order_by("-version")
    return replies.prefetch_related(Prefetch("signed_letters", letters, to_attr="sent_letters"))


def reply_facts(user: User, reply: Reply) -> list[Fact]:
    handed = [
        Fact(_("承办单位"), named(reply.organisation), in_words(reply.part)),
        Fact(_("交办日期"), reply.handed_on.isoformat()),
    ]
    if reply.part == "会办":
        return handed
    said = particulars(with_particulars(user, Reply.objects.filter(pk=reply.pk)).get())
    return [
        *handed,
        Fact(_("发文字号"), said.document_number or _("未编号")),
        Fact(_("办理结果"), result_words(said.result_class) or _("未定")),
        Fact(_("公开类型"), in_words(said.openness), said.openness_reason),
        Fact(_("抄送"), listed(said.copies)),
        Fact(_("联系人"), said.contact or _("未填")),
    ]


def signing_facts(user: User, reply: Reply) -> list[Fact]:
    """What a signer is told beside the text: as whom they sign, what is signed with it, which rule lets them."""
    rule = rules().sign_off_for(reply.proposal.importance)
    return [
        Fact(_("签发人"), user.name, in_words(user.rank)),
        Fact(
            _("谁可以签发"),
            listed(in_words(rank) for rank in rule.ranks),
            beside(rule.source, in_words(rule.status)),
        ),
        Fact(_("成文日期"), _("即签发日期")),
        Fact(_("办理结果"), result_words(reply.result_class)),
        Fact(_("公开类型"), in_words(reply.openness), reply.openness_reason),
    ]


def result_words(result_class: str) -> str:
    """``B 正在解决或列入计划逐步解决``; empty while nobody has said."""
    words = rules().result_word(result_class)
    return f"{result_class} {words}" if words else ""


def step_bar(user: User, reply: Reply) -> list[Step]:
    """Where the reply stands, each done step with who did it and when; a deputy's ends with the letter that was sent."""
    acts = list(reply.case.acts.order_by("sequence"))
    if reads_as_deputy(user):
        return sent_bar(acts)
    bar = CO_BAR if reply.part == "会办" else BAR
    states = [state for _label, group in bar for state in group]
    now = states.index(reply.case.state) if reply.case.state in states else -1
    steps = []
    for label, group in bar:
        first, last = states.index(group[0]), states.index(group[-1])
        state: StepState = "done" if last < now else "now" if first <= now <= last else "waiting"
        done = last_act(acts, group) if state == "done" else None
        steps.append(Step(label, f"{done.by_name} {done.on:%m-%d}" if done else "", state))
    return steps


def last_act(acts: Sequence[CaseAct], states: Sequence[str]) -> CaseAct | None:
    """The last act that led out of one of these states."""
    return next((act for act in reversed(acts) if act.from_state in states), None)


def sent_bar(acts: Sequence[CaseAct]) -> list[Step]:
    """The way of the letter that was sent last, by days alone: not by whom, nor how far the next one is."""
    delivered = max((place for place, act in enumerate(acts) if act.act == "deliver"), default=-1)
    way = acts[: delivered + 1]
    steps = [(label, last_act(way, group)) for label, group in BAR[: len(BAR) - AFTER_SENDING]]
    return [Step(label, f"{act.on:%m-%d}" if act else "", "done") for label, act in steps]


@dataclass(frozen=True)
class ClockView:
    """A time limit that explains itself."""

    clock: Clock
    words: str
    tone: Tone
    lines: Sequence[str]
    acts: Sequence[Link] = ()


def clocks(user: User, reply: Reply) -> list[ClockView]:
    """The time limits of a reply with their arithmetic; an empty list for deputies, whose limit is on the act page."""
    if reads_as_deputy(user):
        return []
    may = may_change_limits(user, reply)
    return [clock_view(clock, may) for clock in reply.case.clocks.prefetch_related("stops")]


def clock_view(clock: Clock, may_change: bool = False) -> ClockView:
    words, tone = clock_words(clock, timezone.localdate())
    lines = explain_clock(clock)
    return ClockView(clock, words, tone, lines, limit_links(clock) if may_change else ())


def clock_words(clock: Clock, today: date) -> tuple[str, Tone]:
    """How a limit stands, in words and tone."""
    if clock.met_on:
        late = clock.due_on is not None and clock.met_on > clock.due_on
        return _("已办 %(on)s") % {"on": clock.met_on}, "bad" if late else "good"
    if clock.due_on is None:
        return pgettext("state", "停表"), "calm"
    tone: Tone = (
        "bad" if clock.due_on < today else "warn" if (clock.due_on - today).days <= soon_days() else "info"
    )
    return _("%(on)s 到期") % {"on": clock.due_on}, tone


def limit_links(clock: Clock) -> list[Link]:
    """What may be done with a limit that is not met."""
    if clock.met_on:
        return []
    to = {"stop": _("停表"), "restart": _("恢复"), "extend": _("延期")}
    offered = ["restart"] if clock.due_on is None else ["stop"]
    if clock.due_on and clock.terms["extended_total"] and clock.extended_amount is None:
        offered.append("extend")
    return [Link(to[act], reverse("proposals:limit", args=[clock.pk, act])) for act in offered]


@dataclass(frozen=True)
class RatingView:
    """One deputy's judgement, ready for a description list."""

    rating: Rating
    facts: Sequence[Fact]


def ratings(user: User, reply: Reply) -> list[RatingView]:
    """The ratings of every letter of a reply, the newest letter's first; to a deputy only their own."""
    given = (
        Rating.objects.filter(letter__reply=reply).select_related("letter").order_by("-letter__version", "id")
    )
    if reads_as_deputy(user):
        given = given.filter(deputy=user.username)
    return [RatingView(rating, rating_facts(rating)) for rating in given]


def rating_facts(rating: Rating) -> list[Fact]:
    grades = [Fact(_("办理态度"), in_words(rating.attitude)), Fact(_("办理结果"), in_words(rating.result))]
    return [*grades, Fact(_("理由"), rating.reason)] if rating.reason else grades


def standing_difference(user: User, reply: Reply) -> Any:
    """The report on the newest letter, if figures now differ from what was signed; deputies are not shown it."""
    letter = reply.signed_letters.order_by("-version").first()
    if letter is None or reads_as_deputy(user):
        return None
    report = letter.differences.order_by("-id").first()
    return report if report and report.changes else None


def difference_remedy(report: DifferenceReport) -> str:
    """What became of the letter whose figures have changed, and what may still be done about it."""
    letter, state = report.letter, report.letter.reply.case.state
    if not letter.deliveries.exists():
        return _("正式函没有改动。送达前如需更新，由经办人“撤回复审”，报原签发人重新签发。")
    if state == "closed":
        return _("正式函没有改动；已经送达，照送达的文本有效。本件已办结，需要时另行向代表说明。")
    if state in RATEABLE:
        return _(
            "正式函没有改动；已经送达，照送达的文本有效。可以另行向代表说明；代表评为不满意的，由选联任工委“再次办理”，新一版印当时的数字。"
        )
    return _("正式函没有改动；已经送达，照送达的文本有效。本件正在再次办理，新一版印签发时的数字。")


def signatures(user: User, reply: Reply) -> list[SignedLetter]:
    """The signed versions that this person may open, the newest first."""
    return list(visible_letters(user).filter(reply=reply).order_by("-version"))


def opinions(user: User, reply: Reply) -> list[Reply]:
    """What co-handling units told the lead: their own on their page, all of them on the lead's."""
    if reads_as_deputy(user):
        return []
    parts = reply.proposal.replies.filter(part="会办", opinion__isnull=False).select_related(
        "opinion", "organisation"
    )
    return list(parts.filter(pk=reply.pk) if reply.part == "会办" else parts)


def counted(user: User) -> Satisfaction:
    """Ratings against delivered replies in this person's sight; a reply counts once, by the worst for its newest letter."""
    sent = visible_replies(user).filter(pk__in=Delivery.objects.values("letter__reply"))
    grades = rules().grades
    worst: dict[str, tuple[int, int]] = {}
    given = Rating.objects.filter(letter__reply__in=sent).values_list(
        "letter__reply", "letter__version", "result"
    )
    for reply_id, version, grade in given:
        worst[reply_id] = max(worst.get(reply_id, (0, 0)), (version, grades.index(grade)))
    return satisfaction(sent.count(), [grades[place] for _version, place in worst.values()], rules())
