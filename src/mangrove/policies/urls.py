"""Routes of the room, under ``/policies/``."""

from __future__ import annotations

from django.urls import path

from mangrove.policies.calculator import views as calculator
from mangrove.policies.claims import audit_views, doubt_views, review_views
from mangrove.policies.claims import views as claims
from mangrove.policies.firms import views as firms
from mangrove.policies.instant import views as instant
from mangrove.policies.issuing import opining_views as opining
from mangrove.policies.issuing import views as issuing
from mangrove.policies.language import views as language
from mangrove.policies.measures import views as measures
from mangrove.policies.performance import views as performance
from mangrove.policies.plans import views as plans
from mangrove.policies.results import done_views, publishing_views
from mangrove.policies.results import views as results
from mangrove.policies.sandbox.routes import urlpatterns as sandbox
from mangrove.policies.schemes import views as schemes

app_name = "policies"
urlpatterns = [
    path("", measures.measures, name="measures"),
    path("measures/<slug:rule>/<int:number>/", measures.measure, name="measure"),
    path("language/", language.language, name="language"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("calculator/result/", calculator.result, name="calculator_result"),
    path("firm/", firms.own, name="own_firm"),
    path("firms/", firms.firms, name="firms"),
    path("firms/export/", firms.export, name="firms_export"),
    path("firms/<str:id>/", firms.firm, name="firm"),
    path("claims/", claims.claims, name="claims"),
    path("claims/export/", claims.export, name="claims_export"),
    path("claims/<uuid:id>/", claims.claim, name="claim"),
    path("claims/<uuid:id>/check/<slug:kind>/", claims.check, name="check"),
    path("claims/<uuid:id>/judge/<int:place>/", claims.judge, name="judge"),
    path("offers/", instant.offers, name="offers"),
    path("offers/export/", instant.export, name="offers_export"),
    path("offers/overview/", instant.by_scheme, name="offers_overview"),
    path("offers/overview/export/", instant.by_scheme_export, name="offers_overview_export"),
    path("offers/match/", instant.match, name="match"),
    path("offers/<uuid:id>/", instant.offer, name="offer"),
    path("offers/<uuid:id>/<slug:act>/", instant.answer, name="offer_answer"),
    path("results/", results.year, name="results"),
    path("results/export/", results.export, name="results_export"),
    path("results/publish/", publishing_views.publish, name="results_publish"),
    path("done/", done_views.done_page, name="done"),
    path("done/export/", done_views.export, name="done_export"),
    path("performance/", performance.performances, name="performances"),
    path("performance/export/", performance.export, name="performances_export"),
    path("performance/summary/", performance.summary, name="performance_summary"),
    path("performance/summary/export/", performance.summary_export, name="performance_summary_export"),
    path("performance/<uuid:id>/", performance.performance, name="performance"),
    path("performance/<uuid:id>/<slug:act>/", performance.step, name="performance_step"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.start, name="plan_new"),
    path("plans/<uuid:id>/", plans.plan, name="plan"),
    path("plans/<uuid:id>/export/", plans.export, name="plan_export"),
    path("plans/<uuid:id>/replay/", plans.replay, name="plan_replay"),
    path("plans/<uuid:id>/<slug:act>/", plans.step, name="plan_step"),
    path("claims/expenses.xlsx", audit_views.blank_list, name="blank_list"),
    path("claims/<uuid:id>/audit/", audit_views.audit, name="audit"),
    path("claims/<uuid:id>/audit/lines.xlsx", audit_views.audit_export, name="audit_export"),
    path("claims/<uuid:id>/audit/conclude/", audit_views.conclude, name="audit_conclude"),
    path("claims/<uuid:id>/expenses/", audit_views.expenses, name="expenses"),
    path("claims/<uuid:id>/doubts/", doubt_views.claim_doubts, name="claim_doubts"),
    path("claims/<uuid:id>/doubts/search/", doubt_views.search_one, name="search_one"),
    path("doubts/", doubt_views.doubts, name="doubts"),
    path("doubts.xlsx", doubt_views.doubts_export, name="doubts_export"),
    path("doubts/search/", doubt_views.search_all, name="search_all"),
    path("doubts/<int:id>/", doubt_views.doubt, name="doubt"),
    path("claims/<uuid:id>/review/", review_views.review, name="claim_review"),
    path("claims/<uuid:id>/review/open/", review_views.open_, name="open_review"),
    path("claims/<uuid:id>/<slug:act>/", claims.step, name="claim_step"),
    *sandbox,
    path("schemes/", schemes.offered, name="schemes"),
    path("schemes/export/", schemes.export, name="schemes_export"),
    path("schemes/<slug:id>/", schemes.scheme, name="scheme"),
    path("schemes/<slug:id>/open/", schemes.open_window, name="scheme_open"),
    path("export/", measures.measures_export, name="measures_export"),
    path("measures/<slug:rule>/<int:old>/to/<int:new>/", measures.difference_page, name="difference"),
    path("measures/<slug:rule>/<int:number>/evaluate/", measures.evaluate, name="evaluate"),
    path("drafts/", issuing.drafts, name="drafts"),
    path("drafts/export/", issuing.drafts_export, name="drafts_export"),
    path("drafts/new/", issuing.new, name="draft_new"),
    path("drafts/open/", opining.open_drafts, name="open_drafts"),
    path("drafts/open/<uuid:id>/", opining.open_draft, name="open_draft"),
    path("drafts/open/<uuid:id>/opinion/", opining.send, name="opinion_send"),
    path("opinions/", opining.own_opinions, name="own_opinions"),
    path("opinions/export/", opining.own_opinions_export, name="own_opinions_export"),
    path("opinions/<slug:receipt>/", opining.own_opinion, name="own_opinion"),
    path("drafts/<uuid:id>/", issuing.draft, name="draft"),
    path("drafts/<uuid:id>/write/", issuing.write, name="draft_write"),
    path("drafts/<uuid:id>/autosave/", issuing.autosave, name="draft_autosave"),
    path("drafts/<uuid:id>/problems/", issuing.problems, name="draft_problems"),
    path("drafts/<uuid:id>/opinions/new/", issuing.opinion_new, name="opinion_new"),
    path("drafts/<uuid:id>/opinions/<int:number>/", issuing.opinion, name="opinion"),
    path("drafts/<uuid:id>/acts/<slug:act>/", issuing.act, name="draft_act"),
]
