"""A measure in the making, led to any place of its way by the acts themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection

from mangrove.casework.meetings import actions as meetings
from mangrove.casework.meetings.actions import Decided
from mangrove.casework.meetings.models import Decision
from mangrove.policies.issuing import actions, drafting, opinions, releasing
from mangrove.policies.issuing.models import Draft, Opinion, Publication
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.publishing import publish
from mangrove.registry.models import Organisation, User

from . import life

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ASKED = ["财务处", "办公室"]
NUMBER = "样例工信规〔2026〕1号"
TEXT = """\
measure: 样例措施（合成）
id: sample_measure
version: {in_force: 2026-01-01, status: 待核, source: 样例（合成）}
parameters: {比例: 30%}
clauses:
- id: first
  article: 第一条
  text: 按审定投资的30%资助，不超过100万元
  text_status: 原文
  for: 扶持项目
  when:
  - 信用核查通过
  amount: 比例 * 经审核投资额
  cap: 100万元
"""


#: Who plays whom, where the people are not this module's own.
_cast: dict[str, str] = {}


@contextmanager
def played_by(cast: Mapping[str, str]) -> Iterator[None]:
    _cast.update(cast)
    try:
        yield
    finally:
        _cast.clear()


def who(name: str) -> User:
    return life.who(_cast.get(name, name))


def text(**changed: str) -> str:
    """The sample's text, with lines of its version or other words replaced."""
    found = TEXT
    for old, new in changed.items():
        found = found.replace(
            {"status": "status: 待核", "share": "比例: 30%", "first_day": "in_force: 2026-01-01"}[old], new
        )
    return found


def office() -> None:
    """The bureau's people of this matter, unless others play them; the drafter is of one office, who reviews of others."""
    if _cast:
        return
    body = Organisation.objects.get_or_create(id="gxj", defaults={"name": "市工信局", "kind": "government"})[
        0
    ]
    life.person("officer", body, ["case_officer"], "应用处")
    life.person("officer_b", body, ["case_officer"], "基础设施处")
    life.person("checker", body, ["reviewer"], "办公室")
    life.person("lawyer", body, ["reviewer"], house_rules().legal_unit)
    life.person("director", body, ["signer"], "局领导")
    life.person("deputy", body, ["signer"], "局领导")
    other = Organisation.objects.get_or_create(id="fgw", defaults={"name": "市发改委"})[0]
    life.person("stranger", other, ["case_officer"])
    life.person(
        "auditor", Organisation.objects.get_or_create(id="sj", defaults={"name": "市审计局"})[0], ["auditor"]
    )


def on(days: int) -> dict[str, Any]:
    """The business day, so many days ago; entered later."""
    return {"on": life.days_ago(days), "why": life.WHY}


def seen(draft: Draft) -> int:
    draft.case.refresh_from_db()
    return draft.case.version


def started(**told: Any) -> Draft:
    office()
    said: dict[str, Any] = {
        "title": "样例措施（合成）",
        "text": TEXT,
        "by": who("officer"),
        "synthetic": True,
    }
    return drafting.start(**{**said, **on(60), **told})


def circulated(draft: Draft | None = None, **told: Any) -> Draft:
    draft = draft or started()
    said: dict[str, Any] = {
        "units": ASKED,
        "public": True,
        "published_at": "市政府门户网站（合成）",
        "by": who("officer"),
        **on(55),
    }
    opinions.circulate(**{"draft_id": draft.pk, "expected_version": seen(draft), **said, **told})
    return Draft.objects.get(pk=draft.pk)


def opined(draft: Draft, source: str = "财务处", words: str = "建议写明资金来源。", **told: Any) -> Opinion:
    said: dict[str, Any] = {"source": source, "text": words, "by": who("officer"), **on(50)}
    return opinions.opine(draft_id=draft.pk, **{**said, **told})


def disposed(
    one: Opinion, disposition: str = "adopted", reason: str = "已写进第二条。", **told: Any
) -> Opinion:
    said: dict[str, Any] = {"disposition": disposition, "reason": reason, "by": who("officer"), **on(45)}
    return opinions.dispose(draft_id=one.seeking.draft_id, opinion_id=one.pk, **{**said, **told})


def heard(draft: Draft | None = None) -> Draft:
    """Everyone asked has answered, and every opinion is answered."""
    draft = draft or circulated()
    disposed(opined(draft))
    opined(draft, "办公室", "", nothing=True)
    return draft


def settled(draft: Draft | None = None) -> Draft:
    draft = heard(draft)
    opinions.settle(draft_id=draft.pk, by=who("officer"), expected_version=seen(draft), **on(40))
    return Draft.objects.get(pk=draft.pk)


def submitted(draft: Draft | None = None) -> Draft:
    draft = draft or settled()
    actions.submit(draft_id=draft.pk, by=who("officer"), expected_version=seen(draft), **on(39))
    return Draft.objects.get(pk=draft.pk)


def reviewed(draft: Draft, by: str, outcome: str, days: int) -> Draft:
    actions.review(
        draft_id=draft.pk, outcome=outcome, opinion="逐条看过。", by=who(by), expected_version=seen(draft), **on(days)
    )  # fmt: skip
    return Draft.objects.get(pk=draft.pk)


def lawful(draft: Draft | None = None) -> Draft:
    draft = reviewed(draft or submitted(), "checker", "free", 38)
    return reviewed(draft, "lawyer", "lawful", 37)


def decision(about: Draft | None = None, held: int = 30, by: str = "officer") -> Decision:
    """A confirmed decision of a meeting held so many days ago."""
    found = meetings.enter(
        by=who(by), name="局长办公会", held_on=life.days_ago(held),
        decisions=[Decided("样例措施", "原则同意。", about.ref if about else None)], **on(held),
    )  # fmt: skip
    meetings.confirm(
        by=who("checker"), id=found.pk, upload=io.BytesIO(PDF), name="纪要.pdf", expected_version=found.case.version, **on(held)
    )  # fmt: skip
    return found.decisions.get()


def decided(draft: Draft | None = None) -> Draft:
    draft = draft or lawful()
    actions.decide(
        draft_id=draft.pk, decision=str(decision(draft).pk), by=who("officer"), expected_version=seen(draft), **on(29)
    )  # fmt: skip
    return Draft.objects.get(pk=draft.pk)


def numbered(
    draft: Draft | None = None, number: str = NUMBER, guide: str = "投资的三成，最多一百万元。"
) -> Draft:
    draft = draft or decided()
    actions.number(
        draft_id=draft.pk, document_number=number, guide=guide, guide_en="", by=who("officer"),
        expected_version=seen(draft), **on(28),
    )  # fmt: skip
    return Draft.objects.get(pk=draft.pk)


def published(draft: Draft | None = None, by: str = "director") -> Publication:
    draft = draft or numbered()
    return releasing.publish(draft_id=draft.pk, by=who(by), expected_version=seen(draft), **on(27))


def in_library(words: str = TEXT, **told: Any) -> RuleText:
    said: dict[str, Any] = {"by": who("officer").actor, **on(80)}
    return publish(text=words, **{**said, **told})


def ending(left: int, rule: str = "sample_measure") -> RuleText:
    """A measure of the library that ends in so many days, or ended so many days ago."""
    until = life.today() + timedelta(days=left)
    words = text(first_day=f"in_force: 2020-01-01, until: {until.isoformat()}").replace(
        "sample_measure", rule
    )
    return in_library(words)


def by_hand(row: Any, **fields: Any) -> None:
    """Change a row as somebody would who goes round the house, its triggers taken away first."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        where = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only{where}")
        for name, value in fields.items():
            cursor.execute(f"UPDATE {table} SET {name} = %s WHERE id = %s", [value, row.pk])  # noqa: S608 -- names of this test


def day(n: int) -> date:
    return life.days_ago(n)


def people(*names: str) -> list[User]:
    return [who(name) for name in names]
