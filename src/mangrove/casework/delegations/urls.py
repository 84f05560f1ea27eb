"""Routes of delegations, under ``/casework/delegations/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.delegations import views

urlpatterns = [
    path("", views.delegations, name="delegations"),
    path("export/", views.delegations_export, name="delegations_export"),
    path("new/", views.new, name="delegation_new"),
    path("<uuid:id>/", views.delegation, name="delegation"),
    path("<uuid:id>/revoke/", views.revoke, name="delegation_revoke"),
]
