"""Routes of the registry."""

from __future__ import annotations

from django.urls import path

from mangrove.registry import account_views, import_views, views

app_name = "registry"

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/export/", views.organisations_export, name="organisations_export"),
    path("import/<slug:what>/", import_views.upload, name="import"),
    path("import/<slug:what>/<uuid:uid>/", import_views.looked_at, name="import_file"),
    path("accounts/", account_views.accounts, name="accounts"),
    path("accounts/export/", account_views.accounts_export, name="accounts_export"),
    path("accounts/open/", account_views.account_open, name="account_open"),
    path("accounts/changes/<int:pk>/", account_views.account_change, name="account_change"),
    path("accounts/<int:pk>/", account_views.account, name="account"),
    *(
        path(f"accounts/<int:pk>/{act}/", account_views.account_act, {"act": act}, name=f"account_{act}")
        for act in account_views.ACTS
    ),
    path("organisations/<slug:id>/", views.organisation, name="organisation"),
]
