"""Pages of forms: the definitions of the folder, one as applicants will see it, what changed, publishing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.intake import actions
from mangrove.intake.access import access_form, visible_forms
from mangrove.intake.answering import SectionForm
from mangrove.intake.decisions import Answered, answered
from mangrove.intake.definition import Form, Section
from mangrove.intake.forms import PublishForm
from mangrove.intake.known import ORGANISATION
from mangrove.intake.models import FormVersion
from mangrove.intake.publishing import Proposed, refuse_unseen
from mangrove.intake.tables import DIFFERENCES, FORMS, form_tag, form_title
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.languages import in_words


@require_safe
@login_required
def forms(request: HttpRequest) -> HttpResponse:
    page = FORMS.page(visible_forms(request.user), request.GET)
    return render(request, "intake/forms.html", {"page": page})


@login_required
def form(request: HttpRequest, name: str) -> HttpResponse:
    """What the file says now, beside the version in use; publishing takes what was looked at and nothing else."""
    user: User = request.user  # type: ignore[assignment]
    found = access_form(user, name)
    asked = PublishForm(request.POST or None, initial={"seen": seen(found)})

    def act() -> FormVersion:
        said = dict(asked.cleaned_data)
        refuse_unseen(found, said.pop("seen"))
        return actions.publish_form(text=found.text, by=user.actor, **said)

    if done(request, asked, act, now=lambda: {"seen": seen(found)}):
        messages.success(request, _("已公布；可以为它开设窗口了。"))
        return redirect("intake:form", name)
    return render(request, "intake/form.html", form_page(found, asked), status=status(asked))


def seen(found: Proposed) -> str:
    return found.form.sha256 if found.form else ""


def form_page(found: Proposed, asked: PublishForm) -> dict[str, Any]:
    last = found.last
    return {
        "found": found, "title": form_title(found), "tag": form_tag(found), "facts": facts(found),
        "differences": DIFFERENCES.page(found.differences, QueryDict()), "asked": asked,
        "may_publish": found.standing in ("new", "next"), "form": found.form, "preview": previews(found.form),
        "open_href": f"{reverse('intake:open_new')}?form={last.pk}" if last else "",
    }  # fmt: skip


def facts(found: Proposed) -> list[Fact]:
    held = found.last
    in_use = (
        _("第 %(n)s 版，%(on)s 公布") % {"n": held.version, "on": held.published_on}
        if held
        else _("未公布过")
    )
    own = found.form
    return [
        Fact(_("在用的版本"), in_use),
        Fact(_("文件中的版本"), _("第 %(n)s 版") % {"n": own.version} if own else None, f"rulebooks/forms/{found.name}.yaml"),
        *([Fact(_("表单依据"), own.source, in_words(own.status)), Fact(_("内容校验值"), own.sha256, "SHA-256")] if own else []),
    ]  # fmt: skip


def previews(form: Form | None) -> list[dict[str, Any]]:
    """Each section as an applicant whom the registry knows begins it; nothing can be written in it."""
    if form is None:
        return []
    read = answered(form, {}, {})
    return [{"section": one, "fields": preview(one, read)} for one in form.sections]


def preview(section: Section, read: Answered) -> SectionForm:
    asked = [one.id for one in section.questions if one.of != ORGANISATION]
    return locked(SectionForm(section, read, only=asked, prefix=section.id))


def locked(form: SectionForm) -> SectionForm:
    for field in form.fields.values():
        field.disabled = True
    return form
