"""Who is there when the rush of bench/write.py begins: firms with a draft open, some of it written by two people, and firms ready."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
ANSWERS = {
    "applicant": {"credit_code": "91440300000000000X", "contact": "经办人甲 0755-00000000", "staff": "120"},
    "project": {"title": "车间专网（合成）", "summary": "概述。", "results": "成效。", "revenue": "5000万元", "rd": "300万元", "opinion": "unqualified"},
}  # fmt: skip
#: What one has typed by then: some 1,500 characters, of which each save changes the end.
TYPED = "在总装车间建成一张5G专网，连接机床、小车与相机，用于排产、质检与能耗管理。" * 38


@dataclass
class Person:
    """One who has a draft open: cookies, and the revision that the page was built on."""

    username: str
    application: int
    cookie: str
    section: str = "project"
    question: str = "summary"
    token: str = ""
    revision: int = 0
    text: str = TYPED


def prepare(folder: str) -> None:
    os.environ |= {
        "MANGROVE_VAR": folder,
        "MANGROVE_DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "mangrove.workbench.settings",
    }
    if os.environ.get("MANGROVE_DATABASE") is None:
        os.environ["MANGROVE_DATABASE"] = ""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def people(drafts: int, ready: int) -> tuple[list[Person], list[Person]]:
    """``drafts`` people at an open draft, in ten drafts a second person; ``ready`` people at a draft with nothing missing."""
    from django.utils import timezone

    from mangrove.casework.calendars import load_calendar
    from mangrove.intake import actions
    from mangrove.ledger.refs import SYSTEM
    from mangrove.registry.models import Organisation, User

    now, today = timezone.now(), timezone.localdate()
    load_calendar(by=SYSTEM, on=today)
    office = Organisation.objects.create(id="office", name="市工信局")
    text = (HERE / "rulebooks" / "forms" / "benchmark.yaml").read_text(encoding="utf-8")
    opening = actions.open_window(
        id="rush", form=actions.publish_form(text=text, by=SYSTEM, on=today), title="应用标杆（合成）", title_en="Benchmark (synthetic)",
        opens_at=now - timedelta(days=9), closes_at=now + timedelta(hours=2), office=office, by=SYSTEM, on=today, synthetic=True,
    )  # fmt: skip
    count = drafts + ready
    firms = Organisation.objects.bulk_create(
        Organisation(id=f"firm-{n}", name=f"合成企业第{n}号有限公司", trade="通信设备", synthetic=True) for n in range(count)
    )  # fmt: skip
    second = [firm for n, firm in enumerate(firms[:drafts]) if n % 10 == 0]
    users = User.objects.bulk_create(
        User(username=f"{firm.pk}-{m}", name="经办人甲", organisation=firm, roles=["applicant"], password="!", synthetic=True)
        for m, group in enumerate((firms, second)) for firm in group
    )  # fmt: skip
    applications = begun(opening, firms, ready)
    cookies = sessions(users)
    made = [Person(one.username, applications[one.organisation_id], cookies[one.username]) for one in users]
    for person in made[count:]:
        person.question = "results"
    return made[:drafts] + made[count:], made[drafts:count]


def begun(opening: Any, firms: list[Any], ready: int) -> dict[str, int]:
    """A draft for each firm, the last ``ready`` of them filled, with the required papers found clean."""
    from django.utils import timezone

    from mangrove.intake.models import Application, PaperFile, Revision, Sheet

    now, sections = timezone.now(), list(opening.form.definition.section_ids)
    made = Application.objects.bulk_create(
        Application(opening=opening, organisation=firm, started_by="bench", started_at=now, unlocked=sections) for firm in firms
    )  # fmt: skip
    full = {one.pk for one in made[-ready:]} if ready else set()
    sheets = Sheet.objects.bulk_create(
        Sheet(
            application=one, section=id, answers=ANSWERS.get(id, {}) if one.pk in full else {}, saved_by_name="经办人甲",
            revision=int(one.pk in full), last=int(one.pk in full), saved_at=now,
        )
        for one in made for id in sections
    )  # fmt: skip
    Revision.objects.bulk_create(
        Revision(sheet=one, number=1, base=0, answers=one.answers, fate="stood", saved_by="bench", saved_by_name="经办人甲", saved_at=now)
        for one in sheets if one.revision
    )  # fmt: skip
    PaperFile.objects.bulk_create(
        PaperFile(
            application_id=pk, requirement=paper, name=f"{paper}.pdf", sha256=f"{pk:064d}", size=1000, state="clean",
            content_type="application/pdf", uploaded_by="bench", uploaded_by_name="经办人甲", uploaded_at=now,
        )
        for pk in sorted(full) for paper in ("letter", "licence", "audit")
    )  # fmt: skip
    return {one.organisation_id: one.pk for one in made}


def sessions(users: list[Any]) -> dict[str, str]:
    """Everybody has signed in; that page has measures of its own."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from mangrove.registry.models import SignIn

    store, rows, cookies = SessionStore(), [], {}
    now = timezone.now()
    sign_ins = SignIn.objects.bulk_create(
        (SignIn(user=user, began_at=now, seen_at=now, address="127.0.0.1", agent="bench") for user in users), batch_size=500
    )  # fmt: skip
    for user, sign_in in zip(users, sign_ins, strict=True):
        key = store._get_new_session_key()
        said = {
            SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(), "sign_in": str(sign_in.pk),
        }  # fmt: skip
        rows.append(
            Session(session_key=key, session_data=store.encode(said), expire_date=now + timedelta(hours=1))
        )
        cookies[user.username] = f"{settings.SESSION_COOKIE_NAME}={key}"
    Session.objects.bulk_create(rows, batch_size=500)
    return cookies
