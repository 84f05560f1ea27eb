"""Firms fill in and hand in; papers go through quarantine; the office checks, sends some back once, and turns some away."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mangrove.intake import actions as intake
from mangrove.intake import checking, drafts, papers, submitting
from mangrove.intake.checking import Finding
from mangrove.intake.models import Application as Handed
from mangrove.intake.models import Opening, PaperFile
from mangrove.policies.year.loading import username
from mangrove.policies.year.opening import window_id
from mangrove.policies.year.people import Year, moment, work_off
from mangrove.policies.year.projects import Application, form_answers
from mangrove.policies.year.sheets import expenses_file, pdf
from mangrove.registry.models import User

#: Applications in one transaction.
PIECE = 20
Said = Callable[[int, int], None]


def pieces(rows: Sequence[Any], say: Said) -> Iterator[Sequence[Any]]:
    """So many at a time, saying how far it is."""
    for start in range(0, len(rows), PIECE):
        yield rows[start : start + PIECE]
        say(min(start + PIECE, len(rows)), len(rows))


# --- handing in ------------------------------------------------------------------------------------------------------


def apply(year: Year, say: Said) -> str:
    """What was handed in already is passed over; a draft that was left is filled in again."""
    work_off()  # of a run that was broken off
    there = handed_in(year)
    waiting = [one for one in year.city.applications if (one.scheme, one.firm.id) not in there]
    users = {
        one.username: one
        for one in User.objects.select_related("organisation").filter(
            username__startswith=f"y{year.told.year}-"
        )
    }
    for some in pieces(waiting, say):
        with transaction.atomic():
            for one in some:
                hand_in(year, one, users[username(one.firm)])
        work_off()
    return f"提交 {len(waiting)}，材料 {papers_checked(year)}"


def handed_in(year: Year) -> set[tuple[str, str]]:
    rows = applications(year).exclude(case=None).values_list("opening__form__form", "organisation")
    return {(scheme, str(firm)) for scheme, firm in rows}


def applications(year: Year) -> Any:
    windows = [window_id(year, one) for one in year.told.schemes]
    return Handed.objects.filter(opening__in=windows)


def papers_checked(year: Year) -> int:
    return PaperFile.objects.filter(application__in=applications(year)).count()


def hand_in(year: Year, made: Application, user: User) -> None:
    opening = Opening.objects.select_related("form").get(pk=window_id(year, made.scheme))
    one = intake.start(opening_id=opening.pk, by=user, at=moment(made.applied_on))
    fill_in(one, made, user)
    for paper in one.opening.form.definition.papers:
        if not papers.current(one).filter(requirement=paper.id).exists():
            upload(one, made, paper.id, user)
    submit(year, one, user, made.applied_on)


def fill_in(one: Handed, made: Application, user: User) -> None:
    answers = {
        **form_answers(made), "contact": contact(made, made.outcome != "return"), "credit_code": "无（合成单位）",
    }  # fmt: skip
    revisions = {sheet.section: sheet.revision for sheet in one.sheets.all()}
    for section in one.opening.form.definition.sections:
        asked = {item.id: answers[item.id] for item in section.questions if item.id in answers}
        if asked:
            drafts.save(
                application_id=one.pk, section=section.id, answers=asked, base=revisions.get(section.id, 0), by=user
            )  # fmt: skip


def contact(made: Application, whole: bool) -> str:
    """What is sent back lacks the telephone."""
    name = f"申报经办{made.firm.id[-5:]}"
    return f"{name} 0755-00000000" if whole else name


def upload(one: Handed, made: Application, requirement: str, user: User) -> None:
    """Papers come in today: when they arrived is when this machine got them."""
    costs = requirement == "costs"
    content = expenses_file(made.lines) if costs else pdf(f"{requirement} {made.key}")
    papers.upload(
        application_id=one.pk, requirement=requirement, file=io.BytesIO(content),
        name="费用支出清单（合成）.xlsx" if costs else f"{requirement}（合成）.pdf", by=user, on=timezone.localdate(),
    )  # fmt: skip


def submit(year: Year, one: Handed, user: User, on: date) -> None:
    one.refresh_from_db()
    submitting.submit(application_id=one.pk, key=one.key, by=user, received_at=moment(on), why=year.told.why)


# --- the formal check ------------------------------------------------------------------------------------------------


def check_form(year: Year, say: Said) -> str:
    """Each is taken up and decided; what was sent back comes back mended and is taken up again."""
    counts = {"accept": 0, "return": 0, "refuse": 0}
    for rounds, day in ((1, "formal"), (2, "formal_again")):
        for some in pieces(waiting(year, rounds), say):
            with transaction.atomic():
                for made, one in some:
                    outcome = made.outcome if rounds == 1 else "accept"
                    decide(year, made, one, outcome, day)
                    counts[outcome] += 1
    return f"通过 {counts['accept']}，退回补正 {counts['return']}，不予受理 {counts['refuse']}"


def waiting(year: Year, rounds: int) -> list[tuple[Application, Handed]]:
    made = {(one.scheme, one.firm.id): one for one in year.city.applications}
    rows = applications(year).filter(case__state__in=("submitted", "checking"), rounds=rounds)
    found = rows.select_related("opening__form", "organisation", "case").order_by("pk")
    return [(made[one.opening.form.form, one.organisation_id], one) for one in found]


def decide(year: Year, made: Application, one: Handed, outcome: str, day: str) -> None:
    officer = year.officer_of(made.scheme)
    if one.case and one.case.state == "submitted":
        checking.take(application_id=one.pk, expected_version=version(one), **year.by(officer, day))
    findings = [Finding("contact", "missing", "缺联系电话")] if outcome == "return" else []
    why = {"refuse": "申报内容不属本事项支持范围（合成）", "return": "缺联系电话，请补正（合成）"}.get(
        outcome, year.told.why
    )
    checking.decide(
        application_id=one.pk, outcome=outcome, findings=findings, expected_version=version(one),
        **{**year.by(officer, day), "why": why},
    )  # fmt: skip
    if outcome == "return":
        mend(year, made, one)


def mend(year: Year, made: Application, one: Handed) -> None:
    user = User.objects.select_related("organisation").get(username=username(made.firm))
    sheet = one.sheets.get(section="applicant")
    drafts.save(
        application_id=one.pk, section="applicant", base=sheet.revision, by=user,
        answers={**sheet.answers, "contact": contact(made, True)},
    )  # fmt: skip
    submit(year, one, user, year.told.day("mended"))


def version(one: Handed) -> int:
    one.refresh_from_db()
    assert one.case is not None
    one.case.refresh_from_db()
    return one.case.version
