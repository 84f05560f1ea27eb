"""The page on which a proposal is registered; one that may be registered already is asked about, and nothing is lost."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.proposals.access import visible_proposals
from mangrove.proposals.forms import RegisterForm
from mangrove.proposals.models import Proposal
from mangrove.proposals.registration import namesakes, refuse_unless_registrar, register_proposal
from mangrove.registry.models import User
from mangrove.ui.acting import done, status


@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Register a proposal."""
    user: User = request.user  # type: ignore[assignment]
    refuse_unless_registrar(user)
    form = RegisterForm(request.POST or None)
    if done(request, form, lambda: register_proposal(by=user, **form.cleaned_data)):
        messages.success(request, _("已登记。下一步：交办给承办单位。"))
        asked = {name: form.cleaned_data[name] for name in ("kind", "meeting", "number")}
        return redirect("proposals:proposal", Proposal.objects.get(**asked, withdrawn=False).pk)
    said = {
        "form": form, "namesakes": asked_about(user, form), "meetings": meetings(), "act": _("登记"),
        "back": reverse("proposals:list"),
    }  # fmt: skip
    return render(request, "proposals/register.html", said, status=status(form))


def asked_about(user: User, form: RegisterForm) -> QuerySet[Proposal]:
    """The namesakes that the page names, as far as this person may read them; without any, nothing is asked."""
    if "namesakes_seen" in form.errors:
        said = {name: form.cleaned_data[name] for name in ("kind", "number", "title", "meeting")}
        form.ask_about(namesakes(**said).values_list("pk", flat=True))
    if not form.named():
        del form.fields["namesakes_seen"]
    return visible_proposals(user).filter(pk__in=form.named()).order_by("pk")


def meetings() -> QuerySet[Proposal, str]:
    """The meetings already used, the latest first, so that one is chosen and not typed anew."""
    used = Proposal.objects.values("meeting").annotate(last=Max("received_on"))
    return used.order_by("-last", "meeting").values_list("meeting", flat=True)
