"""The texts of applications, to be compared across firms, windows and years: what was written freely, and not what a firm is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.intake.access import keeps, submitted_applications
from mangrove.intake.definition import Form
from mangrove.intake.models import Application, FormVersion, Submission
from mangrove.likeness.corpora import Corpus
from mangrove.registry.labels import named
from mangrove.registry.personal.masking import written
from mangrove.ui.components import Fact
from mangrove.ui.dates import moment


def free_text(form: Form, content: Mapping[str, Any]) -> str:
    """The free texts of what was handed in, a paragraph each, as they were written but for numbers of persons."""
    answers = content["answers"]
    return "\n".join(
        written(answers[one.id])
        for one in form.questions
        if not one.of and one.rows is None and isinstance(answers.get(one.id), str)
    )


def every() -> QuerySet[Any]:
    return Application.objects.filter(case__isnull=False).values_list("pk", flat=True)


def last(ids: Collection[str]) -> QuerySet[Submission]:
    """What was handed in last for each of these applications."""
    return Submission.objects.filter(application__in=[int(id) for id in ids], round=F("application__rounds"))


def texts(ids: Collection[str]) -> dict[str, str]:
    found = last(ids).values_list("application", "application__opening__form", "content")
    forms = {form.pk: form.definition for form in FormVersion.objects.all()}
    return {str(id): free_text(forms[form], content) for id, form, content in found.iterator(chunk_size=500)}


def as_text(rows: QuerySet[Application]) -> QuerySet[Any]:
    """Their ids as the text that they are where other rooms name them."""
    return rows.annotate(named=Cast("pk", CharField())).values("named")


def readable(user: Any) -> QuerySet[Any]:
    """Those that an officer checks and an office oversees; no applicant hears of a likeness."""
    return as_text(submitted_applications(user))


def facts(ids: Collection[str]) -> dict[str, list[Fact]]:
    found = last(ids).select_related("application__organisation", "application__opening")
    return {
        str(one.application_id): [
            Fact(_("申报单位"), named(one.application.organisation)), Fact(_("所属窗口"), str(one.application.opening)),
            Fact(_("提交时间"), moment(one.received_at)),
        ]
        for one in found
    }  # fmt: skip


def owners(ids: Collection[str]) -> dict[str, str]:
    found = Application.objects.filter(pk__in=[int(id) for id in ids]).values_list("pk", "organisation")
    return {str(id): organisation for id, organisation in found}


def judges(user: Any, id: str) -> bool:
    found = submitted_applications(user).filter(pk=int(id)).first()
    return found is not None and keeps(user, found.opening)


APPLICATIONS = Corpus(
    "intake", "application", gettext_lazy("申报"), every, texts, readable, facts, owners, judges
)
