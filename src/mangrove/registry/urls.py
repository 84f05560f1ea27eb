"""Routes of the registry."""

from __future__ import annotations

from django.urls import path

from mangrove.registry import import_views, views

app_name = "registry"

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/export/", views.organisations_export, name="organisations_export"),
    path("import/<slug:what>/", import_views.upload, name="import"),
    path("import/<slug:what>/<uuid:uid>/", import_views.looked_at, name="import_file"),
    path("organisations/<slug:id>/", views.organisation, name="organisation"),
]
