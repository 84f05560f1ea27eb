"""Routes of verification requests, under ``/casework/verifications/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.requests import views

urlpatterns = [
    path("", views.verifications, name="verifications"),
    path("export/", views.verifications_export, name="verifications_export"),
    path("new/", views.new, name="verification_new"),
    path("<uuid:id>/", views.verification, name="verification"),
    path("<uuid:id>/items/", views.items, name="verification_items"),
    path("<uuid:id>/acts/<slug:act>/", views.act, name="verification_act"),
]
