"""A plan for each pot: computed, announced for its working days, objections answered, closed, and approved by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.notices import actions as notices
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.workflow import period_of
from mangrove.casework.rules import rules
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan
from mangrove.policies.year.applying import Said
from mangrove.policies.year.opening import pot_of
from mangrove.policies.year.people import Year
from mangrove.policies.year.telling import Said as Told
from mangrove.registry.models import User

ONE_DAY = timedelta(days=1)
#: Days after the announcement.
LODGED, ACCEPTED, ANSWERED = 2, 3, 5


def plan(year: Year, say: Said) -> str:
    pots = year.told.calendar["pots"]
    for n, told in enumerate(pots, 1):
        live(year, told)
        say(n, len(pots))
    lines = plans_of(year).values_list("lines__proposed", flat=True)
    return f"计划 {plans_of(year).count()}，有资助的 {sum(1 for one in lines if one)}"


def plans_of(year: Year) -> Any:
    return Plan.objects.filter(title__in=[title(year, told) for told in year.told.calendar["pots"]])


def title(year: Year, told: Told) -> str:
    return f"{year.told.year}年{told['title']}资助计划（合成）"


def live(year: Year, told: Told) -> None:
    """From where it stands to its approval; each step is a transaction of its own."""
    held = Plan.objects.select_related("case", "notice__case").filter(title=title(year, told))
    while (one := held.first()) is None or one.case.state in STEPS:
        STEPS[one.case.state if one else ""](year, told, one)


def start(year: Year, told: Told, _one: Plan | None) -> None:
    plans.start(
        title=title(year, told), schemes_=told["schemes"], budget_year=year.told.year, pots={"main": pot_of(year, told)},
        synthetic=True, **year.at("plan", told["officer"]),
    )  # fmt: skip


def compute(year: Year, told: Told, one: Any) -> None:
    plans.compute(
        plan_id=one.pk, decide_on=year.told.day("plan"), expected_version=one.case.version, **year.at("plan", told["officer"])
    )  # fmt: skip


@transaction.atomic
def announce(year: Year, told: Told, one: Any) -> None:
    made = plans.announce(
        plan_id=one.pk, objection_unit=rules().grievance("objection").unit, expected_version=one.case.version,
        **year.at("announced", told["officer"]),
    )  # fmt: skip
    assert made.notice is not None
    notices.publish(
        id=made.notice.pk, expected_version=made.notice.case.version, **year.at("announced", "publisher")
    )  # fmt: skip


def decide(year: Year, told: Told, one: Any) -> None:
    """The period runs out, what was lodged is answered, the notice is closed, the plan approved."""
    answered = hear(year, told, one.notice)
    close(year, told, one.notice, "close_answered" if answered else "close_clear")
    over = period_end(one.notice)
    plans.approve(
        plan_id=one.pk, basis=f"局长办公会纪要〔{year.told.year}〕合成{one.pk.hex[:6]}号", expected_version=one.case.version,
        **year.at(over + 3 * ONE_DAY, "approver"),
    )  # fmt: skip


STEPS: dict[str, Callable[[Year, Told, Any], None]] = {
    "": start, "drafting": compute, "computed": announce, "announced": decide,
}  # fmt: skip


def period_end(notice: Notice) -> Any:
    clock = period_of(notice.case)
    assert clock is not None and clock.due_on is not None  # the working days of the year are loaded
    return clock.due_on


def close(year: Year, told: Told, notice: Notice, act: str) -> None:
    notice.case.refresh_from_db()
    if notice.case.state == "open":
        notices.end(
            id=notice.pk, act=act, expected_version=notice.case.version,
            **year.at(period_end(notice) + ONE_DAY, told["officer"]),
        )  # fmt: skip


# --- what people say of it -------------------------------------------------------------------------------------------


def hear(year: Year, told: Told, notice: Notice) -> bool:
    """A few objections by applicants; at the first notice a complaint and a report besides. Whether anybody objected."""
    most = year.told.calendar["objections"]
    items = list(notice.items.exclude(applicant=None).order_by("number"))[-most:]
    if not Grievance.objects.filter(notice=notice).exists():
        with transaction.atomic():
            for item in items:
                object_to(year, notice, item)
            if told is year.told.calendar["pots"][0]:
                complain(year, notice)
                report(year, notice, items[0])
    return bool(items)


def object_to(year: Year, notice: Notice, item: Any) -> None:
    user = User.objects.select_related("organisation").filter(
        organisation=item.applicant, username__startswith=f"y{year.told.year}-"
    )[0]
    made = lodge(
        year, "objection", user, notice, item=item, content="请复核本项的拟资助金额（合成）。",
        sender=From(user.name, user.organisation, "0755-00000000", "合成地址", user.name),
    )  # fmt: skip
    answer(year, made, "objections", "经复核，金额按公布的措施计算，无误（合成）。")


def complain(year: Year, notice: Notice) -> None:
    made = lodge(
        year, "complaint", year.who("complaints"), notice, content="反映受托机构答复不及时（合成）。",
        against="受托审计机构（合成）", sender=From("来信人（合成）", None, "0755-00000001", "合成地址", ""),
    )  # fmt: skip
    answer(year, made, "complaints", "已督促受托机构限期答复（合成）。")


def report(year: Year, notice: Notice, item: Any) -> None:
    made = lodge(
        year,
        "report",
        year.who("complaints"),
        notice,
        item=item,
        content="反映设备闲置（合成）。",
        sender=From(),
    )
    answer(year, made, "complaints", "经现场核查，设备在用（合成）。")


def lodge(year: Year, kind: str, user: User, notice: Notice, **said: Any) -> Grievance:
    papers = [one.id for one in rules().grievance(kind).papers]
    day = year.told.day("announced") + LODGED * ONE_DAY
    return grievances.lodge(kind=kind, notice=notice, papers=papers, **said, **year.by(user, day))


def answer(year: Year, made: Grievance, part: str, words: str) -> None:
    day = year.told.day("announced")
    grievances.accept(
        id=made.pk, expected_version=made.case.version, **year.at(day + ACCEPTED * ONE_DAY, part)
    )  # fmt: skip
    made.case.refresh_from_db()
    grievances.answer(
        id=made.pk, words=words, outcome="rejected", expected_version=made.case.version,
        **year.at(day + ANSWERED * ONE_DAY, part),
    )  # fmt: skip
