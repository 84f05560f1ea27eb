"""Pages: the pairs that a person may read, and one of them side by side, where it is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mangrove.ledger.models import Event
from mangrove.likeness import pages
from mangrove.likeness.access import access_pair, may_judge, readable_pairs
from mangrove.likeness.actions import judge
from mangrove.likeness.corpora import corpus
from mangrove.likeness.models import Pair
from mangrove.likeness.rules import rule
from mangrove.likeness.tables import PAIRS, JudgeForm, PairFilter
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact, moments
from mangrove.ui.exports import excel_response
from mangrove.ui.house import names
from mangrove.ui.languages import in_words


@require_safe
@login_required
def pairs(request: HttpRequest) -> HttpResponse:
    filters = PairFilter(request.GET)
    page = PAIRS.page(filters.narrow(readable_pairs(request.user)), request.GET, reverse("likeness:export"))
    named(request.user, page.objects)
    return render(request, "likeness/pairs.html", {"page": page, "filters": filters})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    filters = PairFilter(request.GET)
    rows = filters.narrow(readable_pairs(request.user))
    return excel_response(request, PAIRS, rows, filters.words(), told=lambda found: told(request.user, found))


def told(user: Any, rows: Iterable[Pair]) -> Iterator[Pair]:
    found = list(rows)
    named(user, found)
    yield from found


def named(user: Any, rows: Iterable[Pair]) -> None:
    """Give each row what people call its two things, all asked for at once."""
    refs = {(row.pk, id): corpus(row.corpus).ref(id) for row in rows for id in (row.first, row.second)}
    called = names(user, refs.values())
    for row in rows:
        row.called = (called.get(refs[row.pk, row.first]), called.get(refs[row.pk, row.second]))  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_pair(user, id)
    form = JudgeForm(request.POST or None, initial={"version": found.version})

    def act() -> Pair:
        said = form.cleaned_data
        return judge(
            pair_id=id, verdict=said["verdict"], why=said["why"], expected_version=said["version"], by=user, on=said["on"]
        )  # fmt: skip

    if request.method == "POST":
        access_pair(user, id, to="judge")
    if done(request, form, act, now=lambda: {"version": access_pair(user, id).version}):
        messages.success(request, _("已记下判断。"))
        return redirect("likeness:pair", id)
    context = {
        "pair": found, "sides": pages.sides(user, found), "tag": pages.verdict_tag(found), "facts": facts(found),
        "form": form if may_judge(user, found) else None,
        "moments": moments(Event.objects.filter(room="likeness", kind="pair", object_id=str(found.pk))),
    }  # fmt: skip
    return render(request, "likeness/pair.html", context, status=status(form))


def facts(found: Pair) -> list[Fact]:
    one, how = corpus(found.corpus), rule(found.corpus)
    owners = one.owners([found.first, found.second])
    again = (
        [Fact(_("同一单位"), _("是：多为同一单位再次申报"))]
        if pages.same(owners, found.first, found.second)
        else []
    )
    judged = [Fact(_("判断人"), found.judged_by_name, str(found.judged_on))] if found.judged_on else []
    return [
        Fact(_("共有"), pages.share_words(found), _("少见的字段 %(shared)s 处，较短的一份共 %(smaller)s 处") % {
            "shared": found.shared, "smaller": found.smaller,
        }),
        *again, Fact(_("判断"), pages.verdict_tag(found), found.why), *judged,
        Fact(_("提示的依据"), _("共有 %(share)s%% 以上") % {"share": how.share // 100}, f"{how.source}（{in_words(how.status)}）"),
    ]  # fmt: skip
