"""Routes of notices, under ``/casework/notices/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.notices import views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("export/", views.notices_export, name="notices_export"),
    path("new/", views.new, name="notice_new"),
    path("public/", views.public_list, name="public_notices"),
    path("public/<uuid:id>/", views.public, name="public_notice"),
    path("<uuid:id>/", views.notice, name="notice"),
    path("<uuid:id>/acts/<slug:act>/", views.act, name="notice_act"),
]
