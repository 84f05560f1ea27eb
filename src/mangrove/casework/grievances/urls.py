"""Routes of objections, complaints and reports, under ``/casework/grievances/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.grievances import views

urlpatterns = [
    path("", views.grievances, name="grievances"),
    path("export/", views.grievances_export, name="grievances_export"),
    path("new/", views.new, name="grievance_new"),
    path("<uuid:id>/", views.grievance, name="grievance"),
    path("<uuid:id>/acts/<slug:act>/", views.act, name="grievance_act"),
]
