"""The form is published, the window opened, firms fill in and hand in, the office checks."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mangrove.intake import actions, checking, drafts, papers, submitting
from mangrove.intake.checking import Finding
from mangrove.intake.definition import read_form
from mangrove.intake.models import Application, FormVersion, Opening
from mangrove.workbench.sample.paper import paper
from mangrove.workbench.sample.telling import Line, Telling, moment, who, work_off


def apply(told: Telling) -> Opening:
    """Everything up to the end of the formal check. Each part is passed over where it was lived already."""
    known = Opening.objects.filter(pk=told.said["opening"]["id"]).first()
    opening = known or opened(told)
    for step in (check, check_again):
        work_off()  # papers are judged by the worker, and nothing passes before
        step(told, opening)
    return opening


@transaction.atomic
def opened(told: Telling) -> Opening:
    said = told.said["opening"]
    made = actions.open_window(
        id=said["id"], form=form_of(told, said), title=said["title"], title_en=said["title_en"],
        opens_at=moment(said["opens"], time()), closes_at=moment(said["closes"], time()), office=told.bureau,
        unit=told.officer.unit, eligible=said["eligible"], synthetic=True, **told.written(said["opened"], told.officer),
    )  # fmt: skip
    for line in told.applications:
        hand_in(told, made, line)
    return made


def form_of(told: Telling, said: Line) -> FormVersion:
    """The published form; the city's own file where nobody has published it yet."""
    held = FormVersion.objects.filter(form=said["form"]).first()
    text = (Path(settings.MANGROVE_RULEBOOKS) / "forms" / f"{said['form']}.yaml").read_text(encoding="utf-8")
    return held or actions.publish_form(text=text, **told.written(said["published"], told.officer))


def hand_in(told: Telling, opening: Opening, line: Line) -> None:
    """Fill a draft in; one without a day of handing in stays a draft."""
    user = who(line["by"])
    begun = moment(line.get("handed_in", told.said["opening"]["opens"]))
    one = actions.start(opening_id=opening.pk, by=user, at=begun)
    for section, answers in answers_of(line).items():
        drafts.save(application_id=one.pk, section=section, answers=answers, base=0, by=user)
    if "handed_in" in line:
        for asked in read_form(opening.form.text).papers:
            if asked.required:
                upload(one, asked.id, str(asked.label), line)
        submit(told, one, line["by"], line["handed_in"])


def answers_of(line: Line) -> dict[str, dict[str, str]]:
    user = who(line["by"])
    applicant = {
        "contact": user.name if "mend" in line and "contact" in line["mend"]["answers"] else f"{user.name} 0755-00000000",
        "credit_code": "无（合成单位）", "staff": line["staff"],
    }  # fmt: skip
    project = {
        "title": line["title"], "summary": line["summary"], "results": line["results"], "revenue": line["revenue"],
        "rd": line.get("rd", ""), "opinion": "unqualified",
    }  # fmt: skip
    return {"applicant": applicant, "project": {id: text for id, text in project.items() if text}}


def upload(one: Application, requirement: str, label: str, line: Line, note: str = "") -> None:
    """Papers come in today: when they arrived is when this machine got them."""
    content = paper(f"{requirement} {line['by']} {note}".strip())
    papers.upload(
        application_id=one.pk, requirement=requirement, file=io.BytesIO(content), name=f"{label}（合成）.pdf",
        by=who(line["by"]), on=timezone.localdate(),
    )  # fmt: skip


def submit(told: Telling, one: Application, by: str, on: object) -> None:
    one.refresh_from_db()
    submitting.submit(application_id=one.pk, key=one.key, by=who(by), received_at=moment(on), why=told.why)


# --- the formal check --------------------------------------------------------------------------------------------


@transaction.atomic
def check(told: Telling, opening: Opening) -> None:
    """What waits for its first check, as the file tells; what was sent back and came back waits again."""
    for line, one in waiting(told, opening, 1):
        if "decided" in line:
            decide(told, one, line, line["taken"], line["decided"], line["outcome"])
        if "mended" in line:
            mend(told, opening, one, line)


@transaction.atomic
def check_again(told: Telling, opening: Opening) -> None:
    for line, one in waiting(told, opening, 2):
        decide(told, one, line, line["retaken"], line["accepted"], "accept")


def waiting(told: Telling, opening: Opening, rounds: int) -> list[tuple[Line, Application]]:
    found = opening.applications.filter(case__state="submitted", rounds=rounds)
    return in_order(told, found.select_related("organisation"))


def decide(told: Telling, one: Application, line: Line, taken: object, decided: object, outcome: str) -> None:
    findings = [Finding(**found) for found in line.get("findings", ())] if outcome == "return" else []
    opinion = line.get("opinion", "") if outcome != "accept" else ""
    checking.take(application_id=one.pk, **told.at(taken), expected_version=version(one))
    checking.decide(
        application_id=one.pk, outcome=outcome, findings=findings, expected_version=version(one),
        **told.at(decided) | {"why": opinion or told.why},
    )  # fmt: skip


def mend(told: Telling, opening: Opening, one: Application, line: Line) -> None:
    """Answers are written anew and papers that were found wanting replaced; then it is handed in again."""
    section, user = line["mend"]["section"], who(line["by"])
    base = one.sheets.get(section=section).revision
    drafts.save(application_id=one.pk, section=section, answers=line["mend"]["answers"], base=base, by=user)
    form, wrong = opening.form.definition, {found["item"] for found in line["findings"]}
    for asked in form.papers:
        if asked.id in wrong:
            for old in papers.current(one).filter(requirement=asked.id):
                papers.remove(paper_id=old.pk, by=user)
            upload(one, asked.id, str(asked.label), line, "2")
    submit(told, one, line["by"], line["mended"])


def version(one: Application) -> int:
    one.refresh_from_db()
    assert one.case is not None
    one.case.refresh_from_db()
    return one.case.version


def accepted(told: Telling, opening: Opening) -> list[tuple[Line, Application]]:
    """What passed the check."""
    return in_order(told, opening.applications.filter(case__state="accepted").select_related("organisation"))


def in_order(told: Telling, rows: Iterable[Application]) -> list[tuple[Line, Application]]:
    """Applications with what the file tells of each, in the order of the file."""
    found = {one.organisation_id: one for one in rows}
    lines = ((line, who(line["by"]).organisation_id) for line in told.applications)
    return [(line, found[id]) for line, id in lines if id in found]
