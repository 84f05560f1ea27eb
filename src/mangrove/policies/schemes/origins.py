"""Where the form of a scheme comes from (表单从哪里来): each question with its reason, and what the clause reads that nobody is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.intake.definition import Form, Paper, Question
from mangrove.policies.measures.articles import article_said
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.schemes.definition import Scheme
from mangrove.policies.schemes.forming import AUDITED, NOT_ASKED, PROMISES, form_of
from mangrove.policies.schemes.rules import paying
from mangrove.registry.labels import enum_word, said
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.texts.needed import read_by
from mangrove.ui.languages import in_words
from mangrove.vocabulary.model import Entity, Field

#: How each thing comes: asked of the firm, taken from what the house has, or said by the office.
ASKED, KNOWN, OFFICE = "asked", "known", "office"
#: Who says what the clause reads of the thing and the form does not ask.
ELSEWHERE = {
    "id": (KNOWN, gettext_lazy("由系统编号")),
    "applied_on": (KNOWN, gettext_lazy("提交的那一天，由系统记下")),
    "credit_passed": (OFFICE, gettext_lazy("信用核查这一环节的结论")),
    "same_content_elsewhere": (OFFICE, gettext_lazy("查重这一环节的结论")),
}
#: Of the questions that every scheme asks.
ALWAYS = {
    "contact": gettext_lazy("经办有事要找到人"),
    "title": gettext_lazy("申报、名单和公示都用这个名称"),
    "summary": gettext_lazy("评审、查重和审计要读"),
    "results": gettext_lazy("评审、查重和审计要读"),
    PROMISES: gettext_lazy("绩效评价时与实测数逐项比较"),
}


@dataclass(frozen=True)
class Origin:
    """``item``: the question or paper of the form, empty where nothing is asked. ``input``: what the clause reads, as kind and field
    with a point between; a judgement has its name alone."""

    item: str
    label: str
    how: str
    why: str
    input: str = ""


def origins(one: Scheme, rule: RuleText) -> list[Origin]:
    """First what is asked, in the order of the form, then what is not. Raises :class:`Refusal` where the measure lacks the clause."""
    measure = measure_of(rule)
    clause = paying(one, measure)
    asked = [] if one.instant else list(of_form(one, form_of(one, rule), measure, clause))
    return [*asked, *of_inputs(one, measure, clause)]


# --- what the form asks --------------------------------------------------------------------------------------------


def of_form(one: Scheme, form: Form, measure: Measure, clause: Clause) -> Iterator[Origin]:
    read = own_inputs(measure, clause)
    for question in form.questions:
        yield of_question(one, question, read, clause)
    for paper in form.papers:
        yield Origin(paper.id, str(paper.label), ASKED, paper_why(one, paper))


def own_inputs(measure: Measure, clause: Clause) -> set[str]:
    return {id for entity, id in read_by(measure, clause) if entity == clause.entity}


def of_question(one: Scheme, question: Question, read: set[str], clause: Clause) -> Origin:
    label = str(question.label)
    if question.of == "organisation":
        return Origin(question.id, label, KNOWN, _("机构名录里有的直接带出，名录里没有的才填"))
    if not question.of:
        return Origin(question.id, label, ASKED, str(ALWAYS[question.id]))
    return Origin(
        question.id, label, ASKED, field_why(one, question.field.id, read, clause), input_of(one, question.of, question.field, read)
    )  # fmt: skip


def recognised(one: Scheme, id: str, read: set[str]) -> str:
    """What the special audit recognises of the declared field and the clause reads instead; empty where there is no such thing."""
    return next((by for by, declared in AUDITED.items() if one.audit and declared == id and by in read), "")


def field_why(one: Scheme, id: str, read: set[str], clause: Clause) -> str:
    told = {"article": article_said(clause.article)}
    if recognised(one, id, read):
        return _("条款“%(article)s”按审定数计算：这里填申报数，审定数由专项审计写") % told
    if id in read:
        return _("条款“%(article)s”要用，名录和记录里没有") % told
    if id in one.asks:
        return _("条款不用，这一事项另外要的")
    return _("专项审计要看费用是否发生在项目起止之间")


def input_of(one: Scheme, of: str, field: Field, read: set[str]) -> str:
    """The input of the rule from which the question was made."""
    id = recognised(one, field.id, read) or (field.id if field.id in read else "")
    return f"{of}.{id}" if id else ""


def paper_why(one: Scheme, paper: Paper) -> str:
    if paper.id not in {listed["id"] for listed in one.papers}:
        return _("专项审计照它逐行认定费用")
    return _("这一事项要的材料")


# --- what nobody is asked for --------------------------------------------------------------------------------------


def of_inputs(one: Scheme, measure: Measure, clause: Clause) -> Iterator[Origin]:
    """In the order of the vocabulary: the thing itself first, then what the clause reads of other things; judgements last."""
    read = read_by(measure, clause)
    for entity in sorted(
        vocabulary.vocabulary().entities.values(), key=lambda each: each.id != clause.entity
    ):
        for field in entity.fields.values():
            if (entity.id, field.id) in read:
                yield from of_field(one, clause, entity, field)
    for judged in measure.inputs:
        if (judged.entity, judged.name) in read:
            yield Origin("", judged.name, OFFICE, judged_why(one, judged.name, judged.by), judged.name)


def of_field(one: Scheme, clause: Clause, entity: Entity, field: Field) -> Iterator[Origin]:
    found = how_had(one, clause, entity, field)
    if found is not None:
        how, why = found
        yield Origin("", said(field), how, why, f"{entity.id}.{field.id}")


def how_had(one: Scheme, clause: Clause, entity: Entity, field: Field) -> tuple[str, str] | None:
    """How it comes without being asked, and why; ``None`` where it is asked."""
    if entity.id != clause.entity or one.instant:
        return KNOWN, _("取自本系统里的“%(kind)s”，不问申报单位") % {"kind": said(entity)}
    if field.id in one.sets:
        return KNOWN, _("这一事项一律是“%(word)s”") % {"word": set_word(field, one.sets[field.id])}
    if field.id in NOT_ASKED:
        how, reason = ELSEWHERE[field.id]
        return how, str(reason)
    if one.audit and field.id in AUDITED and AUDITED[field.id] != field.id:
        return OFFICE, _("专项审计认定后写入")
    return None


def input_words(one: Origin) -> str | None:
    """The input as the vocabulary calls it."""
    entity, point, id = one.input.partition(".")
    if not point:
        return one.input or None
    kind = vocabulary.entity(entity)
    return f"{said(kind)} · {said(kind.field(id))}"


def set_word(field: Field, value: str) -> str:
    return enum_word(field.enum.id, value) if field.enum else value


def judged_why(one: Scheme, name: str, by: str) -> str:
    if name == one.score:
        return _("专家评审的平均分")
    return _("由%(who)s判断后记下") % {"who": in_words(by)}
