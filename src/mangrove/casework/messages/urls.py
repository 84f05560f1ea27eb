"""Routes of messages, under ``/casework/messages/``, in the names of the room."""

from __future__ import annotations

from django.urls import path

from mangrove.casework.messages import views

urlpatterns = [
    path("", views.messages, name="messages"),
    path("export/", views.messages_export, name="messages_export"),
    path("read/", views.read_all, name="messages_read"),
    path("<int:id>/", views.message, name="message"),
]
