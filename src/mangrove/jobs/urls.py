"""Routes of the jobs."""

from __future__ import annotations

from django.urls import path

from mangrove.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<uuid:uid>/", views.job, name="job"),
    path("<uuid:uid>/state/", views.state, name="state"),
    path("<uuid:uid>/cancel/", views.cancel, name="cancel"),
]
