"""Routes of the registry."""

from __future__ import annotations

from django.urls import path

from mangrove.registry import account_views, import_views, views
from mangrove.registry.merging import views as merge_views
from mangrove.registry.personal import views as personal_views
from mangrove.registry.records import views as records

app_name = "registry"

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/suggested/", views.suggested, name="suggested"),
    path("organisations/export/", views.organisations_export, name="organisations_export"),
    path("import/<slug:what>/", import_views.upload, name="import"),
    path("import/<slug:what>/template/", import_views.template, name="import_template"),
    path("import/<slug:what>/<uuid:uid>/", import_views.looked_at, name="import_file"),
    path("records/", records.records, name="records"),
    path("records/<slug:entity>/", records.records_of, name="records_of"),
    path("records/<slug:entity>/export/", records.records_export, name="records_export"),
    path("records/<slug:entity>/<uuid:thing>/", records.record, name="record"),
    path("records/<slug:entity>/<uuid:thing>/withdraw/", records.withdraw, name="record_withdraw"),
    path("accounts/", account_views.accounts, name="accounts"),
    path("accounts/export/", account_views.accounts_export, name="accounts_export"),
    path("accounts/open/", account_views.account_open, name="account_open"),
    path("accounts/changes/<int:pk>/", account_views.account_change, name="account_change"),
    path("accounts/<int:pk>/", account_views.account, name="account"),
    *(
        path(f"accounts/<int:pk>/{act}/", account_views.account_act, {"act": act}, name=f"account_{act}")
        for act in account_views.ACTS
    ),
    path("doubles/", merge_views.doubles, name="doubles"),
    path("doubles/<slug:one>/<slug:other>/", merge_views.side_by_side, name="double"),
    path("merges/<int:pk>/", merge_views.merge, name="merge"),
    path("retention/", personal_views.retention, name="retention"),
    path("personal/<str:kind>/<str:id>/", personal_views.personal, name="personal"),
    path("organisations/<slug:id>/", views.organisation, name="organisation"),
]
