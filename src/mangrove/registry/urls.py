"""Routes of the registry."""

from __future__ import annotations

from django.urls import path

from mangrove.registry import views

app_name = "registry"

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/export/", views.organisations_export, name="organisations_export"),
    path("organisations/<slug:id>/", views.organisation, name="organisation"),
]
