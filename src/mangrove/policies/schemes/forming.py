"""The form of a scheme, written from what its clause reads and the house does not know: nobody retypes what is registered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from mangrove import vocabulary
from mangrove.intake.definition import Form, Words, read_form
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.performance.rules import rules
from mangrove.policies.schemes.definition import Scheme
from mangrove.policies.schemes.rules import paying
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.needed import read_by
from mangrove.vocabulary.model import Entity, Field

#: Fields that others fill in: the special audit, the office, the day of handing in.
NOT_ASKED = {"id", "applied_on", "credit_passed", "same_content_elsewhere"}
#: What the special audit recognises of what was declared.
AUDITED = {"audited_investment": "total_investment", "equipment_investment": "equipment_investment"}
TEXTS = (
    ("title", Words("项目名称", "Project title"), "100"),
    ("summary", Words("项目概述", "Project summary"), "3000"),
    ("results", Words("实施成效", "Results"), "3000"),
)  # fmt: skip

#: The question of the form in which indicators are promised, and its columns: id, both labels, kind.
PROMISES = "promises"
COLUMNS = (
    ("name", "指标", "Indicator", "text"), ("amount", "数量", "Amount", "number"),
    ("unit", "单位", "Unit", "unit"), ("year", "完成年份", "Due year", "year"),
)  # fmt: skip


def form_text(one: Scheme, rule: RuleText, version: int) -> str:
    """The YAML of the scheme's form, version so and so: the same scheme and measure give the same bytes."""
    measure = measure_of(rule)
    said = {
        "form": one.id, "version": str(version), "title": both(one.title), "source": f"{measure.name} {one.pays}",
        "status": one.status, "sections": [applicant(), project(one, measure), papers(one)],
    }  # fmt: skip
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120)


def form_of(one: Scheme, rule: RuleText) -> Form:
    return read_form(form_text(one, rule, 1))


def both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def applicant() -> dict[str, Any]:
    return {
        "id": "applicant", "title": {"zh": "申报单位", "en": "Applicant"},
        "note": {"zh": "名录里有的由系统带出，不必重填。", "en": "What the registry knows is filled in."},
        "questions": [
            {"id": "name", "field": "organisation.name", "required": "true"},
            {"id": "credit_code", "field": "organisation.credit_code", "required": "true"},
            {"id": "contact", "text": {"zh": "联系人及电话", "en": "Contact and telephone"}, "required": "true", "most": "100"},
        ],
    }  # fmt: skip


def project(one: Scheme, measure: Measure) -> dict[str, Any]:
    texts = [{"id": id, "text": both(words), "required": "true", "most": most} for id, words, most in TEXTS]
    entity = paying(one, measure).entity
    asked = [
        {"id": field.id, "field": f"{entity}.{field.id}", "required": "true", **after(field, seen)}
        for field, seen in with_earlier(asked_of(one, measure))
    ]
    return {
        "id": "project",
        "title": {"zh": "项目情况", "en": "Project"},
        "questions": [*texts, *asked, *promised(one)],
    }


def with_earlier(fields: list[Field]) -> Iterator[tuple[Field, set[str]]]:
    """Each with the ids of those that stand before it."""
    for n, field in enumerate(fields):
        yield field, {one.id for one in fields[:n]}


def after(field: Field, seen: set[str]) -> dict[str, str]:
    """A project is not finished before it begins."""
    return {"not before": "begins_on"} if field.id == "finished_on" and "begins_on" in seen else {}


def promised(one: Scheme) -> list[dict[str, Any]]:
    """What the firm promises and is held to later: the scheme's own indicators to begin with, each with amount, unit and year."""
    if not one.indicators:
        return []
    counted = rules().indicators
    return [{
        "id": PROMISES, "text": both(Words("绩效指标", "Performance indicators")), "required": "true",
        "note": both(Words("每行一项：指标、数量、单位、完成年份；日后按同一单位填报实测数", "One a line: indicator, amount, unit, due year; what is measured later is entered in the same unit")),
        "rows": {
            "columns": [dict(zip(("id", "zh", "en", "kind"), column, strict=True)) for column in COLUMNS],
            "starts": [[words.zh, "", counted[words.zh].shown, ""] for words in one.indicators],
        },
    }]  # fmt: skip


def asked_of(one: Scheme, measure: Measure) -> list[Field]:
    """In the order of the vocabulary: what the clause reads of the thing itself, and what the scheme asks for besides."""
    clause = paying(one, measure)
    read = {
        AUDITED.get(id, id) if one.audit else id
        for entity, id in read_by(measure, clause)
        if entity == clause.entity
    }
    wanted = (read | set(one.asks) | audit_dates(one)) - NOT_ASKED - set(one.sets)
    return list(fields_in(vocabulary.entity(clause.entity), wanted))


def audit_dates(one: Scheme) -> set[str]:
    return {"begins_on", "finished_on"} if one.audit else set()


def fields_in(entity: Entity, wanted: set[str]) -> Iterator[Field]:
    """Inputs that people judge are no fields of the house's vocabulary, and so are not asked."""
    yield from (field for id, field in entity.fields.items() if id in wanted)


def papers(one: Scheme) -> dict[str, Any]:
    listed = [
        {
            "id": said["id"],
            "paper": dict(said["label"]),
            "required": said.get("required", "true"),
            "kinds": list(said["kinds"]),
        }
        for said in one.papers
    ]
    costs = {
        "id": "costs",
        "paper": {"zh": "费用支出清单（表格）", "en": "List of expenses (spreadsheet)"},
        "required": "true",
        "kinds": ["xlsx", "csv"],
        "most": "1",
    }
    return {
        "id": "papers",
        "title": {"zh": "申报材料", "en": "Papers"},
        "papers": [*listed, *([costs] if one.audit else [])],
    }
