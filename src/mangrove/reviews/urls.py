"""Routes of the room, under ``/reviews/``."""

from __future__ import annotations

from django.urls import path

from mangrove.reviews import applicant_views, assign_views, expert_views, pool_views, round_views

app_name = "reviews"
urlpatterns = [
    path("experts/", pool_views.experts, name="experts"),
    path("experts/export/", pool_views.export, name="experts_export"),
    path("experts/admit/", pool_views.admit, name="admit"),
    path("experts/<int:id>/", pool_views.expert, name="expert"),
    path("experts/<int:id>/change/", pool_views.change, name="change_expert"),
    path("experts/<int:id>/suspension/", pool_views.suspension, name="suspension"),
    path("rounds/", round_views.rounds, name="rounds"),
    path("rounds/open/", round_views.open_, name="open"),
    path("rounds/<int:id>/", round_views.round_, name="round"),
    path("rounds/<int:id>/export/", round_views.export, name="export"),
    path("rounds/<int:id>/progress/", round_views.progress_export, name="progress_export"),
    path("rounds/<int:id>/marks/", round_views.marks_export, name="marks_export"),
    path("rounds/<int:id>/items/add/", round_views.add_item, name="add_item"),
    path("rounds/<int:id>/assign/", assign_views.assign, name="assign"),
    path("rounds/<int:id>/draw/", assign_views.draw, name="draw"),
    path("rounds/<int:id>/acts/<slug:act>/", round_views.act, name="round_act"),
    path("items/<int:id>/", round_views.item, name="item"),
    path("items/<int:id>/files/add/", round_views.add_file, name="add_file"),
    path("items/<int:id>/unsuitable/", round_views.unsuitable, name="unsuitable"),
    path("assignments/<uuid:uid>/<slug:act>/oversee/", assign_views.oversee, name="oversee"),
    path("mine/", expert_views.desk, name="desk"),
    path("mine/export/", expert_views.export, name="desk_export"),
    path("mine/agree/", expert_views.agree, name="agree"),
    path("mine/<uuid:uid>/", expert_views.assignment, name="assignment"),
    path("mine/<uuid:uid>/declare/", expert_views.declare, name="declare"),
    path("mine/<uuid:uid>/leave/", expert_views.leave, name="leave"),
    path("mine/<uuid:uid>/save/", expert_views.autosave, name="autosave"),
    path("mine/<uuid:uid>/files/<int:number>/", expert_views.file, name="file"),
    path("released/", applicant_views.released, name="released"),
    path("released/<int:id>/", applicant_views.comments, name="comments"),
]
