"""Routes of casework, under ``/casework/``: the ledger of promises, time limits, the holiday table, attachments."""

from __future__ import annotations

from django.urls import include, path

from mangrove.casework import calendar_views, clock_views, promise_act_views, promise_views, views

app_name = "casework"
urlpatterns = [
    path("attachments/<int:id>/", views.download, name="attachment"),
    path("promises/", promise_views.promises, name="promises"),
    path("promises/export/", promise_views.promises_export, name="promises_export"),
    path("promises/<int:id>/", promise_views.promise, name="promise"),
    path("promises/<int:id>/settle/", promise_act_views.settle, name="settle"),
    path("promises/<int:id>/evidence/", promise_act_views.evidence, name="evidence"),
    path("promises/<int:id>/acts/<slug:act>/", promise_act_views.step, name="promise_act"),
    path("clocks/<int:id>/", clock_views.clock, name="clock"),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/export/", calendar_views.calendar_export, name="calendar_export"),
    path("calendar/day/", calendar_views.day, name="day"),
    path("notices/", include("mangrove.casework.notices.urls")),
    path("grievances/", include("mangrove.casework.grievances.urls")),
    path("messages/", include("mangrove.casework.messages.urls")),
    path("verifications/", include("mangrove.casework.requests.urls")),
    path("meetings/", include("mangrove.casework.meetings.urls")),
    path("delegations/", include("mangrove.casework.delegations.urls")),
]
