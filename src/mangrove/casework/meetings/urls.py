"""Routes of meetings, under ``/casework/meetings/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.meetings import views

urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("export/", views.meetings_export, name="meetings_export"),
    path("new/", views.new, name="meeting_new"),
    path("decisions/<uuid:id>/", views.decision, name="decision"),
    path("<uuid:id>/", views.meeting, name="meeting"),
    path("<uuid:id>/acts/<slug:act>/", views.act, name="meeting_act"),
]
