"""Routes of the room, under ``/likeness/``."""

from __future__ import annotations

from django.urls import path

from mangrove.likeness import views

app_name = "likeness"
urlpatterns = [
    path("", views.pairs, name="pairs"),
    path("export/", views.export, name="export"),
    path("<int:id>/", views.pair, name="pair"),
]
