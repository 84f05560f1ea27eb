"""Routes of figures."""

from __future__ import annotations

from django.urls import path

from mangrove.figures import act_views, views

app_name = "figures"

urlpatterns = [
    path("", views.figures, name="list"),
    path("export/", views.figures_export, name="export"),
    path("check/", act_views.check, name="check"),
    path("state/", act_views.state, name="state"),
    path("definitions/<slug:id>/", views.definition, name="definition"),
    path("values/<int:id>/", views.lineage, name="lineage"),
    path("values/<int:id>/records/", views.records_export, name="records_export"),
]
