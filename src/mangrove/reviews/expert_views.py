"""An expert's pages: what waits, one item with its form, declaring, leaving, saving, files. What blinds is in the models and
in access; nothing here names an applicant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mangrove.casework.attachments import path_of
from mangrove.ledger.refusals import Refusal
from mangrove.reviews import actions, pool
from mangrove.reviews import desk as desks
from mangrove.reviews.access import access_assignment, access_file, is_expert, missing
from mangrove.reviews.forms import LeaveForm, MarksForm, as_initial, written
from mangrove.reviews.models import Assignment, MarkDraft
from mangrove.reviews.tables import DESK, state_tag
from mangrove.ui.acting import done, status
from mangrove.ui.autosave import Draft, asked_revision, conflict, refused, saved
from mangrove.ui.exports import csv_response, excel_response
from mangrove.ui.forms import Answering, grouped


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    refuse_others(user)
    found = desks.Desk(user)
    page = DESK.page(found.rows, request.GET, reverse("reviews:desk_export"))
    return render(request, "reviews/desk.html", {"page": page, "desk": found})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    refuse_others(user)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, DESK, desks.Desk(user).rows)


def refuse_others(user: Any) -> None:
    if not is_expert(user):
        raise missing()


@require_POST
@login_required
def agree(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    refuse_others(user)
    pool.agree(by=user, on=timezone.localdate())
    messages.success(request, _("已记下您的承诺。"))
    return redirect("reviews:desk")


@login_required
def assignment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One item: to declare on, to mark, or as it was marked. Posting submits, or keeps the draft and stays."""
    user: Any = request.user
    found = access_assignment(user, uid)
    if request.method != "POST" and found.case.state not in ("declared", "scoring"):
        return render(request, "reviews/assignment.html", desks.reading(user, found))
    form = marks_form(found, request)
    if "save" in request.POST:
        return keep(request, found, form)
    if done(request, form, lambda: submit(user, uid, form)):
        return submitted(request, user, found)
    context = {**desks.reading(user, found), **writing(request, user, found, form)}
    return render(request, "reviews/marking.html", context, status=status(form))


def marks_form(found: Assignment, request: HttpRequest) -> MarksForm:
    rubric = actions.rubric_of(found)
    draft = draft_of(found)
    initial = as_initial(rubric, draft.said if draft else {})
    return MarksForm(request.POST or None, rubric=rubric, initial=initial)


def draft_of(found: Assignment) -> MarkDraft | None:
    return MarkDraft.objects.filter(assignment=found).first()


def writing(request: HttpRequest, user: Any, found: Assignment, form: MarksForm) -> dict[str, Any]:
    draft = draft_of(found)
    base = asked_revision(request) if request.method == "POST" else None
    revision = draft.revision if draft and base is None else base or 0
    url = reverse("reviews:autosave", args=[found.pk])
    plan = [(desks.heading(one), [f"mark_{one.id}", f"reason_{one.id}"]) for one in form.rubric.criteria]
    return {
        "form": form, "groups": grouped(form, [*plan, (_("总的意见"), ["comment"])]),
        "draft": Draft(url, revision, user.username, draft.saved_at if draft else None),
    }  # fmt: skip


def submit(user: Any, uid: UUID, form: MarksForm) -> object:
    said = form.cleaned_data
    return actions.submit(by=user, uid=uid, said=form.given(), key=said["key"], on=timezone.localdate())


def submitted(request: HttpRequest, user: Any, found: Assignment) -> HttpResponse:
    """On to the next item, so that twenty are marked without a way back each time."""
    following = desks.Desk(user).following(found)
    messages.success(request, _("%(code)s 已提交。") % {"code": found.item.code})
    return redirect("reviews:assignment", following) if following else redirect("reviews:desk")


def keep(request: HttpRequest, found: Assignment, form: MarksForm) -> HttpResponse:
    """The draft by hand, where there is no script."""
    user: Any = request.user
    form.is_valid()
    kept = actions.save_draft(
        by=user, uid=found.pk, said=written(form.rubric, request.POST), base_revision=asked_revision(request) or 0,
        on=timezone.localdate(),
    )  # fmt: skip
    if kept.by_another:
        raise Refusal(
            _("您在另一个窗口存过这一件，这里写的没有保存。"), code="reviews.newer_draft", where=found.item.code,
            remedy=_("请复制这里写的，打开新的一稿合并。"),
        )  # fmt: skip
    messages.success(request, _("草稿已保存。"))
    return redirect("reviews:assignment", found.pk)


@require_POST
@login_required
def autosave(request: HttpRequest, uid: UUID) -> HttpResponse:
    user: Any = request.user
    found = access_assignment(user, uid)
    rubric = actions.rubric_of(found)
    said = written(rubric, request.POST)
    try:
        kept = actions.save_draft(
            by=user, uid=uid, said=said, base_revision=asked_revision(request) or 0, on=timezone.localdate()
        )
    except Refusal as refusal:
        return refused(str(refusal))
    if kept.by_another:
        return conflict(user.name, kept.at)
    return saved(kept.revision, kept.at)


@require_POST
@login_required
def declare(request: HttpRequest, uid: UUID) -> HttpResponse:
    user: Any = request.user
    actions.declare(by=user, uid=uid, on=timezone.localdate())
    return redirect("reviews:assignment", uid)


@login_required
def leave(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A conflict of interest, or declining: another expert is to be found."""
    user: Any = request.user
    found = access_assignment(user, uid)
    form = LeaveForm(request.POST or None)
    if done(request, form, lambda: leave_for(user, uid, form)):
        messages.success(request, _("已记下，此件将另请专家。"))
        return redirect("reviews:desk")
    context = {
        "form": form, "found": found, "tag": state_tag(found.case), "act": _("不评此件"),
        "back": reverse("reviews:assignment", args=[uid]),
    }  # fmt: skip
    return render(request, "reviews/leave.html", context, status=status(form))


def leave_for(user: Any, uid: UUID, form: Answering) -> object:
    ground, why, today = form.cleaned_data["ground"], form.cleaned_data["why"], timezone.localdate()
    if ground == "conflict":
        return actions.declare_conflict(by=user, uid=uid, on=today, why=why)
    return actions.decline(by=user, uid=uid, ground=ground, on=today, why=why)


@require_safe
@login_required
def file(request: HttpRequest, uid: UUID, number: int) -> FileResponse:
    """A file under a name of code and number: what its uploader called it may give the applicant away."""
    found, kept = access_file(request.user, uid, number)
    name = desks.file_name(found, kept, number)
    content = path_of(kept.attachment.sha256).open("rb")
    return FileResponse(content, as_attachment=True, filename=name, content_type=kept.attachment.content_type)
