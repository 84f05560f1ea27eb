"""What people do with views. What is shared stands in the ledger; one's own views are nobody else's affair."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.dates import moment
from mangrove.ui.listviews import pairs
from mangrove.workbench.listviews.access import access_view
from mangrove.workbench.listviews.models import DefaultView, ListView


@transaction.atomic
def keep(
    *, by: User, route: str, query: str, name: str, shared: bool = False, default: bool = False
) -> ListView:
    """Keep a list as it is under a name. Raises :class:`Refusal` for a name that is taken, or with nobody to share with."""
    view = ListView(owner=by, route=route, query=plain(query), name=name.strip(), version=0)
    settle(view, by, shared)
    stored(view, by)
    if shared:
        told("share", view, by)
    open_by_itself(view, by, default)
    return view


@transaction.atomic
def change(
    *, by: User, view_id: int, expected_version: int, name: str, shared: bool, query: str | None = None, default: bool | None = None
) -> ListView:  # fmt: skip
    """Give a view another name or other conditions (``query``), share it or take it back."""
    view = locked(by, view_id, expected_version)
    before = view.shared
    view.name, view.query = name.strip(), view.query if query is None else plain(query)
    settle(view, by, shared)
    stored(view, by)
    if before or shared:
        told(act_of(before, shared), view, by)
    if default is not None:
        open_by_itself(view, by, default)
    return view


def plain(query: str) -> str:
    """An address without its page, in an order of its own."""
    return urlencode(pairs(QueryDict(query)))


def act_of(before: bool, shared: bool) -> str:
    return "change" if before and shared else "share" if shared else "unshare"


@transaction.atomic
def delete(*, by: User, view_id: int, expected_version: int) -> None:
    view = locked(by, view_id, expected_version)
    if view.shared:
        told("delete", view, by)
    view.delete()


def locked(by: User, view_id: int, expected_version: int) -> ListView:
    """The view as this person saw it; who comes second is told who came first."""
    access_view(by, view_id)
    view = ListView.objects.select_for_update().get(pk=view_id)
    if view.version != expected_version:
        raise Refusal(
            _("“%(name)s”已由%(who)s于 %(at)s 改过。") % {"name": view.name, "who": view.changed_by_name, "at": moment(view.changed_at)},
            code="workbench.view_changed", where=view.name, remedy=_("请看过现在的样子，再改。"),
        )  # fmt: skip
    return view


def settle(view: ListView, by: User, shared: bool) -> None:
    """Whose it is: the unit of who shares it; of who takes it back, alone."""
    if view.shared and not shared and view.owner_id != by.pk:
        raise Refusal(
            _("只有建立“%(name)s”的人可以不再共享。") % {"name": view.name}, code="workbench.not_owner", where=view.name,
            remedy=_("您可以另存一个自己的。"),
        )  # fmt: skip
    if shared and not by.organisation_id:
        raise Refusal(
            _("您的账号不属于任何单位，没有可共享的处室。"), code="workbench.no_office", where=_("共享"),
            remedy=_("请存为自己的视图。"),
        )  # fmt: skip
    if shared and not view.shared:
        view.organisation, view.unit = by.organisation, by.unit
    view.shared = shared


def stored(view: ListView, by: User) -> None:
    view.version, view.changed_by_name, view.changed_at = view.version + 1, by.name, timezone.now()
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refusal(
            _("这张列表已有名为“%(name)s”的视图。") % {"name": view.name}, code="workbench.view_named", where=_("名称"),
            remedy=_("请换一个名称，或打开那一个来改。"),
        ) from None  # fmt: skip


def open_by_itself(view: ListView, by: User, default: bool) -> None:
    """Whether the list opens with this view for this person; each has one a list, and others keep theirs."""
    if default:
        DefaultView.objects.update_or_create(user=by, route=view.route, defaults={"view": view})
    else:
        DefaultView.objects.filter(user=by, view=view).delete()


def told(act: str, view: ListView, by: User) -> None:
    payload: dict[str, Any] = {"list": view.route, "name": view.name, "query": view.query}
    shared_with = {"organisation": view.organisation_id, "unit": view.unit}
    record(
        f"workbench.view.{act}",
        subject=view.ref,
        by=by.actor,
        on=timezone.localdate(),
        payload=payload | shared_with,
    )
