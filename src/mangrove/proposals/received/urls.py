"""Routes of received letters, under ``/proposals/received/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.proposals.received import act_views, views

urlpatterns = [
    path("", views.received_list, name="received"),
    path("export/", views.received_export, name="received_export"),
    path("read/", act_views.read_in, name="received_read"),
    path("<int:id>/", views.received_letter, name="received_letter"),
    path("<int:id>/acts/file/", act_views.file, name="received_file"),
    path("<int:id>/acts/reopen/", act_views.reopen, name="received_reopen"),
    path("<int:id>/items/<slug:number>/", act_views.item, name="received_item"),
    path("<int:id>/items/<slug:number>/confirm/", act_views.confirm, name="received_confirm"),
    path(
        "<int:id>/sections/<slug:kind>/confirm/", act_views.confirm_section, name="received_confirm_section"
    ),
    path("<int:id>/sections/<slug:kind>/add/", act_views.add, name="received_add"),
]
