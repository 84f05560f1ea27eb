"""Routes of the room, under ``/funding/``."""

from __future__ import annotations

from django.urls import path

from mangrove.funding import act_views, gather_views, pot_views, views

app_name = "funding"
urlpatterns = [
    path("", views.pots, name="pots"),
    path("pots/add/", act_views.open_pot, name="open_pot"),
    path("pots/<slug:code>/", views.pot, name="pot"),
    path("pots/<slug:code>/<slug:act>/", pot_views.pot_act, name="pot_act"),
    path("awards/", views.awards, name="awards"),
    path("awards/add/", act_views.decide, name="decide"),
    path("awards/<uuid:uid>/", views.award, name="award"),
    path("awards/<uuid:uid>/<slug:act>/", act_views.award_act, name="award_act"),
    path("orders/", views.orders, name="orders"),
    path("orders/run/", gather_views.gather, name="gather"),
    path("orders/<slug:number>/", views.order, name="order"),
    path("orders/<slug:number>/<slug:act>/", act_views.order_act, name="order_act"),
    path("runs/", views.runs, name="runs"),
    path("runs/<uuid:uid>/", views.run, name="run"),
    path("runs/<uuid:uid>/send/", act_views.send_run, name="send_run"),
    path("runs/<uuid:uid>/file/", views.run_file, name="run_file"),
    path("evidence/", views.evidence, name="evidence"),
    path("evidence/add/", act_views.register, name="register"),
    path("evidence/<int:id>/", views.evidence_item, name="evidence_item"),
    path("evidence/<int:id>/release/", act_views.release, name="release"),
    path("prior/", views.prior_money, name="prior_money"),
]
