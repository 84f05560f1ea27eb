"""Routes of objections, complaints and reports, under ``/casework/grievances/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.grievances import scan_views, views

urlpatterns = [
    path("", views.grievances, name="grievances"),
    path("export/", views.grievances_export, name="grievances_export"),
    path("new/", views.new, name="grievance_new"),
    path("<uuid:id>/", views.grievance, name="grievance"),
    path("<uuid:id>/scans/add/", scan_views.add, name="grievance_scan_add"),
    path("<uuid:id>/scans/<int:scan>/", scan_views.download, name="grievance_scan"),
    path("<uuid:id>/acts/<slug:act>/", views.act, name="grievance_act"),
]
