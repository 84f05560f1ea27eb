"""Routes: the workbench's own, then each room's under its prefix."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from mangrove.ui import house
from mangrove.workbench import (
    errors,
    factor_pages,
    ledger_pages,
    search_pages,
    sign_in,
    sign_ins,
    styleguide,
    views,
)
from mangrove.workbench.listviews import pages as listview_pages
from mangrove.workbench.oidc import views as oidc

own = [
    path("", views.home, name="home"),
    path("inbox/", views.inbox, name="inbox"),
    path("search/", search_pages.search, name="search"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/code/", factor_pages.second_step, name="second_step"),
    path("sign-in/single/", oidc.away, name="oidc"),
    path("sign-in/single/back/", oidc.back, name="oidc_back"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("account/", sign_in.Account.as_view(), name="account"),
    path("account/second-factor/", factor_pages.factor, name="factor"),
    path("account/sessions/", sign_ins.sign_ins, name="sign_ins"),
    path("account/sessions/end/", sign_ins.end, name="end_sign_in"),
    path("language/", set_language, name="set_language"),
    path("ledger/", ledger_pages.events, name="ledger"),
    path("ledger/export/", ledger_pages.export, name="ledger_export"),
    path("ledger/verify/", ledger_pages.check, name="ledger_verify"),
    path("ledger/<uuid:uid>/", ledger_pages.event, name="ledger_event"),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("styleguide/drawer/", styleguide.drawer, name="styleguide_drawer"),
    path("styleguide/draft/", styleguide.draft, name="styleguide_draft"),
    path("views/new/", listview_pages.keep, name="view_new"),
    path("views/<int:id>/", listview_pages.view, name="view"),
    path("views/<int:id>/delete/", listview_pages.delete, name="view_delete"),
    path("healthz", views.healthz, name="healthz"),
]

urlpatterns = [path("", include((own, "workbench")))]
urlpatterns += [path(f"{room.prefix}/", include(room.urls)) for room in house.rooms() if room.urls]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
