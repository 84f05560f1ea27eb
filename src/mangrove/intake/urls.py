"""Routes of intake, under ``/intake/``: forms, windows, what anybody may read of them, applications and their sections, papers, receipts, the formal check."""

from __future__ import annotations

from django.urls import path

from mangrove.intake import (
    check_views,
    draft_views,
    form_views,
    paper_views,
    public_views,
    submit_views,
    window_views,
)

app_name = "intake"
urlpatterns = [
    path("openings/", window_views.openings, name="openings"),
    path("openings/export/", window_views.openings_export, name="openings_export"),
    path("openings/new/", window_views.open_new, name="open_new"),
    path("openings/<slug:id>/", window_views.opening, name="opening"),
    path("openings/<slug:id>/start/", window_views.start, name="start"),
    path("openings/<slug:id>/extend/", window_views.extend, name="extend"),
    path("forms/", form_views.forms, name="forms"),
    path("forms/<slug:name>/", form_views.form, name="form"),
    path("public/", public_views.openings, name="public_openings"),
    path("public/<slug:id>/", public_views.opening, name="public_opening"),
    path("mine/", draft_views.mine, name="mine"),
    path("mine/export/", draft_views.mine_export, name="mine_export"),
    path("submissions/", check_views.submissions, name="submissions"),
    path("submissions/export/", check_views.submissions_export, name="submissions_export"),
    path("submissions/<int:id>/", check_views.submission, name="submission"),
    path("submissions/<int:id>/receipt/", submit_views.receipt, name="receipt"),
    path("submissions/<int:id>/receipt.pdf", submit_views.receipt_file, name="receipt_file"),
    path("submissions/<int:id>/changes/", check_views.changed, name="changes"),
    path("papers/<int:id>/", paper_views.download, name="paper"),
    path("papers/<int:id>/remove/", paper_views.remove, name="remove_paper"),
    path("<int:id>/", draft_views.application, name="application"),
    path("<int:id>/sections/<slug:section>/", draft_views.section, name="section"),
    path("<int:id>/sections/<slug:section>/autosave/", draft_views.autosave, name="autosave"),
    path("<int:id>/sections/<slug:section>/both/<int:revision>/", draft_views.both, name="both"),
    path("<int:id>/sections/<slug:section>/revisions/<int:revision>/", draft_views.revision, name="revision"),
    path("<int:id>/papers/<slug:requirement>/", paper_views.upload, name="upload"),
    path("<int:id>/submit/", submit_views.submit, name="submit"),
    path("<int:id>/withdraw/", submit_views.withdraw, name="withdraw"),
    path("<int:id>/take/", check_views.take, name="take"),
    path("<int:id>/check/", check_views.check, name="check"),
    path("<int:id>/lapse/", check_views.lapse, name="lapse"),
]
