"""The rows behind a save: what stands is read and locked, a revision is added, and it is let stand.

Written as SQL: before a deadline this is done a hundred times a second, and to have these three statements put together anew
each time took as long as all the rest of a save. Everything else of this room goes through the models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from mangrove.intake.definition import Section
from mangrove.intake.models import definition_of

READ = """
SELECT sheet.id, application.id, opening.id, sheet.section, sheet.answers, sheet.revision, sheet.last, sheet.saved_by_name,
       application.unlocked, form.id, form.sha256
FROM intake_sheet AS sheet
JOIN intake_application AS application ON application.id = sheet.application_id
JOIN intake_opening AS opening ON opening.id = application.opening_id
JOIN intake_formversion AS form ON form.id = opening.form_id
JOIN registry_organisation AS entry ON entry.id = application.organisation_id
JOIN registry_organisation AS own ON COALESCE(own.merged_into_id, own.id) = COALESCE(entry.merged_into_id, entry.id)
WHERE application.id = %s AND sheet.section = %s AND own.id = %s
"""
LOCK = "FOR UPDATE OF sheet, application"

KEEP = """
INSERT INTO intake_revision (sheet_id, number, base, answers, fate, saved_by, saved_by_name, saved_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
PUT = """
UPDATE intake_sheet SET answers = %s, revision = %s, last = %s, saved_by_name = %s, saved_at = %s WHERE id = %s
"""
COUNT = "UPDATE intake_sheet SET last = %s WHERE id = %s"


@dataclass
class Standing:
    """A section as it stands, with what its application and form say of it. ``last``: the number of the last text kept."""

    sheet: int
    application: int
    opening: str
    section: str
    answers: dict[str, str]
    revision: int
    last: int
    saved_by_name: str
    unlocked: list[str]
    form: int
    sha256: str

    @property
    def asked(self) -> Section:
        return definition_of(self.form, self.sha256).section(self.section)


@dataclass(frozen=True)
class Kept:
    """A text that was kept as revision ``number``."""

    number: int
    answers: dict[str, str]
    saved_by_name: str
    saved_at: datetime


def standing(application: int, section: str, organisation: str) -> Standing | None:
    """The section of that organisation's application, both locked until the transaction ends; ``None`` if there is none."""
    lock = LOCK if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(READ + lock, [application, section, organisation])
        row = cursor.fetchone()
    if row is None:
        return None
    found = Standing(*row)
    found.answers, found.unlocked = json.loads(row[4]), json.loads(row[8])
    return found


def keep(at: Standing, answers: dict[str, str], base: int, fate: str, by: tuple[str, str], now: datetime) -> Kept:  # fmt: skip
    """Add a text that was built on revision ``base``; ``by``: account and name."""
    at.last += 1
    write(KEEP, at.sheet, at.last, base, as_json(answers), fate, *by, moment(now))
    return Kept(at.last, answers, by[1], now)


def put(at: Standing, kept: Kept) -> None:
    """Let it stand."""
    write(
        PUT, as_json(kept.answers), kept.number, at.last, kept.saved_by_name, moment(kept.saved_at), at.sheet
    )


def count(at: Standing) -> None:
    """Another stands, or what stood does: only the number of the last text moves on."""
    write(COUNT, at.last, at.sheet)


def write(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def as_json(answers: dict[str, str]) -> str:
    return json.dumps(answers, ensure_ascii=False)  # escapes would make Chinese twice as long


def moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
