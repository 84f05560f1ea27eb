"""Routes of the room, under ``/proposals/``."""

from __future__ import annotations

from django.urls import include, path

from mangrove.proposals import act_views, draft_views, letter_views, limit_views, register_views, views
from mangrove.proposals.office import views as office_views

app_name = "proposals"
urlpatterns = [
    path("", views.proposal_list, name="list"),
    path("export/", views.proposal_export, name="export"),
    path("register/", register_views.register, name="register"),
    path("map/", letter_views.letter_map_page, name="map"),
    path("received/", include("mangrove.proposals.received.urls")),
    path("differences/<int:id>/", views.difference, name="difference"),
    path("letters/<int:id>.pdf", letter_views.signed_pdf, name="signed_pdf"),
    path("replies/<slug:id>/", views.reply, name="reply"),
    path("replies/<slug:id>/draft/", draft_views.edit, name="draft"),
    path("replies/<slug:id>/drafts/<int:revision>/", draft_views.revision, name="revision"),
    path("replies/<slug:id>/draft/preview/", draft_views.preview, name="preview"),
    path("replies/<slug:id>/draft/save/", draft_views.autosave, name="autosave"),
    path("replies/<slug:id>/contact/", act_views.contact, name="contact"),
    path("replies/<slug:id>/particulars/", act_views.particulars, name="particulars"),
    path("replies/<slug:id>/office/", office_views.office, name="office"),
    path("replies/<slug:id>/office/seal/", office_views.seal, name="seal_out"),
    path("replies/<slug:id>/office/package/", office_views.package, name="office_package"),
    path("limits/<int:id>/<slug:act>/", limit_views.limit, name="limit"),
    path("replies/<slug:id>/letter.pdf", letter_views.pdf, name="pdf"),
    path("replies/<slug:id>/letter.png", letter_views.picture, name="picture"),
    path("replies/<slug:id>/letter.docx", letter_views.docx, name="docx"),
    path("replies/<slug:id>/letter/", letter_views.conformity, name="conformity"),
    path("replies/<slug:id>/acts/<slug:act>/", act_views.act, name="act"),
    path("<slug:id>/", views.proposal, name="proposal"),
    path("<slug:id>/acts/<slug:act>/", act_views.proposal_act, name="proposal_act"),
]
