"""Routes of the sandbox, under ``/policies/``."""

from __future__ import annotations

from django.urls import path

from mangrove.policies.sandbox import draft_views, scenario_views, views

urlpatterns = [
    path("sandbox/", views.measures, name="sandbox_measures"),
    path("sandbox/<slug:rule>/<int:number>/", views.sandbox, name="sandbox"),
    path("sandbox/<slug:rule>/<int:number>/save/", scenario_views.save, name="scenario_save"),
    path("sandbox/<slug:rule>/<int:number>/<slug:name>.xlsx", views.export, name="sandbox_export"),
    path("scenarios/", scenario_views.scenarios, name="scenarios"),
    path("scenarios/export/", scenario_views.scenarios_export, name="scenarios_export"),
    path("scenarios/compare/", scenario_views.compare, name="scenarios_compared"),
    path("scenarios/compare/export/", scenario_views.compare_export, name="scenarios_compared_export"),
    path("scenarios/<uuid:id>/", scenario_views.scenario, name="scenario"),
    path("scenarios/<uuid:id>/change/", scenario_views.change, name="scenario_change"),
    path("scenarios/<uuid:id>/delete/", scenario_views.delete, name="scenario_delete"),
    path("scenarios/<uuid:id>/replay/", scenario_views.again, name="scenario_replay"),
    path("scenarios/<uuid:id>/draft/", draft_views.draft, name="scenario_draft"),
    path("scenarios/<uuid:id>/draft/begin/", draft_views.begin, name="scenario_begin"),
    path("scenarios/<uuid:id>/draft/file/", draft_views.draft_file, name="scenario_draft_file"),
]
